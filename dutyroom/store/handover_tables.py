"""The tables of the roster and of handovers."""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class RosterRow(SQLModel, table=True):
    """One person on one shift of one day; one that a later import replaced keeps its row."""

    __tablename__ = "roster"
    __table_args__ = (Index("ix_roster_day", "day"),)
    id: int | None = Field(default=None, primary_key=True)
    day: date
    shift: str
    person: str
    imported_at: datetime
    imported_by: str
    replaced_at: datetime | None = None
    replaced_by: str | None = None


class HandoverRow(SQLModel, table=True):
    """One handover; `sheet` is JSON."""

    __tablename__ = "handovers"
    __table_args__ = (Index("ix_handovers_to", "to_day", "to_shift"),)
    id: int | None = Field(default=None, primary_key=True)
    from_day: date
    from_shift: str
    to_day: date
    to_shift: str
    given_at: datetime
    given_by: str
    sheet: str
    state: str
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    accept_note: str = ""
    override_by: str | None = None
    override_reason: str | None = None
