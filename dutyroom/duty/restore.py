"""Putting a backup in the place of the store: the replaced file is kept, and a line in the ledger says what is lost.

The new store is made ready under another name: copied from the backup, brought up to the present schema, its ledger
lengthened by the line of the restore. Then it takes the name of the old one in one step. Ended at any moment before
that step the old store is in its place as it was; after it the new one is, whole, and the old one lies beside it as
`NAME.replaced-TIME`.

The password is checked against the present store where it can be opened and knows any operator, else against the
operators in the backup.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dutyroom.duty.desk import require
from dutyroom.errors import StoreError
from dutyroom.model.backup import NOTHING_LOST, Backup, BackupReason, Loss, Manifest
from dutyroom.model.events import Event, LedgerLine
from dutyroom.model.people import Act, Actor
from dutyroom.store import backup as one_backup
from dutyroom.store import backups, events, gate, ledger, manifests, people, places, replace
from dutyroom.store.canonical import RESTORED, subject_of_restore
from dutyroom.store.connection import connect, connect_to_copy
from dutyroom.store.database import Store
from dutyroom.store.durable import folder_made, own_like_folder
from dutyroom.store.library import library
from dutyroom.store.losses import loss
from dutyroom.store.trouble import of_sqlite, of_system, trouble
from dutyroom.store.verify import verify

# The present store cannot be read, by this version or at all: its file is kept, what it held stays unknown.
UNREADABLE = frozenset(("corrupt", "not-a-database", "not-ours", "newer-schema", "older-schema", "store", "no-wal"))
_READY = ".dutyroom-restore-"

SignIn = Callable[[Store], Actor]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a restore would do: the backup, and what the present store holds beyond it.

    `trouble` is the sentence of why the present store cannot be read, or nothing.
    """

    manifest: Manifest
    loss: Loss
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: `replaced` is the old file (None: there was none), `saved` the backup made of it before."""

    plan: Plan
    line: LedgerLine
    replaced: Path | None
    saved: Backup | None


def plan(file: Path, url: str) -> Plan:
    """Checks the backup and compares it with the present store; changes nothing.

    Raises StoreError when the backup is not whole, or the present store is there but may not be read now.
    """
    manifest, database = one_backup.check(file), places.path_of(url)
    if not database.exists():
        return Plan(manifest, NOTHING_LOST)
    why = replace.unreadable(database.resolve())
    if why is not None:
        return Plan(manifest, Loss(), str(why))
    try:
        with closing(connect(database, mode="ro", query_only=True)) as present, closing(connect_to_copy(file)) as copy:
            present.execute("BEGIN")
            return Plan(manifest, loss(present, copy))
    except library().Error as error:
        return Plan(manifest, Loss(), str(_unreadable(of_sqlite(error, database))))
    except StoreError as error:
        return Plan(manifest, Loss(), str(_unreadable(error)))


def restore(file: Path, url: str, folder: Path, sign_in: SignIn, now: datetime) -> Restored:
    """Puts the backup in the place of the store at `url`; `folder` takes a backup of the present one first.

    `sign_in` gives who does this from the operators of a store; it is called once.

    Raises StoreError (nothing was replaced; `in-use` while anybody has the store open), what `sign_in` raises, and
    NotAllowed for a role that may not restore.
    """
    one_backup.check(file)
    database = places.path_of(url)
    places.refuse_network(database, places.MOUNTINFO)
    folder_made(database.parent)
    # SQLite's log lies beside the file itself, not beside a link to it.
    real = database.resolve()
    with gate.alone(database):
        # Said before anybody types a password.
        _clear(real.parent)
        may_be_opened = real.exists() and replace.unreadable(real) is None
    actor = _asked_of_present(url, sign_in) if may_be_opened else None
    with gate.alone(database), _workshop(real.parent) as ready:
        return _replaced(file, real, folder, ready, actor, sign_in, now)


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder on the same disk where the new store is made ready; gone at the end."""
    try:
        ready = Path(tempfile.mkdtemp(prefix=_READY, dir=folder))
        own_like_folder(ready)
    except OSError as error:
        raise of_system(error, folder) from error
    try:
        yield ready
    finally:
        shutil.rmtree(ready, ignore_errors=True)


def _asked_of_present(url: str, sign_in: SignIn) -> Actor | None:
    """Who does this, by the present store's operators; None when it cannot be opened or has none."""
    try:
        store = Store.open(url, migrate=False)
    except StoreError as error:
        _unreadable(error)
        return None
    try:
        with store.read() as session:
            known = people.operators(session)
        return _allowed(sign_in(store)) if known else None
    finally:
        store.close()


