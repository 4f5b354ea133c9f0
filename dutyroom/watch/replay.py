"""A recorded time once more: the samples of a recording go into a store at the pace of a replay clock.

The store cannot tell it from the time itself: samples make their events, ages are counted on the replay clock, a time
nobody watched is one here too. Going back begins the recording again and plays it fast up to the moment.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from dutyroom.errors import DutyroomError
from dutyroom.model.devices import Device
from dutyroom.model.events import Heartbeat
from dutyroom.model.reading import Latest, Sample, State
from dutyroom.model.site import Site
from dutyroom.rules.sources import interval_of, kind_of, told_of_room
from dutyroom.sources.base import Source
from dutyroom.store import events as event_rows
from dutyroom.store import readings
from dutyroom.store.database import Store
from dutyroom.store.emptied import empty
from dutyroom.watch.poller import Found, Poller
from dutyroom.watch.recording import Header, read
from dutyroom.watch.replay_clock import ReplayClock

log = logging.getLogger(__name__)

STEP_S = 0.25
# Samples of one transaction while it is played fast.
BATCH = 400
END_WITHIN_S = 10.0
HOLDER = "replay"
# Longer than two polls of the source that is asked most often, and so much, without any sample: nobody watched then.
SLACK_S = 15.0


class _Silent(Source):
    """What a poller is made with here: nobody is asked in a replay."""

    def __init__(self, device: Device) -> None:
        self.name = device.name
        self.kind = kind_of(device)

    async def sample(self, now: datetime) -> Sample:
        return Sample(self.name, self.kind, now, State.NEVER)

    async def aclose(self) -> None:
        """Nothing was opened."""


class Replay:
    """Plays a recording from `began` on into a store that holds nothing else. `at` is where it begins to be shown."""

    def __init__(self, path: Path, site: Site, store: Store, began: datetime, at: datetime, speed: float) -> None:
        self.path, self.site, self.store, self.began = path, site, store, began
        self.clock = ReplayClock(began, speed)
        self.trouble = ""
        self.is_over = False
        self._start_at = at
        shortest_s = min((interval_of(site, device.name) for device in site.devices()), default=SLACK_S)
        self._quiet_s = 2 * shortest_s + SLACK_S
        self._back_to: datetime | None = None
        self._stopping, self._moved = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._begin_again()

    # As the screens see a watch.
    holds_lock = False

    @property
    def latest(self) -> Mapping[str, Latest]:
        """Nothing: everything is in the store."""
        return {}

    def beat(self) -> Heartbeat:
        """The watch as it was at this moment: while samples came it lived."""
        return self._beat(self.clock.now())

    def _beat(self, at: datetime) -> Heartbeat:
        if self._last_at is not None and (at - self._last_at).total_seconds() > self._quiet_s:
            at = self._last_at
        return Heartbeat(HOLDER, 0, self.began, at, self._fingerprint)

    def start(self) -> None:
        """Begins to play in a thread of its own; until the moment it is to be shown from, as fast as it can."""
        self.clock.jump(self._start_at)
        self._thread = threading.Thread(target=self._run, name="replay", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends it."""
        self._stopping.set()
        self._moved.set()
        if self._thread is not None:
            self._thread.join(END_WITHIN_S)

    def pause(self) -> None:
        """Stands still, or goes on."""
        self.clock.pause(not self.clock.is_paused)
        self._moved.set()

    def jump(self, seconds: float) -> None:
        """Goes forward, or back (negative); not before the beginning."""
        # From where it is going to: two keys in haste are two jumps.
        now = self.clock.now() if self.is_over else self.clock.wished()
        to = max(self.began, now + timedelta(seconds=seconds))
        # The clock first: what is played from here on ends there.
        self.clock.jump(to)
        if to < now:
            self._back_to = to
        self._moved.set()

    def _begin_again(self) -> None:
        self._pollers = {
            device.name: Poller(_Silent(device), device, self.site, None) for device in self.site.devices()
        }
        self._fingerprint = self.site.fingerprint
        self._coming: Iterator[Header | Sample] = read(self.path)
        self._next: Header | Sample | None = None
        self._last_at: datetime | None = None
        self.is_over = False
        self._take_next()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._back_to is not None:
                    self._go_back()
                self._play(self.clock.wished())
                self.trouble = ""
            except (DutyroomError, OSError) as error:
                self.trouble = str(error)
                log.error("the replay cannot go on: %s", error)
            self._moved.wait(STEP_S)
            self._moved.clear()

    def _go_back(self) -> None:
        self._back_to = None
        with self.store.write() as session:
            empty(session)
        self._begin_again()
        self.clock.back_to(self.began)

    def _play(self, until: datetime) -> None:
        """Puts everything up to a moment into the store, in transactions that are not too large."""
        while not self._stopping.is_set() and self._back_to is None:
            found = self._batch(until)
            is_last = self._next is None or self._next.at > until
            # At the end the clock stands at the last sample: what came after nobody saw.
            reached = until if is_last and self._next is not None else self._last_at or until
            if found or not self.is_over:
                self._store(found, reached)
                self.clock.reach(reached, is_all=is_last)
            if is_last:
                self.is_over = self._next is None
                return

    def _batch(self, until: datetime) -> list[Found]:
        found: list[Found] = []
        while self._next is not None and self._next.at <= until and len(found) < BATCH:
            if isinstance(self._next, Header):
                self._fingerprint = self._next.fingerprint
            elif (poller := self._pollers.get(self._next.source)) is not None:
                found.append(poller.take(self._next))
                self._last_at = self._next.at
            self._take_next()
        return found

    def _take_next(self) -> None:
        self._next = next(self._coming, None)
        if isinstance(self._next, Sample):
            # That of another time, or of another machine: here only the replay clock counts.
            self._next = replace(self._next, boot=None)

    def _store(self, found: list[Found], at: datetime) -> None:
        samples = [one.sample for one in found]
        intervals = {sample.source: interval_of(self.site, sample.source) for sample in samples}
        with self.store.write() as session:
            readings.put_samples(session, samples, intervals, told_of_room(self.site))
            event_rows.add(session, [event for one in found for event in one.events])
            event_rows.beat(session, self._beat(at))
