"""A file that is sent away comes whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from dutyroom.inert import inert
from dutyroom.report.file_trouble import not_written, require_ordinary
from dutyroom.rules.report_period import ReportPeriod

LEFTOVER = re.compile(r"\.dutyroom-[0-9a-f]{12}\.(tmp|making)")
"""What a file is called until it is whole, and a folder in which one is made."""
LOCK_FILE_LIMIT = 1000


def file_name(period: ReportPeriod) -> str:
    """`dutyroom-2026-10.xlsx`, `dutyroom-2026-Q4.xlsx`, `dutyroom-2026-10-05_2026-11-04.xlsx`."""
    return f"dutyroom-{period.name.replace('..', '_')}.xlsx"


def require_place(path: Path) -> None:
    """Return when a file can be made beside that target, before anybody waits for its content. Raises NotWritten."""
    target = require_ordinary(path)
    temporary = _temporary(target.parent, "tmp")
    try:
        with _written(temporary, b""):
            pass
    except OSError as error:
        raise not_written(target, error) from error
    finally:
        _unlink(temporary)


def put_in_place(content: bytes, path: Path, check: Callable[[Path, Path], None]) -> Path:
    """Write beside the target, then put in its place; return the path.

    `check` gets the file that was made and the target before it takes its place: what it raises leaves all as it was.

    Raises NotWritten with a sentence; then an older file at `path` is as it was and nothing is left beside it.
    """
    target = require_ordinary(path)
    temporary = _temporary(target.parent, "tmp")
    _remove_leftovers(target.parent)
    try:
        with _written(temporary, content):
            return move_in_place(temporary, target, check)
    except OSError as error:
        # First, so that what is free is what was free before.
        _unlink(temporary)
        raise not_written(target, error, len(content)) from error
    finally:
        _unlink(temporary)


def move_in_place(made: Path, path: Path, check: Callable[[Path, Path], None]) -> Path:
    """Put a finished file of the same file system in its place; return the path. Raises as `put_in_place`."""
    target = require_ordinary(path)
    try:
        check(made, target)
    except OSError as error:
        raise not_written(target, error) from error
    try:
        os.replace(made, target)
    except OSError as error:
        raise not_written(target, error, replaces=True) from error
    # It has its place. Not every file system lets a folder be written through, and one may forbid to open it.
    with contextlib.suppress(OSError):
        _sync_folder(target.parent)
    return target


@contextlib.contextmanager
def making_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder in which a file is made; gone at the end with all that is in it.

    Locked as long as this lasts: one that was left by a process that was killed goes with the next.

    Raises NotWritten.
    """
    _remove_leftovers(folder)
    try:
        made, lock = _locked_folder(folder)
    except OSError as error:
        raise not_written(folder, error) from error
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)


def written_at(path: Path) -> datetime | None:
    """When the file there was written (UTC); None when there is none, or none that can be looked at."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) if os.path.isfile(path) else None
    except (OSError, ValueError, OverflowError):
        return None


def opened_by(target: Path) -> str | None:
    """Who has that file open, as office programs say it in a file beside it: a name, empty when it tells none.

    None when there is no such file, which proves nothing: not every program makes one.
    """
    libreoffice, excel = target.with_name(f".~lock.{target.name}#"), target.with_name(f"~${target.name}")
    try:
        with libreoffice.open("rb") as file:
            told = file.read(LOCK_FILE_LIMIT).decode("utf-8", "replace")
    except OSError:
        return "" if os.path.isfile(excel) else None
    # Name, login, host, time, profile, with commas between; the first two are often the same or empty.
    name, login, host, *_rest = [*told.split(","), "", "", ""]
    who = inert(name or login, 64).strip()
    return f"{who} ({inert(host, 64).strip()})" if who and host else who


def _locked_folder(folder: Path) -> tuple[Path, int]:
    """A new folder and the descriptor that holds its lock."""
    while True:
        made = _temporary(folder, "making")
        made.mkdir(mode=0o700)
        lock = os.open(made, os.O_RDONLY)
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        # Before it was locked another export could take it for left.
        if os.path.isdir(made):
            return made, lock
        os.close(lock)


def _temporary(folder: Path, ending: str) -> Path:
    return folder / f".dutyroom-{secrets.token_hex(6)}.{ending}"


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _written(path: Path, content: bytes) -> Iterator[None]:
    """The file is on the disk, and locked as long as this lasts."""
    # Exclusive, so that nothing planted under that name is followed; the umask decides who may read.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        # The lock goes with a process that is killed: so what it left is told from a file in the making. Where a file
        # system knows no locks, nothing is ever taken for left.
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        yield


def _remove_leftovers(folder: Path) -> None:
    """Remove what an export that was killed left in the folder."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if LEFTOVER.fullmatch(name):
                with contextlib.suppress(OSError):
                    _remove_if_left(folder / name)


def _remove_if_left(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
