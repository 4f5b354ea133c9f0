"""How values over time become columns. A gap is a gap: nothing is drawn across a time without values."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from dutyroom.model.history import Gap, Point, Series
from dutyroom.rules.chart_gaps import READING_EVERY_S, runs


@dataclass(frozen=True, slots=True)
class Column:
    """A slice of time (UTC) with lowest, mean and highest of its values, or None for each.

    `joined` when the line goes on from the column before. `gap` says why there is no value, `failure` that polls
    failed or were not made in it all the same. `ahead` is a time that has not come yet.
    """

    began: datetime
    ended: datetime
    low: float | None = None
    mean: float | None = None
    high: float | None = None
    joined: bool = False
    gap: Gap | None = None
    failure: Gap | None = None
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """Lowest, mean and highest value of a series, and when (UTC) the extremes were first seen."""

    low: float
    low_at: datetime
    mean: float
    high: float
    high_at: datetime
    count: int


def columns(series: Series, count: int) -> tuple[Column, ...]:
    """The series in that many slices of equal length."""
    bucket = (series.until - series.since) / count
    edges = [series.since + bucket * n for n in range(count + 1)]
    made = [Column(began, ended, ahead=began >= series.read_at) for began, ended in pairwise(edges)]
    for run in runs(series.points, series.reach_s):
        _put_run(made, run, series.since, bucket)
    return tuple(_marked(made, series, edges))


def summary(points: Iterable[Point], since: datetime, until: datetime) -> Summary | None:
    """Of the points that begin between `since` and `until`; None when there is none."""
    inside = [point for point in points if since <= point.at < until]
    if not inside:
        return None
    lowest = min(inside, key=lambda point: point.low)
    highest = max(inside, key=lambda point: point.high)
    count = sum(point.count for point in inside)
    mean = math.fsum(point.mean * point.count for point in inside) / count
    return Summary(lowest.low, lowest.at, mean, highest.high, highest.at, count)


def _put_run(made: list[Column], run: Sequence[Point], since: datetime, bucket: timedelta) -> None:
    """Puts points that belong together into their columns; between two of them the earlier one holds."""
    before: int | None = None
    held = run[0]
    for point in run:
        at = math.floor((point.at - since) / bucket)
        if before is not None:
            _hold(made, held, before + 1, at - 1)
        _put(made, at, point, joined=before is not None and at != before)
        before, held = at, point
    assert before is not None
    lasts = timedelta(seconds=held.lasts_s or READING_EVERY_S)
    _hold(made, held, before + 1, math.ceil((held.at + lasts - since) / bucket) - 1)


def _hold(made: list[Column], point: Point, first: int, last: int) -> None:
    for at in range(max(0, first), min(len(made) - 1, last) + 1):
        if made[at].mean is None and not made[at].ahead:
            _put(made, at, point, joined=at > 0)


def _put(made: list[Column], at: int, point: Point, *, joined: bool) -> None:
    if not 0 <= at < len(made):
        return
    was = made[at]
    if was.mean is None or was.low is None or was.high is None:
        made[at] = replace(was, low=point.low, mean=point.mean, high=point.high, joined=joined and at > 0)
    else:
        # Of several readings in one column the line shows the newest, the band all of them.
        low, high = min(was.low, point.low), max(was.high, point.high)
        made[at] = replace(was, low=low, mean=point.mean, high=high)


def _marked(made: Sequence[Column], series: Series, edges: Sequence[datetime]) -> Iterable[Column]:
    """The columns with the reasons for what is missing in them."""
    gaps: dict[int, tuple[timedelta, Gap]] = {}
    for gap in series.gaps:
        for at, overlap in _overlaps(gap, edges):
            if at not in gaps or overlap > gaps[at][0]:
                gaps[at] = (overlap, gap)
    failures = {at: gap for gap in series.failures for at, _overlap in _overlaps(gap, edges)}
    for at, column in enumerate(made):
        missing = gaps[at][1] if at in gaps else None
        failure = None if column.ahead else failures.get(at, missing)
        yield replace(column, gap=missing if column.mean is None else None, failure=failure)


def _overlaps(gap: Gap, edges: Sequence[datetime]) -> Iterable[tuple[int, timedelta]]:
    first = max(0, bisect_right(edges, gap.began) - 1)
    last = min(len(edges) - 2, bisect_left(edges, gap.ended) - 1 if gap.ended > gap.began else first)
    for at in range(first, last + 1):
        if gap.ended >= edges[at] and gap.began <= edges[at + 1]:
            yield at, min(gap.ended, edges[at + 1]) - max(gap.began, edges[at])
