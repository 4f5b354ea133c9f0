"""Tables, computed items and lines that hang on an answer, in a walk on the screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dutyroom.checklists import parse
from dutyroom.model.reading import Verdict
from screens.walk_state import WalkState
from tests.ui.rooms import Room, assert_fits, running, screen_text, until
from tests.ui.test_round_screen import begin, go_to, room_with_probe, saved, stored

TEXT = """
name = "daily"
en = "Batteries"
zh = "电池"
due_at = "08:30"
early = "30m"
window = "90m"
[[area]]
id = "power"
en = "Power"
zh = "供电"
[[item]]
id = "bat.found"
area = "power"
en = "Batteries are"
zh = "电池"
kind = "choice"
mode = "M"
choices = [
  { value = "here", en = "here", zh = "在", verdict = "ok" },
  { value = "away", en = "away", zh = "不在", verdict = "ok" },
]
[[item]]
id = "bat.cells"
area = "power"
en = "Cell voltages"
zh = "单体电压"
kind = "table"
mode = "M"
unit = "V"
cells = 4
normal = [2.1, 2.4]
physical = [0, 20]
show_if = { item = "bat.found", answers = ["here"] }
[[item]]
id = "bat.strings"
area = "power"
en = "String voltages"
zh = "组电压"
kind = "table"
mode = "M"
unit = "V"
"""


def room_with_batteries(folder: Path, language: str = "en") -> Room:
    """A room whose daily round is about batteries."""
    room = room_with_probe(folder, language)
    checklist = parse(TEXT, room.site.limit_profile, "test")
    room.desk = replace(room.desk, checklist=checklist, checklist_text=TEXT)
    return room


async def test_a_table_is_typed_number_by_number_and_stored_as_one_answer(tmp_path: Path, language: str) -> None:
    room = room_with_batteries(tmp_path, language)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("1")
        await saved(pilot, screen)
        assert screen.state.cursor == ("bat.cells", "")
        await pilot.press(*"2.2", "enter", *"2.25", "space", *"2.3")
        await until(pilot, lambda: "2.2 2.25 2.3▏" in screen_text(app))
        assert_fits(app)
        await pilot.press("enter", *"2", "full_stop", "backspace", "backspace", *"2.31", "enter")
        await saved(pilot, screen)
        entry = stored(room, "bat.cells")
        assert entry is not None
        assert (entry.answer, entry.value, entry.verdict) == ("2.2 2.25 2.3 2.31", None, Verdict.OK)
        await go_to(pilot, screen, "bat.cells")
        assert "2.2 2.25 2.3 2.31" in screen_text(app)
        await go_to(pilot, screen, "bat.strings")
        await pilot.press(*"54.1", "enter", *"54.3", "enter")
        assert stored(room, "bat.strings") is None, "there may be more"
        await pilot.press("enter")
        await saved(pilot, screen)
        entry = stored(room, "bat.strings")
        assert entry is not None
        assert entry.answer == "54.1 54.3"


async def test_a_table_that_is_too_short_is_not_stored_and_keeps_what_was_typed(tmp_path: Path) -> None:
    room = room_with_batteries(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("1")
        await saved(pilot, screen)
        await pilot.press(*"2.2", "enter", "enter")
        await until(pilot, lambda: "Here stand 4 numbers" in screen_text(app))
        assert screen.state.typed == "2.2 "
        await pilot.press("down")
        await pilot.pause()
        assert screen.state.cursor == ("bat.cells", "")
        assert stored(room, "bat.cells") is None


async def test_a_line_comes_and_goes_with_the_answer_it_hangs_on(tmp_path: Path) -> None:
    room = room_with_batteries(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        assert "Cell voltages" not in screen_text(app)
        await pilot.press("1")
        assert screen.state.cursor == ("bat.cells", ""), "also before the answer is on the disk"
        await saved(pilot, screen)
        assert "Cell voltages" in screen_text(app)
        await pilot.press("up", "u")
        await saved(pilot, screen)
        await pilot.press("2")
        await saved(pilot, screen)
        assert screen.state.cursor == ("bat.strings", "")
        assert "Cell voltages" not in screen_text(app)


@pytest.mark.parametrize("character", ["．", "。", "２"])
def test_full_width_figures_are_understood_in_a_table(tmp_path: Path, character: str) -> None:
    from dutyroom.duty.rounds import start_round
    from dutyroom.model.people import Actor, Role
    from tests.ui.room_samples import NOW
    from tests.ui.rooms import NAME

    room = room_with_batteries(tmp_path)
    state = WalkState(start_round(room.desk, Actor(NAME, Role.ADMIN, "test"), NOW))
    state.stand(("bat.strings", ""))
    assert state.type(character)
    assert state.typed in (".", "2")
