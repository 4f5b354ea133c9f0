"""The zero report: once a duty day it is said that nothing happened, or what did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ZeroState(StrEnum):
    """What was sent: nothing happened, or the events; `missing`: the day ended and nothing was sent."""

    ZERO = "sent-zero"
    EVENTS = "sent-with-events"
    DUE = "due"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ZeroWindow:
    """One duty day, named by its end date: from `begins_at` to `ends_at`, when its report is due. UTC.

    It may be signed from `opens_at` on; after `late_after` it is late.
    """

    duty_day: date
    begins_at: datetime
    ends_at: datetime
    opens_at: datetime
    late_after: datetime


@dataclass(frozen=True, slots=True)
class ZeroReport:
    """The report of one duty day (named by its end date), from `begins_at` to `ends_at` (UTC).

    `content` is the canonical JSON of what it lists (codes and numbers). `version` is 1 and grows when it is amended,
    with the reason. `is_late`: the first version was signed after the day's end and the time the site allows.
    `ledger_seq` and `ledger_head` are the newest line of the ledger when it was signed.
    """

    duty_day: date
    begins_at: datetime
    ends_at: datetime
    state: ZeroState
    signed_at: datetime
    signed_by: str
    content: str
    version: int = 1
    is_late: bool = False
    reason: str | None = None
    ledger_seq: int | None = None
    ledger_head: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class ZeroDay:
    """One duty day in the list: how its report stands, and every version that was signed, oldest first."""

    window: ZeroWindow
    state: ZeroState
    versions: tuple[ZeroReport, ...] = ()

    @property
    def report(self) -> ZeroReport | None:
        """The version in force, None when nothing was signed."""
        return self.versions[-1] if self.versions else None

    @property
    def is_late(self) -> bool:
        """True when it was signed too late."""
        return any(one.is_late for one in self.versions)

    @property
    def is_amended(self) -> bool:
        """True when there is a later version."""
        return len(self.versions) > 1


@dataclass(frozen=True, slots=True)
class ZeroNow:
    """For the board: the duty day that is due, when, its report when there is one, and the days that are missing.

    `missing` reaches back a month, the oldest first.
    """

    duty_day: date | None = None
    due_at: datetime | None = None
    report: ZeroReport | None = None
    missing: tuple[date, ...] = ()
