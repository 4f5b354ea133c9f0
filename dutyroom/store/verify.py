"""Recomputes the ledger and compares every record with it.

Fault codes: `seq-gap` (a line is missing before this one), `chain-broken` (`previous` is not the hash of the line
before), `line-changed` (a line's own hash does not fit its fields), `row-changed` (a record differs from its newest
line), `row-unknown` (a record no line tells of), `row-missing` (a line tells of a record that is gone).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from dutyroom.model.events import Fault, Verification
from dutyroom.store import ledger
from dutyroom.store.canonical import KINDS, sha256
from dutyroom.store.evidence import stored_lines, stored_rows


def head(s: Session) -> str:
    """The hash of the ledger's newest line; 64 zeros for an empty ledger."""
    return ledger.head(s)


def _fits(row: Mapping[str, object], told: object) -> bool:
    try:
        return sha256(row) == told
    except (TypeError, ValueError):
        # Bytes or infinity where text or a number was: no honest line has the hash of that.
        return False


def verify(s: Session) -> Verification:
    """Everything that can be told from inside the store, in one pass over the ledger and one over the records."""
    faults: list[Fault] = []
    newest: dict[str, tuple[int, str]] = {}
    count, seq, previous = 0, 0, ledger.GENESIS
    for line in stored_lines(s):
        count += 1
        told = line.pop("hash")
        subject, now = str(line["subject"]), int(line["seq"])
        if now != seq + 1:
            faults.append(Fault("seq-gap", subject, now))
        if line["previous"] != previous:
            faults.append(Fault("chain-broken", subject, now))
        if not _fits(line, told):
            faults.append(Fault("line-changed", subject, now))
        if line["row_sha256"]:
            newest[subject] = (now, line["row_sha256"])
        seq, previous = now, told
    rows = 0
    for subject, row in stored_rows(s):
        rows += 1
        known = newest.pop(subject, None)
        if known is None:
            faults.append(Fault("row-unknown", subject))
        elif not _fits(row, known[1]):
            faults.append(Fault("row-changed", subject, known[0]))
    kinds = (*(f"{kind}:" for kind in KINDS), "restore:")
    gone = ((subject, line_seq) for subject, (line_seq, _) in newest.items() if subject.startswith(kinds))
    faults.extend(Fault("row-missing", subject, line_seq) for subject, line_seq in gone)
    return Verification(count, rows, previous, tuple(faults))
