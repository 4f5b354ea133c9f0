"""When the answers of earlier rounds were given: what the pace of a round is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast
from sqlmodel import Session, col, func, select

from dutyroom.model.rounds import Round
from dutyroom.store.rounds import SIGNED, round_of_row
from dutyroom.store.tables import RoundRow, table

AT_ONCE = 500
"""Ids in one statement: SQLite takes some thousand parameters, older ones 999."""


def rounds_before(
    s: Session, checklist: str, due_at: datetime, signed_at: datetime | None, limit: int
) -> tuple[Round, ...]:
    """The signed rounds of a checklist that were due before `due_at`, newest first.

    So many that `limit` of them were signed before `signed_at`, where there are that many; those signed later are
    among them. None: all of them count.
    """
    before = (RoundRow.checklist == checklist, RoundRow.due_at < due_at, col(RoundRow.state).in_(SIGNED))
    query, many = select(RoundRow).where(*before).order_by(col(RoundRow.due_at).desc()), limit
    while True:
        rows = s.exec(query.limit(many)).all()
        in_time = sum(signed_at is None or (row.signed_at is not None and row.signed_at < signed_at) for row in rows)
        if in_time >= limit or len(rows) < many:
            return tuple(round_of_row(row) for row in rows)
        # Some were typed in from paper later: they take no place.
        many += limit - in_time


def answer_times(s: Session, ids: Sequence[int]) -> dict[int, list[datetime]]:
    """By round the times of the answers as they were signed."""
    entries = table("entries")
    found: dict[int, list[datetime]] = {}
    for begin in range(0, len(ids), AT_ONCE):
        # One row a round, because tens of thousands take a quarter of a second.
        times = func.group_concat(cast(entries.c.at, String))
        query = select(entries.c.round_id, times).where(
            entries.c.round_id.in_(ids[begin : begin + AT_ONCE]), entries.c.answer.is_not(None)
        )
        for number, told in s.execute(query.group_by(entries.c.round_id)):
            found[number] = [datetime.fromisoformat(f"{at}+00:00") for at in told.split(",")]
    return found
