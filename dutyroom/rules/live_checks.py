"""What checks of systems, lines and backups say to the lines of a round."""

from __future__ import annotations

from datetime import datetime

from dutyroom.model.devices import BackupJob
from dutyroom.model.facts import BackupFacts, CheckFacts
from dutyroom.model.rounds import ABNORMAL, NORMAL
from dutyroom.rules.checks import backup_findings, is_down

# What is wrong with a backup, in the words of the checklist; the first that fits is the answer.
_HOT = (
    ("backup-none", "not run"),
    ("backup-old", "not run"),
    ("backup-empty", "failed"),
    ("backup-small", "partial"),
    ("backup-large", "partial"),
)


def answers(facts: CheckFacts) -> str | None:
    """Normal, abnormal, or nothing while a single ping was lost."""
    if facts.answered:
        return NORMAL
    return ABNORMAL if is_down(facts) else None


def all_answer(every: list[CheckFacts | None]) -> tuple[str, int] | None:
    """Of several lines: the answer, and which line it was read from. A line that is not known leaves it open."""
    said = [answers(facts) if facts is not None else None for facts in every]
    if ABNORMAL in said:
        return ABNORMAL, said.index(ABNORMAL)
    return (NORMAL, 0) if said and None not in said else None


def last_night(facts: BackupFacts, job: BackupJob, now: datetime) -> str | None:
    """How the newest backup went; nothing while it is being written, and where no age was promised."""
    codes = {reason.code for _verdict, reason in backup_findings(facts, job, now)}
    answer = next((answer for code, answer in _HOT if code in codes), None)
    if answer is not None:
        return answer
    return "ok" if not codes and job.max_age_s is not None else None


def gigabytes(facts: BackupFacts) -> float | None:
    """The size of the newest whole backup in GB (10^9 bytes)."""
    return facts.newest.size / 1e9 if facts.newest is not None else None
