"""Connections of the DB-API module: with every vital setting for the live file, past all locks for a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from dutyroom.errors import StoreError
from dutyroom.store.library import library
from dutyroom.words import _

BUSY_TIMEOUT_MS = 5000
FULL = 2


def connect(path: Path, *, mode: str = "rw", foreign_keys: bool = True, query_only: bool = False) -> Any:
    """A connection of the DB-API module with every setting made and the vital ones read back.

    `mode` is SQLite's URI mode: `rw` or `ro`. The connection is in autocommit: transactions begin when told to.
    """
    connection = library().connect(
        f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        if mode == "rw":
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        # Without it REPLACE would delete sealed rows past their triggers.
        connection.execute("PRAGMA recursive_triggers=ON")
        if query_only:
            connection.execute("PRAGMA query_only=ON")
        _assert_durable(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _assert_durable(connection: Any, path: Path) -> None:
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
    if journal != "wal" or synchronous != FULL:
        sentence = _(
            "{path} cannot be written durably (journal {journal}, synchronous {synchronous}). Use a local disk."
        )
        raise StoreError(sentence.format(path=path, journal=journal, synchronous=synchronous), code="no-wal")


def connect_to_copy(path: Path) -> Any:
    """A connection that only reads a file nobody writes: no locks, no log, and no file is made beside it.

    What a log beside it holds is not seen: a copy is whole in itself, or it is no copy.
    """
    return library().connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


@contextmanager
def session_on_copy(path: Path) -> Iterator[Session]:
    """A session on such a connection. Errors leave as they are."""
    engine = create_engine("sqlite://", module=library(), creator=lambda: connect_to_copy(path), poolclass=NullPool)
    try:
        with Session(engine, autoflush=False) as session:
            yield session
    finally:
        engine.dispose()
