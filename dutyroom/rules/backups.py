"""When is a backup due, and how are the backups?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dutyroom.model.backup import Backup
from dutyroom.model.reading import Verdict

# A day, and two hours for a machine that was started late.
TOO_OLD = timedelta(hours=26)
AGAIN_AFTER = timedelta(hours=1)


class SecondPlace(StrEnum):
    """How the copy of the newest good backup in the second place is."""

    NONE = "none"
    OK = "ok"
    WAITS = "waits"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Judged:
    """The backups at one moment: the last good one and how old it is (None: there is none, or the clock stands before
    it), the code of what went wrong last, and the second place."""

    verdict: Verdict
    good: Backup | None
    age_s: float | None
    trouble: str | None
    second: SecondPlace

    @property
    def is_young(self) -> bool:
        """True when there is a good backup that is not too old."""
        return self.age_s is not None and self.age_s <= TOO_OLD.total_seconds()


def is_due(good: Backup | None, tried: Backup | None, at: time, zone: ZoneInfo, now: datetime) -> bool:
    """True when the newest good backup is older than the last time one was to be made (`at`, local, every day).

    After a try that failed it is due again an hour later. A try or backup in the future (the clock was set back) does
    not hold anything up.
    """
    if tried is not None and not tried.is_good and timedelta() <= now - tried.at < AGAIN_AFTER:
        return False
    return good is None or good.at > now or good.at < last_time(at, zone, now)


def last_time(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The last moment (UTC) at or before now when a local clock in that zone showed that time."""
    today = now.astimezone(zone).date()
    moment = datetime.combine(today, at, tzinfo=zone).astimezone(UTC)
    if moment > now:
        moment = datetime.combine(today - timedelta(days=1), at, tzinfo=zone).astimezone(UTC)
    return moment


def judge(good: Backup | None, tried: Backup | None, now: datetime, *, has_second: bool) -> Judged:
    """The verdict on the backups: attention when the last good one is missing or older than 26 h, the last try failed
    or found faults, or there is no copy in a second place."""
    age = now - good.at if good is not None else None
    age_s = age.total_seconds() if age is not None and age >= timedelta() else None
    trouble = tried.trouble if tried is not None else None
    second = _second(good) if has_second else SecondPlace.NONE
    is_copied = second is SecondPlace.OK or (second is SecondPlace.WAITS and age is not None and age < AGAIN_AFTER)
    judged = Judged(Verdict.OK, good, age_s, trouble, second)
    fine = judged.is_young and trouble is None and is_copied
    return judged if fine else replace(judged, verdict=Verdict.ATTENTION)


def _second(good: Backup | None) -> SecondPlace:
    if good is None or (good.second is None and good.second_trouble is None):
        return SecondPlace.WAITS
    return SecondPlace.FAILED if good.second_trouble is not None else SecondPlace.OK
