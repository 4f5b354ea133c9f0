"""Recomputes the ledger and compares every record with it.

Fault codes: `seq-gap` (a line is missing before this one), `chain-broken` (`previous` is not the hash of the line
before), `line-changed` (a line's own hash does not fit its fields), `row-changed` (a record differs from its newest
line), `row-unknown` (a record no line tells of), `row-missing` (a line tells of a record that is gone).
"""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session

from dutyroom.model.events import Fault, Verification
from dutyroom.store import ledger
from dutyroom.store.canonical import KINDS, sha256, stored_rows
from dutyroom.store.tables import table


def head(s: Session) -> str:
    """The hash of the ledger's newest line; 64 zeros for an empty ledger."""
    return ledger.head(s)


def verify(s: Session) -> Verification:
    """Everything that can be told from inside the store, in one pass over the ledger and one over the records."""
    faults: list[Fault] = []
    newest: dict[str, tuple[int, str]] = {}
    count, seq, previous = 0, 0, ledger.GENESIS
    for row in s.connection().execute(select(table("ledger")).order_by("seq")).yield_per(1000):
        count += 1
        line = row._asdict()
        told = line.pop("hash")
        if line["seq"] != seq + 1:
            faults.append(Fault("seq-gap", line["subject"], line["seq"]))
        if line["previous"] != previous:
            faults.append(Fault("chain-broken", line["subject"], line["seq"]))
        if sha256(line) != told:
            faults.append(Fault("line-changed", line["subject"], line["seq"]))
        if line["row_sha256"]:
            newest[line["subject"]] = (line["seq"], line["row_sha256"])
        seq, previous = line["seq"], told
    rows = 0
    for subject, record in stored_rows(s):
        rows += 1
        known = newest.pop(subject, None)
        if known is None:
            faults.append(Fault("row-unknown", subject))
        elif sha256(record) != known[1]:
            faults.append(Fault("row-changed", subject, known[0]))
    kinds = tuple(f"{kind}:" for kind in KINDS)
    faults.extend(
        Fault("row-missing", subject, line_seq)
        for subject, (line_seq, _) in newest.items()
        if subject.startswith(kinds)
    )
    return Verification(count, rows, previous, tuple(faults))
