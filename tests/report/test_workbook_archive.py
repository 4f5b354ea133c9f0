"""The same pages give the same bytes; long sheets are streamed; what is damaged or no sheet is told."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dutyroom.errors import ExportError
from dutyroom.report.chart import Chart, ChartKind, ChartSeries, Range
from dutyroom.report.page import Cell, Page, Stream
from dutyroom.report.workbook import build, save, sheet_titles
from dutyroom.report.workbook_archive import Written, read_back, written
from tests.conftest import ROOT
from tests.report.month_seed import GENERATED_AT, ZONE
from tests.report.test_workbook import HOSTILE


def sample(made_at: datetime = GENERATED_AT) -> bytes:
    """A file with everything that might come out in another order or with a moment in it."""
    cells = tuple(Cell(row, 1, f"text {row}", "text", columns=2) for row in range(1, 30))
    numbers = tuple(Cell(row, 3, row / 3, "number 2") for row in range(1, 30))
    chart = Chart(
        ChartKind.LINES, "t", (32, 1), 8, 5, Range(1, 1, 9, 1), (ChartSeries("s", Range(1, 3, 9, 3), "1F4E79"),)
    )
    names = {f"name_{letter}": (1, 1) for letter in "abcdefgh"}
    pages = [Page(f"Sheet {n}", (9.0, 9.0, 9.0), cells + numbers, charts=(chart,)) for n in range(3)]
    return written(build([replace(pages[0], names=names), *pages[1:]], ZONE, "foot", made_at)).content


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_pages_are_the_same_bytes_in_another_process_at_another_moment() -> None:
    code = "import sys; from tests.report.test_workbook_archive import sample; sys.stdout.buffer.write(sample())"
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/New_York"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=60,
        check=True,
    )
    here = sample()
    assert hashlib.sha256(done.stdout).digest() == hashlib.sha256(here).digest()
    with zipfile.ZipFile(BytesIO(here)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_time_of_making_changes_that_time_and_nothing_else() -> None:
    one, other = parts(sample()), parts(sample(GENERATED_AT + timedelta(hours=5)))
    assert [name for name in one if one[name] != other[name]] == ["docProps/core.xml"]
    stated = re.findall(rb">(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)<", one["docProps/core.xml"])
    expected = GENERATED_AT.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    assert stated == [expected, expected]
    moment = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    assert moment.sub(b"", one["docProps/core.xml"]) == moment.sub(b"", other["docProps/core.xml"])


def test_streamed_rows_follow_the_cells_and_are_what_cells_would_be(tmp_path: Path) -> None:
    def rows() -> Iterator[Cell]:
        for row in range(3, 1003):
            yield Cell(row, 1, datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=row), "moment")
            yield Cell(row, 2, row / 2, "number 1")
            yield Cell(row, 3, f"=event {row}", "text")

    head = (Cell(1, 1, "Title", "title", columns=3), *(Cell(2, n, f"head {n}", "head") for n in (1, 2, 3)))
    streamed = Page(
        "Events", (16.0, 8.0, 20.0), head, stream=Stream(1000, rows), filter_row=2, repeat=(1, 2), one_sheet=False
    )
    held = replace(streamed, cells=(*head, *rows()), stream=None)
    files = [
        save(build([page], ZONE, "foot", GENERATED_AT), tmp_path / f"{n}.xlsx")
        for n, page in enumerate((streamed, held))
    ]
    assert files[0].read_bytes() == files[1].read_bytes()
    sheet = load_workbook(files[0]).worksheets[0]
    assert (sheet.max_row, sheet.auto_filter.ref, sheet.print_area) == (1002, "A2:C1002", "'Events'!$A$1:$C$1002")


def test_streamed_rows_out_of_order_or_too_many_are_refused() -> None:
    for rows in ((2, 2), (3, 2), (2, 9), (1, 2)):
        cells = [Cell(row, 1, row, "count") for row in rows]
        # Two cells in the same row are one row.
        page = Page("Events", (8.0,), (Cell(1, 1, "head", "head"),), stream=Stream(2, lambda c=cells: iter(c)))  # type: ignore[misc]
        book = build([page], ZONE, "foot", GENERATED_AT)
        if rows == (2, 2):
            written(book)
            continue
        with pytest.raises(ValueError, match="comes after row"):
            written(book)


def test_shared_cells_that_meet_are_refused_and_a_later_cell_holds() -> None:
    shared = (Cell(1, 1, "a", "text", columns=3), Cell(1, 3, "b", "text", rows=2))
    with pytest.raises(ValueError, match="meet"):
        written(build([Page("Sheet", (8.0,) * 3, shared)], ZONE, "foot", GENERATED_AT))
    twice = Page("Sheet", (8.0,), (Cell(1, 1, "old", "text"), Cell(1, 1, "new", "text")))
    sheet = load_workbook(BytesIO(written(build([twice], ZONE, "foot", GENERATED_AT)).content)).worksheets[0]
    assert sheet["A1"].value == "new"


def test_every_type_is_its_own_type_and_a_date_looks_like_one_in_any_cell() -> None:
    at = datetime(2026, 10, 1, 4, tzinfo=UTC)
    values = ("text", 7, 7.25, True, date(2026, 10, 1), at, time(8, 30), None)
    page = Page("Sheet", (8.0,), tuple(Cell(row, 1, value, "text") for row, value in enumerate(values, 1)))
    sheet = load_workbook(BytesIO(written(build([page], ZONE, "foot", GENERATED_AT)).content)).worksheets[0]
    found = [sheet.cell(row, 1) for row in range(1, 9)]
    local = at.astimezone(ZONE).replace(tzinfo=None)
    midnight = datetime.combine(date(2026, 10, 1), time())
    assert [one.value for one in found] == ["text", 7, 7.25, True, midnight, local, time(8, 30), None]
    assert [one.data_type for one in found] == ["s", "n", "n", "b", "d", "d", "d", "n"]
    assert len({one.style for one in found}) == 1


def test_no_row_is_higher_than_excel_allows() -> None:
    page = Page("Sheet", (8.0,), (Cell(1, 1, "x" * 40_000, "text"),), heights={1: 5000.0, 2: 20.5})
    sheet = load_workbook(BytesIO(written(build([page], ZONE, "foot", GENERATED_AT)).content)).worksheets[0]
    assert [sheet.row_dimensions[row].height for row in (1, 2)] == [409.0, 20.5]


def test_sheets_get_names_that_excel_takes() -> None:
    long = "长" * 40
    assert sheet_titles(["a/b:c[d]'", "", "history", "Same", "same", long, long, "😀" * 20, "x\x00\ud800\n"]) == [
        "a b c d",
        "-",
        "history 2",
        "Same",
        "same 2",
        "长" * 31,
        "长" * 29 + " 2",
        "😀" * 15,
        "x\ufffd\ufffd",
    ]


def test_a_name_of_a_cell_that_is_none_of_ours_is_refused() -> None:
    for name in ("=1+1", "A1", "a b", "", "r1c1"):
        page = Page("Sheet", (8.0,), (Cell(1, 1, 1, "count"),), names={name: (1, 1)})
        with pytest.raises(ValueError, match="no name"):
            build([page], ZONE, "foot", GENERATED_AT)


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, data in parts(content).items():
            assert name != part or old in data
            archive.writestr(name, data.replace(old, new) if name == part else data)
    return whole.getvalue()


def test_what_does_not_read_back_is_told(tmp_path: Path) -> None:
    page = Page("Sheet", (8.0,), (Cell(1, 1, "one", "text"), Cell(2, 1, 5, "count")))
    made = written(build([page], ZONE, "foot", GENERATED_AT))
    sheet, book = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
    path = tmp_path / "book.xlsx"
    damaged = [
        changed(made.content, sheet, b">one<", b">two<"),
        changed(made.content, sheet, b'r="A1"', b'r="B1"'),
        changed(made.content, sheet, b"<v>5</v>", b"<f>1+1</f><v>5</v>"),
        changed(made.content, sheet, b"</sheetData>", b""),
        changed(made.content, book, b'name="Sheet"', b'name="Other"'),
        made.content[:-30],
        made.content[: len(made.content) // 2],
        b"",
        made.content.replace(b"PK", b"KP"),
    ]
    middle = made.content.index(b"xl/styles.xml") + 200
    damaged.append(made.content[:middle] + bytes([made.content[middle] ^ 0xFF]) + made.content[middle + 1 :])
    for content in damaged:
        path.write_bytes(content)
        with pytest.raises(ExportError, match="read back"):
            read_back(path, made, ["Sheet"])
    path.write_bytes(made.content)
    read_back(path, Written(made.content, made.digests), ["Sheet"])


def test_hostile_texts_in_every_free_place_leave_a_file_that_opens(tmp_path: Path) -> None:
    nasty = [one for one in (*HOSTILE, "_x0041_", "锟斤拷", "\ue000\U000f0000", "\u2066x\u2069") if one]
    cells = tuple(Cell(row, column, one, "text") for row, one in enumerate(nasty, 1) for column in (1, 2))
    charts = tuple(
        Chart(ChartKind.BARS, one, (40, 1), 8, 5, Range(1, 1, 9, 1), (ChartSeries(one, Range(1, 2, 9, 2), "1F4E79"),))
        for one in nasty
    )
    pages = [
        Page(one, (9.0, 9.0), cells[:2] if place else cells, charts=() if place else charts)
        for place, one in enumerate(nasty)
    ]
    for footer in (nasty[5], "&P&[Tab]\x1b \ud800 " + "长" * 400):
        book = load_workbook(save(build(pages, ZONE, footer, GENERATED_AT), tmp_path / "book.xlsx"))
        assert len(book.sheetnames) == len(nasty)
        assert all(0 < len(one.encode("utf-16-le")) <= 62 for one in book.sheetnames)
        assert len(book.worksheets[0]._charts) == len(nasty)  # type: ignore[attr-defined]
        assert all(cell.data_type == "s" for row in book.worksheets[0].iter_rows(max_col=2) for cell in row)
