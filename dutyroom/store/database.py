"""The store: one SQLite file that is evidence, opened so that an acknowledged record survives a power cut.

WAL with synchronous=FULL (NORMAL loses the newest commits at a power cut, sqlite.org/pragma.html#pragma_synchronous);
every write session begins with BEGIN IMMEDIATE, because a deferred transaction that turns writer fails at once with
"database is locked" whatever the timeout; read sessions are short and cannot write.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool
from sqlmodel import Session as Session

from dutyroom import clock
from dutyroom.errors import StoreError
from dutyroom.model.backup import Backup, BackupReason
from dutyroom.store import backups as backup_rows
from dutyroom.store import gate, places
from dutyroom.store.connection import connect as connect
from dutyroom.store.library import library
from dutyroom.store.schema import HEAD, REVISIONS, is_ours, newer, revision
from dutyroom.store.trouble import told, trouble
from dutyroom.words import _


def default_folder(database: Path) -> Path:
    """Where backups lie when the site names no folder: `backups` beside the database."""
    return database.parent / "backups"


def _engine(path: Path, begin: str, *, pooled: bool = True, **settings: Any) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=library(),
        creator=lambda: connect(path, **settings),
        poolclass=QueuePool if pooled else NullPool,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


class Store:
    """One open database. Sessions may be used from any thread, each session from one thread at a time."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        mode = "ro" if read_only else "rw"
        self._reader = _engine(path, "BEGIN", mode=mode, query_only=True)
        self._writer = None if read_only else _engine(path, "BEGIN IMMEDIATE")
        self._watching = threading.Lock()
        self._own: Any = None
        self._gate: int | None = None

    @classmethod
    def open(
        cls,
        url: str,
        *,
        read_only: bool = False,
        migrate: bool = True,
        mountinfo: Path = places.MOUNTINFO,
        backups: Path | None = None,
        back_up: bool = True,
    ) -> Store:
        """The store at `sqlite:////path`, made (file 0600, directory 0700) and brought up to date when needed.

        `read_only` makes and changes nothing. `mountinfo` is where the table of mounts is read. Records are backed up
        into `backups` (default: the folder of that name beside the database) before their schema is changed; when
        that fails nothing is changed. A copy of a backup needs none: `back_up=False`.

        Raises:
            StoreError: see `dutyroom.store.trouble` for the codes.
        """
        path = places.path_of(url)
        places.refuse_network(path, mountinfo)
        if read_only:
            places.require(path)
        else:
            places.prepare(path)
        store = cls(path, read_only=read_only)
        try:
            store._gate = gate.enter(path, read_only=read_only)
            store._check_schema(migrate=migrate and not read_only, backups=backups, back_up=back_up)
        except BaseException:
            store.close()
            raise
        return store

    def _check_schema(self, *, migrate: bool, backups: Path | None = None, back_up: bool = True) -> None:
        with told(self.path), self._reader.connect() as connection:
            ours, current = is_ours(connection), revision(connection)
        if not ours:
            raise trouble("not-ours", self.path)
        if current == HEAD:
            return
        if current is not None and current not in REVISIONS:
            raise newer(self.path, current)
        if not migrate:
            sentence = _("{path} has an older schema. Open it once with an account that may write it.")
            raise StoreError(sentence.format(path=self.path), code="older-schema")
        made = self._back_up(backups) if back_up and current is not None else None
        self._upgrade()
        if made is not None:
            with self.write() as session:
                backup_rows.add(session, made)

    def _back_up(self, folder: Path | None) -> Backup | None:
        """Backs up the records before an upgrade; None when there are none."""
        with told(self.path), self._reader.connect() as connection:
            if connection.exec_driver_sql("SELECT count(*) FROM (SELECT 1 FROM ledger LIMIT 1)").scalar_one() == 0:
                return None
        # The copy is read back by the ledger's own check, which only an upgrade needs here.
        from dutyroom.store.backup import make
        from dutyroom.store.manifests import name_of

        at = clock.now()
        target = (folder or default_folder(self.path)) / name_of(at, BackupReason.UPGRADE)
        manifest = make(self.path, target, BackupReason.UPGRADE, at)
        return backup_rows.made(manifest, target)

    def _upgrade(self) -> None:
        # Alembic is only imported when there is something to do: it costs start-up time.
        from dutyroom.store.migrate import upgrade

        # Re-creating a parent table with foreign keys on would delete its children (ON DELETE), hence OFF.
        engine = _engine(self.path, "BEGIN IMMEDIATE", pooled=False, foreign_keys=False)
        with told(self.path), engine.begin() as connection:
            upgrade(connection, self.path)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One write transaction: committed at the end of the block, rolled back when the block raises.

        Raises:
            StoreError: the commit or a statement failed; nothing of the block is stored then.
            ValueError: a datetime without a time zone.
        """
        if self._writer is None:
            raise trouble("read-only", self.path)
        with told(self.path), Session(self._writer, expire_on_commit=False) as session:
            # The lock is taken here, so that what the block reads is still true when it writes.
            session.connection()
            yield session
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view of the store; keep it short, a long one keeps the log from being emptied.

        Raises:
            StoreError: reading failed, or the block tried to write (`read-only`).
        """
        with told(self.path), Session(self._reader, autoflush=False) as session:
            yield session

    def data_version(self) -> int:
        """A number that differs from the last call's when somebody committed since (PRAGMA data_version).

        Raises:
            StoreError: the file could not be read.
        """
        with told(self.path), self._watching:
            if self._own is None:
                mode = "ro" if self.read_only else "rw"
                self._own = connect(self.path, mode=mode, query_only=True)
            return int(self._own.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Gives every connection back. The store may not be used afterwards."""
        with self._watching:
            if self._own is not None:
                self._own.close()
                self._own = None
        self._reader.dispose()
        if self._writer is not None:
            self._writer.dispose()
        if self._gate is not None:
            os.close(self._gate)
            self._gate = None
