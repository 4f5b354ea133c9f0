"""Rounds fall due by themselves: owed, started once, missed, skipped, typed in from paper; critical periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from dutyroom.duty import backfill, missed, periods, rounds, skipping
from dutyroom.duty.desk import Desk, Published
from dutyroom.duty.owed import owed_now
from dutyroom.duty.periods import PeriodRefused
from dutyroom.errors import NotAllowed, RoundRefused, StoreError
from dutyroom.model.checklist import Cadence, Checklist, Schedule
from dutyroom.model.people import Actor, Role, watch_actor
from dutyroom.model.periods import CriticalPeriod, PeriodKind
from dutyroom.model.rounds import Mark, OwedState, RoundOwed, RoundState, SkipReason
from dutyroom.store import ledger
from dutyroom.store import rounds as kept
from dutyroom.store.database import connect
from dutyroom.store.verify import verify
from tests.desks import ACTOR, NOW, opened_desk
from tests.duty.walked import walk_through

LEAD = Actor("li", Role.LEAD, "test")
AUDITOR = Actor("audit", Role.AUDITOR, "test")
WATCH = watch_actor("room")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
DUE = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


def other(desk: Desk, name: str, schedule: Schedule) -> Published:
    """A short checklist beside the daily one; its text is that of no file, and is kept as it is."""
    items = tuple(item for item in desk.checklist.items if item.id in ("acc.door", "env.smell"))
    version = f"{name}-version"[:12]
    made: Checklist = replace(desk.checklist, name=name, version=version, items=items, schedule=schedule)
    return Published(made, f"# {name}\n{desk.checklist_text}")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        weekly = other(opened, "weekly", Schedule(Cadence.WEEKLY, window_s=86400.0))
        critical = other(opened, "critical", Schedule(Cadence.PERIOD, early_s=600.0, window_s=1800.0))
        yield replace(opened, others=(weekly, critical))


def owed(desk: Desk, now: datetime) -> dict[tuple[str, str], RoundOwed]:
    with desk.store.read() as session:
        found = owed_now(session, desk, now)
    zone = desk.site.timezone
    return {(one.checklist, f"{one.due_at.astimezone(zone):%m-%d %H:%M}"): one for one in found}


def states(desk: Desk, now: datetime) -> dict[tuple[str, str], OwedState]:
    return {key: one.state for key, one in owed(desk, now).items()}


def intact(desk: Desk) -> bool:
    with desk.store.read() as session:
        return verify(session).faults == ()


def test_the_desk_owes_todays_round_and_what_is_to_come(desk: Desk) -> None:
    assert states(desk, NOW) == {("daily", "11-24 08:30"): OwedState.DUE, ("weekly", "11-30 08:30"): OwedState.DUE}
    assert states(desk, NOW + 2 * HOUR)[("daily", "11-24 08:30")] is OwedState.LATE
    walk = rounds.start_round(desk, ACTOR, NOW)
    one = owed(desk, NOW)[("daily", "11-24 08:30")]
    assert (one.state, one.round, one.answered, one.lines) == (OwedState.OPEN, walk.round, 0, len(walk.lines))
    walk_through(desk, walk.round.id, ACTOR, NOW)
    assert states(desk, NOW)[("daily", "11-24 08:30")] is OwedState.DONE
    assert states(desk, NOW)[("daily", "11-25 08:30")] is OwedState.DUE


def test_a_second_round_in_a_slot_is_refused_and_points_to_the_first(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW, "daily", DUE)
    assert rounds.start_round(desk, LEAD, NOW + MINUTE).round.id == walk.round.id
    walk_through(desk, walk.round.id, ACTOR, NOW)
    with pytest.raises(RoundRefused) as refused:
        rounds.start_round(desk, ACTOR, NOW + HOUR)
    assert (refused.value.code, refused.value.round_id) == ("exists", walk.round.id)
    assert f"number {walk.round.id}" in str(refused.value)


def test_another_hour_in_the_checklist_makes_no_second_round_of_the_day(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    walk_through(desk, walk.round.id, ACTOR, NOW)
    schedule = replace(desk.checklist.schedule, due_at=time(9))
    moved = replace(desk, checklist=replace(desk.checklist, schedule=schedule, version="another-hour"))
    with pytest.raises(RoundRefused) as refused:
        rounds.start_round(moved, ACTOR, NOW + HOUR)
    assert refused.value.round_id == walk.round.id


@pytest.mark.parametrize(
    ("name", "due_at", "code"),
    [
        ("daily", DUE + DAY, "early"),
        ("daily", DUE - DAY, "missed"),
        ("daily", DUE + MINUTE, "no-slot"),
        ("critical", None, "no-slot"),
        ("weakly", None, "no-checklist"),
    ],
)
def test_a_round_that_is_not_due_is_refused(desk: Desk, name: str, due_at: datetime | None, code: str) -> None:
    with pytest.raises(RoundRefused) as refused:
        rounds.start_round(desk, ACTOR, NOW, name, due_at)
    assert refused.value.code == code


def test_any_checklist_is_walked_in_its_own_slot(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW, "weekly")
    assert (walk.round.checklist, walk.round.due_on, walk.round.items) == ("weekly", date(2026, 11, 23), 2)


def test_every_slot_of_a_long_stop_is_recorded_as_missed_once(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    walk_through(desk, walk.round.id, ACTOR, NOW)
    assert missed.record_missed(desk, WATCH, NOW + HOUR) == ()
    later = NOW + 10 * DAY
    found = missed.record_missed(desk, WATCH, later)
    dates = [(one.checklist, one.due_on.day) for one in found]
    assert dates == [
        *(("daily", day) for day in (25, 26, 27, 28, 29, 30, 1, 2, 3)),
    ]
    assert {one.state for one in found} == {RoundState.MISSED}
    assert found[0].closed_at == datetime(2026, 11, 26, 0, tzinfo=UTC)
    assert found[0].closed_by is None
    assert missed.record_missed(desk, WATCH, later) == ()
    assert missed.record_missed(desk, WATCH, later - 5 * DAY) == ()
    weekly = missed.record_missed(desk, WATCH, NOW + 14 * DAY, since=NOW + 3 * DAY)
    assert ("weekly", 30) in [(one.checklist, one.due_on.day) for one in weekly]
    with desk.store.read() as session:
        (line,) = ledger.lines(session, subject=f"round:{found[0].id}")
    assert (line.actor, line.act, line.at) == ("watch:", "round-miss", later)
    assert intact(desk)


def test_nothing_is_missed_from_before_a_checklist_was_in_force(desk: Desk) -> None:
    assert missed.record_missed(desk, WATCH, NOW) == ()
    assert [one.due_on for one in missed.record_missed(desk, WATCH, NOW + DAY)] == []
    assert [one.due_on for one in missed.record_missed(desk, WATCH, NOW + 2 * DAY)] == [date(2026, 11, 25)]


def test_nobody_but_the_watch_records_a_missed_round(desk: Desk) -> None:
    for actor in (ACTOR, LEAD, AUDITOR):
        with pytest.raises(NotAllowed):
            missed.record_missed(desk, actor, NOW)


def test_a_round_with_an_answer_is_never_taken_away_and_an_empty_one_is_missed(desk: Desk) -> None:
    first = rounds.start_round(desk, ACTOR, NOW)
    walk_through(desk, first.round.id, ACTOR, NOW, sign=False)
    second = rounds.start_round(desk, ACTOR, NOW + DAY)
    found = missed.record_missed(desk, WATCH, NOW + 2 * DAY)
    assert [one.id for one in found] == [second.round.id]
    signed = walk_through(desk, first.round.id, ACTOR, NOW + 2 * DAY)
    assert signed.marks == (Mark.LATE,)
    assert intact(desk)


def test_a_lead_skips_a_round_with_a_reason_and_a_text(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        skipping.skip_round(desk, ACTOR, NOW, SkipReason.ACCESS, "door is sealed")
    with pytest.raises(RoundRefused) as refused:
        skipping.skip_round(desk, LEAD, NOW, SkipReason.ACCESS, "  ")
    assert refused.value.code == "no-note"
    skipped = skipping.skip_round(desk, LEAD, NOW, SkipReason.ACCESS, "door is sealed")
    assert (skipped.state, skipped.skip_reason, skipped.skip_note) == (
        RoundState.SKIPPED,
        SkipReason.ACCESS,
        "door is sealed",
    )
    assert (skipped.closed_by, skipped.closed_at) == ("li", NOW)
    assert missed.record_missed(desk, WATCH, NOW + DAY) == ()
    with pytest.raises(RoundRefused) as refused:
        rounds.start_round(desk, ACTOR, NOW + MINUTE)
    assert (refused.value.code, refused.value.round_id) == ("skipped", skipped.id)
    with pytest.raises(RoundRefused) as refused:
        skipping.skip_round(desk, LEAD, NOW + MINUTE, SkipReason.OTHER, "again")
    assert (refused.value.code, refused.value.round_id) == ("skipped", skipped.id)
    assert intact(desk)


@pytest.mark.parametrize(
    ("due_at", "code"), [(DUE - DAY, "missed"), (DUE + 40 * DAY, "ahead"), (DUE + MINUTE, "no-slot")]
)
def test_a_round_of_the_past_or_far_ahead_is_not_skipped(desk: Desk, due_at: datetime, code: str) -> None:
    with pytest.raises(RoundRefused) as refused:
        skipping.skip_round(desk, LEAD, NOW, SkipReason.HOLIDAY, "festival", "daily", due_at)
    assert refused.value.code == code


def test_a_round_that_was_begun_is_not_skipped(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    walk_through(desk, walk.round.id, ACTOR, NOW, sign=False)
    with pytest.raises(RoundRefused) as refused:
        skipping.skip_round(desk, LEAD, NOW, SkipReason.OTHER, "no time")
    assert refused.value.code == "begun"


def test_a_missed_round_is_typed_in_from_paper_and_says_so_for_good(desk: Desk) -> None:
    missed.record_missed(desk, WATCH, NOW - HOUR)
    (gone,) = missed.record_missed(desk, WATCH, NOW + DAY)
    later = NOW + DAY
    with pytest.raises(RoundRefused) as refused:
        rounds.start_round(desk, ACTOR, later, "daily", DUE)
    assert (refused.value.code, refused.value.round_id) == ("missed", gone.id)
    walk = backfill.back_fill(desk, ACTOR, later, DUE, DUE + 20 * MINUTE, "daily", DUE)
    assert (walk.round.id, walk.round.state, walk.round.marks) == (gone.id, RoundState.OPEN, (Mark.BACK_FILLED,))
    assert walk.round.closed_at == gone.closed_at
    # Whoever comes back to it goes on; the watch leaves it alone.
    assert backfill.back_fill(desk, ACTOR, later, DUE, DUE, "daily", DUE).round == walk.round
    assert missed.record_missed(desk, WATCH, later + 6 * HOUR) == ()
    signed = walk_through(desk, walk.round.id, ACTOR, later)
    assert (signed.state, signed.marks) == (RoundState.SIGNED, (Mark.BACK_FILLED,))
    assert (signed.paper_from, signed.paper_to) == (DUE, DUE + 20 * MINUTE)
    assert intact(desk)


def test_a_late_walk_on_paper_is_late(desk: Desk) -> None:
    walk = backfill.back_fill(desk, ACTOR, NOW + DAY, DUE + 2 * HOUR, DUE + 3 * HOUR, "daily", DUE)
    assert walk_through(desk, walk.round.id, ACTOR, NOW + DAY).marks == (Mark.BACK_FILLED, Mark.LATE)


@pytest.mark.parametrize(
    ("begun", "ended"),
    [
        (DUE, DUE - MINUTE),
        (DUE - HOUR, DUE),
        (DUE + DAY, DUE + DAY + MINUTE),
        (DUE, NOW + DAY + MINUTE),
    ],
)
def test_paper_times_outside_of_the_slot_are_refused(desk: Desk, begun: datetime, ended: datetime) -> None:
    with pytest.raises(RoundRefused) as refused:
        backfill.back_fill(desk, ACTOR, NOW + DAY, begun, ended, "daily", DUE)
    assert refused.value.code == "paper-times"


def test_the_store_opens_a_missed_round_only_as_one_from_paper(desk: Desk) -> None:
    missed.record_missed(desk, WATCH, NOW - HOUR)
    (gone,) = missed.record_missed(desk, WATCH, NOW + DAY)
    for changed in (
        replace(gone, state=RoundState.OPEN),
        replace(gone, state=RoundState.SIGNED, signed_by="zhang", signed_at=NOW),
        replace(gone, state=RoundState.OPEN, marks=(Mark.BACK_FILLED,)),
    ):
        with pytest.raises(StoreError) as refused, desk.store.write() as session:
            kept.update(session, changed)
        assert refused.value.code == "sealed"
    walk = backfill.back_fill(desk, ACTOR, NOW + DAY, DUE, DUE, "daily", DUE)
    with pytest.raises(StoreError) as refused, desk.store.write() as session:
        kept.update(session, replace(walk.round, marks=()))
    assert refused.value.code == "sealed"


def opened_period(desk: Desk, **given: object) -> CriticalPeriod:
    fields: dict[str, object] = {
        "kind": PeriodKind.HOLIDAY,
        "name": "National Day",
        "starts_at": NOW + HOUR,
        "ends_at": NOW + 13 * HOUR,
        **given,
    }
    return periods.open_period(desk, LEAD, NOW, **fields)  # type: ignore[arg-type]


def test_while_a_critical_period_runs_its_rounds_are_owed(desk: Desk) -> None:
    period = opened_period(desk)
    assert (period.checklist, period.every_s) == ("critical", 4 * 3600.0)
    assert states(desk, NOW)[("critical", "11-24 09:41")] is OwedState.DUE
    with pytest.raises(RoundRefused) as refused:
        rounds.start_round(desk, ACTOR, NOW, "critical", period.starts_at)
    assert refused.value.code == "early"
    walk = rounds.start_round(desk, ACTOR, NOW + HOUR, "critical")
    assert (walk.round.due_at, walk.round.period_id) == (period.starts_at, period.id)
    walk_through(desk, walk.round.id, ACTOR, NOW + HOUR)
    missed.record_missed(desk, WATCH, NOW)
    found = missed.record_missed(desk, WATCH, NOW + 20 * HOUR)
    # The one of 13:41 and the one of 17:41; at 21:41 the period is over.
    assert [(one.checklist, one.due_at - period.starts_at) for one in found] == [
        ("critical", 4 * HOUR),
        ("critical", 8 * HOUR),
    ]
    assert intact(desk)


def test_a_period_that_is_closed_asks_for_no_more_rounds(desk: Desk) -> None:
    period = opened_period(desk)
    missed.record_missed(desk, WATCH, NOW)
    closed = periods.close_period(desk, LEAD, period.id, NOW + 2 * HOUR)
    assert (closed.closed_by, closed.over_at) == ("li", NOW + 2 * HOUR)
    found = missed.record_missed(desk, WATCH, NOW + 20 * HOUR)
    assert [one.due_at for one in found] == [period.starts_at]
    assert periods.listed(desk, NOW + 3 * HOUR, every=False) == ()
    assert periods.listed(desk, NOW + 3 * HOUR, every=True) == (closed,)
    for number, code in ((period.id, "closed"), (99, "not-found")):
        with pytest.raises(PeriodRefused) as refused:
            periods.close_period(desk, LEAD, number, NOW + 3 * HOUR)
        assert refused.value.code == code
    with pytest.raises(StoreError), desk.store.write() as session:
        session.connection().exec_driver_sql("UPDATE periods SET closed_at = NULL")
    assert intact(desk)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "no-name"),
        ({"starts_at": NOW - HOUR}, "past-start"),
        ({"ends_at": NOW + HOUR}, "ends-before-start"),
        ({"ends_at": NOW + 90 * DAY}, "too-long"),
        ({"every_s": 60.0}, "every"),
        ({"checklist": "daily"}, "no-checklist"),
        ({"starts_at": NOW + 5 * HOUR}, "overlaps"),
    ],
)
def test_what_is_no_period_is_refused(desk: Desk, given: dict[str, object], code: str) -> None:
    opened_period(desk)
    with pytest.raises(PeriodRefused) as refused:
        opened_period(desk, **given)
    assert refused.value.code == code
    with pytest.raises(NotAllowed):
        periods.close_period(desk, ACTOR, 1, NOW)


def test_a_forged_period_does_not_hold(desk: Desk) -> None:
    opened_period(desk)
    raw = connect(desk.store.path, mode="rw")
    raw.execute("DROP TRIGGER periods_close_once")
    raw.execute("UPDATE periods SET every_s = 86400.0")
    raw.commit()
    raw.close()
    assert not intact(desk)
