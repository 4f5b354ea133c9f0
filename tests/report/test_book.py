"""The workbook of a period as its readers open it: sheets, types, paper, both languages, nothing to compute."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from dutyroom.report.book import export
from dutyroom.words import language
from tests.conftest import find_peer
from tests.report.month_seed import MonthSeed, month
from tests.report.stored_month import stored_report

NASTY = "=A1&P&[Tab]\x1b[2J \ud800 " + "长" * 400


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the month made by hand."""
    folder = tmp_path_factory.mktemp("book")
    return export(stored_report(folder), folder / "month.xlsx", "en")


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    """The same, read."""
    return load_workbook(path)


def test_the_month_opens_with_its_sheets_figures_and_anchors(book: Workbook) -> None:
    assert book.sheetnames[:6] == [
        "Cover",
        "Completion",
        "Items by day",
        "Abnormal answers",
        "Findings and rectification",
        "UPS outages and hold time",
    ]
    assert book.sheetnames[6:10] == ["UPS load and runtime by day", "Availability", "Downtimes", "Environment"]
    assert {"Readings", "Zero reports", "Self-check"} <= {*book.sheetnames}
    texts = {str(cell.value) for row in book["Cover"].iter_rows() for cell in row if cell.value is not None}
    assert "0.9130434782608695" in texts
    (sheet, place), *_rest = book.defined_names["ledger_first_seq"].destinations
    assert book[sheet][place].value == 2
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)


def test_every_answer_of_a_signed_round_is_a_real_number_in_its_column(book: Workbook) -> None:
    sheet = book["Readings"]
    head = next(row for row in range(1, 12) if sheet.auto_filter.ref and sheet.auto_filter.ref.startswith(f"A{row}:"))
    rows = list(sheet.iter_rows(min_row=head + 1, values_only=True))
    assert len(rows) == 21
    assert all(any(isinstance(value, datetime) for value in row) for row in rows)
    heads = [cell.value for cell in sheet[head]]
    assert len(heads) == len({*heads}), "a pivot table needs one name a column"
    temperature = [row[heads.index("Rack-inlet temperature (°C)")] for row in rows]
    assert all(isinstance(value, (int, float)) for value in temperature)


def test_every_sheet_prints_on_a4_landscape(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape"), sheet.title
        assert sheet.sheet_properties.pageSetUpPr is not None
        # Readings are wider than a page: their columns are broken evenly instead.
        assert sheet.sheet_properties.pageSetUpPr.fitToPage or sheet.col_breaks.brk, sheet.title
        assert sheet.print_area, sheet.title
        assert sheet.oddFooter is not None
        assert "&P" in str(sheet.oddFooter.right.text)
        assert not sheet.protection.sheet


def test_the_file_opens_on_its_cover_and_tabs_of_a_theme_have_one_colour(book: Workbook) -> None:
    assert book.active is book["Cover"]
    views = {sheet.title: sheet.sheet_view for sheet in book.worksheets}
    assert [title for title, view in views.items() if view.tabSelected] == ["Cover"]
    assert all(70 <= int(view.zoomScale or 0) <= 100 and not view.showGridLines for view in views.values())
    colours = {sheet.title: sheet.sheet_properties.tabColor for sheet in book.worksheets}
    assert [title for title, colour in colours.items() if colour is None] == []
    assert colours["Completion"] == colours["Zero reports"] != colours["Environment"]
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("dutyroom", None)


def test_hostile_names_in_title_and_footer_do_no_harm(tmp_path: Path) -> None:
    nasty = replace(month().site, name=NASTY, room="&R&8\r\n@x")
    read = load_workbook(export(stored_report(tmp_path, site=nasty), tmp_path / "month.xlsx", "en"))
    footer = read["Cover"].oddFooter
    assert footer is not None
    assert "&" not in str(footer.left.text)


@pytest.mark.parametrize("language_of_book", ["en", "zh_CN"])
def test_a_store_that_was_never_used_can_be_exported(tmp_path: Path, language_of_book: str) -> None:
    seed = month()
    empty = MonthSeed(seed.site, seed.checklist, (), (), ())
    read = load_workbook(export(stored_report(tmp_path, empty), tmp_path / "month.xlsx", language_of_book))
    assert len(read.sheetnames) >= 9


def test_a_chinese_workbook_has_chinese_words_and_a_chinese_font(tmp_path: Path) -> None:
    read = load_workbook(export(stored_report(tmp_path), tmp_path / "month.xlsx", "zh_CN"))
    assert [title for title in read.sheetnames if title.isascii()] == []
    cells = [cell for row in read.worksheets[1].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.font.name for cell in cells if not str(cell.value).isascii()} == {"Microsoft YaHei"}
    assert language() == "en"


@pytest.mark.peer("soffice")
def test_libreoffice_prints_every_sheet_on_a4_landscape(path: Path, tmp_path: Path) -> None:
    soffice = find_peer("soffice")
    assert soffice is not None
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", (tmp_path / "month.pdf").read_bytes())
    assert len(boxes) >= 9
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(842, 595)}
