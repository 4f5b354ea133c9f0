"""Planned maintenance: a window of time in which trouble of some devices is expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """From `starts_at` to `ends_at` (UTC), entered before it begins. No `devices`: the whole room.

    A window that was cancelled ends then; it stays on record.
    """

    starts_at: datetime
    ends_at: datetime
    devices: tuple[str, ...]
    reason: str
    entered_at: datetime
    entered_by: str
    cancelled_at: datetime | None = None
    cancelled_by: str = ""
    id: int = 0

    @property
    def over_at(self) -> datetime:
        """When it ends: as planned, or when it was cancelled."""
        return self.ends_at if self.cancelled_at is None else min(self.ends_at, self.cancelled_at)

    def is_over(self, now: datetime) -> bool:
        """True when it will not run (any more)."""
        return self.over_at <= now

    def runs(self, now: datetime) -> bool:
        """True while it runs."""
        return self.starts_at <= now < self.over_at

    def covers(self, device: str) -> bool:
        """True for a device it is about."""
        return not self.devices or device in self.devices
