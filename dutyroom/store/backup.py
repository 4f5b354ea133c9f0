"""One backup: a copy of the open store as it is at one moment, read back and compared before it counts.

The copy is made by SQLite's backup API in one step inside one read transaction: in WAL mode that is one snapshot,
no writer waits for it, and unlike a copy in several steps it is never begun anew because somebody wrote. It is page
for page what the live file holds. `VACUUM INTO` would give a snapshot as well, but it writes every record anew:
damage in the file would be repaired or lost on the way instead of shown, and evidence should be copied, not retold.

Nothing counts before the end: file and manifest are written under other names, made durable, and the copy is opened
as the database it claims to be (integrity, the whole ledger, the counts and the head the live store had in the same
snapshot). Then the file takes its name, and last the manifest. A crash at any moment leaves at most a file without a
manifest, which is no backup. The check of a backup years later is the same one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from dutyroom import clock
from dutyroom.model.backup import BackupReason, Manifest
from dutyroom.rules.space import NONE_BYTES
from dutyroom.store import manifests, places
from dutyroom.store.connection import connect, connect_to_copy, session_on_copy
from dutyroom.store.durable import create_private, folder_made, own_like_folder, sync_file, sync_folder, write_private
from dutyroom.store.ledger import GENESIS
from dutyroom.store.library import library
from dutyroom.store.schema import APPLICATION_ID, REVISIONS, newer
from dutyroom.store.space import free_bytes
from dutyroom.store.trouble import of_sqlite, of_system, told, trouble
from dutyroom.store.verify import verify

COUNTED = ("rounds", "entries", "operators", "readings", "ledger")
WAIT_S = 60.0
BLOCK = 1 << 20
_OF_THE_LIVE_FILE = frozenset(("corrupt", "not-a-database", "locked"))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What live store and copy must agree on."""

    counts: dict[str, int]
    seq: int
    head: str
    first: str
    newest_at: datetime | None
    schema: str | None


def make(database: Path, target: Path, reason: BackupReason, at: datetime) -> Manifest:
    """Backs the database up into `target` (mode 0600, a missing folder 0700) with its manifest beside it.

    One at a time for each database: a second one waits up to a minute.

    Raises:
        StoreError: nothing was made; `backup-runs`, `backup-space`, `file-exists`, `backup-counts`, `corrupt`, or what
            failed.
    """
    places.require(database)
    with _one_at_a_time(database), _of_system(target):
        folder_made(target.parent)
        _leave_space(database, target.parent)
        if target.exists() or manifests.beside(target).exists():
            raise trouble("file-exists", target)
        part = target.with_name(f".{target.name}.part")
        try:
            create_private(part)
            facts = _copy(database, part, target)
            sync_file(part)
            manifest = _manifest(part, target.name, reason, at, facts)
            write_private(manifests.beside(part), manifests.written(manifest))
            place(part, target)
        finally:
            discard(part)
    return manifest


def check(file: Path) -> Manifest:
    """Everything that can be asked of a backup: its bytes, that it opens, its whole ledger, counts and head.

    Nothing is written and no file is made beside it.

    Raises:
        StoreError: `no-backup`, `no-manifest`, `manifest`, `backup-size`, `backup-changed`, `not-a-database`,
            `corrupt`, `not-ours`, `newer-schema`, `backup-counts`, or why the file cannot be read.
    """
    with _of_system(file):
        if not file.is_file():
            raise trouble("no-backup", file)
        manifest = manifests.read(file)
        if file.stat().st_size != manifest.size:
            raise trouble("backup-size", file)
        if digest(file) != manifest.sha256:
            raise trouble("backup-changed", file)
    expected = _Facts(
        dict(manifest.counts), manifest.seq, manifest.head, manifest.first, manifest.newest_at, manifest.database_schema
    )
    if _inspect(file, expected, file) != manifest.faults:
        raise trouble("backup-counts", file, "faults")
    return manifest


def digest(file: Path) -> str:
    """The SHA-256 of a file in hex, read from the disk where the system can be asked to. Raises OSError."""
    found = hashlib.sha256()
    with file.open("rb") as opened:
        if hasattr(os, "posix_fadvise"):
            # What was just written would else be read from memory, and a bad disk look good.
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := opened.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def clear_parts(folder: Path, database: Path) -> None:
    """Takes away what a backup that was killed left half-made in the folder. Raises StoreError."""
    with _one_at_a_time(database), _of_system(folder):
        for part in folder.glob(".dutyroom-*.part*"):
            part.unlink(missing_ok=True)


def place(part: Path, target: Path) -> None:
    """A finished part takes its name, and last its manifest does. Raises OSError, and then nothing has the name."""
    os.rename(part, target)
    try:
        sync_folder(target.parent)
        os.rename(manifests.beside(part), manifests.beside(target))
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def discard(part: Path) -> None:
    """Takes away what is left of a part."""
    part.unlink(missing_ok=True)
    manifests.beside(part).unlink(missing_ok=True)


