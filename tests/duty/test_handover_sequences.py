"""Whatever people do in whatever order: two sign every handover, nothing that was signed changes, the ledger agrees."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dutyroom.duty import findings, handover
from dutyroom.duty.desk import Desk
from dutyroom.duty.handover import Draft, Override
from dutyroom.duty.handover_sheet import prepare_handover
from dutyroom.duty.roster import import_roster
from dutyroom.duty.rounds import start_round
from dutyroom.errors import DutyroomError, NotAllowed
from dutyroom.model.finding import Severity
from dutyroom.model.handover import Handover, HandoverState
from dutyroom.model.people import Act, Actor, Role
from dutyroom.rules.privileges import may
from dutyroom.rules.shifts import around, shift_times
from dutyroom.store.verify import verify
from tests.desks import ACTOR as ZHANG
from tests.desks import ADMIN, NOW, PASSWORD
from tests.duty.test_roster import BEGAN, LEAD, MON, TUE, staffed_desk

LI = Actor("li", Role.TECHNICIAN, "test")
PEOPLE = (ZHANG, LI, LEAD, ADMIN)
NOTHING = Draft({})


class Play:
    """One random course of things at a desk."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.chance, self.now = desk, random.Random(seed), NOW
        self.accepted: dict[int, Handover] = {}
        self.begun = 0

    def step(self) -> None:
        """Some time goes by, somebody does something; refusals are part of it."""
        self.now += timedelta(minutes=self.chance.choice((1, 20, 90, 400)))
        acts: tuple[Callable[[], None], ...] = (
            *(self.give,) * 4,
            *(self.accept,) * 4,
            self.begin,
            self.find,
            self.end,
            self.roster,
        )
        try:
            self.chance.choice(acts)()
        except DutyroomError:
            return

    def somebody(self) -> Actor:
        return self.chance.choice(PEOPLE)

    def give(self) -> None:
        override = Override("chen", PASSWORD, "both stay") if self.chance.random() < 0.4 else None
        one = handover.give_handover(self.desk, self.somebody(), PASSWORD, NOTHING, self.now, override)
        assert not one.sheet.major or one.override_by == "chen"

    def accept(self) -> None:
        found = handover.listed(self.desk, 3)
        if found:
            one = self.chance.choice(found)
            self.accepted[one.id] = handover.accept_handover(self.desk, self.somebody(), one.id, PASSWORD, "", self.now)

    def begin(self) -> None:
        walk = start_round(self.desk, self.somebody(), self.now)
        self.begun += 1
        if walk.round.started_at == self.now:
            self._began_rightly(min(self.now, walk.round.due_at))

    def _began_rightly(self, at: datetime) -> None:
        """Its shift, or a later one, had taken over; or nobody had to."""
        near = around(shift_times(self.desk.site), at, self.desk.site.timezone)
        assert near.running is not None
        needed = any(one.needed and one.after == near.running for one in (prepare_handover(self.desk, at),))
        taken = [one.accepted_at for one in self.accepted.values() if one.accepted_at is not None]
        is_accepted = any(moment >= near.running.begins_at for moment in taken) or any(
            (one.to_day, one.to_shift) == (near.running.day, near.running.code) for one in self.accepted.values()
        )
        assert is_accepted or not needed

    def find(self) -> None:
        findings.find(self.desk, self.somebody(), self.chance.choice(list(Severity)), "wrong", self.now)

    def end(self) -> None:
        for one in prepare_handover(self.desk, self.now).sheet.findings[:1]:
            findings.done(self.desk, LI, one.id, "mended", self.now)
            findings.verify(self.desk, ZHANG, one.id, self.now)

    def roster(self) -> None:
        day: date = self.now.astimezone(self.desk.site.timezone).date() + timedelta(days=self.chance.randint(-1, 1))
        given = {(day, code): (self.chance.choice(("zhang", "li", "chen")),) for code in ("day", "night")}
        import_roster(self.desk, LEAD, given, self.now)


@pytest.mark.parametrize("seed", range(3))
def test_no_course_of_things_signs_for_two_or_changes_what_was_signed(tmp_path: Path, seed: int) -> None:
    with staffed_desk(tmp_path) as desk:
        import_roster(desk, LEAD, {(MON, "night"): ("li",), (TUE, "day"): ("zhang",)}, BEGAN)
        play = Play(desk, seed)
        for _ in range(60):
            play.step()
        for one in handover.listed(desk):
            if one.state is HandoverState.ACCEPTED:
                assert one == play.accepted[one.id]
                assert one.accepted_by not in (None, one.given_by)
            else:
                assert one.id not in play.accepted
        shifts = [(one.to_day, one.to_shift) for one in play.accepted.values()]
        assert len(shifts) == len(set(shifts)), "a shift takes over once"
        with desk.store.read() as session:
            assert verify(session).faults == ()


def test_the_courses_reach_what_they_are_about(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        import_roster(desk, LEAD, {(MON, "night"): ("li",), (TUE, "day"): ("zhang",)}, BEGAN)
        play = Play(desk, 1)
        for _ in range(80):
            play.step()
        assert len(play.accepted) >= 2
        assert play.begun >= 1
        assert any(one.override_by for one in handover.listed(desk))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_does_what_it_may_and_nothing_else(tmp_path: Path, role: Role) -> None:
    with staffed_desk(tmp_path) as desk:
        # The role counts that the actor comes with, for calls below the screens too.
        li, zhang = replace(LI, role=role), replace(ZHANG, role=role)
        given = handover.give_handover(desk, LI, PASSWORD, NOTHING, NOW)
        calls: tuple[tuple[Act, Callable[[], object]], ...] = (
            (Act.GIVE_HANDOVER, lambda: handover.give_handover(desk, li, PASSWORD, NOTHING, NOW)),
            (Act.ACCEPT_HANDOVER, lambda: handover.accept_handover(desk, zhang, given.id + 1, PASSWORD, "", NOW)),
            (Act.IMPORT_ROSTER, lambda: import_roster(desk, zhang, {(TUE, "day"): ("li",)}, NOW)),
        )
        for act, call in calls:
            if may(role, act):
                call()
            else:
                with pytest.raises(NotAllowed):
                    call()
