"""Guided discharge tests. One that is signed or was given up is sealed by triggers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, select

from dutyroom.model.runtime import DischargeTest, TestState
from dutyroom.store.outage_tables import DischargeTestRow
from dutyroom.store.trouble import not_found

_SAME = (
    *("ups", "started_at", "started_by", "stop_charge_percent", "stop_after_s", "began_at", "ended_at", "stopped_why"),
    *("held_s", "charge_from_percent", "charge_to_percent", "load_percent", "battery_installed", "note", "signed_at"),
    "signed_by",
)


def add(s: Session, new: DischargeTest) -> DischargeTest:
    """Stores a new test and gives it back with its number (the given one is ignored)."""
    row = DischargeTestRow(**_fields(new))
    s.add(row)
    s.flush()
    assert row.id is not None  # given by the flush
    return replace(new, id=row.id)


def update(s: Session, changed: DischargeTest) -> None:
    """Stores every field of a test under its number.

    Raises:
        StoreError: `not-found`; the write session ends with `sealed` for one that is signed or was given up.
    """
    row = s.get(DischargeTestRow, changed.id)
    if row is None:
        raise not_found(f"discharge-test:{changed.id}")
    for name, value in _fields(changed).items():
        setattr(row, name, value)
    s.flush()


def get(s: Session, number: int) -> DischargeTest | None:
    """The test of that number, or None."""
    row = s.get(DischargeTestRow, number)
    return None if row is None else _test(row)


def running(s: Session) -> tuple[DischargeTest, ...]:
    """Every test that runs, by number."""
    query = select(DischargeTestRow).where(DischargeTestRow.state == TestState.RUNNING.value)
    return tuple(_test(row) for row in s.exec(query.order_by(col(DischargeTestRow.id))))


def unsigned(s: Session) -> tuple[DischargeTest, ...]:
    """Every test that ended and waits for its signature, by number."""
    query = select(DischargeTestRow).where(DischargeTestRow.state == TestState.ENDED.value)
    return tuple(_test(row) for row in s.exec(query.order_by(col(DischargeTestRow.id))))


def every(s: Session, ups: str | None = None) -> tuple[DischargeTest, ...]:
    """Every test (of that UPS), by number."""
    query = select(DischargeTestRow)
    if ups is not None:
        query = query.where(DischargeTestRow.ups == ups)
    return tuple(_test(row) for row in s.exec(query.order_by(col(DischargeTestRow.id))))


def _fields(one: DischargeTest) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in _SAME}, "state": one.state.value}


def _test(row: DischargeTestRow) -> DischargeTest:
    return DischargeTest(**{name: getattr(row, name) for name in _SAME}, state=TestState(row.state), id=row.id or 0)
