"""What a person does about their own login at the screens: first password, new password, PIN."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from textual.widgets import Static

from dutyroom.duty import operators, signin
from dutyroom.model.people import Actor, Role
from dutyroom.store.database import Store
from dutyroom.store.verify import verify
from screens import sign_ins
from tests.ui.rooms import NAME, NOW, PASSWORD, Room, make_room, running, screen_text, sit_down, until

ADMIN = Actor(NAME, Role.ADMIN, "test")
OWN = "my own pass 9"


def is_whole(room: Room) -> bool:
    with room.store.read() as session:
        return verify(session).faults == ()


async def test_a_one_time_secret_leads_to_an_own_password_and_in(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    _added, secret = operators.add_with_secret(room.store, ADMIN, "li", "Li", Role.TECHNICIAN, NOW)
    app = room.app()
    async with running(app) as pilot:
        await pilot.press("i", *"li", "enter", *secret, "enter")
        await until(pilot, lambda: type(app.screen).__name__ == "SecretsDialog")
        await pilot.press(*OWN, "enter", *"another one 9", "enter")
        assert app.operator is None
        refusal = app.screen.query_one("#refusal", Static)
        await until(pilot, lambda: refusal.has_class("refused"))
        await pilot.press(*OWN, "enter", *OWN, "enter")
        await until(pilot, lambda: app.operator is not None)
        assert app.actor is not None
        assert app.actor.name == "li"
    again = Store.open(room.site.store_url)
    came = signin.sign_in(again, "li", OWN, "test", NOW + timedelta(minutes=1))
    again.close()
    assert came.operator.one_time_until is None


async def test_a_weak_password_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ADMIN)
        sign_ins.change_password(app)
        await pilot.pause()
        await pilot.press(*PASSWORD, "enter", *"weak", "enter", *"weak", "enter")
        await until(pilot, lambda: "at least 8 characters" in screen_text(app))
        assert is_whole(room)


async def test_a_pin_is_set_with_the_password(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ADMIN)
        sign_ins.set_pin(app)
        await pilot.pause()
        await pilot.press(*PASSWORD, "enter", *"739164", "enter", *"739164", "enter")
        await until(pilot, lambda: not app.screen.is_modal)
        assert signin.has_pin(room.store, NAME)
        assert is_whole(room)
