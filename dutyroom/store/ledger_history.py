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


class VersionUse(NamedTuple):
    """A round as it was put on record: its first line, its number, its checklist and the version of that."""

    line: LedgerLine
    round_id: int
    checklist: str
    version: str


def counts(s: Session, since: datetime, until: datetime) -> dict[str, int]:
    """How many lines of each act there are at or after `since` and before `until`."""
    query = select(LedgerRow.act, func.count()).where(LedgerRow.at >= since, LedgerRow.at < until)
    return dict(s.exec(query.group_by(LedgerRow.act)).all())


def lines_of(s: Session, acts: Collection[Act], since: datetime, until: datetime) -> tuple[LedgerLine, ...]:
    """The lines of those acts at or after `since` and before `until`, by number."""
    query = select(LedgerRow).where(LedgerRow.at >= since, LedgerRow.at < until)
    rows = s.exec(query.where(col(LedgerRow.act).in_([act.value for act in acts])).order_by(col(LedgerRow.seq)))
    return tuple(line_of_row(row) for row in rows)


def numbers_of(s: Session, act: Act, since: datetime, until: datetime) -> tuple[int, ...]:
    """The numbers of the lines of an act at or after `since` and before `until`, in order."""
    query = select(LedgerRow.seq).where(LedgerRow.at >= since, LedgerRow.at < until, LedgerRow.act == act.value)
    return tuple(s.exec(query.order_by(col(LedgerRow.seq))))


def lines_about(s: Session, subjects: Iterable[str]) -> tuple[LedgerLine, ...]:
    """Every line about those subjects, by number."""
    wanted = sorted({*subjects})
    found: list[LedgerLine] = []
    for begin in range(0, len(wanted), AT_ONCE):
        query = select(LedgerRow).where(col(LedgerRow.subject).in_(wanted[begin : begin + AT_ONCE]))
        found += (line_of_row(row) for row in s.exec(query))
    return tuple(sorted(found, key=lambda line: line.seq))


def versions_used(s: Session, since: datetime, until: datetime) -> tuple[VersionUse, ...]:
    """Every round that was put on record at or after `since` and before `until`, by its first line."""
    rows = s.exec(_first_lines().where(LedgerRow.at >= since, LedgerRow.at < until).order_by(col(LedgerRow.seq)))
    return tuple(_use(*row) for row in rows)


def version_used_before(s: Session, checklist: str, seq: int) -> VersionUse | None:
    """The newest round of a checklist that was put on record by a line before that number, or None."""
    query = _first_lines().where(RoundRow.checklist == checklist, LedgerRow.seq < seq)
    row = s.exec(query.order_by(col(LedgerRow.seq).desc()).limit(1)).one_or_none()
    return None if row is None else _use(*row)


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
