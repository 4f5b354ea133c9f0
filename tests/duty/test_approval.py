"""A signed round is approved by a lead who took no part in it, and changes only by a reasoned, signed amendment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.duty import amendments, answering, approval, rounds, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.errors import AnswerRefused, NotAllowed, RoundRefused, SignInRefused
from dutyroom.model.checklist import WalkLine
from dutyroom.model.people import Act, Actor, Role
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Mark, Round, RoundState
from dutyroom.rules.live import LiveValue
from dutyroom.store import ledger
from dutyroom.store import rounds as kept
from dutyroom.store.verify import verify
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk
from tests.duty.test_rounds import answer_everything, line_of

LEAD = Actor("wang", Role.LEAD, "lead-pc")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        add_operator(opened.store, ADMIN, "wang", "Wang Fang", Role.LEAD, PASSWORD, NOW - timedelta(days=59))
        yield opened


@pytest.fixture
def signed(desk: Desk) -> Round:
    walk = rounds.start_round(desk, ACTOR, NOW)
    answer_everything(desk, walk)
    return signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)


def amend(
    desk: Desk,
    signed: Round,
    text: str,
    item: str = "env.temp.room",
    *,
    by: Actor = ACTOR,
    note: str = "",
    reason: str = "I read the wrong thermometer",
) -> Round:
    line = line_of(walks.load_walk(desk, signed.id), item)
    changes = [(line, Given(text, note))]
    return amendments.amend_round(desk, by, signed.id, signed.revision, changes, reason, PASSWORD, LATER)


def intact(desk: Desk) -> bool:
    with desk.store.read() as session:
        return verify(session).faults == ()


def test_a_lead_approves_a_round_somebody_else_signed(desk: Desk, signed: Round) -> None:
    approved = approval.approve_round(desk, LEAD, signed.id, PASSWORD, LATER, 1)
    assert (approved.state, approved.approved_by, approved.approved_at) == (RoundState.APPROVED, "wang", LATER)
    assert (approved.signed_by, approved.signed_at) == ("zhang", NOW)
    with desk.store.read() as session:
        assert kept.get(session, signed.id) == approved
        assert ledger.lines(session, limit=1)[0].act == Act.APPROVE_ROUND
    assert intact(desk)
    with pytest.raises(RoundRefused) as refused:
        approval.approve_round(desk, LEAD, signed.id, PASSWORD, LATER, 1)
    assert refused.value.code == "approved"


def test_a_technician_and_an_auditor_approve_nothing(desk: Desk, signed: Round) -> None:
    for role in (Role.TECHNICIAN, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            approval.approve_round(desk, Actor("wang", role, "t"), signed.id, PASSWORD, LATER, 1)


def test_a_lead_never_approves_a_round_of_their_own(desk: Desk) -> None:
    walk = rounds.start_round(desk, LEAD, NOW)
    for line in walk.lines:
        if line.item.id == "acc.door":
            answering.record_answer(desk, LEAD, walk.round.id, line, Given("normal"), NOW)
    rest = walks.load_walk(desk, walk.round.id)
    for line in rest.open_lines():
        answering.record_answer(desk, ACTOR, walk.round.id, line, given_for(line), NOW)
    signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
    with pytest.raises(RoundRefused) as refused:
        approval.approve_round(desk, LEAD, walk.round.id, PASSWORD, LATER, 1)
    assert refused.value.code == "own"
    assert approval.approve_round(desk, ADMIN, walk.round.id, PASSWORD, LATER, 1).approved_by == "admin"


def test_a_wrong_password_approves_and_amends_nothing(desk: Desk, signed: Round) -> None:
    with pytest.raises(SignInRefused):
        approval.approve_round(desk, LEAD, signed.id, "walk the roof", LATER, 1)
    line = line_of(walks.load_walk(desk, signed.id), "env.temp.room")
    with pytest.raises(SignInRefused):
        amendments.amend_round(desk, ACTOR, signed.id, 1, [(line, Given("24"))], "why", "walk the roof", LATER)
    assert walks.load_walk(desk, signed.id).round == signed


def test_an_open_round_is_neither_approved_nor_amended(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    with pytest.raises(RoundRefused) as refused:
        approval.approve_round(desk, LEAD, walk.round.id, PASSWORD, NOW, 1)
    assert refused.value.code == "not-signed"


def test_an_amendment_withdraws_the_approval_and_keeps_the_old_version(desk: Desk, signed: Round) -> None:
    approved = approval.approve_round(desk, LEAD, signed.id, PASSWORD, LATER, 1)
    amended = amend(desk, approved, "29", note="Air conditioner was off")
    assert (amended.state, amended.revision, amended.approved_by) == (RoundState.SIGNED, 2, None)
    assert (amended.marks, amended.abnormal, amended.signed_by) == ((Mark.AMENDED,), signed.abnormal + 1, "zhang")
    walk = walks.load_walk(desk, signed.id)
    entry = walk.entry(line_of(walk, "env.temp.room"))
    assert entry is not None
    assert (entry.value, entry.verdict, entry.by, entry.at) == (29.0, Verdict.ATTENTION, "zhang", LATER)
    old = next(one for one in amendments.as_signed(desk, signed.id) if one.item == "env.temp.room")
    assert (old.value, old.at) == (18.0, NOW)
    (made,) = amendments.amendments_of(desk, signed.id)
    assert (made.withdrew_by, made.withdrew_at, made.reason) == ("wang", LATER, "I read the wrong thermometer")
    assert made.entries == (entry,)
    assert intact(desk)
    again = approval.approve_round(desk, LEAD, signed.id, PASSWORD, LATER, 2)
    assert (again.state, again.revision) == (RoundState.APPROVED, 2)
    assert intact(desk)


def test_who_amended_a_round_does_not_approve_it(desk: Desk, signed: Round) -> None:
    amend(desk, signed, "24", by=LEAD)
    with pytest.raises(RoundRefused) as refused:
        approval.approve_round(desk, LEAD, signed.id, PASSWORD, LATER, 2)
    assert refused.value.code == "own"


@pytest.mark.parametrize(("reason", "code"), [("", "no-reason"), ("   ", "no-reason")])
def test_an_amendment_says_why(desk: Desk, signed: Round, reason: str, code: str) -> None:
    with pytest.raises(RoundRefused) as refused:
        amend(desk, signed, "24", reason=reason)
    assert refused.value.code == code


def test_an_amendment_changes_something_and_only_to_what_may_stand(desk: Desk, signed: Round) -> None:
    with pytest.raises(RoundRefused) as refused:
        amend(desk, signed, "18")
    assert refused.value.code == "nothing-changed"
    for text, code in (("300", "impossible"), ("31", "note-needed"), ("warm", "not-a-number")):
        with pytest.raises(AnswerRefused) as wrong:
            amend(desk, signed, text)
        assert wrong.value.code == code
    assert walks.load_walk(desk, signed.id).round == signed


def test_the_later_of_two_amendments_is_refused_with_both_texts(desk: Desk, signed: Round) -> None:
    amend(desk, signed, "24", reason="The first was of yesterday")
    with pytest.raises(RoundRefused) as refused:
        amend(desk, signed, "25", by=LEAD, reason="Read anew at nine")
    assert refused.value.code == "changed"
    assert "The first was of yesterday" in str(refused.value)
    assert "Read anew at nine" in str(refused.value)
    walk = walks.load_walk(desk, signed.id)
    assert (walk.round.revision, walk.entries["env.temp.room", ""].value) == (2, 24.0)


def test_nobody_approves_what_they_have_not_read(desk: Desk, signed: Round) -> None:
    amend(desk, signed, "24")
    with pytest.raises(RoundRefused) as refused:
        approval.approve_round(desk, LEAD, signed.id, PASSWORD, LATER, 1)
    assert refused.value.code == "changed"
    assert "wrong thermometer" in str(refused.value)


def test_an_amended_measurement_still_says_what_the_source_said(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    line = line_of(walk, "env.temp.cold")
    taken = answering.accept(LiveValue("23.4", 23.4, "ups-a", NOW - timedelta(seconds=3), 15.0))
    answering.record_answer(desk, ACTOR, walk.round.id, line, taken, NOW)
    for rest in walks.load_walk(desk, walk.round.id).open_lines():
        answering.record_answer(desk, ACTOR, walk.round.id, rest, given_for(rest), NOW)
    signed = signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
    amend(desk, signed, "22", "env.temp.cold")
    entry = walks.load_walk(desk, walk.round.id).entries["env.temp.cold", ""]
    assert (entry.value, entry.origin, entry.live_value) == (22.0, Origin.TYPED_OVER_MEASURED, "23.4")
    assert (entry.source, entry.age_s) == ("ups-a", 3.0)


def test_trends_and_lists_see_the_amended_numbers(desk: Desk, signed: Round) -> None:
    with desk.store.read() as session:
        before = kept.recent_values(session, "env.temp.room", "", before=LATER)
    amended = amend(desk, signed, "24")
    with desk.store.read() as session:
        after = kept.recent_values(session, "env.temp.room", "", before=LATER)
    assert ([value for _at, value in before], [value for _at, value in after]) == ([18.0], [24.0])
    amend(desk, amended, "na", note="The thermometer is broken")
    with desk.store.read() as session:
        assert kept.recent_values(session, "env.temp.room", "", before=LATER) == ()


def given_for(line: WalkLine) -> Given:
    """An answer that is normal, with a note where one is asked for."""
    item = line.item
    if item.choices:
        return Given(item.choices[0].value, "seen" if item.id == "ups.autonomy" else "")
    return Given(f"{item.limit.normal.low if item.limit.normal else 1:g}")
