"""Where a period stands in the ledger: its first and its last line, which anchor everything the workbook says."""

from __future__ import annotations

from dataclasses import dataclass

from dutyroom.report.frame import Frame
from dutyroom.store import ledger
from dutyroom.store.database import Session


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """Number and hash of the first line of the period and of the last one before its cut-off.

    0 and an empty text where there is none: then nothing was recorded in the period, or before its end.
    """

    first_seq: int = 0
    first_hash: str = ""
    last_seq: int = 0
    last_hash: str = ""


def gather(session: Session, frame: Frame) -> LedgerFacts:
    """The anchors of the period. Raises StoreError."""
    first = ledger.first_between(session, frame.begins_at, frame.cutoff)
    last = ledger.last_before(session, frame.cutoff)
    return LedgerFacts(
        first_seq=first.seq if first is not None else 0,
        first_hash=first.hash if first is not None else "",
        last_seq=last.seq if last is not None else 0,
        last_hash=last.hash if last is not None else "",
    )
