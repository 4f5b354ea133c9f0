"""The moments that are written under a chart, in the site's zone: round local times, whatever the clocks do there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dutyroom.model.history import Span

# Offsets of zones are multiples of a quarter of an hour; ten minutes past are found among these too.
_LOOK_EVERY = timedelta(minutes=5)
_DAY_MIN = 24 * 60
# How far the right border of a chart that shows the present lies ahead: what is read does not move with every minute.
_AHEAD_MIN = {Span.HOUR: 10, Span.DAY: 3 * 60, Span.WEEK: _DAY_MIN, Span.MONTH: _DAY_MIN}
# Of these the smallest whose labels have room is taken, in minutes.
_STEPS = {
    Span.HOUR: (5, 10, 15, 20, 30),
    Span.DAY: (60, 120, 180, 240, 360, 720),
    Span.WEEK: (_DAY_MIN, 2 * _DAY_MIN),
    Span.MONTH: (_DAY_MIN, 2 * _DAY_MIN, 5 * _DAY_MIN, 10 * _DAY_MIN),
}


def window(span: Span, zone: ZoneInfo, now: datetime, until: datetime | None = None) -> tuple[datetime, datetime]:
    """From when to when (UTC) a chart shows: up to `until`, or up to the next round time after `now`."""
    newest = _next(now, _AHEAD_MIN[span], zone)
    end = newest if until is None or until >= newest else until
    return end - span.length, end


def moved(until: datetime, span: Span, halves: int, newest: datetime) -> datetime | None:
    """`until` moved by half a span `halves` times, None where that reaches the present (`newest`)."""
    end = until + span.length / 2 * halves
    return None if end >= newest else end


def labels(span: Span, since: datetime, until: datetime, zone: ZoneInfo, most: int) -> tuple[datetime, ...]:
    """At most `most` round local moments (UTC) from `since` up to `until`."""
    for step in _STEPS[span]:
        found = ticks(since, until, step, zone)
        if len(found) <= most:
            return found
    return found[:: -(-len(found) // max(1, most))]


def ticks(since: datetime, until: datetime, step_min: int, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments (UTC) from `since` up to `until` at which the local clock shows a multiple of the step.

    Of a day or more it is every so manieth local midnight, counted by the calendar. A local time that comes twice is
    there twice, one that is skipped not at all.
    """
    if step_min >= _DAY_MIN:
        return _midnights(since, until, step_min // _DAY_MIN, zone)
    at = since.astimezone(UTC).replace(minute=since.minute // 5 * 5, second=0, microsecond=0)
    found = []
    while at < until:
        local = at.astimezone(zone)
        if at >= since and (local.hour * 60 + local.minute) % step_min == 0:
            found.append(at)
        at += _LOOK_EVERY
    return tuple(found)


def offset_changes(since: datetime, until: datetime, zone: ZoneInfo) -> tuple[tuple[datetime, timedelta], ...]:
    """When between the two moments (UTC) the zone's clocks are put forward or back by rule, and by how much."""
    found, at = [], since.astimezone(UTC)
    while at < until:
        later = min(until, at + timedelta(hours=1))
        by = _offset(later, zone) - _offset(at, zone)
        if by:
            found.append((_change_between(at, later, zone), by))
        at = later
    return tuple(found)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return (after + timedelta(seconds=29)).replace(second=0, microsecond=0)


def _midnights(since: datetime, until: datetime, every: int, zone: ZoneInfo) -> tuple[datetime, ...]:
    day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    found = []
    while day <= last:
        at = _midnight(day, zone)
        # Counted within the month, so that the labels stay where they are while the chart moves on; a 31st would
        # stand beside the next 1st.
        is_one = (day.day - 1) % every == 0 and (every == 1 or day.day < 31)
        if is_one and since <= at < until:
            found.append(at)
        day += timedelta(days=1)
    return tuple(found)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def _next(now: datetime, step_min: int, zone: ZoneInfo) -> datetime:
    reach = timedelta(minutes=step_min) + timedelta(days=1)
    return next(at for at in ticks(now, now + 2 * reach, step_min, zone) if at > now)
