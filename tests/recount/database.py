"""The file as the recount reads it: rows by SQL, moments as numbers; and the site file beside it."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HOUR_S = 3600
DAY_S = 86400.0
DEVICES = ("ups", "network", "server", "system", "line")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Asked:
    """What is counted: the file, the site file, the period and the moments. Moments are seconds since the epoch."""

    db: sqlite3.Connection
    site: dict[str, Any]
    first: date
    last: date
    made: float
    kept: dict[Any, Any] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone."""
        return ZoneInfo(self.site["timezone"])

    @property
    def days(self) -> list[date]:
        """Every day of the period."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

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
        return self.local(day, time())

    def local(self, day: date, at: time) -> float:
        """The moment of a local time."""
        return datetime.combine(day, at, self.zone).timestamp()

    def wall(self, at: float) -> datetime:
        """What the clock on the wall shows, without a zone."""
        return datetime.fromtimestamp(at, UTC).astimezone(self.zone).replace(tzinfo=None)

    def day_of(self, at: float) -> date:
        """The local day of a moment."""
        return self.wall(at).date()

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """What the query gives."""
        return self.db.execute(sql, values).fetchall()

    def before_cutoff(self, at: str | None) -> bool:
        """True for a stamp that was there at the cut-off."""
        return at is not None and seconds(at) < self.cutoff

    def by_making(self, at: str | None) -> bool:
        """True for a stamp that was there at the moment of making, that very moment with it."""
        return at is not None and seconds(at) <= self.made

    def of_site(self, section: str) -> list[dict[str, Any]]:
        """The tables of a section of the site file, in its order."""
        found: list[dict[str, Any]] = self.site.get(section, [])
        return found

    def label(self, name: str) -> str:
        """What people call a device; its name where the site file has no other."""
        for section in (*DEVICES, "ac", "backup"):
            for one in self.of_site(section):
                if one["name"] == name:
                    return str(one.get("label", name))
        return name

    def person(self, name: str | None) -> str:
        """What people call an operator; the name where nobody has it, empty for nobody."""
        found = self.rows("SELECT label FROM operators WHERE name = ?", name)
        return str(found[0]["label"]) if found else name or ""

    def recorded(self, subject: str) -> float | None:
        """When the ledger first names the record; None where it never does."""
        if "lines" not in self.kept:
            lines = self.rows(
                "SELECT subject, at FROM ledger WHERE seq IN (SELECT min(seq) FROM ledger GROUP BY subject)"
            )
            self.kept["lines"] = {row["subject"]: seconds(row["at"]) for row in lines}
        found: float | None = self.kept["lines"].get(subject)
        return found


def asked(db: Path, site_file: Path, first: str, last: str, made_at: str) -> Asked:
    """The command line's words, read. Raises ValueError, OSError, sqlite3.Error."""
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    site = tomllib.loads(site_file.read_text(encoding="utf-8"))
    made = datetime.fromisoformat(made_at)
    return Asked(connection, site, date.fromisoformat(first), date.fromisoformat(last), made.timestamp())


@cache
def seconds(at: str) -> float:
    """A stored moment (UTC, without a zone) as seconds."""
    found = datetime.fromisoformat(at)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def duration(text: str) -> float:
    """`33h30m` of a file as seconds."""
    return float(sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([\d.]+)\s*([smhd])", text)))


def median(values: list[float]) -> Any:
    """The middle one, the mean of the middle two; None of nothing."""
    values = sorted(values)
    half = len(values) // 2
    if not values:
        return None
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
