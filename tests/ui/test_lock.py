"""While the screens are locked nothing that anybody presses, clicks, chooses or calls does anything but read."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import SystemCommand
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input
from textual.widgets._toast import Toast

from dutyroom import clock
from dutyroom.duty import operators
from dutyroom.errors import NotAllowed
from dutyroom.model.people import Act, Actor, Role
from dutyroom.model.site import SessionRules
from dutyroom.rules.session import LockReason
from dutyroom.store import ledger
from screens.app import DutyroomApp
from screens.fill import FillScreen
from screens.keys import GROUPS
from screens.palette import commands
from tests.ui.rooms import (
    NAME,
    NOW,
    PASSWORD,
    PlayedDemo,
    Room,
    assert_golden,
    make_room,
    running,
    sit_down,
    until,
)
from tests.ui.scenes import at, begin

PIN = "739164"
ZHANG = Actor(NAME, Role.ADMIN, "test")
TABLES = ("ledger", "rounds", "entries", "operators", "poll_requests", "backups", "sign_in_tries")


def state_of(app: DutyroomApp, room: Room, demo: PlayedDemo) -> dict[str, object]:
    """Everything that an act could change."""
    with room.store.read() as session:
        connection = session.connection()
        rows = {name: connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in TABLES}
    files = sorted(path.name for path in room.store.path.parent.iterdir() if "duty.db" not in path.name)
    return {**rows, "files": files, "theme": app.theme, "running": app.is_running, "demo": demo.asked}


def nodes(app: DutyroomApp) -> Iterator[DOMNode]:
    yield app
    yield app.screen
    yield from app.screen.walk_children(Widget)


def bound(app: DutyroomApp) -> tuple[set[str], set[tuple[str, DOMNode]]]:
    """Every key, and every action with its node, of everything that is on the screen, ours and Textual's."""
    keys = {one for group in GROUPS.values() for key in group for one in key.keys.split(",")}
    actions: set[tuple[str, DOMNode]] = set()
    for node in nodes(app):
        for key, bindings in node._bindings.key_to_bindings.items():
            keys.add(key)
            actions |= {(binding.action, node) for binding in bindings}
        for name in dir(type(node)):
            if name.startswith("action_"):
                wanted = inspect.signature(getattr(type(node), name)).parameters
                if all(one.default is not inspect.Parameter.empty for key, one in wanted.items() if key != "self"):
                    actions.add((name.removeprefix("action_"), node))
    return keys, actions


async def close_question(app: DutyroomApp, pilot: Pilot[None]) -> None:
    while app.screen.is_modal:
        await pilot.press("escape")
        await pilot.pause()


async def press_everything(app: DutyroomApp, pilot: Pilot[None]) -> None:
    keys, _actions = bound(app)
    assert {"space", "r", "q", "ctrl+q", "f10", "ctrl+p"} <= keys
    if app.current_mode != "board":
        # Every key opens the question once on the board; elsewhere those that mean something of their own there.
        keys = {key for node in nodes(app) if node is not app for key in node._bindings.key_to_bindings}
        assert len(keys) > 10
    stack, place = app._screen_stacks, app.current_mode
    for key in sorted({*keys, *"09.x", "ctrl+c"} - {"f2", "ctrl+t"}):
        await pilot.press(key)
        await close_question(app, pilot)
        if app.current_mode != place:
            await app.run_action(f"mode('{place}')", app.screen)
    assert app._screen_stacks is stack


async def run_everything(app: DutyroomApp, pilot: Pilot[None]) -> None:
    _keys, actions = bound(app)
    assert len(actions) > 40
    for action, node in sorted(actions, key=lambda one: one[0]):
        if action not in ("switch_language",):
            await app.run_action(action, node)
            await close_question(app, pilot)


async def choose_everything(found: list[SystemCommand], pilot: Pilot[None]) -> None:
    assert len(found) > 10
    for command in found:
        done = command.callback()
        if inspect.isawaitable(done):
            await done
        await pilot.pause()


async def click_everything(app: DutyroomApp, pilot: Pilot[None]) -> None:
    app.notify("a toast", timeout=60)
    await pilot.pause()
    assert app.screen.query(Toast)
    for widget in list(app.screen.walk_children(Widget)):
        region = widget.region
        if not region.area or widget not in app.screen.walk_children(Widget):
            continue
        for line in range(region.y, min(region.bottom, region.y + 12)):
            x = region.x + min(3, region.width - 1)
            for kind in (events.MouseDown, events.MouseUp):
                app.post_message(kind(None, x, line, 0, 0, 1, False, False, False, x, line))
            await pilot.pause()
            await close_question(app, pilot)


