"""Who else has a round open: two people may walk one round, and each should know of the other."""

from __future__ import annotations

from datetime import datetime, timedelta

from dutyroom.duty.desk import Desk, require
from dutyroom.duty.walks import open_round
from dutyroom.model.people import Act, Actor
from dutyroom.model.rounds import RoundHolder
from dutyroom.store import presence

# A screen says every so often that it is still there; one that was cut off is gone after three such times.
SEEN_EVERY_S = 20.0
GONE_AFTER = timedelta(seconds=3 * SEEN_EVERY_S + 5)


def hold_round(desk: Desk, actor: Actor, round_id: int, now: datetime) -> tuple[RoundHolder, ...]:
    """Says that this actor has the round open at this terminal; gives the others who have, the first one first.

    To be said again every `SEEN_EVERY_S` seconds. Raises RoundRefused (`unknown`, `not-open`), NotAllowed.
    """
    require(actor, Act.ANSWER)
    with desk.store.write() as session:
        open_round(session, round_id)
        presence.forget_before(session, now - GONE_AFTER)
        presence.put(session, RoundHolder(round_id, actor.name, actor.terminal, now, now))
        there = presence.holders(session, round_id, now - GONE_AFTER)
    return tuple(one for one in there if (one.by, one.terminal) != (actor.name, actor.terminal))


def leave_round(desk: Desk, actor: Actor, round_id: int) -> None:
    """This actor has the round open at this terminal no longer."""
    require(actor, Act.ANSWER)
    with desk.store.write() as session:
        presence.remove(session, round_id, actor.name, actor.terminal)


def holders(desk: Desk, round_id: int, now: datetime) -> tuple[RoundHolder, ...]:
    """Who has the round open now, the first one first."""
    with desk.store.read() as session:
        return presence.holders(session, round_id, now - GONE_AFTER)
