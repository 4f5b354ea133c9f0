"""The card that hangs on the wall: one room on A4, in both languages, for whoever holds it in the dark.

What proves a hold time, what to shed, whom to call, and empty fields for the times that are written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dutyroom.model.outage_card import Proven
from dutyroom.model.site import Site
from dutyroom.report.card_rows import TITLE, both, rows_of
from dutyroom.report.card_text import GRID, CardSize, Row, Text
from dutyroom.report.page import Cell, Page
from dutyroom.report.paper import FULL, UPRIGHT, breaks_in
from dutyroom.report.workbook import build, save
from dutyroom.words import speaking

UNIT_FONT = "Arial"
"""A system without it has one of the same measures: the sheet is as wide everywhere."""
LONGEST_TEXT = 4
"""Lines a text may take before it is cut."""
PAGED = (90, 86, 82, 78)
"""Sizes in hundredths to choose from where it takes several pages: the first of those that take the fewest."""
MOST_STRETCH, NEARLY = 1.5, 0.97
ONE_PAGE = (6, 20, 10)
"""So many UPSes, loads and contacts go on one page, whatever their texts; more may take a second."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """The rows of the card for one size of the letters."""

    size: CardSize
    rows: tuple[Row, ...]

    @property
    def fits(self) -> bool:
        """True when all of it goes on one sheet at that scale."""
        return self.spare >= 1

    @property
    def spare(self) -> float:
        """How many times as high the rows could be."""
        return UPRIGHT[1] / self.size.scale / sum(row.height for row in self.rows)


def card_page(site: Site, proven: Mapping[str, Proven], printed_at: datetime) -> Page:
    """The card as a sheet of A4, upright: one page, or more for a room beyond ONE_PAGE whose letters would vanish.

    The letters are as large as the page allows. Texts that are cut to keep it readable end in … and are counted at the
    foot, with where the whole text stands.
    """
    # The Chinese font has both languages, and its taller letters decide the height of a row.
    with speaking("zh_CN"):
        laid = _laid(site, proven, printed_at)
        if laid is not None:
            return _placed(laid)
        sizes = [CardSize(hundredths / 100, LONGEST_TEXT) for hundredths in PAGED]
        paged = [_placed(_Laid(size, rows_of(site, proven, printed_at, size, is_paged=True))) for size in sizes]
    return min(paged, key=lambda page: len(page.breaks))


def _placed(laid: _Laid) -> Page:
    """The rows on their sheet, or on as many as they need."""
    # What is left of the sheet gives room to write by hand.
    stretch = min(MOST_STRETCH, max(1.0, laid.spare * NEARLY)) if laid.fits else 1.0
    cells: list[Cell] = []
    heights: dict[int, float] = {}
    starts: list[tuple[int, int]] = []
    head = begins = 0
    for at, row in enumerate(laid.rows, start=1):
        cells += _cells(at, row.texts)
        heights[at] = round(row.height * stretch, 1) if row.stretches else row.height
        if row.repeats:
            head = at
            continue
        begins = at if row.begins and not (starts and laid.rows[at - 2].begins) else begins
        if not row.goes_on:
            starts.append((at, begins))
    widths = (laid.size.unit,) * GRID
    page = Page(both(TITLE), widths, tuple(cells), heights=heights, repeat=(1, head), portrait=True)
    if laid.fits:
        return page
    page_height = UPRIGHT[1] * FULL / laid.size.scale
    return replace(page, one_sheet=False, breaks=breaks_in(page_height, heights, head, starts))


def export_outage_card(
    site: Site,
    proven: Mapping[str, Proven],
    path: Path,
    printed_at: datetime,
    enter: Callable[[Path, Path], None] = lambda _made, _target: None,
) -> Path:
    """Writes the card; where it is. `enter` puts it on record before it takes its place. Raises ExportError."""
    page = card_page(site, proven, printed_at)
    with speaking("zh_CN"):
        workbook = build((page,), site.timezone, f"{site.name}, {site.room}", printed_at, unit_font=UNIT_FONT)
    return save(workbook, path, enter)


def _laid(site: Site, proven: Mapping[str, Proven], printed_at: datetime) -> _Laid | None:
    """One page: the largest letters that fit, then shorter texts. None when no letters that can be read fit."""
    counts = (len(site.ups), len(site.loads), len(site.contacts))
    is_large = any(count > most for count, most in zip(counts, ONE_PAGE, strict=True))
    for size in _sizes(is_large):
        laid = _Laid(size, rows_of(site, proven, printed_at, size))
        if laid.fits:
            return laid
    return None


def _sizes(is_large: bool) -> Iterator[CardSize]:
    """From large letters and whole texts to small letters and short texts."""
    ladder = [(100, 80, LONGEST_TEXT), (90, 74, 2)]
    if not is_large:
        ladder.append((84, 70, 1))
    for largest, smallest, most in ladder:
        for hundredths in range(largest, smallest - 1, -2):
            yield CardSize(hundredths / 100, most)


def _cells(row: int, texts: Sequence[Text]) -> Iterator[Cell]:
    column = 1
    for text in texts:
        if text.look:
            yield Cell(row, column, text.said, text.look, text.down, text.span)
        column += text.span
