"""The recorder: whatever the watch found since the last write goes into one transaction, with its sign of life."""

from __future__ import annotations

import logging
import os
import queue
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dutyroom import clock
from dutyroom.errors import StoreError
from dutyroom.model.events import WATCH, Event, Heartbeat
from dutyroom.model.site import Site
from dutyroom.rules.sources import interval_of, told_of_room
from dutyroom.rules.unwatched import gap_of
from dutyroom.rules.watching import SITE_FILE_CODES, gap_event, is_refused
from dutyroom.store import events as event_rows
from dutyroom.store import readings
from dutyroom.store.database import Session, Store
from dutyroom.watch.discharge_tests import TestKeeper
from dutyroom.watch.outages import OutageKeeper
from dutyroom.watch.poller import Found
from dutyroom.watch.recording import Recording
from dutyroom.watch.steps import Steps
from dutyroom.watch.unwatched import Unwatched
from dutyroom.words import _

log = logging.getLogger(__name__)

BEAT_S = 2.0
# What comes so close together is one transaction: each waits for the disk, and the screens look no more often.
TOGETHER_S = 0.2
# While the disk is full, what was found waits here; the newest matter most.
MAX_WAITING = 2000


@dataclass(slots=True)
class Cycle:
    """How the recorder is doing: its last success, and the sentence of its last trouble while that lasts.

    `recorded_s` is the same moment as `recorded_at` on `clock.monotonic()`.
    """

    recorded_at: datetime | None = None
    recorded_s: float | None = None
    trouble: str = ""


class Recorder:
    """Writes what is put into `found` until None is found there. No error ends it: what cannot be written waits.

    `site` may be replaced while it runs.
    """

    def __init__(self, site: Site, store: Store, cycle: Cycle, recording: Recording | None = None) -> None:
        self.found: queue.Queue[Found | None] = queue.Queue()
        self.site, self._store, self._cycle = site, store, cycle
        self._recording = recording
        self._steps = Steps()
        self._outages = OutageKeeper(site)
        self._tests = TestKeeper(site)
        self._unwatched: Unwatched | None = None
        self._news: list[Event] = []
        self._started_at = clock.now()
        self._pruned_on: date | None = None
        self._failed = 0

    def tell(self, event: Event) -> None:
        """Has an event about the watch itself written with the next transaction; from any thread."""
        self._news.append(event)

    def beat(self) -> Heartbeat:
        """The sign of life for this moment."""
        return Heartbeat(
            host=socket.gethostname(),
            pid=os.getpid(),
            started_at=self._started_at,
            last_cycle_at=clock.now(),
            fingerprint=self.site.fingerprint,
            boot=clock.boot(),
        )

    def run(self) -> None:
        """The whole life of the recorder in the calling thread."""
        waiting: list[Found] = []
        ended = False
        while not ended:
            known = len(waiting)
            ended = _collect(self.found, waiting)
            if self._recording is not None:
                self._recording.put([one.sample for one in waiting[known:]])
            del waiting[:-MAX_WAITING]
            try:
                self._keep(waiting)
            except StoreError as error:
                self._fail(str(error))
            except Exception as error:
                # The watch must not go on without a recorder, whatever it died of: it begins anew, and says so.
                log.exception("the recorder failed and begins anew")
                why = f"{type(error).__name__}: {error}"[:200]
                self._cycle.trouble = _("The recorder failed ({why}) and begins anew; see the log.").format(why=why)
                self._keep_one_by_one(waiting)

    def _fail(self, sentence: str) -> None:
        """Told in the log when it begins, and again when it becomes something else."""
        if sentence != self._cycle.trouble:
            log.error("the watch cannot record: %s", sentence)
        self._cycle.trouble = sentence
        self._failed += 1

    def _keep(self, waiting: list[Found]) -> None:
        self._write(waiting)
        waiting.clear()
        if self._failed:
            log.warning("the watch records again after %d tries that failed", self._failed)
            self._failed = 0
        self._cycle.recorded_at, self._cycle.recorded_s, self._cycle.trouble = clock.now(), clock.monotonic(), ""

    def _keep_one_by_one(self, waiting: list[Found]) -> None:
        """What cannot be written at all must not hold up the rest: it is told in the log and left out."""
        for one in list(waiting):
            try:
                self._write([one])
            except StoreError as error:
                self._fail(str(error))
                return
            except Exception:
                log.exception("a sample of %s is left out: it cannot be recorded", one.sample.source)
            waiting.remove(one)

    def _write(self, found: Sequence[Found]) -> None:
        samples = [one.sample for one in found]
        intervals = {sample.source: interval_of(self.site, sample.source) for sample in samples}
        beat = self.beat()
        self._look_at_clock(beat)
        news = tuple(self._news)
        self._outages.site = self._tests.site = self.site
        try:
            with self._store.write() as session:
                readings.put_samples(session, samples, intervals, told_of_room(self.site))
                kept = (*self._tests.take(session, samples), *self._outages.take(session, samples))
                asks = self._unwatched if self._unwatched is not None and self._unwatched.is_due() else None
                if asks is not None:
                    asks.ask(session, self.site)
                events = [*self._steps.untold, *news, *(event for one in found for event in one.events), *kept]
                event_rows.add(session, events)
                event_rows.beat(session, beat)
                self._prune(session, beat)
        except BaseException:
            self._outages.forget()
            self._tests.forget()
            raise
        if asks is not None:
            self._unwatched = None
        self._steps.untold.clear()
        # What was told meanwhile stands behind.
        del self._news[: len(news)]

    def _look_at_clock(self, beat: Heartbeat) -> None:
        assert beat.boot is not None  # every beat of this program has one
        if self._steps.began:
            self._steps.look(beat.last_cycle_at, beat.boot)
            return
        with self._store.read() as session:
            before = event_rows.heartbeat(session)
            refused = is_refused(event_rows.newest(session, SITE_FILE_CODES))
            known = readings.latest(session)
        self._steps.begin(before, beat.last_cycle_at, beat.boot)
        if before is not None and (gap := gap_event(before, beat, self.site)) is not None:
            self._news.insert(0, gap)
            if (nobody := gap_of(gap)) is not None:
                self._unwatched = Unwatched(nobody, known)
        if refused is not None:
            # Whoever refused the file watches no more: this watch began with the file as it is now.
            self._news.insert(0, Event(beat.last_cycle_at, WATCH, "site-file-read", (), beat.boot))

    def _prune(self, session: Session, beat: Heartbeat) -> None:
        today = beat.last_cycle_at.date()
        if self._pruned_on == today or beat.boot is None or not self._steps.is_settled(beat.boot):
            return
        readings.prune(session, beat.last_cycle_at - readings.KEEP_RAW)
        self._pruned_on = today


def _collect(found: queue.Queue[Found | None], into: list[Found]) -> bool:
    """Moves what is there into the list, waiting up to one beat for the first, and shortly for what comes with it.

    True when the watch has ended.
    """
    try:
        one = found.get(timeout=BEAT_S)
        until = clock.monotonic() + TOGETHER_S
        while one is not None:
            into.append(one)
            one = found.get(timeout=max(0.0, until - clock.monotonic()))
    except queue.Empty:
        return False
    return True
