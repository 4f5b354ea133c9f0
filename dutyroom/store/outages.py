"""Outages and their phases. One that is over is sealed by triggers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from dutyroom.model.events import Boot
from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.outage import Outage, OutageState, Phase, PhaseChange
from dutyroom.store.outage_tables import OutagePhaseRow, OutageRow
from dutyroom.store.trouble import not_found

_SAME = (
    *("ups", "event_id", "began_at", "ended_at", "critical_at", "transfers", "charge_at_start_percent"),
    *("load_at_start_percent", "estimate_at_start_s", "lowest_charge_percent", "load_percent", "on_battery_s"),
    "battery_installed",
)


def add(s: Session, new: Outage) -> Outage:
    """Stores a new outage and gives it back with its number (the given one is ignored)."""
    row = OutageRow(**_fields(new))
    s.add(row)
    s.flush()
    assert row.id is not None  # given by the flush
    return replace(new, id=row.id)


def update(s: Session, changed: Outage) -> None:
    """Stores every field of an outage under its number.

    Raises:
        StoreError: `not-found`; the write session ends with `sealed` for one that is over.
    """
    row = s.get(OutageRow, changed.id)
    if row is None:
        raise not_found(f"outage:{changed.id}")
    for name, value in _fields(changed).items():
        setattr(row, name, value)
    s.flush()


def get(s: Session, number: int) -> Outage | None:
    """The outage of that number, or None."""
    row = s.get(OutageRow, number)
    return None if row is None else _outage(row)


def still_open(s: Session) -> tuple[Outage, ...]:
    """Every outage that runs, by number."""
    query = select(OutageRow).where(OutageRow.state == OutageState.OPEN.value).order_by(col(OutageRow.id))
    return tuple(_outage(row) for row in s.exec(query))


def of_event(s: Session, event_id: int) -> tuple[Outage, ...]:
    """The outages of a power event, by number."""
    query = select(OutageRow).where(OutageRow.event_id == event_id).order_by(col(OutageRow.id))
    return tuple(_outage(row) for row in s.exec(query))


def every(s: Session, limit: int | None = None) -> tuple[Outage, ...]:
    """The newest `limit` outages there ever were, by number."""
    query = select(OutageRow).order_by(col(OutageRow.id).desc())
    if limit is not None:
        query = query.limit(limit)
    return tuple(_outage(row) for row in reversed(s.exec(query).all()))


def between(s: Session, since: datetime, until: datetime) -> tuple[Outage, ...]:
    """Those that began before `until` and had not ended at `since`, by number."""
    query = select(OutageRow).where(
        OutageRow.began_at < until,
        (col(OutageRow.began_at) >= since) | col(OutageRow.ended_at).is_(None) | (col(OutageRow.ended_at) >= since),
    )
    return tuple(_outage(row) for row in s.exec(query.order_by(col(OutageRow.id))))


def add_phase(s: Session, new: PhaseChange) -> PhaseChange:
    """Appends a phase to an outage; gives it with its number."""
    row = OutagePhaseRow(
        outage_id=new.outage_id,
        at=new.at,
        phase=new.phase.value,
        params=json.dumps(dict(new.params), ensure_ascii=False),
    )
    s.add(row)
    s.flush()
    assert row.id is not None  # given by the flush
    return replace(new, id=row.id)


def phases(s: Session, outages: Iterable[int]) -> dict[int, tuple[PhaseChange, ...]]:
    """The phases of these outages in the order they came; one without any has an empty tuple."""
    found: dict[int, list[PhaseChange]] = {number: [] for number in outages}
    query = select(OutagePhaseRow).where(col(OutagePhaseRow.outage_id).in_(list(found)))
    for row in s.exec(query.order_by(col(OutagePhaseRow.id))):
        found[row.outage_id].append(_phase(row))
    return {number: tuple(changes) for number, changes in found.items()}


def _fields(one: Outage) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in _SAME},
        "state": one.state.value,
        "estimate_basis": one.estimate_basis.value if one.estimate_basis is not None else None,
        "signs": " ".join(one.signs),
        "boot_id": one.began_boot.id if one.began_boot is not None else None,
        "boot_s": one.began_boot.seconds if one.began_boot is not None else None,
    }


def _outage(row: OutageRow) -> Outage:
    boot = Boot(row.boot_id, row.boot_s) if row.boot_id is not None and row.boot_s is not None else None
    return Outage(
        **{name: getattr(row, name) for name in _SAME},
        state=OutageState(row.state),
        estimate_basis=RuntimeBasis(row.estimate_basis) if row.estimate_basis is not None else None,
        signs=tuple(row.signs.split()),
        began_boot=boot,
        id=row.id or 0,
    )


def _phase(row: OutagePhaseRow) -> PhaseChange:
    params = tuple((str(key), str(value)) for key, value in json.loads(row.params).items())
    return PhaseChange(row.outage_id, row.at, Phase(row.phase), params, row.id or 0)
