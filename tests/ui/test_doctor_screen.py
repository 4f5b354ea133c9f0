"""The doctor's page: every check as it is made, and what to do under it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dutyroom.doctor.check import Check
from screens.doctor import DoctorScreen
from tests.ui.rooms import assert_fits, assert_golden, make_room, running, screen_text, until
from tests.ui.scenes import CHECKS, doctor

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_the_page_in_both_languages_and_sizes(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    from dutyroom import words

    words.install(language)
    app = make_room(tmp_path, language).app()
    async with running(app, size) as pilot:
        await doctor(app, pilot)
        assert_golden(app, f"doctor-{language}-{size[0]}x{size[1]}")
        await pilot.press("escape")
        await pilot.pause()
        assert type(app.screen).__name__ == "BoardScreen"


async def test_the_page_fills_as_checks_come_and_can_be_left_while_one_hangs(tmp_path: Path) -> None:
    go_on, runs = threading.Event(), []

    def slow() -> Iterator[Check]:
        runs.append(1)
        yield CHECKS[0]
        go_on.wait(60)
        yield from CHECKS[1:]

    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        assert app.opened is not None
        app.opened.examine = slow
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, DoctorScreen) and len(app.screen.found) == 1)
        assert "Doctor: checking" in screen_text(app)
        await pilot.press("r")
        await until(pilot, lambda: len(runs) == 2)
        go_on.set()
        await until(pilot, lambda: isinstance(app.screen, DoctorScreen) and app.screen.is_done)
        assert isinstance(app.screen, DoctorScreen)
        assert len(app.screen.found) == len(CHECKS), "what the first run still found is not shown"
        assert_fits(app)
        go_on.clear()
        await pilot.press("r")
        await pilot.press("1")
        await pilot.pause()
        assert type(app.screen).__name__ == "BoardScreen"
        go_on.set()


async def test_a_room_that_brings_no_checks_has_no_page(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("d")
        await pilot.pause()
        assert type(app.screen).__name__ == "BoardScreen"
