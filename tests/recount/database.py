"""The file as the recount reads it: rows by SQL, moments as numbers."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Asked:
    """What is counted: the file, the period and the moments. Moments are seconds since the epoch."""

    db: sqlite3.Connection
    first: date
    last: date
    zone: ZoneInfo
    made: float

    @property
    def begins(self) -> float:
        """The first midnight of the period."""
        return self.midnight(self.first)

    @property
    def ends(self) -> float:
        """The midnight after its last day."""
        return self.midnight(self.last + timedelta(days=1))

    @property
    def cutoff(self) -> float:
        """Up to when it counts."""
        return min(self.made, self.ends)

    def midnight(self, day: date) -> float:
        """The first moment of a local day."""
        return datetime.combine(day, time(), self.zone).timestamp()

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """What the query gives."""
        return self.db.execute(sql, values).fetchall()

    def before_cutoff(self, at: str | None) -> bool:
        """True for a stamp that was there at the cut-off."""
        return at is not None and seconds(at) < self.cutoff

    def by_making(self, at: str | None) -> bool:
        """True for a stamp that was there at the moment of making, that very moment with it."""
        return at is not None and seconds(at) <= self.made


def asked(db: Path, first: str, last: str, zone: str, made_at: str) -> Asked:
    """The command line's words, read. Raises ValueError, sqlite3.Error."""
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    made = datetime.fromisoformat(made_at)
    return Asked(connection, date.fromisoformat(first), date.fromisoformat(last), ZoneInfo(zone), made.timestamp())


def seconds(at: str) -> float:
    """A stored moment (UTC, without a zone) as seconds."""
    found = datetime.fromisoformat(at)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def median(values: list[float]) -> Any:
    """The middle one, the mean of the middle two; None of nothing."""
    values = sorted(values)
    half = len(values) // 2
    if not values:
        return None
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
