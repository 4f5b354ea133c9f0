"""A round walked in a hurry: keys faster than the disk, sources that come and go, an input method that is on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from dutyroom import clock
from dutyroom.model.checklist import ItemKind
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.rounds import Entry
from dutyroom.store import rounds as rows
from dutyroom.store.database import Store
from screens.app import DutyroomApp
from screens.fill import FillScreen
from tests.ui.room_samples import NOW, ups_sample
from tests.ui.rooms import Room, running, screen_text, until
from tests.ui.test_round_screen import begin, go_to, room_with_probe, saved, stored


@contextmanager
def slow_disk(screen: FillScreen) -> Iterator[None]:
    """Nothing is written while the block runs."""
    go_on = threading.Event()
    writing = asyncio.ensure_future(screen._opened.writer.carry_out(go_on.wait, 20.0))
    try:
        yield
    finally:
        go_on.set()
        writing.add_done_callback(lambda future: future.cancelled() or future.result())


def entries_of(room: Room) -> dict[tuple[str, str], Entry]:
    """What the store holds, read as the next program would."""
    store = Store.open(room.site.store_url, read_only=True)
    try:
        with store.read() as session:
            return {entry.key: entry for entry in rows.entries(session, 1)}
    finally:
        store.close()


async def type_wide(app: DutyroomApp, pilot: Pilot[None], text: str) -> None:
    """Types characters as a terminal gives them; the pilot knows the names of some only."""
    for character in text:
        app.screen.post_message(events.Key(_character_to_key(character), character))
        await pilot.pause()


FIRST_THREE = {("duty.handover", ""), ("acc.door", ""), ("acc.window", "")}


async def test_the_very_first_key_in_a_round_is_an_answer(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        assert screen.focused is None
        await pilot.press("space")
        await saved(pilot, screen)
        assert stored(room, "duty.handover") is not None


async def test_answers_still_on_their_way_are_stored_when_the_round_is_left(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        with slow_disk(screen):
            await pilot.press("space", "space", "space")
            assert not entries_of(room)
            await pilot.press("escape")
            assert app.screen is not screen
        await until(pilot, lambda: set(entries_of(room)) == FIRST_THREE)


async def test_answers_still_on_their_way_are_stored_when_the_program_is_left(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        with slow_disk(screen):
            await pilot.press("space", "space", "space")
            app.exit()
            await asyncio.sleep(0.05)
    assert set(entries_of(room)) == FIRST_THREE


async def test_undo_takes_back_the_answer_given_last_also_while_it_is_being_saved(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        with slow_disk(screen):
            await pilot.press("space", "space", "u")
            assert screen.state.cursor == ("acc.door", "")
            await pilot.press("minus", *"stuck", "enter")
        await saved(pilot, screen)
        kept = entries_of(room)
        assert (kept["duty.handover", ""].answer, kept["acc.door", ""].answer) == ("normal", "abnormal")
        assert kept["acc.door", ""].note == "stuck"


async def test_undo_held_down_goes_back_one_answer_at_a_time(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("space", "space", "space")
        await saved(pilot, screen)
        with slow_disk(screen):
            await pilot.press("backspace", "backspace")
            assert screen.state.cursor == ("acc.door", "")
        await saved(pilot, screen)
        assert [entries_of(room)[key].answer for key in sorted(FIRST_THREE)] == [None, None, "normal"]


async def test_the_cursor_never_goes_back_to_an_answer_that_is_being_saved(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "duty.remark")
        last = [stop.key for stop in screen.state.stops()][-1]
        await go_to(pilot, screen, *last)
        with slow_disk(screen):
            await pilot.press("space", "space", "space")
            assert screen.state.cursor == ("acc.window", "")
            await go_to(pilot, screen, *last)
            await pilot.press("tab")
            assert screen.state.cursor == ("acc.window", "")
        await saved(pilot, screen)


async def test_a_device_whose_values_grew_too_old_a_moment_ago_is_not_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "*power", "ups-a")
        # As after the lid was open again: the first key comes before the first tick of the clock.
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
        await pilot.press("plus")
        await pilot.pause()
        assert "too old" in screen_text(app)
        assert not entries_of(room)


async def test_a_note_is_kept_when_its_value_grew_too_old_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_with_probe(tmp_path)
    room.put(ups_sample("ups-a", NOW - timedelta(seconds=3), {"ambient.temperature": "29"}))
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "env.temp.cold")
        await pilot.press("enter", *"door was open")
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=60))
        await pilot.press("enter")
        await pilot.pause()
        assert "too old" in screen_text(app)
        await pilot.press("2", "8", "enter")
        await saved(pilot, screen)
        entry = stored(room, "env.temp.cold")
        assert entry is not None
        assert (entry.value, entry.note) == (28.0, "door was open")


async def test_a_silent_device_keeps_the_cursor_and_a_returning_one_keeps_what_is_typed(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "*power", "ups-a")
        room.put(Sample("ups-a", Kind.UPS, NOW - timedelta(seconds=2), State.TIMEOUT))
        await until(pilot, lambda: screen.state.lives[("ups.status", "ups-a")] is None)
        assert screen.state.cursor[1] == "ups-a"
        await go_to(pilot, screen, "ups.batt.charge", "ups-a")
        await pilot.press("9", "9")
        room.put(ups_sample("ups-a", NOW - timedelta(seconds=1), {}))
        await until(pilot, lambda: screen.state.lives[("ups.status", "ups-a")] is not None)
        assert (screen.state.cursor, screen.state.typed) == (("ups.batt.charge", "ups-a"), "99")
        await pilot.press("enter")
        await saved(pilot, screen)
        entry = stored(room, "ups.batt.charge", "ups-a")
        assert entry is not None
        assert entry.value == 99.0


async def test_keys_of_a_full_width_keyboard_do_the_same(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await type_wide(app, pilot, "　－")
        assert screen.note.asking
        await pilot.press("escape")
        await type_wide(app, pilot, "＊")
        assert screen.note.asking
        await pilot.press("escape")
        await type_wide(app, pilot, "、")
        assert screen.note.asking
        await pilot.press("escape")
        await go_to(pilot, screen, "*power", "ups-a")
        await type_wide(app, pilot, "＋")
        await saved(pilot, screen)
        assert stored(room, "duty.handover") is not None
        assert stored(room, "ups.status", "ups-a") is not None


async def test_another_choice_can_be_seen_before_it_replaces_an_answer(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "fire.panel")
        await pilot.press("1")
        await saved(pilot, screen)
        await go_to(pilot, screen, "fire.panel")
        assert "1 Automatic" not in screen_text(app)
        await pilot.press("right")
        assert screen.state.chosen == 0
        assert "2 " in screen_text(app).split("▸")[1].splitlines()[1]


async def test_minus_on_a_remark_asks_for_its_text(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        line = next(line for line in screen.state.walk.lines if line.item.kind is ItemKind.TEXT)
        await go_to(pilot, screen, *line.key)
        await pilot.press("minus", *"lamp", "enter")
        await saved(pilot, screen)
        entry = stored(room, *line.key)
        assert entry is not None
        assert entry.answer == "lamp"
