"""Two people, or two terminals, at one round: each is told of the other, and no answer is lost without being seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.duty import answering, presence, rounds, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.meanwhile import Seen
from dutyroom.errors import AnswerRefused, NotAllowed, RoundRefused
from dutyroom.model.checklist import WalkLine
from dutyroom.model.people import Actor, Role
from dutyroom.store.verify import verify
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk
from tests.duty.test_rounds import answer_everything, line_of

OTHER_TERMINAL = Actor("zhang", Role.TECHNICIAN, "other")
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield opened


@pytest.fixture
def walk(desk: Desk) -> walks.Walk:
    return rounds.start_round(desk, ACTOR, NOW)


def answer(desk: Desk, walk: walks.Walk, actor: Actor, text: str, seen: Seen | None, note: str = "") -> None:
    line = line_of(walk, "env.temp.room")
    answering.record_answer(desk, actor, walk.round.id, line, Given(text, note), LATER, seen)


def stands(desk: Desk, walk: walks.Walk) -> tuple[str | None, str, str]:
    entry = walks.load_walk(desk, walk.round.id).entries["env.temp.room", ""]
    return entry.answer, entry.note, entry.by


def test_the_later_of_two_people_is_told_both_texts_and_nothing_is_lost(desk: Desk, walk: walks.Walk) -> None:
    answer(desk, walk, ACTOR, "23", None, "by the door")
    with pytest.raises(AnswerRefused) as refused:
        answer(desk, walk, ADMIN, "25", Seen(), "by the window")
    assert refused.value.code == "answered-by-another"
    for text in ("zhang", "23 °C", "by the door", "25 °C", "by the window"):
        assert text in str(refused.value)
    assert stands(desk, walk) == ("23", "by the door", "zhang")


def test_one_person_at_two_terminals_overwrites_nothing_unseen(desk: Desk, walk: walks.Walk) -> None:
    here, there = Seen(), Seen()
    answer(desk, walk, ACTOR, "23", here)
    answer(desk, walk, ACTOR, "24", here)
    with pytest.raises(AnswerRefused) as refused:
        answer(desk, walk, OTHER_TERMINAL, "25", there)
    assert refused.value.code == "changed"
    assert "24 °C" in str(refused.value)
    assert "25 °C" in str(refused.value)
    there.look(walks.load_walk(desk, walk.round.id).entries)
    answer(desk, walk, OTHER_TERMINAL, "25", there)
    assert stands(desk, walk)[0] == "25"


def test_an_answer_that_was_not_seen_is_not_undone(desk: Desk, walk: walks.Walk) -> None:
    seen = Seen()
    answer(desk, walk, ACTOR, "23", seen)
    answering.undo_answer(desk, OTHER_TERMINAL, walk.round.id, line_of(walk, "env.temp.room"), LATER)
    answer(desk, walk, OTHER_TERMINAL, "24", None)
    with pytest.raises(AnswerRefused) as refused:
        answering.undo_answer(desk, ACTOR, walk.round.id, line_of(walk, "env.temp.room"), LATER, seen)
    assert refused.value.code == "changed"
    assert stands(desk, walk)[0] == "24"


def test_a_line_without_an_answer_is_not_undone(desk: Desk, walk: walks.Walk) -> None:
    with pytest.raises(AnswerRefused) as refused:
        answering.undo_answer(desk, ACTOR, walk.round.id, line_of(walk, "env.temp.room"), LATER)
    assert refused.value.code == "unanswered"


def test_two_notes_to_one_answer_end_with_both_texts(desk: Desk, walk: walks.Walk) -> None:
    answer(desk, walk, ACTOR, "23", None)
    entry = walks.load_walk(desk, walk.round.id).entries["env.temp.room", ""]
    answering.annotate(desk, ADMIN, entry, "the left one", LATER)
    with pytest.raises(AnswerRefused) as refused:
        answering.annotate(desk, ACTOR, entry, "the right one", LATER)
    assert refused.value.code == "changed"
    assert "the left one" in str(refused.value)
    assert "the right one" in str(refused.value)
    assert stands(desk, walk)[1] == "the left one"


def test_what_changed_after_the_review_is_not_signed(desk: Desk, walk: walks.Walk) -> None:
    answer_everything(desk, walk)
    reviewed = walks.load_walk(desk, walk.round.id).entries
    answer(desk, walk, ACTOR, "26", None, "opened the door")
    with pytest.raises(RoundRefused) as refused:
        signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, LATER, reviewed=reviewed)
    assert refused.value.code == "changed"
    assert "18 °C" in str(refused.value)
    assert "26 °C" in str(refused.value)
    looked = walks.load_walk(desk, walk.round.id).entries
    assert signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, LATER, reviewed=looked).signed_by == "zhang"


def test_a_line_the_round_does_not_ask_takes_no_answer(desk: Desk, walk: walks.Walk) -> None:
    line = line_of(walk, "ups.load", "ups-a")
    for other in (WalkLine(line.item, "ups-z"), WalkLine(line.item)):
        with pytest.raises(AnswerRefused) as refused:
            answering.record_answer(desk, ACTOR, walk.round.id, other, Given("31"), NOW)
        assert refused.value.code == "unknown-line"


def test_the_second_to_open_a_round_sees_who_has_it(desk: Desk, walk: walks.Walk) -> None:
    number = walk.round.id
    assert presence.hold_round(desk, ACTOR, number, NOW) == ()
    (first,) = presence.hold_round(desk, ADMIN, number, LATER - timedelta(seconds=100))
    assert (first.by, first.terminal, first.since) == ("zhang", "test", NOW)
    assert [one.terminal for one in presence.hold_round(desk, OTHER_TERMINAL, number, NOW)] == ["test", "test"]
    presence.leave_round(desk, ACTOR, number)
    assert {one.by for one in presence.holders(desk, number, NOW)} == {"admin", "zhang"}


def test_a_terminal_that_was_cut_off_holds_nothing_after_a_minute(desk: Desk, walk: walks.Walk) -> None:
    presence.hold_round(desk, ACTOR, walk.round.id, NOW)
    assert presence.hold_round(desk, ADMIN, walk.round.id, NOW + timedelta(seconds=66)) == ()


def test_presence_is_no_evidence_and_is_for_those_who_walk(desk: Desk, walk: walks.Walk) -> None:
    with desk.store.read() as session:
        before = verify(session)
    presence.hold_round(desk, ACTOR, walk.round.id, NOW)
    with desk.store.read() as session:
        assert verify(session) == before
    with pytest.raises(NotAllowed):
        presence.hold_round(desk, Actor("au", Role.AUDITOR, "t"), walk.round.id, NOW)
