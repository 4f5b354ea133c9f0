"""The JSON documents about addresses: plain dicts of model values. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.model.addresses import Registration


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
