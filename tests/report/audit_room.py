"""What tests of the audit read: the figures against a second count, the row of a record, the column of acts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime

from dutyroom.duty.desk import Desk
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sheets.audit import audit_page
from tests.recount.audit import count
from tests.recount.database import Asked
from tests.report.round_room import (
    SHANGHAI,
    at,
)

OCTOBER = "2026-10-05..2026-10-18"
"""The period of these tests."""


def moment(text: str) -> datetime:
    """A local time of the room, `2026-10-05 08:30`."""
    return at(SHANGHAI, text)


END = moment("2026-10-19 00:00")


def figures(desk: Desk, made: Report) -> dict[str, object]:
    """The figures that are not nought; a second count of the file, by nothing of dutyroom, has found the same."""
    frame = made.frame
    with closing(sqlite3.connect(desk.site.store_url.removeprefix("sqlite:///"))) as db:
        db.row_factory = sqlite3.Row
        site = {"timezone": frame.zone.key}
        again = count(Asked(db, site, frame.period.first, frame.period.last, frame.made_at.timestamp()))
    assert again == {one.name: one.value for one in made.audit.figures()}
    return {one.name.removeprefix("audit."): one.value for one in made.audit.figures() if one.value}


def row_of(page: Page, record: str) -> list[object]:
    """What stands in the row of a record."""
    cells = [cell for cell in page.cells if cell.row == page.rows_of[record]]
    return [cell.value for cell in sorted(cells, key=lambda cell: cell.column)]


def acts(made: Report) -> list[object]:
    """The column of acts from top to bottom."""
    page = audit_page(made)
    rows = sorted({row for record, row in page.rows_of.items() if record.startswith("ledger:")})
    return [cell.value for row in rows for cell in page.cells if (cell.row, cell.column) == (row, 5)]
