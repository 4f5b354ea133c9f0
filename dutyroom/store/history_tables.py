"""The table of what the history charts ask for beside readings: when polls failed, and when nobody polled."""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from sqlmodel import Field, SQLModel

from dutyroom.store.tables import WITHOUT_ROWID


class PollGapRow(SQLModel, table=True):
    """Failed polls of one source in a row, from the first to the last; with an empty `state`: polls nobody made.

    Seconds since the epoch. Rows are kept as long as raw readings; the counts by hour are kept for ever.
    """

    __tablename__ = "poll_gaps"
    __table_args__ = WITHOUT_ROWID
    source: str = Field(primary_key=True)
    began_s: int = Field(primary_key=True)
    ended_s: int
    state: str
