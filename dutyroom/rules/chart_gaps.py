"""Which times have no value, and why: from the points there are, and what is known of the polls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from dutyroom.model.events import Event
from dutyroom.model.history import Gap, GapReason, HourOfPolls, Point

# Raw readings come once a minute; one that is late makes no gap.
READING_EVERY_S = 60.0
REACH = 2.5
# Of readings further apart than polls; fewer of them have no usual distance.
SPARSE_REACH, FEW = 1.5, 10
HOUR = timedelta(hours=1)


def reach_of(interval_s: float) -> float:
    """How far apart, in seconds, two readings of a source polled every `interval_s` may be to belong together."""
    return REACH * max(READING_EVERY_S, interval_s)


def reach_within(points: Sequence[Point], failures: Sequence[Gap], reach_s: float) -> float:
    """The reach for readings that were recorded more sparsely than polls are made, as those of an older rule are.

    One reading missing among them is a gap. Where polls failed for more than a fifth of the time, their distance tells
    nothing about how they were recorded, and `reach_s` stays.
    """
    if len(points) < FEW or points[0].lasts_s:
        return reach_s
    usual = median((after.at - before.at).total_seconds() for before, after in pairwise(points))
    lost = sum((gap.ended - gap.began).total_seconds() for gap in failures)
    if lost > (points[-1].at - points[0].at).total_seconds() / 5:
        return reach_s
    return max(reach_s, SPARSE_REACH * usual)


def runs(points: Sequence[Point], reach_s: float) -> list[list[Point]]:
    """The points in groups that belong together, oldest first."""
    found: list[list[Point]] = []
    for point in points:
        if found and point.at - _end(found[-1][-1]) <= timedelta(seconds=_reach(point, reach_s)):
            found[-1].append(point)
        else:
            found.append([point])
    return found


def gaps_of(
    points: Sequence[Point],
    failures: Sequence[Gap],
    polls: Sequence[HourOfPolls],
    since: datetime,
    until: datetime,
    reach_s: float,
) -> tuple[Gap, ...]:
    """The times between `since` and `until` without a value, cut where the reason changes.

    `failures` are the times of failed polls, of polls never made and of a clock set forward, as precisely as they are
    known; `polls` count them by the hour where nothing more is known.
    """
    found: list[Gap] = []
    for began, ended in _holes(points, since, until, reach_s):
        found += _explained(began, ended, failures, polls, timedelta(seconds=reach_s))
    return tuple(found)


def clock_gaps(steps: Iterable[Event]) -> tuple[Gap, ...]:
    """The times that never were, because the clock was set forward over them."""
    found = []
    for step in steps:
        was, now = step.param("was"), step.param("now")
        if was and now and datetime.fromisoformat(was) < datetime.fromisoformat(now):
            found.append(Gap(datetime.fromisoformat(was), datetime.fromisoformat(now), GapReason.CLOCK_SET))
    return tuple(found)


def failures_by_hour(polls: Iterable[HourOfPolls]) -> tuple[Gap, ...]:
    """The hours in which polls failed or were not made."""
    return tuple(
        Gap(hour.hour, hour.hour + HOUR, GapReason.FAILED if hour.failed >= hour.none else GapReason.NOT_POLLED)
        for hour in polls
        if hour.failed or hour.none
    )


def _reach(point: Point, reach_s: float) -> float:
    return 0.0 if point.lasts_s else reach_s


def _end(point: Point) -> datetime:
    return point.at + timedelta(seconds=point.lasts_s)


def _holes(
    points: Sequence[Point], since: datetime, until: datetime, reach_s: float
) -> list[tuple[datetime, datetime]]:
    """Where no value is: between points too far apart, and at both ends."""
    reach, at = timedelta(seconds=reach_s), since
    anchored = False
    found = []
    for point in points:
        far = timedelta(0) if point.lasts_s else reach
        if point.at - at > (far if anchored else reach if not point.lasts_s else far):
            found.append((max(at, since), min(point.at, until)))
        at, anchored = max(at, _end(point)), True
    if until - at > reach:
        found.append((max(at, since), until))
    return [(began, ended) for began, ended in found if ended > began]


def _explained(
    began: datetime, ended: datetime, failures: Sequence[Gap], polls: Sequence[HourOfPolls], slack: timedelta
) -> list[Gap]:
    """A hole, cut into pieces with a reason each. What is known to the second goes before what is counted by hours."""
    pieces: list[Gap] = []
    at = began
    for failure in failures:
        first, last = max(failure.began, at), min(failure.ended, ended)
        if failure.ended < began or failure.began > ended or last < first:
            continue
        # Up to the next poll a failure is all that is known.
        if first - at > slack:
            pieces += _by_hours(at, first, failures, polls)
        else:
            first = at
        pieces.append(replace(failure, began=first, ended=last))
        at = last
    if ended - at > slack or not pieces:
        pieces += _by_hours(at, ended, failures, polls)
    else:
        pieces[-1] = replace(pieces[-1], ended=ended)
    return _merged(piece for piece in pieces if piece.ended > piece.began)


def _by_hours(began: datetime, ended: datetime, failures: Sequence[Gap], polls: Sequence[HourOfPolls]) -> list[Gap]:
    """What the counts of the hours say about a time of which nothing more is known."""
    counted = {hour.hour: hour for hour in polls}
    pieces, at = [], began
    while at < ended:
        hour = at.replace(minute=0, second=0, microsecond=0)
        end = min(ended, hour + HOUR)
        pieces.append(Gap(at, end, _reason(counted.get(hour), _is_told(hour, failures))))
        at = end
    return _merged(pieces)


def _is_told(hour: datetime, failures: Sequence[Gap]) -> bool:
    """True when failures of that hour are known to the second: then the counts say nothing about the rest of it."""
    return any(one.began < hour + HOUR and one.ended >= hour for one in failures)


def _reason(hour: HourOfPolls | None, told: bool) -> GapReason:
    if hour is None:
        return GapReason.NO_RECORD
    if not told and (hour.failed or hour.none):
        return GapReason.FAILED if hour.failed >= hour.none else GapReason.NOT_POLLED
    if hour.ok:
        return GapReason.NO_VALUE
    return GapReason.FAILED if hour.failed > hour.none else GapReason.NOT_POLLED


def _merged(pieces: Iterable[Gap]) -> list[Gap]:
    found: list[Gap] = []
    for piece in pieces:
        if found and (found[-1].reason, found[-1].state) == (piece.reason, piece.state):
            found[-1] = replace(found[-1], ended=piece.ended)
        else:
            found.append(piece)
    return found
