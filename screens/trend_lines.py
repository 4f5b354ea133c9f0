"""How the answers of one line went, as a chart and as rows. Pure functions.

The line of the chart goes from signed round to signed round; where one was missed or skipped it is broken.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dutyroom import show
from dutyroom.model.reading import Origin
from dutyroom.model.room import RoomRecords
from dutyroom.model.trend import Trend, TrendPoint
from dutyroom.rules.chart import Column
from dutyroom.rules.chart_scale import bounds_of, scale_of
from dutyroom.words import _
from screens import device_lines
from screens.flow import flowing
from screens.widgets.chart import Drawing, Signs, drawn
from screens.widgets.lines import Line, Run, pad, role_of

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
LEAST_ROWS = 5
_LABEL_CELLS = 8


def head_lines(trend: Trend, width: int) -> list[Line]:
    """Span, lowest, mean, highest, and the limits that are in force."""
    values = trend.values
    days = f"{trend.since.isoformat()} – {trend.until.isoformat()}"
    lines = [device_lines.cut(((days, "strong"), ("  " + _("answers: {n}").format(n=len(trend.points)), "")), width)]
    notes = []
    if values:
        unit = trend.item.unit
        notes.append(
            _("lowest {low} · mean {mean} · highest {high}").format(
                low=show.number(min(values), unit),
                mean=show.number(math.fsum(values) / len(values), unit),
                high=show.number(max(values), unit),
            )
        )
    limit = trend.item.limit
    if limit.normal is not None:
        notes.append(_("normal {bounds}").format(bounds=f"{show.bounds(limit.normal)} {trend.item.unit}".strip()))
    if limit.critical is not None:
        notes.append(_("critical {bounds}").format(bounds=f"{show.bounds(limit.critical)} {trend.item.unit}".strip()))
    if trend.missed:
        notes.append(_("missed or skipped on {n} days").format(n=len(trend.missed)))
    return [*lines, *flowing(" · ".join(notes), width, "", most=3)]


def chart_lines(trend: Trend, zone: ZoneInfo, width: int, rows: int, signs: Signs) -> list[Line]:
    """The chart; nothing for an item without numbers."""
    values = trend.values
    if not values:
        return []
    least = max(1.0, abs(max(values)) * 0.02)
    scale = scale_of(min(values), max(values), trend.item.limit, least, STEPS, max(3, rows // 2))
    texts = [f"{round(tick, 6):g}" for tick in scale.ticks]
    cells = max(10, width - max(map(len, texts)) - 2)
    began, ended = _midnight(trend.since, zone), _midnight(trend.until + timedelta(days=1), zone)
    return drawn(
        Drawing(
            _columns(trend, began, ended, cells * signs.across),
            scale,
            texts,
            max(LEAST_ROWS, rows) - 3,
            signs,
            banded=False,
            limits=[bound for bound in bounds_of(trend.item.limit) if scale.bottom < bound <= scale.top],
            labels=_labels(trend, zone, began, ended, cells),
        )
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _columns(trend: Trend, began: datetime, ended: datetime, count: int) -> list[Column]:
    bucket = (ended - began) / count
    values: list[tuple[float, float, float] | None] = [None] * count
    joined = [False] * count
    before: tuple[int, TrendPoint] | None = None
    for point in trend.points:
        at = math.floor((point.at - began) / bucket)
        if point.value is None or not 0 <= at < count:
            continue
        if before is not None and not _broken(trend, before[1], point):
            _join(values, joined, before, at, point.value)
        old = values[at]
        lowest, highest = (old[0], old[2]) if old is not None else (point.value, point.value)
        values[at] = (min(lowest, point.value), point.value, max(highest, point.value))
        before = (at, point)
    made: list[Column] = []
    nothing: tuple[float | None, float | None, float | None] = (None, None, None)
    for n, value in enumerate(values):
        low, mean, high = value if value is not None else nothing
        made.append(Column(began + bucket * n, began + bucket * (n + 1), low, mean, high, joined=joined[n]))
    return made


def _broken(trend: Trend, before: TrendPoint, after: TrendPoint) -> bool:
    """True when a day lies between on which a round was missed or skipped."""
    return any(before.due_on < day < after.due_on for day in trend.missed)


def _join(
    values: list[tuple[float, float, float] | None],
    joined: list[bool],
    before: tuple[int, TrendPoint],
    at: int,
    value: float,
) -> None:
    first, start = before[0], before[1].value or 0.0
    for n in range(first + 1, at):
        between = start + (value - start) * (n - first) / (at - first)
        values[n] = (between, between, between)
        joined[n] = True
    if at > first:
        joined[at] = True


def _labels(trend: Trend, zone: ZoneInfo, began: datetime, ended: datetime, cells: int) -> list[tuple[int, str]]:
    days = (trend.until - trend.since).days + 1
    every = max(1, math.ceil(days / max(2, cells // _LABEL_CELLS)))
    found = [trend.since + timedelta(days=n) for n in range(0, days, every)]
    return [(int((_midnight(day, zone) - began) / (ended - began) * cells), day.isoformat()[5:]) for day in found]


def rows(trend: Trend, records: RoomRecords | None, zone: ZoneInfo) -> list[tuple[tuple[str, ...], TrendPoint]]:
    """One row an answer, the newest first: when, the answer, by whom, how, marks and note."""
    return [
        (
            (
                show.moment(point.at, zone)[5:],
                show.answer(trend.item, point.answer),
                show.verdict(point.verdict),
                records.person(point.by) if records is not None else point.by,
                show.origin(point.origin) if point.origin is not Origin.TYPED else "",
                ", ".join(map(show.mark, point.marks)),
                point.note,
            ),
            point,
        )
        for point in reversed(trend.points)
    ]


def row_lines(told: Sequence[tuple[tuple[str, ...], TrendPoint]], at: int, width: int) -> list[Line]:
    """The rows with a cursor; columns nobody has anything in are left out."""
    if not told:
        return []
    columns = [min(22, device_lines.label_width(cells)) for cells in zip(*(cells for cells, _p in told), strict=True)]
    lines: list[Line] = []
    for n, (cells, point) in enumerate(told):
        text = "  ".join(pad(cell, column) for cell, column in zip(cells, columns, strict=True) if column)
        mark: Run = (f"{show.symbol(point.verdict)} ", role_of(point.verdict))
        runs: tuple[Run, ...] = (("▸" if n == at else " ", "key"), mark, (text, "cursor" if n == at else ""))
        lines.append(device_lines.cut(runs, width))
    return lines
