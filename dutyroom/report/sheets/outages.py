"""Sheet 4: outages and hold time of the UPSes, with the estimate beside what really happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dutyroom import show
from dutyroom.model.reading import HoldVerdict
from dutyroom.report.chart import Chart, ChartKind, ChartSeries, Range
from dutyroom.report.facts.days import day_label
from dutyroom.report.facts.outages import OutageFact, OutageFacts, minutes
from dutyroom.report.facts.ups_days import UpsDay
from dutyroom.report.frame import Frame
from dutyroom.report.looks import ACCENT, RED
from dutyroom.report.page import Cell, Page
from dutyroom.report.report import Report
from dutyroom.report.sheets.hold_table import hold_table
from dutyroom.report.sheets.outage_tables import (
    GRID,
    LOAD,
    REQUIRED,
    RUNTIME,
    day_table,
    discharge_table,
    event_table,
    outage_table,
)
from dutyroom.report.tables_page import Placed, tables_page
from dutyroom.words import _

COLOURS = (ACCENT, "C0703A", "4C8C6B", "7A5C99", "B08A2E", "5B6B7C")
"""Of the UPSes in a chart; more of them are in the table alone."""
MOST_BARS = 20
LEAST_BAR_H = 0.1
"""Six minutes: a shorter bar would not be seen on paper."""
CHART_CM = 6.6
HALF = 9
"""The grid's column the right one of two charts stands in."""
DAY_LABEL, BAR_LABEL, BAR_BEGIN, BAR_LENGTH = (len(GRID) + number for number in range(1, 5))
"""Columns only the charts read."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The part of an outage that lies on one local day: hours since midnight, and how long."""

    label: str
    begin_h: float
    length_h: float


def outages_page(report: Report) -> Page:
    """Hold times, outages, power events, discharge tests and days; in the language in force."""
    frame, facts = report.frame, report.outages
    bars = bars_of(frame, facts.outages)
    drawn = bool(bars), any(day.load_mean_percent is not None for day in facts.days)
    placed = tables_page(
        "outages",
        _("UPS outages and hold time"),
        _(
            "Everything as it stood at the cut-off, {at}: an outage that ended later runs, a stamp that came later is "
            "not done. Times in {zone}."
        ).format(at=show.moment(frame.cutoff, frame.zone), zone=frame.zone.key),
        GRID,
        [
            hold_table(frame, facts.hold),
            outage_table(frame, facts),
            event_table(frame, facts),
            discharge_table(frame, facts),
            day_table(frame, facts),
        ],
        lines=[(_sentence(frame, facts), "sentence")],
        figures=facts.figures(),
        charts_cm=[_timeline_cm(bars)] * drawn[0] + [CHART_CM] * drawn[1],
        unseen=4,
    )
    charts = []
    rows = iter(placed.chart_rows)
    if drawn[0]:
        charts.append(_timeline(bars, next(rows), _are_all(frame, facts.outages, bars)))
    if drawn[1]:
        charts += _by_day(frame, facts.days, next(rows), placed)
    return replace(
        placed.page,
        cells=(*placed.page.cells, *_bar_cells(bars), *_day_labels(frame, facts.days, placed)),
        charts=tuple(charts),
    )


def _sentence(frame: Frame, facts: OutageFacts) -> str:
    if frame.cutoff <= frame.begins_at:
        return _("The period has not begun.")
    told = [_no_outages() if not facts.outages else _outages_told(facts)]
    for verdict, pattern in (
        (HoldVerdict.SHORT, _("Hold time short: {names}.")),
        (HoldVerdict.NO_EVIDENCE, _("Hold time without evidence: {names}.")),
        (HoldVerdict.EVIDENCE_OLD, _("Evidence of the hold time too old: {names}.")),
        (HoldVerdict.MET, _("Hold time met: {names}.")),
    ):
        if found := facts.held(verdict):
            told.append(pattern.format(names=", ".join(frame.site.label_of(one.ups) for one in found)))
    return " ".join(told)


def _no_outages() -> str:
    return _("No outage.")


def _outages_told(facts: OutageFacts) -> str:
    known = [one.in_period_s for one in facts.outages if one.in_period_s is not None]
    text = _("Outages of a UPS: {n}.").format(n=len(facts.outages))
    if known:
        text += " " + _("On battery: {all} min in all, {longest} min the longest.").format(
            all=show.number(minutes(sum(known))), longest=show.number(minutes(max(known)))
        )
    if gaps := sum(one.is_gap for one in facts.outages):
        text += " " + _("Nobody watched: {n}, their length is not known.").format(n=gaps)
    return text


def bars_of(frame: Frame, found: Sequence[OutageFact]) -> tuple[Bar, ...]:
    """A bar for every outage and local day inside the period; of too many the longest, in order of time."""
    pieces = [piece for one in found for piece in _pieces(frame, one)]
    longest = sorted(pieces, key=lambda piece: piece[0] - piece[1])[:MOST_BARS]
    return tuple(_bar(frame, *piece) for piece in sorted(longest, key=lambda piece: (piece[0], piece[2].outage.id)))


