"""The slow sweep of ARP and FDB tables, in a thread of its own: no poll waits for it, whatever it waits for."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from dutyroom import clock
from dutyroom.duty.addresses import record_sweep
from dutyroom.errors import DutyroomError
from dutyroom.model.addresses import AddressTables
from dutyroom.model.site import Site
from dutyroom.store import addresses
from dutyroom.store.database import Store

log = logging.getLogger(__name__)

# The first answers of the room and the first frame come before the first sweep.
FIRST_AFTER_S = 20.0
AT_ONCE = 4
LOOK_EVERY_S = 0.2
END_WITHIN_S = 10.0


class TablesSource(Protocol):
    """Somebody who reads the address tables of one device."""

    name: str

    async def tables(self, now: datetime) -> AddressTables:
        """One reading; a device that does not answer is told in it. Raises SourceError."""


class Askers(Protocol):
    """Everybody who is asked in a sweep, and what they share."""

    sources: Sequence[TablesSource]

    def close(self) -> None:
        """Gives threads and sockets back."""


class AddressSweep:
    """Sweeps every few minutes, from `start()` to `stop()`. Without `build` nothing is swept.

    `build` makes what is asked, in the sweep's own thread; it is made anew when `site` is another one.
    """

    def __init__(
        self,
        site: Site,
        store: Store,
        build: Callable[[Site], Askers] | None,
        first_after_s: float = FIRST_AFTER_S,
    ) -> None:
        self.site, self.store = site, store
        self._build, self._first_after_s = build, first_after_s
        self._askers: Askers | None = None
        self._built_for: Site | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts sweeping."""
        if self._build is not None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ends sweeping; a sweep that was begun is left, what it found before is on record."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(END_WITHIN_S)
            self._thread = None

    def sweep(self) -> bool:
        """One sweep of everything, recorded. False when there is nothing to ask or it was stopped.

        Raises StoreError, SourceError.
        """
        site = self.site
        askers = self._askers_for(site)
        if askers is None or not askers.sources:
            return False
        tables = asyncio.run(self._ask(askers.sources))
        if tables is None:
            return False
        record_sweep(self.store, site, tables, clock.now())
        return True

    def close(self) -> None:
        """Gives back what asking needed."""
        if self._askers is not None:
            self._askers.close()
        self._askers = self._built_for = None

    def _askers_for(self, site: Site) -> Askers | None:
        if self._build is not None and self._built_for is not site:
            self.close()
            self._askers, self._built_for = self._build(site), site
        return self._askers

    async def _ask(self, sources: Sequence[TablesSource]) -> list[AddressTables] | None:
        """Every device, a few at a time; None when stopped meanwhile."""
        window = asyncio.Semaphore(AT_ONCE)

        async def one(source: TablesSource) -> AddressTables:
            async with window:
                return await source.tables(clock.now())

        asking = asyncio.gather(*(one(source) for source in sources))
        while not asking.done():
            if self._stopping.is_set():
                asking.cancel()
                with suppress(asyncio.CancelledError):
                    await asking
                return None
            await asyncio.wait({asking}, timeout=LOOK_EVERY_S)
        return asking.result()

    def _wait_s(self) -> float:
        """Until the first sweep: a watch that was begun anew does not sweep sooner than it would have."""
        with self.store.read() as session:
            last = addresses.now(session).last_sweep_at
        if last is None:
            return self._first_after_s
        ago_s = (clock.now() - last).total_seconds()
        return max(self._first_after_s, self.site.addresses.every_s - ago_s if ago_s >= 0 else 0.0)

    def _run(self) -> None:
        wait_s = self._first_after_s
        with suppress(DutyroomError):  # a store that cannot be read is told by the recorder
            wait_s = self._wait_s()
        try:
            while not self._stopping.wait(wait_s):
                wait_s = self.site.addresses.every_s
                try:
                    self.sweep()
                except DutyroomError as error:
                    log.error("no sweep of the address tables: %s", error)
                except Exception:
                    # A defect here must not leave the room without sweeps for good.
                    log.exception("the sweep of the address tables failed")
        finally:
            self.close()
