"""Critical periods on record."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from dutyroom.model.periods import CriticalPeriod, PeriodKind
from dutyroom.store.round_change_tables import PeriodRow
from dutyroom.store.trouble import not_found


def add(s: Session, period: CriticalPeriod) -> CriticalPeriod:
    """Stores a new period; gives it with its number."""
    row = PeriodRow(
        kind=period.kind.value,
        name=period.name,
        checklist=period.checklist,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        every_s=period.every_s,
        opened_at=period.opened_at,
        opened_by=period.opened_by,
    )
    s.add(row)
    s.flush()
    return _period(row)


def close(s: Session, number: int, at: datetime, by: str) -> CriticalPeriod:
    """Ends a period at `at`. Raises StoreError (`not-found`, `sealed` when that was done before)."""
    row = s.get(PeriodRow, number)
    if row is None:
        raise not_found(f"period:{number}")
    row.closed_at, row.closed_by = at, by
    s.flush()
    return _period(row)


def one(s: Session, number: int) -> CriticalPeriod | None:
    """The period of that number, or None."""
    row = s.get(PeriodRow, number)
    return None if row is None else _period(row)


def periods(s: Session, since: datetime | None = None) -> tuple[CriticalPeriod, ...]:
    """Every period there ever was, or those planned to end after `since`; by their start."""
    query = select(PeriodRow).order_by(col(PeriodRow.starts_at), col(PeriodRow.id))
    if since is not None:
        query = query.where(PeriodRow.ends_at > since)
    return tuple(_period(row) for row in s.exec(query))


def _period(row: PeriodRow) -> CriticalPeriod:
    return CriticalPeriod(
        kind=PeriodKind(row.kind),
        name=row.name,
        checklist=row.checklist,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        every_s=row.every_s,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        id=row.id or 0,
    )
