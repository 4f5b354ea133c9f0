"""The mouse works wherever a key works, and takes nothing that a key would not."""

from __future__ import annotations

from pathlib import Path

from dutyroom.model.reading import Kind
from screens.app import DutyroomApp
from screens.fill import FillScreen
from screens.widgets.lines import LineView
from tests.ui.rooms import make_room, running, screen_text, until
from tests.ui.scenes import at, begin
from tests.ui.test_round_screen import room_with_probe


def cell_of(app: DutyroomApp, text: str) -> tuple[int, int]:
    """Where a text begins on the screen; there is no wide character before it."""
    for y, row in enumerate(screen_text(app).splitlines()):
        if text in row:
            return row.index(text), y
    raise AssertionError(f"{text!r} is not on the screen:\n{screen_text(app)}")


async def test_a_click_moves_the_cursor_of_the_round_to_its_line(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.click(offset=cell_of(app, "Wall thermometer"))
        assert screen.state.cursor == ("env.temp.room", "")
        await pilot.click(offset=cell_of(app, "Environment"))
        assert screen.state.cursor == ("env.temp.room", ""), "a heading is no place to stand"


async def test_a_number_typed_to_the_end_is_stored_when_another_line_is_clicked(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        screen = await at("env.temp.room", app, pilot)
        await pilot.press("2", "4")
        await pilot.click(offset=cell_of(app, "Relative humidity"))
        assert screen.state.cursor == ("env.rh", "")
        await until(pilot, lambda: not screen.state.saving)
        entry = screen.state.walk.entries[("env.temp.room", "")]
        assert entry.answer == "24"


async def test_a_click_beside_a_note_leaves_the_note_as_it_is(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("minus", *"leak")
        await pilot.click(offset=cell_of(app, "Wall thermometer"))
        await pilot.press(*"ing")
        assert screen.note.value == "leaking"
        assert screen.state.cursor == ("duty.handover", "")


async def test_a_choice_is_marked_by_one_click_and_taken_by_the_next(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app, (60, 20)) as pilot:
        screen = await at("fire.panel", app, pilot)
        for n, text in ((4, "5 Not"), (0, "1 Auto")):
            await pilot.click(offset=cell_of(app, text))
            await pilot.pause()
            assert screen.state.chosen == n
        assert ("fire.panel", "") not in screen.state.walk.entries
        await pilot.click(offset=cell_of(app, "1 Auto"))
        await until(pilot, lambda: not screen.state.saving and ("fire.panel", "") in screen.state.walk.entries)


async def test_a_folded_device_opens_at_the_second_click_and_the_wheel_scrolls(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        place = cell_of(app, "UPS A main feed  4")
        await pilot.click(offset=place)
        assert screen.state.cursor == ("*power", "ups-a")
        assert not screen.state.opened
        await pilot.click(offset=cell_of(app, "UPS A main feed  4"))
        assert screen.state.opened == {("*power", "ups-a")}
        before = screen.view.scroll_offset.y
        await pilot._post_mouse_events([_wheel()], widget=screen.view, offset=(5, 5))
        await until(pilot, lambda: screen.view.scroll_offset.y > before)


def _wheel() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


async def test_a_signed_round_is_only_looked_at_by_clicks(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        screen = await at("fire.panel", app, pilot)
        screen.acts = None
        await pilot.click(offset=cell_of(app, "1 Auto"))
        await pilot.click(offset=cell_of(app, "1 Auto"))
        await pilot.pause()
        assert screen.state.chosen == -1
        assert not screen.state.walk.entries


async def test_the_footer_the_panels_and_the_lists_can_be_clicked(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await until(pilot, lambda: "4 Network" in screen_text(app))
        await pilot.click(offset=cell_of(app, "4 Network"))
        await until(pilot, lambda: type(app.screen).__name__ == "NetworkScreen")
        await pilot.pause()
        await pilot.click(offset=cell_of(app, "Access switch"))
        assert app.selected[Kind.NETWORK] == "access-1"
        await pilot.press("escape")
        await pilot.pause()
        await pilot.click("#servers", offset=(4, 2))
        await until(pilot, lambda: type(app.screen).__name__ == "ServersScreen")
        assert app.screen.query_one("#details", LineView).lines
        assert not isinstance(app.screen, FillScreen)
