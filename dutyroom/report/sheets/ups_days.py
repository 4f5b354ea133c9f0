"""Load and runtime of every UPS by day."""

from __future__ import annotations

from collections.abc import Sequence

from dutyroom import show
from dutyroom.report.chart import ChartKind, DateLabels, date_labels
from dutyroom.report.facts.outages import minutes
from dutyroom.report.facts.ups_days import UpsDay
from dutyroom.report.frame import Frame
from dutyroom.report.list_page import Column, ListChart, ListRow, ListSeries, list_page
from dutyroom.report.looks import ACCENT, RED
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sheets.days_listed import days_listed, left_out_told
from dutyroom.words import _

COLOURS = (ACCENT, "C0703A", "4C8C6B", "7A5C99", "B08A2E", "5B6B7C")
"""Of the UPSes in a chart; more of them are in the list alone."""
DAY, LOAD, RUNTIME, REQUIRED = 2, 3, 5, 6
"""Columns the charts draw, from 1."""


def ups_days_page(report: Report) -> Page:
    """One row a UPS and day under the charts of load and runtime; in the language in force."""
    frame = report.frame
    days = _listed(frame, report.outages.days)
    left_out = left_out_told(len(report.outages.days) - len(days))
    columns: list[Column] = [
        (_("UPS"), 30),
        (_("Day"), 14),
        (_("Load, mean %"), 18),
        (_("Load, highest %"), 18),
        (_("Runtime, lowest min"), 20),
        (_("Hold time required, min"), 20),
        (_("Hours with values"), 18),
        (_("Hours of the day"), 18),
    ]
    explained = _(
        "From the roll-ups by the hour; the runtime is what the UPS itself told, also while it was on battery. An "
        "empty cell was not known."
    )
    required = {ups.name: ups.hold_time_s for ups in frame.site.ups}
    return list_page(
        "ups_days",
        _("UPS load and runtime by day"),
        explained,
        columns,
        [_row(frame, one, required.get(one.ups)) for one in days],
        lines=[(left_out, "quiet")] if left_out else (),
        charts=_charts(frame, days) if any(one.load_mean_percent is not None for one in days) else (),
        across=2,
    )


def _listed(frame: Frame, days: Sequence[UpsDay]) -> list[UpsDay]:
    """The days that stand in the list: the same of every UPS, for a chart has one axis."""
    by_ups: dict[str, list[UpsDay]] = {}
    for one in days:
        by_ups.setdefault(one.ups, []).append(one)
    known = [any(_has_value(one) for one in same_day) for same_day in zip(*by_ups.values(), strict=True)]
    listed = days_listed(frame, known)
    return [some[place] for some in by_ups.values() for place in listed]


def _has_value(one: UpsDay) -> bool:
    return one.load_mean_percent is not None or one.runtime_low_s is not None


def _row(frame: Frame, one: UpsDay, required_s: float | None) -> ListRow:
    return ListRow(
        [
            (frame.site.label_of(one.ups), "text"),
            (one.day, "date"),
            (_rounded(one.load_mean_percent), "number 1"),
            (_rounded(one.load_high_percent), "number 1"),
            (minutes(one.runtime_low_s), "number 0"),
            (minutes(required_s), "number 0"),
            (one.hours, "count"),
            (one.hours_of_day, "count"),
        ],
        one.records,
    )


def _charts(frame: Frame, days: Sequence[UpsDay]) -> list[ListChart]:
    """The mean load of every UPS, and its lowest runtime beside what is required."""
    names = list(dict.fromkeys(day.ups for day in days))[: len(COLOURS)]
    count = sum(day.ups == names[0] for day in days)
    loads, runtimes = [], []
    needed: dict[float, tuple[int, int]] = {}
    for place, (name, colour) in enumerate(zip(names, COLOURS, strict=False)):
        label, rows = frame.site.label_of(name), (place * count, (place + 1) * count - 1)
        loads.append(ListSeries(label, LOAD, colour, rows=rows))
        runtimes.append(ListSeries(label, RUNTIME, colour, rows=rows))
        needed.setdefault(next(ups.hold_time_s for ups in frame.site.ups if ups.name == name), rows)
    limits = [
        ListSeries(_("required {time}").format(time=show.hours(required_s)), REQUIRED, RED, limit=True, rows=rows)
        for required_s, rows in needed.items()
    ]
    dates = date_labels(days[0].day, days[count - 1].day)
    return [
        _chart(_("UPS load by day, mean %"), loads, count, dates),
        _chart(_("Runtime as the UPS tells it by day, lowest, min"), [*runtimes, *limits], count, dates),
    ]


def _chart(title: str, series: Sequence[ListSeries], count: int, dates: DateLabels) -> ListChart:
    return ListChart(ChartKind.LINES, title, DAY, tuple(series), (0, count - 1), low=0, number_format="0", dates=dates)


def _rounded(value: float | None) -> float | None:
    return round(value, 1) if value is not None else None
