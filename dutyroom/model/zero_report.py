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
class ZeroReport:
    """The report of one duty day (named by its end date), from `begins_at` to `ends_at` (UTC).

    `content` is the canonical JSON of what it lists (codes and numbers). `version` is 1 and grows when it is amended,
    with the reason. `is_late`: signed after the day's end and the time the site allows. `ledger_seq` and `ledger_head`
    anchor it.
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
class ZeroNow:
    """For the board: the duty day that is due, when, its report when there is one, and the days that are missing."""

    duty_day: date | None = None
    due_at: datetime | None = None
    report: ZeroReport | None = None
    missing: tuple[date, ...] = ()
