"""The register of addresses. Nothing is deleted: what is removed stays on record with who removed it and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, or_, select

from dutyroom.model.addresses import Registration
from dutyroom.store.address_tables import RegistrationRow
from dutyroom.store.trouble import not_found


def _registration(row: RegistrationRow) -> Registration:
    return Registration(
        first=row.first_ip,
        last=row.last_ip,
        mac=row.mac,
        name=row.name,
        owner=row.owner,
        user=row.user,
        department=row.department,
        location=row.location,
        switch=row.switch,
        port=row.port,
        valid_until=row.valid_until,
        note=row.note,
        id=row.id or 0,
        added_at=row.added_at,
        added_by=row.added_by,
        removed_at=row.removed_at,
        removed_by=row.removed_by,
    )


def in_force(s: Session) -> tuple[Registration, ...]:
    """Those that were not removed, oldest first."""
    query = select(RegistrationRow).where(col(RegistrationRow.removed_at).is_(None)).order_by(col(RegistrationRow.id))
    return tuple(_registration(row) for row in s.exec(query))


def one(s: Session, number: int) -> Registration | None:
    """The registration of that number, removed or not, or None."""
    row = s.get(RegistrationRow, number)
    return None if row is None else _registration(row)


def add(s: Session, registrations: Sequence[Registration], at: datetime, by: str) -> tuple[Registration, ...]:
    """Stores new ones; gives them with their numbers."""
    rows = [
        RegistrationRow(
            first_ip=one.first,
            last_ip=one.last,
            mac=one.mac,
            name=one.name,
            owner=one.owner,
            user=one.user,
            department=one.department,
            location=one.location,
            switch=one.switch,
            port=one.port,
            valid_until=one.valid_until,
            note=one.note,
            added_at=at,
            added_by=by,
            removed_by="",
        )
        for one in registrations
    ]
    s.add_all(rows)
    s.flush()
    return tuple(_registration(row) for row in rows)


def change(s: Session, registrations: Iterable[Registration]) -> None:
    """Replaces what is registered under each number; StoreError `not-found` for an unknown one."""
    for one in registrations:
        row = s.get(RegistrationRow, one.id)
        if row is None:
            raise not_found(f"registration:{one.id}")
        row.first_ip, row.last_ip, row.mac, row.name = one.first, one.last, one.mac, one.name
        row.owner, row.user, row.department, row.location = one.owner, one.user, one.department, one.location
        row.switch, row.port, row.valid_until, row.note = one.switch, one.port, one.valid_until, one.note
    s.flush()


def remove(s: Session, registrations: Iterable[Registration], at: datetime, by: str) -> tuple[Registration, ...]:
    """Ends registrations; gives them as they stand then. StoreError `not-found` for an unknown one."""
    ended: list[Registration] = []
    for one in registrations:
        row = s.get(RegistrationRow, one.id)
        if row is None:
            raise not_found(f"registration:{one.id}")
        row.removed_at, row.removed_by = at, by
        ended.append(replace(one, removed_at=at, removed_by=by))
    s.flush()
    return tuple(ended)


def numbers_at(s: Session, at: datetime) -> tuple[int, ...]:
    """The numbers of those that stood in the register at that moment, in order."""
    removed = col(RegistrationRow.removed_at)
    query = (
        select(RegistrationRow.id)
        .where(col(RegistrationRow.added_at) < at, or_(removed.is_(None), removed >= at))
        .order_by(col(RegistrationRow.id))
    )
    return tuple(number for number in s.exec(query) if number is not None)
