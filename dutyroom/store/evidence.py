"""Evidence rows and ledger lines as they lie in the file, ready for their canonical form.

They are read past the object layer: faster, and a forged value that no object would take still comes out as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlmodel import Session, UTCDateTime

from dutyroom.store.canonical import KINDS, RESTORED, Evidence, key_of, subject_of_restore, subject_of_row
from dutyroom.store.tables import table

STORED_MOMENT = len("2026-11-23 00:30:00.123456")
# The columns a table was made with: null or not, they enter.
FIRST = {
    "operators": ("name", "label", "role", "created_at", "disabled_at", "password_hash"),
    "checklists": ("version", "name", "content", "published_at"),
    "rounds": (
        *("id", "checklist", "version", "due_at", "due_on", "duty_day", "state", "items", "started_at", "started_by"),
        *("signed_at", "signed_by", "marks", "abnormal"),
    ),
    "entries": (
        *("round_id", "item", "device", "answer", "verdict", "at", "by", "value", "unit", "origin", "live_value"),
        *("source", "age_s", "note"),
    ),
    "registrations": (
        *("id", "first_ip", "last_ip", "mac", "name", "owner", "user", "department", "location", "switch", "port"),
        *("valid_until", "note", "added_at", "added_by", "removed_at", "removed_by"),
    ),
    "maintenance": (
        *("id", "starts_at", "ends_at", "devices", "reason", "entered_at", "entered_by", "cancelled_at"),
        "cancelled_by",
    ),
    "port_baselines": ("id", "source", "version", "at", "by", "seen_at", "ports"),
    "periods": (
        *("id", "kind", "name", "checklist", "starts_at", "ends_at", "every_s", "opened_at", "opened_by", "closed_at"),
        "closed_by",
    ),
    "amendments": ("id", "round_id", "revision", "at", "by", "reason", "entries", "withdrew_by", "withdrew_at"),
    "findings": (
        *("id", "origin", "key", "severity", "found_at", "found_by", "deadline", "state", "item", "device", "round_id"),
        *("code", "params", "text", "assignee", "contained_at", "contained_by", "reported_at", "reported_by"),
        *("authority_at", "authority_by", "done_at", "done_by", "verified_at", "verified_by", "known_until"),
        *("known_owner", "known_reason", "gone_at", "times", "returned", "silenced_by"),
    ),
    "finding_steps": ("id", "finding_id", "at", "by", "step", "note", "params"),
    "roster": ("id", "day", "shift", "person", "imported_at", "imported_by", "replaced_at", "replaced_by"),
    "handovers": (
        *("id", "from_day", "from_shift", "to_day", "to_shift", "given_at", "given_by", "sheet", "state"),
        *("accepted_at", "accepted_by", "accept_note", "override_by", "override_reason"),
    ),
    "zero_reports": (
        *("id", "duty_day", "begins_at", "ends_at", "state", "signed_at", "signed_by", "content", "version"),
        *("is_late", "reason", "ledger_seq", "ledger_head"),
    ),
    "power_events": (
        *("id", "began_at", "boot_id", "boot_s", "state", "restored_at", "is_major", "seen_at", "seen_by"),
        *("contained_at", "contained_by", "reported_at", "reported_by", "authority_at", "authority_by"),
        *("closing_text", "closed_at", "closed_by"),
    ),
    "outages": (
        *("id", "ups", "event_id", "began_at", "boot_id", "boot_s", "state", "ended_at", "critical_at", "transfers"),
        *("charge_at_start_percent", "load_at_start_percent", "estimate_at_start_s", "estimate_basis"),
        *("lowest_charge_percent", "load_percent", "on_battery_s", "battery_installed", "signs"),
    ),
    "outage_phases": ("id", "outage_id", "at", "phase", "params"),
    "event_steps": ("id", "event_id", "at", "by", "act", "subject", "result", "note"),
    "discharge_tests": (
        *("id", "ups", "started_at", "started_by", "stop_charge_percent", "stop_after_s", "state", "began_at"),
        *("ended_at", "stopped_why", "held_s", "charge_from_percent", "charge_to_percent", "load_percent"),
        *("battery_installed", "note", "signed_at", "signed_by"),
    ),
    "acknowledgements": ("id", "notification_id", "at", "by"),
    "self_check_answers": ("id", "row", "result", "text", "plan", "set_at", "set_by"),
    "ledger": ("seq", "at", "actor", "role", "terminal", "act", "subject", "row_sha256", "previous", "hash"),
}


@cache
def _columns(name: str) -> frozenset[str]:
    return frozenset(table(name).columns.keys())


@cache
def _moments(name: str) -> tuple[str, ...]:
    return tuple(column.name for column in table(name).columns if isinstance(column.type, UTCDateTime))


def _moment(stored: object) -> object:
    """What the column type writes, in the canonical form; anything else stays unlike it."""
    if isinstance(stored, str) and len(stored) == STORED_MOMENT and stored[10] == " ":
        return f"{stored[:10]}T{stored[11:]}Z"
    return stored if stored is None else f"not a moment: {stored!r}"


def _select(s: Session, name: str, rest: str, values: Sequence[object] = ()) -> Iterator[dict[str, Any]]:
    s.flush()
    # Every column there is: a backup of an older schema has fewer, and its lines hold as well.
    found = s.connection().exec_driver_sql(f"SELECT * FROM {name} {rest}", tuple(values))
    columns, known, first, moments = tuple(found.keys()), _columns(name), FIRST[name], _moments(name)
    for raw in found.yield_per(1000):
        row = {
            column: value
            for column, value in zip(columns, raw, strict=True)
            if column in known and (value is not None or column in first)
        }
        for column in moments:
            if column in row:
                row[column] = _moment(row[column])
        if name == "operators":
            row["password_sha256"] = hashlib.sha256(str(row.pop("password_hash")).encode()).hexdigest()
            if "pin_hash" in row:
                row["pin_sha256"] = hashlib.sha256(str(row.pop("pin_hash")).encode()).hexdigest()
        yield row


def stored_row(s: Session, evidence: Evidence) -> dict[str, Any] | None:
    """The canonical row of a record as it stands in the store now, or None when it is not there."""
    kind, key = key_of(evidence)
    where = " AND ".join(f"{column} = ?" for column in key)
    return next(_select(s, KINDS[kind], f"WHERE {where}", tuple(key.values())), None)


def stored_rows(s: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """(subject, canonical row) of every record in the store; streamed.

    A backup of an older schema lacks tables; one that was dropped shows by the lines that tell of its rows.
    """
    there = set(s.connection().exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    for kind, name in KINDS.items():
        if name not in there:
            continue
        for row in _select(s, name, ""):
            yield subject_of_row(kind, row), row
    for (params,) in s.connection().exec_driver_sql("SELECT params FROM events WHERE code = ?", (RESTORED,)):
        yield from _restore(params)


def _restore(params: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a restore left: an event whose parameters are its canonical row."""
    try:
        row = json.loads(str(params))
        yield subject_of_restore(row), row
    except (ValueError, TypeError, KeyError, AttributeError):
        # No restore wrote this: a row no line tells of.
        yield "restore:?", {}


def stored_lines(s: Session) -> Iterator[dict[str, Any]]:
    """Every ledger line with all its fields, the canonical `at` among them, by seq; streamed."""
    return _select(s, "ledger", "ORDER BY seq")
