"""A recording on the same screens: every header says so, keys move it, and nothing can be done."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from dutyroom import clock, words
from dutyroom.cli.replay import replayed_room
from dutyroom.watch.recording import read_header
from screens.choices import Choices
from screens.dialogs.help import HelpDialog
from screens.replay import ReplayApp
from tests.desks import NOW
from tests.ui.rooms import screen_text, until
from tests.watch.recordings import BATTERY_FROM, recorded

SAID = {"en": "replay of", "zh_CN": "回放"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    clock.play(None)
    words.install("en")


@asynccontextmanager
async def playing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, language: str = "en", size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[ReplayApp, Pilot[None]]]:
    """The application over the recorded morning, four minutes into its outage, standing still."""
    words.install(language)
    path = recorded(folder / "morning.jsonl.gz", monkeypatch, language)
    at = BATTERY_FROM + timedelta(minutes=4)
    app = ReplayApp(lambda: replayed_room(path, read_header(path), at, 1.0), Choices(), "dark")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.board is not None and app.board.at >= at)
        await pilot.press("space")
        await until(pilot, lambda: app.board is not None and app.board.at >= at and bool(app.board.events))
        yield app, pilot


@pytest.mark.parametrize(("language", "size"), [("en", (80, 24)), ("zh_CN", (60, 20))])
async def test_every_page_says_that_it_is_a_replay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, size: tuple[int, int]
) -> None:
    async with playing(tmp_path, monkeypatch, language, size) as (app, pilot):
        for key in "1345":
            await pilot.press(key)
            await pilot.pause()
            header = screen_text(app).splitlines()[0]
            assert SAID[language] in header, header
            assert "24" in header


async def test_the_outage_is_shown_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing(tmp_path, monkeypatch) as (app, _pilot):
        text = screen_text(app)
        assert "on battery 4 m" in text
        assert "09:15" in text
        assert "Rounds are no part of a recording" in text
        assert "paused" in text
        assert "backup" not in text.lower()


async def test_keys_move_it_and_it_stands_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing(tmp_path, monkeypatch) as (app, pilot):
        stood = clock.now()
        await pilot.press("right")
        await until(pilot, lambda: app.board is not None and app.board.at >= stood + timedelta(minutes=10))
        await until(pilot, lambda: "back on mains" in screen_text(app))
        await pilot.press("4", "left", "left")
        await until(pilot, lambda: app.board is not None and app.board.at == stood - timedelta(minutes=10))
        await pilot.press("1", "space")
        await until(pilot, lambda: "×1" in screen_text(app))


async def test_nothing_can_be_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing(tmp_path, monkeypatch) as (app, pilot):
        standing = app.screen
        for key in ("i", "r", "enter", "ctrl+l", "d"):
            app.clear_notifications()
            await pilot.press(key)
            await until(pilot, lambda: any("nothing can be done" in str(note.message) for note in app._notifications))
            assert app.screen is standing, key


async def test_an_act_that_came_past_the_keys_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dutyroom.duty.refresh import request_poll
    from dutyroom.errors import NotAllowed

    async with playing(tmp_path, monkeypatch) as (app, _pilot):
        assert app.opened is not None
        with pytest.raises(NotAllowed, match="replay"):
            await app.opened.writer.carry_out(request_poll, app.opened.desk, NOW)


async def test_help_and_footer_name_the_keys_of_the_replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing(tmp_path, monkeypatch) as (app, pilot):
        assert "10 min back" in screen_text(app).splitlines()[-1]
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpDialog))
        await pilot.press("space")
        await pilot.pause()
        assert app.opened is not None
        assert app.opened.replay is not None
        assert app.opened.replay.clock.is_paused
