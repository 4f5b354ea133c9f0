"""What leaves the room is on record: a line in the ledger with the SHA-256 of every file that is sent away."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from dutyroom.duty.desk import Desk, require
from dutyroom.model.people import Act, Actor
from dutyroom.store import ledger


def put_on_record(desk: Desk, actor: Actor, subject: str, made: Path, now: datetime) -> None:
    """Enters a finished file as `export:SUBJECT`. Raises NotAllowed, StoreError."""
    require(actor, Act.EXPORT)
    # Only the content: whoever gets the file may give it another name.
    row = {"sha256": hashlib.sha256(made.read_bytes()).hexdigest()}
    with desk.store.write() as session:
        ledger.append(session, at=now, actor=actor, act=Act.EXPORT, subject=f"export:{subject}", row=row)
