"""When the polls of a source failed, and when nobody polled it: to the second, for as long as raw readings are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlmodel import Session

from dutyroom.model.history import Gap, GapReason
from dutyroom.store import history_tables
from dutyroom.store.hours import moment_of, seconds_of
from dutyroom.store.tables import table

_ADD = text("""
    INSERT INTO poll_gaps (source, began_s, ended_s, state) VALUES (:source, :began_s, :ended_s, :state)
    ON CONFLICT (source, began_s) DO UPDATE SET ended_s = max(ended_s, excluded.ended_s), state = excluded.state""")
_EXTEND = text("""
    UPDATE poll_gaps SET ended_s = :at_s WHERE source = :source AND state = :state AND began_s = (
        SELECT max(began_s) FROM poll_gaps WHERE source = :source AND began_s <= :at_s)""")
_TABLE = history_tables.PollGapRow.__tablename__


def put_failure(s: Session, source: str, at_s: int, state: str, *, goes_on: bool) -> None:
    """One failed poll; `goes_on` when the poll before it failed the same way."""
    if goes_on:
        extended = s.connection().execute(_EXTEND, {"source": source, "at_s": at_s, "state": state})
        if extended.rowcount:
            return
    _add(s, source, at_s, at_s, state)


def put_pause(s: Session, source: str, began_s: int, ended_s: int) -> None:
    """Nobody polled between the end of one poll and the start of the next, longer than a delay would last."""
    _add(s, source, began_s, ended_s, "")


def put(s: Session, source: str, gaps: Sequence[Gap]) -> None:
    """Stores gaps of any other kind of making: those for which polls failed or were never made."""
    for gap in gaps:
        _add(s, source, int(seconds_of(gap.began)), int(seconds_of(gap.ended)), gap.state)


def between(s: Session, source: str, since: datetime, until: datetime) -> tuple[Gap, ...]:
    """The gaps of a source that touch the time from `since` to `until`, oldest first."""
    gaps = table(_TABLE)
    query = (
        select(gaps.c.began_s, gaps.c.ended_s, gaps.c.state)
        .where(gaps.c.source == source, gaps.c.began_s <= seconds_of(until), gaps.c.ended_s >= seconds_of(since))
        .order_by(gaps.c.began_s)
    )
    return tuple(
        Gap(moment_of(began_s), moment_of(ended_s), GapReason.FAILED if state else GapReason.NOT_POLLED, state)
        for began_s, ended_s, state in s.connection().execute(query)
    )


def prune(s: Session, before_s: int) -> None:
    """Deletes the gaps that ended before that second."""
    gaps = table(_TABLE)
    s.connection().execute(delete(gaps).where(gaps.c.ended_s < before_s))


def _add(s: Session, source: str, began_s: int, ended_s: int, state: str) -> None:
    row = {"source": source, "began_s": began_s, "ended_s": max(began_s, ended_s), "state": state}
    s.connection().execute(_ADD, row)
