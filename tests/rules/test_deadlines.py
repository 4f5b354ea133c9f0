"""Deadlines and clocks of findings under random clocks: any moment, any zone, steps, daylight saving, month ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.model.finding import OVER, Finding, FindingOrigin, FindingState, FindingStep, Severity
from dutyroom.rules.deadlines import (
    AUTHORITY_WITHIN,
    CONTAIN_WITHIN,
    KNOWN_AT_MOST,
    LONGEST,
    REPORT_WITHIN,
    countdowns,
    deadline_of,
    why_no_deadline,
    why_not_known_until,
)
from dutyroom.rules.finding_life import by_urgency

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Chatham", "UTC")
SPANS = {Severity.MAJOR: 24, Severity.CRITICAL: 24, Severity.OTHER: 7 * 24}
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(0), timedelta(days=60 * 365)).map(lambda later: BEGINNING + later)
zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
steps = st.timedeltas(timedelta(days=-400), timedelta(days=400))
TICK = timedelta(microseconds=1)


def made(severity: Severity, at: datetime, **changes: object) -> Finding:
    """A finding with the deadline of its class."""
    one = Finding(FindingOrigin.PERSON, "person:1", severity, at, "zhang", deadline_of(severity, at), id=1)
    return replace(one, **changes)  # type: ignore[arg-type]


@given(moments, zones, st.sampled_from(Severity))
def test_a_deadline_is_elapsed_time_whatever_the_zone_does_meanwhile(
    at: datetime, zone: ZoneInfo, severity: Severity
) -> None:
    deadline = deadline_of(severity, at.astimezone(zone))
    assert deadline - at == timedelta(hours=SPANS[severity])
    assert deadline.astimezone(zone).timestamp() - at.timestamp() == SPANS[severity] * 3600
    for clock in countdowns(made(severity, at.astimezone(zone))):
        assert clock.due_at.timestamp() - at.timestamp() in (180, 1800, 14400)


@pytest.mark.parametrize(
    ("zone", "found", "due"),
    [
        ("America/New_York", "2026-03-07T12:00:00", "2026-03-08T13:00:00"),
        ("America/New_York", "2026-10-31T12:00:00", "2026-11-01T11:00:00"),
        ("Europe/Berlin", "2026-03-28T23:30:00", "2026-03-30T00:30:00"),
        ("Asia/Shanghai", "2028-02-28T23:59:59", "2028-02-29T23:59:59"),
        ("Asia/Shanghai", "2026-12-31T00:00:00", "2027-01-01T00:00:00"),
    ],
)
def test_a_critical_finding_has_24_hours_over_daylight_saving_and_month_ends(zone: str, found: str, due: str) -> None:
    at = datetime.fromisoformat(found).replace(tzinfo=ZoneInfo(zone))
    there = deadline_of(Severity.CRITICAL, at).astimezone(ZoneInfo(zone))
    assert there.replace(tzinfo=None).isoformat() == due


@given(moments, st.sampled_from(Severity), st.sampled_from(FindingState), st.lists(steps, max_size=8))
def test_it_is_overdue_exactly_while_the_clock_is_past_the_deadline_and_nobody_says_it_is_done(
    at: datetime, severity: Severity, state: FindingState, jumps: list[timedelta]
) -> None:
    one, now = made(severity, at, state=state), at
    for jump in jumps:
        now += jump
        late = now - at > timedelta(hours=SPANS[severity])
        assert one.is_overdue(now) is (late and state not in (FindingState.DONE, *OVER))
    assert not one.is_overdue(one.deadline)
    assert one.is_overdue(one.deadline + TICK) is (state not in (FindingState.DONE, *OVER))


@given(moments, st.sampled_from(Severity), steps, steps)
def test_a_clock_that_was_stopped_says_the_same_for_ever(
    at: datetime, severity: Severity, stop: timedelta, later: timedelta
) -> None:
    running = made(severity, at)
    stopped = replace(running, contained_at=at + stop, reported_at=at + stop, authority_at=at + stop)
    within = {
        FindingStep.CONTAINED: CONTAIN_WITHIN,
        FindingStep.REPORTED: REPORT_WITHIN,
        FindingStep.AUTHORITY: AUTHORITY_WITHIN,
    }
    wanted = {Severity.MAJOR: 3, Severity.CRITICAL: 2, Severity.OTHER: 0}
    assert len(countdowns(stopped)) == wanted[severity]
    for before, after in zip(countdowns(running), countdowns(stopped), strict=True):
        limit = within[after.step]
        assert after.due_at == before.due_at == at + limit
        assert after.is_late(at + stop + later) is after.is_late(at) is (stop > limit)
        assert before.is_late(at + later) is (later > limit)
        assert before.left_s(at + later) == (limit - later).total_seconds()
        assert after.left_s(at + later) == (limit - stop).total_seconds()


@given(moments, steps)
def test_a_fault_is_known_for_at_most_31_days_and_a_deadline_is_set_for_at_most_a_year(
    now: datetime, ahead: timedelta
) -> None:
    until = now + ahead
    known, deadline = why_not_known_until(until, now), why_no_deadline(until, now)
    assert (known == "") is (timedelta(0) < ahead <= KNOWN_AT_MOST)
    assert (deadline == "") is (timedelta(0) < ahead <= LONGEST)
    assert known in ("", "known-past", "known-too-long")
    one = made(Severity.OTHER, now, known_until=until)
    assert one.is_known(now) is (ahead > timedelta(0))


@given(
    moments,
    st.lists(st.tuples(steps, st.sampled_from(Severity), st.sampled_from(FindingState), st.booleans()), max_size=12),
    st.randoms(),
)
def test_what_is_overdue_comes_first_by_its_deadline_and_nothing_is_lost(
    now: datetime, facts: list[tuple[timedelta, Severity, FindingState, bool]], random: object
) -> None:
    there = [
        replace(made(severity, now + ago, state=state), id=number, silenced_by=7 if silent else None)
        for number, (ago, severity, state, silent) in enumerate(facts)
    ]
    shuffled = list(there)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    listed = by_urgency(shuffled, now)
    assert sorted(one.id for one in listed) == [one.id for one in there]
    assert listed == by_urgency(there, now), "the same order, however they come"
    late = [one for one in listed if one.is_overdue(now) and one.silenced_by is None]
    assert list(listed[: len(late)]) == late
    assert [one.deadline for one in late] == sorted(one.deadline for one in late)
    over = [one.is_over for one in listed]
    assert over == sorted(over), "what is over comes last"
