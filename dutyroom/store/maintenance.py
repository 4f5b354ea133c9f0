"""Planned maintenance on record."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.store.check_tables import MaintenanceRow
from dutyroom.store.trouble import not_found


def add(s: Session, window: MaintenanceWindow) -> MaintenanceWindow:
    """Stores a new window; gives it with its number."""
    row = MaintenanceRow(
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        devices=" ".join(window.devices),
        reason=window.reason,
        entered_at=window.entered_at,
        entered_by=window.entered_by,
        cancelled_at=window.cancelled_at,
        cancelled_by=window.cancelled_by,
    )
    s.add(row)
    s.flush()
    return _window(row)


def cancel(s: Session, number: int, at: datetime, by: str) -> MaintenanceWindow:
    """Takes a window back from `at` on. Raises StoreError (`not-found`, `sealed` when that was done before)."""
    row = s.get(MaintenanceRow, number)
    if row is None:
        raise not_found(f"maintenance:{number}")
    row.cancelled_at, row.cancelled_by = at, by
    s.flush()
    return _window(row)


def one(s: Session, number: int) -> MaintenanceWindow | None:
    """The window of that number, or None."""
    row = s.get(MaintenanceRow, number)
    return None if row is None else _window(row)


def windows(s: Session) -> tuple[MaintenanceWindow, ...]:
    """Every window there ever was, by its start."""
    query = select(MaintenanceRow).order_by(col(MaintenanceRow.starts_at), col(MaintenanceRow.id))
    return tuple(_window(row) for row in s.exec(query))


def not_over(s: Session, now: datetime) -> tuple[MaintenanceWindow, ...]:
    """Those that run or are still to come, by their start."""
    query = (
        select(MaintenanceRow)
        .where(MaintenanceRow.ends_at > now, col(MaintenanceRow.cancelled_at).is_(None))
        .order_by(col(MaintenanceRow.starts_at), col(MaintenanceRow.id))
    )
    return tuple(_window(row) for row in s.exec(query))


def _window(row: MaintenanceRow) -> MaintenanceWindow:
    return MaintenanceWindow(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        devices=tuple(row.devices.split()),
        reason=row.reason,
        entered_at=row.entered_at,
        entered_by=row.entered_by,
        cancelled_at=row.cancelled_at,
        cancelled_by=row.cancelled_by,
        id=row.id or 0,
    )
