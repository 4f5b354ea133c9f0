"""A file that was sent away, held against the ledger: is it as it was, and does the ledger still know of it?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dutyroom.model.events import LedgerLine
from dutyroom.store import ledger
from dutyroom.store.canonical import sha256
from dutyroom.store.database import Session


class SentState(StrEnum):
    """How a file stands to the ledger; `line-missing`: the ledger has not the line it names (cut, restored).

    `saved-again`: other bytes than were exported, but every cell says what the records give.
    """

    UNCHANGED = "unchanged"
    SAVED_AGAIN = "saved-again"
    CHANGED = "changed"
    LINE_MISSING = "line-missing"


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known of a file; `line` is the ledger's line about its export."""

    state: SentState
    line: LedgerLine | None = None


def held_against(session: Session, content: bytes, path: Path, anchor: tuple[int, str] | None) -> Sent:
    """Compares the bytes with every export on record; `anchor` is the line (number, hash) that the file names."""
    found = hashlib.sha256(content).hexdigest()
    # A month's workbook is on record with its name.
    rows = (sha256({"sha256": found}), sha256({"sha256": found, "file": path.name}))
    if anchor is not None and ledger.hash_of(session, anchor[0]) != anchor[1]:
        return Sent(SentState.LINE_MISSING)
    line = ledger.exported(session, rows)
    return Sent(SentState.UNCHANGED, line) if line is not None else Sent(SentState.CHANGED)
