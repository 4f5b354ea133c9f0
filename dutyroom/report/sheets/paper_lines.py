"""A sheet put down from the top whose lists have their heads again on every page of paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dutyroom.report.page import Cell, height_of, height_of_texts
from dutyroom.report.paper import MOST_LEFT_EMPTY, breaks_of, points_of_page
from dutyroom.report.sheets.slot_grid import RECORDS
from dutyroom.words import _

Placed = tuple[list[Cell], float, dict[str, int]]
"""The cells of a row, its height in points, and its records with the row."""
Line = Callable[[int], Placed]
"""A row of a list, made for the row of the sheet it comes to stand in."""
GAP, HEADING = 16.0, 22.0
"""Points before a list, and of its heading."""
FEW_ROWS = 3
"""A list begins on a page where its head and so many of its rows go onto it."""


class PaperLines:
    """Cells put down from the top; `row` is the next free one. `widths` are those of the columns that are printed."""

    def __init__(self, widths: Sequence[float]) -> None:
        self.row = 1
        self.cells: list[Cell] = []
        self.heights: dict[int, float] = {}
        self.places: dict[str, int] = {}
        self._widths = widths
        self._blocks: list[tuple[int, int]] = []
        self._breaks: list[int] | None = None
        self._used = 0.0

    @property
    def breaks(self) -> tuple[int, ...]:
        """The rows that begin a new page."""
        return tuple(self._before_lists() if self._breaks is None else self._breaks)

    def put(self, cells: Sequence[Cell], heights: dict[int, float]) -> None:
        """Cells that stand from the next free row on."""
        self.cells += cells
        self.heights |= heights
        self.row = max(heights) + 1
        self._used += sum(heights.values())

    def line(self, text: str, look: str, height: float = 0.0, size: float = 10) -> None:
        """A text over the whole width."""
        tall = height or height_of_texts([(text, sum(self._widths))], size)
        self.put([Cell(self.row, 1, text, look, columns=len(self._widths))], {self.row: tall})

    def gap(self, height: float = 10.0) -> None:
        """An empty row."""
        self.put([], {self.row: height})

    def keep(self) -> None:
        """What follows stays together on a page; for what stands above the lists."""
        self._blocks.append((self.row, self.row))

    def list_of(self, title: str, lines: Iterable[Line]) -> None:
        """A heading, then the lines; the first is the head, which a new page has again. Lists come last."""
        if self._breaks is None:
            self._breaks = self._before_lists()
            begins = max(self._breaks, default=1)
            self._used = sum(height for row, height in self.heights.items() if row >= begins)
        head, *rows = lines
        first, whole = (HEADING + sum(line(self.row)[1] for line in (head, *some)) for some in (rows[:FEW_ROWS], rows))
        page = points_of_page(self._widths)
        if GAP + first > self._left or (self._left < GAP + whole <= GAP + page and self._left < page * MOST_LEFT_EMPTY):
            self._break()
        else:
            self.gap(GAP)
        self.line(title, "heading", HEADING)
        self._place(head)
        for line in rows:
            if line(self.row)[1] > self._left:
                self._break()
                self.line(_("{table}, continued").format(table=title), "heading", HEADING)
                self._place(head)
            self._place(line)

    @property
    def _left(self) -> float:
        return points_of_page(self._widths) - self._used

    def _before_lists(self) -> list[int]:
        return [*breaks_of(self._widths, self.heights, 0, self._blocks)]

    def _break(self) -> None:
        self._breaks = [*self.breaks, self.row]
        self._used = 0.0

    def _place(self, line: Line) -> None:
        cells, height, places = line(self.row)
        self.places |= places
        self.put(cells, {self.row: height})


def only_line(text: str, row: int) -> Placed:
    """What stands in a list of nothing."""
    return [Cell(row, 1, text, "text", columns=RECORDS - 1)], height_of(1), {}
