"""A sheet with several tables over one grid of columns: a sentence, key figures, room for charts, then the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dutyroom.report.figure import Figure, traced
from dutyroom.report.list_page import POINTS_PER_CM, RECORDS_WIDTH, Band, ListRow, line_band, tile_bands
from dutyroom.report.looks import LOOKS
from dutyroom.report.page import Cell, Page, height_of_texts
from dutyroom.words import _

GAP = 10.0
"""Points between a table and the next heading."""


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
    above = [Band([(1, wide, title, "heading")], 26.0), line_band(explained, "quiet", widths)]
    above += [line_band(text, look, widths) for text, look in lines]
    above += tile_bands(figures, widths)
    chart_rows = tuple(range(len(above) + 1, len(above) + 1 + len(charts_cm)))
    above += [Band([], height * POINTS_PER_CM + 8) for height in charts_cm]
    bands, first_rows, breaks = [*above], [], []
    rows_of: dict[str, int] = {}
    records: list[Cell] = []
    last = wide + unseen + 1
    for table in tables:
        if table.begins_page:
            breaks.append(len(bands) + 1)
        bands += _head(table, widths)
        records.append(Cell(len(bands), last, _("Records"), "head"))
        first_rows.append(len(bands) + 1)
        for row in table.rows:
            bands.append(_row(table, row, widths))
            records.append(Cell(len(bands), last, traced(row.records), "records"))
            for one in row.records:
                rows_of.setdefault(one, len(bands))
        if not table.rows:
            bands.append(Band([(1, wide, _("None in this period."), "centre")], 20.0))
        bands.append(Band([], GAP))
    cells = [
        Cell(number, first, value, look, columns=over)
        for number, band in enumerate(bands, 1)
        for first, over, value, look in band.cells
    ]
    page = Page(
        title=title,
        widths=(*widths, *([1.0] * unseen), RECORDS_WIDTH),
        cells=(*cells, *records),
        heights={number: band.height for number, band in enumerate(bands, 1)},
        repeat=(1, 1),
        one_sheet=False,
        breaks=tuple(breaks),
        key=key,
        hidden=frozenset(range(wide + 1, last + 1)),
        rows_of=rows_of,
    )
    return Placed(page, chart_rows, tuple(first_rows))


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
