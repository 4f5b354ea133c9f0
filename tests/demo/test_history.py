"""The days of the demo's history: rounds, findings in every state, zero reports, handovers, all through the duty."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from dutyroom.demo.days import DemoDay, live_through
from dutyroom.duty import rounds, signing
from dutyroom.duty.finding_lists import listed as findings_listed
from dutyroom.duty.handover import listed as handovers_listed
from dutyroom.duty.operators import add_operator
from dutyroom.duty.round_lists import rounds_of_month
from dutyroom.duty.zero_reports import listed as zero_listed
from dutyroom.model.finding import FindingState
from dutyroom.model.people import Actor, Role
from dutyroom.model.rounds import Mark, RoundState
from dutyroom.model.zero_report import ZeroState
from dutyroom.store.verify import verify
from tests.desks import ADMIN, NOW, PASSWORD, opened_desk
from tests.duty.test_rounds import answer_everything

FIRST = date(2026, 11, 4)
DAYS = 20


def test_so_many_days_have_one_of_everything_and_the_ledger_agrees(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        add_operator(desk.store, ADMIN, "lead", "Lead", Role.LEAD, PASSWORD, NOW - timedelta(days=50))
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            names = ("zhang", "lead") if number % 2 == 0 else ("lead", "zhang")
            lived = DemoDay(desk, day, DAYS - number, names, "lead", PASSWORD)
            actor = Actor(names[0], lived.actor(names[0]).role, "demo")
            walk = rounds.start_round(desk, actor, lived.at(8, 31))
            answer_everything(desk, walk, lived.at(8, 40))
            signing.sign_round(desk, actor, walk.round.id, PASSWORD, lived.at(8, 45))
            live_through(lived)
        now = lived.at(23)
        reports = Counter(one.state for one in zero_listed(desk, FIRST, FIRST + timedelta(days=DAYS - 1), now))
        assert min(reports[state] for state in (ZeroState.ZERO, ZeroState.EVENTS, ZeroState.MISSING)) > 0
        marks = [(one.is_late, one.is_amended) for one in zero_listed(desk, FIRST, NOW.date(), now)]
        assert any(late for late, _amended in marks)
        assert any(amended for _late, amended in marks)
        found = rounds_of_month(desk, 2026, 11)
        assert {one.state for one in found} >= {RoundState.SIGNED, RoundState.APPROVED}
        assert any(Mark.AMENDED in one.marks for one in found)
        known = findings_listed(desk, now, every=True)
        assert {one.state for one in known} >= {FindingState.OPEN, FindingState.IN_WORK, FindingState.VERIFIED}
        assert any(one.known_until for one in known)
        assert any(one.is_overdue(now) for one in known)
        assert handovers_listed(desk)
        with desk.store.read() as session:
            assert verify(session).faults == ()
