"""The figures of a month are facts: what was due, signed, late, missing, abnormal."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

from dutyroom.model.checklist import Checklist
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Mark, RoundState
from dutyroom.report.month import (
    DayState,
    accounting,
    figures_of,
    in_use_from,
    judgement,
    people_of,
    slots_of,
    versions_of,
)
from dutyroom.report.month_records import MonthRecords
from dutyroom.report.rows import abnormal_rows, matrix_rows, reading_rows, slot_mark
from tests.report.month_seed import AMENDED_DAY, LATE_DAYS, MISSED_DAYS, OLD_VERSION, VERSION, month


def state_on(records: MonthRecords, day: int) -> DayState:
    return slots_of(records)[day - 1].state


def test_a_running_month_counts_only_what_was_due_so_far() -> None:
    figures = figures_of(month())
    assert (figures.due, figures.signed, figures.late, figures.missed, figures.pending) == (23, 21, 2, 2, 1)
    assert (figures.abnormal, figures.unknown) == (5, 2)
    assert figures.completion == 21 / 23


def test_every_day_has_its_own_state() -> None:
    states = Counter(slot.state for slot in slots_of(month()))
    assert states == {
        DayState.ON_TIME: 19,
        DayState.LATE: len(LATE_DAYS),
        DayState.MISSED: len(MISSED_DAYS),
        DayState.DUE: 1,
        DayState.FUTURE: 7,
    }


def test_the_judgement_is_a_sentence_of_figures() -> None:
    assert judgement(month()).splitlines() == [
        "Rounds signed: 21 of 23 due so far; late: 2; missing: 2; abnormal answers: 5.",
        "Answers nobody could judge: 2.",
        "The month is not over; counted up to 2026-10-24 08:45.",
    ]


def test_a_round_is_missing_only_when_the_next_one_opens() -> None:
    before = month(generated_at=datetime(2026, 10, 24, 23, 59, tzinfo=UTC))
    after = month(generated_at=datetime(2026, 10, 25, 0, 0, tzinfo=UTC))
    assert state_on(before, 24) is DayState.DUE
    assert state_on(after, 24) is DayState.MISSED


def test_a_past_month_has_neither_due_nor_future_days() -> None:
    records = month(last_day=31, generated_at=datetime(2026, 11, 2, 2, tzinfo=UTC))
    figures = figures_of(records)
    assert (figures.due, figures.signed, figures.missed, figures.pending) == (31, 29, 2, 0)
    assert "not over" not in judgement(records)


def test_the_last_day_can_still_be_signed_on_the_first_of_the_next_month() -> None:
    records = month(last_day=30, generated_at=datetime(2026, 10, 31, 23, 0, tzinfo=UTC))
    assert state_on(records, 31) is DayState.DUE


def test_a_future_month_has_no_figures_and_no_completion() -> None:
    records = replace(month(), month=(2026, 12))
    assert figures_of(records).due == 0
    assert figures_of(records).completion is None
    assert judgement(records).splitlines() == ["No round was due in this month yet."]


def test_days_before_anybody_was_there_are_not_missing() -> None:
    records = month()
    created = datetime(2026, 10, 20, 3, tzinfo=UTC)
    late_start = replace(
        records,
        rounds=tuple(held for held in records.rounds if held.due_on.day >= 20),
        operators=tuple(replace(person, created_at=created) for person in records.operators),
    )
    assert in_use_from(late_start) == date(2026, 10, 20)
    assert state_on(late_start, 19) is DayState.NOT_IN_USE
    assert figures_of(late_start).due == 4
    assert any("2026-10-20" in sentence for sentence in accounting(late_start))


def test_without_operators_and_rounds_the_whole_month_is_expected() -> None:
    records = replace(month(), rounds=(), entries=(), operators=())
    assert figures_of(records).missed == 23


def test_open_skipped_back_filled_and_missed_rounds_are_told_apart() -> None:
    records = month()
    changed = {
        1: {"state": RoundState.SKIPPED},
        2: {"state": RoundState.OPEN},
        3: {"marks": (Mark.LATE, Mark.BACK_FILLED)},
        4: {"state": RoundState.MISSED},
        23: {"state": RoundState.OPEN},
        5: {"state": RoundState.APPROVED},
    }
    rounds = tuple(replace(held, **changed.get(held.due_on.day, {})) for held in records.rounds)  # type: ignore[arg-type]
    records = replace(records, rounds=rounds, generated_at=datetime(2026, 10, 23, 2, tzinfo=UTC))
    states = [state_on(records, day) for day in (1, 2, 3, 4, 5, 23)]
    assert states == [
        DayState.SKIPPED,
        DayState.MISSED,
        DayState.BACK_FILLED,
        DayState.MISSED,
        DayState.ON_TIME,
        DayState.OPEN,
    ]
    assert figures_of(records).skipped == 1
    assert figures_of(records).due == 22
    assert "Skipped: 1." in judgement(records)


def test_rounds_of_other_checklists_and_months_stay_out() -> None:
    records = month()
    other = replace(records.rounds[0], id=900, checklist="weekly")
    before = replace(records.rounds[0], id=901, due_on=date(2026, 9, 30))
    assert figures_of(replace(records, rounds=(*records.rounds, other, before))) == figures_of(records)


def test_a_day_with_two_rounds_has_two_columns() -> None:
    records = month()
    second = replace(records.rounds[0], id=902, due_at=datetime(2026, 10, 1, 8, tzinfo=UTC))
    records = replace(records, rounds=(*records.rounds, second))
    assert [slot.day.day for slot in slots_of(records)][:3] == [1, 1, 2]
    assert {len(row.verdicts) for row in matrix_rows(records)} == {32}
    assert figures_of(records).due == 24


def test_versions_and_people_are_counted_by_signed_rounds() -> None:
    records = month()
    assert [(row.version, row.first.day, row.last.day, row.rounds) for row in versions_of(records)] == [
        (OLD_VERSION, 1, 10, 9),
        (VERSION, 11, 23, 12),
    ]
    people = people_of(records)
    assert sum(person.signed for person in people) == 21
    assert sum(person.late for person in people) == 2
    assert sum(person.abnormal for person in people) == 5
    assert people[0].label in ("李秀英", "J. Smith")


def test_the_matrix_has_a_row_for_every_line_of_the_walk_and_areas_stay_together() -> None:
    rows = matrix_rows(month())
    areas = [row.area for row in rows]
    runs = [area for place, area in enumerate(areas) if place == 0 or areas[place - 1] != area]
    assert len(runs) == len(set(runs)) == 11
    water = next(row for row in rows if row.text.startswith("No leak"))
    assert water.verdicts[2] is Verdict.FAULT
    assert (water.answered, water.abnormal, water.rate) == (21, 1, 20 / 21)
    assert water.verdicts[MISSED_DAYS[0] - 1] is None
    assert water.verdicts[24] is None


def test_not_applicable_is_neither_normal_nor_counted() -> None:
    window = next(row for row in matrix_rows(month()) if row.text.startswith("Windows"))
    assert window.verdicts[0] is Verdict.NOT_INSTALLED
    assert (window.answered, window.rate) == (0, None)


def test_unknown_is_counted_but_not_normal() -> None:
    backup = next(row for row in matrix_rows(month()) if row.text.startswith("Last night"))
    assert (backup.answered, backup.abnormal, backup.rate) == (21, 0, 20 / 21)


def test_answers_of_unsigned_rounds_are_not_in_the_rows() -> None:
    records = month()
    rounds = tuple(replace(held, state=RoundState.OPEN) if held.due_on.day == 3 else held for held in records.rounds)
    records = replace(records, rounds=rounds)
    assert all(row.verdicts[2] is None for row in matrix_rows(records))
    assert {row.due_on.day for row in abnormal_rows(records)} == {7, 16, 17, 20}
    assert 3 not in {row.due_on.day for row in reading_rows(records)}


def test_answers_to_items_the_checklist_lost_are_kept_at_the_end() -> None:
    records = month()
    form: Checklist = replace(records.checklist, items=records.checklist.items[1:])
    rows = matrix_rows(replace(records, checklist=form))
    assert (rows[-1].area, rows[-1].text, rows[-1].answered) == ("Other versions", "acc.door", 21)


def test_readings_are_real_numbers_and_an_unknown_one_is_none() -> None:
    rows = reading_rows(month())
    assert len(rows) == 21 * 16
    assert {row.text for row in rows if row.value is None} == {"Fullest volume"}
    lost = [row for row in rows if row.value is None]
    assert [(row.due_on.day, row.verdict) for row in lost] == [(19, Verdict.UNKNOWN)]
    assert [row.due_on for row in rows] == sorted(row.due_on for row in rows)


def test_abnormal_answers_are_told_in_words_with_their_note() -> None:
    rows = abnormal_rows(month())
    assert [(row.due_on.day, row.answer) for row in rows] == [
        (3, "abnormal"),
        (7, "abnormal"),
        (16, "On battery"),
        (17, "abnormal"),
        (20, "1 ports"),
    ]
    assert rows[1].device == "精密空调 2"


def test_an_amended_round_is_starred() -> None:
    marks = [slot_mark(slot) for slot in slots_of(month())]
    assert marks[AMENDED_DAY - 1] == "✓*"
    assert [place + 1 for place, mark in enumerate(marks) if mark == "M"] == list(MISSED_DAYS)
    assert marks[23] == "○"
    assert set(marks[24:]) == {""}
