"""Whether the outage card on the wall is still true, for the duty panel of the board."""

from __future__ import annotations

from rich.cells import cell_len

from dutyroom import show
from dutyroom.board import Board
from dutyroom.model.outage_card import CardState
from dutyroom.model.reading import Kind
from dutyroom.model.room import RoomRecords
from dutyroom.model.site import Site
from dutyroom.rules.outage_card import is_wanted, state_of
from dutyroom.words import N_, _
from screens.widgets.lines import Line, pad

_SAID = {
    CardState.NEVER: N_("Outage card: never printed"),
    CardState.SITE_FILE: N_("Outage card old: site file changed"),
    CardState.HOLD_TIME: N_("Outage card old: hold times changed"),
}


def lines(board: Board, records: RoomRecords, site: Site, width: int) -> list[Line]:
    """That the card was never printed or is out of date; nothing while it is true or there is nothing to put on it."""
    if not is_wanted(site):
        return []
    card = records.card
    # What is judged in the middle of an outage is the time left, and no reason to print anything.
    full = [view for view in board.of_kind(Kind.UPS) if view.hold is not None and view.hold.held_s is None]
    state = state_of(site, card, {view.name: view.hold_verdict for view in full})
    if state is CardState.CURRENT:
        return []
    text = _(_SAID[state])
    if card is not None:
        dated = f"{text} ({show.day(card.at.astimezone(site.timezone).date())})"
        text = dated if cell_len(dated) <= width - 2 else text
    return [(("! ", "attention"), (pad(text, width - 2), "attention"))]
