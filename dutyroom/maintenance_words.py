"""Planned maintenance in a few words, in the language in force."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dutyroom import show
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.words import _


def state(window: MaintenanceWindow, now: datetime) -> str:
    """Whether it runs."""
    if window.cancelled_at is not None:
        return _("cancelled")
    if window.is_over(now):
        return _("over")
    return _("running") if window.runs(now) else _("planned")


def whole(window: MaintenanceWindow, zone: ZoneInfo) -> str:
    """When it ends, why it was planned, and by whom."""
    return _("planned maintenance until {at}: {reason} ({who})").format(
        at=show.moment(window.ends_at, zone), reason=window.reason, who=window.entered_by
    )
