"""A file that is sent away comes whole or not at all, also when its maker is killed."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dutyroom.report.files import LEFTOVER, making_folder, opened_by, put_in_place, require_place
from tests.conftest import ROOT

KILLED = """
import os, signal, sys
from pathlib import Path
from dutyroom.report.files import put_in_place
def die(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
point = sys.argv[2]
if point != "check":
    setattr(os, point, die)
put_in_place(b"new" * 100_000, Path(sys.argv[1]), die if point == "check" else lambda made, target: None)
"""


@pytest.mark.parametrize("point", ["fsync", "check", "replace"])
def test_a_maker_that_is_killed_leaves_the_old_file_and_what_it_left_goes_with_the_next(
    tmp_path: Path, point: str
) -> None:
    path = tmp_path / "month.xlsx"
    path.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), point], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    (left,) = (one for one in tmp_path.iterdir() if one != path)
    assert LEFTOVER.fullmatch(left.name)
    put_in_place(b"next", path, lambda _made, _target: None)
    assert path.read_bytes() == b"next"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_making_and_files_of_others_stay(tmp_path: Path) -> None:
    making, other = tmp_path / f".dutyroom-{'a' * 12}.tmp", tmp_path / ".dutyroom-mine.tmp"
    other.write_bytes(b"mine")
    with making.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        put_in_place(b"next", tmp_path / "month.xlsx", lambda _made, _target: None)
        assert making.exists()
    assert other.exists()
    put_in_place(b"next", tmp_path / "month.xlsx", lambda _made, _target: None)
    assert not making.exists()


def test_who_has_the_old_file_open_and_locked_goes_on_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "month.xlsx"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)
        put_in_place(b"next", path, lambda _made, _target: None)
        assert reader.read() == b"old"
    assert path.read_bytes() == b"next"


def test_the_content_is_on_the_disk_before_it_takes_its_place_and_the_place_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    sync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        sync(descriptor)
        done.append(os.fstat(descriptor).st_ino)

    def replaced(made: Path, target: Path) -> None:
        replace(made, target)
        done.append("in its place")

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    path = put_in_place(b"new", tmp_path / "month.xlsx", lambda _made, _target: None)
    assert done == [path.stat().st_ino, "in its place", tmp_path.stat().st_ino]


def test_a_folder_that_is_in_use_stays_and_one_that_was_left_goes(tmp_path: Path) -> None:
    left = tmp_path / f".dutyroom-{'b' * 12}.making"
    left.mkdir()
    (left / "workbook.xlsx").write_bytes(b"half")
    with making_folder(tmp_path) as made:
        (made / "workbook.xlsx").write_bytes(b"new")
        put_in_place(b"next", tmp_path / "month.xlsx", lambda _made, _target: None)
        assert (made / "workbook.xlsx").read_bytes() == b"new"
        assert not left.exists()
    assert [one.name for one in tmp_path.iterdir()] == ["month.xlsx"]


def test_a_place_that_was_tried_out_is_as_it_was(tmp_path: Path) -> None:
    require_place(tmp_path / "month.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "who"),
    [
        (".~lock.month.xlsx#", b",root,duty-pc,27.11.2026 15:20,file:///root/.config/libreoffice/4;", "root (duty-pc)"),
        (".~lock.month.xlsx#", "张伟,zhang,duty-pc,27.11.2026 15:20,file:///x;".encode(), "张伟 (duty-pc)"),
        (".~lock.month.xlsx#", b"", ""),
        (".~lock.month.xlsx#", b"\x1b[2J\xff,,", "\ufffd[2J\ufffd"),
        ("~$month.xlsx", b"\x05zhang", ""),
        (".~lock.other.xlsx#", b",root,pc,", None),
    ],
)
def test_who_has_the_file_open_is_read_from_the_file_beside_it(
    tmp_path: Path, name: str, content: bytes, who: str | None
) -> None:
    (tmp_path / name).write_bytes(content)
    path = put_in_place(b"new", tmp_path / "month.xlsx", lambda _made, _target: None)
    assert opened_by(path) == who
    assert (tmp_path / name).read_bytes() == content
