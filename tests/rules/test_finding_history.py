"""A finding as it stood at any earlier moment is what it was then, whatever has happened to it since."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutyroom.duty import findings
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.model.finding import Finding, FindingState, FindingStep, Severity
from dutyroom.model.people import Role
from dutyroom.rules.finding_history import HAD, HAD_DEADLINE, stood_at
from dutyroom.store import findings as rows
from tests.cheap import commits_wait_for_no_disk
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk
from tests.duty.test_finding_sequences import AUDITOR, LEAD, REFUSED, People

DAY = timedelta(days=1)


@pytest.fixture(scope="module", autouse=True)
def _commits_wait_for_no_disk() -> Iterator[None]:
    with commits_wait_for_no_disk():
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        add_operator(opened.store, ADMIN, "li", "Li Na", Role.LEAD, PASSWORD, NOW - DAY)
        yield opened


def all_of(desk: Desk) -> dict[int, Finding]:
    with desk.store.read() as session:
        return {one.id: one for one in rows.every(session)}


def at(desk: Desk, number: int, until: datetime) -> Finding | None:
    with desk.store.read() as session:
        found = rows.get(session, number)
        assert found is not None
        return stood_at(found, rows.steps(session, number), until)


def told(one: Finding | None) -> Finding | None:
    """Without what a history does not tell to the second: since when the watch saw it no more."""
    if one is None:
        return None
    return replace(one, deadline=one.deadline.replace(microsecond=0), gone_at=None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_people_did_every_earlier_moment_can_be_told(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    people = People(desk, chance)
    stood: list[tuple[datetime, dict[int, Finding]]] = []
    for _ in range(90):
        people.now += timedelta(seconds=chance.choice((5, 300, 86400)))
        actor = chance.choice((ACTOR, LEAD, ADMIN, AUDITOR))
        act = chance.choice((people.find, people.answer, people.work, people.work, people.work, people.watch))
        try:
            act(actor)
        except REFUSED:
            continue
        people.known = all_of(desk)
        stood.append((people.now + timedelta(seconds=1), people.known))
    assert len({one.state for one in people.known.values()}) > 3
    for until, then in stood:
        for number in people.known:
            assert told(at(desk, number, until)) == told(then.get(number)), (until, number)
            now = at(desk, number, until)
            assert (now is None) == (number not in then)
            assert now is None or (now.gone_at is None) == (then[number].gone_at is None)


def test_a_history_that_does_not_tell_who_had_it_before_says_nobody_and_the_deadline_of_the_class(desk: Desk) -> None:
    number = findings.find(desk, ACTOR, Severity.OTHER, "wet", NOW, assignee="zhang").id
    findings.take(desk, LEAD, number, NOW + DAY)
    findings.rate(desk, LEAD, number, Severity.CRITICAL, "wetter", NOW + 2 * DAY)
    with desk.store.read() as session:
        found = rows.get(session, number)
        old = [
            replace(step, params=tuple((name, value) for name, value in step.params if name not in (HAD, HAD_DEADLINE)))
            for step in rows.steps(session, number)
        ]
    assert found is not None
    assert [step.step for step in old] == [FindingStep.FOUND, FindingStep.TAKEN, FindingStep.SEVERITY]
    before = stood_at(found, old, NOW + timedelta(hours=1))
    assert before is not None
    assert (before.assignee, before.deadline, before.severity) == (None, NOW + 7 * DAY, Severity.OTHER)
    assert before.state is FindingState.OPEN
    taken = stood_at(found, old, NOW + 1.5 * DAY)
    assert taken is not None
    assert (taken.assignee, taken.state) == ("li", FindingState.IN_WORK)
