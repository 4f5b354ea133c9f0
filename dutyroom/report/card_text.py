"""The rows of the outage card before they are placed: texts over a grid of narrow columns, cut where they must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dutyroom.inert import inert
from dutyroom.report.looks import LOOKS
from dutyroom.report.page import lines_of, width_of
from dutyroom.report.paper import UPRIGHT

GRID = 24
"""Columns of one width; every table of the card shares them."""
DIGIT = 5.4
"""Points of a digit of the font that columns are counted in: 5.25 in Excel (whole pixels), 5.56 in LibreOffice."""
PLAIN_EM, BOLD_EM = 0.62, 0.72
"""How wide a Latin letter is, in parts of the font size: in DejaVu Sans, the wide font that stands in for others."""
PADDING = 16.0
"""Points of a cell that its indent and its borders take."""
LONGEST = 600
"""Characters of a text from the site file that are looked at: more never fit into its lines."""


@dataclass(frozen=True, slots=True)
class CardSize:
    """How large the letters are on paper (`scale`, 1 is 10 points) and how many lines a text may take (`most`)."""

    scale: float
    most: int

    @property
    def unit(self) -> float:
        """The width of one column of the grid, in characters, so that all of them fill the sheet at that scale."""
        return self.points(1) / DIGIT

    def points(self, span: int) -> float:
        """The width of so many columns together, in points before they are scaled."""
        return UPRIGHT[0] / self.scale / GRID * span


@dataclass(frozen=True, slots=True)
class Text:
    """A text over `span` columns of the grid and `down` rows, in one of LOOKS. `is_cut`: the whole is longer.

    Without a look it only keeps the place under a text that reaches down from the row above.
    """

    said: str
    span: int
    look: str = "text"
    is_cut: bool = False
    down: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """Texts side by side and the row's height in points.

    `begins` a block that should not be left alone at the end of a page; `goes_on` with the row above, on the same page;
    `repeats` on every page.
    """

    texts: tuple[Text, ...]
    height: float
    begins: bool = False
    repeats: bool = False
    goes_on: bool = False

    @property
    def stretches(self) -> bool:
        """True for a row of a table: with more height there is more room to write by hand."""
        return not self.repeats and self.texts[0].look not in ("heading", "quiet")


def given(text: str, span: int, size: CardSize, look: str = "text") -> Text:
    """A text from the site file: inert, on one line, cut with … where it would take more than `size.most` lines."""
    whole = inert(text, LONGEST).strip()
    if _lines(whole, span, size, look) <= size.most:
        return Text(whole, span, look)
    # No letter is narrower than half its height: more than this never fit.
    fits, cut = 0, min(len(whole), int(size.most * size.points(span) / (LOOKS[look].size * 0.5)))
    while fits + 1 < cut:
        middle = (fits + cut) // 2
        if _lines(whole[:middle].rstrip() + "…", span, size, look) <= size.most:
            fits = middle
        else:
            cut = middle
    return Text(whole[:fits].rstrip() + "…", span, look, is_cut=True)


def lined(parts: Sequence[str], span: int, size: CardSize, look: str = "text") -> Text:
    """The parts on one line where they fit, else each on its own: a date is not broken in two."""
    one = " ".join(parts)
    return Text(one if _lines(one, span, size, look) == 1 else "\n".join(parts), span, look)


def row(
    size: CardSize, texts: Sequence[Text], least: float = 0.0, *, begins: bool = False, goes_on: bool = False
) -> Row:
    """A row as high as its highest text of one row, at least `least` points."""
    heights = [
        high(_lines(text.said, text.span, size, text.look), LOOKS[text.look].size)
        for text in texts
        if text.look and text.down == 1
    ]
    return Row(tuple(texts), max(least, *heights), begins, goes_on=goes_on)


def high(lines: int, size: float = 10) -> float:
    """Points of so many lines: close, because every one that is saved makes all letters larger."""
    return round(lines * size * 1.45 + 1.5, 1)


def headings(*titles: tuple[str, int]) -> Row:
    """The titles of blocks that stand side by side, each with its columns."""
    texts = tuple(Text(said, span, "heading") for said, span in titles)
    return Row(texts, high(1, 12) + 3, begins=True)


def _lines(text: str, span: int, size: CardSize, look: str) -> int:
    """How many lines it takes, in the widest font it may be printed in."""
    style = LOOKS[look]
    narrow = BOLD_EM if style.bold else PLAIN_EM
    width = width_of(text)
    wide = width - len(text)
    points = (wide + narrow * (len(text) - wide)) * style.size
    return lines_of(text, (size.points(span) - PADDING) / (points / width)) if width else 1
