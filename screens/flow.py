"""Running text on lines: broken at blanks and between Chinese characters; no line begins with a full stop."""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

from screens.widgets.lines import Line, pad

OPENING, CLOSING = "（《〈「『【“‘(", "，。；：！？、）》〉」』】”’…％,.;:!?)"
_HAN = "\u2e80-\u9fff\uf900-\uffef"
_IS_HAN = re.compile(f"[{_HAN}]")
# A Chinese character with what must not stand apart from it; else letters up to the next one.
_PIECE = re.compile(f"[{OPENING}]*(?:[{_HAN}](?<![{OPENING}])|[^\\s{_HAN}“‘(]+)[{CLOSING}]*|[{OPENING}]+")


def flowing(text: str, width: int, role: str, *, indent: int = 0, most: int = 20) -> list[Line]:
    """The text on as many lines as it needs, at most `most`; none for a text without a word."""
    room = max(1, width - indent)
    # A row keeps the blank before it: the last one may have to be joined with what follows.
    rows = [""]
    for glue, piece in _pieces(text, room * 2 // 5):
        grown = rows[-1] + glue + piece
        if cell_len(grown.lstrip()) <= room:
            rows[-1] = grown
            continue
        # A path is longer than a line.
        first, *more = chop_cells(piece, room)
        rows = [*(rows if rows[-1] else []), glue + first, *more]
    if len(rows) > most:
        rows = [*rows[: most - 1], pad("".join(rows[most - 1 :]).lstrip(), room)]
    return [((" " * indent + row.lstrip(), role),) for row in rows if row]


def _pieces(text: str, short: int) -> list[tuple[str, str]]:
    """What stays together, each after the blank that stood before it, if one did.

    Of a list with dots between its items an item of Chinese stays whole where it takes at most `short` cells.
    """
    found: list[tuple[str, str]] = []
    items = " ".join(text.split()).split(" · ")
    for item in [*(f"{one} ·" for one in items[:-1]), items[-1]]:
        if len(items) > 1 and _IS_HAN.search(item) and cell_len(item) <= short:
            found.append((" ", item))
            continue
        for word in item.split():
            pieces = _PIECE.findall(word) if _IS_HAN.search(word) else [word]
            found += [("" if place else " ", piece) for place, piece in enumerate(pieces)]
    return found
