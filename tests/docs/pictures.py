"""The pictures of `docs/`: the real screens over the hand-made room of the tests, whose clock stands still.

The same program gives the same bytes; a picture that differs is a screen that changed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from textual.events import Key
from textual.pilot import Pilot

from dutyroom import clock, words
from dutyroom.duty import answering, walks
from dutyroom.duty.answers import Given, entry_of
from dutyroom.errors import AnswerRefused
from dutyroom.model.events import Event
from dutyroom.model.people import Actor, Role
from dutyroom.store import events
from screens.app import DutyroomApp
from screens.fill import FillScreen
from screens.outage import OutageScreen
from screens.picture import with_true_widths
from tests.desks import stand_for_findings
from tests.ui.outage_rooms import make_outage_room, work_on_it
from tests.ui.room_samples import NOW, ups_sample
from tests.ui.rooms import NAME, Room, make_room, running, screen_text, sit_down, until
from tests.ui.test_round_screen import begin, go_to, room_with_probe, saved

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZE = (90, 24)
LANGUAGES = {"en": "", "zh_CN": ".zh-CN"}
NOTE = {"en": "latch of the north window is loose", "zh_CN": "北窗插销松动"}
REPORTED = {"en": "told the vendor, comes today", "zh_CN": "已报厂家，今日到场"}
OUTAGE = {"ups.status": "OB DISCHRG", "input.voltage": "0", "battery.charge": "71", "battery.runtime": "4980"}


def drawn() -> dict[Path, str]:
    """Every picture as it must be."""
    return {path: svg for language in LANGUAGES for path, svg in drawn_in(language).items()}


def drawn_in(language: str) -> dict[Path, str]:
    """Every picture of a language as it must be."""
    with _standing_still(language):
        found = asyncio.run(_all(language))
    return {FOLDER / f"{name}{LANGUAGES[language]}.svg": svg for name, svg in found.items()}


def write() -> list[Path]:
    """Writes the pictures that differ, removes those that nobody draws any more; gives both."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = drawn()
    gone = [path for path in FOLDER.glob("*.svg") if path not in wanted]
    for path in gone:
        path.unlink()
    changed = [path for path, svg in wanted.items() if not path.is_file() or path.read_text("utf-8") != svg]
    for path in changed:
        path.write_text(wanted[path], "utf-8")
    return [*changed, *gone]


@contextmanager
def _standing_still(language: str) -> Iterator[None]:
    words.install(language)
    try:
        with mock.patch.object(clock, "now", return_value=NOW):
            yield
    finally:
        words.install("en")


async def _all(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for scene in (_room, _outage, _outage_screen, _walk):
        with TemporaryDirectory() as folder:
            async for name, app in scene(Path(folder), language):
                found[name] = await _svg(app)
    return found


async def _room(folder: Path, language: str) -> AsyncIterator[tuple[str, DutyroomApp]]:
    app = make_room(folder, language).app()
    async with running(app, SIZE) as pilot:
        yield "board", app
        for key, name in (("3", "power"), ("4", "network"), ("5", "servers"), ("question_mark", "help")):
            await pilot.press(key)
            await pilot.pause()
            if name == "network":
                await pilot.press("down")
            yield name, app
        await pilot.press("escape", "1")
        app.action_tour()
        await pilot.pause()
        yield "first-look", app
        await pilot.press("escape")
        sit_down(app, Actor(NAME, Role.TECHNICIAN, "tty1"))
        await pilot.press("ctrl+l")
        app.clear_notifications()
        await pilot.press("x")
        await pilot.pause()
        yield "locked", app


async def _outage(folder: Path, language: str) -> AsyncIterator[tuple[str, DutyroomApp]]:
    room = make_room(folder, language)
    with room.store.write() as session:
        began = NOW - timedelta(minutes=7, seconds=32)
        events.add(session, [Event(began, name, "on-battery") for name in ("ups-a", "ups-b")])
    room.put(ups_sample("ups-a", NOW, OUTAGE), ups_sample("ups-b", NOW, OUTAGE | {"battery.runtime": "11400"}))
    app = room.app()
    async with running(app, SIZE) as pilot:
        yield "outage", app
        await pilot.press("3")
        await pilot.pause()
        yield "outage-power", app


async def _outage_screen(folder: Path, language: str) -> AsyncIterator[tuple[str, DutyroomApp]]:
    room = make_outage_room(folder, language)
    work_on_it(room)
    app = room.app()
    async with running(app, SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, OutageScreen) and bool(app.screen.head.lines))
        yield "outage-screen", app


async def _walk(folder: Path, language: str) -> AsyncIterator[tuple[str, DutyroomApp]]:
    room = room_with_probe(folder, language)
    app = room.app()
    async with running(app, SIZE) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("space", "space", "minus")
        await _type(pilot, NOTE[language])
        await pilot.press("enter")
        await saved(pilot, screen)
        await pilot.pause()
        # The finding it becomes, as its line offers it.
        await pilot.press("enter")
        await saved(pilot, screen)
        await pilot.press("enter", *"24", "full_stop", "1")
        await saved(pilot, screen)
        yield "round", app
        await go_to(pilot, screen, "*power", "ups-a")
        yield "round-device", app
        _answer_the_rest(room, screen)
        screen.state.walk = walks.load_walk(room.desk, 1)
        await pilot.press("f10")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.pause()
        yield "round-review", app


def _answer_the_rest(room: Room, screen: FillScreen) -> None:
    """What is measured as it was measured, all else as in a room that is fine."""
    actor, answers = Actor(NAME, Role.ADMIN, "tty1"), []
    for line in screen.state.walk.lines:
        live, normal = screen.state.lives.get(line.key), line.item.limit.normal
        if screen.state.walk.entry(line) is not None:
            continue
        if line.item.choices:
            given = Given(live.answer if live is not None else line.item.choices[0].value, live=live)
        elif line.item.kind == "text":
            given = Given("–")
        elif live is not None and live.value is not None:
            given = Given(f"{live.value:g}", "", live)
        else:
            given = Given(f"{(normal.low + normal.high) / 2:g}" if normal is not None else "54.1", "", live)
        try:
            entry_of(1, line, given, actor, NOW)
        except AnswerRefused:
            given = replace(given, note=REPORTED[room.site.language])
        answers.append((line, given))
    answering.record_answers(room.desk, actor, 1, answers, NOW)
    stand_for_findings(room.desk, 1, NOW, actor)


async def _type(pilot: Pilot[None], text: str) -> None:
    for character in text:
        pilot.app.screen.post_message(Key(character, character))
        await pilot.pause()


async def _svg(app: DutyroomApp) -> str:
    """The screen as a picture, taken when nothing moves any more."""
    shown = ""
    end = clock.monotonic() + 20
    while clock.monotonic() < end:
        await asyncio.sleep(0.05)
        before, shown = shown, app.export_screenshot(title="dutyroom")
        if before == shown and words._("opening the records …") not in screen_text(app):
            break
    # Blanks at the ends of lines and between the elements: nobody sees them.
    return re.sub(r"\s*\n\s*", "\n", with_true_widths(shown)).strip() + "\n"
