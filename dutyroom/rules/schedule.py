"""When is a round due, late, missed?

A slot is one occurrence of a checklist. Its times follow from the schedule alone: no counter has to be kept, and a slot
nobody walked shifts no later one. Calendar slots are due at a local time, so that daylight saving moves the moment and
not the hour; those of a critical period come at even distances from its beginning, whatever the wall clock does.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dutyroom.model.checklist import Cadence, Checklist, Schedule
from dutyroom.model.periods import CriticalPeriod

NOON = time(12)
WEEK = 7
DAY_S = 86400.0
MONTHS = 12
MONTHS_OF_QUARTER = 3
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Slot:
    """One occurrence of a checklist: when it is due, from when it may start, after when it is late, and missed. UTC.

    `period_id` is the critical period it belongs to. Which items are asked at it: `rules.occurrences`.
    """

    due_at: datetime
    due_on: date
    opens_at: datetime
    late_after: datetime
    missed_after: datetime
    period_id: int | None = None

    def is_late(self, at: datetime) -> bool:
        """True when a round started or signed at that moment is late."""
        return at > self.late_after

    def is_missed(self, at: datetime) -> bool:
        """True when at that moment a round that was not begun is missed; from then on none may begin."""
        return at >= self.missed_after


def daily_slot(checklist: Checklist, day: date, zone: ZoneInfo) -> Slot:
    """The slot of a calendar checklist whose day, week, month or quarter holds that local day."""
    return _calendar_slot(checklist.schedule, zone, _index(checklist.schedule.cadence, day))


def current_slot(checklist: Checklist, now: datetime, zone: ZoneInfo) -> Slot:
    """The slot of a calendar checklist a walk begun now belongs to: the newest that may start, missed or not."""
    schedule = checklist.schedule
    index = _index(schedule.cadence, now.astimezone(zone).date()) + 1
    while True:
        slot = _calendar_slot(schedule, zone, index)
        if slot.opens_at <= now and _is_real(schedule, slot, zone):
            return slot
        index -= 1


def latest_slot(
    checklist: Checklist, now: datetime, zone: ZoneInfo, periods: Sequence[CriticalPeriod] = ()
) -> Slot | None:
    """The newest slot that may start at `now`, missed or not; None for a checklist of periods while there was none."""
    if checklist.schedule.cadence is not Cadence.PERIOD:
        return current_slot(checklist, now, zone)
    opened = [
        slot for one in _of(checklist, periods) for slot in period_slots(checklist, one, zone) if slot.opens_at <= now
    ]
    return max(opened, key=lambda slot: slot.due_at, default=None)


def next_slot(
    checklist: Checklist, now: datetime, zone: ZoneInfo, periods: Sequence[CriticalPeriod] = ()
) -> Slot | None:
    """The first slot that may not start yet at `now`; None when no critical period runs or is to come."""
    schedule = checklist.schedule
    if schedule.cadence is Cadence.PERIOD:
        coming = [
            slot
            for one in _of(checklist, periods)
            for slot in period_slots(checklist, one, zone)
            if slot.opens_at > now
        ]
        return min(coming, key=lambda slot: slot.due_at, default=None)
    index = _index(schedule.cadence, current_slot(checklist, now, zone).due_on) + 1
    while not _is_real(schedule, slot := _calendar_slot(schedule, zone, index), zone):
        index += 1
    return slot


def slots_due(
    checklist: Checklist, begin: datetime, end: datetime, zone: ZoneInfo, periods: Sequence[CriticalPeriod] = ()
) -> Iterator[Slot]:
    """The slots due from `begin` on and before `end`, by their time within the calendar or within each period."""
    schedule = checklist.schedule
    if schedule.cadence is Cadence.PERIOD:
        for one in _of(checklist, periods):
            yield from (slot for slot in period_slots(checklist, one, zone) if begin <= slot.due_at < end)
        return
    index = _index(schedule.cadence, begin.astimezone(zone).date()) - 1
    while (slot := _calendar_slot(schedule, zone, index)).due_at < end:
        if slot.due_at >= begin and _is_real(schedule, slot, zone):
            yield slot
        index += 1


def slot_at(
    checklist: Checklist, due_at: datetime, zone: ZoneInfo, periods: Sequence[CriticalPeriod] = ()
) -> Slot | None:
    """The slot due at exactly that moment; None when the checklist has none."""
    return next(slots_due(checklist, due_at, due_at + timedelta(microseconds=1), zone, periods), None)


def slot_of(checklist: Checklist, due_at: datetime, zone: ZoneInfo, periods: Sequence[CriticalPeriod] = ()) -> Slot:
    """The slot of a round that was due then, also when the schedule or the zone is another one since."""
    known = slot_at(checklist, due_at, zone, periods)
    if known is not None:
        return known
    schedule, due_on = checklist.schedule, due_at.astimezone(zone).date()
    opens_at = due_at - timedelta(seconds=schedule.early_s)
    late_after = _later(due_at, schedule.window_s, zone)
    return Slot(due_at, due_on, opens_at, late_after, late_after)


def period_slots(checklist: Checklist, period: CriticalPeriod, zone: ZoneInfo) -> Iterator[Slot]:
    """The slots of a critical period: the first at its beginning, none due at or after its end."""
    schedule, every = checklist.schedule, timedelta(seconds=period.every_s)
    early = min(timedelta(seconds=schedule.early_s), every)
    due_at = period.starts_at
    while due_at < period.over_at:
        following = due_at + every - early
        late_after = min(due_at + timedelta(seconds=schedule.window_s), following)
        missed_after = _missed_after(schedule, late_after, following)
        due_on = due_at.astimezone(zone).date()
        yield Slot(due_at, due_on, due_at - early, late_after, missed_after, period.id)
        due_at += every


@lru_cache(maxsize=4096)
def _calendar_slot(schedule: Schedule, zone: ZoneInfo, index: int) -> Slot:
    before, due_at, after = (_due_at(schedule, zone, index + by) for by in (-1, 0, 1))
    early = timedelta(seconds=schedule.early_s)
    # None may start before the one before it was due: there is always one slot a walk belongs to.
    following = max(after - early, due_at)
    late_after = min(_later(due_at, schedule.window_s, zone), following)
    return Slot(
        due_at=due_at,
        due_on=_due_on(schedule, index),
        opens_at=max(due_at - early, before),
        late_after=late_after,
        missed_after=_missed_after(schedule, late_after, following),
    )


def _later(at: datetime, by_s: float, zone: ZoneInfo) -> datetime:
    """So much later: hours that pass, but from a whole day on the time on the wall, whatever the clocks do between.

    A check from Monday 08:30 to Tuesday 18:00, or to the end of the month, ends then on a day of 23 or 25 hours too.
    """
    if by_s < DAY_S:
        return at + timedelta(seconds=by_s)
    wall = at.astimezone(zone) + timedelta(seconds=by_s)
    return wall.replace(fold=0).astimezone(UTC)


def _missed_after(schedule: Schedule, late_after: datetime, following: datetime) -> datetime:
    if schedule.grace_s is None:
        return following
    return min(late_after + timedelta(seconds=schedule.grace_s), following)


def _due_at(schedule: Schedule, zone: ZoneInfo, index: int) -> datetime:
    """A local time that daylight saving skips moves on by the gap; of one that comes twice it is the first."""
    day = _due_on(schedule, index)
    while not _exists(day, zone):
        day += timedelta(days=1)
    return datetime.combine(day, schedule.due_at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def _is_real(schedule: Schedule, slot: Slot, zone: ZoneInfo) -> bool:
    """False for the daily slot of a day that a zone left out when it crossed the date line."""
    return schedule.cadence is not Cadence.DAILY or _exists(slot.due_on, zone)


def _exists(day: date, zone: ZoneInfo) -> bool:
    return datetime.combine(day, NOON, tzinfo=zone).astimezone(UTC).astimezone(zone).date() == day


def _index(cadence: Cadence, day: date) -> int:
    """The number of the day, week, month or quarter that holds a local day."""
    match cadence:
        case Cadence.DAILY:
            return day.toordinal()
        case Cadence.WEEKLY:
            return (day.toordinal() - 1) // WEEK
        case Cadence.MONTHLY:
            return day.year * MONTHS + day.month
        case Cadence.QUARTERLY:
            return day.year * QUARTERS + (day.month - 1) // MONTHS_OF_QUARTER + 1
        case Cadence.PERIOD:
            raise ValueError("a checklist of critical periods has no calendar")


def _due_on(schedule: Schedule, index: int) -> date:
    match schedule.cadence:
        case Cadence.DAILY:
            return date.fromordinal(index)
        case Cadence.WEEKLY:
            # The first of January of the year 1 was a Monday.
            return date.fromordinal(index * WEEK + schedule.weekday)
        case Cadence.MONTHLY:
            return _day_of(schedule.day, index - 1, 1)
        case Cadence.QUARTERLY:
            return _day_of(schedule.day, (index - 1) * MONTHS_OF_QUARTER, MONTHS_OF_QUARTER)
        case Cadence.PERIOD:
            raise ValueError("a checklist of critical periods has no calendar")


def _day_of(day: int, first_month: int, months: int) -> date:
    """The n-th day of a run of months, or from its end when negative; never outside of it."""
    year, month = divmod(first_month, MONTHS)
    first = date(year, month + 1, 1)
    days = sum(calendar.monthrange(year, month + 1 + more)[1] for more in range(months))
    number = day if day > 0 else days + 1 + day
    return first + timedelta(days=min(max(number, 1), days) - 1)


def _of(checklist: Checklist, periods: Sequence[CriticalPeriod]) -> Iterator[CriticalPeriod]:
    return (one for one in periods if one.checklist == checklist.name)
