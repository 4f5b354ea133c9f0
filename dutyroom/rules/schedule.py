"""When is a round due?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dutyroom.model.checklist import Checklist


@dataclass(frozen=True, slots=True)
class Slot:
    """One occurrence of a checklist: when it is due, from when it may start, after when it is late. UTC."""

    due_at: datetime
    due_on: date
    opens_at: datetime
    late_after: datetime

    def is_late(self, at: datetime) -> bool:
        """True when a round started or signed at that moment is late."""
        return at > self.late_after


def daily_slot(checklist: Checklist, day: date, zone: ZoneInfo) -> Slot:
    """The slot of a daily checklist on a local day."""
    due_at = datetime.combine(day, checklist.schedule.due_at, tzinfo=zone).astimezone(UTC)
    opens_at = due_at - timedelta(seconds=checklist.schedule.early_s)
    return Slot(due_at, day, opens_at, due_at + timedelta(seconds=checklist.schedule.window_s))


def current_slot(checklist: Checklist, now: datetime, zone: ZoneInfo) -> Slot:
    """The slot a walk begun now belongs to: today's from its opening on, before that yesterday's (then late)."""
    today = now.astimezone(zone).date()
    slot = daily_slot(checklist, today, zone)
    return slot if now >= slot.opens_at else daily_slot(checklist, today - timedelta(days=1), zone)
