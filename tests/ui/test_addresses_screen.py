"""The page of the addresses: what is wrong first, found by any part of it, and everything about one on enter."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from dutyroom.duty.register import add
from dutyroom.model.addresses import Registration
from dutyroom.model.people import Actor, Role
from screens.addresses import AddressesScreen
from tests.ui.address_samples import sweep_twice
from tests.ui.rooms import NAME, NOW, assert_golden, make_room, running, screen_text, sit_down, until
from tests.ui.scenes import addresses_seen


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_the_list_shows_what_is_wrong_first(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app, size) as pilot:
        await addresses_seen(app, pilot)
        assert_golden(app, f"addresses-{size[0]}x{size[1]}-{language}")


async def test_enter_shows_all_that_is_known_about_one_and_esc_goes_back(tmp_path: Path, language: str) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app) as pilot:
        screen = await addresses_seen(app, pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert_golden(app, f"address-open-80x24-{language}")
        await pilot.press("escape")
        await pilot.pause()
        assert not screen.is_open
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, AddressesScreen)


async def test_any_part_of_it_finds_an_address(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        screen = await addresses_seen(app, pilot)
        for typed, found in (
            ("10.0.0.77", ["10.0.0.77"]),
            ("001122334406", ["10.0.0.78"]),
            ("radiology", ["10.0.0.8"]),
            ("gi0/0/9 unreg", ["10.0.0.77", "10.0.0.78"]),
            ("张伟", ["10.0.0.7"]),
            ("2001:db8::7", ["10.0.0.7"]),
            ("nobody has this", []),
        ):
            await pilot.press("slash")
            await pilot.pause()
            app.screen.query_one("#filter", Input).value = typed
            await pilot.pause()
            assert [host.ip for host in screen.shown] == found, typed
            await pilot.press("escape")
            await pilot.pause()
        assert len(screen.shown) > 6


async def test_a_sweep_while_somebody_reads_keeps_the_cursor_on_its_address(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await addresses_seen(app, pilot)
        await pilot.press("down", "down")
        here = screen.shown[screen.at]
        before = screen.book
        stray = Registration("10.0.0.77", "10.0.0.77", "", "guest")
        add(room.desk, Actor("zhang", Role.ADMIN, "test"), stray, NOW)
        await until(pilot, lambda: screen.book is not before)
        await pilot.pause()
        assert (screen.shown[screen.at].ip, screen.shown[screen.at].mac) == (here.ip, here.mac)
        assert "10.0.0.77" not in [one.ip for one in screen.shown if one.findings]


async def test_the_learning_week_is_said_and_nothing_is_an_alarm(tmp_path: Path, language: str) -> None:
    room = make_room(tmp_path, language)
    sweep_twice(room.desk, learning=True)
    app = room.app()
    async with running(app) as pilot:
        assert ("unregistered" if language == "en" else "未登记") not in screen_text(app)
        await pilot.press("4", "a")
        await until(pilot, lambda: isinstance(app.screen, AddressesScreen) and app.screen.book is not None)
        await pilot.pause()
        assert_golden(app, f"addresses-learning-80x24-{language}")


async def test_the_board_says_that_something_is_unregistered(tmp_path: Path, language: str) -> None:
    room = make_room(tmp_path, language)
    sweep_twice(room.desk)
    app = room.app()
    async with running(app):
        assert ("! 2 addresses unregistered" if language == "en" else "! 2 个地址未登记") in screen_text(app)


async def test_a_room_without_a_sweep_says_what_to_do(tmp_path: Path, language: str) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app) as pilot:
        await pilot.press("4", "a")
        await until(pilot, lambda: isinstance(app.screen, AddressesScreen) and app.screen.book is not None)
        await pilot.pause()
        assert_golden(app, f"addresses-none-80x24-{language}")


async def test_it_is_read_while_locked(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        screen = await addresses_seen(app, pilot)
        sit_down(app, Actor(NAME, Role.ADMIN, "test"))
        await pilot.press("ctrl+l")
        await pilot.pause()
        await pilot.press("down", "enter")
        await pilot.pause()
        assert screen.is_open
        await pilot.press("escape", "slash")
        await pilot.pause()
        assert app.screen is not screen
