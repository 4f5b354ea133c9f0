"""What checks mean: which trouble is which, how many lost pings are a fault, and when a backup is too small."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from dutyroom.model.devices import BackupJob, OutsideLine, System
from dutyroom.model.facts import BackupFacts, BackupFile, CheckFacts
from dutyroom.model.reading import Kind, Latest, Sample, State, Verdict
from dutyroom.rules.changes import changes
from dutyroom.rules.checks import backup_findings, carried, usual_size
from dutyroom.rules.severity import judge

NOW = datetime(2026, 11, 24, 0, 41, tzinfo=UTC)
HIS, LINE = System("his", "HIS", "tcp://192.0.2.21:1521"), OutsideLine("yibao", "Line", "ping://192.0.2.129")
JOB = BackupJob("his-full", "HIS full", "/backup/*.dmp", 26 * 3600.0)


def check(error: str = "", later_s: float = 0.0, kind: Kind = Kind.SYSTEM, **facts: object) -> Sample:
    """One check, good or with that error."""
    found = CheckFacts("tcp://192.0.2.21:1521", not error, error, latency_ms=None if error else 0.4)
    at = NOW + timedelta(seconds=later_s)
    return Sample("his", kind, at, State.OK, check=replace(found, **facts))  # type: ignore[arg-type]


def one_after_the_other(*samples: Sample) -> list[Sample]:
    """The samples as the watch keeps them."""
    latest, kept = None, []
    for sample in samples:
        sample = carried(latest, sample)
        latest = Latest(sample, sample)
        kept.append(sample)
    return kept


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("refused", "refuses-connections"),
        ("timeout", "check-timeout"),
        ("unresolved", "name-not-resolved"),
        ("unreachable", "no-route"),
        ("failed", "check-failed"),
    ],
)
def test_each_way_of_not_answering_is_a_fault_of_its_own(error: str, code: str) -> None:
    sample = check(error)
    judged = judge(HIS, Latest(sample, sample), 30.0, NOW)
    assert (judged.state, judged.verdict, [reason.code for reason in judged.reasons]) == (
        State.OK,
        Verdict.FAULT,
        [code],
    )


def test_a_system_that_answers_is_ok() -> None:
    sample = check()
    judged = judge(HIS, Latest(sample, sample), 30.0, NOW)
    assert (judged.verdict, judged.reasons) == (Verdict.OK, ())


def test_all_pings_lost_twice_in_a_row_is_a_fault_and_once_is_not() -> None:
    lost = [check("lost", 30.0 * n, Kind.LINE, loss_percent=100.0) for n in range(3)]
    kept = one_after_the_other(check(kind=Kind.LINE, loss_percent=0.0), *lost, check("", 90.0, loss_percent=0.0))
    verdicts = [judge(LINE, Latest(one, one), 30.0, one.at).verdict for one in kept]
    assert verdicts == [Verdict.OK, Verdict.ATTENTION, Verdict.FAULT, Verdict.FAULT, Verdict.OK]
    assert [one.check.lost_in_row for one in kept if one.check] == [0, 1, 2, 3, 0]
    assert [one.check.since for one in kept if one.check] == [NOW, *[lost[0].at] * 3, kept[-1].at]


@pytest.mark.parametrize(("loss", "verdict"), [(0.0, "ok"), (33.3, "ok"), (66.7, "attention")])
def test_one_ping_of_three_may_get_lost(loss: float, verdict: str) -> None:
    sample = check(kind=Kind.LINE, loss_percent=loss)
    assert judge(LINE, Latest(sample, sample), 30.0, NOW).verdict.value == verdict


def test_a_machine_that_may_not_ping_knows_nothing_of_the_line() -> None:
    good = check(kind=Kind.LINE)
    denied = Sample("yibao", Kind.LINE, NOW + timedelta(hours=1), State.DENIED, "ping needs a group range")
    judged = judge(LINE, Latest(denied, good), 30.0, denied.at)
    assert (judged.verdict, [reason.code for reason in judged.reasons]) == (Verdict.UNKNOWN, ["ping-denied"])


def test_events_tell_when_it_stopped_answering_and_when_it_answers_again() -> None:
    kept = one_after_the_other(check(), check("lost", 30), check("lost", 60), check("refused", 90), check("", 120))
    told = [
        [(event.code, event.param("error")) for event in changes(Latest(was, was), now)] for was, now in pairwise(kept)
    ]
    assert told == [[], [("check-failed", "lost")], [], [("check-answers", "")]]


def backup(size: int = 1000, age_h: float = 5.0, **facts: object) -> BackupFacts:
    """A job with a week of files of 1000 bytes."""
    at = NOW - timedelta(hours=age_h)
    days = tuple((at - timedelta(days=7 - n), 1000) for n in range(7))
    found = BackupFacts("/backup/*.dmp", 8, BackupFile("/backup/8.dmp", at, size), recent=days)
    return replace(found, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (backup(), []),
        (backup(900), []),
        (backup(899), [("attention", "backup-small")]),
        (backup(1300), []),
        (backup(1301), [("attention", "backup-large")]),
        (backup(0), [("fault", "backup-empty")]),
        (backup(age_h=26.1), [("fault", "backup-old")]),
        (backup(500, age_h=30), [("fault", "backup-old"), ("attention", "backup-small")]),
        (backup(age_h=-1), [("attention", "backup-from-future")]),
        (backup(newest=None, count=0), [("fault", "backup-none")]),
        (
            backup(newest=None, count=1, writing=BackupFile("/backup/9.dmp", NOW, 5)),
            [("attention", "backup-writing")],
        ),
        (backup(writing=BackupFile("/backup/9.dmp", NOW, 5)), []),
        (backup(500, recent=((NOW - timedelta(days=1), 1000), (NOW - timedelta(days=2), 1000))), []),
    ],
)
def test_a_backup_is_judged_by_age_and_by_what_is_usual(facts: BackupFacts, wanted: list[tuple[str, str]]) -> None:
    found = backup_findings(facts, JOB, NOW)
    assert [(verdict.value, reason.code) for verdict, reason in found] == wanted


def test_a_job_without_max_age_is_not_judged_by_age() -> None:
    assert backup_findings(backup(age_h=1000), replace(JOB, max_age_s=None), NOW) == []


def look(facts: BackupFacts | None, later: timedelta, state: State = State.OK) -> Sample:
    """One look at the folder."""
    return Sample("his-full", Kind.BACKUP, NOW + later, state, backup=facts)


def test_sizes_are_remembered_when_only_the_newest_file_is_kept() -> None:
    latest = None
    for day in range(9):
        newest = BackupFile("/backup/his.dmp", NOW + timedelta(days=day), 1000 + day)
        sample = carried(latest, look(BackupFacts("/backup/*.dmp", 1, newest), timedelta(days=day, hours=1)))
        failed = look(None, timedelta(days=day, hours=2), State.TIMEOUT)
        latest = Latest(carried(Latest(sample, sample), failed), sample)
    assert latest is not None
    assert latest.good is not None
    assert latest.good.backup is not None
    assert [size for _at, size in latest.good.backup.recent] == [1001, 1002, 1003, 1004, 1005, 1006, 1007]
    assert usual_size(latest.good.backup) == 1004


def test_a_folder_that_is_gone_is_unknown_then_a_fault_and_says_what_it_is() -> None:
    good = look(backup(), timedelta())
    soon, late = timedelta(minutes=10), timedelta(hours=1)
    for later, verdict in ((soon, Verdict.UNKNOWN), (late, Verdict.FAULT)):
        gone = look(None, later, State.UNREACHABLE)
        judged = judge(JOB, Latest(gone, good), 600.0, gone.at)
        assert (judged.verdict, judged.reasons[0].code) == (verdict, "folder-unreachable")


def test_a_new_backup_is_an_event() -> None:
    before, after = look(backup(age_h=24), timedelta()), look(backup(1010, age_h=0.1), timedelta(hours=1))
    (event,) = changes(Latest(before, before), after)
    assert (event.code, event.param("path"), event.param("size")) == ("backup-made", "/backup/8.dmp", "1010")
    assert changes(Latest(after, after), after) == ()
