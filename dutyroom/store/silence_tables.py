"""The table of the silences: when polls of a source failed, when nobody polled it. Rows are never pruned."""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class SilenceRow(SQLModel, table=True):
    """A time without an answer of one source, in whole seconds since the epoch; `ended_s` is NULL while it lasts.

    `failed`: failed polls in a row, from the first to the answer, or to the last of them when nobody polled after it.
    `polls` counts them, as far as they are known one by one; `second_s` and `last_s` are the second (NULL while there
    is one only) and the last of them. `not-polled`: from one poll to the next one, after a pause of the watch.
    `before`: from 0 to the first poll ever.
    """

    __tablename__ = "silences"
    __table_args__ = (Index("ix_silences_ended", "ended_s"), WITHOUT_ROWID)
    source: str = Field(primary_key=True)
    began_s: int = Field(primary_key=True)
    cause: str = Field(primary_key=True)
    polls: int
    second_s: int | None = None
    last_s: int | None = None
    ended_s: int | None = None
