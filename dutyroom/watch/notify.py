"""Who is told what, by whoever holds the watch, in threads of their own: no poll waits for a slow or dead network.

It reads what the recorder wrote. Every attempt is on record before it is made, so that a program that was killed sends
none twice, and none is forgotten. A watch that waits for another one's lock looks only whether that one is alive.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dutyroom import clock, notify_words, words
from dutyroom.errors import StoreError
from dutyroom.model.events import WATCH, Event
from dutyroom.model.notification import Attempt, AttemptState, Cause, Notification, Recipient, Topic
from dutyroom.model.outage import EventState
from dutyroom.model.site import Site
from dutyroom.rules.durations import latest_now
from dutyroom.rules.notify import Changes, Due, due, meet
from dutyroom.rules.notify_causes import FOLLOWED, SILENT, Seen, causes, silence
from dutyroom.store import events, findings, maintenance, notifications, outages, power_events, readings
from dutyroom.store.database import Session, Store
from dutyroom.watch.sendings import Sendings

log = logging.getLogger(__name__)

# The first answers of the room and the first frame come first.
FIRST_AFTER_S = 5.0
LOOK_EVERY_S = 2.0
# Whether the watch is blind is asked less often: a whole room of samples is much to read.
SAMPLES_EVERY_S = 20.0
# After its timeout a sending counts as failed; a program that was killed meanwhile leaves it until then.
GRACE_S = 15.0
END_WITHIN_S = 5.0


class Notifier:
    """Looks and sends from `start()` to `stop()`. `site` may be replaced while it runs.

    `is_holder` says whether this program holds the watch. Without recipients nothing is read and nothing sent.
    """

    def __init__(self, site: Site, store: Store, is_holder: Callable[[], bool]) -> None:
        self.site, self.store = site, store
        self.sendings = Sendings()
        self._is_holder = is_holder
        self._verdict: dict[str, Event] = {}
        self._gap: Event | None = None
        self._last_event = 0
        self._seen = Seen()
        self._samples_at = float("-inf")
        # Since when each cause is known to stand, on the clock that never steps.
        self._stands: dict[str, float] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._trouble = ""

    def start(self) -> None:
        """Starts looking."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="notify", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends looking; what is on its way has a moment to arrive, then it stands on record as it is."""
        self._stopping.set()
        self.sendings.woken.set()
        if self._thread is not None:
            self._thread.join(END_WITHIN_S * 2)
            self._thread = None

    def look(self) -> int:
        """One look: what changed is stored, what is due goes out. How many messages were begun. Raises StoreError."""
        self.sendings.put_on_record(self.store)
        if not self.site.recipients:
            return 0
        now = clock.now()
        with self.store.read() as session:
            standing = self._causes(session, now)
            known = notifications.in_play(session, now)
        if not self._is_holder():
            known = tuple(one for one in known if one.cause.key == SILENT)
        changes = meet(standing, known, self._stood(standing), self.site.notify, now)
        if changes:
            self._keep(changes, now)
        return self._send_due(now)

    def settle(self, timeout_s: float) -> bool:
        """Waits for what is on its way, at most so long; True when nothing is."""
        return self.sendings.wait(self.store, timeout_s)

    def _causes(self, session: Session, now: datetime) -> tuple[Cause, ...]:
        beat, boot = events.heartbeat(session), clock.boot()
        if not self._is_holder():
            # What it knew is old when it takes over.
            self._last_event = 0
            return silence(self.site.notify, beat, now, boot)
        self._follow(session)
        if clock.monotonic() - self._samples_at >= SAMPLES_EVERY_S:
            self._samples_at = clock.monotonic()
            latest = {name: latest_now(one, now, boot) for name, one in readings.latest(session).items()}
            self._seen = replace(self._seen, latest=latest)
        running = outages.still_open(session)
        self._seen = replace(
            self._seen,
            outages=running,
            phases=outages.phases(session, [one.id for one in running]),
            verdict=self._verdict,
            gap=self._gap,
            findings=findings.not_over(session),
            windows=maintenance.not_over(session, now),
            heartbeat=beat,
        )
        return causes(self.site, self._seen, now, boot)

    def _follow(self, session: Session) -> None:
        """The newest events: all of them once, then only those that came since."""
        if not self._last_event:
            self._last_event = events.last_number(session)
            self._verdict = {event.source: event for event in events.newest(session, ("verdict-changed",))}
            gaps = events.newest(session, ("watch-gap",))
            self._gap = next((event for event in gaps if event.source == WATCH), None)
            return
        number, found = events.after(session, self._last_event, FOLLOWED)
        self._last_event = number
        for event in found:
            if event.code == "verdict-changed":
                self._verdict[event.source] = event
            else:
                self._gap = event

    def _stood(self, standing: Sequence[Cause]) -> dict[str, float]:
        """For how long each cause is known to stand, in seconds.

        A machine that wakes up finds every sign of life old: what is said of the watch must be seen to stand.
        """
        seconds, now = clock.monotonic(), clock.now()
        self._stands = {cause.key: self._stands.get(cause.key, seconds) for cause in standing}
        stood = {key: seconds - first for key, first in self._stands.items()}
        ages = {one.key: (now - one.since).total_seconds() for one in standing if one.topic is not Topic.WATCH}
        return {key: max(own, ages.get(key, 0.0)) for key, own in stood.items()}

    def _keep(self, changes: Changes, now: datetime) -> None:
        with self.store.write() as session:
            # Another program may have looked at the same moment.
            open_keys = {one.cause.key for one in notifications.in_play(session, now) if one.over_at is None}
            for cause in changes.new:
                if cause.key not in open_keys:
                    notifications.add(session, cause, now)
            for one in (*changes.again, *changes.over):
                notifications.update_life(session, one)

    def _send_due(self, now: datetime) -> int:
        free = [one for one in self.site.recipients if not self.sendings.is_busy(one.name)]
        with self.store.read() as session:
            if not self._wanted(session, free, now) and not notifications.expired(session, now):
                return 0
        begun: list[tuple[Recipient, list[Due]]] = []
        with self.store.write() as session:
            for batch in notifications.expired(session, now):
                notifications.end(session, batch, AttemptState.INTERRUPTED, "", now)
            # Decided again under the lock: nobody else can begin the same attempt.
            wanted = self._wanted(session, free, now)
            for recipient in free:
                mine = [one for one in wanted if one.recipient.name == recipient.name]
                # One kind of message at a time; the others follow as soon as it is gone.
                mine = [one for one in mine if one.message is mine[0].message]
                if mine:
                    begun.append((recipient, mine))
            batches = [self._begin(session, recipient, mine, now) for recipient, mine in begun]
        for (recipient, mine), batch in zip(begun, batches, strict=True):
            with words.speaking(self.site.language.value):
                about = [one.notification for one in mine]
                message = notify_words.message(self.site, recipient, mine[0].message, about)
            self.sendings.send(recipient, message, batch)
        return len(begun)

    def _wanted(self, session: Session, recipients: Sequence[Recipient], now: datetime) -> list[Due]:
        known = [self._as_seen(session, one) for one in notifications.in_play(session, now)]
        if not self._is_holder():
            known = [one for one in known if one.cause.key == SILENT]
        tries = notifications.attempts(session, [one.id for one in known])
        reached = notifications.reached(session)
        return [
            message for one in known for message in due(self.site.notify, recipients, one, tries[one.id], now, reached)
        ]

    def _as_seen(self, session: Session, one: Notification) -> Notification:
        """Who has said in a power event that they know of it need not say so again."""
        if one.cause.topic is not Topic.POWER or one.is_acknowledged:
            return one
        running = power_events.running(session)
        if running is None or running.state is not EventState.RUNNING or running.seen_at is None:
            return one
        return replace(one, acknowledged_at=running.seen_at, acknowledged_by=running.seen_by)

    def _begin(self, session: Session, recipient: Recipient, about: Sequence[Due], now: datetime) -> str:
        batch = secrets.token_hex(8)
        expires_at = now + timedelta(seconds=recipient.timeout_s + GRACE_S)
        for one in about:
            notifications.begin(
                session,
                Attempt(one.notification.id, recipient.name, one.message, batch, one.number, now, expires_at),
            )
        return batch

    def _run(self) -> None:
        self._stopping.wait(FIRST_AFTER_S)
        while not self._stopping.is_set():
            # Whatever has ended is on record at once, and what waited behind it goes out.
            self.sendings.woken.clear()
            self._look_safely(self.look)
            self.sendings.woken.wait(LOOK_EVERY_S)
        self._look_safely(lambda: self.settle(END_WITHIN_S))

    def _look_safely(self, act: Callable[[], object]) -> None:
        try:
            act()
            self._trouble = ""
        except StoreError as error:
            if str(error) != self._trouble:
                log.error("nobody can be told: %s", error)
            self._trouble = str(error)
        except Exception:
            # A defect here must not leave the room without a voice for good.
            log.exception("notifying failed")
