"""The workbook on paper, over a quarter of the demo's records: large enough to read, no number cut, no stray column."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from dutyroom.report.book import export, pages_of
from dutyroom.report.looks import LOOKS
from dutyroom.report.page import ROW_HEIGHT, Page
from dutyroom.report.paper import HEIGHT, scale_across, scale_of
from dutyroom.words import speaking
from tests.conftest import find_peer
from tests.report.quarter import NOW, opened, quarter
from tests.report.round_room import report

TEXT_POINTS, LEAST_POINTS = LOOKS["text"].size, 7.0
"""Of the texts of a list, in the sheet and on paper."""
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>')
WIDEST_EM, WIDE_EM = 0.637, {"-": 0.361, ":": 0.337, " ": 0.318}
"""Widths of a figure and of the signs between figures in DejaVu Sans, in parts of the font's size."""
MARGIN_PIXELS = 3
FOOTER_BEGINS = 555.0
"""Points from the top of an A4 landscape sheet, 595 high."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The quarter, shared by all processes that run tests of it."""
    base = tmp_path_factory.getbasetemp()
    with quarter(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) as filled:
        yield filled


def scale(page: Page) -> float:
    """At which the page is printed."""
    widths = [width for place, width in enumerate(page.widths, 1) if place not in page.hidden]
    if page.column_breaks:
        return scale_across(page.widths, page.hidden, page.repeat_columns, page.column_breaks)
    if page.one_sheet:
        high = sum(page.heights.get(row, ROW_HEIGHT) for row in range(1, page.end_row + 1))
        return min(scale_of(widths), HEIGHT / high)
    return scale_of(widths)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("period", ["2026-10", "2026-Q4", "2026-W43"])
def test_no_sheet_prints_smaller_than_seven_points(folder: Path, period: str, language: str) -> None:
    with opened(folder) as desk, speaking(language):
        pages = pages_of(report(desk, period, NOW))
    sizes = {page.key: round(TEXT_POINTS * scale(page), 1) for page in pages}
    assert {key: size for key, size in sizes.items() if size < LEAST_POINTS} == {}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("period", ["2026-10", "2026-Q4"])
def test_a_printed_page_that_begins_within_a_table_has_its_heads(folder: Path, period: str, language: str) -> None:
    with opened(folder) as desk, speaking(language):
        pages = [page for page in pages_of(report(desk, period, NOW)) if page.breaks]
    assert {"completion", "outages"} <= {page.key for page in pages}
    for page in pages:
        repeated = range(page.repeat[0], page.repeat[1] + 1) if page.repeat else range(0)
        heads = {cell.row for cell in page.cells if cell.look.startswith("head") and cell.look != "heading"}
        if heads & {*repeated}:
            continue
        for first in page.breaks:
            # A heading, a line that explains the table, an empty row between two tables, then the heads.
            assert heads & {*range(first, first + 4)}, (page.key, first)


def test_the_rows_between_two_breaks_go_onto_one_page(folder: Path) -> None:
    with opened(folder) as desk:
        page = next(page for page in pages_of(report(desk, "2026-Q4", NOW)) if page.key == "outages")
    widths = [width for place, width in enumerate(page.widths, 1) if place not in page.hidden]
    begins = [1, *page.breaks, page.last_row + 1]
    for first, end in pairwise(begins):
        assert sum(page.heights[row] for row in range(first, end)) <= HEIGHT / scale_of(widths), first


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_moment_fits_its_column_in_a_font_with_wide_figures(folder: Path, language: str) -> None:
    """Calibri measures the columns, but where its neighbour for Chinese is missing DejaVu Sans may write in them."""
    with opened(folder) as desk, speaking(language):
        pages = pages_of(report(desk, "2026-Q4", NOW))
    moments = 0
    for page in pages:
        for cell in (*page.cells, *(page.stream.cells() if page.stream else ())):
            look = LOOKS[cell.look]
            if isinstance(cell.value, datetime) and not look.rotation:
                width = sum(7 * one + 5 for one in page.widths[cell.column - 1 : cell.column - 1 + cell.columns])
                wide = sum(WIDE_EM.get(sign, WIDEST_EM) for sign in look.number_format)
                assert wide * look.size * 4 / 3 <= width - MARGIN_PIXELS, (page.key, cell.column)
                moments += 1
    assert moments > 100


@pytest.mark.peer("soffice", "pdftotext")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_libreoffice_prints_no_number_that_does_not_fit_and_no_lonely_column(
    folder: Path, tmp_path: Path, language: str
) -> None:
    with opened(folder) as desk:
        path = export(report(desk, "2026-10", NOW), tmp_path / "month.xlsx", language)
    soffice, pdftotext = find_peer("soffice"), find_peer("pdftotext")
    assert soffice is not None
    assert pdftotext is not None
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    command = [pdftotext, "-bbox", str(tmp_path / "month.pdf"), "-"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    pages = told.split("<page ")[1:]
    assert len(pages) >= 15
    for number, page in enumerate(pages, 1):
        words = [(float(left), float(right), text) for left, top, right, text in WORD.findall(page)
                 if float(top) < FOOTER_BEGINS]  # fmt: skip
        assert [text for _left, _right, text in words if "###" in text] == [], number
        # A column that did not go onto its page would stand alone in the middle of the next one.
        assert max(word[1] for word in words) - min(word[0] for word in words) > 0.4 * 842, (number, words[:9])
