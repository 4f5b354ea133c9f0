"""Two terminals on one round: the second to open it sees who has it."""

from __future__ import annotations

from pathlib import Path

from dutyroom.duty import presence
from dutyroom.model.people import Actor, Role
from tests.ui.room_samples import NOW
from tests.ui.rooms import NAME, assert_fits, running, screen_text, until
from tests.ui.test_round_screen import begin, room_with_probe

LI = Actor("li", Role.TECHNICIAN, "tty7")


async def test_whoever_opens_a_round_sees_who_has_it_open(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        assert screen.others == ()
        assert [one.by for one in presence.holders(room.desk, 1, NOW)] == [NAME]
        assert [one.by for one in presence.hold_round(room.desk, LI, 1, NOW)] == [NAME]
        screen._hold()
        await until(pilot, lambda: "li has this round open too, at tty7, since 08:41" in screen_text(app))
        assert ", li" in screen_text(app).splitlines()[0]
        assert_fits(app)
        await pilot.press("escape")
        await until(pilot, lambda: [one.by for one in presence.holders(room.desk, 1, NOW)] == ["li"])
