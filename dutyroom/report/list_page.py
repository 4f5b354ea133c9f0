"""A sheet that is a list: a sentence, key figures, charts, then one record a row, traced in a hidden column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dutyroom.report.chart import Chart, ChartKind, ChartSeries, DateLabels, Range
from dutyroom.report.figure import Figure, traced
from dutyroom.report.looks import LOOKS
from dutyroom.report.page import Cell, Page, Stream, Value, height_of_texts
from dutyroom.report.paper import is_readable_on_one
from dutyroom.words import _

Column = tuple[str, float]
"""Its head and its width in characters."""
Shown = tuple[Value, str]
"""A value and one of LOOKS."""
RECORDS_WIDTH = 24.0
MOST_TILES = 8
STREAMED_FROM = 500
"""The cells of a list with so many rows are made while they are written: what stands in memory does not grow."""
# More than that above the rows would leave too little of a small screen to scroll in.
FROZEN_POINTS = 190.0
POINTS_PER_CM = 28.35


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: what its columns show, and the records it was made of (`finding:7`)."""

    cells: Sequence[Shown]
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A row of its own above the list: (first column, columns, value, look) and its height in points."""

    cells: Sequence[tuple[int, int, Value, str]]
    height: float


@dataclass(frozen=True, slots=True)
class ListSeries:
    """A series of a chart: its name as people read it, the column its values stand in, its colour.

    `rows` are the first and the last of its rows, from 0; None is those of the chart.
    """

    name: str
    column: int
    colour: str
    limit: bool = False
    rows: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ListChart:
    """A chart of columns of the list. `rows` are the first and the last of its rows, from 0; None is all of them."""

    kind: ChartKind
    title: str
    categories: int
    series: tuple[ListSeries, ...]
    rows: tuple[int, int] | None = None
    height_cm: float = 6.5
    low: float | None = None
    high: float | None = None
    step: float | None = None
    number_format: str = "General"
    axis_title: str = ""
    valued: str = ""
    dates: DateLabels | None = None


def list_page(
    key: str,
    title: str,
    explained: str,
    columns: Sequence[Column],
    rows: Sequence[ListRow],
    *,
    lines: Sequence[tuple[str, str]] = (),
    figures: Sequence[Figure] = (),
    bands: Sequence[Band] = (),
    charts: Sequence[ListChart] = (),
    across: int = 1,
    frozen_columns: int = 0,
    unseen: int = 0,
) -> Page:
    """A page of rows under a title, a line that explains it, what is asked for, and the heads of the columns.

    In this order: `lines` (text, look), `figures` as tiles, `bands`, `charts` so many `across`, the list. The heads
    stay in sight where what stands above them leaves room for it, with the first `frozen_columns`. A list of nothing
    has one row that says so, and no charts. The last `unseen` columns are hidden: only charts read them.
    """
    wide = len(columns) - unseen
    every = [width for _label, width in columns]
    widths = every[:wide]
    above = [Band([(1, wide, title, "heading")], 26.0), line_band(explained, "quiet", widths)]
    above += [line_band(text, look, widths) for text, look in lines]
    above += [*tile_bands(figures, widths), *bands]
    drawn = [charts[first : first + across] for first in range(0, len(charts), across)] if rows else []
    above += [Band([], max(one.height_cm for one in some) * POINTS_PER_CM + 8) for some in drawn]
    head = len(above) + 1
    cells = [*_banded(above), *_heads(columns, head)]
    heights = {number: band.height for number, band in enumerate(above, 1)}
    heights[head] = max(20.0, height_of_texts(columns, 9))
    # The cells of a chart stand in it too: they are held.
    streams = len(rows) >= STREAMED_FROM and not charts
    body = [] if streams else _body(rows, widths, head)
    places = _places(drawn, widths, head - len(drawn))
    frozen = sum(heights.values()) <= FROZEN_POINTS
    heights |= _heights(rows, widths, head)
    return Page(
        title=title,
        widths=(*every, RECORDS_WIDTH),
        cells=(*cells, *body),
        heights=heights,
        body=(head + 1 if frozen else 1, frozen_columns + 1) if frozen or frozen_columns else None,
        repeat=(1, head) if head == 3 else (head, head),
        filter_row=head if rows else None,
        one_sheet=is_readable_on_one(heights),
        key=key,
        charts=tuple(
            _chart(one, place, over, head, len(rows)) for one, (place, over) in zip(_flat(drawn), places, strict=True)
        ),
        hidden=frozenset(range(wide + 1, len(columns) + 2)),
        rows_of={one: number for number, row in reversed([*enumerate(rows, head + 1)]) for one in row.records},
        stream=Stream(len(rows), lambda: _cells(rows, head)) if streams else None,
    )


def shown(figure: Figure) -> Shown:
    """How a figure stands in a tile: what is not known is a dash, never 0."""
    bad = " bad" if figure.is_bad else ""
    return ("–", f"figure text{bad}") if figure.value is None else (figure.value, f"figure {figure.shown}{bad}")


def line_band(text: str, look: str, widths: Sequence[float]) -> Band:
    height = height_of_texts([(text, sum(widths))], LOOKS[look].size)
    return Band([(1, len(widths), text, look)], max(18.0, height))


def tile_bands(figures: Sequence[Figure], widths: Sequence[float]) -> list[Band]:
    """Every figure over its label, in as few and as even rows as there is room for."""
    most = max(1, min(MOST_TILES, len(widths)))
    rows = -(-len(figures) // most)
    found: list[Band] = []
    for number in range(rows):
        some = figures[number * len(figures) // rows : (number + 1) * len(figures) // rows]
        spans = spans_of(len(some), widths)
        values = [(first, over, *shown(one)) for one, (first, over) in zip(some, spans, strict=True)]
        labels = [(first, over, one.titled, "key label") for one, (first, over) in zip(some, spans, strict=True)]
        texts = [
            (one.titled, sum(widths[first - 1 : first - 1 + over]))
            for one, (first, over) in zip(some, spans, strict=True)
        ]
        found += [Band(values, 26.0), Band(labels, max(16.0, height_of_texts(texts, 9)))]
    # An empty row under them, so that they are not taken for the head of the list.
    return [*found, Band([], 8.0)] if found else []


def spans_of(count: int, widths: Sequence[float]) -> list[tuple[int, int]]:
    """(first column, columns) of so many neighbours that are as equally wide as can be, each at least one column."""
    edges = [sum(widths[:place]) for place in range(len(widths) + 1)]
    even = edges[-1] / count
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
    for number in range(1, count + 1):
        best = {
            last: min(
                (uneven + (edges[last] - edges[first] - even) ** 2, (*cuts, last))
                for first, (uneven, cuts) in best.items()
                if first < last
            )
            for last in range(number, len(widths) - (count - number) + 1)
        }
    _uneven, cuts = best[len(widths)]
    return [(first + 1, last - first) for first, last in pairwise(cuts)]


def _banded(above: Sequence[Band]) -> list[Cell]:
    return [
        Cell(number, first, value, look, columns=over)
        for number, band in enumerate(above, 1)
        for first, over, value, look in band.cells
    ]


def _heads(columns: Sequence[Column], head: int) -> list[Cell]:
    labels = [*(label for label, _width in columns), _("Records")]
    return [Cell(head, place, label, "head") for place, label in enumerate(labels, 1)]


def _body(rows: Sequence[ListRow], widths: Sequence[float], head: int) -> list[Cell]:
    if not rows:
        return [Cell(head + 1, 1, _("None in this period."), "centre", columns=len(widths))]
    return list(_cells(rows, head))


def _cells(rows: Sequence[ListRow], head: int) -> Iterator[Cell]:
    for number, row in enumerate(rows, head + 1):
        yield from (Cell(number, place, value, look) for place, (value, look) in enumerate(row.cells, 1))
        yield Cell(number, len(row.cells) + 1, traced(row.records), "records")


def _heights(rows: Sequence[ListRow], widths: Sequence[float], head: int) -> dict[int, float]:
    found = {head + 1: 20.0} if not rows else {}
    for number, row in enumerate(rows, head + 1):
        texts = zip(row.cells, widths, strict=False)
        wrapped = [(value, width) for (value, look), width in texts if isinstance(value, str) and LOOKS[look].wrap]
        found[number] = height_of_texts(wrapped)
    return found


def _flat(drawn: Sequence[Sequence[ListChart]]) -> list[ListChart]:
    return [one for some in drawn for one in some]


def _places(
    drawn: Sequence[Sequence[ListChart]], widths: Sequence[float], first_row: int
) -> list[tuple[tuple[int, int], int]]:
    """Where each chart stands, and over how many columns: neighbours share the width of the list."""
    found = []
    for row, some in enumerate(drawn, first_row):
        for first, over in spans_of(len(some), widths):
            found.append(((row, first), over))
    return found


def _chart(one: ListChart, place: tuple[int, int], columns: int, head: int, count: int) -> Chart:
    every = one.rows or (0, count - 1)

    def down(column: int, rows: tuple[int, int]) -> Range:
        return Range(head + 1 + rows[0], column, head + 1 + rows[1], column)

    return Chart(
        kind=one.kind,
        title=one.title,
        place=place,
        columns=columns,
        height_cm=one.height_cm,
        categories=down(one.categories, every),
        series=tuple(
            ChartSeries(two.name, down(two.column, two.rows or every), two.colour, two.limit) for two in one.series
        ),
        low=one.low,
        high=one.high,
        step=one.step,
        number_format=one.number_format,
        axis_title=one.axis_title,
        valued=one.valued,
        dates=one.dates,
    )
