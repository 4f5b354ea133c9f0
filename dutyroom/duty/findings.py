"""The life of a finding: found, contained, reported, in work, done, verified by another person, or returned.

Each act is one transaction: the finding, a line of its history, and their lines in the ledger. Every act raises
NotAllowed for a role that may not, FindingRefused (see `dutyroom.duty.finding_steps` and
`dutyroom.rules.finding_life.why_not` for the codes), StoreError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from dutyroom.duty.desk import Desk, require
from dutyroom.duty.finding_steps import Params, check, existing, keep, moment_text, refused, said
from dutyroom.inert import inert
from dutyroom.model.finding import Finding, FindingOrigin, FindingState, FindingStep, Severity
from dutyroom.model.people import Act, Actor
from dutyroom.model.rounds import RoundState
from dutyroom.rules.deadlines import deadline_of, why_no_deadline, why_not_known_until
from dutyroom.rules.finding_history import HAD, HAD_DEADLINE
from dutyroom.rules.finding_life import worse
from dutyroom.rules.privileges import may
from dutyroom.store import findings, people, rounds
from dutyroom.store.database import Session

LONGEST_NAME = 64


def find(
    desk: Desk,
    actor: Actor,
    severity: Severity,
    text: str,
    now: datetime,
    *,
    item: str = "",
    device: str = "",
    assignee: str | None = None,
    deadline: datetime | None = None,
) -> Finding:
    """What somebody saw outside a round. The deadline is that of its class when none is given (24 h, or 7 days)."""
    require(actor, Act.FIND)
    told = said(text)
    if not told:
        raise refused("no-text")
    if deadline is not None and (code := why_no_deadline(deadline, now)):
        raise refused(code)
    with desk.store.write() as session:
        if assignee is not None:
            _require_person(session, assignee)
        new = Finding(
            origin=FindingOrigin.PERSON,
            key=f"person:{findings.next_id(session)}",
            severity=severity,
            found_at=now,
            found_by=actor.name,
            deadline=deadline or deadline_of(severity, now),
            item=inert(item, LONGEST_NAME),
            device=inert(device, LONGEST_NAME),
            text=told,
            assignee=assignee,
        )
        return keep(session, actor, Act.FIND, new, FindingStep.FOUND, now)


def contain(desk: Desk, actor: Actor, number: int, now: datetime, note: str = "") -> Finding:
    """It does no more harm: stops the clock of 3 minutes."""
    return _act(
        desk, actor, number, FindingStep.CONTAINED, now, note,
        lambda one: replace(one, contained_at=now, contained_by=actor.name),
    )  # fmt: skip


def report(desk: Desk, actor: Actor, number: int, now: datetime, note: str = "") -> Finding:
    """The leading group was told: stops the clock of 30 minutes."""
    return _act(
        desk, actor, number, FindingStep.REPORTED, now, note,
        lambda one: replace(one, reported_at=now, reported_by=actor.name),
    )  # fmt: skip


def tell_authority(desk: Desk, actor: Actor, number: int, now: datetime, note: str = "") -> Finding:
    """The authority was told of a major event: stops the clock of 4 hours."""
    return _act(
        desk, actor, number, FindingStep.AUTHORITY, now, note,
        lambda one: replace(one, authority_at=now, authority_by=actor.name),
    )  # fmt: skip


def take(desk: Desk, actor: Actor, number: int, now: datetime, note: str = "") -> Finding:
    """Somebody works on it from now on, whoever had it before."""
    params: list[tuple[str, str]] = []

    def change(one: Finding) -> Finding:
        params.append((HAD, one.assignee or ""))
        return replace(one, state=FindingState.IN_WORK, assignee=actor.name)

    return _act(desk, actor, number, FindingStep.TAKEN, now, note, change, params=params)


def assign(
    desk: Desk, actor: Actor, number: int, who: str, now: datetime, note: str = "", deadline: datetime | None = None
) -> Finding:
    """Gives it to another operator, with another deadline where one is given; an earlier one needs no reason.

    A later deadline than the one that stands is set by somebody who may know faults (a lead), with a note.
    """
    params: list[tuple[str, str]] = [("who", inert(who, LONGEST_NAME))]

    def change(one: Finding) -> Finding:
        changed = replace(one, assignee=who)
        params.append((HAD, one.assignee or ""))
        if deadline is None or deadline == one.deadline:
            if one.assignee == who:
                raise refused("same", number)
            return changed
        if code := why_no_deadline(deadline, now):
            raise refused(code, number)
        if deadline > one.deadline:
            require(actor, Act.KNOW_FAULT)
            if not said(note):
                raise refused("note-needed", number)
        params.extend((("was", moment_text(one.deadline)), ("deadline", moment_text(deadline))))
        return replace(changed, deadline=deadline)

    return _act(desk, actor, number, FindingStep.ASSIGNED, now, note, change, Act.ASSIGN_FINDING, params, person=who)


def add_note(desk: Desk, actor: Actor, number: int, note: str, now: datetime) -> Finding:
    """A line in its history; the finding stays as it is."""
    return _act(desk, actor, number, FindingStep.NOTED, now, note, lambda one: one)


def done(desk: Desk, actor: Actor, number: int, note: str, now: datetime) -> Finding:
    """It is put right, as whoever did it says; `note` says how. Somebody else verifies or returns it."""
    return _act(
        desk, actor, number, FindingStep.DONE, now, note,
        lambda one: replace(one, state=FindingState.DONE, done_at=now, done_by=actor.name),
    )  # fmt: skip


def verify(desk: Desk, actor: Actor, number: int, now: datetime, note: str = "") -> Finding:
    """Another person has seen that it is right again: the end. The store itself refuses the one who did it."""
    return _act(
        desk, actor, number, FindingStep.VERIFIED, now, note,
        lambda one: replace(one, state=FindingState.VERIFIED, verified_at=now, verified_by=actor.name),
        Act.VERIFY_FINDING,
    )  # fmt: skip


def return_to_work(desk: Desk, actor: Actor, number: int, note: str, now: datetime) -> Finding:
    """It is not right: back to work with its old deadline; `note` says what is missing."""
    return _act(
        desk, actor, number, FindingStep.RETURNED, now, note,
        lambda one: replace(
            one, state=FindingState.RETURNED, done_at=None, done_by=None, returned=one.returned + 1
        ),
        Act.VERIFY_FINDING,
    )  # fmt: skip


def know(desk: Desk, actor: Actor, number: int, owner: str, reason: str, until: datetime, now: datetime) -> Finding:
    """Makes it a known fault until a moment at most 31 days away, or prolongs that; that becomes its deadline.

    It needs not be found again each day, and is shown all the same. `owner` is whoever answers for it, also outside.
    """
    whose = inert(owner, LONGEST_NAME).strip()
    if not whose:
        raise refused("no-owner", number)
    if code := why_not_known_until(until, now):
        raise refused(code, number)
    params: list[tuple[str, str]] = [("owner", whose), ("until", moment_text(until))]

    def change(one: Finding) -> Finding:
        params.append(("was", moment_text(one.deadline)))
        return replace(one, known_until=until, known_owner=whose, known_reason=said(reason), deadline=until)

    return _act(desk, actor, number, FindingStep.KNOWN, now, reason, change, Act.KNOW_FAULT, params)


def end_known(desk: Desk, actor: Actor, number: int, now: datetime, note: str = "") -> Finding:
    """It is no known fault any more: found again, it counts again, and its class sets the deadline from now on."""
    params: list[tuple[str, str]] = []

    def change(one: Finding) -> Finding:
        params.append((HAD_DEADLINE, moment_text(one.deadline)))
        deadline = min(one.deadline, deadline_of(one.severity, now))
        return replace(one, known_until=None, known_owner=None, known_reason=None, deadline=deadline)

    return _act(desk, actor, number, FindingStep.KNOWN_ENDED, now, note, change, Act.KNOW_FAULT, params)


def rate(desk: Desk, actor: Actor, number: int, severity: Severity, reason: str, now: datetime) -> Finding:
    """Gives it another class. A higher one shortens the deadline; a lower one is a lead's and leaves it."""
    params: list[tuple[str, str]] = []

    def change(one: Finding) -> Finding:
        if one.severity is severity:
            raise refused("same", number)
        params.extend((("was", one.severity.value), ("now", severity.value)))
        if not worse(severity, one.severity):
            require(actor, Act.LOWER_FINDING)
            return replace(one, severity=severity)
        params.append((HAD_DEADLINE, moment_text(one.deadline)))
        return replace(one, severity=severity, deadline=min(one.deadline, deadline_of(severity, now)))

    return _act(desk, actor, number, FindingStep.SEVERITY, now, reason, change, Act.WORK_ON_FINDING, params)


