"""Which SQLite library this process uses: the only importer of sqlite3 and pysqlite3, chosen once.

SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode when a checkpoint meets a commit that resets the log
(sqlite.org/wal.html, "the WAL-reset bug"; fixed in 3.51.3, 3.50.7 and 3.44.6). A watcher and a screen writing the
same file is that very case, so an affected library is not used at all.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType

from dutyroom.errors import StoreError
from dutyroom.words import _

Version = tuple[int, int, int]


def is_safe(version: Version) -> bool:
    """True when that SQLite version does not have the WAL-reset bug."""
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    return version >= (3, 51, 3) or version < (3, 7, 0)


def bundled() -> ModuleType | None:
    """The `pysqlite3` package, which carries a SQLite of its own, or None when it is not installed."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return None
    module: ModuleType = dbapi2
    return module


def pick(standard: ModuleType, other: ModuleType | None) -> ModuleType:
    """The first of the two whose SQLite is safe.

    Raises:
        StoreError: `unsafe-sqlite` when neither is.
    """
    for module in (standard, other):
        if module is not None and is_safe(module.sqlite_version_info):
            return module
    sentence = _(
        "SQLite {version} can damage a database that two programs write; install a newer one with: "
        "pip install 'pysqlite3>=0.6.1'"
    )
    raise StoreError(sentence.format(version=standard.sqlite_version), code="unsafe-sqlite")


@cache
def library() -> ModuleType:
    """The DB-API module of this process.

    Raises:
        StoreError: `unsafe-sqlite`, the sentence says what to install.
    """
    other = bundled()
    if other is not None and is_safe(other.sqlite_version_info):
        return other
    # Never both in one process: one closing a file drops the locks of the other (sqlite.org/howtocorrupt.html, 2.2.1).
    import sqlite3

    return pick(sqlite3, other)
