"""Signing a round: from then on nothing in it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from dutyroom.duty.answer_findings import refuse_unresolved
from dutyroom.duty.clock_order import checked_reason
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.meanwhile import refuse_unreviewed
from dutyroom.duty.signin import confirm
from dutyroom.duty.walks import load_walk, open_round
from dutyroom.errors import RoundRefused
from dutyroom.model.people import Act, Actor
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry, Mark, Round, RoundState
from dutyroom.rules.schedule import slot_of
from dutyroom.store import baselines, ledger, periods, readings, rounds
from dutyroom.words import _


def sign_round(
    desk: Desk,
    actor: Actor,
    round_id: int,
    password: str,
    now: datetime,
    clock_reason: str = "",
    reviewed: Mapping[tuple[str, str], Entry] | None = None,
) -> Round:
    """Closes the round with the operator's own password; from then on nothing in it changes.

    `clock_reason` says why it is signed although the clock stands before the newest record; it is kept only then.
    `reviewed` are the answers that were looked at before signing: others are not signed.

    Raises SignInRefused for a wrong password, RoundRefused: `unanswered` with the number of open lines, `unresolved`
    with the number of answers that are not normal and stand for no finding, `clock` when the clock stands before the
    newest record and no reason is given, `changed` when the answers are not those that were looked at, `not-open` when
    it is closed already.
    """
    require(actor, Act.SIGN_ROUND)
    confirm(desk.store, actor, password, now)
    walk = load_walk(desk, round_id)
    with desk.store.write() as session:
        found = open_round(session, round_id)
        slot = slot_of(walk.checklist, found.due_at, desk.site.timezone, periods.periods(session))
        entries = rounds.entries(session, round_id)
        refuse_unreviewed(walk, entries, walk.entries if reviewed is None else reviewed)
        answered = {entry.key for entry in entries if entry.answer is not None}
        unanswered = [line for line in walk.lines if line.key not in answered]
        if unanswered:
            raise RoundRefused(
                _("{n} lines have no answer yet: answer them, then sign.").format(n=len(unanswered)), code="unanswered"
            )
        refuse_unresolved(entries)
        signed = replace(
            found,
            state=RoundState.SIGNED,
            signed_at=now,
            signed_by=actor.name,
            marks=(*found.marks, Mark.LATE) if slot.is_late(found.paper_to or now) else found.marks,
            abnormal=sum(entry.verdict in (Verdict.ATTENTION, Verdict.FAULT) for entry in entries),
            clock_reason=checked_reason(session, desk.site, now, clock_reason),
        )
        rounds.update(session, signed)
        # What the next look at the ports is compared with.
        baselines.mark(session, signed.id, [one.sample for one in readings.latest(session).values()])
        ledger.append_row(session, at=now, actor=actor, act=Act.SIGN_ROUND, of=signed)
    return signed
