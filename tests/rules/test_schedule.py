"""When a round is due, under any schedule, any zone and any clock: daylight saving, midnight, month ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutyroom.model.checklist import Cadence, Checklist, Schedule, Words
from dutyroom.model.periods import CriticalPeriod, PeriodKind
from dutyroom.rules.occurrences import occurrence
from dutyroom.rules.schedule import Slot, current_slot, latest_slot, next_slot, slot_at, slots_due

SHANGHAI, BERLIN, APIA = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")
ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"]
).map(ZoneInfo)
CALENDAR = [cadence for cadence in Cadence if cadence is not Cadence.PERIOD]
SCHEDULES = st.builds(
    Schedule,
    cadence=st.sampled_from(CALENDAR),
    due_at=st.times(time(0), time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0)),
    early_s=st.integers(0, 86400 * 2).map(float),
    window_s=st.integers(0, 86400 * 6).map(float),
    grace_s=st.none() | st.integers(0, 86400).map(float),
    weekday=st.integers(1, 7),
    day=st.integers(-92, 92).filter(bool),
)
MOMENTS = st.integers(0, 30 * 365 * 86400).map(lambda s: datetime(2009, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


def form(schedule: Schedule, name: str = "one") -> Checklist:
    return Checklist(name, Words(name, name), "v" * 12, (), schedule)


def period(starts_at: datetime, hours: float, every_s: float = 4 * 3600.0, **fields: object) -> CriticalPeriod:
    ends_at = starts_at + timedelta(hours=hours)
    return CriticalPeriod(
        PeriodKind.DRILL,
        "drill",
        "one",
        starts_at,
        ends_at,
        every_s,
        starts_at,
        "lead",
        id=7,
        **fields,  # type: ignore[arg-type]
    )


def local(slot: Slot, zone: ZoneInfo) -> datetime:
    return slot.due_at.astimezone(zone).replace(tzinfo=None)


@settings(deadline=None, max_examples=200)
@given(SCHEDULES, ZONES, MOMENTS)
def test_at_any_moment_a_walk_belongs_to_one_slot(schedule: Schedule, zone: ZoneInfo, now: datetime) -> None:
    checklist = form(schedule)
    slot, following = current_slot(checklist, now, zone), next_slot(checklist, now, zone)
    assert following is not None
    assert slot.opens_at <= now < following.opens_at
    assert slot.due_at <= following.opens_at
    assert slot.opens_at <= slot.due_at <= slot.late_after <= slot.missed_after <= following.opens_at
    if schedule.grace_s is None:
        assert slot.missed_after == following.opens_at
    assert slot_at(checklist, slot.due_at, zone) == slot


@settings(deadline=None, max_examples=100)
@given(SCHEDULES, ZONES, MOMENTS, st.integers(1, 400))
def test_slots_come_in_order_each_once_and_are_the_same_from_wherever_they_are_counted(
    schedule: Schedule, zone: ZoneInfo, begin: datetime, days: int
) -> None:
    checklist, end = form(schedule), begin + timedelta(days=days)
    slots = list(slots_due(checklist, begin, end, zone))
    assert all(begin <= slot.due_at < end for slot in slots)
    dues = [slot.due_at for slot in slots]
    assert dues == sorted(set(dues))
    assert len({slot.due_on for slot in slots}) == len(slots)
    half = begin + (end - begin) / 2
    assert slots == [*slots_due(checklist, begin, half, zone), *slots_due(checklist, half, end, zone)]


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]), SCHEDULES, MOMENTS)
def test_a_round_is_due_at_its_hour_whatever_daylight_saving_does(
    name: str, schedule: Schedule, begin: datetime
) -> None:
    zone = ZoneInfo(name)
    for slot in slots_due(form(schedule), begin, begin + timedelta(days=370), zone):
        on = local(slot, zone)
        assert on.date() == slot.due_on
        # The hour that is skipped moves on by the gap, and no other one.
        assert on.time() == schedule.due_at or on.time().hour in (2, 3)


@settings(deadline=None, max_examples=100)
@given(MOMENTS, st.integers(1, 400), st.integers(1800, 86400), ZONES, st.none() | st.integers(0, 86400))
def test_rounds_of_a_critical_period_come_at_even_distances_and_end_with_it(
    starts_at: datetime, hours: int, every_s: int, zone: ZoneInfo, closed_after_s: int | None
) -> None:
    checklist = form(Schedule(Cadence.PERIOD, early_s=600.0, window_s=1800.0))
    closed_at = starts_at + timedelta(seconds=closed_after_s) if closed_after_s is not None else None
    one = period(starts_at, hours, float(every_s), closed_at=closed_at)
    slots = list(slots_due(checklist, starts_at, one.ends_at, zone, [one]))
    assert [slot.due_at - starts_at for slot in slots] == [timedelta(seconds=every_s * n) for n in range(len(slots))]
    assert all(slot.due_at < one.over_at for slot in slots)
    if slots:
        assert slots[-1].due_at + timedelta(seconds=every_s) >= one.over_at
    for before, after in pairwise(slots):
        assert before.missed_after == after.opens_at


@pytest.mark.parametrize(
    ("schedule", "year", "expected"),
    [
        (Schedule(Cadence.WEEKLY, weekday=5), 2026, ["2026-10-02", "2026-10-09", "2026-10-16"]),
        (
            Schedule(Cadence.MONTHLY, day=31),
            2026,
            ["2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"],
        ),
        (
            Schedule(Cadence.MONTHLY, day=-1),
            2027,
            ["2027-10-31", "2027-11-30", "2027-12-31", "2028-01-31", "2028-02-29"],
        ),
        (Schedule(Cadence.QUARTERLY, day=-10), 2026, ["2026-12-22", "2027-03-22", "2027-06-21", "2027-09-21"]),
        (Schedule(Cadence.QUARTERLY, day=1), 2026, ["2026-10-01", "2027-01-01", "2027-04-01"]),
        (Schedule(Cadence.QUARTERLY, day=92), 2026, ["2026-12-31", "2027-03-31", "2027-06-30"]),
    ],
)
def test_month_and_quarter_ends(schedule: Schedule, year: int, expected: list[str]) -> None:
    begin = datetime(year, 9, 30, 16, tzinfo=UTC)
    found = [
        slot.due_on.isoformat() for slot in slots_due(form(schedule), begin, begin + timedelta(days=400), SHANGHAI)
    ]
    assert found[: len(expected)] == expected


def test_the_hour_that_daylight_saving_skips_moves_on_and_the_one_that_comes_twice_is_the_first() -> None:
    checklist = form(Schedule(due_at=time(2, 30)))
    begin = datetime(2026, 3, 28, 12, tzinfo=UTC)
    (skipped,) = slots_due(checklist, begin, begin + timedelta(days=1), BERLIN)
    assert skipped.due_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    begin = datetime(2026, 10, 24, 12, tzinfo=UTC)
    (twice,) = slots_due(checklist, begin, begin + timedelta(days=1), BERLIN)
    assert twice.due_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_that_a_zone_left_out_has_no_round() -> None:
    begin = datetime(2011, 12, 28, 12, tzinfo=UTC)
    slots = list(slots_due(form(Schedule()), begin, begin + timedelta(days=4), APIA))
    assert [slot.due_on for slot in slots] == [date(2011, 12, day) for day in (28, 29, 31)] + [date(2012, 1, 1)]
    assert [local(slot, APIA).time() for slot in slots] == [time(8, 30)] * 4


def test_every_fourth_quarter_is_the_last_of_the_year_and_every_third_month_ends_a_quarter() -> None:
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    quarters = slots_due(form(Schedule(Cadence.QUARTERLY)), begin, end, SHANGHAI)
    months = slots_due(form(Schedule(Cadence.MONTHLY)), begin, end, SHANGHAI)
    assert {slot.due_on.month for slot in quarters if (occurrence(Cadence.QUARTERLY, slot.due_on) or 1) % 4 == 0} == {
        10
    }
    assert {slot.due_on.month for slot in months if (occurrence(Cadence.MONTHLY, slot.due_on) or 1) % 3 == 0} == {
        3,
        6,
        9,
        12,
    }


def test_a_round_that_may_be_late_for_some_hours_is_missed_after_them() -> None:
    checklist = form(Schedule(grace_s=2 * 3600.0))
    now = datetime(2026, 11, 24, 4, tzinfo=UTC)
    slot = current_slot(checklist, now, SHANGHAI)
    assert slot.due_at == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert slot.missed_after == datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    assert slot.is_missed(now)
    assert not slot.is_missed(now - timedelta(microseconds=1))


def test_without_a_critical_period_its_checklist_has_no_slot() -> None:
    checklist, now = form(Schedule(Cadence.PERIOD)), datetime(2026, 11, 24, tzinfo=UTC)
    assert latest_slot(checklist, now, SHANGHAI) is None
    assert next_slot(checklist, now, SHANGHAI) is None
    coming = period(now + timedelta(hours=6), 8)
    first = next_slot(checklist, now, SHANGHAI, [coming])
    assert first is not None
    assert (first.due_at, first.period_id) == (coming.starts_at, 7)
    taken_back = period(now + timedelta(hours=6), 8, closed_at=now + timedelta(hours=1))
    assert next_slot(checklist, now, SHANGHAI, [taken_back]) is None


def test_a_window_of_days_ends_at_the_time_on_the_wall_also_over_a_change_of_the_clocks() -> None:
    last_days = form(Schedule(Cadence.QUARTERLY, time(8, 30), window_s=9 * 86400.0 + 15 * 3600.0, day=-10))
    slot = next(slots_due(last_days, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC), BERLIN))
    assert local(slot, BERLIN) == datetime(2026, 3, 22, 8, 30)  # noqa: DTZ001 - a time on the wall
    assert slot.late_after.astimezone(BERLIN).strftime("%m-%d %H:%M") == "03-31 23:30"
    over_night = form(Schedule(Cadence.WEEKLY, time(8, 30), window_s=33.5 * 3600.0, weekday=6))
    slot = next(slots_due(over_night, datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC), BERLIN))
    assert slot.late_after.astimezone(BERLIN).strftime("%m-%d %H:%M") == "10-25 18:00"
