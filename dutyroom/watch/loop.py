"""The watch: every source asked in its own rhythm, everything found written by one recorder.

The watch has a thread and an event loop of its own, so that it makes no difference whether it runs inside the
terminal program or as a service.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from dutyroom.duty.desk import Desk
from dutyroom.errors import DutyroomError
from dutyroom.model.events import Event, Heartbeat
from dutyroom.model.reading import Latest
from dutyroom.model.site import Site
from dutyroom.sources.base import Source
from dutyroom.store.database import Store
from dutyroom.watch.asking import Asking, Change
from dutyroom.watch.backups import DailyBackup
from dutyroom.watch.findings import FaultFinder
from dutyroom.watch.lock import WatchLock
from dutyroom.watch.missed import MissedRounds
from dutyroom.watch.notify import Notifier
from dutyroom.watch.recorder import BEAT_S, Cycle, Recorder
from dutyroom.watch.recording import Recording
from dutyroom.watch.sweep import AddressSweep, Askers
from dutyroom.words import _

log = logging.getLogger(__name__)

LOCK_RETRY_S = 1.0


def _nobody(_work: Callable[[], None]) -> None:
    """Nothing is asked now: there is no loop to call."""


class Watch:
    """Asks and records until `stop()`. `build` makes the sources inside the watch's own thread.

    `addresses` makes what the slow sweep of ARP and FDB tables asks; without it there is none. `recording`, closed by
    the caller, gets every sample beside the store. `desk_of` gives the checklists in force; without it nobody records
    which rounds were missed.
    """

    def __init__(
        self,
        site: Site,
        store: Store,
        build: Callable[[], Sequence[Source]],
        addresses: Callable[[Site], Askers] | None = None,
        recording: Recording | None = None,
        desk_of: Callable[[Site, Store], Desk] | None = None,
    ) -> None:
        self.site, self.store, self.cycle = site, store, Cycle()
        self._build = build
        self._lock = WatchLock(store.path)
        self._backups = DailyBackup(site, store)
        self._missed = MissedRounds(site, store, desk_of)
        self._sweep = AddressSweep(site, store, addresses)
        self._faults = FaultFinder(site, store)
        self._notifier = Notifier(site, store, lambda: self.holds_lock)
        self._recording = recording
        self._recorder = Recorder(site, store, self.cycle, recording)
        # What is asked now, and how its loop is reached from another thread.
        self._asking: Asking | None = None
        self._call: Callable[[Callable[[], None]], None] = _nobody
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._holding = threading.Event()
        self._thread: threading.Thread | None = None

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
        asking = self._asking
        asked = asking.asked if asking is not None else ()
        return {one.device.name: one.latest for one in asked if one.latest is not None}

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
        with self._changing:
            if self._asking is not None:
                self._call(self._asking.stop)
        if self._thread is not None:
            self._thread.join(timeout=15)
            self._thread = None

    def change_site(self, change: Change) -> None:
        """Goes on with another site over the same store: sources of devices that are configured as before stay.

        May be called from any thread; what was made for the old site is closed soon after.
        """
        with self._changing:
            self.site = self._backups.site = self._missed.site = self._sweep.site = self._recorder.site = change.site
            self._faults.site = self._notifier.site = change.site
            if self._recording is not None:
                self._recording.change_site(change.site)
            self._build = lambda: change.build([device.name for device in change.site.devices()])
            if self._asking is not None:
                asking = self._asking
                self._call(lambda: asking.change(change))

    def tell(self, event: Event) -> None:
        """Has an event about the watch recorded; nothing while another watcher holds the room."""
        with self._changing:
            if self.holds_lock:
                self._recorder.tell(event)

    def run(self) -> None:
        """The whole life of the watch in the calling thread: wait for the lock, ask, record, give back."""
        # Also while it waits: another watch that holds the lock and gives no sign of life has to be told.
        self._notifier.start()
        try:
            self._hold_and_ask()
        finally:
            self._notifier.stop()

    def _hold_and_ask(self) -> None:
        while not self._stopping.is_set():
            if not self._lock.acquire():
                self._stopping.wait(LOCK_RETRY_S)
                continue
            with self._changing:
                self._holding.set()
                # A new one each time: who held the lock meanwhile may have told what the last one had not yet seen.
                self._recorder = Recorder(self.site, self.store, self.cycle, self._recording)
            recorder = threading.Thread(target=self._recorder.run, name="recorder", daemon=True)
            recorder.start()
            self._backups.start()
            self._missed.start()
            self._sweep.start()
            self._faults.start()
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
                self._missed.stop()
                self._sweep.stop()
                self._faults.stop()
                self._recorder.found.put(None)
                recorder.join(timeout=10)
                self._holding.clear()
                self._lock.release()

    async def _ask_all(self) -> None:
        loop = asyncio.get_running_loop()
        asking = Asking(self.site, self.store, lambda found: self._recorder.found.put(found))

        def call(work: Callable[[], None]) -> None:
            with suppress(RuntimeError):  # the loop may just have closed: then there is nobody to tell
                loop.call_soon_threadsafe(work)

        with self._changing:
            self._asking, self._call, build = asking, call, self._build
            asking.site = self.site
        try:
            if not self._stopping.is_set():
                await asking.run(build)
        finally:
            with self._changing:
                self._asking, self._call = None, _nobody
