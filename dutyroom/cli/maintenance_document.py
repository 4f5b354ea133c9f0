"""Planned maintenance and critical periods as JSON. Pure; times are UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.periods import CriticalPeriod


def maintenance(found: Sequence[MaintenanceWindow], now: datetime) -> Document:
    """`maintenance list --json`."""
    return {"schema": SCHEMA, "maintenance": [_listed(one, now) for one in found]}


def periods(found: Sequence[CriticalPeriod], now: datetime) -> Document:
    """`period list --json`."""
    return {"schema": SCHEMA, "periods": [_period(one, now) for one in found]}


def _period(one: CriticalPeriod, now: datetime) -> Document:
    state = "closed" if one.closed_at is not None else "running" if one.runs(now) else "planned"
    if state == "planned" and one.over_at <= now:
        state = "over"
    return {
        "id": one.id,
        "kind": one.kind.value,
        "name": one.name,
        "checklist": one.checklist,
        "starts_at": moment(one.starts_at),
        "ends_at": moment(one.ends_at),
        "every_s": one.every_s,
        "state": state,
        "opened_at": moment(one.opened_at),
        "opened_by": one.opened_by,
        "closed_at": moment(one.closed_at),
        "closed_by": one.closed_by,
    }


def window(one: MaintenanceWindow | None) -> Document | None:
    """The window a source is in, in `status --json`."""
    if one is None:
        return None
    return {
        "id": one.id,
        "starts_at": moment(one.starts_at),
        "ends_at": moment(one.ends_at),
        "reason": one.reason,
        "by": one.entered_by,
    }


def _listed(one: MaintenanceWindow, now: datetime) -> Document:
    return {
        **(window(one) or {}),
        "devices": list(one.devices),
        "state": state_of(one, now),
        "entered_at": moment(one.entered_at),
        "cancelled_at": moment(one.cancelled_at),
        "cancelled_by": one.cancelled_by or None,
    }


def state_of(one: MaintenanceWindow, now: datetime) -> str:
    """`cancelled`, `over`, `running` or `planned`."""
    if one.cancelled_at is not None:
        return "cancelled"
    if one.is_over(now):
        return "over"
    return "running" if one.runs(now) else "planned"
