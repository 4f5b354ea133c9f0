"""A round that was walked on paper is typed in afterwards: it says so for good, with the times on the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dutyroom import show
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.slots import asked, is_there, publish, round_in
from dutyroom.duty.space import refuse_without_space
from dutyroom.duty.walks import Walk, load_walk
from dutyroom.errors import RoundRefused
from dutyroom.model.people import Act, Actor
from dutyroom.model.rounds import Mark, Round, RoundState
from dutyroom.rules.schedule import Slot
from dutyroom.store import ledger, rounds
from dutyroom.store.database import Session
from dutyroom.words import _


def back_fill(
    desk: Desk,
    actor: Actor,
    now: datetime,
    paper_from: datetime,
    paper_to: datetime,
    checklist: str = "",
    due_at: datetime | None = None,
) -> Walk:
    """Opens the round of a slot to be typed in from paper; `checklist` and `due_at` as for `start_round`.

    A missed round opens again and keeps when it was found missed; a slot without a round gets one. `paper_from` and
    `paper_to` (UTC) are when the walk began and ended: a walk outside of its slot is none of that slot. The round is
    signed like any other; its mark is `back-filled` in every list and document.

    Raises RoundRefused: `paper-times`, `begun` when answers were typed in without paper, `exists`, `skipped`, `disk`,
    `no-checklist`, `no-slot`; NotAllowed for a role that only reads.
    """
    require(actor, Act.BACK_FILL_ROUND)
    with desk.store.write() as session:
        meant = asked(session, desk, checklist, due_at, now)
        found = meant.round
        if found is not None and Mark.BACK_FILLED in found.marks and found.state is RoundState.OPEN:
            return load_walk(desk, found.id)
        if found is not None and found.state not in (RoundState.MISSED, RoundState.OPEN):
            raise is_there(found)
        if found is not None and rounds.answered(session, found.id):
            sentence = _("Round {id} was begun here and has answers: go on with it instead.")
            raise RoundRefused(sentence.format(id=found.id), code="begun", round_id=found.id)
        _refuse_times(desk, meant.slot, paper_from, paper_to, now)
        refuse_without_space(desk.site)
        publish(session, actor, meant.published, now)
        opened = replace(
            found or round_in(desk, meant.published, meant.slot, RoundState.OPEN),
            state=RoundState.OPEN,
            started_at=now,
            started_by=actor.name,
            marks=(Mark.BACK_FILLED,),
            paper_from=paper_from,
            paper_to=paper_to,
        )
        opened = _kept(session, found, opened)
        ledger.append_row(session, at=now, actor=actor, act=Act.BACK_FILL_ROUND, of=opened)
    return load_walk(desk, opened.id)


def _kept(session: Session, found: Round | None, opened: Round) -> Round:
    if found is None:
        return rounds.add(session, opened)
    rounds.update(session, opened)
    return opened


def _refuse_times(desk: Desk, slot: Slot, begun: datetime, ended: datetime, now: datetime) -> None:
    zone = desk.site.timezone
    if begun <= ended <= now and slot.opens_at <= begun < slot.missed_after:
        return
    sentence = _(
        "The walk on paper must begin between {opens} and {missed}, and end after that and before now."
    ).format(opens=show.moment(slot.opens_at, zone), missed=show.moment(slot.missed_after, zone))
    raise RoundRefused(sentence, code="paper-times")
