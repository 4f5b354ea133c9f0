"""The tries to back this store up, as the store itself remembers them. The newest is the one written last.

By number and not by time: a clock that once stood in the future must not make an old backup the newest for years.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from sqlmodel import Session, col, select

from dutyroom.model.backup import Backup, BackupReason, Manifest
from dutyroom.store.tables import BackupRow
from dutyroom.store.trouble import not_found

# A copy somebody took away is out of the room's hands, and one made before a restore holds what was replaced.
_OTHERS = (BackupReason.AWAY.value, BackupReason.RESTORE.value)


def made(manifest: Manifest, path: Path) -> Backup:
    """The try that made the backup at `path`."""
    return Backup(
        at=manifest.made_at,
        reason=manifest.reason,
        path=str(path),
        size=manifest.size,
        sha256=manifest.sha256,
        ledger_seq=manifest.seq,
        ledger_head=manifest.head,
        trouble="ledger-faults" if manifest.faults else None,
    )


def add(s: Session, backup: Backup) -> Backup:
    """Stores a try; gives it with its number."""
    values = asdict(backup) | {"reason": backup.reason.value, "id": None}
    row = BackupRow.model_validate(values)
    s.add(row)
    s.flush()
    return backup_of_row(row)


def set_second(s: Session, backup_id: int, second: str | None, trouble: str | None) -> None:
    """How the copy to the second place went. Raises StoreError (`not-found`) without such a try."""
    row = s.get(BackupRow, backup_id)
    if row is None:
        raise not_found(f"backup:{backup_id}")
    row.second, row.second_trouble = second, trouble
    s.flush()


def newest(s: Session) -> Backup | None:
    """The last try of the room's own, good or not; None when there was none."""
    return _first(s, good=False)


def newest_good(s: Session) -> Backup | None:
    """The last of the room's own backups that was read back whole; None when there is none."""
    return _first(s, good=True)


def tries(s: Session, limit: int = 100) -> tuple[Backup, ...]:
    """The newest tries, newest first, those to a named file among them."""
    return tuple(
        backup_of_row(row) for row in s.exec(select(BackupRow).order_by(col(BackupRow.id).desc()).limit(limit))
    )


def _first(s: Session, *, good: bool) -> Backup | None:
    query = select(BackupRow).where(col(BackupRow.reason).not_in(_OTHERS)).order_by(col(BackupRow.id).desc())
    if good:
        query = query.where(col(BackupRow.sha256).is_not(None))
    row = s.exec(query.limit(1)).one_or_none()
    return None if row is None else backup_of_row(row)


def backup_of_row(row: BackupRow) -> Backup:
    """The try a row tells of."""
    return Backup(
        at=row.at,
        reason=BackupReason(row.reason),
        path=row.path,
        size=row.size,
        sha256=row.sha256,
        ledger_seq=row.ledger_seq,
        ledger_head=row.ledger_head,
        trouble=row.trouble,
        second=row.second,
        second_trouble=row.second_trouble,
        id=row.id or 0,
    )
