"""The zero reports of the month: a row for every duty day, those without one too."""

from __future__ import annotations

from dutyroom import zero_words
from dutyroom.model.zero_report import ZeroDay, ZeroState
from dutyroom.report.lists import Column, Shown, list_page
from dutyroom.report.month_records import MonthRecords
from dutyroom.report.page import Page
from dutyroom.words import _

_LOOKS = {ZeroState.MISSING: "verdict fault", ZeroState.EVENTS: "verdict attention"}


def zero_list_page(records: MonthRecords) -> Page:
    """Window, state, who signed and when, versions and the reason of the last; in the language in force."""
    columns: list[Column] = [
        (_("Duty day"), 12.5),
        (_("From"), 18),
        (_("Until"), 18),
        (_("State"), 30),
        (_("Signed at"), 18),
        (_("By"), 16),
        (_("Versions"), 10),
        (_("Reason of the last version"), 44),
    ]
    missing = sum(day.state is ZeroState.MISSING for day in records.zero)
    explained = _("One duty day a row; a missing one stays, and a report signed later is late. Missing: {n}.")
    rows = [_row(records, day) for day in records.zero]
    return list_page(_("Zero reports"), explained.format(n=missing), columns, rows)


def _row(records: MonthRecords, day: ZeroDay) -> list[Shown]:
    report = day.report
    return [
        (day.window.duty_day, "date"),
        (day.window.begins_at, "moment"),
        (day.window.ends_at, "moment"),
        (zero_words.state(day), _LOOKS.get(day.state, "centre")),
        (report.signed_at if report is not None else None, "moment"),
        (records.label_of_operator(report.signed_by) if report is not None else "", "text"),
        (len(day.versions), "count"),
        ((report.reason or "") if report is not None else "", "text"),
    ]
