"""A sheet with several tables over one grid of columns: a sentence, key figures, room for charts, then the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dutyroom.report.figure import Figure, traced
from dutyroom.report.list_page import POINTS_PER_CM, RECORDS_WIDTH, Band, ListRow, line_band, tile_bands
from dutyroom.report.looks import LOOKS
from dutyroom.report.page import Cell, Page, height_of_texts
from dutyroom.report.paper import MOST_LEFT_EMPTY, points_of_page
from dutyroom.words import _

GAP = 10.0
"""Points between a table and the next heading."""
TITLE_POINTS = 26.0
FEW_ROWS = 3
"""A table begins on a sheet where so many of its rows go onto it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, a line that explains it, and rows. `columns`: (head, how many columns of the grid it takes).

    A row has a cell for each of them. `begins_page`: it begins a new sheet of paper.
    """

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[ListRow]
    note: str = ""
    begins_page: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """The page without its charts: the row each band of charts stands in, and the first row of each table."""

    page: Page
    chart_rows: tuple[int, ...]
    first_rows: tuple[int, ...]


def tables_page(
    key: str,
    title: str,
    explained: str,
    widths: Sequence[float],
    tables: Sequence[Table],
    *,
    lines: Sequence[tuple[str, str]] = (),
    figures: Sequence[Figure] = (),
    charts_cm: Sequence[float] = (),
    unseen: int = 0,
) -> Placed:
    """The page; `charts_cm` are the heights of bands that charts are to stand in.

    Behind the grid come `unseen` narrow columns that only charts read, then the records, all hidden. A table of
    nothing has one row that says so.
    """
    wide = len(widths)
    above = [Band([(1, wide, title, "heading")], TITLE_POINTS), line_band(explained, "quiet", widths)]
    above += [line_band(text, look, widths) for text, look in lines]
    above += tile_bands(figures, widths)
    chart_rows = tuple(range(len(above) + 1, len(above) + 1 + len(charts_cm)))
    above += [Band([], height * POINTS_PER_CM + 8) for height in charts_cm]
    paper = _Paper(points_of_page(widths), above)
    last = wide + unseen + 1
    for table in tables:
        paper.table(table, widths, last)
    cells = [
        Cell(number, first, value, look, columns=over)
        for number, band in enumerate(paper.bands, 1)
        for first, over, value, look in band.cells
    ]
    page = Page(
        title=title,
        widths=(*widths, *([10.0] * unseen), RECORDS_WIDTH),
        cells=(*cells, *paper.records),
        heights={number: band.height for number, band in enumerate(paper.bands, 1)},
        repeat=(1, 1),
        one_sheet=False,
        breaks=tuple(paper.breaks),
        key=key,
        hidden=frozenset(range(wide + 1, last + 1)),
        rows_of=paper.rows_of,
    )
    return Placed(page, chart_rows, tuple(paper.first_rows))


class _Paper:
    """Bands put down from the top, and where a new sheet of paper begins: no table is cut where it fits one whole.

    A table longer than a sheet has its heads again on each, which the program that prints repeats for one table alone.
    """

    def __init__(self, points: float, above: Sequence[Band]) -> None:
        self.bands: list[Band] = [*above]
        self.breaks: list[int] = []
        self.first_rows: list[int] = []
        self.rows_of: dict[str, int] = {}
        self.records: list[Cell] = []
        self._points = points
        self._used = sum(band.height for band in above)

    def table(self, table: Table, widths: Sequence[float], last: int) -> None:
        """Put down a table; its records stand in column `last`."""
        head = _head(table, widths)
        rows = [(_row(table, row, widths), row.records) for row in table.rows]
        if not rows:
            rows = [(Band([(1, len(widths), _("None in this period."), "centre")], 20.0), ())]
        begin = sum(band.height for band in (*head, *(band for band, _records in rows[:FEW_ROWS])))
        whole = sum(band.height for band in (*head, *(band for band, _records in rows)))
        is_spared = self._left < whole <= self._points - TITLE_POINTS and self._left < self._points * MOST_LEFT_EMPTY
        if table.begins_page or begin > self._left or is_spared:
            self._break()
        self._heads(head, last)
        self.first_rows.append(len(self.bands) + 1)
        for place, (band, records) in enumerate(rows):
            if band.height > self._left and place:
                self._break()
                self._heads(_head(replace(table, title=_("{table}, continued").format(table=table.title), note=""),
                                  widths), last)  # fmt: skip
            self._put(band)
            if table.rows:
                self.records.append(Cell(len(self.bands), last, traced(records), "records"))
            for one in records:
                self.rows_of.setdefault(one, len(self.bands))
        self._put(Band([], GAP))

    @property
    def _left(self) -> float:
        return self._points - self._used

    def _break(self) -> None:
        self.breaks.append(len(self.bands) + 1)
        # The title is printed on every page.
        self._used = TITLE_POINTS

    def _heads(self, head: Sequence[Band], last: int) -> None:
        for band in head:
            self._put(band)
        self.records.append(Cell(len(self.bands), last, _("Records"), "head"))

    def _put(self, band: Band) -> None:
        self.bands.append(band)
        self._used += band.height


def _head(table: Table, widths: Sequence[float]) -> list[Band]:
    found = [Band([(1, len(widths), table.title, "heading")], 24.0)]
    if table.note:
        found.append(line_band(table.note, "quiet", widths))
    cells, texts, first = [], [], 1
    for label, over in table.columns:
        cells.append((first, over, label, "head"))
        texts.append((label, sum(widths[first - 1 : first - 1 + over])))
        first += over
    return [*found, Band(cells, max(20.0, height_of_texts(texts, 9)))]


def _row(table: Table, row: ListRow, widths: Sequence[float]) -> Band:
    cells, texts, first = [], [], 1
    for (_label, over), (value, look) in zip(table.columns, row.cells, strict=True):
        cells.append((first, over, value, look))
        if isinstance(value, str) and LOOKS[look].wrap:
            texts.append((value, sum(widths[first - 1 : first - 1 + over])))
        first += over
    return Band(cells, height_of_texts(texts))
