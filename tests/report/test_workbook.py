"""The gate of every cell, the file that comes whole or not at all, and what LibreOffice makes of it."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as SheetCell

from dutyroom.errors import ExportError
from dutyroom.report.page import Cell, Page
from dutyroom.report.workbook import build, save
from dutyroom.report.workbook_archive import Book, written
from dutyroom.report.workbook_cells import cell_text, safe
from dutyroom.words import language, speaking
from tests.conftest import ROOT, find_peer
from tests.report.month_seed import GENERATED_AT, ZONE

HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("http://example.invalid","x")',
    "=cmd|' /C calc'!A0",
    "#N/A",
    "#REF!",
    "a\x00b\x07c\x1b[31md",
    "bell\x07",
    "\ufffe\uffff",
    "lone \ud800 surrogate",
    "carriage\rreturn\r\n",
    "x" * 40_000,
    "𠀀" * 40_000,
    "‮drowssap",
    " leading and trailing ",
    "<b>&amp;</b>]]>",
    "",
    "TRUE",
    "2026-10-01",
    "1e5",
]
RUN_UNDER_LIMIT = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from dutyroom.errors import ExportError
from dutyroom.report.page import Cell, Page
from dutyroom.report.workbook import build, save
cells = tuple(Cell(row, 1, "text %d" % row, "text") for row in range(1, int(sys.argv[2]) + 1))
book = build([Page("Sheet", (10.0,), cells)], ZoneInfo("UTC"), "foot", datetime(2026, 1, 1, tzinfo=UTC))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    save(book, Path(sys.argv[1]))
except ExportError as error:
    sys.stdout.write(str(error))
"""


def made(*values: object) -> Page:
    cells = tuple(Cell(row, 1, value, "text") for row, value in enumerate(values, 1))  # type: ignore[arg-type]
    return Page("Sheet", (20.0,), cells)


def book_of(*values: object) -> Book:
    return build([made(*values)], ZONE, "foot", GENERATED_AT)


def read(path: Path) -> list[SheetCell]:
    return [row[0] for row in load_workbook(path).worksheets[0].iter_rows() if isinstance(row[0], SheetCell)]


def test_hostile_texts_load_back_as_inert_text(tmp_path: Path) -> None:
    cells = read(save(book_of(*HOSTILE), tmp_path / "month.xlsx"))
    for text, cell in zip(HOSTILE, cells, strict=True):
        assert cell.data_type == ("s" if text else "n")
        assert (cell.value or "") == cell_text(text)
        assert cell.hyperlink is None
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff\u202e]", "".join(str(c.value) for c in cells)
    )


def test_texts_that_begin_like_a_formula_carry_the_leading_quote(tmp_path: Path) -> None:
    cells = read(save(book_of("=1+1", "+1", "-1", "@x", "\tx", "plain"), tmp_path / "month.xlsx"))
    assert [bool(cell.quotePrefix) for cell in cells] == [True] * 5 + [False]
    assert [cell.value for cell in cells] == ["=1+1", "+1", "-1", "@x", "\tx", "plain"]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    for text in ("x" * 40_000, "𠀀" * 40_000):
        cut = cell_text(text)
        assert len(cut.encode("utf-16-le")) <= 32767 * 2
        assert cut.endswith("…")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=20), min_size=1, max_size=20))
def test_any_text_comes_back_as_the_gate_left_it(texts: list[str]) -> None:
    content = written(book_of(*texts)).content
    back = [row[0] for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows()]
    for text, cell in zip(texts, back, strict=True):
        assert cell.data_type == ("s" if text else "n")
        assert (cell.value or "") == cell_text(text) == cell_text(cell_text(text))


def test_moments_become_local_and_naive_and_real_dates(tmp_path: Path) -> None:
    at = datetime(2026, 10, 24, 16, 30, tzinfo=UTC)
    cells = read(save(book_of(at, date(2026, 10, 1), datetime(1, 1, 2, tzinfo=UTC)), tmp_path / "month.xlsx"))
    assert cells[0].value == at.astimezone(ZONE).replace(tzinfo=None)
    assert cells[0].is_date
    assert cells[1].is_date
    assert cells[2].data_type == "s"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        safe(GENERATED_AT.replace(tzinfo=None), ZONE)


def test_what_is_no_number_stays_empty_and_numbers_stay_numbers(tmp_path: Path) -> None:
    cells = read(save(book_of(float("nan"), float("inf"), float("-inf"), 10**400, 3.25, 0), tmp_path / "month.xlsx"))
    assert [cell.value for cell in cells[:3]] == [None, None, None]
    assert cells[3].data_type == "s"
    assert [cell.value for cell in cells[4:]] == [3.25, 0]


def test_another_type_is_refused() -> None:
    with pytest.raises(TypeError):
        save(book_of(b"bytes"), Path("never.xlsx"))


def test_a_workbook_replaces_the_old_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "month.xlsx"
    path.write_bytes(b"old")
    assert save(book_of("new"), path) == path
    assert read(path)[0].value == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("rows", "limit"), [(3, 3000), (2000, 20_000)])
def test_a_full_disk_keeps_the_old_file_and_says_one_sentence(tmp_path: Path, rows: int, limit: int) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "month.xlsx"
    path.write_bytes(b"old")
    command = [sys.executable, "-W", "error", "-c", RUN_UNDER_LIMIT, str(path), str(rows), str(limit)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{path} was not written: ")
    assert path.read_bytes() == b"old"
    assert list(folder.iterdir()) == [path]


def test_a_folder_that_is_not_there_or_not_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path, told in (
        (tmp_path / "none" / "month.xlsx", "There is no folder"),
        (tmp_path / "file" / "month.xlsx", "is a file, no folder"),
        (Path("/proc/month.xlsx"), "could not be written"),
    ):
        with pytest.raises(ExportError, match=told):
            save(book_of("x"), path)
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(ExportError, match="there is a folder of that name"):
        save(book_of("x"), tmp_path / "folder.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.xlsx"]


def test_the_workbook_may_speak_another_language_than_the_screen() -> None:
    with speaking("en"):
        assert language() == "en"
    assert language() == "en"


@pytest.mark.peer("soffice")
def test_libreoffice_computes_nothing(tmp_path: Path) -> None:
    soffice = find_peer("soffice")
    assert soffice is not None
    save(book_of(*(text for text in HOSTILE if len(text) < 100)), tmp_path / "hostile.xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, profile, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path)]
    subprocess.run([*command, f"{tmp_path}/hostile.xlsx"], capture_output=True, timeout=120, check=True)
    shown = (tmp_path / "hostile.csv").read_text()
    assert "=1+1" in shown
    assert "=HYPERLINK" in shown
