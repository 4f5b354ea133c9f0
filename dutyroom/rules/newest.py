"""What was recorded last or what was seen last, whichever is newer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dutyroom.model.events import Heartbeat
from dutyroom.model.reading import Latest, Sample
from dutyroom.model.room import RoomRecords


def is_newer(one: Sample, other: Sample) -> bool:
    """True when `one` was taken after `other`, however the wall clock was set between them."""
    if one.boot is not None and other.boot is not None and one.boot.id == other.boot.id:
        return one.boot.seconds > other.boot.seconds
    return one.at > other.at


def with_watched(records: RoomRecords, watched: Mapping[str, Latest], beat: Heartbeat) -> RoomRecords:
    """The records with what the watch in this program saw since it could last record, and its sign of life."""
    latest = dict(records.latest)
    for name, seen in watched.items():
        stored = latest.get(name)
        if stored is None or is_newer(seen.sample, stored.sample):
            latest[name] = seen
    return replace(records, latest=latest, heartbeat=beat)
