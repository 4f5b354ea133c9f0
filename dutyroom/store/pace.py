"""When the answers of earlier rounds were given: what the pace of a round is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from dutyroom.model.rounds import Round
from dutyroom.store.rounds import SIGNED, get
from dutyroom.store.tables import EntryRow, RoundRow


def rounds_before(s: Session, one: Round, limit: int) -> tuple[Round, ...]:
    """The newest `limit` signed rounds of the same checklist that were due before it, newest first."""
    query = (
        select(RoundRow.id)
        .where(RoundRow.checklist == one.checklist, RoundRow.due_at < one.due_at, col(RoundRow.state).in_(SIGNED))
        .order_by(col(RoundRow.due_at).desc())
        .limit(limit)
    )
    found = [get(s, number) for number in s.exec(query) if number is not None]
    return tuple(past for past in found if past is not None)


def answer_times(s: Session, ids: Sequence[int]) -> dict[int, list[datetime]]:
    """By round the times of the answers as they were signed."""
    query = select(EntryRow.round_id, EntryRow.at).where(
        col(EntryRow.round_id).in_(list(ids)), col(EntryRow.answer).is_not(None)
    )
    found: dict[int, list[datetime]] = {}
    for number, at in s.exec(query):
        found.setdefault(number, []).append(at)
    return found
