"""Text in columns for a terminal, where a Chinese character takes two cells (Unicode Annex 11)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence


def width_of(text: str) -> int:
    """How many cells the text takes."""
    cells = 0
    for character in text:
        if not unicodedata.combining(character):
            cells += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return cells


def aligned(rows: Iterable[Sequence[str]], gap: str = "  ") -> list[str]:
    """One line for each row, every column as wide as its widest text; the last column is not padded."""
    kept = [tuple(row) for row in rows]
    count = max((len(row) for row in kept), default=0)
    widths = [max((width_of(row[at]) for row in kept if at < len(row)), default=0) for at in range(count)]
    return [
        gap.join(text + " " * (widths[at] - width_of(text)) for at, text in enumerate(row)).rstrip() for row in kept
    ]
