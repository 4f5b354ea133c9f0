"""Name and password typed faster than the screen follows, as when they are pasted: each stands in its own field."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.widgets import Input

from screens.app import DutyroomApp
from tests.ui.rooms import NAME, PASSWORD, make_room, running, until


def all_at_once(app: DutyroomApp, *keys: str) -> None:
    """What the terminal gives in one go."""
    for key in keys:
        character = key if len(key) == 1 else None
        app.post_message(events.Key(_character_to_key(key) if character else key, character))


@pytest.mark.parametrize("between", ["tab", "enter"])
async def test_what_is_typed_after_the_name_is_the_password(tmp_path: Path, between: str) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: app.screen.is_modal)
        all_at_once(app, *NAME, between, *PASSWORD, "enter")
        await until(pilot, lambda: app.actor is not None or not app.screen.query_one("#password", Input).disabled)
        await until(pilot, lambda: app.actor is not None)


async def test_tab_goes_to_and_fro_and_enter_without_a_name_asks_for_it(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: app.screen.is_modal)
        await pilot.press("tab", "x", "shift+tab")
        assert (app.focused.id if app.focused is not None else None) == "name"
        await pilot.press("enter", "enter")
        assert (app.focused.id if app.focused is not None else None) == "name"
        assert app.screen.query_one("#password", Input).value == "x"
