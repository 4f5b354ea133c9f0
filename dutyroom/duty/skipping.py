"""A round that need not be walked: a lead says so, with a reason and a text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dutyroom import show
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.slots import asked, is_there, publish, round_in
from dutyroom.errors import RoundRefused
from dutyroom.inert import inert
from dutyroom.model.people import Act, Actor
from dutyroom.model.rounds import Round, RoundState, SkipReason
from dutyroom.store import ledger, rounds
from dutyroom.words import _

LONGEST_NOTE = 500
AHEAD = timedelta(days=31)


def skip_round(
    desk: Desk,
    actor: Actor,
    now: datetime,
    reason: SkipReason,
    note: str,
    checklist: str = "",
    due_at: datetime | None = None,
) -> Round:
    """Records that the round of a slot is not walked; `checklist` and `due_at` as for `start_round`.

    Up to 31 days ahead. A round that was opened is skipped only while it has no answer. Gives the round as stored.

    Raises NotAllowed for anybody but a lead or an admin; RoundRefused: `no-note`, `begun` when there are answers,
    `missed` when it is too late, `ahead` when it is too early, `exists`, `skipped`, `no-checklist`, `no-slot`.
    """
    require(actor, Act.SKIP_ROUND)
    text = inert(note, LONGEST_NOTE).strip()
    if not text:
        raise RoundRefused(_("Say in a few words why the round is not walked."), code="no-note")
    with desk.store.write() as session:
        meant = asked(session, desk, checklist, due_at, now)
        found, slot = meant.round, meant.slot
        if found is not None and found.state is not RoundState.OPEN:
            raise is_there(found)
        if found is not None and rounds.answered(session, found.id):
            sentence = _("Round {id} was begun and has answers: it is walked to its end, not skipped.")
            raise RoundRefused(sentence.format(id=found.id), code="begun", round_id=found.id)
        if slot.is_missed(now):
            sentence = _("This round was missed at {at}: it cannot be skipped afterwards.")
            raise RoundRefused(sentence.format(at=show.moment(slot.missed_after, desk.site.timezone)), code="missed")
        if slot.due_at - now > AHEAD:
            raise RoundRefused(_("A round is skipped at most 31 days ahead."), code="ahead")
        publish(session, actor, meant.published, now)
        skipped = replace(
            found or round_in(desk, meant.published, slot, RoundState.SKIPPED),
            state=RoundState.SKIPPED,
            skip_reason=reason,
            skip_note=text,
            closed_at=now,
            closed_by=actor.name,
        )
        if found is None:
            skipped = rounds.add(session, skipped)
        else:
            rounds.update(session, skipped)
        ledger.append_row(session, at=now, actor=actor, act=Act.SKIP_ROUND, of=skipped)
    return skipped
