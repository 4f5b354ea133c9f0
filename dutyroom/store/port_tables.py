"""The tables of ports: accepted baselines, and the ports of each device when a round was signed.

The ports of one device are one JSON list in one row: a chassis has thousands, and they are only ever read together.
"""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class BaselineRow(SQLModel, table=True):
    """One baseline of one device; never changed, a later one takes its place."""

    __tablename__ = "port_baselines"
    __table_args__ = (UniqueConstraint("source", "version", name="uq_port_baselines_source_version"),)
    id: int | None = Field(default=None, primary_key=True)
    source: str
    version: int
    at: datetime
    by: str
    seen_at: datetime
    ports: str


class PortMarksRow(SQLModel, table=True):
    """The ports of one device when a round was signed; `round_id` is that round."""

    __tablename__ = "port_marks"
    __table_args__ = WITHOUT_ROWID
    source: str = Field(primary_key=True)
    round_id: int = Field(primary_key=True, foreign_key="rounds.id")
    at: datetime
    uptime_s: float | None = None
    ports: str
