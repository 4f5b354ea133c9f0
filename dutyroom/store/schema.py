"""Which schema a database has, asked in plain SQL so that opening needs no alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from dutyroom.errors import StoreError
from dutyroom.words import _

# Every revision this program knows, oldest first; the newest stands last.
REVISIONS = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013", "0014"),
    "0015",
)
HEAD = REVISIONS[-1]
# "DUTY" in ASCII, written into the file header by the first migration (PRAGMA application_id).
APPLICATION_ID = 0x44555459


def is_ours(connection: Connection) -> bool:
    """True for a database of dutyroom and for an empty one."""
    if int(connection.exec_driver_sql("PRAGMA application_id").scalar_one()) == APPLICATION_ID:
        return True
    return bool(connection.exec_driver_sql("SELECT count(*) = 0 FROM sqlite_master").scalar_one())


def revision(connection: Connection) -> str | None:
    """The revision of the database, or None when it is empty."""
    there = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
    if connection.exec_driver_sql(there).scalar_one() == 0:
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    return None if found is None else str(found)


def newer(path: Path, schema: str) -> StoreError:
    """The StoreError (`newer-schema`) for a file of a later version."""
    sentence = _("{path} was written by a newer dutyroom (schema {schema}). Install that version to open it.")
    return StoreError(sentence.format(path=path, schema=schema), code="newer-schema")
