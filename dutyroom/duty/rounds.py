"""Starting a round: the one that is due, or the one that is open already."""

from __future__ import annotations

from datetime import datetime

from dutyroom import clock
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.handover import why_not_yet
from dutyroom.duty.space import refuse_without_space
from dutyroom.duty.walks import Walk, load_walk
from dutyroom.errors import RoundRefused
from dutyroom.model.people import Act, Actor
from dutyroom.model.rounds import Round, RoundState
from dutyroom.rules.schedule import current_slot
from dutyroom.store import checklists as kept_checklists
from dutyroom.store import ledger, rounds
from dutyroom.words import _


def start_round(desk: Desk, actor: Actor, now: datetime) -> Walk:
    """Starts the round of the current slot, or goes on with it when it is open already.

    Raises RoundRefused: `exists` when that slot's round is signed, `disk` when a new one would find too little space,
    `handover` when its shift has not taken over;
    NotAllowed for a role that only reads.
    """
    require(actor, Act.START_ROUND)
    checklist, site = desk.checklist, desk.site
    slot = current_slot(checklist, now, site.timezone)
    with desk.store.write() as session:
        found = rounds.by_slot(session, checklist.name, slot.due_at)
        if found is not None and found.state is not RoundState.OPEN:
            raise RoundRefused(
                _("This round is done already: number {id}, signed by {who}.").format(
                    id=found.id, who=found.signed_by or "?"
                ),
                code="exists",
            )
        if found is None:
            not_yet = why_not_yet(session, site, slot.due_at, now)
            if not_yet is not None:
                raise RoundRefused(not_yet, code="handover")
            refuse_without_space(site)
            if kept_checklists.publish(session, checklist.version, checklist.name, desk.checklist_text, now):
                ledger.append_row(session, at=now, actor=actor, act=Act.PUBLISH_CHECKLIST, of=checklist)
            begun = Round(
                checklist=checklist.name,
                version=checklist.version,
                due_at=slot.due_at,
                due_on=slot.due_on,
                duty_day=clock.duty_day(slot.due_at, site.zero_report_at, site.timezone),
                state=RoundState.OPEN,
                items=len(checklist.items),
                started_at=now,
                started_by=actor.name,
            )
            found = rounds.add(session, begun)
            ledger.append_row(session, at=now, actor=actor, act=Act.START_ROUND, of=found)
    return load_walk(desk, found.id)
