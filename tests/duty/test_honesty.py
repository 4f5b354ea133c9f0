"""What the records say of how a round was walked: told as facts, from what was sealed with the signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dutyroom.duty import rounds
from dutyroom.duty.desk import Desk
from dutyroom.duty.honesty import honesty_of
from dutyroom.model.honesty import FactCode
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Entry, Mark, Round, RoundState
from dutyroom.rules.honesty import fifth_percentile, seconds_of
from dutyroom.store import rounds as kept
from tests.desks import ACTOR, NOW, opened_desk

PANEL = ("env.temp.room", "")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        # Publishes the checklist that the rounds below name.
        rounds.start_round(opened, ACTOR, NOW - timedelta(days=100))
        yield opened


def walked(
    desk: Desk,
    day: int,
    *,
    every_s: float,
    value: float = 23.5,
    marks: tuple[Mark, ...] = (),
    signed_after: timedelta = timedelta(0),
    **entry: object,
) -> Round:
    """A signed round of ten answers, one each `every_s` seconds; `day` counts from the first of October."""
    due_at = datetime(2026, 10, 1, 0, 30, tzinfo=NOW.tzinfo) + timedelta(days=day)
    due_on = date(2026, 10, 1) + timedelta(days=day)
    with desk.store.write() as session:
        opened = kept.add(
            session,
            Round("daily", desk.checklist.version, due_at, due_on, due_on, RoundState.OPEN, 43, started_at=due_at),
        )
        for n in range(9):
            item = desk.checklist.items[n].id + ".x"
            at = due_at + timedelta(seconds=every_s * (n + 1))
            kept.put_entry(session, Entry(opened.id, item, "", "normal", Verdict.OK, at, "zhang"))
        at = due_at + timedelta(seconds=every_s * 10)
        told = {"answer": f"{value:g}", "value": value, "unit": "°C", **entry}
        kept.put_entry(session, Entry(opened.id, *PANEL, verdict=Verdict.OK, at=at, by="zhang", **told))  # type: ignore[arg-type]
        kept.update(session, signed(opened, at + signed_after, marks))
    return signed(opened, at + signed_after, marks)


def signed(opened: Round, at: datetime, marks: tuple[Mark, ...]) -> Round:
    from dataclasses import replace

    return replace(opened, state=RoundState.SIGNED, signed_at=at, signed_by="zhang", marks=marks)


def codes(desk: Desk, one: Round) -> list[FactCode]:
    return [fact.code for fact in honesty_of(desk, one.id).facts]


def test_a_round_faster_than_nineteen_of_twenty_of_the_site_says_so(desk: Desk) -> None:
    for day in range(20):
        walked(desk, day, every_s=20 + day, value=20 + day / 10)
    usual = walked(desk, 20, every_s=21, value=26)
    assert codes(desk, usual) == []
    fast = walked(desk, 21, every_s=3, value=27)
    found = honesty_of(desk, fast.id)
    assert [(fact.code, fact.seen, fact.against) for fact in found.facts] == [
        (FactCode.FAST_ROUND, 3.0, 21.0),
        (FactCode.FAST_ITEMS, 3.0, 21.0),
    ]
    assert (found.pace.whole, found.seconds[PANEL]) == (30.0, 3.0)
    paper = walked(desk, 22, every_s=1, value=28, marks=(Mark.BACK_FILLED,))
    assert codes(desk, paper) == []


def test_a_site_with_few_rounds_has_no_pace_of_its_own_yet(desk: Desk) -> None:
    for day in range(19):
        walked(desk, day, every_s=20, value=20 + day / 10)
    assert codes(desk, walked(desk, 19, every_s=1, value=27)) == []


def test_the_same_number_typed_five_days_running_says_so(desk: Desk) -> None:
    for day in range(4):
        assert codes(desk, walked(desk, day, every_s=20)) == []
    fifth = walked(desk, 4, every_s=20)
    (fact,) = honesty_of(desk, fifth.id).facts
    assert (fact.code, fact.key, fact.seen, fact.against) == (FactCode.SAME_NUMBERS, PANEL, 23.5, 5.0)
    assert codes(desk, walked(desk, 5, every_s=20, value=23.4)) == []


def test_a_number_that_was_measured_on_one_of_the_days_is_not_the_same_typed(desk: Desk) -> None:
    for day in range(5):
        origin = Origin.MEASURED if day == 2 else Origin.TYPED
        last = walked(desk, day, every_s=20, origin=origin)
    assert codes(desk, last) == []


def test_a_number_typed_against_a_measured_one_and_normal_against_the_source_say_so(desk: Desk) -> None:
    one = walked(desk, 0, every_s=20, live_value="29", source="ups-a", note="sensor in the sun")
    assert [(fact.code, fact.seen, fact.against, fact.note) for fact in honesty_of(desk, one.id).facts] == [
        (FactCode.TYPED_AGAINST_MEASURED, 23.5, 29.0, "sensor in the sun"),
        (FactCode.NORMAL_AGAINST_SOURCE, 23.5, 29.0, "sensor in the sun"),
    ]


def test_a_reading_as_near_to_the_measured_one_as_its_item_tolerates_says_nothing(desk: Desk) -> None:
    (panel,) = (item for item in desk.checklist.items if item.id == PANEL[0])
    assert panel.tolerance is not None
    assert codes(desk, walked(desk, 0, every_s=20, live_value=f"{23.5 - panel.tolerance:g}", source="ups-a")) == []
    further = walked(desk, 1, every_s=20, live_value=f"{23.4 - panel.tolerance:g}", source="ups-a")
    assert codes(desk, further) == [FactCode.TYPED_AGAINST_MEASURED]


def test_answers_given_in_one_act_share_its_time() -> None:
    def at(seconds: float, item: str) -> Entry:
        return Entry(1, item, "", "normal", Verdict.OK, NOW + timedelta(seconds=seconds), "zhang")

    told = seconds_of(NOW, [at(10, "a"), at(14, "b"), at(14, "c")])
    assert told == {("a", ""): 10.0, ("b", ""): 2.0, ("c", ""): 2.0}


def test_the_fifth_percentile_is_the_nearest_rank_and_needs_twenty() -> None:
    assert fifth_percentile([1.0] * 19) is None
    assert fifth_percentile([float(n) for n in range(20)]) == 0.0
    assert fifth_percentile([float(n) for n in range(40)]) == 1.0


def test_what_is_said_of_a_round_stays_when_an_earlier_one_is_typed_in_after_it(desk: Desk) -> None:
    for day in (0, 1, 3, 4, 5):
        last = walked(desk, day, every_s=20)
    before = honesty_of(desk, last.id)
    assert [fact.code for fact in before.facts] == [FactCode.SAME_NUMBERS]
    typed = walked(desk, 2, every_s=20, value=21, marks=(Mark.BACK_FILLED,), signed_after=timedelta(days=9))
    assert (typed.signed_at or NOW) > (last.signed_at or NOW)
    assert honesty_of(desk, last.id) == before
