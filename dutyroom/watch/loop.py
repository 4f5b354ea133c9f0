"""The watch: every source asked in its own rhythm, everything found written by one recorder.

The watch has a thread and an event loop of its own, so that it makes no difference whether it runs inside the
terminal program or as a service. A source's next poll is scheduled when its last one ended; no source waits for
another.
"""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from dutyroom import clock
from dutyroom.errors import StoreError
from dutyroom.model.events import Heartbeat
from dutyroom.model.site import Site
from dutyroom.rules.live import interval_of
from dutyroom.sources.base import Source
from dutyroom.store import events as event_rows
from dutyroom.store import readings
from dutyroom.store.database import Store
from dutyroom.watch.backups import DailyBackup
from dutyroom.watch.lock import WatchLock
from dutyroom.watch.poller import Found, Poller, pollers

log = logging.getLogger(__name__)

LOCK_RETRY_S = 1.0
BEAT_S = 2.0
# While the disk is full, what was found waits here; the newest matter most.
MAX_WAITING = 2000


@dataclass(slots=True)
class Cycle:
    """How the recorder is doing: its last success, and the sentence of its last trouble while that lasts."""

    recorded_at: datetime | None = None
    trouble: str = ""


class Watch:
    """Asks and records until `stop()`. `build` makes the sources inside the watch's own thread."""

    def __init__(self, site: Site, store: Store, build: Callable[[], Sequence[Source]]) -> None:
        self.site, self.store, self.cycle = site, store, Cycle()
        self._build = build
        self._lock = WatchLock(store.path)
        self._backups = DailyBackup(site, store)
        self._found: queue.Queue[Found | None] = queue.Queue()
        self._stopping = threading.Event()
        self._holding = threading.Event()
        self._thread: threading.Thread | None = None
        self._wake: Callable[[], None] = lambda: None
        self._started_at = clock.now()
        self._pruned_on: date | None = None

    @property
    def holds_lock(self) -> bool:
        """True while this watch is the one that asks."""
        return self._holding.is_set()

    @property
    def trouble(self) -> str:
        """The sentence of what keeps the watch from recording, or nothing."""
        return self.cycle.trouble

    def start(self) -> None:
        """Starts the thread. When another watcher holds the lock it waits for it, and takes over at once."""
        self._thread = threading.Thread(target=self.run, name="watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the watch and waits for its thread; what was found before is written."""
        self._stopping.set()
        self._wake()
        if self._thread is not None:
            self._thread.join(timeout=15)
            self._thread = None

    def run(self) -> None:
        """The whole life of the watch in the calling thread: wait for the lock, ask, record, give back."""
        while not self._stopping.is_set():
            if not self._lock.acquire():
                self._stopping.wait(LOCK_RETRY_S)
                continue
            self._holding.set()
            recorder = threading.Thread(target=self._record, name="recorder", daemon=True)
            recorder.start()
            self._backups.start()
            try:
                asyncio.run(self._ask_all())
            except StoreError as error:
                self.cycle.trouble = str(error)
                log.error("the watch cannot start: %s", error)
                self._stopping.wait(BEAT_S)
            finally:
                self._backups.stop()
                self._found.put(None)
                recorder.join(timeout=10)
                self._holding.clear()
                self._lock.release()

    async def _ask_all(self) -> None:
        loop, stop, refresh = asyncio.get_running_loop(), asyncio.Event(), _Bell()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop may just have closed: then there is nobody to wake
                loop.call_soon_threadsafe(stop.set)

        self._wake = wake
        if self._stopping.is_set():
            return
        with self.store.read() as session:
            latest = dict(readings.latest(session))
        sources = self._build()
        try:
            asked = pollers(self.site, sources, latest)
            async with asyncio.TaskGroup() as tasks:
                for poller in asked:
                    tasks.create_task(self._keep_asking(poller, asked, stop, refresh))
                tasks.create_task(self._serve_requests(stop, refresh))
        finally:
            self._wake = lambda: None
            for source in sources:
                await source.aclose()

    async def _keep_asking(self, poller: Poller, asked: Sequence[Poller], stop: asyncio.Event, refresh: _Bell) -> None:
        while not stop.is_set():
            asking = asyncio.ensure_future(poller.poll())
            stopping = asyncio.ensure_future(stop.wait())
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not asking.done():
                asking.cancel()
                return
            self._found.put(asking.result())
            await _rest(self._interval(poller, asked), stop, refresh)

    def _interval(self, poller: Poller, asked: Sequence[Poller]) -> float:
        poll = self.site.poll
        is_ups = any(ups.name == poller.device.name for ups in self.site.ups)
        if is_ups and any(other.on_battery for other in asked):
            return min(poll.ups_s, poll.ups_on_battery_s)
        return poller.interval_s

    async def _serve_requests(self, stop: asyncio.Event, refresh: _Bell) -> None:
        """Wakes every source when somebody pressed refresh, in this process or another."""
        served = clock.now()
        while not stop.is_set():
            asked_at = await asyncio.to_thread(self._requested)
            if asked_at is not None and asked_at > served:
                served = asked_at
                refresh.ring()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 0.5)

    def _requested(self) -> datetime | None:
        try:
            with self.store.read() as session:
                return event_rows.poll_requested(session)
        except StoreError as error:
            log.warning("poll requests cannot be read: %s", error)
            return None

    def _record(self) -> None:
        """The recorder: whatever was found since the last write goes into one transaction, with the heartbeat."""
        waiting: list[Found] = []
        ended = False
        while not ended:
            ended = _collect(self._found, waiting)
            del waiting[:-MAX_WAITING]
            try:
                self._write(waiting)
            except StoreError as error:
                self.cycle.trouble = str(error)
                log.error("the watch cannot record: %s", error)
                continue
            waiting.clear()
            self.cycle.recorded_at, self.cycle.trouble = clock.now(), ""

    def _write(self, found: Sequence[Found]) -> None:
        samples = [one.sample for one in found]
        intervals = {sample.source: interval_of(self.site, sample.source) for sample in samples}
        beat = Heartbeat(socket.gethostname(), os.getpid(), self._started_at, clock.now(), self.site.fingerprint)
        with self.store.write() as session:
            readings.put_samples(session, samples, intervals)
            event_rows.add(session, [event for one in found for event in one.events])
            event_rows.beat(session, beat)
            if self._pruned_on != beat.last_cycle_at.date():
                readings.prune(session, beat.last_cycle_at - readings.KEEP_RAW)
                self._pruned_on = beat.last_cycle_at.date()


class _Bell:
    """Wakes everybody who waits now; who waits later hears the next ring."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def heard(self) -> None:
        await self._event.wait()


async def _rest(seconds: float, stop: asyncio.Event, refresh: _Bell) -> None:
    """Waits for the next poll's time, a refresh, or the end."""
    waits = {asyncio.ensure_future(stop.wait()), asyncio.ensure_future(refresh.heard())}
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    await asyncio.gather(*waits, return_exceptions=True)


def _collect(found: queue.Queue[Found | None], into: list[Found]) -> bool:
    """Moves what is there into the list, waiting up to one beat for the first. True when the watch has ended."""
    try:
        one = found.get(timeout=BEAT_S)
        while one is not None:
            into.append(one)
            one = found.get_nowait()
    except queue.Empty:
        return False
    return True
