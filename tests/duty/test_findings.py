"""The life of a finding, act by act, on a real store; the ledger agrees after every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.duty import finding_lists, findings
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator, disable_operator
from dutyroom.errors import FindingRefused, NotAllowed, StoreError
from dutyroom.model.finding import Finding, FindingState, FindingStep, Severity
from dutyroom.model.people import Act, Actor, Role, watch_actor
from dutyroom.rules.privileges import may
from dutyroom.store import findings as finding_rows
from dutyroom.store.verify import verify
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk

LEAD = Actor("li", Role.LEAD, "test")
AUDITOR = Actor("au", Role.AUDITOR, "test")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        add_operator(opened.store, ADMIN, "li", "Li Na", Role.LEAD, PASSWORD, NOW - DAY)
        add_operator(opened.store, ADMIN, "au", "Auditor", Role.AUDITOR, PASSWORD, NOW - DAY)
        yield opened
        with opened.store.read() as session:
            assert verify(session).faults == ()


def found(desk: Desk, severity: Severity = Severity.CRITICAL) -> Finding:
    return findings.find(desk, ACTOR, severity, "Water under the floor of rack 4", NOW, device="core-1")


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(FindingRefused) as refused:
        act()
    return refused.value.code


def test_the_whole_life_from_found_to_verified_by_another(desk: Desk) -> None:
    number = found(desk, Severity.MAJOR).id
    findings.contain(desk, ACTOR, number, NOW + 2 * MINUTE, "valve shut")
    findings.report(desk, ACTOR, number, NOW + 10 * MINUTE)
    findings.tell_authority(desk, LEAD, number, NOW + 60 * MINUTE)
    findings.assign(desk, LEAD, number, "zhang", NOW + 61 * MINUTE)
    assert findings.take(desk, ACTOR, number, NOW + 62 * MINUTE).state is FindingState.IN_WORK
    findings.done(desk, ACTOR, number, "pipe mended", NOW + 300 * MINUTE)
    findings.return_to_work(desk, LEAD, number, "still wet", NOW + 310 * MINUTE)
    findings.take(desk, ACTOR, number, NOW + 311 * MINUTE)
    findings.done(desk, ACTOR, number, "dried", NOW + 400 * MINUTE)
    ended = findings.verify(desk, LEAD, number, NOW + DAY, "dry and closed")
    assert (ended.state, ended.done_by, ended.verified_by, ended.returned) == (
        FindingState.VERIFIED,
        "zhang",
        "li",
        1,
    )
    told = finding_lists.history(desk, number)
    assert told.finding == ended
    assert [step.step.value for step in told.steps] == [
        *("found", "contained", "reported", "authority", "assigned", "taken", "done", "returned", "taken", "done"),
        "verified",
    ]
    assert [step.note for step in told.steps if step.step is FindingStep.RETURNED] == ["still wet"]


def test_nobody_verifies_their_own_work_and_the_store_refuses_it_too(desk: Desk) -> None:
    number = found(desk).id
    done = findings.done(desk, LEAD, number, "put right", NOW + MINUTE)
    assert refusal(lambda: findings.verify(desk, LEAD, number, NOW + 2 * MINUTE)) == "own"
    forged = replace(done, state=FindingState.VERIFIED, verified_at=NOW + 2 * MINUTE, verified_by="li")
    with pytest.raises(StoreError) as sealed, desk.store.write() as session:
        finding_rows.update(session, forged)
    assert sealed.value.code == "sealed"
    assert findings.verify(desk, ACTOR, number, NOW + 2 * MINUTE).is_over


@pytest.mark.parametrize(
    "change",
    [
        {"state": FindingState.OPEN},
        {"verified_by": "zhang"},
        {"times": 9},
    ],
)
def test_what_is_over_never_changes_again(desk: Desk, change: dict[str, object]) -> None:
    number = found(desk).id
    findings.done(desk, ACTOR, number, "put right", NOW + MINUTE)
    over = findings.verify(desk, LEAD, number, NOW + 2 * MINUTE)
    for act in (findings.contain, findings.report, findings.take):
        assert refusal(lambda act=act: act(desk, LEAD, number, NOW + 3 * MINUTE)) == "over"  # type: ignore[misc]
    with pytest.raises(StoreError) as sealed, desk.store.write() as session:
        finding_rows.update(session, replace(over, **change))  # type: ignore[arg-type]
    assert sealed.value.code == "sealed"


@pytest.mark.parametrize("change", [{"text": "Nothing"}, {"found_by": "li"}, {"found_at": NOW - DAY}, {"device": "x"}])
def test_what_a_finding_is_about_never_changes(desk: Desk, change: dict[str, object]) -> None:
    one = found(desk)
    with pytest.raises(StoreError) as sealed, desk.store.write() as session:
        finding_rows.update(session, replace(one, **change))  # type: ignore[arg-type]
    assert sealed.value.code == "sealed"


@pytest.mark.parametrize(
    "sql", ["DELETE FROM findings", "DELETE FROM finding_steps", "UPDATE finding_steps SET note = ''"]
)
def test_findings_and_their_history_stay(desk: Desk, sql: str) -> None:
    found(desk)
    with pytest.raises(StoreError) as sealed, desk.store.write() as session:
        session.connection().exec_driver_sql(sql)
    assert sealed.value.code == "sealed"


def test_what_cannot_be_done_now_is_refused_and_leaves_no_trace(desk: Desk) -> None:
    number = found(desk).id
    refusals = {
        "not-done": lambda: findings.verify(desk, LEAD, number, NOW),
        "not-major": lambda: findings.tell_authority(desk, LEAD, number, NOW),
        "note-needed": lambda: findings.done(desk, ACTOR, number, "  ", NOW),
        "not-known": lambda: findings.end_known(desk, LEAD, number, NOW),
        "not-found": lambda: findings.take(desk, ACTOR, 99, NOW),
        "unknown-person": lambda: findings.assign(desk, LEAD, number, "nobody", NOW),
        "same": lambda: findings.rate(desk, LEAD, number, Severity.CRITICAL, "as before", NOW),
        "deadline-past": lambda: findings.assign(desk, LEAD, number, "zhang", NOW, "", NOW - DAY),
        "no-owner": lambda: findings.know(desk, LEAD, number, " ", "worn", NOW + DAY, NOW),
        "known-too-long": lambda: findings.know(desk, LEAD, number, "ACME", "worn", NOW + 31 * DAY + MINUTE, NOW),
        "known-past": lambda: findings.know(desk, LEAD, number, "ACME", "worn", NOW, NOW),
        "no-text": lambda: findings.find(desk, ACTOR, Severity.OTHER, " ", NOW),
    }
    assert [refusal(act) for act in refusals.values()] == list(refusals)
    assert [step.step for step in finding_lists.history(desk, number).steps] == [FindingStep.FOUND]
    findings.contain(desk, ACTOR, number, NOW)
    assert refusal(lambda: findings.contain(desk, LEAD, number, NOW)) == "stamped"
    findings.done(desk, ACTOR, number, "put right", NOW)
    for again in (findings.take, lambda d, a, n, now: findings.done(d, a, n, "again", now)):
        assert refusal(lambda again=again: again(desk, LEAD, number, NOW)) == "done"  # type: ignore[misc]


def test_a_disabled_operator_is_given_nothing(desk: Desk) -> None:
    number = found(desk).id
    disable_operator(desk.store, ADMIN, "zhang", NOW)
    assert refusal(lambda: findings.assign(desk, LEAD, number, "zhang", NOW)) == "unknown-person"


def test_a_known_fault_has_an_owner_a_reason_and_an_end_and_is_still_shown(desk: Desk) -> None:
    one = found(desk)
    until = NOW + 31 * DAY
    known = findings.know(desk, LEAD, one.id, "ACME service", "battery ordered", until, NOW)
    assert known.is_known(NOW + 30 * DAY)
    assert not known.is_known(until)
    assert (known.deadline, known.known_owner, known.known_reason) == (until, "ACME service", "battery ordered")
    assert finding_lists.listed(desk, NOW) == (known,)
    assert known.is_overdue(until + MINUTE), "a known fault that ran out is overdue"
    ended = findings.end_known(desk, LEAD, one.id, NOW + DAY)
    assert (ended.is_known(NOW + DAY), ended.deadline) == (False, NOW + 2 * DAY)


def test_a_higher_class_shortens_the_deadline_and_only_a_lead_lowers_it(desk: Desk) -> None:
    one = found(desk, Severity.OTHER)
    assert one.deadline == NOW + 7 * DAY
    raised = findings.rate(desk, ACTOR, one.id, Severity.MAJOR, "spreads", NOW + DAY)
    assert (raised.severity, raised.deadline) == (Severity.MAJOR, NOW + 2 * DAY)
    with pytest.raises(NotAllowed):
        findings.rate(desk, ACTOR, one.id, Severity.OTHER, "small after all", NOW + DAY)
    lowered = findings.rate(desk, LEAD, one.id, Severity.OTHER, "small after all", NOW + DAY)
    assert (lowered.severity, lowered.deadline) == (Severity.OTHER, raised.deadline)


def test_a_later_deadline_is_a_leads_and_has_a_reason(desk: Desk) -> None:
    one = found(desk)
    later, earlier = one.deadline + DAY, one.deadline - timedelta(hours=2)
    with pytest.raises(NotAllowed):
        findings.assign(desk, ACTOR, one.id, "li", NOW, "needs a part", later)
    assert refusal(lambda: findings.assign(desk, LEAD, one.id, "li", NOW, "", later)) == "note-needed"
    assert findings.assign(desk, ACTOR, one.id, "li", NOW, "", earlier).deadline == earlier
    assert findings.assign(desk, LEAD, one.id, "li", NOW, "needs a part", later).deadline == later


def test_a_finding_is_withdrawn_with_a_reason_by_its_finder_or_a_lead_and_stays_on_record(desk: Desk) -> None:
    one, other = found(desk), found(desk)
    assert refusal(lambda: findings.withdraw(desk, ACTOR, one.id, "", NOW)) == "note-needed"
    assert findings.withdraw(desk, ACTOR, one.id, "was the rain outside", NOW).state is FindingState.WITHDRAWN
    findings.take(desk, LEAD, other.id, NOW)
    assert refusal(lambda: findings.withdraw(desk, LEAD, other.id, "nothing", NOW)) == "not-withdrawn"
    mine = findings.find(desk, LEAD, Severity.OTHER, "Lamp is out", NOW)
    assert refusal(lambda: findings.withdraw(desk, ACTOR, mine.id, "nothing", NOW)) == "not-withdrawn"
    assert [one.id for one in finding_lists.listed(desk, NOW, every=True)] == [other.id, mine.id, one.id]


@pytest.mark.parametrize("actor", [AUDITOR, watch_actor("duty-pc"), ACTOR, LEAD, ADMIN], ids=lambda one: one.name)
def test_every_role_may_what_its_privileges_say_also_below_the_screens(desk: Desk, actor: Actor) -> None:
    number = found(desk).id
    acts: dict[Act, Callable[[], object]] = {
        Act.FIND: lambda: findings.find(desk, actor, Severity.OTHER, "Lamp is out", NOW),
        Act.WORK_ON_FINDING: lambda: findings.take(desk, actor, number, NOW),
        Act.ASSIGN_FINDING: lambda: findings.assign(desk, actor, number, "au", NOW),
        Act.KNOW_FAULT: lambda: findings.know(desk, actor, number, "ACME", "worn", NOW + DAY, NOW),
        Act.VERIFY_FINDING: lambda: findings.return_to_work(desk, actor, number, "no", NOW),
        Act.WITHDRAW_FINDING: lambda: findings.withdraw(desk, actor, number, "no", NOW),
    }
    for act, call in acts.items():
        before = finding_lists.history(desk, number)
        allowed = True
        try:
            call()
        except NotAllowed:
            allowed = False
            assert finding_lists.history(desk, number) == before
        except FindingRefused:
            pass
        assert allowed is may(actor.role, act), act


def test_the_board_counts_what_is_open_overdue_known_and_waits_for_somebody_else(desk: Desk) -> None:
    first, second, third = found(desk, Severity.OTHER), found(desk), found(desk, Severity.MAJOR)
    findings.know(desk, LEAD, first.id, "ACME", "worn", NOW + 20 * DAY, NOW)
    findings.done(desk, ACTOR, second.id, "put right", NOW)
    now = NOW + 2 * DAY
    with desk.store.read() as session:
        counts = finding_lists.findings_now(session, now)
    assert (counts.open, counts.overdue, counts.known, counts.to_verify) == (3, 1, 1, 1)
    assert (counts.worst, counts.oldest_overdue_at) == (Severity.MAJOR, third.deadline)
    assert counts.next_deadline == NOW + 20 * DAY
    assert [one.id for one in finding_lists.listed(desk, now)] == [third.id, first.id, second.id]
