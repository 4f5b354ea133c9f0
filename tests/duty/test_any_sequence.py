"""No sequence of acts loses an answer, signs an incomplete round, changes a signed one, or breaks the ledger."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.duty import amendments, answer_findings, answering, approval, presence, rounds, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.meanwhile import Seen
from dutyroom.duty.operators import add_operator
from dutyroom.errors import DutyroomError, NotAllowed
from dutyroom.model.people import Act, Actor, Role
from dutyroom.model.rounds import Entry, RoundState
from dutyroom.rules.finding_life import needs_finding
from dutyroom.rules.privileges import may
from dutyroom.store import ledger
from dutyroom.store.verify import verify
from tests.desks import ADMIN, NOW, PASSWORD, opened_desk
from tests.duty.test_approval import given_for

PEOPLE = {
    "zhang": Actor("zhang", Role.TECHNICIAN, "a"),
    "wang": Actor("wang", Role.LEAD, "b"),
    "admin": Actor("admin", Role.ADMIN, "c"),
    "sun": Actor("sun", Role.AUDITOR, "d"),
}
STEPS = 120
_DRAWN = (0, 0, 0, 0, 2, 3, 4, 5, 5, 6, 7)


def enrolled(desk: Desk) -> None:
    for name, role in (("wang", Role.LEAD), ("sun", Role.AUDITOR)):
        add_operator(desk.store, ADMIN, name, name.title(), role, PASSWORD, NOW - timedelta(days=59))


def act(desk: Desk, dice: random.Random, actor: Actor, number: int, step: int, seen: Seen) -> None:
    """One act drawn at random on one round; it may well be refused."""
    now = NOW + timedelta(seconds=20 * step)
    walk = walks.load_walk(desk, number)
    line = dice.choice(walk.open_lines() or walk.lines)
    match dice.choice(_DRAWN):
        case 0:
            many = [(one, given_for(one)) for one in walk.open_lines()[: dice.randrange(1, 30)]]
            answering.record_answers(desk, actor, number, many, now, seen if dice.random() < 0.5 else None)
        case 2:
            answering.record_answer(
                desk, actor, number, dice.choice(walk.lines), Given("abnormal", "broken"), now, seen
            )
        case 3:
            answering.undo_answer(desk, actor, number, dice.choice(walk.lines), now, seen)
        case 4:
            entry = walk.entries.get(dice.choice(walk.lines).key)
            if entry is not None:
                answering.annotate(desk, actor, entry, dice.choice(("", "looked twice")), now)
        case 5:
            for entry in walk.entries.values():
                if needs_finding(entry):
                    answer_findings.link_new(desk, actor, entry, now)
            password = "walk the roof" if dice.random() < 0.03 else PASSWORD
            signing.sign_round(desk, actor, number, password, now, reviewed=walk.entries)
        case 6:
            approval.approve_round(desk, actor, number, PASSWORD, now, walk.round.revision)
        case _:
            changes = [(line, Given(given_for(line).answer, f"seen again {step}"))]
            amendments.amend_round(desk, actor, number, walk.round.revision, changes, "read anew", PASSWORD, now)


@pytest.mark.parametrize("seed", range(4))
def test_no_sequence_of_acts_breaks_what_is_promised(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    with opened_desk(tmp_path) as desk:
        enrolled(desk)
        number = rounds.start_round(desk, PEOPLE["zhang"], NOW).round.id
        seen = {name: Seen() for name in PEOPLE}
        signed: tuple[Entry, ...] | None = None
        done = 0
        for step in range(STEPS):
            before = walks.load_walk(desk, number)
            name = dice.choice(list(PEOPLE))
            try:
                act(desk, dice, PEOPLE[name], number, step, seen[name])
                done += 1
            except DutyroomError:
                assert walks.load_walk(desk, number).round == before.round
            after = walks.load_walk(desk, number)
            if before.round.state is RoundState.OPEN and after.round.state is RoundState.SIGNED:
                assert before.open_lines() == ()
                signed = amendments.as_signed(desk, number)
            if signed is not None:
                assert amendments.as_signed(desk, number) == signed
                assert after.round.signed_by == (before.round.signed_by or name)
                assert after.round.approved_by not in {after.round.signed_by, *(one.by for one in signed)}
                assert len(amendments.amendments_of(desk, number)) == after.round.revision - 1
            else:
                lost = [key for key, one in before.entries.items() if one.answer and key not in after.entries]
                assert lost == []
        assert done > 5
        assert signed is not None
        with desk.store.read() as session:
            assert verify(session).faults == ()


@pytest.mark.parametrize("name", PEOPLE)
def test_every_act_on_a_round_is_refused_below_the_screens_to_a_role_that_may_not(tmp_path: Path, name: str) -> None:
    actor = PEOPLE[name]
    with opened_desk(tmp_path) as desk:
        enrolled(desk)
        walk = rounds.start_round(desk, PEOPLE["zhang"], NOW)
        number, line = walk.round.id, walk.lines[0]
        entry = answering.record_answer(desk, PEOPLE["zhang"], number, line, given_for(line), NOW)
        acts: dict[Act, Callable[[], object]] = {
            Act.START_ROUND: lambda: rounds.start_round(desk, actor, NOW),
            Act.ANSWER: lambda: answering.annotate(desk, actor, entry, "seen", NOW),
            Act.UNDO: lambda: answering.undo_answer(desk, actor, number, line, NOW),
            Act.SIGN_ROUND: lambda: signing.sign_round(desk, actor, number, PASSWORD, NOW),
            Act.APPROVE_ROUND: lambda: approval.approve_round(desk, actor, number, PASSWORD, NOW, 1),
            Act.AMEND_ROUND: lambda: amendments.amend_round(
                desk, actor, number, 1, [(line, Given("normal", "x"))], "why", PASSWORD, NOW
            ),
        }
        for which, do in acts.items():
            with desk.store.read() as session:
                head = ledger.head(session)
            if may(actor.role, which):
                assert not _is_refused_to(do)
                continue
            with pytest.raises(NotAllowed):
                do()
            with desk.store.read() as session:
                assert ledger.head(session) == head
        if not may(actor.role, Act.ANSWER):
            with pytest.raises(NotAllowed):
                presence.hold_round(desk, actor, number, NOW)


def _is_refused_to(do: Callable[[], object]) -> bool:
    try:
        do()
    except NotAllowed:
        return True
    except DutyroomError:
        return False
    return False
