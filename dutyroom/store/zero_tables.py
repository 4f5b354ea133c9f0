"""The table of zero reports."""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class ZeroReportRow(SQLModel, table=True):
    """One version of the report of one duty day; never changed, an amendment is a later version."""

    __tablename__ = "zero_reports"
    __table_args__ = (UniqueConstraint("duty_day", "version", name="uq_zero_reports_day_version"),)
    id: int | None = Field(default=None, primary_key=True)
    duty_day: date
    begins_at: datetime
    ends_at: datetime
    state: str
    signed_at: datetime
    signed_by: str
    content: str
    version: int = 1
    is_late: bool = False
    reason: str | None = None
    ledger_seq: int | None = None
    ledger_head: str | None = None
