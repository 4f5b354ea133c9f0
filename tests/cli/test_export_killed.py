"""An export that is killed or cannot take its place at the last moment: its file, its line in the ledger, leftovers.

A line is written before its workbook takes its place, so no workbook lies anywhere without one.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dutyroom import clock
from dutyroom.report.files import LEFTOVER, put_in_place
from dutyroom.rules.report_period import PeriodKind, holding
from dutyroom.store import ledger
from tests.cli.rooms import RoomFolder
from tests.cli.test_records import staffed as staffed
from tests.conftest import ROOT
from tests.own_mounts import may_mount as may_mount
from tests.own_mounts import on_small_disk, while_held


def lines_of(room: RoomFolder, period: str) -> tuple[Any, ...]:
    desk = room.desk()
    with desk.store.read() as session:
        found = ledger.lines(session, subject=f"export:period:{period}")
    desk.store.close()
    return found


KILLED = """
import os, signal, sys
from pathlib import Path
from dutyroom import clock
from dutyroom.cli.compose import open_desk
from dutyroom.config import load_site
from dutyroom.model.people import Actor, Role
from dutyroom.rules.report_period import parse
from dutyroom.sending import write_period
from dutyroom.report import collect, files
from dutyroom.store import ledger
def die(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
where = {"counting": (collect.zero, "gather"), "writing": (os, "fsync"), "entering": (ledger, "append"),
         "placing": (os, "replace"), "placed": (files, "_sync_folder")}
owner, name = where[sys.argv[4]]
desk = open_desk(load_site(Path(sys.argv[1])))
setattr(owner, name, die)
zhang = Actor("zhang", Role.TECHNICIAN, "test")
write_period(desk, zhang, parse(sys.argv[2]), Path(sys.argv[3]), "en", clock.now)
"""


@pytest.mark.parametrize(
    ("moment", "lines", "is_new"),
    [("counting", 0, False), ("writing", 0, False), ("entering", 0, False), ("placing", 1, False), ("placed", 1, True)],
)
def test_killed_at_any_moment_the_file_is_the_old_or_the_new_one_and_never_without_its_line(
    tmp_path: Path, staffed: RoomFolder, moment: str, lines: int, is_new: bool
) -> None:
    period = holding(PeriodKind.WEEK, clock.now().date() - timedelta(days=7)).name
    path = tmp_path / "out" / "week.xlsx"
    path.parent.mkdir()
    path.write_bytes(b"old")
    command = [sys.executable, "-c", KILLED, str(staffed.config), period, str(path), moment]
    done = subprocess.run(command, cwd=ROOT, timeout=120, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (path.read_bytes() != b"old") is is_new
    assert len(lines_of(staffed, period)) == lines
    again = ("export", "period", period, "--as", "zhang", "--password-file", staffed.password_file(), "-o", str(path))
    ended = staffed.run(*again)
    assert (ended.code, ended.err) == (0, "")
    assert [one.name for one in path.parent.iterdir()] == ["week.xlsx"]
    assert len(lines_of(staffed, period)) == lines + 1


APART = """
import asyncio, os, signal, sys
from pathlib import Path
from dutyroom import clock
from dutyroom.cli.compose import open_desk
from dutyroom.config import load_site
from dutyroom.making import made_apart
from dutyroom.report.file_trouble import NotWritten
from dutyroom.rules.report_period import parse
desk = open_desk(load_site(Path(sys.argv[1])))
async def make():
    def tell(step):
        if sys.argv[4] == "reading":
            os.kill(os.getpid(), signal.SIGKILL)
    async with made_apart(desk, parse(sys.argv[2]), Path(sys.argv[3]), "en", clock.now(), tell) as made:
        assert made.path.is_file()
        os.kill(os.getpid(), signal.SIGKILL)
try:
    asyncio.run(make())
except NotWritten as trouble:
    print(trouble, os.listdir(sys.argv[3]))
"""


@pytest.mark.parametrize("moment", ["reading", "made"])
def test_screens_that_are_killed_leave_the_old_file_and_their_folder_goes_with_the_next_export(
    tmp_path: Path, staffed: RoomFolder, moment: str
) -> None:
    period = holding(PeriodKind.WEEK, clock.now().date() - timedelta(days=7)).name
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / f"dutyroom-{period}.xlsx"
    path.write_bytes(b"old")
    command = [sys.executable, "-c", APART, str(staffed.config), period, str(folder), moment]
    done = subprocess.run(command, cwd=ROOT, timeout=120, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert path.read_bytes() == b"old"
    assert lines_of(staffed, period) == ()
    if moment == "made":
        (left,) = (one for one in folder.iterdir() if one != path)
        assert LEFTOVER.fullmatch(left.name)
        assert [one.name for one in left.iterdir()] == ["workbook.xlsx"]
    put_in_place(b"next", path, lambda _made, _target: None)
    assert [one.name for one in folder.iterdir()] == [path.name]


@pytest.mark.usefixtures("may_mount")
def test_on_a_full_disk_the_process_of_the_screens_names_the_file_people_know(
    tmp_path: Path, staffed: RoomFolder
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = [sys.executable, "-c", APART, str(staffed.config), "2026-10", str(folder), "refused"]
    done = subprocess.run(
        on_small_disk(folder, "size=16k", command), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"{folder}/dutyroom-2026-10.xlsx was not written: the disk is full. It takes" in done.stdout
    assert done.stdout.endswith("[]\n")


@pytest.mark.usefixtures("may_mount")
def test_a_workbook_on_record_that_cannot_take_its_place_says_its_line(tmp_path: Path, staffed: RoomFolder) -> None:
    period = holding(PeriodKind.MONTH, clock.now().date())
    held = tmp_path / f"dutyroom-{period.name}.xlsx"
    held.write_bytes(b"old")
    command = [sys.executable, "-m", "dutyroom", "export", "period", period.name, "--as", "zhang", "-o", str(tmp_path)]
    command += ["--password-file", str(staffed.password_file()), "--config", str(staffed.config)]
    done = subprocess.run(
        while_held(held, command),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    (line,) = lines_of(staffed, period.name)
    assert done.returncode == 1
    assert "another program holds it open" in done.stderr
    assert f"Line {line.seq} of the ledger names the new one all the same." in done.stderr
    assert "-o names another place." in done.stderr
    assert held.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir() if LEFTOVER.fullmatch(one.name)] == []
