"""`dutyroom export period`: any period by its name, on record; what names none or is to come is refused."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dutyroom import clock
from dutyroom.model.people import Act
from dutyroom.rules.report_period import PeriodKind, holding, stepped
from dutyroom.store import ledger
from dutyroom.store.canonical import sha256
from tests.cli.rooms import RoomFolder
from tests.cli.test_records import staffed as staffed


def command(room: RoomFolder, which: str, *more: str) -> tuple[str, ...]:
    return ("export", "period", which, "--as", "zhang", "--password-file", room.password_file(), *more)


@pytest.mark.parametrize("kind", [PeriodKind.WEEK, PeriodKind.QUARTER, PeriodKind.RANGE])
def test_a_period_is_exported_under_its_name_and_its_hash_is_in_the_ledger(
    staffed: RoomFolder, tmp_path: Path, kind: PeriodKind
) -> None:
    period = holding(kind, clock.now().date() - timedelta(days=1))
    ended = staffed.run(*command(staffed, period.name, "-o", str(tmp_path), "--lang", "zh_CN"))
    written = tmp_path / f"dutyroom-{period.name.replace('..', '_')}.xlsx"
    assert (ended.code, ended.out, ended.err) == (0, f"{written}\n", "")
    assert "封面" in load_workbook(written).sheetnames
    desk = staffed.desk()
    with desk.store.read() as session:
        (line,) = ledger.lines(session, subject=f"export:period:{period.name}")
    desk.store.close()
    # The content alone is bound: the file may be given another name.
    row = {"sha256": hashlib.sha256(written.read_bytes()).hexdigest()}
    assert (line.act, line.actor, line.row_sha256) == (Act.EXPORT, "zhang", sha256(row))


@pytest.mark.parametrize("name", ["2026-13", "2026-W54", "2026-Q5", "26", "2026-10-05..2026-10-01", "9999", "0001"])
def test_what_names_no_period_is_refused_with_the_names_there_are(room: RoomFolder, name: str) -> None:
    ended = room.run("export", "period", name, "--as", "zhang")
    assert ended.code == 2
    assert "2026-W43" in ended.err


@pytest.mark.parametrize(
    ("language", "said"), [("en", "a period is ten years at most: export it in parts"), ("zh_CN", "最长十年")]
)
def test_a_range_of_more_than_ten_years_is_refused_and_told_how_else(
    room: RoomFolder, language: str, said: str
) -> None:
    ended = room.run("export", "period", "2010-01-01..2026-10-31", "--as", "zhang", "--lang", language)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.split())


def test_a_period_that_is_to_come_is_refused_and_nothing_is_written(staffed: RoomFolder, tmp_path: Path) -> None:
    period = stepped(holding(PeriodKind.QUARTER, clock.now().date()), 1)
    ended = staffed.run(*command(staffed, period.name, "-o", str(tmp_path / "q.xlsx")))
    assert ended.code == 1
    assert f"{period.name} begins on {period.first}; nothing is on record yet. Choose one that has begun." in ended.err
    assert not (tmp_path / "q.xlsx").exists()
    desk = staffed.desk()
    with desk.store.read() as session:
        assert ledger.lines(session, subject=f"export:period:{period.name}") == ()
    desk.store.close()


def test_a_period_before_anybody_was_on_record_is_exported_and_says_so(staffed: RoomFolder, tmp_path: Path) -> None:
    ended = staffed.run(*command(staffed, "2019-02", "-o", str(tmp_path / "old.xlsx")))
    assert ended.code == 0
    assert "about a time before that" in ended.err
    assert (tmp_path / "old.xlsx").is_file()


def test_a_folder_that_is_not_there_is_refused_and_no_file_takes_its_name(staffed: RoomFolder, tmp_path: Path) -> None:
    period = holding(PeriodKind.WEEK, clock.now().date())
    ended = staffed.run(*command(staffed, period.name, "-o", f"{tmp_path}/reports/"))
    assert (ended.code, ended.out) == (1, "")
    sentence = f"There is no folder {tmp_path}/reports. Make it first, or see whether its disk is mounted."
    assert ended.err == f"{sentence} -o names another place.\n"
    assert not (tmp_path / "reports").exists()


def test_who_has_the_older_file_open_is_warned_about(staffed: RoomFolder, tmp_path: Path) -> None:
    period = holding(PeriodKind.WEEK, clock.now().date())
    name = f"dutyroom-{period.name}.xlsx"
    (tmp_path / name).write_bytes(b"old")
    (tmp_path / f".~lock.{name}#").write_text(",zhang,duty-pc,27.11.2026 15:20,file:///x;")
    ended = staffed.run(*command(staffed, period.name, "-o", str(tmp_path)))
    assert (ended.code, ended.out) == (0, f"{tmp_path / name}\n")
    assert ended.err == (
        f"zhang (duty-pc) seems to have the older {name} open: saving it there would overwrite this one."
        " Close it there without saving.\n"
    )
    assert load_workbook(tmp_path / name).sheetnames
