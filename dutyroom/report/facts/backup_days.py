"""How the backups of a job were on each local day: by what the watch saw of its files, and by answers of rounds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dutyroom.clock import at_local
from dutyroom.model.events import Event
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import NOT_APPLICABLE, Entry, Round

MADE, JUDGED = "backup-made", "verdict-changed"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class BackupResult(StrEnum):
    """How a backup went. Running: the day is not over."""

    OK = "ok"
    FAILED = "failed"
    MISSING = "missing"
    OLD = "old"
    PARTIAL = "partial"
    UNKNOWN = "unknown"
    RUNNING = "running"

    @property
    def is_bad(self) -> bool:
        """True when it is known not to be well."""
        return self in BAD


BAD = (BackupResult.FAILED, BackupResult.MISSING, BackupResult.OLD, BackupResult.PARTIAL)
"""Worst first."""
_REASONS = {
    "backup-none": BackupResult.MISSING,
    "backup-empty": BackupResult.FAILED,
    "backup-old": BackupResult.OLD,
    "backup-small": BackupResult.PARTIAL,
    "backup-large": BackupResult.PARTIAL,
}
_ANSWERS = {"failed": BackupResult.FAILED, "not run": BackupResult.MISSING, "partial": BackupResult.PARTIAL}


@dataclass(frozen=True, slots=True)
class Seen:
    """Something the watch saw: how it judged the newest backup from then on, or (None) a new file of so many bytes."""

    at: datetime
    result: BackupResult | None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """What is on record of the files of one job, up to the cut-off: `seen` in order of time; by local day the last hour
    (its start) in which its folder answered, and the size in GB of the last hour that has one. `max_age_s` is that of
    the site file."""

    source: str
    seen: tuple[Seen, ...] = ()
    last_hours: Mapping[date, datetime] = field(default_factory=dict)
    sizes_gb: Mapping[date, float] = field(default_factory=dict)
    max_age_s: float | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer about a backup, with the round it was given in, as it stood."""

    round: Round
    entry: Entry

    @property
    def is_done(self) -> bool:
        """True for one judged ok."""
        return self.entry.verdict is Verdict.OK

    @property
    def record(self) -> str:
        """The round."""
        return f"round:{self.round.id}"


@dataclass(frozen=True, slots=True)
class BackupDay:
    """One job on one local day.

    `watched` is what the watch says, `result` the worst of that and of the answers; both are unknown where nothing is
    on record. `seen` is what the watch saw in the day. `seen_at` is when the newest file was first seen, `age_s` how
    old it was at the end of the day counted from then, `size` its bytes; None where that is not known.
    """

    day: date
    result: BackupResult
    watched: BackupResult = BackupResult.UNKNOWN
    answers: tuple[Answered, ...] = ()
    seen: tuple[Seen, ...] = ()
    seen_at: datetime | None = None
    age_s: float | None = None
    size: float | None = None
    records: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """False while the day runs: it is not counted yet."""
        return self.result is not BackupResult.RUNNING

    @property
    def is_by_answers(self) -> bool:
        """True when only an answer tells how it went."""
        return self.is_over and self.watched is BackupResult.UNKNOWN and self.result is not BackupResult.UNKNOWN


def seen_of(events: Iterable[Event], found: Iterable[datetime]) -> tuple[Seen, ...]:
    """What events of one job say of its backups, oldest first. `found` is when findings say that a backup is missing.

    A verdict stands until the next one. A finding, and a file that was made, say how it is only while no verdict does:
    the first verdict of all leaves no event.
    """
    told = sorted(events, key=lambda one: one.at)
    first = next((one for one in told if one.code == JUDGED), None)
    seen: list[Seen] = []
    stands: BackupResult | None = None
    if first is not None and first.param("was") == Verdict.OK.value:
        stands = BackupResult.OK
        seen.append(Seen(datetime.min.replace(tzinfo=UTC), stands))
    for at, event in sorted([*((one.at, one) for one in told), *((at, None) for at in found)], key=lambda one: one[0]):
        if event is None:
            result = BackupResult.MISSING if stands is None else None
        elif event.code == JUDGED:
            result = _judged(event)
        else:
            size = int(event.param("size"))
            result = BackupResult.FAILED if size == 0 else BackupResult.OK if stands is None else None
            seen.append(Seen(at, None, size))
        if result is not None:
            stands = result
            seen.append(Seen(at, result))
    return tuple(seen)


