"""What is owed now: the slots of every checklist around this moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dutyroom.duty.desk import Desk, Published
from dutyroom.duty.slots import lines_of
from dutyroom.model.checklist import Cadence
from dutyroom.model.periods import CriticalPeriod
from dutyroom.model.rounds import OwedState, Round, RoundOwed
from dutyroom.rules.owed import at, owed_state
from dutyroom.rules.schedule import Slot, latest_slot, next_slot, slot_of
from dutyroom.store import checklists as kept_checklists
from dutyroom.store import periods, rounds
from dutyroom.store.database import Session

OVER = (OwedState.DONE, OwedState.MISSED, OwedState.SKIPPED)


def owed_now(session: Session, desk: Desk, now: datetime) -> tuple[RoundOwed, ...]:
    """For each checklist: rounds that are open, the newest slot that may start, and when that is over the next one.

    The most pressing first; one whose `opens_at` is after `now` is still to come. A slot that was late before its
    checklist came into force is owed by nobody; the daily one of today is.
    """
    opened, known = rounds.open_rounds(session), periods.periods(session)
    owed: list[RoundOwed] = []
    for published in desk.published():
        checklist = published.checklist
        mine = {one.id: one for one in opened if one.checklist == checklist.name}
        for slot in _slots(session, desk, published, now, known):
            found = rounds.of_slot(session, checklist.name, slot)
            if found is not None:
                mine.pop(found.id, None)
            owed.append(_owed(session, desk, published, slot, found, now))
        for one in mine.values():
            slot = slot_of(checklist, one.due_at, desk.site.timezone, known)
            owed.append(_owed(session, desk, published, slot, one, now))
    return at(owed, now)


def _slots(
    session: Session, desk: Desk, published: Published, now: datetime, known: tuple[CriticalPeriod, ...]
) -> Iterator[Slot]:
    checklist, zone = published.checklist, desk.site.timezone
    newest = latest_slot(checklist, now, zone, known)
    is_over = True
    if newest is not None:
        found = rounds.of_slot(session, checklist.name, newest)
        if found is not None or not _is_from_before(session, published, newest, now):
            yield newest
            is_over = owed_state(found, newest.late_after, newest.missed_after, now) in OVER
    if is_over:
        following = next_slot(checklist, now, zone, known)
        if following is not None:
            yield following


def _is_from_before(session: Session, published: Published, slot: Slot, now: datetime) -> bool:
    if published.checklist.schedule.cadence is Cadence.DAILY:
        return False
    begin = kept_checklists.in_force_since(session, published.checklist.name)
    return slot.late_after < (begin if begin is not None else now)


def _owed(
    session: Session, desk: Desk, published: Published, slot: Slot, found: Round | None, now: datetime
) -> RoundOwed:
    return RoundOwed(
        checklist=published.checklist.name,
        due_at=found.due_at if found is not None else slot.due_at,
        due_on=found.due_on if found is not None else slot.due_on,
        opens_at=slot.opens_at,
        late_after=slot.late_after,
        missed_after=slot.missed_after,
        state=owed_state(found, slot.late_after, slot.missed_after, now),
        round=found,
        answered=rounds.answered(session, found.id) if found is not None else 0,
        lines=lines_of(desk, published, slot)[1],
        period_id=slot.period_id,
    )
