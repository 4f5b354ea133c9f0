"""The board says what became of the daily round, and which other checklists are owed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dutyroom.checklists_in_force import in_force
from dutyroom.duty.desk import Desk
from dutyroom.duty.skipping import skip_round
from dutyroom.model.people import Actor, Role
from dutyroom.model.rounds import SkipReason
from tests.ui.rooms import NAME, NOW, make_room, running, screen_text, until

LEAD = Actor(NAME, Role.LEAD, "test")


async def test_a_skipped_round_is_not_offered_to_be_started(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    skip_round(room.desk, LEAD, NOW, SkipReason.MAINTENANCE, "work on the floor")
    app = room.app()
    async with running(app) as pilot:
        await until(pilot, lambda: "skipped" in screen_text(app))
        assert "starts it" not in screen_text(app)


async def test_other_checklists_that_are_due_stand_below_the_daily_one(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    room.desk = Desk.over(room.store, room.site, in_force(room.site))
    with room.store.write() as session:
        from dutyroom.duty.slots import publish

        for one in room.desk.published():
            publish(session, LEAD, one, NOW - timedelta(days=40))
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        await until(pilot, lambda: "Weekly check" in screen_text(app))
        assert "until 11-24 18:00" in screen_text(app)
