"""Answers that are not normal and the findings they stand for: none is left open at a signature, none is made twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutyroom.duty import amendments, answer_findings, answering, finding_lists, findings, rounds, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.errors import FindingRefused, RoundRefused
from dutyroom.model.finding import FindingOrigin, FindingState, FindingStep, Severity
from dutyroom.model.people import Actor, Role
from dutyroom.model.rounds import Entry, RoundState
from dutyroom.store.verify import verify
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk
from tests.duty.test_rounds import answer_everything, line_of

LEAD = Actor("li", Role.LEAD, "test")
DAY = timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        add_operator(opened.store, ADMIN, "li", "Li Na", Role.LEAD, PASSWORD, NOW - DAY)
        yield opened
        with opened.store.read() as session:
            assert verify(session).faults == ()


def answer(
    desk: Desk, walk: walks.Walk, item: str, text: str, at: datetime = NOW, device: str = "", actor: Actor = ACTOR
) -> Entry:
    given = Given(text, "seen" if text != "normal" else "")
    return answering.record_answer(desk, actor, walk.round.id, line_of(walk, item, device), given, at)


def begun(desk: Desk, at: datetime = NOW) -> walks.Walk:
    """A round with every answer normal, not signed."""
    walk = rounds.start_round(desk, ACTOR, at)
    answer_everything(desk, walk, at)
    return walk


def test_a_round_is_not_signed_while_an_abnormal_answer_stands_for_no_finding(desk: Desk) -> None:
    walk = begun(desk)
    entry = answer(desk, walk, "env.water", "abnormal")
    with pytest.raises(RoundRefused) as refused:
        signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
    assert refused.value.code == "unresolved"
    assert walks.load_walk(desk, walk.round.id).round.state is RoundState.OPEN
    linked, finding = answer_findings.link_new(desk, ACTOR, entry, NOW)
    assert linked.finding_id == finding.id
    assert signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW).abnormal == 1
    assert walks.load_walk(desk, walk.round.id).entries["env.water", ""].finding_id == finding.id


@pytest.mark.parametrize(
    ("typed", "severity", "days"), [("28", Severity.OTHER, 7), ("31", Severity.CRITICAL, 1)], ids=["limit", "critical"]
)
def test_the_defaults_of_a_finding_follow_from_how_bad_the_answer_is(
    desk: Desk, typed: str, severity: Severity, days: int
) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    entry = answer(desk, walk, "env.temp.room", typed)
    _linked, finding = answer_findings.link_new(desk, ACTOR, entry, NOW + timedelta(seconds=20))
    assert (finding.severity, finding.deadline, finding.found_at) == (severity, NOW + days * DAY, NOW)
    assert (finding.origin, finding.item, finding.round_id, finding.text) == (
        *(FindingOrigin.ENTRY, "env.temp.room", walk.round.id, "seen"),
    )
    assert dict(finding.params)["answer"] == typed


def test_the_same_fault_the_next_day_is_found_again_and_not_twice(desk: Desk) -> None:
    first = rounds.start_round(desk, ACTOR, NOW)
    _entry, finding = answer_findings.link_new(desk, ACTOR, answer(desk, first, "env.water", "abnormal"), NOW)
    tomorrow = NOW + DAY
    second = rounds.start_round(desk, ACTOR, tomorrow)
    linked, again = answer_findings.link_new(
        desk, ACTOR, answer(desk, second, "env.water", "abnormal", tomorrow), tomorrow
    )
    assert (linked.finding_id, again.times, again.deadline) == (finding.id, 2, finding.deadline)
    assert len(finding_lists.listed(desk, tomorrow, every=True)) == 1


def test_a_fault_that_was_said_to_be_done_and_is_found_again_goes_back_to_work(desk: Desk) -> None:
    first = rounds.start_round(desk, ACTOR, NOW)
    _entry, finding = answer_findings.link_new(desk, ACTOR, answer(desk, first, "env.water", "abnormal"), NOW)
    findings.done(desk, ACTOR, finding.id, "mopped up", NOW)
    tomorrow = NOW + DAY
    second = rounds.start_round(desk, ACTOR, tomorrow)
    entry = answer(desk, second, "env.water", "abnormal", tomorrow)
    _linked, again = answer_findings.link_new(desk, ACTOR, entry, tomorrow)
    assert (again.id, again.state, again.done_by, again.deadline) == (
        *(finding.id, FindingState.RETURNED, None, tomorrow + DAY),
    )
    steps = finding_lists.history(desk, finding.id).steps
    assert [step.step for step in steps] == [FindingStep.FOUND, FindingStep.DONE, FindingStep.REOPENED]


def test_a_fault_that_comes_back_after_it_was_verified_is_a_new_finding_that_names_the_old_one(desk: Desk) -> None:
    first = rounds.start_round(desk, ACTOR, NOW)
    _entry, old = answer_findings.link_new(desk, ACTOR, answer(desk, first, "env.water", "abnormal"), NOW)
    findings.done(desk, ACTOR, old.id, "mopped up", NOW)
    findings.verify(desk, LEAD, old.id, NOW)
    second = rounds.start_round(desk, ACTOR, NOW + DAY)
    entry = answer(desk, second, "env.water", "abnormal", NOW + DAY)
    _linked, new = answer_findings.link_new(desk, ACTOR, entry, NOW + DAY)
    assert new.id != old.id
    assert finding_lists.history(desk, new.id).steps[0].params == (("before", str(old.id)),)


def test_a_known_fault_need_not_be_found_again_each_day_until_it_runs_out(desk: Desk) -> None:
    walk = begun(desk)
    _entry, finding = answer_findings.link_new(desk, ACTOR, answer(desk, walk, "env.water", "abnormal"), NOW)
    signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
    findings.know(desk, LEAD, finding.id, "Works dept.", "roof in spring", NOW + 2 * DAY, NOW)
    walk = begun(desk, NOW + DAY)
    assert answer(desk, walk, "env.water", "abnormal", NOW + DAY).finding_id == finding.id
    signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW + DAY)
    walk = begun(desk, NOW + 3 * DAY)
    assert answer(desk, walk, "env.water", "abnormal", NOW + 3 * DAY).finding_id is None
    with pytest.raises(RoundRefused):
        signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW + 3 * DAY)


def test_an_answer_may_stand_for_a_finding_that_is_there(desk: Desk) -> None:
    known = findings.find(desk, ACTOR, Severity.OTHER, "Battery is worn", NOW, device="ups-a")
    other = findings.find(desk, ACTOR, Severity.OTHER, "Lamp is out", NOW)
    walk = rounds.start_round(desk, ACTOR, NOW)
    entry = answer(desk, walk, "ups.body", "abnormal", device="ups-a")
    assert [one.id for one in answer_findings.faults_for(desk, entry, NOW)] == [known.id]
    findings.know(desk, LEAD, other.id, "Works dept.", "lamp ordered", NOW + DAY, NOW)
    assert [one.id for one in answer_findings.faults_for(desk, entry, NOW)] == [known.id, other.id]
    linked, met = answer_findings.link_existing(desk, ACTOR, entry, known.id, NOW)
    assert (linked.finding_id, met.times) == (known.id, 2)
    again, same = answer_findings.link_existing(desk, ACTOR, linked, known.id, NOW)
    assert (again, same.times) == (linked, 2), "said twice, found once"
    findings.done(desk, ACTOR, other.id, "changed", NOW)
    findings.verify(desk, LEAD, other.id, NOW)
    with pytest.raises(FindingRefused) as refused:
        answer_findings.link_existing(desk, ACTOR, entry, other.id, NOW)
    assert refused.value.code == "over"


def test_a_normal_answer_stands_for_nothing(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    entry = answer(desk, walk, "env.water", "normal")
    with pytest.raises(FindingRefused) as refused:
        answer_findings.link_new(desk, ACTOR, entry, NOW)
    assert refused.value.code == "not-abnormal"
    changed = answer(desk, walk, "env.clean", "abnormal")
    answering.undo_answer(desk, ACTOR, walk.round.id, line_of(walk, "env.clean"), NOW)
    with pytest.raises(FindingRefused):
        answer_findings.link_new(desk, ACTOR, changed, NOW)
    assert finding_lists.listed(desk, NOW, every=True) == ()


@pytest.mark.parametrize("how", ["undo", "retype"])
def test_a_mistyped_answer_takes_the_finding_made_of_it_away_and_the_record_stays(desk: Desk, how: str) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    _entry, finding = answer_findings.link_new(desk, ACTOR, answer(desk, walk, "env.temp.room", "32"), NOW)
    if how == "undo":
        answering.undo_answer(desk, ACTOR, walk.round.id, line_of(walk, "env.temp.room"), NOW)
    else:
        answering.record_answer(desk, ACTOR, walk.round.id, line_of(walk, "env.temp.room"), Given("23"), NOW)
    assert finding_lists.listed(desk, NOW) == ()
    kept = finding_lists.history(desk, finding.id)
    assert (kept.finding.state, kept.steps[-1].step) == (FindingState.WITHDRAWN, FindingStep.WITHDRAWN)


@pytest.mark.parametrize("who", ["another", "worked-on"])
def test_a_finding_that_is_not_only_of_this_answer_stays_when_the_answer_is_undone(desk: Desk, who: str) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    _entry, finding = answer_findings.link_new(desk, ACTOR, answer(desk, walk, "env.water", "abnormal"), NOW)
    if who == "worked-on":
        findings.take(desk, LEAD, finding.id, NOW)
    actor = LEAD if who == "another" else ACTOR
    answering.undo_answer(desk, actor, walk.round.id, line_of(walk, "env.water"), NOW)
    assert len(finding_lists.listed(desk, NOW)) == 1


def test_an_answer_that_is_typed_again_keeps_its_finding(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    _entry, finding = answer_findings.link_new(desk, ACTOR, answer(desk, walk, "env.temp.room", "32"), NOW)
    assert answer(desk, walk, "env.temp.room", "31").finding_id == finding.id
    noted = walks.load_walk(desk, walk.round.id).entries["env.temp.room", ""]
    assert answering.annotate(desk, ACTOR, noted, "seen twice", NOW).finding_id == finding.id


def test_in_a_closed_round_no_answer_gets_a_finding(desk: Desk) -> None:
    walk = begun(desk)
    entry = answer(desk, walk, "env.water", "abnormal")
    answer_findings.link_new(desk, ACTOR, entry, NOW)
    signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
    with pytest.raises(RoundRefused) as refused:
        answer_findings.link_new(desk, ACTOR, entry, NOW)
    assert refused.value.code == "not-open"


def test_an_amendment_to_an_answer_that_is_not_normal_finds_it_too(desk: Desk) -> None:
    walk = begun(desk)
    signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
    changes = [(line_of(walk, "env.water"), Given("abnormal", "a puddle, on the paper"))]
    later = NOW + timedelta(hours=1)
    amendments.amend_round(desk, ACTOR, walk.round.id, 1, changes, "read the paper again", PASSWORD, later)
    (found,) = finding_lists.listed(desk, later)
    assert (found.origin, found.text, found.severity) == (
        *(FindingOrigin.ENTRY, "a puddle, on the paper", Severity.CRITICAL),
    )
    assert walks.load_walk(desk, walk.round.id).entries["env.water", ""].finding_id == found.id
    with pytest.raises(FindingRefused) as refused:
        findings.withdraw(desk, LEAD, found.id, "none", later)
    assert refused.value.code == "not-withdrawn"
    changes = [(line_of(walk, "env.water"), Given("abnormal", "two puddles"))]
    amendments.amend_round(desk, ACTOR, walk.round.id, 2, changes, "counted again", PASSWORD, later)
    assert len(finding_lists.listed(desk, later, every=True)) == 1
