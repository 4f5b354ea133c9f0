"""What goes wrong with a SQLite file, as one sentence and the next step.

Codes: `disk-full`, `disk-error`, `locked`, `not-a-database`, `not-ours`, `corrupt`, `read-only`, `cannot-open`,
`missing`, `url`, `unsafe-sqlite`, `network-file-system`, `newer-schema`, `older-schema`, `no-wal`, `exists`, `sealed`,
`broken-reference`, `not-found`, `restoring`, `in-use`, and `store` for all else. Of backups: `backup-runs`,
`no-backup`, `backup-space`, `file-exists`, `no-manifest`, `manifest`, `backup-size`, `backup-changed`,
`backup-counts`, `second-missing`, `second-differs`, `second-hangs`, `ledger-faults`.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, StatementError

from dutyroom.errors import StoreError
from dutyroom.store.library import library
from dutyroom.words import N_, _

SEALED = "sealed"
NEARLY_FULL_BYTES = 1_000_000

SENTENCES = {
    "disk-full": N_("The disk of {path} is full; nothing was saved. Free some space and repeat."),
    "disk-error": N_(
        "{path} could not be read or written (disk error, quota or size limit). Look at the system log, then repeat."
    ),
    "locked": N_("{path} is in use by another program for too long. Repeat; if it stays so, see who holds the file."),
    "not-a-database": N_("{path} is not a database. Name another file, or restore a backup."),
    "not-ours": N_("{path} is a database of another program. Name another file."),
    "corrupt": N_("{path} is damaged. Keep a copy of it and restore the newest backup."),
    "read-only": N_(
        "{path} cannot be written by this account. Give it the file and its directory, or run as its owner."
    ),
    "cannot-open": N_("{path} cannot be opened. Check that its directory exists and that this account may use it."),
    "missing": N_("There is no database at {path}. Run the watch first, or name another file."),
    "exists": N_("This record is there already in {path}; nothing was changed."),
    SEALED: N_("This record in {path} is sealed; it is corrected by an addendum, never changed."),
    "broken-reference": N_("A record in {path} would refer to one that is not there; nothing was changed."),
    "not-found": N_("There is no record {path} in the database."),
    "restoring": N_("{path} is being replaced by a backup just now. Repeat in a minute."),
    "in-use": N_("{path} is open in another program. End the screens and the watch of this room, then repeat."),
    "backup-runs": N_("Another backup of {path} is being made. Wait until it has ended, then repeat."),
    "backup-space": N_(
        "A backup in {path} would take the last space of the records' own disk. Free some, or set backup_folder."
    ),
    "no-backup": N_("There is no backup {path}. See which there are: dutyroom backup --list"),
    "file-exists": N_("{path} is there already; nothing was changed. Name another file."),
    "no-manifest": N_("{path} has no manifest beside it that says what it must be. Name another backup."),
    "manifest": N_("The manifest {path} is damaged or belongs to another file. Name another backup."),
    "backup-size": N_("{path} is longer or shorter than its manifest says. Name another backup."),
    "backup-changed": N_("{path} was changed after it was made (SHA-256). Name another backup."),
    "backup-counts": N_("{path} does not hold what was to be backed up ({error}). Name another backup."),
    "second-missing": N_("The second place {path} is not there. Mount its disk, or make the folder once."),
    "second-differs": N_("The copy in the second place {path} does not read back as written. Look at that disk."),
    "second-hangs": N_("The second place {path} does not answer. Look at that disk or machine."),
    "ledger-faults": N_("The records in {path} do not agree with their ledger. Look at: dutyroom verify"),
    "store": N_("The database {path} refused: {error}"),
}

# The primary name of a SQLite result code (sqlite.org/rescode.html), and the code it becomes here.
CODES = {
    "SQLITE_FULL": "disk-full",
    "SQLITE_IOERR": "disk-error",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_NOTADB": "not-a-database",
    "SQLITE_CORRUPT": "corrupt",
    "SQLITE_READONLY": "read-only",
    "SQLITE_CANTOPEN": "cannot-open",
    "SQLITE_PERM": "cannot-open",
}
# The backup API tells no name, only the library's words for it (sqlite3_errstr).
WORDS = {
    "database or disk is full": "SQLITE_FULL",
    "disk I/O error": "SQLITE_IOERR",
    "database is locked": "SQLITE_BUSY",
    "database table is locked": "SQLITE_LOCKED",
    "file is not a database": "SQLITE_NOTADB",
    "database disk image is malformed": "SQLITE_CORRUPT",
    "attempt to write a readonly database": "SQLITE_READONLY",
    "unable to open database file": "SQLITE_CANTOPEN",
}
# One library tells which constraint failed by an extended code, the other only in the message.
CONSTRAINTS = {
    "sealed:": SEALED,
    "UNIQUE constraint failed": "exists",
    "FOREIGN KEY constraint failed": "broken-reference",
}
ERRNO = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EIO: "disk-error",
    errno.EFBIG: "disk-error",
    errno.EROFS: "read-only",
    errno.EACCES: "read-only",
    errno.EPERM: "read-only",
}


def trouble(code: str, path: Path | str, error: object = "") -> StoreError:
    """The StoreError of that code with its sentence."""
    return StoreError(_(SENTENCES[code]).format(path=path, error=error), code=code)


def not_found(subject: str) -> StoreError:
    """The StoreError for a record that should be there; `subject` as the ledger names it."""
    return trouble("not-found", subject)


def _is_full(path: Path) -> bool:
    place = next((place for place in (path, *path.parents) if place.exists()), None)
    return place is not None and shutil.disk_usage(place).free < NEARLY_FULL_BYTES


def of_sqlite(error: BaseException, path: Path) -> StoreError:
    """The StoreError for an exception of the SQLite library."""
    name = getattr(error, "sqlite_errorname", None) or WORDS.get(str(error), "")
    primary = "_".join(name.split("_")[:2])
    code = CODES.get(primary, "store")
    if primary == "SQLITE_CONSTRAINT":
        code = next((known for start, known in CONSTRAINTS.items() if str(error).startswith(start)), "store")
    # With a full disk even opening after a crash fails as an I/O error (SQLITE_IOERR_SHMSIZE).
    if code == "disk-error" and _is_full(path):
        code = "disk-full"
    return trouble(code, path, error)


def of_system(error: OSError, path: Path) -> StoreError:
    """The StoreError for an error of the operating system about that path."""
    return trouble(ERRNO.get(error.errno or 0, "cannot-open"), path)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Errors of SQLite and the system leave as StoreError; a naive datetime leaves as ValueError."""
    try:
        yield
    except DBAPIError as error:
        raise of_sqlite(error.orig or error, path) from error
    except StatementError as error:
        if isinstance(error.orig, ValueError | TypeError):
            raise error.orig from error
        raise
    except library().Error as error:
        raise of_sqlite(error, path) from error
