"""What the watch says of itself: was there a time nobody watched, and which site file is in force?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dutyroom.model.events import WATCH, Event, Heartbeat
from dutyroom.model.site import Site
from dutyroom.rules.durations import between
from dutyroom.rules.sources import interval_of

SITE_FILE_CODES = ("site-file-read", "site-file-refused")


def gap_event(before: Heartbeat, now: Heartbeat, site: Site) -> Event | None:
    """The event of the time between two watchers, when at least one source missed a poll in it; else None.

    `by` is its length in seconds, `since` the last sign of life before it.
    """
    silent_s = between(before.last_cycle_at, before.boot, now.last_cycle_at, now.boot).seconds
    shortest_s = min((interval_of(site, device.name) for device in site.devices()), default=None)
    # The same bound as for polls that were never made: up to two intervals is delay.
    if shortest_s is None or silent_s <= 2 * shortest_s:
        return None
    params = (("by", f"{silent_s:.1f}"), ("since", _text(before.last_cycle_at)))
    return Event(now.last_cycle_at, WATCH, "watch-gap", params, now.boot)


def is_refused(newest: Iterable[Event]) -> Event | None:
    """Of the newest event about the site file: the one that refused it, or None when the last one read is in force."""
    return next((one for one in newest if one.source == WATCH and one.code == "site-file-refused"), None)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
