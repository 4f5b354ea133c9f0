"""The workbook of a period: its sheets in order, and the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sheets.abnormal import abnormal_page
from dutyroom.report.sheets.audit import audit_page
from dutyroom.report.sheets.availability import availability_page, downtime_page
from dutyroom.report.sheets.backups import backups_page
from dutyroom.report.sheets.completion import completion_page
from dutyroom.report.sheets.cover import cover_page
from dutyroom.report.sheets.environment import environment_page
from dutyroom.report.sheets.findings import findings_page
from dutyroom.report.sheets.items import items_pages
from dutyroom.report.sheets.outages import outages_page
from dutyroom.report.sheets.readings import readings_page
from dutyroom.report.sheets.selfcheck import inspection_page, selfcheck_page
from dutyroom.report.sheets.ups_days import ups_days_page
from dutyroom.report.sheets.zero import zero_page
from dutyroom.report.workbook import build, save
from dutyroom.words import _, speaking

SHEETS: tuple[Callable[[Report], Page | Sequence[Page]], ...] = (
    completion_page,
    items_pages,
    abnormal_page,
    findings_page,
    outages_page,
    ups_days_page,
    availability_page,
    downtime_page,
    environment_page,
    readings_page,
    backups_page,
    zero_page,
    audit_page,
)
"""The sheets that need nothing but the facts, in the order of the workbook; the cover and the self-check see these."""
LAST = "audit"


def pages_of(report: Report) -> tuple[Page, ...]:
    """Every sheet in the language in force, the cover first."""
    pages: list[Page] = []
    for sheet in SHEETS:
        made = sheet(report)
        pages += [made] if isinstance(made, Page) else made
    checks = [selfcheck_page(report, pages)]
    if report.frame.period.has_self_inspection:
        checks.insert(0, inspection_page(report, pages))
    # Before what comes last: the audit.
    place = next((number for number, page in enumerate(pages) if page.key == LAST), len(pages))
    return (cover_page(report), *pages[:place], *checks, *pages[place:])


def footer_of(report: Report) -> str:
    """What stands at the foot of every printed page."""
    site, period = report.frame.site, report.frame.period
    return _("{hospital}, {room}, {period}").format(hospital=site.name, room=site.room, period=period.name)


def export(
    report: Report,
    path: Path,
    language: str,
    enter: Callable[[Path, Path], None] = lambda _made, _target: None,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Path:
    """Write the workbook in `language` (en, zh_CN), whatever the screen speaks; return where it is.

    `enter` puts it on record: it gets the finished file and its target before the file takes that place. `tell` hears
    how many sheets are written, and of how many.

    Raises ExportError; an older file at `path` is then as it was.
    """
    with speaking(language):
        frame = report.frame
        return save(build(pages_of(report), frame.zone, footer_of(report), frame.made_at), path, enter, tell)
