"""`dutyroom zero` and `export zero-report`: previewed, signed, amended, sent."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dutyroom import clock
from dutyroom.config import load_site
from tests.cli.rooms import HOST, RoomFolder

DAY_KEYS = {"duty_day", "begins_at", "ends_at", "late_after", "state", "marks", "versions"}


@pytest.fixture
def enrolled(room: RoomFolder) -> RoomFolder:
    """A room with people."""
    room.write(HOST)
    room.enrol()
    return room


def yesterday(room: RoomFolder) -> date:
    """A duty day that is over, and late."""
    site = load_site(room.config)
    return clock.duty_day(clock.now(), site.zero_report_at, site.timezone) - timedelta(days=2)


def by(room: RoomFolder) -> tuple[str, ...]:
    return ("--as", "zhang", "--password-file", room.password_file())


def test_a_missing_day_is_listed_signed_late_amended_and_listed_again(enrolled: RoomFolder) -> None:
    day = str(yesterday(enrolled))
    states = {one["duty_day"]: one["state"] for one in enrolled.run("zero", "list", "--json").document["zero_reports"]}
    assert states[day] == "missing"
    assert len(states) == 31
    assert re.search(rf"{day} +missing", enrolled.run("zero", "list").out)
    preview = enrolled.run("zero", "show", day)
    assert "Preview, not signed. Nothing to report." in preview.out
    signed = enrolled.run("zero", "sign", day, "--remark", "nobody was here", *by(enrolled))
    assert (signed.code, "nobody was here" in signed.out) == (0, True), signed.err
    assert "signed by Zhang Wei" in signed.out
    again = enrolled.run("zero", "sign", day, *by(enrolled))
    assert (again.code, "Amend it" in again.err) == (1, True)
    assert enrolled.run("zero", "amend", day, "--reason", "wrong remark", *by(enrolled)).code == 0
    shown = enrolled.run("zero", "show", day, "--json").document
    (one,) = shown["zero_reports"]
    assert set(one) == DAY_KEYS
    assert (one["state"], one["marks"], len(one["versions"])) == ("sent-zero", ["late", "amended"], 2)
    assert one["versions"][1]["reason"] == "wrong remark"
    assert shown["content"]["form"] == 1
    assert shown["ledger_line"]["seq"] > 0
    assert enrolled.run("verify").code == 0


def test_text_and_workbook_are_written_with_the_line_of_the_ledger_and_are_on_record(
    enrolled: RoomFolder, tmp_path: Path
) -> None:
    day, folder = str(yesterday(enrolled)), tmp_path / "sent"
    folder.mkdir()
    early = enrolled.run("export", "zero-report", day, "-o", str(folder), *by(enrolled))
    assert (early.code, "not signed yet" in early.err, list(folder.iterdir())) == (1, True, [])
    enrolled.run("zero", "sign", day, *by(enrolled))
    written = enrolled.run("export", "zero-report", day, "-o", str(folder), *by(enrolled))
    assert written.code == 0, written.err
    text, workbook = (Path(line) for line in written.out.split())
    assert [path.name for path in (text, workbook)] == [f"zero-report-{day}.txt", f"zero-report-{day}.xlsx"]
    line = enrolled.run("zero", "show", day, "--json").document["ledger_line"]
    said = text.read_text("utf-8")
    assert said == enrolled.run("zero", "show", day).out
    assert said.endswith(f"Ledger line: {line['seq']} {line['hash']}\n")
    book = load_workbook(workbook)
    sheet = book.worksheets[0]
    place = {name: sheet[book.defined_names[name].attr_text.rpartition("!")[2]].value for name in book.defined_names}
    assert place == {"ledger_seq": line["seq"], "ledger_hash": line["hash"]}
    assert sheet["A4"].value == "Nothing to report."
    assert len(hashlib.sha256(text.read_bytes()).hexdigest()) == 64
    assert enrolled.run("zero", "amend", day, "--reason", "again", *by(enrolled)).code == 0
    later = enrolled.run("export", "zero-report", day, "-o", str(folder), *by(enrolled))
    assert f"zero-report-{day}-v2.txt" in later.out
    assert len(list(folder.iterdir())) == 4


def test_it_is_written_in_the_language_asked_for(enrolled: RoomFolder) -> None:
    day = str(yesterday(enrolled))
    enrolled.run("zero", "sign", day, *by(enrolled))
    said = enrolled.run("zero", "show", day, "--lang", "zh_CN").out
    assert "零报告" in said
    assert not re.search(r"[A-Za-z]{4,}", re.sub(r"Asia/Shanghai|HIS room|Zhang Wei|[0-9a-f]{64}", "", said))


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "24.11.2026"])
def test_a_day_that_cannot_be_read_is_refused(enrolled: RoomFolder, day: str) -> None:
    for command in (("zero", "show", day), ("export", "zero-report", day, *by(enrolled))):
        ended = enrolled.run(*command)
        assert (ended.code, "YYYY-MM-DD" in ended.err) == (2, True)


def test_a_day_before_anybody_was_on_record_has_no_report(enrolled: RoomFolder) -> None:
    ended = enrolled.run("zero", "show", "2001-01-01", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "not-in-use")


def test_verify_tells_a_sent_file_that_was_changed_and_a_ledger_that_was_cut(
    enrolled: RoomFolder, tmp_path: Path
) -> None:
    day = str(yesterday(enrolled))
    enrolled.run("zero", "sign", day, *by(enrolled))
    written = enrolled.run("export", "zero-report", day, "-o", str(tmp_path / "sent"), *by(enrolled))
    text, workbook = (Path(line) for line in written.out.split())
    for path in (text, workbook):
        fine = enrolled.run("verify", str(path))
        assert (fine.code, "as it was exported (zhang" in fine.out) == (0, True)
        assert enrolled.run("verify", str(path), "--json").document["file"] == "unchanged"
    renamed = tmp_path / "from the mail.txt"
    renamed.write_bytes(text.read_bytes())
    assert enrolled.run("verify", str(renamed)).code == 0
    changed = tmp_path / "changed.txt"
    changed.write_text(text.read_text("utf-8").replace("Nothing", "Something"), "utf-8")
    told = enrolled.run("verify", str(changed), "--json")
    assert (told.code, told.document["file"], told.document["intact"]) == (1, "changed", True)
    other = tmp_path / "other.txt"
    other.write_text(re.sub(r"[0-9a-f]{64}", "0" * 64, text.read_text("utf-8")), "utf-8")
    assert enrolled.run("verify", str(other), "--json").document["file"] == "line-missing"
    gone = enrolled.run("verify", str(tmp_path / "nowhere.txt"))
    assert (gone.code, "cannot be read" in gone.err) == (2, True)
