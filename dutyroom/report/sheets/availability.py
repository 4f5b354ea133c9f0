"""Sheet 5: how available every device, system and line was, and every time one of them did not answer."""

from __future__ import annotations

from dutyroom.model.availability import DownSpan
from dutyroom.model.reading import Kind
from dutyroom.report.chart import ChartKind
from dutyroom.report.facts.availability import ATTENTION_BELOW, AvailabilityFacts, SourceFact
from dutyroom.report.list_page import Column, ListChart, ListRow, ListSeries, Shown, list_page
from dutyroom.report.looks import ACCENT
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.words import N_, _

MOST_BARS = 25
"""The chart shows so many, the lowest; all are in the table."""
NAME, SHARE = 2, 11
"""Columns of the chart, from 1."""
AXIS_FROM = (0.999, 0.99, 0.95, 0.9, 0.5)
"""Where the axis may begin: what is below the lowest bar is left out, so that the bars differ."""
KINDS = {
    Kind.UPS: N_("UPS"),
    Kind.NETWORK: N_("Network"),
    Kind.SERVER: N_("Server"),
    Kind.SYSTEM: N_("System"),
    Kind.LINE: N_("Line"),
}


def availability_page(report: Report) -> Page:
    """One row a device, the lowest availability first, under a bar for each; in the language in force."""
    facts = report.availability
    columns: list[Column] = [
        (_("Kind"), 13),
        (_("Device, system or line"), 30),
        (_("Counted from"), 17),
        (_("Polls answered"), 11),
        (_("Polls failed"), 10),
        (_("Polls not made"), 10),
        (_("Up, min"), 12),
        (_("Down, min"), 12),
        (_("Planned, min"), 14),
        (_("Unknown, min"), 12),
        (_("Availability"), 12),
        (_("Times down"), 9),
        (_("Longest, min"), 14),
    ]
    explained = _(
        "Availability = up ÷ (up + down). Down: two or more failed polls in a row, from the first to the answer. "
        "Planned: maintenance entered before it began. Unknown: nobody polled. Polls are those of whole hours (UTC)."
    )
    return list_page(
        "availability",
        _("Availability"),
        explained,
        columns,
        [_row(one) for one in facts.sources],
        figures=facts.figures(),
        charts=_charts(facts),
    )


def downtime_page(report: Report) -> Page:
    """Every row of failed polls that counts as down or was planned, oldest first; in the language in force."""
    facts = report.availability
    columns: list[Column] = [
        (_("Kind"), 13),
        (_("Device, system or line"), 30),
        (_("From"), 17),
        (_("Until"), 17),
        (_("Minutes"), 10),
        (_("Counted as down, min"), 15),
        (_("Within planned maintenance, min"), 17),
        (_("Planned maintenance"), 36),
        (_("Remark"), 26),
    ]
    windows = {name: window.reason for name, window in facts.windows}
    explained = _("Two or more failed polls in a row, cut at both ends of the period. {n} rows. Times in {zone}.")
    spans = facts.spans()
    return list_page(
        "downtimes",
        _("Downtimes"),
        explained.format(n=len(spans), zone=report.frame.zone.key),
        columns,
        [_span_row(report, one, span, windows) for one, span in spans],
    )


def _row(one: SourceFact) -> ListRow:
    kind: Shown = (_(KINDS[one.kind]) if one.kind in KINDS else "–", "centre")
    name: Shown = (_name(one), "text")
    found = one.found
    if found.counted_from is None:
        why = _("not polled yet") if one.is_checked else _("not checked")
        return ListRow([kind, name, (why, "centre"), *[(None, "count")] * 7, ("–", "centre"), *[(None, "count")] * 2])
    share: Shown = ("–", "centre")
    if found.share is not None:
        low = " attention" if found.share < ATTENTION_BELOW else ""
        share = (found.share, f"percent 3{low}")
    return ListRow(
        [
            kind,
            name,
            (found.counted_from, "moment"),
            *((count, "count") for count in (found.ok, found.failed, found.none)),
            *((seconds / 60, "number 1") for seconds in (found.up_s, found.down_s, found.planned_s, found.unknown_s)),
            share,
            (found.times_down, "count"),
            (found.longest_s / 60, "number 1"),
        ],
        found.ids,
    )


def _span_row(report: Report, one: SourceFact, span: DownSpan, windows: dict[str, str]) -> ListRow:
    remarks = [_("began before the period")] if span.began == report.frame.begins_at else []
    remarks += [_("still down at the end")] if span.lasts else []
    return ListRow(
        [
            (_(KINDS[one.kind]) if one.kind in KINDS else "–", "centre"),
            (_name(one), "text"),
            (span.began, "moment"),
            (span.ended, "moment"),
            ((span.ended - span.began).total_seconds() / 60, "number 1"),
            (span.down_s / 60, "number 1"),
            (span.planned_s / 60, "number 1"),
            ("; ".join(windows[name] for name in span.windows), "text"),
            (", ".join(remarks), "text"),
        ],
        (span.id, *span.windows),
    )


def _name(one: SourceFact) -> str:
    return one.label if one.in_site else _("{name} (no longer in the site file)").format(name=one.label)


def _charts(facts: AvailabilityFacts) -> list[ListChart]:
    shares = [one.found.share for one in facts.known if one.found.share is not None]
    if not shares:
        return []
    bars = min(len(shares), MOST_BARS)
    title = _("Availability") if bars == len(shares) else _("The {n} lowest availabilities").format(n=bars)
    return [
        ListChart(
            ChartKind.BARS,
            title,
            NAME,
            (ListSeries(_("Availability"), SHARE, ACCENT),),
            rows=(0, bars - 1),
            height_cm=2.2 + 0.55 * bars,
            low=next((low for low in AXIS_FROM if low < shares[0]), 0.0),
            high=1.0,
            number_format="0.0%",
            valued="0.000%",
        )
    ]
