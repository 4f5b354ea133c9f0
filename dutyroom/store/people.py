"""Operators. The hash of a password is stored and given back as it is; making and checking it is duty's business."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from dutyroom.model.people import Operator, Role
from dutyroom.store.tables import OperatorRow
from dutyroom.store.trouble import not_found


def _operator(row: OperatorRow) -> Operator:
    return Operator(
        name=row.name,
        label=row.label,
        role=Role(row.role),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        password_set_at=row.password_set_at,
        one_time_until=row.one_time_until,
    )


def _row(s: Session, name: str) -> OperatorRow:
    row = s.get(OperatorRow, name)
    if row is None:
        raise not_found(f"operator:{name}")
    return row


def add_operator(s: Session, operator: Operator, password_hash: str) -> None:
    """Stores a new operator; the write session ends with StoreError `exists` when the name is taken."""
    row = OperatorRow(
        name=operator.name,
        label=operator.label,
        role=operator.role.value,
        created_at=operator.created_at,
        disabled_at=operator.disabled_at,
        password_hash=password_hash,
        password_set_at=operator.password_set_at,
        one_time_until=operator.one_time_until,
    )
    s.add(row)
    s.flush()


def operators(s: Session) -> tuple[Operator, ...]:
    """Everybody, disabled ones too, by name."""
    return tuple(_operator(row) for row in s.exec(select(OperatorRow).order_by(col(OperatorRow.name))))


def operator(s: Session, name: str) -> Operator | None:
    """The operator of that name, or None."""
    row = s.get(OperatorRow, name)
    return None if row is None else _operator(row)


def password_hash(s: Session, name: str) -> str | None:
    """The encoded hash, or None when there is no such operator."""
    row = s.get(OperatorRow, name)
    return None if row is None else row.password_hash


def set_password_hash(s: Session, name: str, hash: str, at: datetime, one_time_until: datetime | None = None) -> None:
    """Replaces the hash, set at `at`; StoreError `not-found` without such an operator."""
    row = _row(s, name)
    row.password_hash, row.password_set_at, row.one_time_until = hash, at, one_time_until
    s.flush()


def pin_hash(s: Session, name: str) -> str | None:
    """The encoded hash of the PIN, or None when there is no such operator or no PIN."""
    row = s.get(OperatorRow, name)
    return None if row is None else row.pin_hash


def set_pin_hash(s: Session, name: str, hash: str | None) -> None:
    """Replaces the hash of the PIN, or takes the PIN away; StoreError `not-found` without such an operator."""
    _row(s, name).pin_hash = hash
    s.flush()


def disable(s: Session, name: str, at: datetime) -> None:
    """Ends the login from `at` on; StoreError `not-found` without such an operator."""
    _row(s, name).disabled_at = at
    s.flush()
