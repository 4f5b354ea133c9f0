"""Sheet 4: outages and hold time of the UPSes, with the estimate beside what really happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dutyroom import show
from dutyroom.model.reading import HoldVerdict
from dutyroom.report.chart import Chart, ChartKind, ChartSeries, Range
from dutyroom.report.facts.outages import OutageFact, OutageFacts, minutes
from dutyroom.report.frame import Frame
from dutyroom.report.looks import ACCENT
from dutyroom.report.page import Cell, Page
from dutyroom.report.report import Report
from dutyroom.report.sentences import joined
from dutyroom.report.sheets.hold_table import hold_table
from dutyroom.report.sheets.outage_tables import (
    GRID,
    discharge_table,
    event_table,
    outage_table,
)
from dutyroom.report.tables_page import tables_page
from dutyroom.words import _

MOST_BARS = 20
LEAST_BAR_H = 0.1
"""Six minutes: a shorter bar would not be seen on paper."""
BAR_LABEL, BAR_BEGIN, BAR_LENGTH = (len(GRID) + number for number in range(1, 4))
"""Columns only the chart reads."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The part of an outage that lies on one local day: hours since midnight, and how long."""

    label: str
    begin_h: float
    length_h: float


def outages_page(report: Report) -> Page:
    """Hold times, outages, power events and discharge tests; in the language in force."""
    frame, facts = report.frame, report.outages
    bars = bars_of(frame, facts.outages)
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
        ],
        lines=[(_sentence(frame, facts), "sentence")],
        figures=facts.figures(),
        charts_cm=[_timeline_cm(bars)] if bars else [],
        unseen=3,
    )
    charts = tuple(_timeline(bars, row, _are_all(frame, facts.outages, bars)) for row in placed.chart_rows)
    return replace(placed.page, cells=(*placed.page.cells, *_bar_cells(bars)), charts=charts)


def _sentence(frame: Frame, facts: OutageFacts) -> str:
    if frame.cutoff <= frame.begins_at:
        return _("The period has not begun.")
    told = _outages_told(facts) if facts.outages else [_no_outages()]
    for verdict, pattern in (
        (HoldVerdict.SHORT, _("Hold time short: {names}.")),
        (HoldVerdict.NO_EVIDENCE, _("Hold time without evidence: {names}.")),
        (HoldVerdict.EVIDENCE_OLD, _("Evidence of the hold time too old: {names}.")),
        (HoldVerdict.MET, _("Hold time met: {names}.")),
    ):
        if found := facts.held(verdict):
            told.append(pattern.format(names=", ".join(frame.site.label_of(one.ups) for one in found)))
    return joined(told)


def _no_outages() -> str:
    return _("No outage.")


def _outages_told(facts: OutageFacts) -> list[str]:
    known = [one.in_period_s for one in facts.outages if one.in_period_s is not None]
    told = [_("Outages of a UPS: {n}.").format(n=len(facts.outages))]
    if known:
        sentence = _("On battery: {all} min in all, {longest} min the longest.")
        whole, longest = (show.number(minutes(seconds)) for seconds in (sum(known), max(known)))
        told.append(sentence.format(all=whole, longest=longest))
    if gaps := sum(one.is_gap for one in facts.outages):
        told.append(_("Nobody watched: {n}, their length is not known.").format(n=gaps))
    return told


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
