"""The JSON documents about addresses: plain dicts of model values. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from dutyroom.board import AddressView
from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.model.addresses import AddressFinding, AskedDevice, Mismatch, Registration
from dutyroom.rules.macs import is_random


def register(found: Iterable[Registration]) -> Document:
    """`register list --json`."""
    return {"schema": SCHEMA, "register": [_registration(one) for one in found]}


def _registration(one: Registration) -> Document:
    return {
        "id": one.id or None,
        "from_site_file": one.id == 0,
        "ip": one.ip or None,
        "first": one.first or None,
        "last": one.last or None,
        "mac": one.mac or None,
        "name": one.name,
        "owner": one.owner,
        "user": one.user,
        "department": one.department,
        "location": one.location,
        "switch": one.switch,
        "port": one.port,
        "valid_until": one.valid_until.isoformat() if one.valid_until is not None else None,
        "note": one.note,
        "added_at": moment(one.added_at),
        "added_by": one.added_by or None,
    }


def addresses(view: AddressView) -> Document:
    """The part of `status --json` about addresses; counts and rows are null while nothing was swept."""
    now = view.now
    swept = now.last_sweep_at is not None
    return {
        "learning_until": moment(view.learning_until),
        "learning": view.is_learning,
        "last_sweep_at": moment(now.last_sweep_at),
        "age_s": round(view.age_s, 1) if view.age_s is not None else None,
        "seen": now.seen if swept else None,
        "counts": {code.value: now.count(code) if swept else None for code in Mismatch},
        "rows": [_finding(one) for one in now.findings],
        "devices": [_asked(one) for one in now.asked],
    }


def _finding(one: AddressFinding) -> Document:
    return {
        "code": one.code.value,
        "subject": one.subject,
        "ip": one.ip or None,
        "mac": one.mac or None,
        "random_mac": is_random(one.mac) if one.mac else None,
        "device": one.device or None,
        "port": one.port or None,
        "since": moment(one.since),
        "params": dict(one.params),
    }


def _asked(one: AskedDevice) -> Document:
    return {
        "name": one.name,
        "state": one.state.value,
        "asked_at": moment(one.asked_at),
        "answered_at": moment(one.answered_at),
        "detail": one.detail,
        "arp_rows": one.arp_rows if one.answered_at is not None else None,
        "fdb_rows": one.fdb_rows if one.answered_at is not None else None,
    }
