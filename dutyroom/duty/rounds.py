"""Starting a round: the one that is due, or the one that is open already."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dutyroom import show
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.handover import why_not_yet
from dutyroom.duty.slots import asked, is_there, publish, round_in
from dutyroom.duty.space import refuse_without_space
from dutyroom.duty.walks import Walk, load_walk
from dutyroom.errors import RoundRefused
from dutyroom.model.people import Act, Actor
from dutyroom.model.rounds import RoundState
from dutyroom.store import ledger, rounds
from dutyroom.words import _


def start_round(desk: Desk, actor: Actor, now: datetime, checklist: str = "", due_at: datetime | None = None) -> Walk:
    """Starts the round of a slot, or goes on with it when it is open already.

    `checklist` is the name of any in force, empty for the daily one; without `due_at` (UTC) its newest slot is meant.

    Raises RoundRefused, with the first round's number where there is one: `exists` when that slot's round is signed,
    `missed`, `skipped`; `early` before it may start, `no-checklist`, `no-slot`, `handover` when its shift has not taken
    over, `disk` when a new one would find too little space; NotAllowed for a role that only reads.
    """
    require(actor, Act.START_ROUND)
    site = desk.site
    with desk.store.write() as session:
        meant = asked(session, desk, checklist, due_at, now)
        found, slot = meant.round, meant.slot
        if found is not None and found.state is not RoundState.OPEN:
            raise is_there(found)
        if found is None:
            if now < slot.opens_at:
                sentence = _("This round may begin at {at}, not before.")
                raise RoundRefused(sentence.format(at=show.moment(slot.opens_at, site.timezone)), code="early")
            if slot.is_missed(now):
                sentence = _("This round was missed at {at}: back-fill it if it was walked on paper.")
                raise RoundRefused(sentence.format(at=show.moment(slot.missed_after, site.timezone)), code="missed")
            not_yet = why_not_yet(session, site, slot.due_at, now)
            if not_yet is not None:
                raise RoundRefused(not_yet, code="handover")
            refuse_without_space(site)
            publish(session, actor, meant.published, now)
            begun = round_in(desk, meant.published, slot, RoundState.OPEN)
            found = rounds.add(session, replace(begun, started_at=now, started_by=actor.name))
            ledger.append_row(session, at=now, actor=actor, act=Act.START_ROUND, of=found)
    return load_walk(desk, found.id)
