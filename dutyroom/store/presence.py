"""Who has an open round on a screen. No evidence: it comes and goes, and nothing of it stands in the ledger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from dutyroom.model.rounds import RoundHolder
from dutyroom.store.round_change_tables import RoundHolderRow


def put(s: Session, one: RoundHolder) -> None:
    """Stores that somebody has a round open; `since` stays that of the first time."""
    row = s.get(RoundHolderRow, (one.round_id, one.by, one.terminal))
    if row is None:
        s.add(
            RoundHolderRow(
                round_id=one.round_id, by=one.by, terminal=one.terminal, since=one.since, seen_at=one.seen_at
            )
        )
    else:
        row.seen_at = one.seen_at
    s.flush()


def remove(s: Session, round_id: int, by: str, terminal: str) -> None:
    """Somebody has a round open no longer."""
    row = s.get(RoundHolderRow, (round_id, by, terminal))
    if row is not None:
        s.delete(row)
        s.flush()


def forget_before(s: Session, moment: datetime) -> None:
    """Takes out everybody last seen before that moment: a terminal that was cut off says no good-bye."""
    s.connection().execute(delete(RoundHolderRow).where(col(RoundHolderRow.seen_at) < moment))


def holders(s: Session, round_id: int, seen_since: datetime) -> tuple[RoundHolder, ...]:
    """Who has a round open and was seen since that moment, the first one first."""
    query = select(RoundHolderRow).where(RoundHolderRow.round_id == round_id, RoundHolderRow.seen_at >= seen_since)
    rows = s.exec(query.order_by(col(RoundHolderRow.since), col(RoundHolderRow.by)))
    return tuple(RoundHolder(row.round_id, row.by, row.terminal, row.since, row.seen_at) for row in rows)