def _replaced(
    file: Path, database: Path, folder: Path, ready: Path, actor: Actor | None, sign_in: SignIn, now: datetime
) -> Restored:
    is_there = database.exists()
    saved, why = _saved(database, folder, now) if is_there else (None, None)
    # What a newer version wrote is whole, and its ledger can be counted; anything else unreadable stays untouched.
    is_whole = is_there and (why is None or why.code == "newer-schema")
    if is_whole:
        replace.fold(database)
    manifest = one_backup.check(file)
    lost = _lost(database, file, is_readable=is_whole) if is_there else NOTHING_LOST
    kept_as = database.with_name(f"{database.name}.replaced-{now.astimezone(UTC):{manifests.STAMP}}")
    new = ready / database.name
    if replace.copied(file, new) != manifest.sha256:
        raise trouble("backup-changed", file)
    told = Plan(manifest, lost, str(why) if why is not None else "")
    line, saved = _made_ready(new, told, kept_as.name if is_there else "", saved, actor, sign_in, now)
    if is_there:
        replace.kept(database, kept_as)
    replace.put_in_place(new, database)
    return Restored(told, line, kept_as if is_there else None, saved)


def _saved(database: Path, folder: Path, now: datetime) -> tuple[Backup | None, StoreError | None]:
    """A backup of the present store; where it cannot be read None, and why."""
    why = replace.unreadable(database)
    if why is not None:
        return None, _unreadable(why)
    target = folder / manifests.name_of(now, BackupReason.RESTORE)
    try:
        return backups.made(one_backup.make(database, target, BackupReason.RESTORE, now), target), None
    except StoreError as error:
        return None, _unreadable(error)


def _lost(database: Path, file: Path, *, is_readable: bool) -> Loss:
    if not is_readable:
        return Loss()
    # Alone with a folded file: it can be read like any copy.
    try:
        with closing(connect_to_copy(database)) as present, closing(connect_to_copy(file)) as copy:
            return loss(present, copy)
    except library().Error:
        # A file without our tables: whole, but nothing in it can be counted.
        return Loss()


def _made_ready(
    new: Path, told: Plan, replaced: str, saved: Backup | None, actor: Actor | None, sign_in: SignIn, now: datetime
) -> tuple[LedgerLine, Backup | None]:
    """Brings the copy up to date and appends the restore's line; the file is then whole without a log."""
    store = Store.open(f"sqlite:///{new}", back_up=False)
    try:
        by = actor if actor is not None else _allowed(sign_in(store))
        row = _row(told, replaced)
        with store.write() as session:
            if saved is not None:
                saved = backups.add(session, saved)
            events.add(session, [Event(now, "dutyroom", RESTORED, tuple(row.items()))])
            line = ledger.append(session, at=now, actor=by, act=Act.RESTORE, subject=subject_of_restore(row), row=row)
        with store.read() as session:
            if len(verify(session).faults) != told.manifest.faults:
                raise trouble("ledger-faults", new)
    finally:
        store.close()
    return line, saved


def _row(told: Plan, replaced: str) -> dict[str, str]:
    """The canonical row of the restore (`dutyroom.store.canonical`)."""
    manifest, lost = told.manifest, told.loss
    row = {
        "backup_sha256": manifest.sha256,
        "backup_made_at": manifest.made_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "backup_seq": str(manifest.seq),
        "backup_head": manifest.head,
        "lost": "unknown" if not lost.is_known else ("known" if lost.lines else "none"),
        "replaced": replaced,
    }
    if lost.lines:
        row |= {
            "lost_from": str(lost.first_seq),
            "lost_to": str(lost.last_seq),
            "lost_head": str(lost.head),
            "lost_rounds_signed": str(lost.rounds_signed),
            "lost_answers": str(lost.answers),
            "lost_readings": str(lost.readings),
            "lost_events": str(lost.events),
        }
    return row


def _allowed(actor: Actor) -> Actor:
    require(actor, Act.RESTORE)
    return actor


def _unreadable(error: StoreError) -> StoreError:
    """The error of a present store that cannot be read; any other (locked, no right to it, disk full) is raised."""
    if error.code not in UNREADABLE:
        raise error
    return error


def _clear(folder: Path) -> None:
    """Takes away what a restore that was killed had made ready."""
    try:
        for left in folder.glob(f"{_READY}*"):
            shutil.rmtree(left)
    except OSError as error:
        raise of_system(error, folder) from error
