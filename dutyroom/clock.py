"""The only reader of wall and monotonic time, and the duty day."""

from __future__ import annotations

import time as _time
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from dutyroom.model.events import Boot

# A new one at every start of the machine (random(4)).
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


_played: Callable[[], datetime] | None = None


def now() -> datetime:
    """The wall clock in UTC, aware; while a recording is played, the moment it has come to."""
    return datetime.now(UTC) if _played is None else _played()


def play(moment: Callable[[], datetime] | None) -> None:
    """From now on this whole process takes its time from there; None gives the wall clock back."""
    global _played
    _played = moment


def monotonic() -> float:
    """Seconds of a clock that never steps and counts suspend where the system has one (CLOCK_BOOTTIME on Linux)."""
    boottime = getattr(_time, "CLOCK_BOOTTIME", None)
    return _time.clock_gettime(boottime) if boottime is not None else _time.monotonic()


def monotonic_usec() -> int:
    """Microseconds of CLOCK_MONOTONIC, by which a service manager dates what it is told (sd_notify(3))."""
    return _time.clock_gettime_ns(_time.CLOCK_MONOTONIC) // 1000


def boot() -> Boot:
    """This moment on the clock that never steps. Without a boot id of the system each process counts as a boot."""
    # Imported here: before the first frame nothing of the room's own values is loaded.
    from dutyroom.model.events import Boot

    return Boot(_boot_id(), monotonic())


@cache
def _boot_id() -> str:
    try:
        return BOOT_ID.read_text("ascii").strip() or uuid4().hex
    except (OSError, UnicodeDecodeError):
        return uuid4().hex


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The calendar date of a UTC moment in the site's zone."""
    return at.astimezone(zone).date()


def at_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local time on a local day. A time skipped by daylight saving moves on by the gap."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def duty_day(at: datetime, ends_at: time, zone: ZoneInfo) -> date:
    """The duty day a moment belongs to: named by the local date on which it ends (`ends_at`, usually 15:00)."""
    local = at.astimezone(zone)
    ends_today = at_local(local.date(), ends_at, zone)
    return local.date() if at < ends_today else local.date() + timedelta(days=1)
