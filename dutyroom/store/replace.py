"""The file of the store is replaced by another one: the old one kept, no log of the old applied to the new.

SQLite applies `name-wal` to whatever file has that name, so a log that is left beside the name would be written into
the restored file. Every function here wants to be alone with the database (`dutyroom.store.gate`).
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

from dutyroom.errors import StoreError
from dutyroom.store.backup import BLOCK, digest
from dutyroom.store.connection import connect, connect_to_copy
from dutyroom.store.durable import create_private, sync_file, sync_folder
from dutyroom.store.library import library
from dutyroom.store.trouble import of_sqlite, of_system, trouble

# What SQLite keeps beside a file: its log, the log's index, the journal of a file that has no log.
BESIDE = ("-wal", "-journal", "-shm")


def unreadable(path: Path) -> StoreError | None:
    """Why the file is no database, asked without touching it; None when it looks like one.

    Opened in the ordinary way, SQLite would throw away the log beside a file that is none or is empty, and the log may
    be all that is left.
    """
    if _size(path) == 0 and _size(_named(path, "-wal")):
        return trouble("corrupt", path)
    try:
        with closing(connect_to_copy(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except library().Error as error:
        return of_sqlite(error, path)
    return None


def fold(path: Path) -> None:
    """Brings what the log holds into the file, so that the file alone is the whole store.

    Raises:
        StoreError: the file cannot be read, or the log did not go (`in-use`).
    """
    try:
        with closing(connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except library().Error as error:
        raise of_sqlite(error, path) from error
    if any(_size(_named(path, end)) for end in ("-wal", "-journal")):
        raise trouble("in-use", path)


def copied(file: Path, target: Path) -> str:
    """A durable copy that only its owner may read, read back; gives its SHA-256.

    Raises:
        StoreError: nothing is left there then.
    """
    try:
        create_private(target)
        try:
            with file.open("rb") as source, target.open("r+b") as sink:
                shutil.copyfileobj(source, sink, BLOCK)
            sync_file(target)
            found = digest(target)
            if found != digest(file):
                raise trouble("disk-error", target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise of_system(error, target) from error
    return found


def kept(path: Path, target: Path) -> None:
    """Copies the file and what SQLite needs beside it to another name, so that the copy opens as the old one would.

    Raises:
        StoreError: `file-exists`, or why it could not be kept; nothing is left then.
    """
    if target.exists():
        raise trouble("file-exists", target)
    made: list[Path] = []
    try:
        for end in ("", "-wal", "-journal"):
            if end == "" or _size(_named(path, end)):
                copied(_named(path, end), _named(target, end))
                made.append(_named(target, end))
        sync_folder(target.parent)
    except BaseException:
        for left in made:
            left.unlink(missing_ok=True)
        raise


def put_in_place(new: Path, path: Path) -> None:
    """`new` takes the name in one step. What lies beside the name belongs to the old file, which was kept.

    Raises:
        StoreError: the old file still has its name.
    """
    try:
        for end in ("-wal", "-journal"):
            if _size(_named(new, end)):
                raise trouble("in-use", new)
        sync_file(new)
        for end in BESIDE:
            _named(path, end).unlink(missing_ok=True)
        sync_folder(path.parent)
        os.replace(new, path)
        sync_folder(path.parent)
    except OSError as error:
        raise of_system(error, path) from error


def _named(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