def _leave_space(database: Path, folder: Path) -> None:
    """On one disk with the records a backup may not take what the records need to go on."""
    if database.stat().st_dev != folder.stat().st_dev:
        return
    wal = database.with_name(database.name + "-wal")
    needed = database.stat().st_size + (wal.stat().st_size if wal.exists() else 0)
    free = free_bytes(folder)
    if free is not None and free < needed + NONE_BYTES:
        raise trouble("backup-space", folder)


def _copy(database: Path, part: Path, target: Path) -> _Facts:
    """Copies one snapshot; what the live store held in it is read in the same transaction."""
    try:
        with closing(connect(database, query_only=True)) as live:
            live.execute("BEGIN")
            facts = _facts(lambda sql: live.execute(sql).fetchone())
            with closing(library().connect(str(part), isolation_level=None)) as copy:
                # A crash leaves half a file whatever is done; durability is asked for once, at the end.
                copy.execute("PRAGMA journal_mode=OFF")
                copy.execute("PRAGMA synchronous=OFF")
                live.backup(copy, pages=-1)
            live.execute("ROLLBACK")
    except library().Error as error:
        found = of_sqlite(error, target)
        raise (of_sqlite(error, database) if found.code in _OF_THE_LIVE_FILE else found) from error
    return facts


def _manifest(part: Path, name: str, reason: BackupReason, at: datetime, facts: _Facts) -> Manifest:
    size, sha = part.stat().st_size, digest(part)
    return Manifest(
        file=name,
        made_at=at,
        reason=reason,
        size=size,
        sha256=sha,
        counts=facts.counts,
        seq=facts.seq,
        head=facts.head,
        first=facts.first,
        newest_at=facts.newest_at,
        faults=_inspect(part, facts, part.with_name(name)),
        database_schema=facts.schema,
        sqlite=library().sqlite_version,
        dutyroom=_own_version(),
    )


def _inspect(file: Path, expected: _Facts, shown: Path) -> int:
    """Opens the copy as a database and compares it. Gives the number of places where records and ledger disagree."""
    try:
        with closing(connect_to_copy(file)) as copy:

            def ask(sql: str) -> Any:
                return copy.execute(sql).fetchone()

            if ask("PRAGMA application_id")[0] != APPLICATION_ID and expected.schema is not None:
                raise trouble("not-ours", shown)
            if ask("PRAGMA integrity_check")[0] != "ok":
                raise trouble("corrupt", shown)
            schema = _schema(ask)
            if schema is not None and schema not in REVISIONS:
                raise newer(shown, schema)
            facts = _facts(ask)
    except library().Error as error:
        raise of_sqlite(error, shown) from error
    differing = [name for name in facts.__slots__ if getattr(facts, name) != getattr(expected, name)]
    if differing:
        raise trouble("backup-counts", shown, ", ".join(differing))
    if facts.schema is None:
        return 0
    with told(shown), session_on_copy(file) as session:
        found = verify(session)
    if (found.lines, found.head) != (facts.counts["ledger"], facts.head):
        raise trouble("backup-counts", shown, "ledger")
    return len(found.faults)


def _facts(ask: Callable[[str], Any]) -> _Facts:
    schema = _schema(ask)
    if schema is None:
        return _Facts({}, 0, GENESIS, "", None, None)
    counts = {table: int(ask(f"SELECT count(*) FROM {table}")[0]) for table in COUNTED}
    seq, head, at = ask("SELECT seq, hash, at FROM ledger ORDER BY seq DESC LIMIT 1") or (0, GENESIS, None)
    (first,) = ask("SELECT hash FROM ledger WHERE seq = 1") or ("",)
    return _Facts(counts, int(seq), str(head), str(first), _moment(at), schema)


def _schema(ask: Callable[[str], Any]) -> str | None:
    if not ask("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")[0]:
        return None
    return str((ask("SELECT version_num FROM alembic_version") or ("",))[0])


def _moment(stored: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(stored)).replace(tzinfo=UTC)
    except ValueError:
        # No line, or a forged one: which is the ledger's to tell.
        return None


def _own_version() -> str:
    try:
        return version("dutyroom")
    except PackageNotFoundError:
        return "?"


@contextmanager
def _of_system(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise of_system(error, path) from error


@contextmanager
def _one_at_a_time(database: Path) -> Iterator[None]:
    lock = database.with_name(database.name + ".backup")
    with _of_system(lock):
        file = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        own_like_folder(lock)
    try:
        until = clock.monotonic() + WAIT_S
        while not _locked(file):
            if clock.monotonic() > until:
                raise trouble("backup-runs", database)
            time.sleep(0.1)
        yield
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
