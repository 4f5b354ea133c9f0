"""A clock that is set is one event; nothing looks older, younger, silent or longer for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dutyroom import clock
from dutyroom.board import make_board
from dutyroom.duty import rounds, signing, walks
from dutyroom.duty.clock_order import clock_warning
from dutyroom.duty.desk import Desk
from dutyroom.duty.records import read_room
from dutyroom.errors import RoundRefused
from dutyroom.model.events import CLOCK, Boot, Event
from dutyroom.model.facts import Line
from dutyroom.model.reading import State
from dutyroom.model.rounds import RoundState
from dutyroom.rules.clock import step_between
from dutyroom.rules.durations import between
from dutyroom.store import events, readings
from dutyroom.store.verify import verify
from dutyroom.watch.loop import Watch
from tests.desks import ACTOR, PASSWORD, opened_desk, ups_sample
from tests.duty.test_rounds import answer_everything
from tests.watch.test_watch import FAST, run, sources, wait_until

HOUR = 3600.0
SHANGHAI = datetime(2026, 11, 24, 0, 41, tzinfo=UTC)
# In the night of 25 October 2026 Berlin's clocks go from 03:00 back to 02:00 (01:00 UTC), on 29 March from 02:00 to
# 03:00 (01:00 UTC).
AUTUMN = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
SPRING = datetime(2026, 3, 29, 0, 45, tzinfo=UTC)
TO_1970 = -SHANGHAI.timestamp()


@dataclass(slots=True)
class SetClock:
    """A wall clock that can be set; the other clock goes on."""

    offset: timedelta

    def now(self) -> datetime:
        """What the clock on the wall shows."""
        return datetime.now(UTC) + self.offset

    def stand_at(self, at: datetime) -> None:
        """Sets it to a moment."""
        self.offset = at - datetime.now(UTC)

    def step(self, seconds: float) -> None:
        """Sets it forward or back."""
        self.offset += timedelta(seconds=seconds)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    found = SetClock(timedelta())
    found.stand_at(SHANGHAI)
    monkeypatch.setattr(clock, "now", found.now)
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield replace(opened, site=replace(opened.site, poll=FAST))


def steps_of(desk: Desk) -> list[Event]:
    """The steps on record, in the order they were written."""
    with desk.store.read() as session:
        return [event for event in events.since(session, datetime(1960, 1, 1, tzinfo=UTC)) if event.source == CLOCK]


def recorded(watch: Watch) -> None:
    """Waits for a transaction that began after now."""
    since = clock.monotonic()
    wait_until(lambda: (watch.cycle.recorded_s or 0.0) > since)
    since = clock.monotonic()
    wait_until(lambda: (watch.cycle.recorded_s or 0.0) > since)


@pytest.mark.parametrize(
    ("zone", "start", "seconds"),
    [
        ("Asia/Shanghai", SHANGHAI, -HOUR),
        ("Asia/Shanghai", SHANGHAI, HOUR),
        ("Asia/Shanghai", SHANGHAI, 8 * HOUR),
        ("Asia/Shanghai", SHANGHAI, TO_1970),
        ("Europe/Berlin", AUTUMN, HOUR),
        ("Europe/Berlin", AUTUMN, -HOUR),
        ("Europe/Berlin", SPRING, HOUR),
        ("Europe/Berlin", SPRING, -HOUR),
    ],
)
def test_a_step_is_recorded_once_and_no_age_or_outage_is_wrong_for_it(
    desk: Desk, wall: SetClock, zone: str, start: datetime, seconds: float
) -> None:
    wall.stand_at(start)
    desk = replace(desk, site=replace(desk.site, timezone=ZoneInfo(zone)))
    asked = sources()
    watch = run(desk, asked)
    try:
        recorded(watch)
        asked["ups-a"].answer = ups_sample("ups-a", line=Line.BATTERY, status=("OB",))
        began = clock.monotonic()
        wait_until(lambda: "ups-a" in read_room(desk, clock.now()).on_battery_since)
        wall.step(seconds)
        wait_until(lambda: bool(steps_of(desk)))
        recorded(watch)
        records = read_room(desk, clock.now())
        board = make_board(desk.site, desk.checklist, records, clock.now(), clock.boot())
        lasted = clock.monotonic() - began
        asked["ups-a"].answer = ups_sample("ups-a")
        wait_until(lambda: "ups-a" not in read_room(desk, clock.now()).on_battery_since)
        outage = clock.monotonic() - began
    finally:
        watch.stop()
    assert [round(float(step.param("by"))) for step in steps_of(desk)] == [round(seconds)]
    assert board.watch.running
    assert {view.state for view in board.sources} == {State.OK}
    assert all(view.is_fresh and 0 <= (view.age_s or 0.0) < 5 for view in board.sources)
    on_battery = next(view for view in board.sources if view.name == "ups-a").on_battery_s
    assert on_battery is not None
    assert abs(on_battery - lasted) <= 1
    assert board.clock_step is not None
    with desk.store.read() as session:
        happened = {event.code: event for event in events.since(session, datetime(1960, 1, 1, tzinfo=UTC))}
        polls = readings.polls(session, datetime(1960, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC))
    first, last = happened["on-battery"], happened["on-mains"]
    told = between(first.at, first.boot, last.at, last.boot)
    assert told.steady
    assert abs(told.seconds - outage) <= 1
    assert "state-changed" not in happened
    assert "restarted" not in happened
    # Here a busy machine misses some of twenty polls a second; a jump taken for silence would make 70,000 of them.
    assert sum(hour.none for hour in polls) < 1000


def test_a_stale_sample_does_not_look_fresh_when_the_clock_is_set_back(desk: Desk, wall: SetClock) -> None:
    watch = run(desk, sources())
    recorded(watch)
    watch.stop()
    records, boot = read_room(desk, clock.now()), clock.boot()
    wall.step(-HOUR)
    later = Boot(boot.id, boot.seconds + 600)
    board = make_board(desk.site, desk.checklist, records, clock.now() + timedelta(minutes=10), later)
    assert {view.state for view in board.sources} == {State.STALE}
    assert not board.watch.running


def test_a_step_while_nobody_watched_is_told_once_by_the_next_watch(desk: Desk, wall: SetClock) -> None:
    for seconds in (8 * HOUR, 0.0, 0.0):
        watch = run(desk, sources())
        recorded(watch)
        watch.stop()
        wall.step(seconds)
    assert [round(float(step.param("by"))) for step in steps_of(desk)] == [round(8 * HOUR)]


def test_a_clock_that_went_back_over_a_restart_of_the_machine_is_told(
    desk: Desk, wall: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = run(desk, sources())
    recorded(watch)
    watch.stop()
    monkeypatch.setattr(clock, "boot", lambda: Boot("another", clock.monotonic()))
    wall.stand_at(datetime(1970, 1, 1, 0, 1, tzinfo=UTC))
    watch = run(desk, sources())
    recorded(watch)
    watch.stop()
    assert [step.code for step in steps_of(desk)] == ["clock-back"]


def test_a_slewed_clock_and_a_suspended_machine_are_no_step() -> None:
    at = SHANGHAI
    day = timedelta(days=1)
    assert step_between((at, Boot("b", 0.0)), (at + day + timedelta(seconds=40), Boot("b", 86400.0))) == 0.0
    asleep = timedelta(hours=9)
    assert step_between((at, Boot("b", 5.0)), (at + asleep, Boot("b", 5.0 + 9 * HOUR))) == 0.0
    assert step_between((at, Boot("b", 5.0)), (at + timedelta(seconds=7.5), Boot("b", 10.0))) == 2.5


def test_events_after_a_clock_was_set_back_are_shown_beside_the_signed_round(desk: Desk, wall: SetClock) -> None:
    walk = rounds.start_round(desk, ACTOR, clock.now())
    answer_everything(desk, walk, clock.now())
    signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, clock.now())
    asked = sources()
    watch = run(desk, asked)
    try:
        recorded(watch)
        wall.step(-HOUR)
        wait_until(lambda: bool(steps_of(desk)))
        asked["ups-a"].answer = ups_sample("ups-a", line=Line.BATTERY, status=("OB",))
        wait_until(lambda: any(event.code == "on-battery" for event in read_room(desk, clock.now()).events))
    finally:
        watch.stop()


@pytest.mark.parametrize("seconds", [-HOUR, HOUR, 5 * HOUR])
def test_a_step_in_a_round_leaves_it_in_its_slot_and_makes_no_second_one(
    desk: Desk, wall: SetClock, seconds: float
) -> None:
    begun = rounds.start_round(desk, ACTOR, clock.now()).round
    assert (begun.due_on, begun.duty_day) == (date(2026, 11, 24), date(2026, 11, 24))
    wall.step(seconds)
    # An hour earlier yesterday's slot is the current one; the walk that was begun is gone on with all the same.
    walk = walks.load_walk(desk, begun.id) if seconds < 0 else rounds.start_round(desk, ACTOR, clock.now())
    assert walk.round == begun
    answer_everything(desk, walk, clock.now())
    signed = signing.sign_round(desk, ACTOR, begun.id, PASSWORD, clock.now(), "the clock ran ahead")
    assert (signed.due_at, signed.duty_day, signed.state) == (begun.due_at, begun.duty_day, RoundState.SIGNED)
    assert signed.clock_reason == ("the clock ran ahead" if seconds < 0 else None), "no round is wrong unmarked"
    with desk.store.read() as session:
        assert verify(session).faults == ()


def test_a_round_is_not_signed_before_the_newest_record_without_a_reason(desk: Desk, wall: SetClock) -> None:
    walk = rounds.start_round(desk, ACTOR, clock.now())
    assert clock_warning(desk, clock.now()) == ""
    answer_everything(desk, walk, clock.now())
    wall.step(-HOUR)
    assert "08:41" in clock_warning(desk, clock.now())
    with pytest.raises(RoundRefused) as refused:
        signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, clock.now(), "  ")
    assert refused.value.code == "clock"
    assert "2026-11-24 07:41" in str(refused.value)
    assert "2026-11-24 08:41" in str(refused.value)
    assert "timedatectl" in str(refused.value)
    assert walks.load_walk(desk, walk.round.id).round.state is RoundState.OPEN
    signed = signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, clock.now(), "no time server today")
    assert walks.load_walk(desk, walk.round.id).round == signed
    assert signed.clock_reason == "no time server today"
    # The reason has its ledger line; what came before does not hold up the next signature.
    assert clock_warning(desk, clock.now()) == ""
    with desk.store.read() as session:
        assert verify(session).faults == ()


def test_the_reason_is_evidence_that_cannot_be_changed_unseen(desk: Desk, wall: SetClock) -> None:
    walk = rounds.start_round(desk, ACTOR, clock.now())
    answer_everything(desk, walk, clock.now())
    wall.step(-HOUR)
    signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, clock.now(), "no time server today")
    with desk.store.read() as session:
        from dutyroom.store.evidence import stored_row

        row = stored_row(session, walks.load_walk(desk, walk.round.id).round)
    assert row is not None
    assert row["clock_reason"] == "no time server today"
