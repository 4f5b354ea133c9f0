"""Troubles of the disk and the clock in the language in force: one sentence each, with the next step."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dutyroom import clock, event_words, show
from dutyroom.inert import inert
from dutyroom.model.events import Event
from dutyroom.model.room import FreeSpace
from dutyroom.rules.space import NONE_BYTES, Room, room_left
from dutyroom.words import N_, _

_USES = {"store": N_("the records"), "backup": N_("the backups"), "second": N_("the second backup folder")}


def size(bytes_: int) -> str:
    """Decimal units, as disks are sold and `df -H` tells: `430 MB`, `1.2 GB`, `12 kB`."""
    if bytes_ >= 10**9:
        return f"{bytes_ / 10**9:.1f} GB"
    return f"{bytes_ // 10**6} MB" if bytes_ >= 10**6 else f"{bytes_ // 1000} kB"


def space(free: FreeSpace) -> str:
    """What is left in a folder and what that means; empty when there is enough."""
    left, use, folder = size(free.free_bytes), _(_USES.get(free.use, free.use)), inert(free.folder, 200)
    room = room_left(free)
    if room is Room.OK:
        return ""
    if room is Room.NONE and free.use == "store":
        return _("{left} left for {use}, no new round: free space in {folder}").format(
            left=left, use=use, folder=folder
        )
    return _("{left} left for {use}: free some space in {folder}").format(left=left, use=use, folder=folder)


def refused_round(free: FreeSpace) -> str:
    """Why no round begins now, and what to do."""
    return _(
        "No new round: {folder} has only {left} left and a round needs {least}. Remove old workbooks or backups, or "
        "other programs' files, from that disk; an open round can still be finished."
    ).format(folder=inert(free.folder, 200), left=size(free.free_bytes), least=size(NONE_BYTES))


def site_file(event: Event) -> str:
    """Which site file the watch did not take, and what to do."""
    return _("{what}. The watch goes on with the one before; `dutyroom config check` says more.").format(
        what=event_words.site_file_refused(event)
    )


def step(event: Event, zone: ZoneInfo) -> str:
    """How and when the clock was set, with what it showed before."""
    was = datetime.fromisoformat(event.param("was")) if event.param("was") else None
    same_day = was is not None and clock.local_date(was, zone) == clock.local_date(event.at, zone)
    shown = show.time_of_day(was, zone) if same_day else show.moment(was, zone)
    at = show.time_of_day(event.at, zone)
    return _("{what} at {at}; it showed {was}").format(what=event_words.clock_step(event), at=at, was=shown)
