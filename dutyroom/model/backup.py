"""Backups of the store: what is kept beside each copy, the tries there were, and what a restore would lose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BackupReason(StrEnum):
    """Why a backup was made. `away` is one to a file somebody named, which the room does not count as its own."""

    DAILY = "daily"
    HAND = "hand"
    UPGRADE = "upgrade"
    RESTORE = "restore"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lies beside a backup and says what it must be. Times are UTC.

    `counts` are rows by table (rounds, entries, operators, readings, ledger). `seq` and `head` are the number and the
    hash of the newest ledger line, `first` the hash of the first one: the same for every backup of one store.
    `newest_at` is when the newest record was made. `faults` is how many places already disagreed with the ledger.
    `database_schema` is None for a store without tables.
    """

    file: str
    made_at: datetime
    reason: BackupReason
    size: int
    sha256: str
    counts: Mapping[str, int]
    seq: int
    head: str
    first: str
    newest_at: datetime | None
    faults: int
    database_schema: str | None
    sqlite: str
    dutyroom: str


@dataclass(frozen=True, slots=True)
class Backup:
    """One try to make a backup. `sha256` is set when a copy was made and read back whole; times are UTC.

    `trouble` is the code of why there is none, or `ledger-faults` beside a whole copy of records that disagree with
    their ledger. `second` is the copy in the second place, `second_trouble` the code of why there is none.
    """

    at: datetime
    reason: BackupReason
    path: str
    size: int | None = None
    sha256: str | None = None
    ledger_seq: int | None = None
    ledger_head: str | None = None
    trouble: str | None = None
    second: str | None = None
    second_trouble: str | None = None
    id: int = 0

    @property
    def is_good(self) -> bool:
        """True when there is a copy that was read back whole."""
        return self.sha256 is not None


@dataclass(frozen=True, slots=True)
class Loss:
    """What the present store holds that a backup does not. Every field is None when the present store is unreadable.

    The ledger lines `first_seq` to `last_seq` are lost (both None while `lines` is 0), the newest with the hash
    `head`; among them so many signed rounds and answers. `readings` and `events` are those newer than the backup,
    `newest_at` is when the newest lost record was made.
    """

    lines: int | None = None
    first_seq: int | None = None
    last_seq: int | None = None
    head: str | None = None
    rounds_signed: int | None = None
    answers: int | None = None
    readings: int | None = None
    events: int | None = None
    newest_at: datetime | None = None

    @property
    def is_known(self) -> bool:
        """False when the present store could not be read."""
        return self.lines is not None


NOTHING_LOST = Loss(lines=0, rounds_signed=0, answers=0, readings=0, events=0)
"""What is lost where there is no present store."""
