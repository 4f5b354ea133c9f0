"""Who has the database file open: every open store stands in the gate, and only when nobody does may the file go.

SQLite's log belongs to a file by its name. A program that still has the old file open while another takes its name
would write its log into the new one (sqlite.org/howtocorrupt.html, 2.4 and 2.5), so a restore must be alone.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dutyroom.store.durable import own_like_folder
from dutyroom.store.trouble import of_system, trouble

# Where SQLite keeps its locks in the file (sqlite.org/fileformat2.html#the_lock_byte_page): every connection in WAL
# mode holds a shared one in these bytes for as long as it is open.
LOCK_BYTES, LOCK_COUNT = 0x40000000, 512


def _file(path: Path) -> Path:
    return path.with_name(path.name + ".open")


def _made(path: Path) -> int:
    file = os.open(_file(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    own_like_folder(_file(path))
    return file


def enter(path: Path, *, read_only: bool) -> int | None:
    """Stands in the gate of the database until the descriptor is closed. None where an account may only read.

    Raises:
        StoreError: `restoring` while a backup takes the file's place.
    """
    try:
        gate = os.open(_file(path), os.O_RDONLY | os.O_CLOEXEC) if read_only else _made(path)
    except OSError as error:
        if read_only:
            return None
        raise of_system(error, _file(path)) from error
    try:
        fcntl.flock(gate, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(gate)
        raise trouble("restoring", path) from None
    return gate


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody has the database open, and nobody can open it, until the block ends. The file itself may be missing.

    Raises:
        StoreError: `in-use` while this or another program has it open.
    """
    try:
        gate = _made(path)
    except OSError as error:
        raise of_system(error, _file(path)) from error
    try:
        try:
            fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise trouble("in-use", path) from None
        _refuse_others(path)
        yield
    finally:
        os.close(gate)


def _refuse_others(path: Path) -> None:
    """Programs that are not dutyroom know no gate, but SQLite's own locks tell of them."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    except OSError as error:
        raise of_system(error, path) from error
    try:
        # This process has no connection here (the gate says so): closing drops nobody's locks.
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCK_COUNT, LOCK_BYTES)
    except OSError:
        raise trouble("in-use", path) from None
    finally:
        os.close(file)
