"""How an act on a finding is stored: the finding, the line of its history, and their lines in the ledger."""

from __future__ import annotations

from datetime import UTC, datetime

from dutyroom.errors import FindingRefused
from dutyroom.inert import inert
from dutyroom.model.finding import Finding, FindingStep, Step
from dutyroom.model.people import Act, Actor, Machine
from dutyroom.rules.deadlines import KNOWN_AT_MOST
from dutyroom.rules.finding_history import HAD_DEADLINE
from dutyroom.rules.finding_life import seen_again, step_of_seeing, why_not
from dutyroom.store import findings, ledger
from dutyroom.store.database import Session
from dutyroom.words import N_, _

Params = tuple[tuple[str, str], ...]
LONGEST_NOTE = 500
_REFUSED = {
    "not-found": N_("There is no finding {number}."),
    "over": N_("Finding {number} is over: nothing in it changes any more. Enter a new one."),
    "note-needed": N_("Write a note: what was done, or why."),
    "stamped": N_("That is on record already for finding {number}."),
    "not-major": N_("Only a major event is reported to the authority: raise its class first."),
    "done": N_("Finding {number} is done and waits for somebody to verify or return it."),
    "taken": N_("You work on finding {number} already."),
    "not-done": N_("Finding {number} is not done yet: there is nothing to verify."),
    "own": N_("You said that finding {number} is done: somebody else must verify it."),
    "still-there": N_("The watch still sees this: put it right, or write why it is right all the same."),
    "not-known": N_("Finding {number} is no known fault."),
    "not-withdrawn": N_(
        "Finding {number} cannot be withdrawn: somebody works on it, an answer stands for it, or it is another's."
    ),
    "deadline-past": N_("The deadline must be in the future."),
    "deadline-far": N_("The deadline is more than a year away: check the date."),
    "known-past": N_("The day until which the fault is known must be in the future."),
    "known-too-long": N_("A fault is known for at most {days} days: then somebody looks at it again."),
    "no-owner": N_("Say whose the known fault is."),
    "no-text": N_("Say what is wrong."),
    "unknown-person": N_("There is no operator {who} who may sign in."),
    "same": N_("Nothing would change."),
    "not-abnormal": N_("This answer is normal, or was changed meanwhile: it stands for no finding."),
}


def refused(code: str, number: int = 0, **params: object) -> FindingRefused:
    """The error of that code with its sentence."""
    return FindingRefused(_(_REFUSED[code]).format(number=number, days=KNOWN_AT_MOST.days, **params), code=code)


def said(note: str) -> str:
    """A note as it is kept."""
    return inert(note, LONGEST_NOTE).strip()


def moment_text(at: datetime) -> str:
    """A moment as the parameters of a step hold it: UTC, whole seconds."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def existing(session: Session, number: int) -> Finding:
    """The finding of that number. Raises FindingRefused (`not-found`)."""
    found = findings.get(session, number)
    if found is None:
        raise refused("not-found", number)
    return found


def check(finding: Finding, step: FindingStep, actor: Actor, note: str) -> None:
    """Raises FindingRefused when that cannot be done to it now."""
    if code := why_not(finding, step, actor.name, note):
        raise refused(code, finding.id)


def keep(
    session: Session,
    actor: Actor,
    act: Act,
    finding: Finding,
    step: FindingStep,
    now: datetime,
    note: str = "",
    params: Params = (),
) -> Finding:
    """Stores a finding (a new one has no number yet) with the line of its history; both are lines in the ledger."""
    if finding.id:
        findings.update(session, finding)
    else:
        finding = findings.add(session, finding)
    by = None if isinstance(actor.role, Machine) else actor.name
    kept = findings.add_step(session, Step(finding.id, now, by, step, note, params))
    ledger.append_rows(session, at=now, actor=actor, act=act, of=(finding, kept))
    return finding


def meet_again(
    session: Session, actor: Actor, finding: Finding, now: datetime, note: str = "", params: Params = ()
) -> Finding:
    """The fault was met once more: counted, and back to work when it was said to be done."""
    again = seen_again(finding, now)
    if again.deadline != finding.deadline:
        params = (*params, (HAD_DEADLINE, moment_text(finding.deadline)))
    return keep(session, actor, Act.FIND, again, step_of_seeing(finding), now, note, params)


def found_before(session: Session, key: str) -> Params:
    """The parameters that name the finding this fault had before; nothing for a fault that is found first."""
    before = findings.newest(session, key)
    return (("before", str(before.id)),) if before is not None else ()
