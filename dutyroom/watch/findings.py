"""Findings that arise by themselves, made by whoever holds the watch, in a thread of its own.

It reads what the recorder wrote and never asks a device; no poll waits for it.
"""

from __future__ import annotations

import logging
import socket
import threading
from datetime import datetime

from dutyroom import clock
from dutyroom.duty.watch_findings import keep_changes, to_unsilence, unsilence
from dutyroom.errors import StoreError
from dutyroom.model.addresses import AddressFinding, Mismatch
from dutyroom.model.finding import FindingOrigin
from dutyroom.model.people import watch_actor
from dutyroom.model.site import Site
from dutyroom.rules.addresses import is_learning
from dutyroom.rules.durations import latest_now
from dutyroom.rules.fault_memory import FaultMemory
from dutyroom.rules.watch_faults import Look, look
from dutyroom.store import addresses, baselines, findings, maintenance, readings, rounds
from dutyroom.store.database import Session, Store

log = logging.getLogger(__name__)

# The first answers of the room and the first frame come before the first look.
FIRST_AFTER_S = 10.0
LOOK_EVERY_S = 10.0
END_WITHIN_S = 10.0


class FaultFinder:
    """Looks at the room now and then, from `start()` to `stop()`. `site` may be replaced while it runs."""

    def __init__(self, site: Site, store: Store) -> None:
        self.site, self.store = site, store
        self._memory = FaultMemory()
        self._swept: tuple[object, ...] = ()
        self._unregistered: tuple[AddressFinding, ...] = ()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._trouble = ""

    def start(self) -> None:
        """Starts looking. What was seen before another watcher held the room settles anew."""
        self._stopping.clear()
        self._memory = FaultMemory()
        self._thread = threading.Thread(target=self._run, name="findings", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends looking."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(END_WITHIN_S)
            self._thread = None

    def look(self) -> bool:
        """One look at what the store holds; True when it changed a finding. Raises StoreError."""
        now, boot = clock.now(), clock.boot()
        with self.store.read() as session:
            seen = self._seen(session, now)
            standing = {one.key: one for one in findings.not_over(session, FindingOrigin.WATCH)}
            windows = maintenance.not_over(session, now)
            changes = self._memory.look(seen, standing, lambda key: findings.newest(session, key), boot.seconds, now)
        present = frozenset(name for fault in seen.faults for name in (fault.key, fault.group))
        met = {finding.key for _fault, finding in changes.again}
        heard = [one for one in to_unsilence(tuple(standing.values()), present, windows, now) if one.key not in met]
        if not changes and not heard:
            return False
        actor = watch_actor(socket.gethostname())
        with self.store.write() as session:
            # Somebody may have changed a finding since it was read.
            fresh = {one.key: one for one in findings.not_over(session, FindingOrigin.WATCH)}
            if any(fresh.get(key) != one for key, one in standing.items()):
                return False
            keep_changes(session, actor, changes, windows, now)
            for one in heard:
                unsilence(session, actor, one, now)
        return True

    def _seen(self, session: Session, now: datetime) -> Look:
        last = rounds.last_signed(session)
        known = baselines.known(session, last.signed_at if last is not None else None)
        boot = clock.boot()
        latest = {
            name: latest_now(one, now, boot)
            for name, one in baselines.with_ports(readings.latest(session), known).items()
        }
        today = clock.local_date(now, self.site.timezone)
        return look(self.site, latest, self._of_addresses(session, now), now, today)

    def _of_addresses(self, session: Session, now: datetime) -> tuple[AddressFinding, ...] | None:
        """The addresses nobody registered; None while nothing of them is an alarm. Read again only after a change."""
        known = addresses.now(session)
        if is_learning(known.first_sweep_at, self.site.addresses, now):
            return None
        stamp = (known.last_sweep_at, known.counts)
        if stamp != self._swept:
            found = (one for one, _told in addresses.findings(session))
            self._unregistered = tuple(one for one in found if one.code is Mismatch.IP_UNREGISTERED)
            self._swept = stamp
        return self._unregistered

    def _run(self) -> None:
        wait_s = FIRST_AFTER_S
        while not self._stopping.wait(wait_s):
            wait_s = LOOK_EVERY_S
            try:
                self.look()
                self._trouble = ""
            except StoreError as error:
                if str(error) != self._trouble:
                    log.error("no findings of the watch: %s", error)
                self._trouble = str(error)
            except Exception:
                # A defect here must not leave the room without findings for good.
                log.exception("looking for findings failed")
