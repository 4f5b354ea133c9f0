"""A round is walked, answered, signed, and then nothing in it changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutyroom.duty import answering, operators, rounds, signin, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.records import read_room
from dutyroom.errors import AnswerRefused, DutyroomError, NotAllowed, RoundRefused, SignInRefused
from dutyroom.model.checklist import ItemKind, Mode, WalkLine
from dutyroom.model.facts import Line
from dutyroom.model.people import Actor, Role
from dutyroom.model.reading import Origin, Sample, Verdict
from dutyroom.model.rounds import Entry, Mark, RoundState
from dutyroom.rules.live import LiveValue, live_value
from dutyroom.store import readings
from dutyroom.store.verify import verify
from tests.desks import ACTOR, NOW, PASSWORD, all_samples, opened_desk, stand_for_findings, ups_sample


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield opened


def line_of(walk: walks.Walk, item: str, device: str = "") -> WalkLine:
    return next(line for line in walk.lines if line.key == (item, device))


def live(desk: Desk, walk: walks.Walk, line: WalkLine, samples: list[Sample] | None = None) -> LiveValue | None:
    with desk.store.write() as session:
        readings.put_samples(session, all_samples() if samples is None else samples, {})
    return live_value(line, walks.room_now(desk, walk, read_room(desk, NOW), NOW))


def answer(desk: Desk, walk: walks.Walk, item: str, text: str, device: str = "", note: str = "") -> Entry:
    line = line_of(walk, item, device)
    return answering.record_answer(desk, ACTOR, walk.round.id, line, Given(text, note), NOW)


def answer_everything(desk: Desk, walk: walks.Walk, at: datetime = NOW) -> None:
    """Every line is answered with what is normal, all together: one transaction, an entry and a ledger line each."""
    answers = []
    for line in walk.lines:
        item = line.item
        if item.choices:
            text = item.choices[0].value
        elif item.kind is ItemKind.TEXT:
            text = "nothing"
        else:
            text = f"{item.limit.normal.low if item.limit.normal else 1:g}"
        note = "seen" if item.id in ("ups.autonomy",) else ""
        answers.append((line, Given(text, note)))
    answering.record_answers(desk, ACTOR, walk.round.id, answers, at)
    stand_for_findings(desk, walk.round.id, at)


def test_a_round_has_every_item_of_the_checklist_for_every_device(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    assert walk.round.items == 43
    assert {line.device for line in walk.lines if line.item.id == "ups.load"} == {"ups-a", "ups-b"}
    assert len(walk.open_lines()) == len(walk.lines)


def test_starting_twice_goes_on_with_the_same_round(desk: Desk) -> None:
    first = rounds.start_round(desk, ACTOR, NOW)
    answer(desk, first, "acc.door", "normal")
    again = rounds.start_round(desk, ACTOR, NOW + timedelta(minutes=3))
    assert again.round.id == first.round.id
    assert again.entry(line_of(again, "acc.door")) is not None


def test_an_abnormal_answer_without_a_note_is_refused_and_nothing_is_stored(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    with pytest.raises(AnswerRefused) as refused:
        answer(desk, walk, "acc.door", "abnormal")
    assert refused.value.code == "note-needed"
    assert walks.load_walk(desk, walk.round.id).entries == {}
    assert answer(desk, walk, "acc.door", "abnormal", note="Lock is worn").verdict is Verdict.FAULT


@pytest.mark.parametrize(("typed", "code"), [("300", "impossible"), ("warm", "not-a-number"), ("", "not-a-number")])
def test_an_impossible_number_is_refused(desk: Desk, typed: str, code: str) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    with pytest.raises(AnswerRefused) as refused:
        answer(desk, walk, "env.temp.room", typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [("23.4", Verdict.OK), ("28", Verdict.ATTENTION), ("31", Verdict.FAULT), ("２３．４", Verdict.OK)],
)
def test_a_number_is_judged_by_its_limits(desk: Desk, typed: str, verdict: Verdict) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    assert answer(desk, walk, "env.temp.room", typed, note="seen").verdict is verdict


def test_a_live_value_is_stored_with_its_source_and_age(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    line = line_of(walk, "env.temp.cold")
    measured = live(desk, walk, line)
    assert measured is not None
    later = NOW + timedelta(seconds=4)
    entry = answering.record_answer(desk, ACTOR, walk.round.id, line, answering.accept(measured), later)
    assert (entry.value, entry.origin, entry.source, entry.age_s) == (23.4, Origin.MEASURED, "ups-a", 4.0)


def test_a_stale_live_value_cannot_be_accepted(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    line = line_of(walk, "env.temp.cold")
    measured = live(desk, walk, line)
    assert measured is not None
    with pytest.raises(AnswerRefused) as refused:
        answering.record_answer(
            desk, ACTOR, walk.round.id, line, answering.accept(measured), NOW + timedelta(seconds=60)
        )
    assert refused.value.code == "stale"


def test_a_panel_reading_is_typed_and_its_difference_to_the_live_value_is_marked(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    line = line_of(walk, "ups.in.v", "ups-a")
    measured = live(desk, walk, line)
    assert measured is not None
    assert line.item.mode is Mode.PANEL
    with pytest.raises(AnswerRefused):
        answering.record_answer(desk, ACTOR, walk.round.id, line, answering.accept(measured), NOW)
    given = Given("215", "panel shows less", measured)
    entry = answering.record_answer(desk, ACTOR, walk.round.id, line, given, NOW)
    assert (entry.verdict, entry.live_value) == (Verdict.ATTENTION, "229")


def test_typing_over_a_measurement_is_kept_as_such(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    line = line_of(walk, "env.temp.cold")
    given = Given("24.1", live=live(desk, walk, line))
    assert answering.record_answer(desk, ACTOR, walk.round.id, line, given, NOW).origin is Origin.TYPED_OVER_MEASURED


def test_an_undone_answer_is_open_again_and_the_ledger_knows_both(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    answer(desk, walk, "acc.door", "normal")
    answering.undo_answer(desk, ACTOR, walk.round.id, line_of(walk, "acc.door"), NOW)
    walk = walks.load_walk(desk, walk.round.id)
    assert walk.entry(line_of(walk, "acc.door")) is None
    with desk.store.read() as session:
        assert verify(session).faults == ()


def test_another_persons_answer_is_not_silently_replaced(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    answer(desk, walk, "acc.door", "normal")
    lead, line = Actor("admin", Role.ADMIN, "test"), line_of(walk, "acc.door")
    given = Given("abnormal", "Lock is worn")
    with pytest.raises(AnswerRefused) as refused:
        answering.record_answer(desk, lead, walk.round.id, line, given, NOW)
    assert refused.value.code == "answered-by-another"
    answering.undo_answer(desk, lead, walk.round.id, line, NOW)
    assert answering.record_answer(desk, lead, walk.round.id, line, given, NOW).by == "admin"


def test_a_round_with_open_lines_cannot_be_signed(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    with pytest.raises(RoundRefused) as refused:
        signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
    assert refused.value.code == "unanswered"


def test_a_wrong_password_signs_nothing(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    answer_everything(desk, walk)
    with pytest.raises(SignInRefused):
        signing.sign_round(desk, ACTOR, walk.round.id, "walk the roof", NOW)
    assert walks.load_walk(desk, walk.round.id).round.state is RoundState.OPEN


def test_a_signed_round_never_changes(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    answer_everything(desk, walk)
    signed = signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
    assert (signed.state, signed.signed_by, signed.marks) == (RoundState.SIGNED, "zhang", ())
    with pytest.raises(RoundRefused):
        answer(desk, walk, "acc.door", "normal")
    with pytest.raises(RoundRefused):
        answering.undo_answer(desk, ACTOR, walk.round.id, line_of(walk, "acc.door"), NOW)
    with pytest.raises(RoundRefused) as refused:
        rounds.start_round(desk, ACTOR, NOW + timedelta(minutes=1))
    assert refused.value.code == "exists"
    with desk.store.read() as session:
        assert verify(session).faults == ()


def test_a_round_signed_after_its_window_is_late(desk: Desk) -> None:
    late = NOW + timedelta(hours=3)
    walk = rounds.start_round(desk, ACTOR, NOW)
    answer_everything(desk, walk)
    assert signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, late).marks == (Mark.LATE,)


def test_a_clock_before_the_newest_answer_refuses_the_signature(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    answer_everything(desk, walk)
    with pytest.raises(RoundRefused) as refused:
        signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW - timedelta(hours=1))
    assert refused.value.code == "clock"


def test_an_auditor_reads_and_does_not_write(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        rounds.start_round(desk, Actor("au", Role.AUDITOR, "test"), NOW)


def test_before_the_window_opens_the_slot_is_yesterdays(desk: Desk) -> None:
    at_six = NOW - timedelta(hours=3)
    walk = rounds.start_round(desk, ACTOR, at_six)
    assert walk.round.due_on.isoformat() == "2026-11-23"
    assert walk.round.duty_day.isoformat() == "2026-11-23"


def test_signing_in_tells_nobody_which_part_was_wrong(desk: Desk) -> None:
    sentences = set()
    for name, password in (("zhang", "wrong password"), ("nobody", PASSWORD)):
        with pytest.raises(SignInRefused) as refused:
            signin.sign_in(desk.store, name, password, "test", NOW)
        sentences.add(str(refused.value))
    assert len(sentences) == 1
    came = signin.sign_in(desk.store, "zhang", PASSWORD, "test", NOW)
    assert (came.operator.label, came.actor.role) == ("Zhang Wei", Role.TECHNICIAN)


def test_a_disabled_operator_cannot_sign_in(desk: Desk) -> None:
    operators.disable_operator(desk.store, Actor("admin", Role.ADMIN, "test"), "zhang", NOW)
    with pytest.raises(SignInRefused):
        signin.sign_in(desk.store, "zhang", PASSWORD, "test", NOW)


@pytest.mark.parametrize("change", ["short", "taken", "name"])
def test_a_bad_operator_is_refused_with_one_sentence(desk: Desk, change: str) -> None:
    name = {"taken": "zhang", "name": "Zhang Wei"}.get(change, "li")
    password = "short" if change == "short" else PASSWORD
    admin = Actor("admin", Role.ADMIN, "test")
    with pytest.raises(DutyroomError):
        operators.add_operator(desk.store, admin, name, "Li", Role.TECHNICIAN, password, NOW)


def test_normal_against_a_source_that_says_otherwise_needs_a_note_that_explains(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    with desk.store.write() as session:
        readings.put_samples(session, [ups_sample("ups-a", status=("OB",), line=Line.BATTERY)], {})
    for item, text in (("ups.panel", "normal"), ("ups.status", "mains")):
        with pytest.raises(AnswerRefused) as refused:
            answer(desk, walk, item, text, "ups-a")
        assert refused.value.code == "note-needed"
        entry = answer(desk, walk, item, text, "ups-a", note="Self-test, ended while I stood there")
        assert (entry.verdict, entry.source) == (Verdict.OK, "ups-a")
        with pytest.raises(AnswerRefused):
            answering.annotate(desk, ACTOR, entry, "", NOW)


def test_what_is_typed_beside_a_measurement_says_so_although_the_caller_did_not(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    with desk.store.write() as session:
        readings.put_samples(session, all_samples(), {})
    entry = answer(desk, walk, "env.temp.cold", "24.1")
    assert (entry.origin, entry.live_value, entry.source) == (Origin.TYPED_OVER_MEASURED, "23.4", "ups-a")


def test_a_measurement_of_a_time_to_come_cannot_be_accepted(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    line = line_of(walk, "env.temp.cold")
    taken = answering.accept(LiveValue("23.4", 23.4, "ups-a", NOW + timedelta(minutes=1), 15.0))
    with pytest.raises(AnswerRefused) as refused:
        answering.record_answer(desk, ACTOR, walk.round.id, line, taken, NOW)
    assert refused.value.code == "stale"
