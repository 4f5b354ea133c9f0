"""Missed rounds, recorded by whoever holds the watch, in a thread of its own: nothing it waits for delays a poll.

A clock that was just set forward makes rounds look missed that are not due: then nothing is recorded for a while, so
that it can be put right first.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

from dutyroom import clock
from dutyroom.duty.desk import Desk
from dutyroom.duty.missed import record_missed
from dutyroom.errors import DutyroomError
from dutyroom.model.people import watch_actor
from dutyroom.model.site import Site
from dutyroom.store.database import Store

log = logging.getLogger(__name__)

# The first answers of the room and the first frame come first.
FIRST_AFTER_S = 4.0
LOOK_EVERY_S = 20.0
STEP_S = 300.0
WAIT_AFTER_STEP_S = 900.0
END_WITHIN_S = 10.0
# The first look of a watch reads every slot there was; after it only the last ones can have become missed. Longer
# than the longest cadence with its grace.
BACK = timedelta(days=200)


class MissedRounds:
    """Looks now and then for slots that went by without a round, from `start()` to `stop()`.

    `desk_of` gives the checklists in force at a site; it raises ChecklistError for files that cannot be read.
    Without it nothing is recorded.
    """

    def __init__(
        self,
        site: Site,
        store: Store,
        desk_of: Callable[[Site, Store], Desk] | None,
        first_after_s: float = FIRST_AFTER_S,
    ) -> None:
        self.site, self.store = site, store
        self._desk_of, self._first_after_s = desk_of, first_after_s
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._offset: float | None = None
        self._wait_until = 0.0
        self._looked_at_all = False

    def start(self) -> None:
        """Starts looking; without checklists there is nothing to look for."""
        if self._desk_of is None:
            return
        self._stopping.clear()
        self._looked_at_all = False
        self._thread = threading.Thread(target=self._run, name="missed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends looking; what is being written is written first."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(END_WITHIN_S)
            self._thread = None

    def look(self) -> None:
        """Records what was missed by now. What keeps it from that is told in the log, and tried again."""
        if self._desk_of is None or self._was_set_forward():
            return
        try:
            desk, now = self._desk_of(self.site, self.store), clock.now()
            since = now - BACK if self._looked_at_all else None
            for one in record_missed(desk, watch_actor(socket.gethostname()), now, since):
                log.info("missed: %s due %s", one.checklist, one.due_at.isoformat())
            self._looked_at_all = True
        except DutyroomError as error:
            log.error("missed rounds are not recorded: %s", error)

    def _was_set_forward(self) -> bool:
        """True while the wall clock is ahead of the one that never steps, compared with the look before."""
        seconds = clock.monotonic()
        offset = clock.now().timestamp() - seconds
        before, self._offset = self._offset, offset
        if before is not None and offset - before > STEP_S:
            self._wait_until = seconds + WAIT_AFTER_STEP_S
            log.warning("the clock was set forward: missed rounds are recorded later")
        return seconds < self._wait_until

    def _run(self) -> None:
        wait_s = self._first_after_s
        while not self._stopping.wait(wait_s):
            wait_s = LOOK_EVERY_S
            try:
                self.look()
            except Exception:
                # A defect here must not end the record of what was missed for good.
                log.exception("looking for missed rounds failed")
