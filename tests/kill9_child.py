"""The program that is killed: the real application without a terminal, walking a round by keys and telling its parent
what the screen shows as saved.

Lines of JSON on the pipe: `walking` (a round is open), `saved` (a line stands without `…`: its row's SHA-256, key and
answer), `signed`, `begin` and `end` (around each commit, with the thread's name), `ended` (with the error, if any).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlmodel import Session
from textual.pilot import Pilot

from dutyroom import clock
from dutyroom.checklists import shipped, text_of
from dutyroom.duty.desk import Desk
from dutyroom.duty.signin import sign_in
from dutyroom.model.checklist import Item, ItemKind, Mode
from dutyroom.model.reading import Sample
from dutyroom.model.rounds import Entry
from dutyroom.model.site import PollIntervals, Site
from dutyroom.sources.base import Source
from dutyroom.store.canonical import sha256
from dutyroom.store.database import Store
from dutyroom.watch.loop import Watch
from screens.app import DutyroomApp
from screens.desk import OpenedRoom
from screens.dialogs.sign_round import SignRoundDialog
from screens.fill import FillScreen
from screens.walk_state import takes_number
from tests.desks import ACTOR, NOW, PASSWORD, all_samples, make_site

FRAME_S = 1 / 60
SLOW_DISK_S = 0.1
FAST = PollIntervals(ups_s=0.1, ups_on_battery_s=0.05, network_s=0.1, server_s=0.1)


@dataclass(frozen=True, slots=True)
class Orders:
    """What one child is to do. `began` is the parent's monotonic clock; `early` tells answers before they are saved."""

    folder: Path
    day: int
    began: float
    seed: int
    early: bool = False


class Told(Source):
    """A source that says the same again and again."""

    def __init__(self, sample: Sample) -> None:
        self.name, self.kind, self._sample = sample.source, sample.kind, sample

    async def sample(self, now: datetime) -> Sample:
        return replace(self._sample, at=now)

    async def aclose(self) -> None:
        """Nothing was opened."""


def site_of(folder: Path) -> Site:
    """The site of the whole run."""
    return replace(make_site(folder / "dutyroom.db"), poll=FAST)


def live(orders: Orders, pipe: Connection[Any, Any]) -> None:
    """The whole life of a child, unless it is killed before."""
    clock.now = lambda: NOW + timedelta(days=orders.day, seconds=clock.monotonic() - orders.began)
    voice = Voice(pipe.fileno(), orders.early)
    event.listen(Session, "before_commit", lambda _session: voice.commit("begin"))
    event.listen(Session, "after_commit", lambda _session: voice.commit("end"))
    error = "it ended by itself"
    try:
        asyncio.run(_walk(orders, voice))
    except BaseException:
        error = traceback.format_exc()[-3000:]
    voice.say("ended", error=error)


class Voice:
    """Tells the parent; each line is one write, which a pipe takes whole."""

    def __init__(self, pipe: int, early: bool) -> None:
        self._pipe, self._early = pipe, early
        self._told: dict[tuple[str, str], Entry] = {}
        self._signed = False

    def say(self, what: str, **more: object) -> None:
        os.write(self._pipe, json.dumps({"what": what, **more}).encode()[:4000] + b"\n")

    def commit(self, what: str) -> None:
        """Called around every commit, in the thread that commits. The control has a slow disk."""
        thread = threading.current_thread().name
        self.say(what, thread=thread)
        if self._early and what == "begin" and thread.startswith("writer"):
            time.sleep(SLOW_DISK_S)

    async def watch(self, app: DutyroomApp) -> None:
        """Looks at the round once a frame, as a person would at the marks of its lines."""
        while True:
            screen = app.screen
            if isinstance(screen, FillScreen):
                self._look(screen)
            await asyncio.sleep(FRAME_S)

    def _look(self, screen: FillScreen) -> None:
        state = screen.state
        if self._early:
            for key, entry in state.saving.items():
                if self._told.get(key) is not entry:
                    self._told[key] = entry
                    self.say("saved", key=key, answer=entry.answer, row="")
            return
        for key, entry in state.walk.entries.items():
            if key not in state.saving and self._told.get(key) is not entry:
                self._told[key] = entry
                at = entry.at.isoformat()
                self.say("saved", key=key, answer=entry.answer, at=at, row=sha256(stored(entry)))
        if screen.acts is None and not self._signed:
            self._signed = True
            self.say("signed", round=state.walk.round.id)


