"""Writing the sheet of what was seen and entering it in the ledger."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.model.people import Act, Actor

if TYPE_CHECKING:
    from dutyroom.duty.desk import Desk


def write_learnt(desk: Desk, path: Path, language: str, actor: Actor) -> tuple[Path, int]:
    """Writes the sheet and a ledger line with its SHA-256; returns where it is and how many addresses are in it.

    Raises NotAllowed, ExportError, StoreError.
    """
    from dutyroom.duty.address_book import address_book
    from dutyroom.duty.desk import require
    from dutyroom.report.register_page import export_register
    from dutyroom.store import ledger

    require(actor, Act.EXPORT)
    now = clock.now()
    hosts = [host for host in address_book(desk, now).hosts if host.first_s]

    def enter(made: Path, target: Path) -> None:
        """The line first: one whose sheet was not put in place is harmless, a sheet without a line is not."""
        row = {"sha256": hashlib.sha256(made.read_bytes()).hexdigest(), "file": target.name}
        with desk.store.write() as session:
            ledger.append(session, at=now, actor=actor, act=Act.EXPORT, subject="export:addresses", row=row)

    return export_register(hosts, path, language, desk.site.timezone, now, enter), len(hosts)
