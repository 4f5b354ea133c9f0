"""Failed sign-ins by name: no evidence (every try is a line of the ledger); they only make the next one wait."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, delete, func, select

from dutyroom.model.people import Tries
from dutyroom.store.tables import SignInTriesRow

# Names somebody made up may not fill the disk.
MOST_NAMES = 500


def tries(s: Session, name: str) -> Tries | None:
    """The failures of a name, or None."""
    row = s.get(SignInTriesRow, name)
    return None if row is None else Tries(row.name, row.failures, row.last_at, row.closed_until)


def closed(s: Session, now: datetime) -> tuple[Tries, ...]:
    """The names that are closed at `now`."""
    rows = s.exec(select(SignInTriesRow).where(col(SignInTriesRow.closed_until) > now))
    return tuple(Tries(row.name, row.failures, row.last_at, row.closed_until) for row in rows)


def put(s: Session, found: Tries) -> None:
    """Remembers the failures of a name; of too many names the oldest go."""
    row = SignInTriesRow(
        name=found.name, failures=found.failures, last_at=found.last_at, closed_until=found.closed_until
    )
    s.merge(row)
    s.flush()
    if s.exec(select(func.count()).select_from(SignInTriesRow)).one() > MOST_NAMES:
        newest = select(SignInTriesRow.name).order_by(col(SignInTriesRow.last_at).desc()).limit(MOST_NAMES)
        s.exec(delete(SignInTriesRow).where(col(SignInTriesRow.name).not_in(newest)))


def forget(s: Session, name: str) -> None:
    """Somebody came in: the failures before count no more."""
    s.exec(delete(SignInTriesRow).where(col(SignInTriesRow.name) == name))
