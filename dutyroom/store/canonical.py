"""The canonical form of an evidence row: the bytes whose SHA-256 stands in the ledger.

Form: a JSON object with sorted keys, no blanks, UTF-8 (nothing escaped that JSON does not demand). Datetimes are UTC
ISO 8601 with six decimals and `Z`, dates ISO, floats as Python's `repr` (a float column is a float even when whole, and
there is no minus zero), enums their value, absent values `null`. NaN and infinity are refused.

What enters, by kind (every column of the row as stored):
`operator`  name label role created_at disabled_at, and `password_sha256` instead of the hash of the password
`checklist` version name content published_at
`round`     id checklist version due_at due_on duty_day state items started_at started_by signed_at signed_by marks
            (separated by blanks) abnormal
`entry`     round_id item device answer verdict at by value unit origin live_value source age_s note
A column added later enters only where it is not null, so that older lines keep their hash.

Subjects: `operator:NAME`, `checklist:VERSION`, `round:ID`, `entry:ROUND/ITEM/DEVICE` (`/` and `%` inside a part are
`%2F` and `%25`). Acts that leave no row have subjects of their own, such as `export:...` and `sign-in:NAME`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import Session

from dutyroom.model.checklist import Checklist
from dutyroom.model.people import Operator
from dutyroom.model.rounds import Entry, Round
from dutyroom.store.tables import table

Evidence = Operator | Checklist | Round | Entry
KINDS = {"operator": "operators", "checklist": "checklists", "round": "rounds", "entry": "entries"}
# The columns of the first schema: null or not, they enter.
FIRST = {
    "operator": ("name", "label", "role", "created_at", "disabled_at", "password_hash"),
    "checklist": ("version", "name", "content", "published_at"),
    "round": (
        *("id", "checklist", "version", "due_at", "due_on", "duty_day", "state", "items", "started_at", "started_by"),
        *("signed_at", "signed_by", "marks", "abnormal"),
    ),
    "entry": (
        *("round_id", "item", "device", "answer", "verdict", "at", "by", "value", "unit", "origin", "live_value"),
        *("source", "age_s", "note"),
    ),
}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ValueError("a datetime without a time zone has no canonical form")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value + 0.0  # -0.0 becomes 0.0, as SQLite stores it
    return value


def canonical(row: Mapping[str, object]) -> bytes:
    """The canonical bytes of a row.

    Raises:
        ValueError: a naive datetime, NaN or infinity.
    """
    plain = {key: _plain(value) for key, value in row.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sha256(row: Mapping[str, object]) -> str:
    """The SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(row)).hexdigest()


def _part(text: str) -> str:
    return text.replace("%", "%25").replace("/", "%2F")


def _subject(kind: str, row: Mapping[str, Any]) -> str:
    match kind:
        case "operator":
            return f"operator:{row['name']}"
        case "checklist":
            return f"checklist:{row['version']}"
        case "round":
            return f"round:{row['id']}"
        case _:
            return f"entry:{row['round_id']}/{_part(row['item'])}/{_part(row['device'])}"


def _key(evidence: Evidence) -> tuple[str, dict[str, object]]:
    match evidence:
        case Operator(name=name):
            return "operator", {"name": name}
        case Checklist(version=version):
            return "checklist", {"version": version}
        case Round(id=round_id):
            return "round", {"id": round_id}
        case Entry(round_id=round_id, item=item, device=device):
            return "entry", {"round_id": round_id, "item": item, "device": device}


def subject_of(evidence: Evidence) -> str:
    """The ledger's name of a record, such as `round:17`."""
    kind, key = _key(evidence)
    return _subject(kind, key)


def _row(kind: str, row: Mapping[str, Any]) -> dict[str, object]:
    first = FIRST[kind]
    fields = {name: value for name, value in row.items() if name in first or value is not None}
    if kind == "operator":
        fields["password_sha256"] = hashlib.sha256(str(fields.pop("password_hash")).encode()).hexdigest()
    return fields


def stored_row(s: Session, evidence: Evidence) -> dict[str, object] | None:
    """The canonical row of a record as it stands in the store now, or None when it is not there."""
    kind, key = _key(evidence)
    s.flush()
    stored = table(KINDS[kind])
    conditions: list[ColumnElement[bool]] = [stored.c[name] == value for name, value in key.items()]
    row = s.connection().execute(select(stored).where(and_(*conditions))).one_or_none()
    return None if row is None else _row(kind, row._asdict())


def stored_rows(s: Session) -> Iterator[tuple[str, dict[str, object]]]:
    """(subject, canonical row) of every record in the store; streamed."""
    s.flush()
    for kind, name in KINDS.items():
        for row in s.connection().execute(select(table(name))).yield_per(1000):
            fields = row._asdict()
            yield _subject(kind, fields), _row(kind, fields)
