"""That a discharge test waits for its signature, for the duty panel of the board."""

from __future__ import annotations

from dutyroom import discharge_words
from dutyroom.board import Board
from screens.flow import flowing
from screens.widgets.lines import Line


def lines(board: Board, width: int) -> list[Line]:
    """A sentence for each test that ended and was not signed yet: until then it proves nothing."""
    made: list[Line] = []
    for one in board.unsigned_tests:
        text = discharge_words.waits(board.label_of(one.ups))
        first, *rest = flowing(text, width - 2, "attention", most=2)
        made += [(("! ", "attention"), *first), *((("  ", ""), *line) for line in rest)]
    return made
