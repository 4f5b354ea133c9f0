"""Critical periods: times in which the room is walked more often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PeriodKind(StrEnum):
    """What the period is about."""

    HOLIDAY = "holiday"
    EVENT = "event"
    DRILL = "drill"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CriticalPeriod:
    """From `starts_at` to `ends_at` (UTC) the checklist is walked every `every_s` seconds.

    Opened by a lead; one that was closed before its end ended then. `name` is what people call it.
    """

    kind: PeriodKind
    name: str
    checklist: str
    starts_at: datetime
    ends_at: datetime
    every_s: float
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None
    id: int = 0

    @property
    def over_at(self) -> datetime:
        """When it ends: as planned, or when it was closed."""
        return self.ends_at if self.closed_at is None else min(self.ends_at, self.closed_at)

    def runs(self, now: datetime) -> bool:
        """True while it runs."""
        return self.starts_at <= now < self.over_at
