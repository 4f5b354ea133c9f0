"""How did a finding stand at an earlier moment? Told from the lines of its history.

The finding itself is kept as it stands now. What its history tells is exact; the deadline and the operator before a
line of an older version, which did not tell them, are those of the class and nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dutyroom.model.finding import Finding, FindingState, FindingStep, Severity, Step
from dutyroom.rules.deadlines import deadline_of
from dutyroom.rules.finding_life import worse

HAD = "had"
"""The parameter that tells who had it before; empty for nobody."""
HAD_DEADLINE = "had-deadline"
"""The parameter that tells its deadline before, where the line does not say `was`."""
_SEEN = (FindingStep.SEEN_AGAIN, FindingStep.REOPENED)


def stood_at(finding: Finding, steps: Sequence[Step], until: datetime) -> Finding | None:
    """The finding as it stood just before `until`, `steps` being its whole history in order.

    None when it was not on record yet. The fields that tell what it is about are those it has now.
    """
    before = [one for one in steps if one.at < until]
    if len(before) == len(steps):
        return finding
    if not before:
        return None
    later = [one for one in steps if one.at >= until]
    stood = replace(
        finding,
        state=FindingState.OPEN,
        severity=_first_severity(finding, steps),
        contained_at=None,
        contained_by=None,
        reported_at=None,
        reported_by=None,
        authority_at=None,
        authority_by=None,
        done_at=None,
        done_by=None,
        verified_at=None,
        verified_by=None,
        known_until=None,
        known_owner=None,
        known_reason=None,
        times=1,
        returned=0,
        silenced_by=_silenced_at_first(finding, steps),
    )
    for step in before:
        stood = _after(stood, step)
    return replace(
        stood,
        assignee=_assignee(finding, before, later),
        deadline=_deadline(finding, steps, until),
        gone_at=_gone_at(finding, before, later),
    )


def _after(one: Finding, step: Step) -> Finding:
    """What a step made of the finding, but for its deadline, its operator and whether the watch still sees it."""
    told = dict(step.params)
    match step.step:
        case FindingStep.SEEN_AGAIN:
            return replace(one, times=one.times + 1, silenced_by=None if "window" in told else one.silenced_by)
        case FindingStep.REOPENED:
            again = replace(one, times=one.times + 1, silenced_by=None if "window" in told else one.silenced_by)
            return replace(again, state=FindingState.RETURNED, done_at=None, done_by=None)
        case FindingStep.CONTAINED:
            return replace(one, contained_at=step.at, contained_by=step.by)
        case FindingStep.REPORTED:
            return replace(one, reported_at=step.at, reported_by=step.by)
        case FindingStep.AUTHORITY:
            return replace(one, authority_at=step.at, authority_by=step.by)
        case FindingStep.TAKEN:
            return replace(one, state=FindingState.IN_WORK)
        case FindingStep.DONE:
            return replace(one, state=FindingState.DONE, done_at=step.at, done_by=step.by)
        case FindingStep.VERIFIED:
            return replace(one, state=FindingState.VERIFIED, verified_at=step.at, verified_by=step.by)
        case FindingStep.RETURNED:
            back = replace(one, state=FindingState.RETURNED, done_at=None, done_by=None)
            return replace(back, returned=one.returned + 1)
        case FindingStep.KNOWN:
            until = datetime.fromisoformat(told["until"])
            return replace(one, known_until=until, known_owner=told["owner"], known_reason=step.note)
        case FindingStep.KNOWN_ENDED:
            return replace(one, known_until=None, known_owner=None, known_reason=None)
        case FindingStep.SEVERITY:
            return replace(one, severity=Severity(told["now"]))
        case FindingStep.WITHDRAWN:
            return replace(one, state=FindingState.WITHDRAWN)
    return one


def _first_severity(finding: Finding, steps: Sequence[Step]) -> Severity:
    told = next((dict(one.params)["was"] for one in steps if one.step is FindingStep.SEVERITY), None)
    return Severity(told) if told is not None else finding.severity


def _silenced_at_first(finding: Finding, steps: Sequence[Step]) -> int | None:
    """A window is told by the step that ended it."""
    told = next((dict(one.params)["window"] for one in steps if "window" in dict(one.params)), None)
    return int(told) if told is not None else finding.silenced_by


def _assignee(finding: Finding, before: Sequence[Step], later: Sequence[Step]) -> str | None:
    given = (FindingStep.ASSIGNED, FindingStep.TAKEN)
    after = next((one for one in later if one.step in given), None)
    if after is None:
        return finding.assignee
    if HAD in dict(after.params):
        return dict(after.params)[HAD] or None
    last = next((one for one in reversed(before) if one.step in given), None)
    if last is None:
        return None
    return last.by if last.step is FindingStep.TAKEN else dict(last.params)["who"]


def _gone_at(finding: Finding, before: Sequence[Step], later: Sequence[Step]) -> datetime | None:
    changes = (*_SEEN, FindingStep.GONE, FindingStep.WITHDRAWN)
    if not any(one.step in changes for one in later):
        return finding.gone_at
    last = next((one for one in reversed(before) if one.step in changes), None)
    return last.at if last is not None and last.step is FindingStep.GONE else None


def _deadline(finding: Finding, steps: Sequence[Step], until: datetime) -> datetime:
    after = next((one for one in steps if one.at >= until and _changes_deadline(one)), None)
    if after is None:
        return finding.deadline
    told = dict(after.params)
    known = told.get(HAD_DEADLINE) or (told.get("was") if after.step is not FindingStep.SEVERITY else None)
    if known is not None:
        return datetime.fromisoformat(known)
    severity = _first_severity(finding, steps)
    deadline = deadline_of(severity, finding.found_at)
    for one in (step for step in steps if step.at < until):
        deadline = _deadline_after(one, severity, deadline)
        if one.step is FindingStep.SEVERITY:
            severity = Severity(dict(one.params)["now"])
    return deadline


def _changes_deadline(one: Step) -> bool:
    told = dict(one.params)
    match one.step:
        case FindingStep.SEVERITY:
            return worse(Severity(told["now"]), Severity(told["was"]))
        case FindingStep.ASSIGNED:
            return "deadline" in told
        case FindingStep.SEEN_AGAIN:
            return "window" in told
    return one.step in (FindingStep.KNOWN, FindingStep.KNOWN_ENDED, FindingStep.REOPENED)


def _deadline_after(one: Step, severity: Severity, deadline: datetime) -> datetime:
    if not _changes_deadline(one):
        return deadline
    told = dict(one.params)
    match one.step:
        case FindingStep.SEVERITY:
            return min(deadline, deadline_of(Severity(told["now"]), one.at))
        case FindingStep.ASSIGNED:
            return datetime.fromisoformat(told["deadline"])
        case FindingStep.KNOWN:
            return datetime.fromisoformat(told["until"])
        case FindingStep.KNOWN_ENDED:
            return min(deadline, deadline_of(severity, one.at))
        case FindingStep.SEEN_AGAIN:
            return deadline_of(severity, one.at)
    return max(deadline, deadline_of(severity, one.at))
