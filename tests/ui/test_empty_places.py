"""Every place that can be empty says what is missing and the exact next command, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual.command import CommandList

from dutyroom import clock, show
from dutyroom.model.reading import Reason, State
from dutyroom.next_steps import next_step
from dutyroom.store import events
from screens.records import RecordsScreen
from tests.ui.room_samples import NOW
from tests.ui.rooms import Room, assert_fits, make_room, make_site, running, screen_text, until

SIZES = [(80, 24), (120, 40), (60, 20)]


def empty_room(folder: Path, language: str) -> Room:
    """A site file without a device, and nothing on record."""
    site = replace(make_site(folder, language), ups=(), network=(), servers=())
    return make_room(folder, language, site=site, filled=False)


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
async def test_without_devices_every_page_names_the_command_and_the_section(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    app = empty_room(tmp_path, language).app()
    async with running(app, size) as pilot:
        assert screen_text(app).count("dutyroom init") == 3
        for key, section in {"3": "[[ups]]", "4": "[[network]]", "5": "[[server]]"}.items():
            await pilot.press(key)
            await pilot.pause()
            await pilot.pause()
            shown = screen_text(app)
            assert "dutyroom init" in shown
            assert section in shown
            assert_fits(app)
            await pilot.press("y")
            await pilot.pause()
            assert app.clipboard == ""


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
async def test_when_nobody_watches_the_board_says_how_to_start(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    app = make_room(tmp_path, language).app()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=5))
    async with running(app, size):
        assert "dutyroom collect" in screen_text(app)
        assert_fits(app)


async def test_where_nobody_was_added_sign_in_names_the_command(tmp_path: Path, language: str) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app) as pilot:
        assert app.records is not None
        app.records = replace(app.records, people={})
        await pilot.press("i")
        await pilot.pause()
        assert "dutyroom operators add" in screen_text(app)
        assert_fits(app)


async def test_a_device_that_was_never_asked_says_what_to_wait_for(tmp_path: Path, language: str) -> None:
    room = make_room(tmp_path, language, filled=False)
    with room.store.read() as session:
        assert events.heartbeat(session) is not None
    app = room.app()
    async with running(app) as pilot:
        for key in "345":
            await pilot.press(key)
            await pilot.pause()
            await pilot.pause()
            shown = screen_text(app)
            assert show.state(State.NEVER) in shown
            assert next_step(Reason("never", "state"))[:10] in shown


async def test_lists_of_rounds_without_one_name_the_key_that_finds_others(tmp_path: Path, language: str) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app) as pilot:
        for action in ("app.go_to_month(2020, 2)", "app.go_to_person('zhang')"):
            await app.run_action(action)
            await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and app.screen.found == ())
            await pilot.pause()
            assert "ctrl+p" in screen_text(app)
            assert_fits(app)


async def test_a_search_that_finds_nothing_says_what_can_be_found(tmp_path: Path, language: str) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"qqqq")
        rows = app.screen.query_one(CommandList)
        await until(pilot, lambda: any("2026-10" in str(one.prompt) for one in rows.options))
