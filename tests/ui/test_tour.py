"""The first look: once for an account, never in the way, closed by any key."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.app import DutyroomApp
from screens.choices import Choices
from screens.dialogs.tour import TourDialog
from tests.ui.rooms import NAME, PASSWORD, Room, assert_golden, make_room, running, screen_text, until


def first_start(room: Room) -> DutyroomApp:
    """The program as an account starts it that has chosen nothing yet."""
    return DutyroomApp(room.open, choices=Choices())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
async def test_the_tour_is_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = first_start(make_room(tmp_path, language))
    async with running(app, size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TourDialog))
        await pilot.pause()
        await pilot.pause()
        assert_golden(app, f"tour-{size[0]}x{size[1]}-{language}")


async def test_it_is_shown_once_for_the_account_and_again_from_the_palette(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = first_start(room)
    async with running(app) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TourDialog))
        await until(pilot, lambda: Choices().tour_seen)
        await pilot.press("x")
        await until(pilot, lambda: type(app.screen).__name__ == "BoardScreen")
    (tmp_path / "again").mkdir()
    app = first_start(make_room(tmp_path / "again"))
    async with running(app) as pilot:
        await until(pilot, lambda: "Daily round" in screen_text(app))
        await pilot.pause()
        assert type(app.screen).__name__ == "BoardScreen"
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"tour")
        await until(pilot, lambda: "Tour: the first look again" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TourDialog))


@pytest.mark.parametrize(
    ("key", "lands"),
    [
        ("4", "NetworkScreen"),
        ("2", "RoundListScreen"),
        ("i", "SignInDialog"),
        ("question_mark", "HelpDialog"),
        ("q", "BoardScreen"),
    ],
)
async def test_any_key_closes_it_and_a_key_of_the_pages_acts(tmp_path: Path, key: str, lands: str) -> None:
    app = first_start(make_room(tmp_path))
    async with running(app) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TourDialog))
        await pilot.press(key)
        await until(pilot, lambda: type(app.screen).__name__ == lands)
        assert app.is_running
        assert not any(isinstance(screen, TourDialog) for screen in app.screen_stack)


async def test_who_signs_in_out_of_it_is_signed_in(tmp_path: Path) -> None:
    app = first_start(make_room(tmp_path))
    async with running(app) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TourDialog))
        await pilot.press("2")
        await until(pilot, lambda: type(app.screen).__name__ == "RoundListScreen")
        await pilot.press("enter")
        await until(pilot, lambda: type(app.screen).__name__ == "SignInDialog")
        await pilot.press(*NAME, "enter", *PASSWORD, "enter")
        await until(pilot, lambda: type(app.screen).__name__ == "FillScreen")
        assert app.actor is not None


async def test_the_palette_takes_its_place_and_the_language_key_leaves_it(tmp_path: Path) -> None:
    app = first_start(make_room(tmp_path))
    async with running(app) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TourDialog))
        await pilot.press("f2")
        await until(pilot, lambda: "初次使用" in screen_text(app))
        await pilot.press("ctrl+p")
        await until(pilot, lambda: type(app.screen).__name__ == "RoomPalette")
        assert not any(isinstance(screen, TourDialog) for screen in app.screen_stack)


async def test_it_never_comes_over_something_opened_meanwhile(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        for key, name in {"i": "SignInDialog", "4": "NetworkScreen"}.items():
            await pilot.press("escape", key)
            await pilot.pause()
            app.begin_tour()
            await pilot.pause()
            assert type(app.screen).__name__ == name
            await pilot.press("escape")
            await pilot.pause()
