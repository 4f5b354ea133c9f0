"""The tables of what happens round a round: critical periods, amendments, and who has one open."""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class PeriodRow(SQLModel, table=True):
    """One critical period; the one change there is closes it."""

    __tablename__ = "periods"
    __table_args__ = (Index("ix_periods_ends_at", "ends_at"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    name: str
    checklist: str
    starts_at: datetime
    ends_at: datetime
    every_s: float
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None


class AmendmentRow(SQLModel, table=True):
    """One amendment of a round; `entries` are the answers that take the place of others, as a JSON list."""

    __tablename__ = "amendments"
    __table_args__ = (UniqueConstraint("round_id", "revision", name="uq_amendments_round_revision"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="rounds.id")
    revision: int
    at: datetime
    by: str
    reason: str
    entries: str
    withdrew_by: str | None = None
    withdrew_at: datetime | None = None


class RoundHolderRow(SQLModel, table=True):
    """Who has an open round on a screen; no evidence, it comes and goes."""

    __tablename__ = "round_holders"
    __table_args__ = WITHOUT_ROWID
    round_id: int = Field(primary_key=True, foreign_key="rounds.id")
    by: str = Field(primary_key=True)
    terminal: str = Field(primary_key=True)
    since: datetime
    seen_at: datetime
