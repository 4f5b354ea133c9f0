"""Until when must a finding be dealt with, and which clocks run on it?

All of it is elapsed time between UTC moments: no daylight saving or midnight can make a deadline shorter. Contained in
3 minutes and reported in 30 are the hospital's rule; the authority's 4 hours are those of the reporting rules for
network security incidents in force since 2025-11-01.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dutyroom.model.finding import Finding, FindingStep, Severity

CONTAIN_WITHIN = timedelta(minutes=3)
REPORT_WITHIN = timedelta(minutes=30)
AUTHORITY_WITHIN = timedelta(hours=4)
# A known fault is looked at again at least once a month.
KNOWN_AT_MOST = timedelta(days=31)
# Nobody plans further: a deadline beyond is a typing error.
LONGEST = timedelta(days=366)

_SPANS = {
    Severity.MAJOR: timedelta(hours=24),
    Severity.CRITICAL: timedelta(hours=24),
    Severity.OTHER: timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Countdown:
    """One clock on a finding: what must be done until `due_at` (UTC), and when it was."""

    step: FindingStep
    due_at: datetime
    stopped_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """True when it was done too late, or is not done and should be."""
        return (self.stopped_at if self.stopped_at is not None else now) > self.due_at

    def left_s(self, now: datetime) -> float:
        """Seconds that are left (at the stop: that were left); negative when late."""
        return (self.due_at - (self.stopped_at if self.stopped_at is not None else now)).total_seconds()


def deadline_of(severity: Severity, since: datetime) -> datetime:
    """The deadline of a finding of that class found at that moment, in UTC.

    Counted in elapsed time: adding to a local time would move it by an hour where daylight saving begins or ends.
    """
    return since.astimezone(UTC) + _SPANS[severity]


def countdowns(finding: Finding) -> tuple[Countdown, ...]:
    """The clocks of a finding, the first to run out first: none for the class `other`, three for `major`."""
    if finding.severity is Severity.OTHER:
        return ()
    since = finding.found_at.astimezone(UTC)
    clocks = [
        Countdown(FindingStep.CONTAINED, since + CONTAIN_WITHIN, finding.contained_at),
        Countdown(FindingStep.REPORTED, since + REPORT_WITHIN, finding.reported_at),
    ]
    if finding.severity is Severity.MAJOR:
        clocks.append(Countdown(FindingStep.AUTHORITY, since + AUTHORITY_WITHIN, finding.authority_at))
    return tuple(clocks)


def late_clocks(finding: Finding, now: datetime) -> tuple[FindingStep, ...]:
    """Which clocks of a finding are not met at that moment; none while planned maintenance explains it."""
    if finding.silenced_by is not None:
        return ()
    return tuple(clock.step for clock in countdowns(finding) if clock.is_late(now))


def why_no_deadline(deadline: datetime, now: datetime) -> str:
    """Empty, or why that moment cannot be a deadline set now: `deadline-past`, `deadline-far`."""
    if deadline <= now:
        return "deadline-past"
    return "deadline-far" if deadline > now + LONGEST else ""


def why_not_known_until(until: datetime, now: datetime) -> str:
    """Empty, or why a fault cannot be known until then: `known-past`, `known-too-long`."""
    if until <= now:
        return "known-past"
    return "known-too-long" if until > now + KNOWN_AT_MOST else ""
