"""Messages on their way: one at a time to each recipient, each in a thread of its own, and how each one ended."""

from __future__ import annotations

import logging
import queue
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from dutyroom import clock
from dutyroom.messenger import NotDelivered, deliver
from dutyroom.model.notification import AttemptState, Message, Recipient
from dutyroom.store import notifications
from dutyroom.store.database import Store

log = logging.getLogger(__name__)

Carry = Callable[[Recipient, Message], None]


@dataclass(frozen=True, slots=True)
class _Ended:
    """How one sending went."""

    recipient: str
    batch: str
    state: AttemptState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _OnItsWay:
    """Until when (monotonic seconds) a batch may take, and the thread that sends it."""

    batch: str
    until: float
    thread: threading.Thread


class Sendings:
    """What is on its way. `woken` is set whenever something has ended; its own thread alone calls the rest."""

    def __init__(self, carry: Carry = deliver) -> None:
        self.woken = threading.Event()
        self._carry = carry
        self._ended: queue.SimpleQueue[_Ended] = queue.SimpleQueue()
        self._unwritten: list[_Ended] = []
        self._going: dict[str, _OnItsWay] = {}

    def is_busy(self, recipient: str) -> bool:
        """True while a message to that recipient is on its way, or stuck in its library."""
        return recipient in self._going

    def send(self, recipient: Recipient, message: Message, batch: str) -> None:
        """Begins to send; the batch stands on record already."""

        def run() -> None:
            self._ended.put(_carried(self._carry, recipient, message, batch))
            self.woken.set()

        thread = threading.Thread(target=run, name=f"notify {recipient.name}", daemon=True)
        self._going[recipient.name] = _OnItsWay(batch, clock.monotonic() + recipient.timeout_s, thread)
        thread.start()

    def put_on_record(self, store: Store) -> None:
        """Writes down how sendings ended; one that takes too long has not arrived. Raises StoreError.

        What could not be written is written the next time.
        """
        while not self._ended.empty():
            ended = self._ended.get()
            self._going.pop(ended.recipient, None)
            self._unwritten.append(ended)
        for name, going in self._going.items():
            if clock.monotonic() > going.until + 1.0:
                self._unwritten.append(_Ended(name, going.batch, AttemptState.FAILED, "timeout"))
                # Told once; the recipient stays busy until its thread comes back.
                self._going[name] = _OnItsWay(going.batch, float("inf"), going.thread)
        if not self._unwritten:
            return
        now = clock.now()
        with store.write() as session:
            for one in self._unwritten:
                changed = notifications.end(session, one.batch, one.state, one.detail, now)
                if changed and one.state is not AttemptState.SENT:
                    log.warning("a message to %s did not arrive: %s", one.recipient, one.detail)
        self._unwritten.clear()

    def wait(self, store: Store, timeout_s: float) -> bool:
        """Waits for what is on its way, at most so long; True when nothing is. Raises StoreError."""
        until = clock.monotonic() + timeout_s
        while self._going and clock.monotonic() < until:
            for going in list(self._going.values()):
                going.thread.join(max(0.0, min(0.2, until - clock.monotonic())))
            self.put_on_record(store)
        return not self._going


def _carried(carry: Carry, recipient: Recipient, message: Message, batch: str) -> _Ended:
    try:
        carry(recipient, message)
    except NotDelivered as error:
        return _Ended(recipient.name, batch, AttemptState.FAILED, error.detail)
    except Exception as error:
        # Whatever a carrier raises is a message that did not arrive; its text may hold addresses.
        where = "".join(f" {frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-2:])
        log.exception("a message to %s failed: %s%s", recipient.name, type(error).__name__, where, exc_info=False)
        return _Ended(recipient.name, batch, AttemptState.FAILED, "not-sent")
    return _Ended(recipient.name, batch, AttemptState.SENT)
