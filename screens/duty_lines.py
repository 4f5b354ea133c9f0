"""The duty panel of the board: what the person at the desk owes, the most pressing first."""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom.board import Board
from dutyroom.model.checklist import Words
from dutyroom.model.room import RoomRecords
from dutyroom.model.site import Site
from screens import card_lines, finding_count_lines, on_duty_lines, owed_lines, unsigned_lines, zero_lines
from screens.widgets.lines import Line


def lines(
    board: Board,
    records: RoomRecords | None,
    site: Site,
    width: int,
    key: str = "enter",
    names: Mapping[str, Words] | None = None,
) -> list[Line]:
    """Rounds, discharge tests to be signed, findings, who is on duty, the zero report, the outage card.

    `key` opens the round, `names` are those of the checklists.
    """
    made = owed_lines.lines(board, site, width, key)
    made += owed_lines.others(board, site, width, names or {})
    made += unsigned_lines.lines(board, width)
    if records is not None:
        for part in (finding_count_lines, on_duty_lines, zero_lines, card_lines):
            made += part.lines(board, records, site, width)
    return made
