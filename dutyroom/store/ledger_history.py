"""The ledger of a span of time for reports: how often what was done, and the lines of chosen acts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, cast, exists, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from dutyroom.model.events import LedgerLine
from dutyroom.model.people import Act
from dutyroom.store.ledger import line_of_row
from dutyroom.store.tables import LedgerRow, RoundRow

AT_ONCE = 500
"""Subjects in one statement: SQLite takes some thousand parameters, older ones 999."""
RECORDED_BY = (Act.START_ROUND, Act.SKIP_ROUND, Act.MISS_ROUND, Act.BACK_FILL_ROUND)
"""The acts that put a round on record."""
_PREFIX = len("round:") + 1


class Span(NamedTuple):
    """The lines at or after `since` and before `until`, whose numbers lie between `first` and `last`, both included.

    The numbers spare reading a ledger of years; no line has the number 0.
    """

    since: datetime
    until: datetime
    first: int
    last: int


class VersionUse(NamedTuple):
    """A round as it was put on record: its first line, its number, its checklist and the version of that."""

    line: LedgerLine
    round_id: int
    checklist: str
    version: str


def counts(s: Session, span: Span) -> dict[str, int]:
    """How many lines of each act there are in the span."""
    query = select(LedgerRow.act, func.count()).where(*_within(span))
    return dict(s.exec(query.group_by(LedgerRow.act)).all())


def lines_of(s: Session, acts: Collection[Act], span: Span) -> tuple[LedgerLine, ...]:
    """The lines of those acts in the span, by number."""
    query = select(LedgerRow).where(*_within(span), col(LedgerRow.act).in_([act.value for act in acts]))
    return tuple(line_of_row(row) for row in s.exec(query.order_by(col(LedgerRow.seq))))


def numbers_of(s: Session, act: Act, span: Span) -> tuple[int, ...]:
    """The numbers of the lines of an act in the span, in order."""
    query = select(LedgerRow.seq).where(*_within(span), LedgerRow.act == act.value)
    return tuple(s.exec(query.order_by(col(LedgerRow.seq))))


def lines_about(s: Session, subjects: Iterable[str]) -> tuple[LedgerLine, ...]:
    """Every line about those subjects, by number."""
    wanted = sorted({*subjects})
    found: list[LedgerLine] = []
    for begin in range(0, len(wanted), AT_ONCE):
        query = select(LedgerRow).where(col(LedgerRow.subject).in_(wanted[begin : begin + AT_ONCE]))
        found += (line_of_row(row) for row in s.exec(query))
    return tuple(sorted(found, key=lambda line: line.seq))


def versions_used(s: Session, span: Span) -> tuple[VersionUse, ...]:
    """Every round that was put on record in the span, by its first line."""
    rows = s.exec(_first_lines().where(*_within(span)).order_by(col(LedgerRow.seq)))
    return tuple(_use(*row) for row in rows)


def version_used_before(s: Session, checklist: str, seq: int) -> VersionUse | None:
    """The newest round of a checklist that was put on record by a line before that number, or None."""
    query = _first_lines().where(RoundRow.checklist == checklist, LedgerRow.seq < seq)
    row = s.exec(query.order_by(col(LedgerRow.seq).desc()).limit(1)).one_or_none()
    return None if row is None else _use(*row)


def _within(span: Span) -> tuple[Any, ...]:
    return (
        col(LedgerRow.seq) >= span.first,
        col(LedgerRow.seq) <= span.last,
        LedgerRow.at >= span.since,
        LedgerRow.at < span.until,
    )


def _first_lines() -> Any:
    earlier = aliased(LedgerRow)
    is_later = exists().where(col(earlier.subject) == LedgerRow.subject, col(earlier.seq) < LedgerRow.seq)
    number = cast(func.substr(LedgerRow.subject, _PREFIX), Integer)
    return (
        select(LedgerRow, RoundRow.id, RoundRow.checklist, RoundRow.version)
        .join(RoundRow, col(RoundRow.id) == number)
        .where(col(LedgerRow.act).in_([act.value for act in RECORDED_BY]), ~is_later)
    )


def _use(row: LedgerRow, round_id: int, checklist: str, version: str) -> VersionUse:
    return VersionUse(line_of_row(row), round_id, checklist, version)
