"""Systems, lines and backups: what a check means, and what one check alone cannot tell.

A silent host is a fault when two pings in a row came back with nothing: one lost ping is weather. A refused or a
silent TCP connection is a fault at once; the system itself tried several times.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from dutyroom.model.devices import BackupJob
from dutyroom.model.facts import BackupFacts, CheckFacts
from dutyroom.model.reading import Latest, Reason, Sample, Verdict

Findings = list[tuple[Verdict, Reason]]

LOST_IN_ROW = 2
# Of three echoes one may get lost without a word; two may not.
LOSS_PERCENT = 50.0
# A backup may be 10 % smaller and 30 % larger than what is usual of it.
SMALLER, LARGER = 0.90, 1.30
WEEK = timedelta(days=7)
# Of fewer days nothing is usual yet.
FEWEST_DAYS = 3
# Clocks of two machines differ; a file of the future is one whose time cannot be believed.
AHEAD_S = 300.0

_ERRORS = {
    "refused": "refuses-connections",
    "timeout": "check-timeout",
    "unresolved": "name-not-resolved",
    "unreachable": "no-route",
    "lost": "ping-lost",
}
# Why a device of these kinds tells nothing, where the state alone says too little.
_LOST = {
    ("backup", "unreachable"): "folder-unreachable",
    ("backup", "denied"): "folder-denied",
    ("backup", "timeout"): "folder-hangs",
    ("system", "denied"): "ping-denied",
    ("line", "denied"): "ping-denied",
}


def carried(was: Latest | None, sample: Sample) -> Sample:
    """The sample with what only the one before knows: since when, how often in a row, sizes of the days before."""
    before = was.good if was is not None else None
    if sample.check is not None:
        known = before.check if before is not None and before.check is not None else None
        return replace(sample, check=_with_past(sample.check, known, sample.at))
    if sample.backup is not None and before is not None and before.backup is not None:
        return replace(sample, backup=_with_sizes(sample.backup, before.backup))
    return sample


def why_failed(sample: Sample) -> str:
    """Why a poll got no answer: the code of its state, or the error of a check; empty for one that was answered.

    A check tells of a system or a line, so one that was made and found nothing there is a failed poll of it.
    """
    if not sample.state.knows:
        return sample.state.value
    if sample.check is None or sample.check.answered:
        return ""
    return sample.check.error or "failed"


def reached(sample: Sample) -> bool:
    """False for a check that found no one there; a service that refuses was reached."""
    return sample.check is None or sample.check.answered or sample.check.error == "refused"


def is_down(facts: CheckFacts) -> bool:
    """True when it does not answer for certain."""
    return not facts.answered and (facts.error != "lost" or facts.lost_in_row >= LOST_IN_ROW)


def lost_code(sample: Sample) -> str:
    """The code of a state in which nothing is known, in the words of the kind of device."""
    return _LOST.get((sample.kind.value, sample.state.value), sample.state.value)


def check_findings(facts: CheckFacts) -> Findings:
    """What is wrong with a system or a line; nothing when it answers."""
    if facts.answered:
        loss = facts.loss_percent or 0.0
        return [(Verdict.ATTENTION, Reason("packet-loss", "loss_percent", loss, 0))] if loss > LOSS_PERCENT else []
    if is_down(facts):
        return [(Verdict.FAULT, Reason(_ERRORS.get(facts.error, "check-failed"), "check", facts.target))]
    return [(Verdict.ATTENTION, Reason("ping-lost-once", "check", facts.target))]


def backup_findings(facts: BackupFacts, job: BackupJob, now: datetime) -> Findings:
    """What is wrong with the newest backup that is whole: not there, empty, too old, of another size than usual."""
    newest = facts.newest
    if newest is None:
        if facts.writing is not None:
            return [(Verdict.ATTENTION, Reason("backup-writing", "backup", facts.writing.path))]
        return [(Verdict.FAULT, Reason("backup-none", "backup", facts.pattern))]
    found: Findings = []
    age_s = (now - newest.at).total_seconds()
    if newest.size == 0:
        found.append((Verdict.FAULT, Reason("backup-empty", "backup", newest.path)))
    if age_s < -AHEAD_S:
        found.append((Verdict.ATTENTION, Reason("backup-from-future", "age_s", round(age_s))))
    elif job.max_age_s is not None and age_s > job.max_age_s:
        found.append((Verdict.FAULT, Reason("backup-old", "age_s", round(age_s), round(job.max_age_s))))
    usual = usual_size(facts)
    if newest.size and usual:
        if newest.size < SMALLER * usual:
            found.append((Verdict.ATTENTION, Reason("backup-small", "size", newest.size, round(usual))))
        elif newest.size > LARGER * usual:
            found.append((Verdict.ATTENTION, Reason("backup-large", "size", newest.size, round(usual))))
    return found


def usual_size(facts: BackupFacts) -> float | None:
    """The median of the sizes of the week before, in bytes; None while fewer than three days are known."""
    sizes = [size for _at, size in facts.recent]
    return float(median(sizes)) if len(sizes) >= FEWEST_DAYS else None


def _with_past(facts: CheckFacts, before: CheckFacts | None, at: datetime) -> CheckFacts:
    same = before is not None and before.target == facts.target
    if before is None or not same:
        return replace(facts, since=at, lost_in_row=0 if facts.answered else 1)
    as_before = before.answered is facts.answered
    lost = 0 if facts.answered else before.lost_in_row + 1
    return replace(facts, since=before.since if as_before else at, lost_in_row=lost)


def _with_sizes(facts: BackupFacts, before: BackupFacts) -> BackupFacts:
    newest = facts.newest
    if newest is None or before.pattern != facts.pattern:
        return facts if newest is not None else replace(facts, recent=before.recent)
    known = [*before.recent]
    if before.newest is not None and before.newest.size and before.newest.at < newest.at:
        known.append((before.newest.at, before.newest.size))
    days = {at.date(): (at, size) for at, size in sorted([*known, *facts.recent]) if newest.at - WEEK <= at < newest.at}
    days.pop(newest.at.date(), None)
    return replace(facts, recent=tuple(sorted(days.values())))
