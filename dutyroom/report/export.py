"""The monthly workbook as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dutyroom.report.completion import completion_page
from dutyroom.report.cover import cover_page
from dutyroom.report.finding_list import findings_page
from dutyroom.report.lists import abnormal_page, readings_page
from dutyroom.report.month_records import MonthRecords
from dutyroom.report.workbook import build, save
from dutyroom.report.zero_list import zero_list_page
from dutyroom.words import _, speaking


def export_month(
    records: MonthRecords,
    path: Path,
    language: str,
    enter: Callable[[Path, Path], None] = lambda _made, _target: None,
) -> Path:
    """Write the workbook of the month in `language` (en, zh_CN), whatever the screen speaks; return where it is.

    `enter` puts it on record: it gets the finished file and its target before the file takes that place.

    Raises ExportError; an older file at `path` is then as it was.
    """
    with speaking(language):
        lists = (abnormal_page(records), findings_page(records), readings_page(records), zero_list_page(records))
        pages = (cover_page(records), completion_page(records), *lists)
        year, month = records.month
        footer = _("{hospital}, {room}, {year}-{month}").format(
            hospital=records.site.name, room=records.site.room, year=year, month=f"{month:02d}"
        )
        return save(build(pages, records.zone, footer, records.generated_at), path, enter)
