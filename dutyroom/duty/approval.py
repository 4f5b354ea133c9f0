"""Approving a signed round: a lead who took no part in it looks at it and says so with their own password."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dutyroom.duty.clock_order import checked_reason
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.signin import confirm
from dutyroom.errors import RoundRefused
from dutyroom.model.people import Act, Actor
from dutyroom.model.rounds import Round, RoundState
from dutyroom.store import amendments, ledger, people, rounds
from dutyroom.store.database import Session
from dutyroom.words import _


def approve_round(desk: Desk, actor: Actor, round_id: int, password: str, now: datetime, revision: int) -> Round:
    """Approves a signed round as it stood in the `revision` that was read.

    Raises SignInRefused for a wrong password, RoundRefused: `own` for who signed, amended or answered in it (the store
    refuses that as well), `changed` when it was amended since it was read, `not-signed`, `approved`, `clock` when the
    clock stands before the newest record, `unknown`; NotAllowed.
    """
    require(actor, Act.APPROVE_ROUND)
    confirm(desk.store, actor, password, now)
    with desk.store.write() as session:
        found = signed_round(session, round_id)
        if found.state is RoundState.APPROVED:
            sentence = _("Round {id} is approved already, by {who}.")
            raise RoundRefused(sentence.format(id=round_id, who=found.approved_by or "?"), code="approved")
        refuse_other_revision(session, found, revision)
        if actor.name in took_part(session, found):
            raise RoundRefused(
                _("You took part in this round: somebody else has to approve it."),
                code="own",
            )
        checked_reason(session, desk.site, now, "")
        approved = replace(found, state=RoundState.APPROVED, approved_at=now, approved_by=actor.name)
        rounds.update(session, approved)
        ledger.append_row(session, at=now, actor=actor, act=Act.APPROVE_ROUND, of=approved)
    return approved


def signed_round(session: Session, round_id: int) -> Round:
    """The round, when it is signed or approved. Raises RoundRefused: `unknown`, `not-signed`."""
    found = rounds.get(session, round_id)
    if found is None:
        raise RoundRefused(_("There is no round {id}.").format(id=round_id), code="unknown")
    if found.state not in (RoundState.SIGNED, RoundState.APPROVED):
        raise RoundRefused(_("Round {id} is not signed.").format(id=round_id), code="not-signed")
    return found


def took_part(session: Session, found: Round) -> frozenset[str]:
    """Who signed a round, amended it, or gave an answer that stands in it: login names."""
    names = {entry.by for entry in rounds.entries_as_signed(session, found.id) if entry.answer is not None}
    names |= {amendment.by for amendment in amendments.of_rounds(session, [found.id])}
    return frozenset(names | ({found.signed_by} if found.signed_by else set()))


def refuse_other_revision(session: Session, found: Round, revision: int, mine: str = "") -> None:
    """Raises RoundRefused (`changed`) with what was amended since, and with `mine`, when another revision was read."""
    if found.revision == revision:
        return
    made = [one for one in amendments.of_rounds(session, [found.id]) if one.revision > revision]
    theirs = " ".join(
        _("{who} amended it meanwhile: “{text}”.").format(who=_label(session, one.by), text=one.reason) for one in made
    )
    yours = " " + _("Yours was: “{text}”.").format(text=mine) if mine else ""
    raise RoundRefused(
        theirs + yours + " " + _("Nothing was stored: read the round again, then decide."), code="changed"
    )


def _label(session: Session, name: str) -> str:
    operator = people.operator(session, name)
    return operator.label if operator is not None else name