def day_of(
    job: Watched, day: date, zone: ZoneInfo, cutoff: datetime, answers: Sequence[Answered], size_gb: float | None
) -> BackupDay:
    """The day. `answers` tell how the backup went, `size_gb` is a size somebody answered."""
    begins, ends = at_local(day, time(), zone), at_local(day + DAY, time(), zone)
    last_hour = job.last_hours.get(day)
    before = job.seen[: bisect_left(job.seen, ends, key=_at)]
    inside = before[bisect_left(before, begins, key=_at) :]
    watched = _watched(job, last_hour, before, inside)
    known = [watched, *(result for one in answers if (result := answered(one.entry)) is not None)]
    looked = last_hour is not None or any(one.result is not BackupResult.UNKNOWN for one in inside)
    newest = next((one for one in reversed(before) if one.result is None), None) if looked else None
    size = float(newest.size) if newest is not None and newest.size is not None else None
    if size is None:
        measured = job.sizes_gb.get(day, size_gb)
        size = measured * 1e9 if measured is not None else None
    is_over = ends <= cutoff
    rounds = tuple(dict.fromkeys(one.record for one in answers))
    return BackupDay(
        day=day,
        result=worst(known) if is_over else BackupResult.RUNNING,
        watched=watched,
        answers=tuple(answers),
        seen=inside,
        seen_at=newest.at if newest is not None else None,
        age_s=(min(ends, cutoff) - newest.at).total_seconds() if newest is not None else None,
        size=size,
        records=(*rounds, *_records(job.source, day, last_hour, inside, rounds)),
    )


def answered(entry: Entry) -> BackupResult | None:
    """What an answer says of the backup; None for one that says nothing."""
    if entry.answer is None or entry.answer == NOT_APPLICABLE or entry.verdict is Verdict.UNKNOWN:
        return None
    if entry.verdict is Verdict.OK:
        return BackupResult.OK
    return _ANSWERS.get(entry.answer, BackupResult.FAILED) if entry.verdict.value in ("fault", "attention") else None


def worst(found: Sequence[BackupResult]) -> BackupResult:
    """The worst of what is known; unknown when nothing is."""
    return next((one for one in (*BAD, BackupResult.OK) if one in found), BackupResult.UNKNOWN)


def _at(one: Seen) -> datetime:
    return one.at


def _judged(event: Event) -> BackupResult:
    if event.param("now") == Verdict.OK.value:
        return BackupResult.OK
    # A folder nobody can look into says nothing about the backup.
    return _REASONS.get(event.param("reason"), BackupResult.UNKNOWN)


def _watched(job: Watched, last_hour: datetime | None, before: Sequence[Seen], inside: Sequence[Seen]) -> BackupResult:
    """What the watch says of a day: bad when the newest backup became bad in it or was bad at its end."""
    if last_hour is None and not inside:
        return BackupResult.UNKNOWN
    bad = [one.result for one in inside if one.result is not None and one.result.is_bad]
    at_end = next((one.result for one in reversed(before) if one.result is not None), BackupResult.UNKNOWN)
    if bad or at_end.is_bad:
        return worst([*bad, at_end])
    if any(one.size for one in inside):
        return BackupResult.OK
    if at_end is not BackupResult.OK:
        return BackupResult.UNKNOWN
    newest = next((one.at for one in reversed(before) if one.result is None), None)
    if newest is not None and job.max_age_s is not None:
        # A limit that was changed leaves no event: the newest file is held against the one of the site file.
        looked_at = max(*([last_hour] if last_hour is not None else []), *(one.at for one in inside), newest)
        is_old = (looked_at - newest).total_seconds() > job.max_age_s
        return BackupResult.OLD if is_old else BackupResult.OK
    return BackupResult.OK


def _records(
    source: str, day: date, last_hour: datetime | None, inside: Sequence[Seen], rounds: Sequence[str]
) -> tuple[str, ...]:
    """What a day rests on beside rounds; a day without anything is named itself."""
    found = [f"{kind}:{source}@{day}" for kind, some in (("polls", last_hour), ("events", inside)) if some]
    return tuple(found) if found or rounds else (f"backup-day:{source}@{day}",)
