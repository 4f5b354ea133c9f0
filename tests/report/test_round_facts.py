"""The rounds of a period: every slot in one state, as it stood when the report was made, whatever was done later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from dutyroom.duty import amendments, approval, periods, rounds, signing, skipping, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.roster import import_roster
from dutyroom.model.periods import PeriodKind
from dutyroom.model.rounds import SkipReason
from dutyroom.report.facts.round_people import people_of
from dutyroom.report.facts.rounds import RoundFacts
from dutyroom.report.facts.standing import SlotState
from dutyroom.report.report import Report
from tests.desks import PASSWORD
from tests.report.round_room import (
    LI,
    SHANGHAI,
    ZHANG,
    answer,
    at,
    from_paper,
    opened_room,
    report,
    text_of,
    walk,
    watch,
    with_texts,
)

BERLIN = ZoneInfo("Europe/Berlin")
CRITICAL = text_of("critical", "period", more='every = "4h"\nearly = "30m"\nwindow = "60m"\n')
OCTOBER = "2026-10"


def cn(text: str) -> datetime:
    return at(SHANGHAI, f"2026-10-{text}")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_room(tmp_path) as opened:
        yield opened


def states(facts: RoundFacts) -> dict[str, str]:
    return {f"{slot.due_on:%m-%d}": slot.state.value for slot in facts.slots}


def told(facts: RoundFacts) -> dict[str, object]:
    return {one.name: one.value for one in facts.figures()}


def amend(desk: Desk, number: int, temperature: str, now: datetime) -> None:
    seen = walks.load_walk(desk, number)
    line = next(line for line in seen.lines if line.item.id == "env.temp")
    amendments.amend_round(
        desk,
        ZHANG,
        number,
        seen.round.revision,
        [(line, Given(temperature, "read again"))],
        "typing error",
        PASSWORD,
        now,
    )


def test_every_slot_of_the_month_is_in_exactly_one_state(desk: Desk) -> None:
    watch(desk, cn("05 07:00"))
    walk(desk, cn("05 08:20"))
    walk(desk, cn("06 11:00"), temperature="30")
    watch(desk, cn("08 09:00"))
    from_paper(desk, cn("08 10:00"), cn("07 08:40"), cn("07 08:30"))
    skipping.skip_round(desk, LI, cn("08 08:40"), SkipReason.MAINTENANCE, "power works", "", cn("08 08:30"))
    watch(desk, cn("10 08:10"))
    open_walk = rounds.start_round(desk, ZHANG, cn("10 08:20"))
    answer(desk, open_walk.round.id, cn("10 08:25"))
    facts = report(desk, OCTOBER, cn("10 08:30")).rounds
    assert states(facts) == {
        "10-05": "on-time",
        "10-06": "late",
        "10-07": "back-filled",
        "10-08": "skipped",
        "10-09": "missed",
        "10-10": "pending",
    } | {f"10-{day}": "future" for day in range(11, 32)}
    assert told(facts) == {
        "rounds.due": 5,
        "rounds.signed": 3,
        "rounds.on_time": 1,
        "rounds.late": 1,
        "rounds.back_filled": 1,
        "rounds.skipped": 1,
        "rounds.missed": 1,
        "rounds.pending": 1,
        "rounds.completion": 0.6,
        "rounds.on_time_rate": 0.2,
        "answers.abnormal": 1,
        "answers.unknown": 0,
    }
    figures = {one.name: one for one in facts.figures()}
    assert figures["rounds.missed"].records == (facts.of(SlotState.MISSED)[0].record,) == ("round:5",)
    assert figures["answers.abnormal"].records == ("round:2",)
    assert {one.round_id for one in facts.entries} == {1, 2, 3}


def test_a_report_made_again_with_its_stated_time_is_the_same_whatever_was_done_since(desk: Desk) -> None:
    seen: list[Report] = []

    def keep(now: datetime) -> datetime:
        seen.append(report(desk, OCTOBER, now))
        return now

    keep(cn("04 12:00"))
    watch(desk, cn("05 07:00"))
    keep(cn("05 08:05"))
    open_walk = rounds.start_round(desk, ZHANG, cn("05 08:20"))
    keep(cn("05 08:21"))
    answer(desk, open_walk.round.id, cn("05 08:22"))
    signing.sign_round(desk, ZHANG, 1, PASSWORD, cn("05 08:30"))
    keep(cn("05 08:31"))
    approval.approve_round(desk, LI, 1, PASSWORD, cn("05 09:00"), 1)
    keep(cn("05 09:01"))
    amend(desk, 1, "28.5", cn("05 10:00"))
    keep(cn("05 10:01"))
    amend(desk, 1, "23.0", cn("05 11:00"))
    # Nobody watches for three days: the slots are missed before they are on record as missed.
    keep(cn("08 12:00"))
    watch(desk, cn("08 13:00"))
    keep(cn("08 13:01"))
    from_paper(desk, cn("08 14:00"), cn("06 11:30"), cn("06 08:30"))
    keep(cn("08 15:00"))
    skipping.skip_round(desk, LI, cn("08 15:10"), SkipReason.HOLIDAY, "closed", "", cn("10 08:30"))
    keep(cn("08 16:00"))
    rounds.start_round(desk, ZHANG, cn("08 16:10"))
    keep(cn("09 08:39"))
    watch(desk, cn("09 08:40"))
    keep(cn("09 08:41"))
    keep(cn("12 08:00"))
    for once in seen:
        again = report(desk, OCTOBER, once.frame.made_at)
        assert again.rounds == once.rounds, once.frame.made_at
        assert again.rounds.figures() == once.rounds.figures()
    assert len({str(one.rounds) for one in seen}) == len(seen)


def test_nothing_is_due_before_a_checklist_was_in_force_nor_before_the_store_was_used(desk: Desk) -> None:
    assert report(desk, OCTOBER, cn("20 09:00")).rounds.slots == ()
    assert told(report(desk, OCTOBER, cn("20 09:00")).rounds)["rounds.completion"] is None
    watch(desk, cn("20 09:00"))
    october = report(desk, OCTOBER, cn("22 09:00")).rounds
    assert (october.slots[0].due_on, len(october.due)) == (date(2026, 10, 21), 1)
    assert report(desk, "2026-09", cn("22 09:00")).rounds == replace(
        october, slots=(), in_force_since={**october.in_force_since}
    )
    future = report(desk, "2027-01", cn("22 09:00")).rounds
    assert {slot.state for slot in future.slots} == {SlotState.FUTURE}
    assert (len(future.slots), told(future)["rounds.due"]) == (31, 0)


def test_a_slot_nobody_recorded_is_missed_under_its_own_name(desk: Desk) -> None:
    watch(desk, cn("20 09:00"))
    facts = report(desk, OCTOBER, cn("22 09:00")).rounds
    figure = next(one for one in facts.figures() if one.name == "rounds.missed")
    assert figure.records == ("slot:daily@2026-10-21T00:30:00+00:00",)


def test_a_month_in_which_the_clocks_change_has_a_round_for_each_of_its_days(tmp_path: Path) -> None:
    with opened_room(tmp_path, BERLIN, text_of("daily"), CRITICAL) as desk:
        watch(desk, at(BERLIN, "2026-10-01 00:00"))
        periods.open_period(
            desk, LI, at(BERLIN, "2026-10-01 00:00"), PeriodKind.DRILL, "drill",
            at(BERLIN, "2026-10-25 00:00"), at(BERLIN, "2026-10-26 00:00"),
        )  # fmt: skip
        for day in range(1, 32):
            walk(desk, at(BERLIN, f"2026-10-{day:02} 08:25"))
        facts = report(desk, OCTOBER, at(BERLIN, "2026-11-02 12:00")).rounds
    daily = [slot for slot in facts.slots if slot.checklist == "daily"]
    critical = [slot for slot in facts.slots if slot.checklist == "critical"]
    assert [slot.due_on.day for slot in daily] == list(range(1, 32))
    assert {slot.state for slot in daily} == {SlotState.ON_TIME}
    assert {slot.due_at.hour for slot in daily} == {6, 7}
    # The day has 25 hours, so seven times four hours begin in it.
    assert [slot.state for slot in critical] == [SlotState.MISSED] * 7


def test_a_period_that_was_closed_early_owes_what_it_owed_then(tmp_path: Path) -> None:
    with opened_room(tmp_path, SHANGHAI, text_of("daily"), CRITICAL) as desk:
        watch(desk, cn("01 09:00"))
        opened = periods.open_period(
            desk, LI, cn("01 09:00"), PeriodKind.HOLIDAY, "National Day", cn("02 00:00"), cn("04 00:00")
        )
        before = report(desk, OCTOBER, cn("02 20:30")).rounds
        walk(desk, cn("02 20:00"), checklist="critical")
        periods.close_period(desk, LI, opened.id, cn("02 21:00"))
        after = report(desk, OCTOBER, cn("02 21:00")).rounds
        again = report(desk, OCTOBER, cn("02 19:59")).rounds
    kinds = [
        Counter(one.state.value for one in facts.slots if one.checklist == "critical") for facts in (before, after)
    ]
    assert kinds == [{"missed": 5, "pending": 1, "future": 6}, {"missed": 5, "on-time": 1}]
    assert sum(slot.checklist == "critical" for slot in again.slots) == 12


def test_a_checklist_that_changes_its_hour_in_the_middle_has_one_round_a_day(desk: Desk) -> None:
    watch(desk, cn("01 07:00"))
    for day in range(1, 11):
        walk(desk, cn(f"{day:02} 08:10"))
    changed = with_texts(desk, text_of("daily", due_at="10:00"))
    for day in range(11, 21):
        walk(changed, cn(f"{day:02} 09:45"))
    made = report(changed, OCTOBER, cn("20 23:00"))
    assert [slot.due_on.day for slot in made.rounds.due] == list(range(1, 21))
    assert len({slot.round.version for slot in made.rounds.due if slot.round is not None}) == 2
    assert told(made.rounds)["rounds.completion"] == 1.0


def test_three_checklists_a_day_are_three_slots_a_day(tmp_path: Path) -> None:
    texts = (text_of("daily"), text_of("noon", due_at="14:00"), text_of("night", due_at="22:00"))
    with opened_room(tmp_path, SHANGHAI, *texts) as desk:
        watch(desk, cn("01 00:01"))
        walk(desk, cn("01 08:10"))
        walk(desk, cn("01 14:10"), checklist="noon", who=LI)
        facts = report(desk, "2026-10-01..2026-10-02", cn("02 23:00")).rounds
    assert [(slot.checklist, slot.state.value) for slot in facts.slots] == [
        ("daily", "on-time"),
        ("noon", "on-time"),
        ("night", "missed"),
        ("daily", "pending"),
        ("noon", "pending"),
        ("night", "pending"),
    ]


def test_people_are_held_to_the_roster_where_there_is_one(desk: Desk) -> None:
    watch(desk, cn("01 07:00"))
    walk(desk, cn("01 08:10"), minutes=12)
    walk(desk, cn("02 11:00"), minutes=30, who=LI, temperature="30")
    watch(desk, cn("04 08:40"))
    from_paper(desk, cn("04 09:00"), cn("03 08:40"), cn("03 08:30"), who=LI)
    walk(desk, cn("04 09:10"), minutes=14, who=LI)
    made = report(desk, OCTOBER, cn("05 07:00"))
    found = people_of(made.frame, made.rounds)
    li, zhang = found
    assert (li.name, li.due, li.done, li.on_time, li.late, li.back_filled, li.abnormal) == ("li", None, 3, 1, 1, 1, 1)
    assert (li.minutes, zhang.minutes, zhang.on_time_share, zhang.due) == (22.0, 12.0, 1.0, None)
    # The one shift runs from 15:00 to 15:00: the morning of the second belongs to the shift of the first.
    given = {(date(2026, 9, 30), "duty"): ["zhang"], (date(2026, 10, 1), "duty"): ["zhang", "wang"]}
    import_roster(desk, LI, given, cn("05 07:10"))
    assert people_of((late := report(desk, OCTOBER, cn("05 07:10"))).frame, late.rounds) == found
    rostered = report(desk, OCTOBER, cn("05 07:20"))
    asked = {one.name: (one.due, one.done) for one in people_of(rostered.frame, rostered.rounds)}
    assert asked == {"li": (None, 3), "zhang": (2, 1), "wang": (1, 0)}


def test_ten_years_are_read_in_as_many_statements_as_a_month(desk: Desk) -> None:
    watch(desk, cn("01 07:00"))
    for day in range(1, 8):
        walk(desk, cn(f"{day:02} 08:10"))
    said: list[str] = []
    with desk.store.read() as session:
        bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *given: said.append(given[2]))
    report(desk, OCTOBER, cn("08 07:00"))
    of_a_month = len(said)
    slots = len(report(desk, "2020-01-01..2029-12-31", cn("08 07:00")).rounds.slots)
    assert slots == 1188
    assert len(said) - of_a_month == of_a_month
