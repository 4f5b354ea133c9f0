"""A file that is sent away comes whole or not at all, also when its maker is killed."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dutyroom.report.files import LEFTOVER, put_in_place
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