async def click_past_the_first_gate(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The pilot gives its clicks to the screen itself."""
    for widget in list(app.screen.walk_children(Widget)):
        if widget.region.area and widget.is_attached:
            await pilot.click(widget, offset=(2, 0))
            await close_question(app, pilot)


Way = Callable[[DutyroomApp, Pilot[None]], Awaitable[None]]
WAYS: dict[str, Way] = {
    "keys": press_everything,
    "actions": run_everything,
    "clicks": click_everything,
    "clicks-inside": click_past_the_first_gate,
}


async def go_to(place: str, app: DutyroomApp, pilot: Pilot[None]) -> None:
    if place == "round":
        await at("env.temp.room", app, pilot)
        await pilot.press("2", "4")
    else:
        sit_down(app, ZHANG)
        await app.run_action(f"mode('{place}')", app.screen)
    await pilot.pause()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", ["board", "network", "round"])  # power and servers are screens like network
async def test_nothing_acts_while_locked(tmp_path: Path, place: str, way: str) -> None:
    demo = PlayedDemo()
    room = make_room(tmp_path)
    app = room.app(demo)
    async with running(app) as pilot:
        await go_to(place, app, pilot)
        await pilot.press("ctrl+l")
        assert app.session.locked is LockReason.KEY
        before = state_of(app, room, demo)
        await WAYS[way](app, pilot)
        assert app.session.locked is LockReason.KEY
        assert state_of(app, room, demo) == before


@pytest.mark.parametrize("place", ["board", "round"])
async def test_no_palette_command_acts_while_locked(tmp_path: Path, place: str) -> None:
    demo = PlayedDemo()
    room = make_room(tmp_path)
    app = room.app(demo)
    async with running(app) as pilot:
        await go_to(place, app, pilot)
        chosen = [one for one in commands(app, app.screen) if not one.title.startswith("Language")]
        await pilot.press("ctrl+l")
        before = state_of(app, room, demo)
        await choose_everything(chosen, pilot)
        await choose_everything(list(commands(app, app.screen)), pilot)
        assert app.session.locked is not None
        assert state_of(app, room, demo) == before


async def test_unlocked_the_same_ways_act(tmp_path: Path) -> None:
    """The control: what the tests above do not see changing does change here."""
    demo = PlayedDemo()
    room = make_room(tmp_path)
    app = room.app(demo)
    async with running(app) as pilot:
        before = state_of(app, room, demo)
        await pilot.press("r")
        screen = await begin(app, pilot)
        await pilot.press("space")
        await until(pilot, lambda: bool(screen.state.walk.entries))
        by_title = {one.title: one for one in commands(app, app.screen)}
        by_title["Theme: light"].callback()
        by_title["Demo: mains failure"].callback()
        by_title["Save a picture of the screen"].callback()
        await until(pilot, lambda: demo.asked == (True,))
        await until(pilot, lambda: state_of(app, room, demo)["files"] != before["files"])
        after = state_of(app, room, demo)
        assert {key for key in before if before[key] != after[key]} >= {
            *("ledger", "rounds", "entries", "poll_requests", "files", "theme", "demo")
        }


async def test_an_act_on_its_way_to_the_writer_is_refused(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await pilot.press("ctrl+l")
        assert app.opened is not None
        assert app.actor is None
        with pytest.raises(NotAllowed) as refused:
            await app.opened.writer.carry_out(operators.disable_operator, room.store, ZHANG, NAME, NOW)
        assert refused.value.code == "locked"


async def test_sight_stays_while_locked(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await pilot.press("ctrl+l")
        for key, mode in (("3", "power"), ("4", "network"), ("5", "servers"), ("1", "board")):
            await pilot.press(key)
            assert app.current_mode == mode
        await pilot.press("4", "down")
        assert app.selected
        await pilot.press("question_mark")
        assert type(app.screen).__name__ == "HelpDialog"
        assert app.session.locked is not None


async def test_the_own_password_unlocks_and_a_half_typed_number_is_still_there(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await go_to("round", app, pilot)
        screen = app.screen
        assert isinstance(screen, FillScreen)
        assert screen.state.typed == "24"
        await pilot.press("ctrl+l", "5")
        assert type(app.screen).__name__ == "UnlockDialog"
        await pilot.press(*PASSWORD, "enter")
        await until(pilot, lambda: app.session.locked is None)
        assert screen.state.typed == "24"
        await pilot.press("enter")
        await until(pilot, lambda: "env.temp.room" in {item for item, _device in screen.state.walk.entries})
        assert [line.act for line in lines(room)][-2:] == [Act.UNLOCK, Act.ANSWER]


async def test_a_pin_unlocks_and_after_five_wrong_ones_only_the_password_does(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    operators.set_pin(room.store, ZHANG, PASSWORD, PIN, NOW)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await pilot.press("ctrl+l", "x", *PIN, "enter")
        await until(pilot, lambda: app.session.locked is None)
        await pilot.press("ctrl+l", "x")
        for _at in range(5):
            tries = app.session.pin_tries
            await pilot.press(*"739165", "enter")
            await until(pilot, lambda tries=tries: app.session.pin_tries == tries - 1)  # type: ignore[misc]
            await until(pilot, lambda: not app.screen.query_one("#password", Input).disabled)
        await pilot.press(*PIN, "enter")
        await until(pilot, lambda: lines(room)[-1].act == Act.REFUSE_SIGN_IN)
        await until(pilot, lambda: not app.screen.query_one("#password", Input).disabled)
        assert app.session.locked is not None


async def test_another_person_signs_in_and_the_round_of_the_first_is_left(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    operators.add_operator(room.store, ZHANG, "li", "Li", Role.TECHNICIAN, PASSWORD, NOW)
    app = room.app()
    async with running(app) as pilot:
        await go_to("round", app, pilot)
        await pilot.press("ctrl+l", "x")
        app.screen.query_one("#name", Input).value = "li"
        await pilot.press(*PASSWORD, "enter")
        await until(pilot, lambda: app.session.locked is None)
        assert app.actor is not None
        assert app.actor.name == "li"
        assert not any(isinstance(screen, FillScreen) for screen in app.screen_stack)
        await until(pilot, lambda: Act.SIGN_OUT in {line.act for line in lines(room)})


async def test_a_round_of_the_first_is_left_too_where_a_page_lies_over_it(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    operators.add_operator(room.store, ZHANG, "li", "Li", Role.TECHNICIAN, PASSWORD, NOW)
    app = room.app()
    async with running(app) as pilot:
        await go_to("round", app, pilot)
        app.action_go_to_chart("ups-a")
        await until(pilot, lambda: not isinstance(app.screen, FillScreen))
        assert any(isinstance(screen, FillScreen) for screen in app.screen_stack)
        await pilot.press("ctrl+l", "x")
        app.screen.query_one("#name", Input).value = "li"
        await pilot.press(*PASSWORD, "enter")
        await until(pilot, lambda: app.session.locked is None)
        assert not any(isinstance(screen, FillScreen) for screen in app.screen_stack)


def lines(room: Room) -> tuple[Any, ...]:
    with room.store.read() as session:
        return ledger.lines(session)


async def test_it_locks_after_idleness_and_a_key_puts_that_off(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        seconds = [1000.0]
        app.session.seconds = lambda: seconds[0]
        sit_down(app, ZHANG)
        app.session._rules = SessionRules(lock_after_s=300.0, longest_s=1000.0)
        seconds[0] += 299
        app.look_at_clock()
        assert app.session.locked is None
        await pilot.press("down")
        seconds[0] += 299
        app.look_at_clock()
        assert app.session.locked is None
        seconds[0] += 1
        app.look_at_clock()
        assert app.session.locked is LockReason.IDLE


async def test_a_session_that_is_over_takes_no_pin(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    operators.set_pin(room.store, ZHANG, PASSWORD, PIN, NOW)
    app = room.app()
    async with running(app) as pilot:
        seconds = [0.0]
        app.session.seconds = lambda: seconds[0]
        sit_down(app, ZHANG)
        app.session._rules = SessionRules(lock_after_s=None, longest_s=600.0)
        seconds[0] = 600.0
        app.look_at_clock()
        assert app.session.locked is LockReason.OVER
        await pilot.press("x", *PIN, "enter")
        await until(pilot, lambda: lines(room)[-1].act == Act.REFUSE_SIGN_IN)
        await until(pilot, lambda: not app.screen.query_one("#password", Input).disabled)
        assert app.session.locked is LockReason.OVER
        await pilot.press(*PASSWORD, "enter")
        await until(pilot, lambda: app.session.locked is None)


async def test_it_locks_when_the_duty_day_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await begin(app, pilot)
        ends = app.session.shift_ends_at
        assert ends is not None
        assert NOW < ends <= NOW + timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda: ends)
        app.look_at_clock()
        assert app.session.locked is LockReason.SHIFT


async def test_a_dialog_is_left_when_the_screens_lock_and_its_password_is_gone(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await pilot.press("i", *"half a secret", "ctrl+l")
        await pilot.pause()
        assert app.session.locked is LockReason.KEY
        assert not app.screen.is_modal


async def test_with_nobody_signed_in_there_is_nothing_to_lock(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("ctrl+l")
        assert app.session.locked is None


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_locked_board_and_its_question_are_as_kept(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app, size) as pilot:
        sit_down(app, ZHANG)
        await pilot.press("ctrl+l")
        app.clear_notifications()
        await until(pilot, lambda: not app.screen.query(Toast))
        assert_golden(app, f"locked-{size[0]}x{size[1]}-{language}")
        await pilot.press("x")
        await pilot.pause()
        assert_golden(app, f"unlock-{size[0]}x{size[1]}-{language}")


def test_every_screen_that_reads_while_locked_is_listed_on_purpose() -> None:
    """A screen without a list of its own lets nothing through."""
    assert getattr(Screen, "LOCKED_ACTIONS", None) is None
    assert getattr(FillScreen, "LOCKED_ACTIONS", None) is None
