"""One life of the sources: each is asked in its own rhythm until the watch stops, and the site may change meanwhile.

Everything here runs in the watch's own event loop. A source's next poll is scheduled when its last one ended; no
source waits for another.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from dutyroom.duty.proven import read_proven
from dutyroom.errors import StoreError
from dutyroom.model.devices import Ups
from dutyroom.model.ports import PortsKnown
from dutyroom.model.reading import Latest
from dutyroom.model.runtime import Discharge
from dutyroom.model.site import Site
from dutyroom.rules.backoff import pause_s
from dutyroom.sources.base import Source
from dutyroom.store import baselines, readings
from dutyroom.store import events as event_rows
from dutyroom.store.database import Store
from dutyroom.watch.poller import Found, Poller, pollers
from dutyroom.watch.trouble_log import TroubleLog

log = logging.getLogger(__name__)

REQUESTS_EVERY_S = 0.5
CONFIRM_AFTER_S = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """Another site to go on with; `build` makes the sources of the devices it is given the names of."""

    site: Site
    build: Callable[[Collection[str]], Sequence[Source]]


class Asking:
    """Asks the sources of a site. `put` takes what was found. Build it inside the loop that runs it."""

    def __init__(self, site: Site, store: Store, put: Callable[[Found], None]) -> None:
        self.site, self.store = site, store
        self.asked: tuple[Poller, ...] = ()
        self._put = put
        self._troubles = TroubleLog()
        self._stop, self._refresh = asyncio.Event(), Bell()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._changes: asyncio.Queue[Change | None] = asyncio.Queue()
        # Which baselines and marks the pollers have; None: whatever they have is to be read anew.
        self._ports_of: tuple[int, int] | None = None
        self._proven: Mapping[str, Sequence[Discharge]] = {}

    def stop(self) -> None:
        """Ends `run()`; a poll under way is given up. Call it in the loop."""
        self._stop.set()
        self._changes.put_nowait(None)

    def change(self, change: Change) -> None:
        """Goes on with another site: what is configured as before keeps its source. Call it in the loop."""
        self._changes.put_nowait(change)

    async def run(self, build: Callable[[], Sequence[Source]]) -> None:
        """Asks until `stop()`, then closes every source. Raises DutyroomError when the sources cannot be made."""
        if self._stop.is_set():
            return
        with self.store.read() as session:
            latest, served = dict(readings.latest(session)), event_rows.poll_requested(session)
            self._proven = read_proven(session, self.store, self.site)
        sources = build()
        try:
            self.asked = tuple(pollers(self.site, sources, latest, self._proven))
            sources = [source for source in sources if all(source is not one.source for one in self.asked)]
            async with asyncio.TaskGroup() as tasks:
                self._begin(self.asked, tasks)
                tasks.create_task(self._serve_requests(served))
                tasks.create_task(self._serve_changes(tasks))
        finally:
            asked, self.asked = self.asked, ()
            for source in (*sources, *(one.source for one in asked)):
                await source.aclose()

    def _begin(self, asked: Iterable[Poller], tasks: asyncio.TaskGroup) -> None:
        for poller in asked:
            self._tasks[poller.device.name] = tasks.create_task(self._keep_asking(poller))

    async def _keep_asking(self, poller: Poller) -> None:
        while not self._stop.is_set():
            was_on_battery = poller.on_battery
            asking = asyncio.ensure_future(poller.poll())
            stopping = asyncio.ensure_future(self._stop.wait())
            try:
                await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stopping.cancel()
                asking.cancel()
                # Whoever cancelled this closes the source next: nobody may be asking it then.
                await asyncio.gather(asking, return_exceptions=True)
            if asking.cancelled():
                return
            found = asking.result()
            self._troubles.take(found.sample)
            self._put(found)
            if poller.on_battery and not was_on_battery:
                # The mains may have failed for all: nobody rests out a pause begun before.
                self._refresh.ring()
                # Two readings that agree confirm a mains failure where the input is measured dead: asked at once.
                await _rest(CONFIRM_AFTER_S, self._stop, self._refresh)
                continue
            await _rest(self._interval(poller), self._stop, self._refresh)

    def _interval(self, poller: Poller) -> float:
        """Seconds until that source's next poll: the site's rhythm, or the pause of one that fails."""
        poll = self.site.poll
        interval_s, urgent = poller.interval_s, False
        if isinstance(poller.device, Ups) and any(other.on_battery for other in self.asked):
            interval_s, urgent = min(poll.ups_s, poll.ups_on_battery_s), True
        return pause_s(poller.failures, interval_s, random.random(), usual_s=poller.interval_s, urgent=urgent)

    async def _serve_requests(self, served: datetime | None) -> None:
        """Wakes every source when somebody pressed refresh, in this process or another."""
        while not self._stop.is_set():
            asked_at, ports = await asyncio.to_thread(self._requested)
            for one in self.asked:
                one.prove_with(self._proven.get(one.device.name, ()))
                if ports is not None:
                    one.compare_with(ports.get(one.device.name))
            # Another one, not a later one: the clock may have been set back since.
            if asked_at is not None and asked_at != served:
                served = asked_at
                self._refresh.ring()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), REQUESTS_EVERY_S)

    def _requested(self) -> tuple[datetime | None, dict[str, PortsKnown] | None]:
        """When a poll was asked for; and what ports are compared with, where that is another thing than before."""
        try:
            with self.store.read() as session:
                asked_at, stamp = event_rows.poll_requested(session), baselines.stamp(session)
                self._proven = read_proven(session, self.store, self.site)
                if stamp == self._ports_of:
                    return asked_at, None
                ports = baselines.known(session, None)
        except StoreError as error:
            log.warning("poll requests cannot be read: %s", error)
            return None, None
        self._ports_of = stamp
        return asked_at, ports

    async def _serve_changes(self, tasks: asyncio.TaskGroup) -> None:
        while (change := await self._changes.get()) is not None:
            await self._take(change, tasks)

    async def _take(self, change: Change, tasks: asyncio.TaskGroup) -> None:
        before = {one.device.name: one for one in self.asked}
        wanted = {device.name: device for device in change.site.devices()}
        kept = {name: one for name, one in before.items() if wanted.get(name) == one.device}
        # Made before the old ones are closed: what they share is handed on.
        made = change.build(wanted.keys() - kept.keys())
        known = await asyncio.to_thread(self._stored) | {
            name: one.latest for name, one in before.items() if one.latest is not None
        }
        gone = [one for name, one in before.items() if name not in kept]
        new = {one.device.name: one for one in pollers(change.site, made, known, self._proven)}
        self.site = change.site
        for one in kept.values():
            one.keep_time_of(change.site)
        now = kept | new
        self.asked = tuple(now[name] for name in wanted if name in now)
        self._ports_of = None
        await self._end(gone)
        self._begin(new.values(), tasks)
        self._refresh.ring()

    async def _end(self, gone: Sequence[Poller]) -> None:
        ended = [self._tasks.pop(one.device.name) for one in gone]
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)
        for one in gone:
            self._troubles.forget(one.device.name)
            await one.source.aclose()

    def _stored(self) -> dict[str, Latest]:
        try:
            with self.store.read() as session:
                return dict(readings.latest(session))
        except StoreError as error:
            log.warning("what was known of new devices cannot be read: %s", error)
            return {}


class Bell:
    """Wakes everybody who waits now; who waits later hears the next ring."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wakes them."""
        self._event.set()
        self._event = asyncio.Event()

    async def heard(self) -> None:
        """Waits for the next ring."""
        await self._event.wait()


async def _rest(seconds: float, stop: asyncio.Event, refresh: Bell) -> None:
    """Waits for the next poll's time, a refresh, or the end."""
    waits = {asyncio.ensure_future(stop.wait()), asyncio.ensure_future(refresh.heard())}
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
