"""What leaves the room is on record: a line in the ledger with the SHA-256 of every file that is sent away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dutyroom.duty.desk import Desk, require
from dutyroom.model.people import Act, Actor
from dutyroom.store import ledger


@dataclass(frozen=True, slots=True)
class Recorded:
    """A file on record: its SHA-256 and the number of its line in the ledger."""

    sha256: str
    line: int


def put_on_record(desk: Desk, actor: Actor, subject: str, made: Path, now: datetime) -> Recorded:
    """Enters a finished file as `export:SUBJECT`. Raises NotAllowed, StoreError."""
    require(actor, Act.EXPORT)
    sha256 = hashlib.sha256(made.read_bytes()).hexdigest()
    with desk.store.write() as session:
        # Only the content: whoever gets the file may give it another name.
        line = ledger.append(
            session, at=now, actor=actor, act=Act.EXPORT, subject=f"export:{subject}", row={"sha256": sha256}
        )
    return Recorded(sha256, line.seq)
