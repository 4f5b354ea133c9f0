"""A file that is sent away comes whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from dutyroom.errors import ExportError
from dutyroom.inert import inert
from dutyroom.rules.report_period import ReportPeriod
from dutyroom.words import _

LEFTOVER = re.compile(r"\.dutyroom-[0-9a-f]{12}\.tmp")
"""What a file is called until it is whole."""


def file_name(period: ReportPeriod) -> str:
    """`dutyroom-2026-10.xlsx`, `dutyroom-2026-Q4.xlsx`, `dutyroom-2026-10-05_2026-11-04.xlsx`."""
    return f"dutyroom-{period.name.replace('..', '_')}.xlsx"


def put_in_place(content: bytes, path: Path, check: Callable[[Path, Path], None]) -> Path:
    """Write beside the target, then put in its place; return the path.

    `check` gets the file that was made and the target before it takes its place: what it raises leaves all as it was.

    Raises ExportError with a sentence; then an older file at `path` is as it was and nothing is left beside it.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".dutyroom-{secrets.token_hex(6)}.tmp")
    _remove_leftovers(target.parent)
    try:
        with _written(temporary, content):
            return move_in_place(temporary, target, check)
    except OSError as error:
        raise not_written(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def move_in_place(made: Path, path: Path, check: Callable[[Path, Path], None]) -> Path:
    """Put a finished file of the same file system in its place; return the path. Raises as `put_in_place`."""
    target = Path(os.path.realpath(path))
    try:
        check(made, target)
        os.replace(made, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise not_written(target, error) from error
    return target


def not_written(target: Path, error: OSError) -> ExportError:
    """The sentence for a file that the system did not take."""
    sentence = _("The file {path} could not be written: {why}.")
    return ExportError(sentence.format(path=inert(str(target), 300), why=error.strerror or type(error).__name__))


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
        path.unlink()
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
