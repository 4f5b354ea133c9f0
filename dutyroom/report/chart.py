"""A chart before anything is written: what it draws of the cells of a sheet, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

Pattern = Literal["", "wdUpDiag", "narHorz", "pct10"]


FORTNIGHT, HALF_YEAR = 14, 184
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class DateLabels:
    """How dates stand along an axis: a number format, and a label every so many days, months or years."""

    number_format: str
    every: int
    unit: Literal["days", "months", "years"] = "days"


class ChartKind(StrEnum):
    """`columns` stand, `bars` lie; `timeline` are lying bars from a first, unseen series on."""

    COLUMNS = "columns"
    STACKED_COLUMNS = "stacked-columns"
    LINES = "lines"
    BARS = "bars"
    TIMELINE = "timeline"


@dataclass(frozen=True, slots=True)
class Range:
    """Cells of a sheet, both ends included, rows and columns from 1. `sheet` is a page's key, empty for its own."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One series: its name as people read it, its values, and its colour (RRGGBB).

    `limit` draws it thin and dashed. A `pattern` (DrawingML, such as `wdUpDiag`) instead of an even colour tells its
    bars from others where nothing is printed in colour.
    """

    name: str
    values: Range
    colour: str
    limit: bool = False
    pattern: Pattern = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart whose upper left corner stands in `(row, column)`, as wide as so many `columns`; its height in cm.

    None: the reader ends the axis, and chooses the `step` of its numbers. With `dates` its
    categories are days, each in its place. With a format in `valued` the bars have their values at their ends.
    """

    kind: ChartKind
    title: str
    place: tuple[int, int]
    columns: int
    height_cm: float
    categories: Range
    series: tuple[ChartSeries, ...]
    low: float | None = None
    high: float | None = None
    step: float | None = None
    number_format: str = "General"
    axis_title: str = ""
    valued: str = ""
    dates: DateLabels | None = None


def date_labels(first: date, last: date) -> DateLabels:
    """Labels that neither crowd an axis of those days nor leave one lost on it."""
    days = (last - first).days + 1
    if (first.year, first.month) == (last.year, last.month):
        return DateLabels("d", 1 if days <= FORTNIGHT else 2)
    if days <= FORTNIGHT:
        return DateLabels("mm-dd", 2)
    if days <= HALF_YEAR:
        return DateLabels("mm-dd", 7 * -(-days // (7 * MOST_LABELS)))
    if days <= 2 * 366:
        return DateLabels("yyyy-mm", -(-days // (30 * MOST_LABELS)), "months")
    return DateLabels("yyyy", 1, "years")
