"""The text of every checklist a round was walked with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import String, cast, literal
from sqlmodel import Session, col, func, select

from dutyroom.store.tables import ChecklistRow, LedgerRow, RoundRow
from dutyroom.store.trouble import trouble


def publish(s: Session, version: str, name: str, content: str, at: datetime) -> bool:
    """Stores the text under its version; True when it was new, False when the same text was there already.

    Raises:
        StoreError: `exists` when another text has that version.
    """
    row = s.get(ChecklistRow, version)
    if row is not None:
        if (row.name, row.content) != (name, content):
            raise trouble("exists", f"checklist:{version}")
        return False
    s.add(ChecklistRow(version=version, name=name, content=content, published_at=at))
    s.flush()
    return True


def content(s: Session, version: str) -> str | None:
    """The text of that version, or None."""
    row = s.get(ChecklistRow, version)
    return None if row is None else row.content


def contents(s: Session, versions: Iterable[str]) -> dict[str, str]:
    """The texts of those versions, by version; one that was never published is absent."""
    wanted = sorted({*versions})
    query = select(ChecklistRow.version, ChecklistRow.content).where(col(ChecklistRow.version).in_(wanted))
    return dict(s.exec(query).all())


def in_force_since(s: Session, name: str) -> datetime | None:
    """When a checklist of that name was first published, or None when it never was."""
    return s.exec(select(func.min(ChecklistRow.published_at)).where(col(ChecklistRow.name) == name)).one()


def in_force_at(s: Session, at: datetime) -> dict[str, str]:
    """By name, the version of every checklist that was in force at that moment (UTC), by what was on record by then.

    It is the one the newest round was put on record with: a text that is changed back is not published again. Before
    the first round it is the newest one published. A name of which nothing was published by then is absent.
    """
    published: dict[str, str] = {}
    query = select(ChecklistRow).where(ChecklistRow.published_at <= at)
    for row in s.exec(query.order_by(col(ChecklistRow.published_at), col(ChecklistRow.version))):
        published[row.name] = row.version
    known = (
        select(LedgerRow.seq)
        .where(LedgerRow.subject == literal("round:") + cast(col(RoundRow.id), String), LedgerRow.at <= at)
        .correlate(RoundRow)
        .exists()
    )
    for name in published:
        rounds = select(RoundRow.version).where(RoundRow.checklist == name, known)
        walked = s.exec(rounds.order_by(col(RoundRow.id).desc()).limit(1)).one_or_none()
        published[name] = walked or published[name]
    return published
