"""Whether the zero report was sent, for the duty panel of the board."""

from __future__ import annotations

from dutyroom.board import Board
from dutyroom.model.room import RoomRecords
from dutyroom.model.site import Site
from screens.widgets.lines import Line


def lines(board: Board, records: RoomRecords, site: Site, width: int) -> list[Line]:  # noqa: ARG001
    """The lines, none where there is nothing to say."""
    return []
