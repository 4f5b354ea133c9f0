"""No sequence of acts, by whomever and under whatever clock, breaks what a finding promises.

Random acts of people of every role and of the watch on a real store, with a clock that is set now and then.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutyroom.duty import answer_findings, answering, finding_lists, findings, rounds, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.duty.watch_findings import keep_changes
from dutyroom.errors import AnswerRefused, FindingRefused, NotAllowed, RoundRefused
from dutyroom.model.finding import Finding, FindingState, Severity, Step
from dutyroom.model.people import Actor, Role, watch_actor
from dutyroom.model.rounds import RoundState
from dutyroom.rules.deadlines import KNOWN_AT_MOST
from dutyroom.rules.fault_memory import Changes
from dutyroom.rules.finding_life import unresolved
from dutyroom.rules.watch_faults import Fault
from dutyroom.store import findings as finding_rows
from dutyroom.store.verify import verify
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk

LEAD, AUDITOR = Actor("li", Role.LEAD, "test"), Actor("au", Role.AUDITOR, "test")
WATCH = watch_actor("duty-pc")
ITEMS = ("env.water", "env.clean", "acc.door")
REFUSED = (FindingRefused, NotAllowed, RoundRefused, AnswerRefused)


@dataclass
class People:
    """A few people at one desk who do anything that comes to their mind."""

    desk: Desk
    chance: random.Random
    now: datetime = NOW
    known: dict[int, Finding] = field(default_factory=dict)
    told: dict[int, tuple[Step, ...]] = field(default_factory=dict)
    done: int = 0

    def act(self) -> None:
        """One act, which may be refused, and then everything is looked at."""
        clock = self.chance.choice((0.5, 5, 300, 86400, 3 * 86400))
        self.now += timedelta(seconds=clock if self.chance.random() > 0.1 else -clock)
        actor = self.chance.choice((ACTOR, LEAD, ADMIN, AUDITOR))
        acts: tuple[Callable[[Actor], object], ...] = (
            self.find,
            self.answer,
            self.work,
            self.work,
            self.work,
            self.watch,
        )
        with suppress(*REFUSED):
            self.chance.choice(acts)(actor)
            self.done += 1
        self.look()

    def find(self, actor: Actor) -> None:
        findings.find(self.desk, actor, self.chance.choice(list(Severity)), "seen", self.now)

    def answer(self, actor: Actor) -> None:
        """Answers, undoes, links or signs in the round of the moment."""
        walk = rounds.start_round(self.desk, ACTOR, self.now)
        item = self.chance.choice(ITEMS)
        line = next(one for one in walk.lines if one.item.id == item)
        entry = walk.entry(line)
        match self.chance.randrange(5):
            case 0:
                answering.undo_answer(self.desk, actor, walk.round.id, line, self.now)
            case 1 if entry is not None:
                answer_findings.link_new(self.desk, actor, entry, self.now)
            case 2 if entry is not None and self.known:
                number = self.chance.choice(list(self.known))
                answer_findings.link_existing(self.desk, actor, entry, number, self.now)
            case 3:
                self.sign(walk)
            case _:
                text = self.chance.choice(("normal", "abnormal"))
                answering.record_answer(self.desk, actor, walk.round.id, line, Given(text, "seen"), self.now)

    def sign(self, walk: walks.Walk) -> None:
        """Answers what is open, and tries to sign."""
        for line in walk.open_lines():
            item = line.item
            value = item.choices[0].value if item.choices else "nothing"
            if not item.choices and item.kind != "text":
                value = f"{item.limit.normal.low if item.limit.normal else 1:g}"
            answering.record_answer(self.desk, ACTOR, walk.round.id, line, Given(value, "seen"), self.now)
        signed = signing.sign_round(self.desk, ACTOR, walk.round.id, PASSWORD, self.now, "the clock is tested")
        entries = walks.load_walk(self.desk, walk.round.id).entries.values()
        assert signed.state is RoundState.SIGNED
        assert not unresolved(entries), "signed with an answer that stands for nothing"

    def work(self, actor: Actor) -> None:
        """Any act on any finding."""
        if not self.known:
            return
        desk, now = self.desk, self.now
        waiting = [number for number, one in self.known.items() if one.state is FindingState.DONE]
        number = self.chance.choice(waiting if waiting and self.chance.random() < 0.5 else list(self.known))
        until = now + timedelta(days=self.chance.randrange(-2, 40))
        acts: dict[str, Callable[[], object]] = {
            "contain": lambda: findings.contain(desk, actor, number, now),
            "report": lambda: findings.report(desk, actor, number, now),
            "tell_authority": lambda: findings.tell_authority(desk, actor, number, now),
            "take": lambda: findings.take(desk, actor, number, now),
            "assign": lambda: findings.assign(
                desk, actor, number, self.chance.choice(("zhang", "li", "x")), now, "why", until
            ),
            "add_note": lambda: findings.add_note(desk, actor, number, "noted", now),
            "done": lambda: findings.done(desk, actor, number, "mended", now),
            "verify": lambda: findings.verify(desk, actor, number, now, self.chance.choice(("", "seen"))),
            "return_to_work": lambda: findings.return_to_work(desk, actor, number, "no", now),
            "know": lambda: findings.know(desk, actor, number, "works", "roof", until, now),
            "end_known": lambda: findings.end_known(desk, actor, number, now),
            "rate": lambda: findings.rate(desk, actor, number, self.chance.choice(list(Severity)), "worse", now),
            "withdraw": lambda: findings.withdraw(desk, actor, number, "none", now),
        }
        likely = "verify" if number in waiting else "done"
        acts[likely if self.chance.random() < 0.4 else self.chance.choice(list(acts))]()

    def watch(self, _actor: Actor) -> None:
        """The watch finds something, finds it again, or sees it no more."""
        fault = Fault("core-1", "port-down", self.chance.choice("12"), Severity.OTHER, (("why", "port-changed"),))
        with self.desk.store.write() as session:
            standing = finding_rows.standing(session, fault.key)
            if standing is None:
                changes = Changes(found=((fault, 60.0),))
            elif standing.gone_at is None and standing.state is not FindingState.DONE:
                changes = Changes(gone=((standing, 900.0),))
            else:
                changes = Changes(again=((fault, standing),))
            keep_changes(session, WATCH, changes, (), self.now)

    def look(self) -> None:
        """Everything a finding promises, after every act."""
        there = {one.id: one for one in finding_lists.listed(self.desk, self.now, every=True)}
        for number, before in self.known.items():
            after = there[number]
            assert not before.is_over or after == before, "what is over changed"
            assert (after.key, after.found_at, after.found_by, after.text) == (
                *(before.key, before.found_at, before.found_by, before.text),
            )
        keys = [one.key for one in there.values() if not one.is_over]
        assert len(keys) == len(set(keys)), "one fault has two findings"
        for one in there.values():
            steps = finding_lists.history(self.desk, one.id).steps
            assert steps[: len(self.told.get(one.id, ()))] == self.told.get(one.id, ()), "the history changed"
            self.told[one.id] = steps
            if one.state is FindingState.VERIFIED:
                assert None not in (one.done_by, one.verified_by)
                assert one.done_by != one.verified_by
            if one != self.known.get(one.id):
                assert len(steps) > 0
                assert one.known_until is None or one.known_until <= self.last_known(steps) + KNOWN_AT_MOST
        self.known = there
        open_now = finding_lists.listed(self.desk, self.now)
        assert {one.id for one in open_now} == {number for number, one in there.items() if not one.is_over}
        with self.desk.store.read() as session:
            counts = finding_lists.findings_now(session, self.now)
        assert (counts.open, counts.overdue) == (len(open_now), sum(one.is_overdue(self.now) for one in open_now))

    def last_known(self, steps: tuple[Step, ...]) -> datetime:
        """When it was made a known fault last."""
        return [step.at for step in steps if step.step.value == "known"][-1]


@pytest.mark.parametrize("seed", range(4))
def test_no_sequence_of_acts_breaks_a_finding_a_signature_or_the_ledger(tmp_path: Path, seed: int) -> None:
    with opened_desk(tmp_path) as desk:
        add_operator(desk.store, ADMIN, "li", "Li Na", Role.LEAD, PASSWORD, NOW - timedelta(days=1))
        people = People(desk, random.Random(seed))
        for _n in range(150):
            people.act()
        reached = {step.step.value for steps in people.told.values() for step in steps}
        assert {"found", "done", "verified", "gone", "seen-again"} <= reached, "too much was refused to test anything"
        with desk.store.read() as session:
            assert verify(session).faults == ()
