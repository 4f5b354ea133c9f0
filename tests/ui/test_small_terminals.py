"""Every screen and dialog can be used from 60x20 on, at any size above, and says below that it is too small."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.fill import FillScreen
from tests.ui.rooms import PlayedDemo, assert_fits, assert_golden, resized, running, screen_text, until
from tests.ui.scenes import SCENES
from tests.ui.test_language_switch import typed
from tests.ui.test_round_screen import room_with_probe

KEPT = ("board", "power", "network", "servers", "sign-in", "round-number", "round-choice", "round-note", "review")
SIZES = [(60, 20), (73, 24), (160, 50), (60, 50), (100, 20)]
TOO_SMALL = [(59, 20), (60, 19), (20, 5)]


@pytest.mark.parametrize("scene", KEPT)
async def test_a_screen_of_60x20_is_as_kept(tmp_path: Path, language: str, scene: str) -> None:
    app = room_with_probe(tmp_path, language).app(PlayedDemo(password=""))
    async with running(app, (60, 20)) as pilot:
        await SCENES[scene](app, pilot)
        await pilot.pause()
        assert_golden(app, f"small-{scene}-60x20-{language}")


@pytest.mark.parametrize("scene", SCENES)
async def test_no_size_of_the_terminal_breaks_a_screen_or_loses_what_was_typed(tmp_path: Path, scene: str) -> None:
    app = room_with_probe(tmp_path, "zh_CN").app(PlayedDemo(password=""))
    async with running(app) as pilot:
        await SCENES[scene](app, pilot)
        before = what_was_typed(typed(app))
        for sizes in (SIZES[:1], SIZES):  # the words of the second language, English, are the longer ones
            for columns, rows in sizes:
                await resized(pilot, columns, rows)
                assert_fits(app)
                if isinstance(app.screen, FillScreen):
                    assert any(row.startswith("▸") for row in screen_text(app).splitlines()), (columns, rows)
            assert what_was_typed(typed(app)) == before
            await pilot.press("f2")


@pytest.mark.parametrize("scene", ["board", "sign-in", "round-note", "help", "palette"])
async def test_below_60x20_the_verdict_still_stands_there_and_nothing_is_lost(tmp_path: Path, scene: str) -> None:
    app = room_with_probe(tmp_path).app(PlayedDemo(password=""))
    async with running(app) as pilot:
        await SCENES[scene](app, pilot)
        await pilot.pause()
        text, done = screen_text(app), typed(app)
        for columns, rows in TOO_SMALL:
            await resized(pilot, columns, rows)
            await until(pilot, lambda: screen_text(app).startswith("too"))
            assert_fits(app)
            if columns >= 40:
                assert "60x20" in screen_text(app)
                assert "✗ fault" in screen_text(app)
        await resized(pilot, 80, 24)
        await until(pilot, lambda: "60x20" not in screen_text(app))
        assert what_was_typed(typed(app)) == what_was_typed(done)
        if scene not in ("help", "round-note"):  # what scrolls may stand a line further down
            assert screen_text(app) == text


def what_was_typed(done: list[object]) -> list[object]:
    """Without how far things are scrolled, which a smaller terminal changes."""
    return [one for one in done if not (isinstance(one, tuple) and len(one) == 2 and hasattr(one[1], "x"))]
