"""The answers of one line over many rounds. The cost grows with the rounds of the days asked for, not with all."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from dutyroom.model.rounds import Entry, Round, RoundState
from dutyroom.store import amendments
from dutyroom.store.rounds import SIGNED, entry_of_row, round_of_row
from dutyroom.store.tables import EntryRow, RoundRow


def answers(s: Session, item: str, device: str, since: date, until: date) -> tuple[tuple[Round, Entry], ...]:
    """Signed rounds due on local days from `since` to `until`, both included, with the answer in force to that line."""
    inside = (RoundRow.due_on >= since, RoundRow.due_on <= until, col(RoundRow.state).in_(SIGNED))
    query = select(RoundRow).where(*inside).order_by(col(RoundRow.due_at), col(RoundRow.id))
    found = {one.id: one for one in map(round_of_row, s.exec(query))}
    asked = select(EntryRow).join(RoundRow, col(EntryRow.round_id) == col(RoundRow.id)).where(*inside)
    given = map(entry_of_row, s.exec(asked.where(EntryRow.item == item, EntryRow.device == device)))
    amended = amendments.of_rounds(s, (number for number, one in found.items() if one.revision > 1))
    standing = {one.round_id: one for one in amendments.in_force(given, amended) if one.key == (item, device)}
    return tuple(
        (one, standing[number])
        for number, one in found.items()
        if number in standing and standing[number].answer is not None
    )


def not_walked(s: Session, checklists: tuple[str, ...], since: date, until: date) -> tuple[date, ...]:
    """The local days on which a round of one of these checklists was missed or skipped, ascending."""
    query = (
        select(RoundRow)
        .where(RoundRow.due_on >= since, RoundRow.due_on <= until, col(RoundRow.checklist).in_(checklists))
        .where(col(RoundRow.state).in_((RoundState.MISSED.value, RoundState.SKIPPED.value)))
        .order_by(col(RoundRow.due_on))
    )
    return tuple(dict.fromkeys(row.due_on for row in s.exec(query)))
