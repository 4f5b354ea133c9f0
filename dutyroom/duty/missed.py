"""Rounds nobody walked: each is recorded once, whether or not anyone opened the program meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from dutyroom.duty.desk import Desk, Published, require
from dutyroom.duty.slots import publish, round_in
from dutyroom.model.people import Act, Actor
from dutyroom.model.rounds import Mark, Round, RoundState
from dutyroom.rules.schedule import Slot, slot_of, slots_due
from dutyroom.store import checklists as kept_checklists
from dutyroom.store import ledger, periods, rounds
from dutyroom.store.database import Session

# Somebody may be on the walk with a note book: a round begun so lately is not taken away from them.
WALKING = timedelta(hours=4)


def record_missed(desk: Desk, actor: Actor, now: datetime, since: datetime | None = None) -> tuple[Round, ...]:
    """Records every slot that is over and has no round, and puts what a checklist first asks for into force.

    A checklist owes nothing from before it was in force; `since` (UTC) looks back no further than that. A round that
    was opened and has not one answer when its slot is over was missed too. One with answers stays open: none is lost.

    Raises NotAllowed for anybody but the watch.
    """
    require(actor, Act.MISS_ROUND)
    with desk.store.read() as session:
        new = [one for one in desk.published() if kept_checklists.in_force_since(session, one.checklist.name) is None]
        if not new and next(_over(session, desk, now, since), None) is None:
            return ()
    made: list[Round] = []
    with desk.store.write() as session:
        for one in new:
            publish(session, actor, one, now)
        for published, slot, found in list(_over(session, desk, now, since)):
            if found is None:
                publish(session, actor, published, now)
                missed = replace(round_in(desk, published, slot, RoundState.MISSED), closed_at=slot.missed_after)
                missed = rounds.add(session, missed)
            else:
                missed = replace(found, state=RoundState.MISSED, closed_at=now)
                rounds.update(session, missed)
            ledger.append_row(session, at=now, actor=actor, act=Act.MISS_ROUND, of=missed)
            made.append(missed)
    return tuple(made)


def _over(
    session: Session, desk: Desk, now: datetime, since: datetime | None
) -> Iterator[tuple[Published, Slot, Round | None]]:
    zone, known = desk.site.timezone, periods.periods(session)
    opened = rounds.open_rounds(session)
    for published in desk.published():
        checklist = published.checklist
        begin = kept_checklists.in_force_since(session, checklist.name)
        if begin is None:
            continue
        if since is not None:
            begin = max(begin, since)
        taken = rounds.slots_taken(session, checklist.name, begin - timedelta(days=1))
        at, on = {due_at for due_at, _day, _period in taken}, {day for _at, day, period in taken if period is None}
        for slot in slots_due(checklist, begin, now, zone, known):
            is_taken = slot.due_at in at or (slot.period_id is None and slot.due_on in on)
            if not is_taken and slot.is_missed(now):
                yield published, slot, None
        for one in opened:
            if one.checklist == checklist.name and _is_untouched(session, one, now):
                slot = slot_of(checklist, one.due_at, zone, known)
                if slot.is_missed(now):
                    yield published, slot, one


def _is_untouched(session: Session, one: Round, now: datetime) -> bool:
    """True for a round that was begun a while ago and has no answer; one typed in from paper has its own time."""
    if Mark.BACK_FILLED in one.marks or one.started_at is None or now - one.started_at < WALKING:
        return False
    return rounds.answered(session, one.id) == 0
