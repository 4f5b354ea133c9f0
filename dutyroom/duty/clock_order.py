"""Records follow each other in time: nothing is signed with a clock that stands before what is recorded already."""

from __future__ import annotations

from datetime import datetime

from dutyroom import show
from dutyroom.duty.desk import Desk
from dutyroom.errors import RoundRefused
from dutyroom.model.site import Site
from dutyroom.rules.clock import is_behind
from dutyroom.store import ledger
from dutyroom.store.database import Session
from dutyroom.words import _


def checked_reason(session: Session, site: Site, now: datetime, reason: str) -> str | None:
    """The reason to be kept with a signature, None when the clock stands right.

    Raises RoundRefused (`clock`) when the clock stands before the newest record and nobody says why it is signed so.
    """
    newest = ledger.newest_at(session)
    if newest is None or not is_behind(now, newest):
        return None
    if reason.strip():
        return reason.strip()
    sentence = _(
        "The clock shows {now}, but the newest record is of {newest}. Set the clock right (timedatectl), then sign; "
        "if it is right now, say why the round is signed with it."
    )
    raise RoundRefused(sentence.format(**_times(site, now, newest)), code="clock")


def clock_warning(desk: Desk, now: datetime) -> str:
    """One sentence when the clock stands before the newest record, so that it is set before a round is walked."""
    with desk.store.read() as session:
        newest = ledger.newest_at(session)
    if newest is None or not is_behind(now, newest):
        return ""
    sentence = _(
        "The clock shows {now}, but the newest record is of {newest}: have it set (timedatectl) before you sign."
    )
    return sentence.format(**_times(desk.site, now, newest))


def _times(site: Site, now: datetime, newest: datetime) -> dict[str, str]:
    return {"now": show.moment(now, site.timezone), "newest": show.moment(newest, site.timezone)}
