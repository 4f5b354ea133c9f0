"""What may happen to a finding now, and what does a step make of it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dutyroom.model.finding import Finding, FindingOrigin, FindingState, FindingStep, Severity
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry
from dutyroom.rules.deadlines import deadline_of

ABNORMAL = (Verdict.ATTENTION, Verdict.FAULT)
_RANK = {Severity.MAJOR: 0, Severity.CRITICAL: 1, Severity.OTHER: 2}
_NEED_NOTE = (
    *(FindingStep.DONE, FindingStep.RETURNED, FindingStep.NOTED, FindingStep.SEVERITY, FindingStep.KNOWN),
    FindingStep.WITHDRAWN,
)


def severity_of(verdict: Verdict) -> Severity:
    """The class of what an answer found: out of the critical limits or abnormal is `critical`."""
    return Severity.CRITICAL if verdict is Verdict.FAULT else Severity.OTHER


def worse(one: Severity, other: Severity) -> bool:
    """True when the first class is higher."""
    return _RANK[one] < _RANK[other]


def key_of_entry(item: str, device: str) -> str:
    """The name of the fault an answer stands for."""
    return f"entry:{item}/{device}"


def needs_finding(entry: Entry) -> bool:
    """True for an answer that is not normal and stands for no finding."""
    return entry.answer is not None and entry.verdict in ABNORMAL and entry.finding_id is None


def unresolved(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The answers because of which a round cannot be signed."""
    return tuple(entry for entry in entries if needs_finding(entry))


def is_of_one_answer(finding: Finding, entry: Entry) -> bool:
    """True while the finding was made of that answer and nothing else has happened to it."""
    untouched = (finding.state, finding.times, finding.contained_at, finding.reported_at, finding.known_until)
    return (finding.round_id, finding.key, *untouched) == (
        *(entry.round_id, key_of_entry(entry.item, entry.device)),
        *(FindingState.OPEN, 1, None, None, None),
    )


def why_not(finding: Finding, step: FindingStep, by: str, note: str) -> str:
    """Empty, or a code why that cannot be done to it by that person now.

    Codes: `over`, `note-needed`, `stamped` (that clock was stopped before), `not-major`, `done` (it waits for
    somebody to verify it), `taken` (by this person before), `not-done`, `own` (nobody verifies their own work),
    `still-there` (the watch sees it: say why it is right all the same), `not-known`, `not-withdrawn`.
    """
    if finding.is_over:
        return "over"
    if step in _NEED_NOTE and not note:
        return "note-needed"
    match step:
        case FindingStep.CONTAINED | FindingStep.REPORTED | FindingStep.AUTHORITY:
            return _why_not_stamped(finding, step)
        case FindingStep.TAKEN | FindingStep.ASSIGNED | FindingStep.DONE | FindingStep.KNOWN if (
            finding.state is FindingState.DONE
        ):
            return "done"
        case FindingStep.TAKEN if finding.state is FindingState.IN_WORK and finding.assignee == by:
            return "taken"
        case FindingStep.VERIFIED | FindingStep.RETURNED:
            return _why_not_judged(finding, step, by, note)
        case FindingStep.KNOWN_ENDED if finding.known_until is None:
            return "not-known"
        case FindingStep.WITHDRAWN if finding.origin is FindingOrigin.WATCH or finding.state is not FindingState.OPEN:
            return "not-withdrawn"
    return ""


def seen_again(finding: Finding, now: datetime) -> Finding:
    """The finding after the fault was met once more. What was said to be done goes back to work with a new deadline."""
    again = replace(finding, times=finding.times + 1, gone_at=None)
    if finding.state is not FindingState.DONE:
        return again
    later = max(finding.deadline, deadline_of(finding.severity, now))
    return replace(again, state=FindingState.RETURNED, done_at=None, done_by=None, deadline=later)


def step_of_seeing(finding: Finding) -> FindingStep:
    """How its history tells that the fault was met once more."""
    return FindingStep.REOPENED if finding.state is FindingState.DONE else FindingStep.SEEN_AGAIN


def by_urgency(findings: Iterable[Finding], now: datetime) -> tuple[Finding, ...]:
    """What is overdue first, then by deadline; what waits for verification and what is silenced after it, over last.

    The oldest deadline comes first; of the same deadline the higher class, then the older number.
    """
    return tuple(sorted(findings, key=lambda one: (_group(one, now), one.deadline, _RANK[one.severity], one.id)))


def _group(one: Finding, now: datetime) -> int:
    if one.is_over:
        return 4
    if one.silenced_by is not None:
        return 3
    if one.state is FindingState.DONE:
        return 2
    return 0 if one.is_overdue(now) else 1


def _why_not_stamped(finding: Finding, step: FindingStep) -> str:
    stamps = {
        FindingStep.CONTAINED: finding.contained_at,
        FindingStep.REPORTED: finding.reported_at,
        FindingStep.AUTHORITY: finding.authority_at,
    }
    if stamps[step] is not None:
        return "stamped"
    return "not-major" if step is FindingStep.AUTHORITY and finding.severity is not Severity.MAJOR else ""


def _why_not_judged(finding: Finding, step: FindingStep, by: str, note: str) -> str:
    if finding.state is not FindingState.DONE:
        return "not-done"
    if step is FindingStep.RETURNED:
        return ""
    if finding.done_by == by:
        return "own"
    seen = finding.origin is FindingOrigin.WATCH and finding.gone_at is None
    return "still-there" if seen and not note else ""
