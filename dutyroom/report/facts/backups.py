"""Backups and restore tests: every job by day, what people answered about backups, and the backups of this store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from dutyroom.clock import local_date
from dutyroom.model.backup import Backup
from dutyroom.model.events import Event
from dutyroom.model.rounds import NOT_APPLICABLE
from dutyroom.report.facts.backup_days import (
    HOUR,
    JUDGED,
    MADE,
    Answered,
    BackupDay,
    BackupResult,
    Watched,
    day_of,
    seen_of,
)
from dutyroom.report.facts.days import days_so_far
from dutyroom.report.facts.rounds import ABNORMAL_VERDICTS, RoundFacts
from dutyroom.report.figure import Figure, Shown, ids
from dutyroom.report.frame import Frame
from dutyroom.store import backup_history, events, history
from dutyroom.store.database import Session
from dutyroom.words import _

RESULT, SIZE, RESTORE, ABOUT = "bak.hot", "bak.size", "bak.restore", "bak."
"""The items that tell how a backup of a job went, how large it is, and of restore tests; how all of them begin."""
SIZE_GB = "size_gb"


@dataclass(frozen=True, slots=True)
class JobDays:
    """A job and its local days in the period. `is_watched`: the watch looks at its files. `is_listed`: it stands in the
    site file; of one that does not any more only the days between its first and last record are told."""

    name: str
    label: str
    is_watched: bool
    is_listed: bool
    max_age_s: float | None
    days: tuple[BackupDay, ...]

    def count(self, *results: BackupResult) -> int:
        """How many days had one of those results."""
        return sum(one.result in results for one in self.days)


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """The jobs in the order of the site file, others after; answers in order of their rounds.

    `others` are answers to other items about backups, `tests` those to restore tests, `last_test` is the newest test
    that was done, maybe before the period. `own` are the tries to back this store up, `restored` when it was put back.
    `last_day` is the last local day that counts.
    """

    jobs: tuple[JobDays, ...] = ()
    others: tuple[Answered, ...] = ()
    tests: tuple[Answered, ...] = ()
    last_test: Answered | None = None
    own: tuple[Backup, ...] | None = None
    restored: tuple[datetime, ...] = ()
    last_day: date | None = None

    @property
    def is_known(self) -> bool:
        """False for a site without jobs and without any answer about backups."""
        return bool(self.jobs or self.others or self.tests or self.last_test)

    @property
    def days(self) -> tuple[BackupDay, ...]:
        """The days of all jobs that are over."""
        return tuple(day for job in self.jobs for day in job.days if day.is_over)

    @property
    def days_since_test(self) -> int | None:
        """Days from the last restore test that was done to the last day that counts."""
        if self.last_test is None or self.last_day is None:
            return None
        return max(0, (self.last_day - self.last_test.round.due_on).days)

    def figures(self) -> tuple[Figure, ...]:
        """The key figures, in the language in force."""
        return (*self._of_jobs(), *self._of_tests(), *self._of_own())

    def _of_jobs(self) -> Iterable[Figure]:
        days = self.days
        well = [one for one in days if one.result is BackupResult.OK]
        bad = [one for one in days if one.result.is_bad]
        unknown = [one for one in days if one.result is BackupResult.UNKNOWN]

        def figure(name: str, label: str, some: Sequence[BackupDay], *, known: bool, bad: bool = False) -> Figure:
            return _counted(name, label, len(some), (record for one in some for record in one.records), known, bad)

        yield figure("backups.days", _("Backups due, by day and job"), days, known=bool(self.jobs))
        yield figure("backups.ok", _("Backups known to be well"), well, known=bool(self.jobs))
        # Where nothing is known of any day, nobody can say that none failed.
        yield figure("backups.not_ok", _("Backups not well"), bad, known=bool(well or bad), bad=True)
        yield figure("backups.unknown", _("Backups not known"), unknown, known=bool(self.jobs))

    def _of_tests(self) -> Iterable[Figure]:
        done = [one.record for one in self.tests if one.is_done]
        failed = [one.record for one in self.tests if one.entry.verdict in ABNORMAL_VERDICTS]
        last = (self.last_test.record,) if self.last_test is not None else ()
        yield _counted("backups.restore_tests", _("Restore tests done"), len(done), done, self.is_known)
        label = _("Restore tests not done or failed")
        yield _counted("backups.restore_failed", label, len(failed), failed, self.is_known, bad=True)
        on = self.last_test.round.due_on if self.last_test is not None else None
        yield Figure("backups.last_restore_test", _("Last restore test"), on, Shown.DATE, last)
        since = self.days_since_test
        yield Figure("backups.days_since_test", _("Days since the last restore test"), since, records=last)

    def _of_own(self) -> Iterable[Figure]:
        known, own = self.own is not None, self.own or ()
        made = [one.id for one in own if one.is_good]
        failed = [one.id for one in own if one.trouble is not None]
        yield _counted("backups.own_made", _("Backups of these records"), len(made), ids("backup", made), known)
        label = _("Own backups with trouble")
        yield _counted("backups.own_failed", label, len(failed), ids("backup", failed), known, bad=True)


def gather(session: Session, frame: Frame, found: RoundFacts) -> BackupFacts:
    """The backups from the beginning of the period to the cut-off; `found` are its rounds. Raises StoreError."""
    since, until = frame.begins_at, frame.cutoff
    used = frame.used_from is not None and frame.used_from < until and since < until
    slots = {slot.round.id: slot.round for slot in found.signed if slot.round is not None}
    about = [
        Answered(slots[one.round_id], one)
        for one in found.entries
        if one.item.startswith(ABOUT) and one.answer is not None and one.answer != NOT_APPLICABLE
    ]
    tests = [one for one in about if one.entry.item.startswith(RESTORE)]
    older = backup_history.older_answers(session, RESTORE, frame.period.first, until)
    done = [one for one in (*(Answered(*pair) for pair in older), *tests) if one.is_done]
    jobs = _jobs(session, frame, about) if used else ()
    return BackupFacts(
        jobs=jobs,
        others=tuple(
            one for one in about if one.entry.item not in (RESULT, SIZE) and not one.entry.item.startswith(RESTORE)
        ),
        tests=tuple(tests),
        last_test=max(done, key=lambda one: (one.round.due_on, one.round.id), default=None),
        own=backup_history.tries_between(session, since, until) if used else None,
        restored=backup_history.restored_between(session, since, until) if used else (),
        last_day=min(frame.period.last, local_date(until, frame.zone)),
    )


def _jobs(session: Session, frame: Frame, about: Sequence[Answered]) -> tuple[JobDays, ...]:
    answers: dict[str, list[Answered]] = defaultdict(list)
    for one in about:
        if one.entry.item in (RESULT, SIZE):
            answers[one.entry.device].append(one)
    watched = _watched(session, frame)
    listed = {job.name: job for job in frame.site.backups}
    assert frame.used_from is not None  # asked before
    first = local_date(frame.used_from, frame.zone)
    days = [day for day in days_so_far(frame) if day >= first]
    found = []
    for name in dict.fromkeys((*listed, *sorted(watched), *sorted(answers))):
        job = listed.get(name)
        own = _days(frame, watched.get(name, Watched(name)), answers.get(name, ()), days)
        if job is None:
            own = _on_record(own)
        if own:
            is_watched = name in watched or (job is not None and job.path is not None)
            max_age_s = job.max_age_s if job is not None else None
            found.append(JobDays(name, frame.site.label_of(name), is_watched, job is not None, max_age_s, own))
    return tuple(found)


def _days(frame: Frame, job: Watched, answers: Sequence[Answered], days: Sequence[date]) -> tuple[BackupDay, ...]:
    by_day: dict[date, list[Answered]] = defaultdict(list)
    for one in answers:
        by_day[one.round.due_on].append(one)
    found = []
    for day in days:
        own = by_day.get(day, [])
        told = [one for one in own if one.entry.item == RESULT]
        sizes = [one.entry.value for one in own if one.entry.item == SIZE and one.entry.value is not None]
        found.append(day_of(job, day, frame.zone, frame.cutoff, told, sizes[-1] if sizes else None))
    return tuple(found)


def _on_record(days: Sequence[BackupDay]) -> tuple[BackupDay, ...]:
    """From the first day with anything on record to the last one."""
    told = [place for place, one in enumerate(days) if not one.records[0].startswith("backup-day:")]
    return tuple(days[told[0] : told[-1] + 1]) if told else ()


def _watched(session: Session, frame: Frame) -> dict[str, Watched]:
    """What is on record of the files of every job that is watched, or was."""
    since, until = frame.begins_at, frame.cutoff
    local = cache(lambda hour: local_date(hour, frame.zone))
    sizes: dict[str, dict[date, float]] = defaultdict(dict)
    for one in history.hours_of_many(session, since, until, quantities=(SIZE_GB,)):
        if one.hour + HOUR <= frame.made_at:
            sizes[one.source][local(one.hour)] = one.mean
    made = events.between(session, (MADE,), since, until)
    listed = {job.name: job for job in frame.site.backups}
    names = dict.fromkeys((*(name for name, job in listed.items() if job.path is not None), *sizes))
    names |= dict.fromkeys(one.source for one in made)
    told = _by_source(
        (
            *events.newest_before(session, (MADE,), since),
            *events.newest_before(session, (JUDGED,), since),
            *made,
            *events.between(session, (JUDGED,), since, until),
        ),
        names,
    )
    missing = backup_history.missing_found(session, until)
    return {
        name: Watched(
            name,
            seen_of(told.get(name, ()), (at for at, _number in missing.get(name, ()))),
            {local(hour): hour for hour in _answered_hours(session, frame, name)},
            sizes.get(name, {}),
            job.max_age_s if (job := listed.get(name)) is not None else None,
        )
        for name in names
    }


def _by_source(found: Iterable[Event], names: Iterable[str]) -> Mapping[str, list[Event]]:
    wanted = {*names}
    by_source: dict[str, list[Event]] = defaultdict(list)
    for one in found:
        if one.source in wanted:
            by_source[one.source].append(one)
    return by_source


def _answered_hours(session: Session, frame: Frame, name: str) -> tuple[datetime, ...]:
    """The whole hours of the period in which the folder was looked into."""
    return tuple(
        one.hour
        for one in history.polls(session, name, frame.begins_at, frame.cutoff)
        if one.ok and frame.begins_at <= one.hour and one.hour + HOUR <= frame.made_at
    )


def _counted(name: str, label: str, count: int, records: Iterable[str], known: bool, bad: bool = False) -> Figure:
    """A number, None where it is not known; `bad`: any at all asks for attention."""
    value = count if known else None
    return Figure(name, label, value, records=tuple(dict.fromkeys(records)), is_bad=bad and bool(value))
