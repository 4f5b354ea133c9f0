"""The rounds on record of one month or of one person, for the screens. Each is one short read: call it in a thread."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from dutyroom.duty.desk import Desk
from dutyroom.model.rounds import Round, RoundState
from dutyroom.store import rounds

# A person walks two or three rounds a day: two years of them.
MOST = 2000


def rounds_of_month(desk: Desk, year: int, month: int) -> tuple[Round, ...]:
    """The rounds due on the local days of a month, newest first."""
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    with desk.store.read() as session:
        return tuple(reversed(rounds.rounds(session, since=first, until=last)))


def rounds_lately(desk: Desk, since: date) -> tuple[Round, ...]:
    """The rounds due on a local day or later whose walk is over (signed, missed, skipped), newest first."""
    with desk.store.read() as session:
        found = rounds.rounds(session, since=since)
    return tuple(one for one in reversed(found) if one.state not in (RoundState.DUE, RoundState.OPEN))


def rounds_of_person(desk: Desk, name: str) -> tuple[Round, ...]:
    """The newest rounds that an operator (login name) started or signed, newest first."""
    with desk.store.read() as session:
        return rounds.of_person(session, name, limit=MOST)
