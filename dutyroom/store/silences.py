"""When polls of a source failed in a row, and when nobody polled it: kept for ever, because availability rests on it.

Polls are no acts of people: the ledger does not hold them. A row is begun, made longer and ended by the polls
themselves; nothing is written while a source answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text
from sqlmodel import Session

from dutyroom.model.availability import Cause
from dutyroom.model.history import Gap, GapReason
from dutyroom.model.reading import Sample
from dutyroom.rules.checks import why_failed
from dutyroom.rules.durations import on_this_clock
from dutyroom.store.hours import seconds_of

# Of failed polls that are known as one gap only the second is taken to have come within so many seconds.
SECOND_WITHIN_S = 60

_BEGIN = text("""
    INSERT INTO silences (source, began_s, cause, polls, second_s, last_s, ended_s)
    VALUES (:source, :began_s, :cause, :polls, :second_s, :last_s, :ended_s)
    ON CONFLICT (source, began_s, cause) DO UPDATE SET polls = excluded.polls, second_s = excluded.second_s,
        last_s = excluded.last_s, ended_s = excluded.ended_s""")
_GO_ON = text("""
    UPDATE silences SET polls = polls + 1, second_s = coalesce(second_s, :at_s), last_s = max(last_s, :at_s)
    WHERE source = :source AND ended_s IS NULL AND cause = 'failed'""")
_END = text("""
    UPDATE silences SET ended_s = max(coalesce(last_s, began_s), :at_s) WHERE source = :source AND ended_s IS NULL""")
_FIRST = text("""
    INSERT INTO silences (source, began_s, cause, polls, ended_s) VALUES (:source, 0, 'before', 0, :at_s)
    ON CONFLICT (source, began_s, cause) DO UPDATE SET ended_s = min(ended_s, excluded.ended_s)""")
_COVERED = text("""
    SELECT (SELECT ended_s FROM silences WHERE source = :source AND began_s = 0 AND cause = 'before'),
        (SELECT began_s FROM silences WHERE source = :source AND ended_s IS NULL AND cause = 'not-polled')""")
_MOVE = text("UPDATE silences SET began_s = :at_s WHERE source = :source AND ended_s IS NULL")


class Poll(NamedTuple):
    """One poll: when it was by the clock of then and, in seconds since the epoch, by the clock as it is now.

    `failed` is why, empty for one that was answered.
    """

    at_s: int
    told: float
    failed: str


def poll_of(sample: Sample, newest: Sample) -> Poll:
    """The poll of a sample, told by the clock of the newest one."""
    at = seconds_of(sample.at)
    if sample is newest:
        return Poll(int(at), at, why_failed(sample))
    told = on_this_clock(sample.at, sample.boot, newest.at, newest.boot)
    return Poll(int(at), at if told is sample.at else seconds_of(told), why_failed(sample))


class Writing:
    """Gathers what a batch of polls changes; `close` puts what was gathered."""

    def __init__(self, s: Session) -> None:
        self._s = s
        # In the order in which they are put.
        self._rows: dict[Any, list[dict[str, str | int | None]]] = {_END: [], _FIRST: [], _BEGIN: [], _GO_ON: []}
        self._touched: set[str] = set()

    def put(self, source: str, last: Poll | None, now: Poll, *, pause: bool) -> None:
        """One poll and the one before it, None for the first one; `pause` when nobody polled between them."""
        if last is None:
            self.first(source, now.at_s)
        elif last.failed and (pause or not now.failed):
            self.end(source, 0 if pause else now.at_s)
        if last is not None and pause:
            began_s = int(last.told)
            self.begin(source, began_s, Cause.NOT_POLLED, ended_s=max(began_s, now.at_s))
        if not now.failed:
            return
        if last is None or pause or not last.failed:
            self.begin(source, now.at_s, Cause.FAILED, polls=1, last_s=now.at_s)
        elif now.at_s < last.at_s:
            # The clock was set back: what failed goes on from the poll before, told by the clock as it is now.
            self.end(source, 0)
            began_s = min(int(last.told), now.at_s)
            self.begin(source, began_s, Cause.FAILED, polls=2, second_s=now.at_s, last_s=now.at_s)
        else:
            self._add(_GO_ON, source, at_s=now.at_s)

    def first(self, source: str, at_s: int) -> None:
        """The first poll ever, or the first one after a history that was filled in."""
        self.end(source, at_s)
        self._add(_FIRST, source, at_s=at_s)

    def end(self, source: str, at_s: int) -> None:
        """What lasts ends; with 0 it ends with the last failed poll."""
        if source in self._touched:
            self.close()
        self._add(_END, source, at_s=at_s)

    def begin(
        self, source: str, began_s: int, cause: Cause, *,
        polls: int = 0, second_s: int | None = None, last_s: int | None = None, ended_s: int | None = None,
    ) -> None:  # fmt: skip
        """A row as it is told; `ended_s` is None while it lasts."""
        times = {"second_s": second_s, "last_s": last_s, "ended_s": ended_s}
        self._add(_BEGIN, source, began_s=began_s, cause=cause.value, polls=polls, **times)

    def close(self) -> None:
        """Puts what was gathered."""
        if not self._touched:
            return
        for statement, rows in self._rows.items():
            if rows:
                self._s.connection().execute(statement, rows)
                rows.clear()
        self._touched.clear()

    def _add(self, statement: TextClause, source: str, **values: str | int | None) -> None:
        self._rows[statement].append({"source": source, **values})
        self._touched.add(source)


def put_covered(s: Session, source: str, began: datetime, ended: datetime, gaps: Sequence[Gap]) -> None:
    """A source was polled from `began` to `ended` but for the gaps: for history that is filled in, oldest first or not.

    Between it and what was on record before, and after the newest of it, nobody polled.
    """
    began_s, ended_s = int(seconds_of(began)), int(seconds_of(ended))
    writing = Writing(s)
    first_s, open_s = s.connection().execute(_COVERED, {"source": source}).one()
    if first_s is None or (open_s is not None and began_s > open_s):
        writing.first(source, began_s)
        writing.begin(source, ended_s, Cause.NOT_POLLED)
    elif began_s == open_s:
        s.connection().execute(_MOVE, {"source": source, "at_s": ended_s})
    elif began_s < first_s:
        s.connection().execute(_FIRST, {"source": source, "at_s": began_s})
        if ended_s < first_s:
            writing.begin(source, ended_s, Cause.NOT_POLLED, ended_s=first_s)
    for gap in _joined(gaps):
        first, last = int(seconds_of(gap.began)), int(seconds_of(gap.ended))
        if gap.reason is GapReason.NOT_POLLED:
            writing.begin(source, first, Cause.NOT_POLLED, ended_s=last)
        elif gap.reason is GapReason.FAILED:
            second = min(last, first + SECOND_WITHIN_S) if last > first else None
            polls = 1 if second is None else 2
            writing.begin(source, first, Cause.FAILED, polls=polls, second_s=second, last_s=last, ended_s=last)
    writing.close()


def _joined(gaps: Sequence[Gap]) -> list[Gap]:
    """Failed polls of several states in a row are one row of failed polls."""
    found: list[Gap] = []
    for gap in sorted(gaps, key=lambda one: one.began):
        if found and found[-1].reason is gap.reason and gap.began <= found[-1].ended:
            found[-1] = Gap(found[-1].began, max(found[-1].ended, gap.ended), gap.reason)
        else:
            found.append(gap)
    return found
