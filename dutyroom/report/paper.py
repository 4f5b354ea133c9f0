"""How a sheet falls on A4 paper: its scale, and where a page may end without cutting a shared cell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

WIDTH, HEIGHT = 784.0, 518.0
"""Points inside the margins of an A4 landscape sheet (842 x 595)."""
UPRIGHT = (537.0, 766.0)
"""Width and height in points inside the same margins of an A4 portrait sheet."""
SHRINKS_TO_ONE = 1.33
"""A page that is a third too high is still readable when it is made smaller to fit."""
FULL = 0.94
"""How much of a sheet is used when we break it ourselves: other programs and fonts need a little more."""
BY_SCALE = 0.85
"""The same where a scale is set instead of fitting: without Calibri, LibreOffice makes every column a sixth wider."""
LEAST_SCALE = 0.71
"""Texts of 10 points are then printed with 7."""
FEW_ROWS = 3
MOST_LEFT_EMPTY = 0.4
"""A table that would go whole onto the next sheet begins there, unless that left more than this of a sheet empty."""
FIRST_TRY = 50
"""Percent of a page: of two pages neither is emptier."""


def scale_of(widths: Sequence[float]) -> float:
    """The scale at which columns of those widths (in characters) fit one sheet; never larger than 1.

    A column of w characters takes 7 w + 5 pixels of 0.75 points (ECMA-376 part 1, 18.3.1.13, Calibri 11).
    """
    return min(1.0, WIDTH / sum(5.25 * width + 3.75 for width in widths))


def points_of_page(widths: Sequence[float]) -> float:
    """How many points of rows go onto a sheet whose columns have those widths, where we break it ourselves."""
    return HEIGHT * FULL / scale_of(widths)


def scale_across(widths: Sequence[float], hidden: Collection[int], repeated: int, breaks: Sequence[int]) -> float:
    """The scale at which the columns between two of `breaks` fit one sheet with the first `repeated` ones beside them.

    `hidden` columns take no room. Columns count from 1; a break stands before its column.
    """
    seen = [0.0 if place in hidden else width for place, width in enumerate(widths, 1)]
    edges = [0, *(first - 1 for first in breaks), len(widths)]
    parts = [seen[: repeated if begin else 0] + seen[begin:end] for begin, end in pairwise(edges)]
    return min(scale_of([width for width in part if width]) for part in parts) * BY_SCALE


def fits_one_sheet(widths: Sequence[float], heights: Mapping[int, float]) -> bool:
    """True when rows of those heights (points) can go on one sheet by making it a little smaller."""
    return sum(heights.values()) * scale_of(widths) <= HEIGHT * SHRINKS_TO_ONE


def is_readable_on_one(heights: Mapping[int, float]) -> bool:
    """True when rows of those heights go on one sheet without becoming smaller than others: no last page of two."""
    return sum(heights.values()) * LEAST_SCALE <= HEIGHT


def breaks_of(
    widths: Sequence[float], heights: Mapping[int, float], head: int, blocks: Sequence[tuple[int, int]]
) -> tuple[int, ...]:
    """The rows that begin a new page, when the rows 1 to `head` are repeated on each.

    `blocks` are (first row, first row of its group) of rows that must stay together, in order to the end; where a
    group would leave only a few rows behind, it goes over whole.
    """
    return breaks_in(points_of_page(widths), heights, head, blocks)


def even_breaks_of(
    widths: Sequence[float], heights: Mapping[int, float], head: int, blocks: Sequence[tuple[int, int]]
) -> tuple[int, ...]:
    """The same with as few pages, but about equally full: no last page of three rows."""
    page, found = points_of_page(widths), breaks_of(widths, heights, head, blocks)
    for percent in range(FIRST_TRY, 100, 2):
        even = breaks_in(page * percent / 100, heights, head, blocks)
        if len(even) == len(found):
            return even
    return found


def breaks_in(
    page: float, heights: Mapping[int, float], head: int, blocks: Sequence[tuple[int, int]]
) -> tuple[int, ...]:
    """The same for pages that hold rows of so many points."""
    room = page - sum(heights[row] for row in range(1, head + 1))
    last = max(heights)
    ends = [first for first, _group in blocks[1:]] + [last + 1]
    found: list[int] = []
    begins = head + 1
    for (first, group), end in zip(blocks, ends, strict=True):
        if first > begins and sum(heights[row] for row in range(begins, end)) > room:
            begins = group if group > begins and first - group <= FEW_ROWS else first
            found.append(begins)
    return tuple(found)
