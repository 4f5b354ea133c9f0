"""Which finding an answer that is not normal stands for: a new one, the one its fault has, or a known fault.

A round is not signed while such an answer stands for none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dutyroom.duty.desk import Desk, require
from dutyroom.duty.finding_steps import Params, existing, found_before, keep, meet_again, refused
from dutyroom.duty.walks import open_round
from dutyroom.errors import RoundRefused
from dutyroom.model.finding import Finding, FindingOrigin, FindingState, FindingStep, Severity
from dutyroom.model.people import Act, Actor
from dutyroom.model.rounds import Entry
from dutyroom.rules.deadlines import deadline_of, why_no_deadline
from dutyroom.rules.finding_life import (
    ABNORMAL,
    by_urgency,
    is_of_one_answer,
    key_of_entry,
    needs_finding,
    severity_of,
    unresolved,
)
from dutyroom.store import findings, ledger, people, rounds
from dutyroom.store.database import Session
from dutyroom.words import _


def link_new(
    desk: Desk,
    actor: Actor,
    entry: Entry,
    now: datetime,
    *,
    severity: Severity | None = None,
    assignee: str | None = None,
    deadline: datetime | None = None,
) -> tuple[Entry, Finding]:
    """The answer stands for a finding of its own, with the answer's note as its text.

    Without a class it is critical for a fault and other for less; without a deadline that of its class. When the
    fault (the item of the device) has a finding that is not over, the answer stands for that one: it was found again.

    Raises FindingRefused (`not-abnormal`, `unknown-person`, `deadline-past`, `deadline-far`), RoundRefused
    (`not-open`), NotAllowed.
    """
    require(actor, Act.FIND)
    if deadline is not None and (code := why_no_deadline(deadline, now)):
        raise refused(code)
    with desk.store.write() as session:
        found_entry = _abnormal(session, entry)
        key = key_of_entry(entry.item, entry.device)
        standing = findings.standing(session, key)
        if standing is not None:
            return _stand_for(session, actor, found_entry, standing, now)
        if assignee is not None and _is_gone(session, assignee):
            raise refused("unknown-person", who=assignee)
        kept = _new(session, actor, found_entry, now, severity, assignee, deadline)
        return _linked(session, actor, found_entry, kept, now), kept


def found_by_amending(session: Session, actor: Actor, entry: Entry, now: datetime) -> Entry:
    """The answer of an amendment with its finding: the one its line had or its fault has, else a new one.

    A new one has the defaults of its class. Called in the transaction that stores the amendment, before it.
    """
    if not needs_finding(entry):
        return entry
    standing = findings.standing(session, key_of_entry(entry.item, entry.device))
    if standing is not None:
        met = meet_again(session, actor, standing, now, entry.note, _of_round(entry))
    else:
        met = _new(session, actor, entry, now)
    return replace(entry, finding_id=met.id)


def link_existing(desk: Desk, actor: Actor, entry: Entry, number: int, now: datetime) -> tuple[Entry, Finding]:
    """The answer stands for a finding that is there and not over, such as a known fault: it was found again.

    Raises FindingRefused (`not-found`, `over`, `not-abnormal`), RoundRefused (`not-open`), NotAllowed.
    """
    require(actor, Act.FIND)
    with desk.store.write() as session:
        found_entry = _abnormal(session, entry)
        finding = existing(session, number)
        if finding.is_over:
            raise refused("over", number)
        return _stand_for(session, actor, found_entry, finding, now)


def faults_for(desk: Desk, entry: Entry, now: datetime) -> tuple[Finding, ...]:
    """Findings the answer may stand for, the likeliest first: of this item there, of the device, of the item, known."""
    with desk.store.read() as session:
        there = by_urgency(findings.not_over(session), now)
    key = key_of_entry(entry.item, entry.device)

    def likely(one: Finding) -> int:
        if one.key == key:
            return 0
        if one.device and one.device == entry.device:
            return 1
        return 2 if one.item and one.item == entry.item else 3

    return tuple(sorted((one for one in there if likely(one) < 3 or one.is_known(now)), key=likely))


def refuse_unresolved(entries: Iterable[Entry]) -> None:
    """Raises RoundRefused (`unresolved`) while an answer that is not normal stands for no finding."""
    left = unresolved(entries)
    if left:
        sentence = _("{n} answers are not normal and stand for no finding yet: say for each which, then sign.")
        raise RoundRefused(sentence.format(n=len(left)), code="unresolved")


def stands_by_itself(session: Session, actor: Actor, entry: Entry, before: Entry | None, now: datetime) -> Entry:
    """The answer as it is kept: with the finding its line had, or the known fault this very item has there.

    Nobody has to say each day again what is known. Called in the transaction that stores the answer, before it.
    """
    if entry.answer is None or entry.verdict not in ABNORMAL:
        take_back(session, actor, before, now)
        return entry
    if before is not None and before.answer is not None and before.finding_id is not None:
        return replace(entry, finding_id=before.finding_id)
    known = findings.standing(session, key_of_entry(entry.item, entry.device))
    if known is None or not known.is_known(now):
        return entry
    meet_again(session, actor, known, now, params=_of_round(entry))
    return replace(entry, finding_id=known.id)


def take_back(session: Session, actor: Actor, before: Entry | None, now: datetime) -> None:
    """The answer `before` stands no longer: the finding that was made of it alone is withdrawn with it.

    One that somebody works on, or that was found elsewhere too, stays.
    """
    if before is None or before.finding_id is None:
        return
    made = findings.get(session, before.finding_id)
    if made is None or not is_of_one_answer(made, before) or made.found_by != actor.name:
        return
    withdrawn = replace(made, state=FindingState.WITHDRAWN)
    keep(session, actor, Act.WITHDRAW_FINDING, withdrawn, FindingStep.WITHDRAWN, now, params=_of_round(before))


def _new(
    session: Session,
    actor: Actor,
    entry: Entry,
    now: datetime,
    severity: Severity | None = None,
    assignee: str | None = None,
    deadline: datetime | None = None,
) -> Finding:
    chosen, key = severity or severity_of(entry.verdict), key_of_entry(entry.item, entry.device)
    found_at = min(entry.at, now)
    new = Finding(
        origin=FindingOrigin.ENTRY,
        key=key,
        severity=chosen,
        found_at=found_at,
        found_by=actor.name,
        deadline=deadline or deadline_of(chosen, found_at),
        item=entry.item,
        device=entry.device,
        round_id=entry.round_id,
        params=_seen(entry),
        text=entry.note,
        assignee=assignee,
    )
    return keep(session, actor, Act.FIND, new, FindingStep.FOUND, now, params=found_before(session, key))


def _abnormal(session: Session, entry: Entry) -> Entry:
    """The answer as it stands in its open round. Raises FindingRefused (`not-abnormal`), RoundRefused (`not-open`)."""
    open_round(session, entry.round_id)
    there = rounds.entry(session, entry.round_id, entry.item, entry.device)
    if there is None or there.answer is None or there.verdict not in ABNORMAL or there.answer != entry.answer:
        raise refused("not-abnormal")
    return there


def _stand_for(session: Session, actor: Actor, entry: Entry, finding: Finding, now: datetime) -> tuple[Entry, Finding]:
    if entry.finding_id == finding.id:
        return entry, finding
    met = meet_again(session, actor, finding, now, entry.note, _of_round(entry))
    return _linked(session, actor, entry, met, now), met


def _linked(session: Session, actor: Actor, entry: Entry, finding: Finding, now: datetime) -> Entry:
    linked = replace(entry, finding_id=finding.id)
    rounds.put_entry(session, linked)
    ledger.append_row(session, at=now, actor=actor, act=Act.FIND, of=linked)
    return linked


def _is_gone(session: Session, name: str) -> bool:
    person = people.operator(session, name)
    return person is None or person.disabled_at is not None


def _seen(entry: Entry) -> Params:
    """What the answer was: the finding tells it when the round is long forgotten."""
    return (("answer", entry.answer or ""), ("unit", entry.unit), ("verdict", entry.verdict.value))


def _of_round(entry: Entry) -> Params:
    return (("round", str(entry.round_id)), *_seen(entry))
