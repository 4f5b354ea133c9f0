"""The text of every checklist a round was walked with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, func, select

from dutyroom.store.tables import ChecklistRow
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
