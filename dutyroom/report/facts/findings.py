"""The findings of a period and their rectification, as they stood at its cut-off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from dutyroom.checklists import parse
from dutyroom.model.checklist import Checklist, Item
from dutyroom.model.finding import Finding, FindingState, FindingStep, Severity, Step
from dutyroom.report.figure import Figure, Shown, ids
from dutyroom.report.frame import Frame
from dutyroom.rules.deadlines import Countdown, countdowns, late_clocks
from dutyroom.rules.finding_history import stood_at
from dutyroom.store import checklists, findings, rounds
from dutyroom.store.database import Session
from dutyroom.words import _

DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class FindingFact:
    """One finding as it stood at the cut-off. `recorded_at` is when it was put on record, found earlier or not.

    `measure` is the note of the last time it was said to be done. `item` is its item with the limits of the version its
    round was walked with, None where no checklist has it. `steps` are the lines of its history up to the cut-off.
    `breaches` are the clocks that were not met at the cut-off and had not been late when the period began.
    """

    finding: Finding
    recorded_at: datetime
    steps: tuple[Step, ...]
    measure: str = ""
    item: Item | None = None
    checklist: Checklist | None = None
    breaches: tuple[FindingStep, ...] = ()

    @property
    def clocks(self) -> tuple[Countdown, ...]:
        """Its clocks, the first to run out first; none of the class `other`, nor while it does not count."""
        return countdowns(self.finding) if self.counts else ()

    @property
    def counts(self) -> bool:
        """False while planned maintenance explains it."""
        return self.finding.silenced_by is None

    @property
    def records(self) -> tuple[str, ...]:
        """The finding and the lines of its history, in the ledger's words."""
        return (f"finding:{self.finding.id}", *ids("finding-step", (one.id for one in self.steps)))


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """Those on record before the cut-off that were not over when the period began, by number; withdrawn ones are none.

    Moments are UTC.
    """

    begins_at: datetime
    cutoff: datetime
    found: tuple[FindingFact, ...] = ()

    def is_new(self, one: FindingFact) -> bool:
        """True when it was put on record in the period."""
        return one.recorded_at >= self.begins_at

    def is_open(self, one: FindingFact) -> bool:
        """True when it was not over at the cut-off and counts."""
        return one.counts and not one.finding.is_over

    def is_overdue(self, one: FindingFact) -> bool:
        """True when its deadline had passed at the cut-off and nobody had said that it is done."""
        return one.counts and one.finding.is_overdue(self.cutoff)

    def days_over(self, one: FindingFact) -> int:
        """Whole days between the deadline and the moment it was done, or the cut-off while it is not; 0 in time."""
        ended = one.finding.done_at if one.finding.done_at is not None else self.cutoff
        return max(0, int((ended - one.finding.deadline).total_seconds() // DAY_S)) if one.counts else 0

    def figures(self) -> tuple[Figure, ...]:
        """The key figures, in the language in force."""
        new = [one for one in self.found if self.is_new(one)]
        verified = [one for one in self.found if one.finding.state is FindingState.VERIFIED]
        standing = [one for one in self.found if self.is_open(one)]
        overdue = [one for one in self.found if self.is_overdue(one)]
        major = [one for one in self.found if one.finding.severity is Severity.MAJOR]
        late = [one for one in self.found if one.breaches]
        done = [one for one in self.found if one.finding.done_at is not None and one.finding.done_at >= self.begins_at]
        return (
            Figure("findings.found", _("Found in the period"), len(new), records=_ids(new)),
            Figure("findings.verified", _("Verified in the period"), len(verified), records=_ids(verified)),
            Figure("findings.open", _("Not over at its end"), len(standing), records=_ids(standing)),
            Figure(
                "findings.overdue", _("Overdue at its end"), len(overdue), records=_ids(overdue), is_bad=bool(overdue)
            ),
            Figure("findings.major", _("Major ones"), len(major), records=_ids(major), is_bad=bool(major)),
            Figure(
                "findings.clock_breaches",
                _("Clocks not met"),
                sum(len(one.breaches) for one in late),
                records=_ids(late),
                is_bad=bool(late),
            ),
            Figure(
                "findings.median_days",
                _("Median days until done"),
                _median_days(done),
                Shown.NUMBER,
                records=_ids(done),
            ),
        )


def gather(session: Session, frame: Frame) -> FindingFacts:
    """The findings of the period. Raises StoreError, ChecklistError."""
    stood: list[tuple[Finding, tuple[Step, ...], tuple[FindingStep, ...]]] = []
    for one, steps in findings.with_steps(session, frame.begins_at, frame.cutoff):
        before = tuple(step for step in steps if step.at < frame.cutoff)
        as_it_was = stood_at(one, steps, frame.cutoff)
        if as_it_was is not None and as_it_was.state is not FindingState.WITHDRAWN:
            at_first = stood_at(one, steps, frame.begins_at)
            late_before = late_clocks(at_first, frame.begins_at) if at_first is not None else ()
            late = (clock for clock in late_clocks(as_it_was, frame.cutoff) if clock not in late_before)
            stood.append((as_it_was, before, tuple(late)))
    walked_with = _versions(session, frame, (one.round_id for one, *_rest in stood if one.round_id is not None))
    facts = []
    for one, steps, breaches in stood:
        checklist, item = _item(frame, walked_with.get(one.round_id or 0), one.item)
        done = [step.note for step in steps if step.step is FindingStep.DONE]
        measure = done[-1] if done else ""
        facts.append(FindingFact(one, steps[0].at, steps, measure, item, checklist, breaches))
    return FindingFacts(frame.begins_at, frame.cutoff, tuple(facts))


def _versions(session: Session, frame: Frame, numbers: Iterable[int]) -> Mapping[int, Checklist]:
    """By round the checklist it was walked with; rounds before the period have versions the frame does not know."""
    walked = {number: one for number in {*numbers} if (one := rounds.get(session, number)) is not None}
    known = dict(frame.versions)
    texts = checklists.contents(session, (one.version for one in walked.values() if one.version not in known))
    known.update({version: parse(text, frame.site.limit_profile, version) for version, text in texts.items()})
    return {number: known[one.version] for number, one in walked.items() if one.version in known}


def _item(frame: Frame, walked_with: Checklist | None, item: str) -> tuple[Checklist | None, Item | None]:
    asked = [walked_with] if walked_with is not None else []
    for checklist in (*asked, *frame.checklists.values(), *frame.versions.values()):
        if (found := checklist.item(item)) is not None:
            return checklist, found
    return None, None


def _ids(found: Iterable[FindingFact]) -> tuple[str, ...]:
    return ids("finding", (one.finding.id for one in found))


def _median_days(done: Iterable[FindingFact]) -> float | None:
    """From found to done; None when none was done."""
    days = [
        (one.finding.done_at - one.finding.found_at).total_seconds() / DAY_S
        for one in done
        if one.finding.done_at is not None
    ]
    return round(median(days), 2) if days else None
