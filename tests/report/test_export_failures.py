"""What goes wrong while a file is written, with the real thing: full and read-only disks, no right, files in use.

Every time the older file is as it was, nothing half lies anywhere, and the sentence says what to do.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dutyroom import words
from dutyroom.report.file_trouble import CAUSES, SENTENCES, NotWritten, not_written
from dutyroom.report.files import LEFTOVER, put_in_place
from tests.conftest import ROOT
from tests.own_mounts import may_mount as may_mount
from tests.own_mounts import on_small_disk

BEGIN = """
import asyncio, json, os, sys
from dataclasses import asdict
from pathlib import Path
from dutyroom.errors import ExportError
from dutyroom.report.file_trouble import NotWritten
from dutyroom.report.files import making_folder, put_in_place
folder = Path(sys.argv[1])
target = folder / "month.xlsx"
def let(made, target): pass
def tell(act):
    try:
        act()
    except NotWritten as trouble:
        said = asdict(trouble.obstacle) | {"said": str(trouble)}
    else:
        said = {"code": ""}
    said["files"] = sorted(one.name for one in folder.iterdir())
    print(json.dumps(said))
"""


# After the imports: that account need not reach the interpreter.
AS_NOBODY = """
import pwd
if os.geteuid() == 0:
    account = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
"""


def told(act: str, folder: Path, options: str = "") -> dict[str, Any]:
    """What a process of its own says of an act in that folder, which is a small disk of its own with `options`."""
    command = [sys.executable, "-c", BEGIN + textwrap.dedent(act), str(folder)]
    if options:
        command = on_small_disk(folder, options, command)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.usefixtures("may_mount")
def test_a_full_disk_says_what_is_wanted_and_free_and_leaves_the_old_file(tmp_path: Path) -> None:
    found = told(
        """
        target.write_bytes(b"old" * 5000)
        tell(lambda: put_in_place(b"n" * 60_000, target, let))
        assert target.read_bytes() == b"old" * 5000
        """,
        tmp_path,
        "size=64k",
    )
    assert (found["code"], found["needed"], found["keeps"]) == ("disk-full", 60_000, True)
    # The half file is away before the free space is told.
    assert found["free"] == 64 * 1024 - 16 * 1024
    assert found["files"] == ["month.xlsx"]
    assert found["said"] == (
        f"{tmp_path}/month.xlsx was not written: the disk is full. It takes 59 KiB, 48 KiB are free. Free some space."
        " The older file is as it was."
    )


@pytest.mark.usefixtures("may_mount")
@pytest.mark.parametrize(
    ("options", "before", "code"),
    [
        ("size=64k,nr_inodes=2", "target.write_bytes(b'old')", "no-more-files"),
        ("size=64k", "(folder / 'full').write_bytes(b'x' * 65536)", "disk-full"),
        ("size=64k", "os.system(f'mount -o remount,ro {folder}')", "read-only-disk"),
        # What lies under a mount cannot be renamed over: as on a share where somebody has the file open.
        (
            "size=1m",
            "target.write_bytes(b'old'); (folder / 'held').write_bytes(b'held');"
            "os.system(f'mount --bind {folder}/held {target}')",
            "in-use",
        ),
    ],
)
def test_a_disk_that_takes_no_file_is_told_by_its_cause(tmp_path: Path, options: str, before: str, code: str) -> None:
    found = told(f"{before}\ntell(lambda: put_in_place(b'n' * 4096, target, let))", tmp_path, options)
    assert found["code"] == code
    assert not [one for one in found["files"] if LEFTOVER.fullmatch(one)]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="dutyroom-test-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_this_account_may_not_write_into_is_told_with_the_account(open_folder: Path) -> None:
    (open_folder / "month.xlsx").write_bytes(b"old")
    open_folder.chmod(0o555)
    found = told(f"{AS_NOBODY}\ntell(lambda: put_in_place(b'new', target, let))", open_folder)
    assert (found["code"], found["keeps"], found["files"]) == ("no-right", True, ["month.xlsx"])
    assert f"{found['account']} may not write into that folder" in found["said"]
    assert (open_folder / "month.xlsx").read_bytes() == b"old"


def test_a_file_of_somebody_else_in_a_shared_folder_is_not_replaced(open_folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs two accounts (root)")
    (open_folder / "month.xlsx").write_bytes(b"old")
    # As in /tmp: everybody writes, nobody takes away what belongs to another.
    open_folder.chmod(0o1777)
    found = told(f"{AS_NOBODY}\ntell(lambda: put_in_place(b'new', target, let))", open_folder)
    assert (found["code"], found["replaces"], found["files"]) == ("in-use", True, ["month.xlsx"])
    assert (open_folder / "month.xlsx").read_bytes() == b"old"


def test_a_limit_of_the_account_is_told(tmp_path: Path) -> None:
    act = """
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        tell(lambda: put_in_place(b"n" * 60_000, target, let))
    """
    found = told(act, tmp_path)
    assert (found["code"], found["files"]) == ("too-large", [])


def refused(path: Path, content: bytes = b"new") -> NotWritten:
    """The trouble with a path; nobody is asked to put anything on record before."""
    with pytest.raises(NotWritten) as caught:
        put_in_place(content, path, lambda _made, _target: pytest.fail("it was put on record"))
    return caught.value


def test_a_path_that_leads_nowhere_is_told_before_anything_is_on_record(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "month.xlsx").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "gone" / "month.xlsx")
    (tmp_path / "signed").write_bytes(b"signed")
    (tmp_path / "signed").chmod(0o444)
    os.mkfifo(tmp_path / "pipe")
    # A loop of links is no file of anybody.
    wanted = {
        tmp_path / "month.xlsx": "is-folder",
        tmp_path / "gone" / "month.xlsx": "no-folder",
        tmp_path / "link": "no-folder",
        tmp_path / "file" / "month.xlsx": "not-a-folder",
        tmp_path / ("n" * 300 + ".xlsx"): "name-too-long",
        tmp_path / "pipe": "no-ordinary-file",
        Path("/dev/full"): "no-ordinary-file",
        tmp_path / "signed": "protected",
    }
    before = sorted(tmp_path.iterdir())
    assert {path: refused(path).code for path in wanted} == wanted
    assert f"There is no folder {tmp_path}/gone." in str(refused(tmp_path / "link"))
    assert (sorted(tmp_path.iterdir()), (tmp_path / "signed").read_bytes()) == (before, b"signed")


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "month.xlsx").write_bytes(b"old")
    (tmp_path / "link.xlsx").symlink_to("share/month.xlsx")
    assert put_in_place(b"new", tmp_path / "link.xlsx", lambda _made, _target: None) == tmp_path / "share/month.xlsx"
    assert (tmp_path / "link.xlsx").is_symlink()
    assert (tmp_path / "share" / "month.xlsx").read_bytes() == b"new"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_cause_has_a_sentence_in_both_languages_that_names_the_file(tmp_path: Path, language: str) -> None:
    path = tmp_path / "month.xlsx"
    with words.speaking(language):
        told_of = {
            code: str(not_written(path, OSError(number, os.strerror(number)))) for number, code in CAUSES.items()
        }
        unknown = str(not_written(path, OSError(errno.ELOOP, "Too many levels")))
    assert {*told_of} | {"disk-full-folder", "no-more-files", "protected", "no-ordinary-file", "other"} == {*SENTENCES}
    assert all(str(tmp_path) in one and "{" not in one and one.endswith((".", "。")) for one in told_of.values())
    assert "Too many levels" in unknown
    assert all(one.isascii() for one in told_of.values()) is (language == "en")


def test_a_sentence_is_said_again_in_another_language(tmp_path: Path) -> None:
    trouble = not_written(tmp_path / "month.xlsx", OSError(errno.EROFS, "Read-only file system"))
    assert "read-only" in str(trouble)
    with words.speaking("zh_CN"):
        assert "只读" in trouble.obstacle.sentence()
