"""The outage card on the wall, as the ledger knows it."""

from __future__ import annotations

from dutyroom.model.outage_card import PrintedCard
from dutyroom.rules.outage_card import PREFIX, card_of
from dutyroom.store import ledger
from dutyroom.store.database import Session


def newest_card(session: Session) -> PrintedCard | None:
    """The card that was written last, None when there never was one."""
    line = ledger.newest_under(session, f"export:{PREFIX}")
    return card_of(line.subject, line.at) if line is not None else None
