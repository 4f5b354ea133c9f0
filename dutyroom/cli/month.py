"""Writing a period's workbook and entering it in the ledger: one way for every command."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.model.people import Act, Actor

if TYPE_CHECKING:
    from dutyroom.duty.desk import Desk


def write_month(desk: Desk, month: str, path: Path, language: str, actor: Actor) -> Path:
    """Writes the workbook of a month (`YYYY-MM`) and a ledger line with its SHA-256; returns where it is.

    Raises NotAllowed, ExportError, StoreError.
    """
    from dutyroom.duty.desk import require
    from dutyroom.report.book import export
    from dutyroom.report.collect import report_of
    from dutyroom.rules.report_period import parse
    from dutyroom.store import ledger

    require(actor, Act.EXPORT)
    checklists = [one.checklist for one in desk.published()]
    report = report_of(desk.store, desk.site, checklists, parse(month), clock.now())

    def enter(made: Path, target: Path) -> None:
        """The line first: a line whose workbook was not put in place is harmless, a workbook without one is not."""
        row = {"sha256": hashlib.sha256(made.read_bytes()).hexdigest(), "file": target.name}
        with desk.store.write() as session:
            ledger.append(
                session, at=clock.now(), actor=actor, act=Act.EXPORT, subject=f"export:month:{month}", row=row
            )

    return export(report, path, language, enter)
