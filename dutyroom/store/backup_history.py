"""What is on record of backups beside the rounds of a report: this store's own, restores, old answers, findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from dutyroom.model.backup import Backup
from dutyroom.model.rounds import Entry, Round
from dutyroom.store import amendments
from dutyroom.store.backups import backup_of_row
from dutyroom.store.canonical import RESTORED
from dutyroom.store.finding_tables import FindingRow
from dutyroom.store.rounds import SIGNED, entry_of_row, round_of_row
from dutyroom.store.tables import BackupRow, EntryRow, EventRow, RoundRow

MISSING = "backup-missing"


def tries_between(s: Session, since: datetime, until: datetime) -> tuple[Backup, ...]:
    """The tries to back this store up at or after `since` and before `until`, in the order they were made."""
    query = select(BackupRow).where(BackupRow.at >= since, BackupRow.at < until).order_by(col(BackupRow.id))
    return tuple(backup_of_row(row) for row in s.exec(query))


def restored_between(s: Session, since: datetime, until: datetime) -> tuple[datetime, ...]:
    """When this store was put back from a backup, at or after `since` and before `until`."""
    query = select(EventRow.at).where(EventRow.at >= since, EventRow.at < until, EventRow.code == RESTORED)
    return tuple(s.exec(query.order_by(col(EventRow.at))))


def missing_found(s: Session, until: datetime) -> dict[str, list[tuple[datetime, int]]]:
    """By backup job when the watch found that a backup is missing, before `until`, and the finding's number."""
    query = select(FindingRow).where(FindingRow.code == MISSING, FindingRow.found_at < until)
    found: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for row in s.exec(query.order_by(col(FindingRow.found_at), col(FindingRow.id))):
        found[row.device].append((row.found_at, row.id or 0))
    return found


def older_answers(s: Session, begins: str, before: date, at: datetime) -> tuple[tuple[Round, Entry], ...]:
    """The answers to items whose id begins so, of rounds due before `before`, as they stood at `at` (UTC).

    Of signed rounds only, oldest first; a stamp at `at` itself was made in time.
    """
    inside = (RoundRow.due_on < before, col(RoundRow.state).in_(SIGNED), col(RoundRow.signed_at) <= at)
    asked = select(EntryRow).join(RoundRow, col(EntryRow.round_id) == col(RoundRow.id)).where(*inside)
    # A range, because LIKE cannot use the key: up to the prefix with its last character raised by one.
    beyond = begins[:-1] + chr(ord(begins[-1]) + 1)
    given = [entry_of_row(row) for row in s.exec(asked.where(EntryRow.item >= begins, EntryRow.item < beyond))]
    held = _rounds(s, sorted({one.round_id for one in given}))
    amended = (one for one in amendments.of_rounds(s, held) if one.at <= at)
    standing = amendments.in_force(given, amended)
    found = [(held[one.round_id], one) for one in standing if one.item.startswith(begins) and one.answer is not None]
    return tuple(sorted(found, key=lambda pair: (pair[0].due_at, pair[0].id, pair[1].key)))


def _rounds(s: Session, numbers: Sequence[int]) -> dict[int, Round]:
    query = select(RoundRow).where(col(RoundRow.id).in_(numbers))
    return {one.id: one for one in map(round_of_row, s.exec(query))}
