"""Running text on lines: broken at blanks and between Chinese characters; no line begins with a full stop."""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

from screens.widgets.lines import Line, pad

OPENING, CLOSING = "（《〈「『【“‘", "，。；：！？、）》〉」』】”’…％"
# A Chinese character with what must not stand apart from it; else letters up to the next one.
_PIECE = re.compile(
    f"[{OPENING}]*(?:[\u2e80-\u9fff\uf900-\uffef](?<![{OPENING}])|[^\\s\u2e80-\u9fff\uf900-\uffef]+)[{CLOSING}]*"
)


def flowing(text: str, width: int, role: str, *, indent: int = 0, most: int = 20) -> list[Line]:
    """The text on as many lines as it needs, at most `most`."""
    room = max(1, width - indent)
    rows = [""]
    for blank, piece in _pieces(text):
        glue = " " if blank and rows[-1] else ""
        if cell_len(rows[-1] + glue + piece) <= room:
            rows[-1] += glue + piece
            continue
        # A path is longer than a line.
        parts = chop_cells(piece, room)
        rows = [*rows, *parts] if rows[-1] else parts
    if len(rows) > most:
        rows = [*rows[: most - 1], pad(" ".join(rows[most - 1 :]), room)]
    return [((" " * indent + row, role),) for row in rows if row]


def _pieces(text: str) -> list[tuple[bool, str]]:
    """What stays together, each with whether a blank stood before it."""
    found = []
    for word in text.split():
        pieces = _PIECE.findall(word) if _PIECE.sub("", word) == "" else [word]
        found += [(place == 0, piece) for place, piece in enumerate(pieces)]
    return found
