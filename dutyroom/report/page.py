"""A sheet before anything is written: cells with a look and a place, widths in characters, heights in points."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache

from dutyroom.report.chart import Chart
from dutyroom.words import language

Value = str | int | float | date | datetime | time | None

HIGHEST_ROW = 409.0
"""Points a row may have (Excel specifications and limits)."""
FIRST_CHINESE = "\u2e80"
"""The first radical; from here on letters are those of a Chinese font, with signs that are rarely met."""
ROW_HEIGHT = 15.0
"""Points of a row without a height of its own."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value at (row, column), both from 1, over `rows` x `columns` cells, in one of LOOKS."""

    row: int
    column: int
    value: Value
    look: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Stream:
    """The last `rows` rows of a long sheet, made while they are written: their cells in order, none of them shared."""

    rows: int
    cells: Callable[[], Iterator[Cell]]


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet. `repeat` are the rows printed on every page, `body` the first cell that scrolls.

    `filter_row` gets the filter arrows; `names` are workbook-wide names of single cells. With `one_sheet` all of it
    goes on one sheet of paper, else only the width is fitted and the rows in `breaks` begin a new one. Paper lies
    on its long side unless `portrait`. `hidden` columns are neither shown nor printed. The columns up to
    `repeat_columns` are printed on every page where `column_breaks` begin a new one. `rows_of` tells in which row a
    record (`round:12`) stands. `key` names the sheet whatever the language. The rows of `stream` come after those of
    `cells`.
    """

    title: str
    widths: tuple[float, ...]
    cells: tuple[Cell, ...]
    heights: dict[int, float] = field(default_factory=dict)
    body: tuple[int, int] | None = None
    repeat: tuple[int, int] | None = None
    filter_row: int | None = None
    one_sheet: bool = True
    breaks: tuple[int, ...] = ()
    portrait: bool = False
    names: dict[str, tuple[int, int]] = field(default_factory=dict)
    key: str = ""
    charts: tuple[Chart, ...] = ()
    hidden: frozenset[int] = frozenset()
    repeat_columns: int = 0
    column_breaks: tuple[int, ...] = ()
    rows_of: dict[str, int] = field(default_factory=dict)
    stream: Stream | None = None

    @property
    def last_row(self) -> int:
        """The last row that has a cell."""
        return self.rows_held + (self.stream.rows if self.stream else 0)

    @property
    def rows_held(self) -> int:
        """The last row of `cells`; a stream's rows come after it."""
        return max((cell.row + cell.rows - 1 for cell in self.cells), default=0)

    @property
    def rows_under_charts(self) -> frozenset[int]:
        """The rows that a chart lies on; those without a height of their own are ROW_HEIGHT high."""
        found: set[int] = set()
        for chart in self.charts:
            row, left = chart.place[0], chart.height_cm / 2.54 * 72
            while left > 0:
                left -= self.heights.get(row, ROW_HEIGHT)
                found.add(row)
                row += 1
        return frozenset(found)

    @property
    def end_row(self) -> int:
        """The last row that has a cell or lies under a chart."""
        return max(self.last_row, *self.rows_under_charts, 1)


@cache
def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def width_of(text: str) -> int:
    """Columns the text takes: two for a wide, full-width or ambiguous character (UAX #11), else one."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def lines_of(text: str, width: float) -> int:
    """How many lines the text needs when it wraps at `width` columns: words whole, wide characters anywhere."""
    return sum(_lines_of_one(line, max(1, int(width))) for line in text.split("\n"))


def _lines_of_one(text: str, width: int) -> int:
    lines, used = 1, 0
    for piece in _pieces(text):
        size = width_of(piece)
        if used and used + size > width:
            lines, used = lines + 1, 0
        if size > width:
            lines += (size - 1) // width
            used = size % width or width
        else:
            used += size
    return lines


def _pieces(text: str) -> list[str]:
    found: list[str] = []
    word = ""
    for character in text:
        if character == " " or _columns(character) == 2:
            found += [word, character] if word else [character]
            word = ""
        else:
            word += character
    return [*found, word] if word else found


def height_of(lines: int, size: float = 10) -> float:
    """Points a row needs for so many lines of a font size; Chinese fonts stand taller. Excel allows 409."""
    return _height(lines, size, tall=language() == "zh_CN")


def height_of_texts(texts: Sequence[tuple[str, float]], size: float = 10) -> float:
    """Points for a row of (text, column width in characters): the tallest decides.

    A column's unit is a digit of Calibri 11; letters are narrower on average, Latin ones of Chinese fonts wider.
    """
    wide = language() == "zh_CN"
    lines, tall = 1, wide
    for text, width in texts:
        # A Chinese word in an English sheet has the size of its own font.
        is_wide = wide or (not text.isascii() and max(text) >= FIRST_CHINESE)
        needed = lines_of(text, (width - 2.5) * 11 / size / (1.06 if is_wide else 0.88))
        lines, tall = max(lines, needed), tall or is_wide
    return _height(lines, size, tall=tall)


def _height(lines: int, size: float, *, tall: bool) -> float:
    return min(HIGHEST_ROW, round(lines * size * (1.45 if tall else 1.32) + 3.5, 1))
