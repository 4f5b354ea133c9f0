"""Whatever stands in a free field arrives in the workbook as inert text, in both languages, and the file opens."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook, load_workbook

from dutyroom import words
from dutyroom.duty.zero_reports import signed_page
from dutyroom.report.blank_round import export_blank_round
from dutyroom.report.book import export
from dutyroom.report.outage_card import export_outage_card
from dutyroom.report.recheck import Recheck, recheck
from dutyroom.report.zero_report import export_zero_report
from dutyroom.sending import zero_names
from tests.conftest import find_peer
from tests.desks import NOW
from tests.report.hostile_store import hostile_room
from tests.report.round_room import report

# As an XML reader sees them: what stands for formulas, and for the texts of cells.
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# They turn text round, join it, or have no width: what is read would not be what stands there.
UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
FIELD = re.compile(r"field:([A-Za-z_]+\.[a-z_]+)")
PLACES = re.compile(r"'[^'\[\]:*?/\\]{1,31}'!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?")
ARRIVE = {
    "NetworkDevice.label",
    "Server.label",
    "Ups.label",
    "amendments.reason",
    "discharge_tests.note",
    "entries.note",
    "finding_steps.note",
    "findings.assignee",
    "findings.known_owner",
    "findings.known_reason",
    "findings.text",
    "ledger.terminal",
    "maintenance.reason",
    "operators.label",
    "power_events.closing_text",
    "rounds.clock_reason",
    "rounds.skip_note",
    "self_check_answers.plan",
    "self_check_answers.text",
    "site.name",
    "site.room",
    "zero_reports.reason",
}
"""Fields that stand in every workbook of that store."""


class Hostile(NamedTuple):
    """A workbook of that store: its language, its file, as openpyxl reads it, and what `verify` says of it."""

    language: str
    path: Path
    book: Workbook
    checked: Recheck | None

    def parts(self, names: str) -> Iterator[ElementTree.Element]:
        """The parts of the file whose names match."""
        with zipfile.ZipFile(self.path) as archive:
            for name in archive.namelist():
                if re.fullmatch(names, name):
                    yield ElementTree.fromstring(archive.read(name))

    def texts(self) -> Iterator[str]:
        """The texts of all cells."""
        for sheet in self.book:
            for row in sheet.iter_rows():
                yield from (cell.value for cell in row if isinstance(cell.value, str))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Hostile]:
    """The workbooks in both languages."""
    folder = tmp_path_factory.mktemp("hostile")
    with hostile_room(folder) as room:
        made = report(room.desk, f"{room.first}..{room.last}", NOW)
        forms = [one.checklist for one in room.desk.published()]
        found = {}
        for language in words.LANGUAGES:
            path = export(made, folder / f"{language}.xlsx", language)
            checked = recheck(room.desk.store, room.desk.site, forms, path.read_bytes(), path.name)
            found[language] = Hostile(language, path, load_workbook(path), checked)
        desk = room.desk
        export_outage_card(desk.site, {}, folder / "card.xlsx", NOW, lambda _made, _target: None)
        export_blank_round(desk.site, desk.checklist, folder / "blank.xlsx", NOW)
        page = signed_page(desk, room.last - timedelta(days=3), NOW)
        export_zero_report(page, zero_names(desk, page), folder, "zh_CN", lambda _made, _target: None)
    return found


@pytest.fixture(params=words.LANGUAGES)
def hostile(books: dict[str, Hostile], request: pytest.FixtureRequest) -> Hostile:
    """The workbook in each language."""
    return books[request.param]


def test_every_free_field_arrives_as_text_that_no_program_takes_for_more(hostile: Hostile) -> None:
    found = {name for text in hostile.texts() for name in FIELD.findall(text)}
    assert ARRIVE | {f"checklist.{'en' if hostile.language == 'en' else 'zh'}"} <= found
    types = {cell.data_type for sheet in hostile.book for row in sheet.iter_rows() for cell in row}
    assert types <= {"s", "inlineStr", "n", "d", "b"}
    for text in hostile.texts():
        assert ILLEGAL.search(text) is None, ascii(text[:80])
        assert UNSEEN.search(text) is None, ascii(text[:80])
        assert len(text.encode("utf-16-le")) <= 2 * 32767
    # What is longer is cut and says so; a longest text is there, so that the limit was put to the test.
    assert max(len(text.encode("utf-16-le")) for text in hostile.texts()) >= 2 * 32766


def test_verify_counts_it_again_and_finds_every_cell_as_it_was_written(hostile: Hostile) -> None:
    assert hostile.checked is not None
    assert (hostile.checked.has_lines, hostile.checked.difference) == (True, None)


def test_the_file_holds_no_formula_and_nothing_is_fetched_from_elsewhere(hostile: Hostile) -> None:
    for sheet in hostile.parts(r"xl/worksheets/sheet\d+\.xml"):
        assert sheet.find(f".//{MAIN}f") is None
        kinds = {cell.get("t", "n") for cell in sheet.iter(f"{MAIN}c")}
        assert kinds <= {"inlineStr", "n", "b"}
    with zipfile.ZipFile(hostile.path) as archive:
        relations = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels")]
        assert not [name for name in archive.namelist() if "external" in name.lower() or "vba" in name.lower()]
    assert not [one for one in relations if 'TargetMode="External"' in one or "hyperlink" in one]


def test_what_begins_like_a_formula_keeps_its_quote_when_it_is_saved_as_csv(hostile: Hostile) -> None:
    starting = [
        cell
        for sheet in hostile.book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@", "\t", "\n", "＝"))
    ]
    assert {str(cell.value)[0] for cell in starting} >= {"=", "+", "-", "@", "＝"}
    assert all(cell.quotePrefix for cell in starting)


def test_escapes_of_the_format_stay_the_letters_they_are(hostile: Hostile) -> None:
    escapes = [text for text in hostile.texts() if "_x003D_" in text or "x003D" in text]
    assert escapes
    # openpyxl reads what is written; a program that knows the format reads `_x005F_` as the stroke.
    assert all("_x005F_x000D_ _x005F_x003D_1" in text for text in escapes)


def test_sheets_charts_names_and_footers_hold_nothing_of_it_that_acts(hostile: Hostile) -> None:
    titles = hostile.book.sheetnames
    assert all(0 < len(one.encode("utf-16-le")) <= 62 and not re.search(r"[\[\]:*?/\\']", one) for one in titles)
    assert len({one.casefold() for one in titles}) == len(titles)
    drawn = 0
    for chart in hostile.parts(r"xl/charts/chart\d+\.xml"):
        drawn += 1
        assert all(PLACES.fullmatch(one.text or "") for one in chart.iter(f"{CHART}f")), [
            one.text for one in chart.iter(f"{CHART}f")
        ]
        said = [one.text or "" for one in (*chart.iter(f"{DRAWN}t"), *chart.iter(f"{CHART}v"))]
        assert all(ILLEGAL.search(one) is None and UNSEEN.search(one) is None for one in said)
        # Names of series are texts of their own, never a place that is looked up.
        assert chart.find(f".//{CHART}ser/{CHART}tx/{CHART}strRef") is None
    assert drawn
    assert all(PLACES.fullmatch(one.attr_text or "") for one in hostile.book.defined_names.values())
    for sheet in hostile.book:
        assert sheet.oddFooter is not None
        assert "&" not in str(sheet.oddFooter.left.text)
        assert len(str(sheet.oddFooter.left.text)) <= 80
        assert ILLEGAL.search(str(sheet.oddFooter.left.text)) is None


def test_the_card_the_form_for_paper_and_the_zero_report_hold_no_formula_either(books: dict[str, Hostile]) -> None:
    folder = books["en"].path.parent
    others = [folder / "card.xlsx", folder / "blank.xlsx", *folder.glob("zero-report-*.xlsx")]
    assert len(others) == 3
    for path in others:
        cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d", "b"}
        assert [cell for cell in cells if "field:" in str(cell.value)], path.name


@pytest.mark.peer("soffice")
def test_libreoffice_opens_both_and_prints_them(books: dict[str, Hostile], tmp_path: Path) -> None:
    soffice = find_peer("soffice")
    assert soffice is not None
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    done = subprocess.run(
        [*command, *(str(one.path) for one in books.values())], capture_output=True, timeout=240, check=True
    )
    assert b"Error" not in done.stdout + done.stderr
    for one in books.values():
        pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / f"{one.language}.pdf").read_bytes())
        assert len(pages) >= len(one.book.sheetnames)
