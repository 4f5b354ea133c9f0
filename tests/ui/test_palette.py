"""The palette's commands: found, carried out, and absent where they do not belong."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from textual.command import CommandPalette

from dutyroom import words
from screens.palette import RoomCommands, commands
from screens.theme import CONTRAST
from tests.ui.room_samples import NOW
from tests.ui.rooms import PlayedDemo, make_room, running, screen_text, until


class Chinese(gettext.NullTranslations):
    """A catalogue with one text."""

    def gettext(self, message: str) -> str:
        """That text in Chinese, every other as it is."""
        return {"Theme: high contrast": "主题：高对比度"}.get(message, message)


async def test_ctrl_p_finds_and_carries_out_a_command(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"high contrast")
        await until(pilot, lambda: "high contrast" in screen_text(app).split("high contrast", 1)[-1])
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.theme == CONTRAST.name)


async def test_a_command_is_found_in_chinese_and_by_its_english_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_room(tmp_path).app()
    async with running(app):
        monkeypatch.setattr(words, "_current", Chinese())
        monkeypatch.setattr(words, "_language", "zh_CN")
        provider = RoomCommands(app.screen)
        for query in ("高对比", "high contrast"):
            hits = [hit async for hit in provider.search(query)]
            assert [str(hit.text) for hit in hits] == ["主题：高对比度"]
            assert hits[0].help == "Theme: high contrast"
        monkeypatch.undo()


async def test_the_outage_is_offered_only_in_the_demo_and_played_in_a_thread(tmp_path: Path) -> None:
    demo = PlayedDemo()
    app = make_room(tmp_path).app(demo)
    async with running(app) as pilot:
        by_title = {command.title: command for command in commands(app, app.screen)}
        by_title["Demo: mains failure"].callback()
        await until(pilot, lambda: demo.asked == (True,))
        by_title["Demo: mains back"].callback()
        await until(pilot, lambda: demo.asked == (True, False))
        app.demo = None
        assert not any("Demo" in command.title for command in commands(app, app.screen))


async def test_a_picture_is_saved_beside_the_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        by_title = {command.title: command for command in commands(app, app.screen)}
        by_title["Save a picture of the screen"].callback()
        path = room.store.path.parent / f"dutyroom-{NOW.astimezone(app.site.timezone):%Y%m%d-%H%M%S}.svg"
        await until(pilot, path.is_file)
        await until(pilot, lambda: "Saved:" in screen_text(app))
        svg = path.read_text("utf-8")
        assert svg.startswith("<svg")
        assert "County&#160;Hospital" in svg
        path.unlink()
        path.mkdir()
        by_title["Save a picture of the screen"].callback()
        await until(pilot, lambda: "cannot be saved" in screen_text(app))


async def test_modes_are_not_offered_while_a_dialog_asks(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        assert "Power" in {command.title for command in commands(app, app.screen)}
        await pilot.press("i")
        await pilot.pause()
        assert "Power" not in {command.title for command in commands(app, app.screen)}
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)
