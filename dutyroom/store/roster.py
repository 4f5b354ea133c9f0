"""The roster. Nothing is deleted: what a later import replaced stays on record with who replaced it and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from dutyroom.model.roster import RosterEntry
from dutyroom.store.handover_tables import RosterRow
from dutyroom.store.trouble import not_found


@dataclass(frozen=True, slots=True)
class RosterUse:
    """Since when there is a roster (UTC; None: there never was one), and the last local day it names."""

    since: datetime | None = None
    last_day: date | None = None


def _entry(row: RosterRow) -> RosterEntry:
    return RosterEntry(row.day, row.shift, row.person, row.imported_at, row.imported_by, row.id or 0)


def between(s: Session, first: date, last: date) -> tuple[RosterEntry, ...]:
    """What is in force for the local days from `first` to `last`, both included; by day, in the order it was stored."""
    query = select(RosterRow).where(RosterRow.day >= first, RosterRow.day <= last)
    rows = s.exec(query.where(col(RosterRow.replaced_at).is_(None)).order_by(col(RosterRow.day), col(RosterRow.id)))
    return tuple(_entry(row) for row in rows)


def people_between(s: Session, first: date, last: date) -> dict[tuple[date, str], tuple[str, ...]]:
    """Who is on duty, by local day and code of the shift."""
    found: dict[tuple[date, str], tuple[str, ...]] = {}
    for one in between(s, first, last):
        key = (one.day, one.shift)
        found[key] = (*found.get(key, ()), one.person)
    return found


def use(s: Session) -> RosterUse:
    """Whether a roster is in use; rows that were replaced count for when it began."""
    since = s.exec(select(RosterRow.imported_at).order_by(col(RosterRow.id)).limit(1)).one_or_none()
    in_force = select(RosterRow).where(col(RosterRow.replaced_at).is_(None))
    last = s.exec(in_force.order_by(col(RosterRow.day).desc()).limit(1)).one_or_none()
    return RosterUse(since, last.day if last is not None else None)


def add(s: Session, entries: Sequence[RosterEntry]) -> tuple[RosterEntry, ...]:
    """Stores new ones; gives them with their numbers."""
    rows = [
        RosterRow(
            day=one.day,
            shift=one.shift,
            person=one.person,
            imported_at=one.imported_at,
            imported_by=one.imported_by,
        )
        for one in entries
    ]
    s.add_all(rows)
    s.flush()
    return tuple(_entry(row) for row in rows)


def replace(s: Session, entries: Iterable[RosterEntry], at: datetime, by: str) -> None:
    """Ends entries. StoreError `not-found`; the write session ends with `sealed` for one that ended before."""
    for one in entries:
        row = s.get(RosterRow, one.id)
        if row is None:
            raise not_found(f"roster:{one.id}")
        row.replaced_at, row.replaced_by = at, by
    s.flush()