@contextmanager
def _opened(site: Site) -> Iterator[OpenedRoom]:
    store = Store.open(site.store_url)
    watch = Watch(site, store, lambda: [Told(sample) for sample in all_samples()])
    watch.start()

    def close() -> None:
        watch.stop()
        store.close()

    yield OpenedRoom(Desk(store, site, shipped("daily", site.limit_profile), text_of("daily")), watch, close)


async def _walk(orders: Orders, voice: Voice) -> None:
    site = site_of(orders.folder)
    with _opened(site) as room:
        app = DutyroomApp(lambda: room)
        async with app.run_test(size=(80, 24)) as pilot, asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(voice.watch(app))
            await _until(lambda: app.board is not None)
            # Signed in without the dialog: its keys would be most of a short life.
            app.session.begin(sign_in(room.desk.store, ACTOR.name, PASSWORD, ACTOR.terminal, clock.now()))
            await pilot.press("enter")
            await _until(lambda: isinstance(app.screen, FillScreen))
            voice.say("walking")
            await _press_on(app, pilot, random.Random(orders.seed))
            await asyncio.sleep(60)  # killed before
            watching.cancel()


async def _press_on(app: DutyroomApp, pilot: Pilot[None], rng: random.Random) -> None:
    while True:
        screen = app.screen
        if isinstance(screen, SignRoundDialog):
            await pilot.press(*typed(PASSWORD), "enter")
            await _until(lambda: isinstance(app.screen, FillScreen))
        elif isinstance(screen, FillScreen):
            if screen.acts is None:
                return
            await pilot.press(*keys_for(screen, rng))
            if not screen.state.ahead().open_lines():
                await _all_saved(screen)


async def _all_saved(screen: FillScreen) -> None:
    await _until(lambda: not screen.state.saving)


def stored(entry: Entry) -> dict[str, object]:
    """The columns of an answer that enter its hash: one that came later only where it is not null."""
    return {name: value for name, value in asdict(entry).items() if name != "finding_id" or value is not None}


def keys_for(screen: FillScreen, rng: random.Random) -> list[str]:
    """What a person presses next: mostly what the line asks for, now and then something else."""
    if screen.note.asking:
        return [*"seen", "enter"]
    if screen.state.finding is not None:
        return ["enter"]
    if not screen.state.ahead().open_lines():
        return ["f10"]
    here, chance = screen.state.here(), rng.random()
    assert here is not None
    if chance < 0.04:
        return ["u"]
    if here.line is None:
        return ["plus"] if any(screen.state.ahead().entry(line) is None for line in here.folded) else ["tab"]
    if chance < 0.08:
        return ["slash"]
    if chance < 0.11:
        return ["asterisk"]
    if screen.state.ahead().entry(here.line) is not None:
        return ["tab"]
    if takes_number(here.line):
        live = screen.state.lives.get(here.line.key)
        takes = live is not None and here.line.item.mode is Mode.ACCEPT
        return ["enter"] if takes else [*typed(number_for(here.line.item)), "enter"]
    if here.line.item.kind is ItemKind.CHECK:
        return ["minus"] if chance < 0.16 else ["space"]
    return ["space"] if here.line.item.kind is ItemKind.TEXT else ["1"]


def number_for(item: Item) -> str:
    """A reading inside the limits of an item."""
    bounds = item.limit.normal
    return "1" if bounds is None else f"{round((bounds.low + bounds.high) / 2)}"


def typed(text: str) -> list[str]:
    """The keys of a text."""
    return [{" ": "space", "-": "minus", ".": "full_stop"}.get(character, character) for character in text]


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - what is waited for is a look at the screen, nobody rings a bell
        await asyncio.sleep(0.005)
