"""Which planned maintenance runs now, and may a window be entered like this?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from dutyroom.model.maintenance import MaintenanceWindow


def running(windows: Iterable[MaintenanceWindow], device: str, now: datetime) -> MaintenanceWindow | None:
    """The window a device is in now; of several the one that ends last, None for none."""
    found = [one for one in windows if one.runs(now) and one.covers(device)]
    return max(found, key=lambda one: one.over_at, default=None)


def why_refused(window: MaintenanceWindow, known: Collection[str], now: datetime) -> str:
    """Empty, or a code: `past-start`, `ends-before-start`, `no-reason`, `unknown-device`.

    A window is planned: nobody may say afterwards that an outage was one.
    """
    if window.starts_at < now:
        return "past-start"
    if window.ends_at <= window.starts_at:
        return "ends-before-start"
    if not window.reason.strip():
        return "no-reason"
    return "unknown-device" if set(window.devices) - set(known) else ""
