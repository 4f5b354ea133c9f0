"""The language is switched while the program runs: nothing typed is lost, and every word is in the new one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, OptionList

from dutyroom import words
from screens.app import DutyroomApp
from screens.choices import Choices
from screens.fill import FillScreen
from screens.palette import RoomCommands
from tests.ui.rooms import PlayedDemo, assert_fits, assert_golden, make_room, running, screen_text, until
from tests.ui.scenes import IN_FRONT, SCENES, begin, every_screen_class
from tests.ui.test_round_screen import room_with_probe

LANGUAGES = ("en", "zh_CN")


def typed(app: DutyroomApp) -> list[object]:
    """Everything a person did on the screen in front that is not on the disk yet, and where they stand."""
    screen = app.screen
    done: list[object] = [app.focused.id if app.focused is not None else None]
    for node in screen.walk_children(Widget):
        if isinstance(node, Input):
            done.append((node.id, node.value, node.cursor_position, node.selection))
        elif isinstance(node, OptionList):
            done.append((node.id, node.highlighted))
        done.append((node.id, node.scroll_offset))
    if isinstance(screen, FillScreen):
        state = screen.state
        done.append((state.cursor, state.typed, state.chosen, dict(state.drafts), screen.note.asking))
    return done


async def shown_fresh(folder: Path, scene: str, language: str) -> tuple[str, list[object]]:
    """What a scene looks like in a program that was started in the language."""
    folder.mkdir()
    words.install(language)
    app = room_with_probe(folder, "zh_CN").app(PlayedDemo(password=""))
    async with running(app) as pilot:
        await SCENES[scene](app, pilot)
        return screen_text(app), typed(app)


async def comes_to_show(app: DutyroomApp, pilot: Pilot[None], text: str) -> None:
    """Waits until the screen is that text; when it never is, the failure shows where it differs."""
    with suppress(AssertionError):
        await until(pilot, lambda: screen_text(app) == text)
    assert screen_text(app) == text


@pytest.mark.parametrize("scene", SCENES)
async def test_a_switch_shows_what_a_fresh_start_would_and_loses_nothing(tmp_path: Path, scene: str) -> None:
    # Every second scene begins in the other language: a start costs as much as all the rest.
    was, becomes = LANGUAGES[:: 1 if list(SCENES).index(scene) % 2 else -1]
    fresh = {becomes: await shown_fresh(tmp_path / becomes, scene, becomes)}
    words.install(was)
    (tmp_path / was).mkdir()
    app = room_with_probe(tmp_path / was, "zh_CN").app(PlayedDemo(password=""))
    async with running(app) as pilot:
        await SCENES[scene](app, pilot)
        assert type(app.screen).__name__ == IN_FRONT[scene]
        fresh[was] = screen_text(app), typed(app)
        assert fresh["en"][0] != fresh["zh_CN"][0]
        for language in (becomes, was, becomes):
            await pilot.press("f2")
            assert words.language() == language
            await comes_to_show(app, pilot, fresh[language][0])
            assert typed(app) == fresh[was][1]
            assert_fits(app)


def test_every_screen_and_dialog_has_its_scene() -> None:
    assert IN_FRONT.keys() == SCENES.keys()
    missing = {one.__name__ for one in every_screen_class()} - {*IN_FRONT.values()}
    assert not missing, (
        f"no scene in tests/ui/scenes.py shows {sorted(missing)}: add one that leaves something half typed. Words said "
        "in compose() change by themselves; what is said elsewhere needs a retranslate() or show_board()"
    )


async def test_screens_behind_others_and_in_other_modes_change_too(tmp_path: Path) -> None:
    app = make_room(tmp_path, "zh_CN").app()
    async with running(app) as pilot:
        for key in "3451":
            await pilot.press(key)
            await pilot.pause()
        await pilot.press("i")
        await pilot.pause()
        await pilot.press("x", "f2")
        await pilot.pause()
        assert "签字" in screen_text(app) or "登录" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert_golden(app, "board-80x24-zh_CN")
        for key, name in {"3": "power", "4": "network", "5": "servers"}.items():
            await pilot.press(key)
            await pilot.pause()
            assert_golden(app, f"{name}-first-80x24-zh_CN")


async def test_a_round_behind_its_note_and_review_goes_on_in_the_new_language(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path, "zh_CN").app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("minus", *"滤网", "f2", "left", *"有灰")
        assert screen.note.value == "滤有灰网"
        await pilot.press("enter")
        await until(pilot, lambda: not screen.state.saving)
        await pilot.pause()
        assert "“滤有灰网”" in screen_text(app)
        # Which finding it is is left for later, then the round is left.
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert "监测中 ✓" in screen_text(app)


async def test_both_languages_are_found_in_the_palette_whatever_is_spoken(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app):
        for spoken in LANGUAGES:
            words.install(spoken)
            for query, found in {
                "english": "English 英文",
                "chinese": "Chinese 中文",
                "中文": "Chinese 中文",
                "英文": "English 英文",
                "lang": "Language",
                "语言": "Language",
            }.items():
                hits = [str(hit.text) async for hit in RoomCommands(app.screen).search(query)]
                assert any(found in hit for hit in hits), (spoken, query)


async def test_the_language_chosen_is_spoken_at_the_next_start(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("ctrl+t")
        await until(pilot, lambda: Choices().language == "zh_CN")
        await pilot.press("f2")
        await until(pilot, lambda: Choices().language == "en")


async def test_the_key_can_be_remapped(tmp_path: Path) -> None:
    from dataclasses import replace

    from tests.ui.rooms import make_site

    site = replace(make_site(tmp_path), keys=(("language", "f7"),))
    app = make_room(tmp_path, site=site).app()
    async with running(app) as pilot:
        await pilot.press("i", "f2")
        assert words.language() == "en"
        await pilot.press("f7")
        assert words.language() == "zh_CN"