def withdraw(desk: Desk, actor: Actor, number: int, reason: str, now: datetime) -> Finding:
    """It was none, such as a mistyped answer. It stays on record with the reason.

    By whoever found it or a lead, while nobody has worked on it, no answer stands for it, and its round is open.
    """
    require(actor, Act.WITHDRAW_FINDING)
    note = said(reason)
    with desk.store.write() as session:
        found = existing(session, number)
        check(found, FindingStep.WITHDRAWN, actor, note)
        begun = rounds.get(session, found.round_id) if found.round_id is not None else None
        if begun is not None and begun.state is not RoundState.OPEN:
            raise refused("not-withdrawn", number)
        of_another = found.found_by != actor.name and not may(actor.role, Act.LOWER_FINDING)
        if of_another or findings.answers(session, number):
            raise refused("not-withdrawn", number)
        withdrawn = replace(found, state=FindingState.WITHDRAWN)
        return keep(session, actor, Act.WITHDRAW_FINDING, withdrawn, FindingStep.WITHDRAWN, now, note)


def _act(
    desk: Desk,
    actor: Actor,
    number: int,
    step: FindingStep,
    now: datetime,
    note: str,
    change: Callable[[Finding], Finding],
    act: Act = Act.WORK_ON_FINDING,
    params: list[tuple[str, str]] | None = None,
    person: str | None = None,
) -> Finding:
    """One act on a finding that is there. `change` may add to `params` what it saw; `person` must be an operator."""
    require(actor, act)
    kept_note = said(note)
    with desk.store.write() as session:
        found = existing(session, number)
        check(found, step, actor, kept_note)
        if person is not None:
            _require_person(session, person)
        changed = change(found)
        told: Params = tuple(params or ())
        return keep(session, actor, act, changed, step, now, kept_note, told)


def _require_person(session: Session, name: str) -> None:
    found = people.operator(session, name)
    if found is None or found.disabled_at is not None:
        raise refused("unknown-person", who=inert(name, LONGEST_NAME))
