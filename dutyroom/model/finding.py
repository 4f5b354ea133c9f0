"""Findings: something wrong, who puts it right, until when, and who has seen that it is right again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FindingOrigin(StrEnum):
    """Where a finding comes from: an answer of a round, the watch, or a person."""

    ENTRY = "entry"
    WATCH = "watch"
    PERSON = "person"


class Severity(StrEnum):
    """How bad: `major` has the clock of the authority (4 h) and forbids a handover; `critical` is due in 24 hours."""

    MAJOR = "major"
    CRITICAL = "critical"
    OTHER = "other"


class FindingState(StrEnum):
    """Where the rectification stands. `verified` is the end; `returned` goes back to work.

    `withdrawn` was none: a mistyped answer, or trouble that came and went inside planned maintenance.
    """

    OPEN = "open"
    IN_WORK = "in-work"
    DONE = "done"
    RETURNED = "returned"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


OVER = (FindingState.VERIFIED, FindingState.WITHDRAWN)
"""States in which nothing changes any more."""


class FindingStep(StrEnum):
    """What happened to a finding; the codes of its history."""

    FOUND = "found"
    SEEN_AGAIN = "seen-again"
    GONE = "gone"
    REOPENED = "reopened"
    CONTAINED = "contained"
    REPORTED = "reported"
    AUTHORITY = "authority"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    NOTED = "noted"
    DONE = "done"
    VERIFIED = "verified"
    RETURNED = "returned"
    KNOWN = "known"
    KNOWN_ENDED = "known-ended"
    SEVERITY = "severity"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. Times are UTC; `found_by` is None for what the watch found.

    `key` names the fault, so that it is found once: `entry:ITEM/DEVICE`, `watch:DEVICE/CODE/DETAIL`, `person:ID`.
    `code` and `params` say what the watch saw, `text` what a person wrote. `known_until` is set while it is a known
    fault, with its owner and reason. `gone_at`: the watch sees it no more (it still has to be done and verified).
    `times` counts how often it was found. `silenced_by` is the maintenance window that runs over it: it is shown, and
    counts for nothing.
    """

    origin: FindingOrigin
    key: str
    severity: Severity
    found_at: datetime
    found_by: str | None
    deadline: datetime
    state: FindingState = FindingState.OPEN
    item: str = ""
    device: str = ""
    round_id: int | None = None
    code: str = ""
    params: tuple[tuple[str, str], ...] = ()
    text: str = ""
    assignee: str | None = None
    contained_at: datetime | None = None
    contained_by: str | None = None
    reported_at: datetime | None = None
    reported_by: str | None = None
    authority_at: datetime | None = None
    authority_by: str | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    verified_at: datetime | None = None
    verified_by: str | None = None
    known_until: datetime | None = None
    known_owner: str | None = None
    known_reason: str | None = None
    gone_at: datetime | None = None
    times: int = 1
    returned: int = 0
    silenced_by: int | None = None
    id: int = 0

    @property
    def is_over(self) -> bool:
        """True when somebody else has verified that it is right again, or when it was withdrawn."""
        return self.state in OVER

    def is_known(self, now: datetime) -> bool:
        """True while it is a known fault that need not be found again."""
        return self.known_until is not None and now < self.known_until and not self.is_over

    def is_overdue(self, now: datetime) -> bool:
        """True when its deadline has passed and nobody has said that it is done."""
        return now > self.deadline and self.state is not FindingState.DONE and not self.is_over


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a finding's history: what, when, who (None: the watch), with a note and parameters."""

    finding_id: int
    at: datetime
    by: str | None
    step: FindingStep
    note: str = ""
    params: tuple[tuple[str, str], ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class FindingsNow:
    """For the board: how many are not over, of them overdue and known, the highest class, and the next deadline.

    Those that planned maintenance silences are counted in `silenced` alone.
    """

    open: int = 0
    overdue: int = 0
    known: int = 0
    to_verify: int = 0
    silenced: int = 0
    worst: Severity | None = None
    oldest_overdue_at: datetime | None = None
    next_deadline: datetime | None = None
