"""Who did what to the records of a period: the acts an auditor looks at, one by one; routine ones are counted.

An act belongs to the period when its line in the ledger lies before the cut-off; what was done to the rounds of the
period after its end, up to the moment of making, belongs to it as well and is told apart. Exports belong to none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dutyroom.model.events import LedgerLine
from dutyroom.model.finding import FindingStep, Severity, Step
from dutyroom.model.people import Act
from dutyroom.report.facts import audit_honesty, audit_limits
from dutyroom.report.facts.audit_about import About, AmendedAbout, PublishedAbout, about
from dutyroom.report.facts.audit_honesty import RoundHonesty
from dutyroom.report.facts.audit_limits import VersionChange
from dutyroom.report.facts.ledger import LedgerFacts
from dutyroom.report.facts.rounds import RoundFacts
from dutyroom.report.figure import Figure, ids
from dutyroom.report.frame import Frame
from dutyroom.rules.finding_life import worse
from dutyroom.store import findings, ledger_history, round_history
from dutyroom.store.database import Session
from dutyroom.store.ledger_history import Span
from dutyroom.words import _

PEOPLE = (Act.ADD_OPERATOR, Act.DISABLE_OPERATOR, Act.SET_PASSWORD, Act.SET_PIN)
REFUSED = (Act.REFUSE_SIGN_IN, Act.REFUSE_UNLOCK)
REGISTER = (Act.REGISTER, Act.CHANGE_REGISTRATION, Act.REMOVE_REGISTRATION, Act.IMPORT_ROSTER)
PLANNED = (Act.OPEN_PERIOD, Act.CLOSE_PERIOD, Act.PLAN_MAINTENANCE, Act.CANCEL_MAINTENANCE)
LISTED = (
    *(Act.AMEND_ROUND, Act.SKIP_ROUND, Act.BACK_FILL_ROUND, Act.AMEND_ZERO_REPORT, Act.OVERRIDE_HANDOVER),
    *(Act.PUBLISH_CHECKLIST, Act.ACCEPT_BASELINE, Act.SET_SELF_CHECK, Act.RESTORE),
    *(*PLANNED, *PEOPLE, *REFUSED, *REGISTER),
)
"""Every line of these is listed; the others are listed for what they did, or counted."""
AFTERWARDS = (
    *(Act.AMEND_ROUND, Act.APPROVE_ROUND, Act.SIGN_ROUND),
    *(Act.BACK_FILL_ROUND, Act.SKIP_ROUND, Act.MISS_ROUND),
)
"""What is listed when it was done to a round of the period after its end."""
EXCUSING = (FindingStep.KNOWN, FindingStep.KNOWN_ENDED, FindingStep.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Done:
    """One act, or several alike that make one row: their lines by number, and what they were about.

    `act` is None for the use of another version of a checklist, which nobody has to say. `is_after`: done to a round
    of the period after its end.
    """

    act: Act | None
    lines: tuple[LedgerLine, ...]
    about: About | None = None
    is_after: bool = False

    @property
    def records(self) -> tuple[str, ...]:
        """The lines, and the records they tell of."""
        told = [f"ledger:{line.seq}" for line in self.lines]
        told += [line.subject for line in self.lines if line.row_sha256 and not line.subject.startswith("restore:")]
        match self.about:
            case AmendedAbout(round=held):
                told.append(f"round:{held.id}")
            case PublishedAbout(change=VersionChange() as change):
                told += [f"ledger:{change.line.seq}", f"round:{change.round_id}"]
        return tuple(told)


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """The acts of a period in order of time, the changes of versions, the rounds with facts, the lines by act.

    `signed_in` are the numbers of the lines of sign-ins. `lines` counts every line of the period, listed or not.
    """

    done: tuple[Done, ...] = ()
    versions: tuple[VersionChange, ...] = ()
    honesty: tuple[RoundHonesty, ...] = ()
    signed_in: tuple[int, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    def of(self, *acts: Act) -> tuple[Done, ...]:
        """The acts of those kinds."""
        return tuple(one for one in self.done if one.act in acts)

    def figures(self) -> tuple[Figure, ...]:
        """The key figures, in the language in force."""
        amended = [one for one in self.done if isinstance(one.about, AmendedAbout)]
        told = [one.about for one in amended if isinstance(one.about, AmendedAbout)]
        withdrawn = [one for one, two in zip(amended, told, strict=True) if two.amendment.withdrew_by is not None]
        changed = [one for one in self.versions if one.limits]
        after = [one for one in self.done if one.is_after]
        return (
            _figure("amendments", _("Amendments of signed rounds"), amended),
            Figure(
                "audit.answers_amended",
                _("Answers amended"),
                sum(len(one.changes) for one in told),
                records=_of(amended),
            ),
            _figure("withdrawn", _("Approvals withdrawn"), withdrawn),
            _figure("skips", _("Skips entered"), self.of(Act.SKIP_ROUND)),
            _figure("back_filled", _("Back-fills begun"), self.of(Act.BACK_FILL_ROUND)),
            _figure("after", _("Changes after the period"), after),
            Figure(
                "audit.limit_changes",
                _("Limits changed"),
                sum(len(one.limits) for one in changed),
                records=ids("ledger", (one.line.seq for one in changed)),
            ),
            _figure("checklists", _("Checklist versions published"), self.of(Act.PUBLISH_CHECKLIST)),
            _figure("baselines", _("Port baselines accepted"), self.of(Act.ACCEPT_BASELINE)),
            _figure("planned", _("Periods and maintenance entered or ended"), self.of(*PLANNED)),
            _lines("operators", _("Changes of operators"), self.of(*PEOPLE)),
            _lines("register", _("Changes of register and roster"), self.of(*REGISTER)),
            Figure("audit.sign_ins", _("Sign-ins"), len(self.signed_in), records=ids("ledger", self.signed_in)),
            _lines("refused", _("Refused sign-ins and unlocks"), self.of(*REFUSED)),
            _figure("restores", _("Records restored from a backup"), self.of(Act.RESTORE)),
            Figure(
                "audit.honesty",
                _("Facts on how rounds were walked"),
                sum(len(one.facts) for one in self.honesty),
                records=tuple(one.slot.record for one in self.honesty),
            ),
        )


def gather(session: Session, frame: Frame, found_rounds: RoundFacts, anchors: LedgerFacts) -> AuditFacts:
    """The audit of the period; `anchors` are its first line and the last one before the cut-off.

    Raises StoreError, ChecklistError for a checklist on record that is damaged.
    """
    since, until = frame.begins_at, frame.cutoff
    span = Span(since, until, anchors.first_seq, anchors.last_seq if anchors.first_seq else 0)
    versions = audit_limits.gather(session, frame, span)
    lines = [
        line
        for line in ledger_history.lines_of(session, LISTED, span)
        # An amendment is told once: by its own line, not by that of the round it leaves.
        if line.act != Act.AMEND_ROUND or line.subject.startswith("amendment:")
    ]
    published = {(line.subject, line.at) for line in lines if line.act == Act.PUBLISH_CHECKLIST}
    steps = _excused(session, since, until)
    against = round_history.signed_against_clock(session, since, until)
    special = [f"finding-step:{number}" for number in steps] + [f"round:{number}" for number in against]
    lines += [
        line
        for line in ledger_history.lines_about(session, special)
        if since <= line.at < until and (line.act == Act.SIGN_ROUND or not line.subject.startswith("round:"))
    ]
    after = _after(session, frame, found_rounds)
    known = {**about(session, frame, (*lines, *after), versions)}
    known.update(
        {line.seq: steps[int(line.subject[13:])] for line in lines if line.subject.startswith("finding-step:")}
    )
    done = [Done(Act(some[0].act), tuple(some), known.get(some[0].seq)) for some in _grouped(lines, frame)]
    done += [Done(Act(line.act), (line,), known.get(line.seq), is_after=True) for line in after]
    done += [
        Done(None, (one.line,), one)
        for one in versions
        if (f"checklist:{one.checklist.version}", one.line.at) not in published
    ]
    done.sort(key=lambda one: (one.lines[0].at, one.lines[0].seq))
    counted = ledger_history.counts(session, span)
    return AuditFacts(
        done=tuple(done),
        versions=versions,
        honesty=audit_honesty.gather(session, frame, found_rounds),
        signed_in=ledger_history.numbers_of(session, Act.SIGN_IN, span),
        lines={act: number for act, number in counted.items() if act != Act.EXPORT},
    )


def _excused(session: Session, since: datetime, until: datetime) -> dict[int, Step]:
    """By number the steps with which a person let a finding be: known, of a lower class, withdrawn."""
    return {
        step.id: step
        for step in findings.steps_between(session, since, until)
        if step.by is not None and (step.step in EXCUSING or _lowers(step))
    }


def _lowers(step: Step) -> bool:
    told = dict(step.params)
    if step.step is not FindingStep.SEVERITY:
        return False
    return worse(Severity(told["was"]), Severity(told["now"]))


def _after(session: Session, frame: Frame, found: RoundFacts) -> list[LedgerLine]:
    """The lines of what was done to the rounds of the period from its end on, up to the moment of making."""
    if not frame.is_over:
        return []
    subjects = [slot.record for slot in found.slots if slot.round is not None]
    subjects += [f"amendment:{one.id}" for one in found.amendments]
    return [
        line
        for line in ledger_history.lines_about(session, subjects)
        if frame.ends_at <= line.at <= frame.made_at
        and line.act in AFTERWARDS
        and (line.act != Act.AMEND_ROUND or line.subject.startswith("amendment:"))
    ]


def _grouped(lines: Sequence[LedgerLine], frame: Frame) -> Iterable[list[LedgerLine]]:
    """Lines that make one row: those of one import, and the refusals of one name at one terminal on one day."""
    found: dict[tuple[object, ...], list[LedgerLine]] = {}
    for line in sorted(lines, key=lambda one: one.seq):
        key: tuple[object, ...] = (line.seq,)
        if line.act in REGISTER:
            key = (line.act, line.actor, line.terminal, line.at)
        elif line.act in REFUSED:
            key = (line.act, line.actor, line.terminal, line.subject, line.at.astimezone(frame.zone).date())
        found.setdefault(key, []).append(line)
    return found.values()


def _figure(name: str, label: str, done: Sequence[Done]) -> Figure:
    return Figure(f"audit.{name}", label, len(done), records=_of(done))


def _lines(name: str, label: str, done: Sequence[Done]) -> Figure:
    """A figure that counts every line of rows that stand for several."""
    return Figure(f"audit.{name}", label, sum(len(one.lines) for one in done), records=_of(done))


def _of(done: Iterable[Done]) -> tuple[str, ...]:
    return ids("ledger", (line.seq for one in done for line in one.lines))
