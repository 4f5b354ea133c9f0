"""The list of findings of the workbook: what is wrong, who puts it right, until when, and who has verified it."""

from __future__ import annotations

from datetime import datetime

from dutyroom import finding_words
from dutyroom.model.finding import Finding, FindingState, Severity
from dutyroom.report.lists import Column, Shown, list_page
from dutyroom.report.month_records import MonthRecords
from dutyroom.report.page import Page
from dutyroom.words import _

DAY_S = 86400.0


def findings_page(records: MonthRecords) -> Page:
    """Those found in the month, and older ones that were not over when it began, by number.

    They stand as they are when the workbook is made, in the language in force.
    """
    columns: list[Column] = [
        (_("No."), 7),
        (_("Found at"), 18),
        (_("Device"), 16),
        (_("What is wrong"), 44),
        (_("Class"), 10),
        (_("Responsible"), 14),
        (_("Deadline"), 18),
        (_("Done at"), 18),
        (_("Done by"), 14),
        (_("Verified by"), 14),
        (_("State"), 18),
        (_("Days over"), 11),
    ]
    rows = [_row(one, records) for one in found_in(records)]
    explained = _("Found in this month or not over when it began; as they stand when this was made. {n} rows.")
    return list_page(_("Findings"), explained.format(n=len(rows)), columns, rows)


def found_in(records: MonthRecords) -> tuple[Finding, ...]:
    """The findings of the list; what planned maintenance or a typing error made is none."""
    return tuple(one for one in records.findings if one.state is not FindingState.WITHDRAWN)


def days_over(finding: Finding, now: datetime) -> int:
    """Whole days between the deadline and the moment it was done, or `now` (UTC) while it is not; 0 in time."""
    ended = finding.done_at if finding.done_at is not None else now
    return max(0, int((ended - finding.deadline).total_seconds() // DAY_S))


def _row(one: Finding, records: MonthRecords) -> list[Shown]:
    now = records.generated_at
    items = {item.id: item for item in records.checklist.items}
    over = days_over(one, now)
    return [
        (one.id, "centre"),
        (one.found_at, "moment"),
        (one.device, "text"),
        (finding_words.what(one, items), "text"),
        (finding_words.severity(one.severity), "centre" if one.severity is Severity.OTHER else "verdict attention"),
        (records.label_of_operator(one.assignee), "text"),
        (one.deadline, "moment"),
        (one.done_at, "moment"),
        (records.label_of_operator(one.done_by), "text"),
        (records.label_of_operator(one.verified_by), "text"),
        (finding_words.standing(one, now), "verdict attention" if one.is_overdue(now) else "centre"),
        (over or None, "centre"),
    ]
