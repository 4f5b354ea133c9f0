"""A normal daily round of the demo room takes at most 60 keys beyond what is typed, and every key of it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.binding import ActiveBinding
from textual.pilot import Pilot

from dutyroom import clock
from dutyroom.cli import demo
from dutyroom.cli.compose import open_desk, open_room
from dutyroom.config import load_site
from dutyroom.demo.process import DemoRoom
from dutyroom.demo.site import write_site
from dutyroom.duty.signin import sign_in
from dutyroom.model.checklist import Mode
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import RoundState
from dutyroom.model.site import Site
from dutyroom.rules.live import judge_answer
from screens.app import DutyroomApp
from screens.dialogs.help import keys_of
from screens.dialogs.sign_round import SignRoundDialog
from screens.fill import FillScreen
from screens.walk_state import takes_number
from tests.ui.rooms import until

MOST = 60
NAMES = {".": "full_stop", "-": "minus", " ": "space"}
# Part of the demo room, but real: a busy test machine is no part of a normal round.
THIS_MACHINE = "duty-pc"


@contextmanager
def demo_room(folder: Path) -> Iterator[Site]:
    """The demo room with its people, after one day."""
    with DemoRoom.start(5, day_s=9 * 3600.0) as room:
        site = load_site(write_site(folder, room.ports, "en"))
        desk = open_desk(site)
        demo._enrol(desk, 1)
        demo._fill(desk, room, 1, 5)
        desk.store.close()
        yield site


@asynccontextmanager
async def walking(site: Site, folder: Path) -> AsyncIterator[tuple[DutyroomApp, Pilot[None]]]:
    """The application over it, signed in, every source known."""
    app = DutyroomApp(lambda: open_room(site, folder / "site.toml"))
    wanted = {device.name for device in site.devices()}

    def all_known() -> bool:
        known = app.records.latest if app.records is not None else {}
        return app.board is not None and wanted <= {name for name, one in known.items() if one.sample.state.knows}

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, all_known)
        assert app.opened is not None
        app.session.begin(sign_in(app.opened.desk.store, demo.OPERATOR, demo.PASSWORD, "test", clock.now()))
        yield app, pilot


class Hand:
    """Presses keys and counts those that are not typed text."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self._pilot = pilot
        self.pressed: list[str] = []

    async def press(self, *keys: str) -> None:
        """Keys that count."""
        self.pressed += keys
        await self._pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Numbers, notes and the password do not count."""
        await self._pilot.press(*[NAMES.get(character, character) for character in text])


async def answer_next(screen: FillScreen, hand: Hand) -> None:
    """One step of somebody whose room is as it should be."""
    here = screen.state.here()
    assert here is not None
    line = here.line
    if screen.note.asking:
        await hand.type("as known")
        await hand.press("enter")
    elif screen.state.finding is not None:
        await hand.press("enter")
    elif line is None:
        await hand.press("plus")
    else:
        live = screen.state.lives.get(line.key)
        if live is not None and line.item.mode is Mode.ACCEPT:
            before = len(hand.pressed)
            await hand.press("enter")
            if line.device == THIS_MACHINE and judge_answer(line.item, live.answer, live.value) is not Verdict.OK:
                await hand.type("busy")
                await hand.press("enter", "enter")
                del hand.pressed[before:]
        elif takes_number(line):
            bounds = line.item.limit.normal
            middle = (bounds.low + bounds.high) / 2 if bounds is not None else 0.0
            await hand.type(f"{live.value if live is not None and live.value is not None else middle:g}")
            await hand.press("enter")
        else:
            await hand.press("space")


def shown_in_help(app: DutyroomApp, active: ActiveBinding) -> str:
    """What help calls the key of a binding."""
    return app.get_key_display(replace(active.binding, key_display=None))


@pytest.mark.timeout(120)
async def test_a_normal_daily_round_takes_at_most_sixty_keys_and_no_mouse(tmp_path: Path) -> None:
    with demo_room(tmp_path) as site:
        async with walking(site, tmp_path) as (app, pilot):
            hand = Hand(pilot)
            await hand.press("enter")
            await until(pilot, lambda: isinstance(app.screen, FillScreen))
            screen = app.screen
            assert isinstance(screen, FillScreen)
            told = {key for keys, _text in keys_of(screen) for key in keys.split()}  # type: ignore[arg-type]
            names = {key: shown_in_help(app, active) for key, active in screen.active_bindings.items()}
            lines = len(screen.state.walk.lines)
            while screen.state.ahead().open_lines() or screen.state.finding is not None:
                await answer_next(screen, hand)
                await pilot.pause()
            await until(pilot, lambda: not screen.state.saving)
            await hand.press("f10")
            await until(pilot, lambda: isinstance(app.screen, SignRoundDialog))
            await hand.type(demo.PASSWORD)
            await hand.press("enter")
            await until(pilot, lambda: screen.state.walk.round.state is RoundState.SIGNED)
            assert lines >= 60
            assert len(hand.pressed) <= MOST, hand.pressed
            assert {names[key] for key in hand.pressed} <= told
