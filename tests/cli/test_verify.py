"""`dutyroom verify FILE`: what is told, and how it ends, when cells of a workbook differ from what is counted today."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dutyroom import clock
from dutyroom.store.library import library
from tests.cli.rooms import RoomFolder
from tests.cli.test_records import begin_round
from tests.cli.test_records import staffed as staffed
from tests.desks import server_sample

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OTHER_SITE = "The site file is another one than it was made with"


@pytest.fixture
def sent(staffed: RoomFolder) -> Path:
    """The workbook of yesterday and today, as it was exported."""
    begin_round(staffed)
    now = clock.now()
    staffed.record(*(server_sample(now - DAY + hours * HOUR) for hours in range(3)))
    path, today = staffed.path / "sent.xlsx", now.date()
    which = f"{today - 2 * DAY}..{today + DAY}"
    words = ("export", "period", which, "--as", "zhang", "--password-file", staffed.password_file())
    assert staffed.run(*words, "-o", str(path)).code == 0
    return path


def renamed(room: RoomFolder) -> None:
    """The hospital has another name from now on."""
    room.config.write_text(room.config.read_text("utf-8").replace("县人民医院", "县中心医院"), "utf-8")


def test_a_file_as_exported_is_no_forgery_because_the_site_file_changed(staffed: RoomFolder, sent: Path) -> None:
    before = staffed.config.read_text("utf-8")
    renamed(staffed)
    told = staffed.run("verify", str(sent))
    assert (told.code, told.out.count("✗")) == (0, 0)
    assert "as it was exported" in told.out
    assert "the file says 县人民医院, today it would say 县中心医院" in told.out
    assert OTHER_SITE in told.out
    assert "--config" in told.out
    document = staffed.run("verify", str(sent), "--json").document
    assert (document["file"], document["site_changed"], document["rows_changed"]) == ("unchanged", True, False)
    # As it is told to do: with the file of that time everything agrees.
    staffed.config.write_text(before, "utf-8")
    agreed = staffed.run("verify", str(sent))
    assert (agreed.code, OTHER_SITE in agreed.out) == (0, False)
    assert "every cell agrees" in agreed.out


def test_a_changed_site_file_that_changes_no_cell_is_not_talked_of(staffed: RoomFolder, sent: Path) -> None:
    staffed.config.write_text(staffed.config.read_text("utf-8") + "\n# nothing\n", "utf-8")
    told = staffed.run("verify", str(sent))
    assert told.code == 0
    assert "every cell agrees" in told.out
    assert OTHER_SITE not in told.out


def test_a_forged_cell_is_a_fault_whatever_the_site_file_is(staffed: RoomFolder, sent: Path) -> None:
    book = load_workbook(sent)
    book.worksheets[1]["A1"] = "Rewritten"
    book.save(sent)
    renamed(staffed)
    told = staffed.run("verify", str(sent), "--lang", "zh_CN")
    assert told.code == 1
    assert told.out.count("✗") == 2
    assert "! 当前配置文件与生成时不同" in told.out


def test_a_file_as_exported_that_the_database_contradicts_says_where_to_look(staffed: RoomFolder, sent: Path) -> None:
    edit = library().connect(str(staffed.database), isolation_level=None)
    assert edit.execute("UPDATE hourly_polls SET failed = failed + 3 WHERE source = 'duty-pc'").rowcount
    edit.close()
    told = staffed.run("verify", str(sent))
    # No record of the ledger was touched: only counting again shows it.
    assert "Every record agrees with the ledger." in told.out
    assert told.code == 1
    assert "✗ Availability " in told.out
    assert "was changed in the database since, beside the program" in told.out


def test_another_version_of_the_program_is_named_with_both(
    staffed: RoomFolder, sent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by = staffed.run("verify", str(sent), "--json").document["own_version"]
    monkeypatch.setattr("dutyroom.report.sheets.cover.version", lambda _name: "99.1")
    assert staffed.run("verify", str(sent)).out.count("99.1") == 0
    renamed(staffed)
    told = staffed.run("verify", str(sent))
    assert told.code == 0
    assert f"It was made by dutyroom {made_by}, this is 99.1" in told.out
