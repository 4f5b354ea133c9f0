"""The nightly dump in the demo's history, as a watch would have seen it: usually at two, now and then late.

Which nights those are follows from the date alone, as with the other gaps of the simulated room. Now and then the
folder is away for a day, so that only a round can tell how the backup went.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dutyroom.clock import at_local
from dutyroom.demo.noise import stream, unit, wander
from dutyroom.model.devices import BackupJob
from dutyroom.model.events import Event
from dutyroom.model.history import Gap, GapReason, HourOfPolls, Reading
from dutyroom.model.reading import Verdict
from dutyroom.model.site import Site
from dutyroom.rules.sources import interval_of

# One day in so many: (period, remainder).
LATE, AWAY = (19, 5), (41, 26)
SIZE_GB, SPREAD_GB, WEEK = 212.0, 1.5, 7.0
SEEN_AFTER = timedelta(minutes=6)
# A dump that is late is written in the morning, before the round.
AT, LATE_AT, SPREAD_S = time(1, 40), time(7, 0), 1800.0
READ_EVERY, HOUR = timedelta(minutes=30), timedelta(hours=1)
# The first looks that fail are no verdict yet.
LOST_AFTER = timedelta(minutes=31)
_LOST = (Verdict.OK, Verdict.FAULT, "folder-unreachable")


@dataclass(frozen=True, slots=True)
class BackupDayKept:
    """What a watch would have kept of one job on one day."""

    readings: tuple[Reading, ...] = ()
    polls: tuple[HourOfPolls, ...] = ()
    gaps: tuple[Gap, ...] = ()
    events: tuple[Event, ...] = ()


def kept_of_day(site: Site, job: BackupJob, day: date, begin: datetime, end: datetime) -> BackupDayKept:
    """What it kept on a local day that lasts from `begin` to `end` (UTC), or until now."""
    per_hour = int(HOUR.total_seconds() / interval_of(site, job.name))
    hours = [begin + number * HOUR for number in range(int((end - begin) / HOUR))]
    if _is_one(day, AWAY):
        polls = tuple(HourOfPolls(job.name, hour, 0, per_hour, 0) for hour in hours)
        gone = (Gap(begin, end, GapReason.FAILED, "unreachable"),)
        lost = [_state(job, begin, "ok", "unreachable"), _verdict(job, begin + LOST_AFTER, *_LOST)]
        return BackupDayKept(polls=polls, gaps=gone, events=tuple(one for one in lost if one.at < end))
    dumped, size = _seen_at(day, site.timezone), _size_gb(day)
    before = _size_gb(day - timedelta(days=1))
    moments = [begin + number * READ_EVERY for number in range(int((end - begin) / READ_EVERY))]
    return BackupDayKept(
        tuple(Reading(job.name, "size_gb", at, size if at >= dumped else before) for at in moments),
        tuple(HourOfPolls(job.name, hour, per_hour, 0, 0) for hour in hours),
        events=tuple(one for one in _dump(job, day, dumped, site.timezone) if begin <= one.at < end),
    )


def _dump(job: BackupJob, day: date, seen_at: datetime, zone: ZoneInfo) -> Iterator[Event]:
    """The new file, and where the one before was too old by then, that too."""
    yesterday = day - timedelta(days=1)
    too_old_at = None
    if _is_one(yesterday, AWAY):
        back_at = at_local(day, time(), zone)
        yield from (_state(job, back_at, "unreachable", "ok"), _file(job, yesterday, back_at))
        yield _verdict(job, back_at, Verdict.FAULT, Verdict.OK, "")
    elif job.max_age_s is not None:
        too_old_at = _seen_at(yesterday, zone) + timedelta(seconds=job.max_age_s)
    if too_old_at is not None and too_old_at < seen_at:
        yield _verdict(job, too_old_at, Verdict.OK, Verdict.FAULT, "backup-old")
    yield _file(job, day, seen_at)
    if too_old_at is not None and too_old_at < seen_at:
        yield _verdict(job, seen_at, Verdict.FAULT, Verdict.OK, "")


def _file(job: BackupJob, day: date, at: datetime) -> Event:
    size = str(round(_size_gb(day) * 1e9))
    return Event(at, job.name, "backup-made", (("path", f"/backup/his-{day:%m%d}.dmp"), ("size", size)))


def _state(job: BackupJob, at: datetime, was: str, now: str) -> Event:
    return Event(at, job.name, "state-changed", (("was", was), ("now", now)))


def _verdict(job: BackupJob, at: datetime, was: Verdict, now: Verdict, reason: str) -> Event:
    return Event(at, job.name, "verdict-changed", (("was", was.value), ("now", now.value), ("reason", reason)))


def _seen_at(day: date, zone: ZoneInfo) -> datetime:
    """When the watch first saw the dump of that night."""
    later = timedelta(seconds=SPREAD_S * unit(stream(0, "dump"), day.toordinal()))
    return at_local(day, LATE_AT if _is_one(day, LATE) else AT, zone) + later + SEEN_AFTER


def _size_gb(day: date) -> float:
    return round(SIZE_GB + SPREAD_GB * wander(stream(0, "dump size"), float(day.toordinal()), WEEK), 1)


def _is_one(day: date, which: tuple[int, int]) -> bool:
    return day.toordinal() % which[0] == which[1]
