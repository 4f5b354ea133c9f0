"""Sheet 9: the zero reports, a row for every duty day, those without one too."""

from __future__ import annotations

from dutyroom import show, zero_words
from dutyroom.model.rounds import Mark
from dutyroom.model.zero_report import ZeroDay, ZeroState
from dutyroom.report.facts.zero import records_of
from dutyroom.report.frame import Frame
from dutyroom.report.list_page import Column, ListRow, Shown, list_page
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.words import _

_LOOKS = {ZeroState.MISSING: "verdict fault", ZeroState.EVENTS: "verdict attention"}


def zero_page(report: Report) -> Page:
    """One duty day a row with who sent its report and when, every version counted; in the language in force."""
    facts, frame = report.zero, report.frame
    columns: list[Column] = [
        (_("Duty day"), 12.5),
        (_("From"), 17),
        (_("Until"), 17),
        (_("State"), 18),
        (_("Sent at"), 17),
        (_("By"), 16),
        (_("Late"), 8),
        (_("Versions"), 10),
        (_("Last version at"), 17),
        (_("Amended because"), 40),
    ]
    explained = _(
        "One duty day a row, named by the day it ends on. A missing one stays missing; what was sent after the time "
        "the site allows is late. Versions signed after the end of the period are not counted. Times in {zone}."
    ).format(zone=frame.zone.key)
    rows = [ListRow(_row(day, frame), records_of(day)) for day in facts.days]
    return list_page("zero", _("Zero reports"), explained, columns, rows, figures=facts.figures())


def _row(day: ZeroDay, frame: Frame) -> list[Shown]:
    first = day.versions[0] if day.versions else None
    last = day.report if day.is_amended else None
    return [
        (day.window.duty_day, "date"),
        (day.window.begins_at, "moment"),
        (day.window.ends_at, "moment"),
        (zero_words.standing(day), _LOOKS.get(day.state, "centre")),
        (first.signed_at if first is not None else None, "moment"),
        (frame.person(first.signed_by) if first is not None else "", "text"),
        (show.mark(Mark.LATE) if day.is_late else "", "verdict attention" if day.is_late else "centre"),
        (len(day.versions) or None, "count"),
        (last.signed_at if last is not None else None, "moment"),
        (_reasons(day), "text"),
    ]


def _reasons(day: ZeroDay) -> str:
    """Why each later version was made, in order."""
    return "\n".join(one.reason or "" for one in day.versions if one.version > 1)
