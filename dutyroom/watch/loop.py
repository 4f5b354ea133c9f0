"""The watch: every source asked in its own rhythm, everything found written by one recorder.

The watch has a thread and an event loop of its own, so that it makes no difference whether it runs inside the
terminal program or as a service. A source's next poll is scheduled when its last one ended; no source waits for
another.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from dutyroom.errors import DutyroomError, StoreError
from dutyroom.model.events import Heartbeat
from dutyroom.model.reading import Latest
from dutyroom.model.site import Site
from dutyroom.sources.base import Source
from dutyroom.store import events as event_rows
from dutyroom.store import readings
from dutyroom.store.database import Store
from dutyroom.watch.backups import DailyBackup
from dutyroom.watch.lock import WatchLock
from dutyroom.watch.poller import Poller, pollers
from dutyroom.watch.recorder import BEAT_S, Cycle, Recorder
from dutyroom.words import _

log = logging.getLogger(__name__)

LOCK_RETRY_S = 1.0


class Watch:
    """Asks and records until `stop()`. `build` makes the sources inside the watch's own thread."""

    def __init__(self, site: Site, store: Store, build: Callable[[], Sequence[Source]]) -> None:
        self.site, self.store, self.cycle = site, store, Cycle()
        self._build = build
        self._lock = WatchLock(store.path)
        self._backups = DailyBackup(site, store)
        self._recorder = Recorder(site, store, self.cycle)
        self._asked: Sequence[Poller] = ()
        self._stopping = threading.Event()
        self._holding = threading.Event()
        self._thread: threading.Thread | None = None
        self._wake: Callable[[], None] = lambda: None

    @property
    def holds_lock(self) -> bool:
        """True while this watch is the one that asks."""
        return self._holding.is_set()

    @property
    def trouble(self) -> str:
        """The sentence of what keeps the watch from recording, or nothing."""
        return self.cycle.trouble

    @property
    def latest(self) -> Mapping[str, Latest]:
        """What the sources said last, recorded or not, by name; nothing while another watcher asks."""
        return {asked.device.name: asked.latest for asked in self._asked if asked.latest is not None}

    def beat(self) -> Heartbeat:
        """The sign of life of this watch for this moment, recorded or not."""
        return self._recorder.beat()

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
            # A new one each time: who held the lock meanwhile may have told what the last one had not yet seen.
            self._recorder = Recorder(self.site, self.store, self.cycle)
            recorder = threading.Thread(target=self._recorder.run, name="recorder", daemon=True)
            recorder.start()
            self._backups.start()
            try:
                asyncio.run(self._ask_all())
            except DutyroomError as error:
                self.cycle.trouble = str(error)
                log.error("the watch cannot start: %s", error)
                self._stopping.wait(BEAT_S)
            except Exception as error:
                # A watch that ends without a word would leave a room nobody watches: it begins anew, and says so.
                log.exception("the watch failed and begins anew")
                why = f"{type(error).__name__}: {error}"[:200]
                self.cycle.trouble = _("The watch failed ({why}) and begins anew; see the log.").format(why=why)
                self._stopping.wait(BEAT_S)
            finally:
                self._backups.stop()
                self._asked = ()
                self._recorder.found.put(None)
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
            latest, served = dict(readings.latest(session)), event_rows.poll_requested(session)
        sources = self._build()
        try:
            self._asked = asked = pollers(self.site, sources, latest)
            async with asyncio.TaskGroup() as tasks:
                for poller in asked:
                    tasks.create_task(self._keep_asking(poller, asked, stop, refresh))
                tasks.create_task(self._serve_requests(served, stop, refresh))
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
            self._recorder.found.put(asking.result())
            await _rest(self._interval(poller, asked), stop, refresh)

    def _interval(self, poller: Poller, asked: Sequence[Poller]) -> float:
        poll = self.site.poll
        is_ups = any(ups.name == poller.device.name for ups in self.site.ups)
        if is_ups and any(other.on_battery for other in asked):
            return min(poll.ups_s, poll.ups_on_battery_s)
        return poller.interval_s

    async def _serve_requests(self, served: datetime | None, stop: asyncio.Event, refresh: _Bell) -> None:
        """Wakes every source when somebody pressed refresh, in this process or another."""
        while not stop.is_set():
            asked_at = await asyncio.to_thread(self._requested)
            # Another one, not a later one: the clock may have been set back since.
            if asked_at is not None and asked_at != served:
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
