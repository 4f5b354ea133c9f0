"""The answers of one line over many rounds. The cost grows with the rounds of the days asked for, not with all."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from dutyroom.model.rounds import Entry, Round, RoundState
from dutyroom.store.rounds import SIGNED, entry_of_row, round_of_row
from dutyroom.store.tables import EntryRow, RoundRow


def answers(s: Session, item: str, device: str, since: date, until: date) -> tuple[tuple[Round, Entry], ...]:
    """Signed rounds due on local days from `since` to `until`, both included, with their answer to that line."""
    query = (
        select(RoundRow, EntryRow)
        .join(EntryRow, col(EntryRow.round_id) == col(RoundRow.id))
        .where(RoundRow.due_on >= since, RoundRow.due_on <= until, col(RoundRow.state).in_(SIGNED))
        .where(EntryRow.item == item, EntryRow.device == device, col(EntryRow.answer).is_not(None))
        .order_by(col(RoundRow.due_at), col(RoundRow.id))
    )
    return tuple((round_of_row(one), entry_of_row(entry)) for one, entry in s.exec(query))


def not_walked(s: Session, checklists: tuple[str, ...], since: date, until: date) -> tuple[date, ...]:
    """The local days on which a round of one of these checklists was missed or skipped, ascending."""
    query = (
        select(RoundRow)
        .where(RoundRow.due_on >= since, RoundRow.due_on <= until, col(RoundRow.checklist).in_(checklists))
        .where(col(RoundRow.state).in_((RoundState.MISSED.value, RoundState.SKIPPED.value)))
        .order_by(col(RoundRow.due_on))
    )
    return tuple(dict.fromkeys(row.due_on for row in s.exec(query)))
