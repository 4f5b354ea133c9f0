"""The table of what people said of the rows of the self-check; rows are never changed, a later one counts."""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class SelfCheckAnswerRow(SQLModel, table=True):
    """One answer; `result` is empty where the figures are to decide."""

    __tablename__ = "self_check_answers"
    __table_args__ = (Index("ix_self_check_answers_row", "row"),)
    id: int | None = Field(default=None, primary_key=True)
    row: str
    result: str
    text: str
    plan: str
    set_at: datetime
    set_by: str