Piece = tuple[datetime, datetime, OutageFact]


def _pieces(frame: Frame, one: OutageFact) -> Iterator[Piece]:
    """The outage cut at every local midnight."""
    if one.is_gap:
        return
    at = max(one.outage.began_at, frame.begins_at)
    end = min(one.outage.ended_at or frame.cutoff, frame.cutoff)
    while at < end:
        local = at.astimezone(frame.zone)
        midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), tzinfo=frame.zone)
        until = min(end, max(midnight, at + timedelta(seconds=1)))
        yield at, until.astimezone(at.tzinfo), one
        at = until.astimezone(at.tzinfo)


def _bar(frame: Frame, began: datetime, ended: datetime, one: OutageFact) -> Bar:
    local = began.astimezone(frame.zone)
    name = frame.site.label_of(one.outage.ups)
    begin_h = local.hour + local.minute / 60 + local.second / 3600
    length_h = max(LEAST_BAR_H, (ended - began).total_seconds() / 3600)
    return Bar(f"{local:%m-%d} {name}", round(begin_h, 3), round(min(length_h, 24.0 - begin_h), 3))


def _are_all(frame: Frame, found: Sequence[OutageFact], bars: Sequence[Bar]) -> bool:
    return sum(1 for one in found for _piece in _pieces(frame, one)) == len(bars)


def _timeline_cm(bars: Sequence[Bar]) -> float:
    return max(3.6, 2.4 + 0.5 * len(bars))


def _timeline(bars: Sequence[Bar], row: int, all_drawn: bool) -> Chart:
    title = _("Outages by time of day (a bar is at least six minutes wide)")
    if not all_drawn:
        title = _("The {n} longest outages by time of day (a bar is at least six minutes wide)").format(n=len(bars))
    last = len(bars)
    return Chart(
        ChartKind.TIMELINE,
        title,
        (row, 1),
        len(GRID),
        _timeline_cm(bars),
        Range(1, BAR_LABEL, last, BAR_LABEL),
        (
            ChartSeries(_("Began"), Range(1, BAR_BEGIN, last, BAR_BEGIN), ACCENT),
            ChartSeries(_("Outage"), Range(1, BAR_LENGTH, last, BAR_LENGTH), "C0703A"),
        ),
        low=0,
        high=24,
        step=2,
        number_format="0",
        axis_title=_("Hour of the local day"),
    )


def _bar_cells(bars: Sequence[Bar]) -> Iterator[Cell]:
    for row, bar in enumerate(bars, 1):
        yield Cell(row, BAR_LABEL, bar.label, "records")
        yield Cell(row, BAR_BEGIN, bar.begin_h, "number 3")
        yield Cell(row, BAR_LENGTH, bar.length_h, "number 3")


def _day_labels(frame: Frame, days: Sequence[UpsDay], placed: Placed) -> Iterator[Cell]:
    for row, day in enumerate(days, placed.first_rows[-1]):
        yield Cell(row, DAY_LABEL, day_label(frame, day.day), "records")


def _by_day(frame: Frame, days: Sequence[UpsDay], row: int, placed: Placed) -> list[Chart]:
    """The mean load of every UPS, and its lowest runtime beside what is required."""
    names = list(dict.fromkeys(day.ups for day in days))[: len(COLOURS)]
    count = sum(day.ups == names[0] for day in days)
    first = placed.first_rows[-1]

    def down(place: int, column: int) -> Range:
        return Range(first + place * count, column, first + (place + 1) * count - 1, column)

    loads, runtimes = [], []
    needed: dict[float, Range] = {}
    for place, (name, colour) in enumerate(zip(names, COLOURS, strict=False)):
        label = frame.site.label_of(name)
        loads.append(ChartSeries(label, down(place, LOAD), colour))
        runtimes.append(ChartSeries(label, down(place, RUNTIME), colour))
        required_s = next(ups.hold_time_s for ups in frame.site.ups if ups.name == name)
        needed.setdefault(required_s, down(place, REQUIRED))
    limits = [
        ChartSeries(_("required {time}").format(time=show.hours(required_s)), cells, RED, limit=True)
        for required_s, cells in needed.items()
    ]

    def chart(title: str, column: int, columns: int, series: Sequence[ChartSeries]) -> Chart:
        return Chart(
            ChartKind.LINES,
            title,
            (row, column),
            columns,
            CHART_CM,
            down(0, DAY_LABEL),
            tuple(series),
            low=0,
            number_format="0",
        )

    return [
        chart(_("UPS load by day, mean %"), 1, HALF - 1, loads),
        chart(_("Runtime as the UPS tells it by day, lowest, min"), HALF, len(GRID) + 1 - HALF, [*runtimes, *limits]),
    ]
