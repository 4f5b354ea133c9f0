"""The table of planned maintenance. Rows are never deleted; the one change there is takes a window back."""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class MaintenanceRow(SQLModel, table=True):
    """One window; `devices` are names separated by blanks, empty for the whole room."""

    __tablename__ = "maintenance"
    __table_args__ = (Index("ix_maintenance_ends_at", "ends_at"),)
    id: int | None = Field(default=None, primary_key=True)
    starts_at: datetime
    ends_at: datetime
    devices: str
    reason: str
    entered_at: datetime
    entered_by: str
    cancelled_at: datetime | None = None
    cancelled_by: str = ""
