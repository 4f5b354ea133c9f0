"""A period's workbook counted again: what was changed in the file or in the records is named by its cell."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from dutyroom.model.people import Act
from dutyroom.report.book import export
from dutyroom.report.recheck import Recheck, recheck
from dutyroom.report.reread import WorkbookRefused
from dutyroom.store import ledger, rounds
from dutyroom.store.database import Store
from tests.conftest import find_peer
from tests.report.month_seed import GENERATED_AT, month
from tests.report.stored_month import ACTOR, stored_report


class Room:
    """A store with the month in it, and its workbook."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "dutyroom.db"
        self.seed = month()
        self.content = export(stored_report(folder, self.seed), folder / "month.xlsx", "zh_CN").read_bytes()

    def check(self, content: bytes | None = None) -> Recheck:
        """The workbook, or other bytes, against the store."""
        store = Store.open(f"sqlite:///{self.database}")
        found = recheck(store, self.seed.site, (self.seed.checklist,), content or self.content, "month.xlsx")
        store.close()
        assert found is not None
        return found

    def edited(self, edit: Callable[[Workbook], object]) -> bytes:
        """The workbook as another program saves it after an edit."""
        book, saved = load_workbook(BytesIO(self.content)), BytesIO()
        edit(book)
        book.save(saved)
        return saved.getvalue()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """For tests that leave the records alone."""
    return Room(tmp_path_factory.mktemp("room"))


def readings_of(book: Workbook) -> tuple[str, int, int]:
    """The sheet of readings: its title, the row of the first reading, and the column of a number in it."""
    sheet = book["读数"]
    head = next(row for row in range(1, 12) if str(sheet.auto_filter.ref).startswith(f"A{row}:"))
    values = next(sheet.iter_rows(min_row=head + 1, max_row=head + 1))
    column = next(cell.column for cell in values if isinstance(cell.value, float) and cell.column is not None)
    return sheet.title, head + 1, column


def test_a_workbook_agrees_as_exported_and_saved_by_another_program(room: Room) -> None:
    assert room.check().difference is None
    assert room.check(room.edited(lambda book: None)).difference is None


@pytest.mark.peer("soffice")
def test_a_workbook_agrees_as_libreoffice_saves_it(room: Room, tmp_path: Path) -> None:
    soffice = find_peer("soffice")
    assert soffice is not None
    (tmp_path / "month.xlsx").write_bytes(room.content)
    profile, saved = f"-env:UserInstallation=file://{tmp_path}/profile", tmp_path / "saved"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(saved), "month.xlsx"]
    subprocess.run(command, capture_output=True, timeout=120, check=True, cwd=tmp_path)
    content = (saved / "month.xlsx").read_bytes()
    assert content != room.content
    assert room.check(content).difference is None


def test_a_changed_number_is_named_with_what_the_records_give_and_which_they_are(room: Room) -> None:
    title, row, column = readings_of(load_workbook(BytesIO(room.content)))

    def change(book: Workbook) -> None:
        book[title].cell(row, column).value = 99.5

    found = room.check(room.edited(change)).difference
    assert found is not None
    name = load_workbook(BytesIO(room.content))[title].cell(row, column)
    assert (found.sheet, found.cell, found.said, found.given) == (title, name.coordinate, "99.5", str(name.value))
    assert found.records.startswith("round:")


def test_a_changed_mark_is_named(room: Room) -> None:
    sheet = load_workbook(BytesIO(room.content)).worksheets[1]
    marks = [cell for row in sheet.iter_rows() for cell in row if cell.value == "迟"]
    assert marks

    def change(book: Workbook) -> None:
        book.worksheets[1][marks[-1].coordinate] = "✓"

    found = room.check(room.edited(change)).difference
    assert found is not None
    assert (found.sheet, found.cell, found.said, found.given) == (sheet.title, marks[-1].coordinate, "✓", "迟")


def test_a_deleted_row_is_named_where_it_stood(room: Room) -> None:
    title, row, _column = readings_of(load_workbook(BytesIO(room.content)))
    found = room.check(room.edited(lambda book: book[title].delete_rows(row + 3))).difference
    assert found is not None
    assert (found.sheet, found.cell.lstrip("ABCDEFGH")) == (title, str(row + 3))


def test_a_changed_moment_of_making_is_told_and_a_broken_file_refused(room: Room) -> None:
    def change(book: Workbook) -> None:
        ((sheet, place),) = book.defined_names["report_made_at"].destinations
        book[sheet][place] = "yesterday"

    found = room.check(room.edited(change)).difference
    assert found is not None
    assert found.said == "yesterday"
    for broken in (room.content[:5000], room.content[:-30], b"PK" + bytes(4000)):
        with pytest.raises(WorkbookRefused):
            room.check(broken)


def test_an_old_workbook_still_agrees_after_later_activity(tmp_path: Path) -> None:
    room = Room(tmp_path)
    store = Store.open(f"sqlite:///{room.database}")
    later = GENERATED_AT + timedelta(days=2)
    with store.write() as session:
        last = rounds.rounds(session)[-1]
        due = last.due_on + timedelta(days=2)
        moved = {"due_on": due, "due_at": later, "started_at": later, "signed_at": later}
        rounds.add(session, replace(last, id=0, **moved))  # type: ignore[arg-type]
        ledger.append(session, at=later, actor=ACTOR, act=Act.SIGN_IN, subject="zhang", row=None)
    store.close()
    assert room.check().difference is None


def test_what_was_changed_behind_the_ledgers_back_is_named_by_its_cell(tmp_path: Path) -> None:
    room = Room(tmp_path)
    with sqlite3.connect(room.database) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        changed = database.execute("UPDATE rounds SET marks = '' WHERE marks = 'late'").rowcount
    database.close()
    assert changed == 2
    found = room.check().difference
    assert found is not None
    assert found.said != found.given
    with sqlite3.connect(room.database) as database:
        database.execute("UPDATE ledger SET hash = 'f' WHERE seq = 2")
    database.close()
    assert not room.check().has_lines
