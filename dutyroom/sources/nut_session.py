"""A conversation with one upsd: a whole true answer for every question, or one exception.

Only `LIST UPS` and `LIST VAR` are ever sent: no login, no credentials, no verb that changes anything. Questions asked
together go out together and are answered in their order, so that fifty UPSes cost one round trip.

Where the `nut2` package can be installed (Python before 3.13) the session is a `nut2.PyNUTClient`, with transport and
parsing replaced. nut2's own would hand out half an answer after a timeout, leave the late half in the stream for the
next question, and read through telnetlib, which swallows bytes.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import Any, NoReturn

from dutyroom.clock import monotonic
from dutyroom.sources.nut_errors import (
    ClientBase,
    NutConnect,
    NutError,
    NutRefused,
    NutTimeout,
)
from dutyroom.sources.nut_round import Answer, Asked, Round
from dutyroom.sources.nut_wire import UPSES, Connection, Question, variables_of

# Questions on the wire at once. upsd answers one after the other; more would only wait in its socket.
WINDOW = 64
# Connections in a row that brought no answer at all: after so many the server is hung, not some of its UPSes.
FRUITLESS = 4


class NutSession(ClientBase):
    """A read-only conversation with one upsd; connects when first asked and again after any fault.

    Safe to use from several threads: one of them speaks at a time, and each answer goes to who asked. `deadline_s`
    covers everything from the call to the complete answer (waiting for the lock, connecting, reading). After any fault
    but NutServerError the connection is closed, so that a late answer can never be taken for the next one.
    """

    # nut2's initialiser logs through the root logger, which installs a handler there: it is not called.
    def __init__(self, host: str, port: int = 3493, deadline_s: float = 3.0) -> None:
        self.host, self.port, self.deadline_s = host, port, deadline_s
        self._lock = threading.Lock()
        self._connection = Connection(host, port)
        self._suspects: set[bytes] = set()
        self._window, self._takes_several = WINDOW, False

    def __enter__(self) -> NutSession:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def __del__(self) -> None:
        # A session whose initialiser failed has none.
        if (connection := getattr(self, "_connection", None)) is not None:
            connection.drop()

    def list_ups(self, within_s: float | None = None) -> dict[str, str]:
        """The UPSes the server offers: name to description. Raises NutError; `within_s` replaces the deadline."""
        return self._ask(UPSES, within_s)

    def list_vars(self, ups: str, within_s: float | None = None) -> dict[str, str]:
        """All variables of a UPS: name to inert text, in the server's order. Raises NutError.

        A name that no upsd has raises NutRefused: on the wire it could be read as further commands.
        """
        return self._ask(variables_of(ups), within_s)

    def ask_all(self, asked: Sequence[Asked]) -> None:
        """Asks all of them on the one connection; every one is told by its `until`, in no promised order.

        Where an answer fails the others are asked again on a new connection, and a question that failed is from then
        on asked last and alone, until it is answered: one UPS that spoils the stream costs the others nothing.
        """
        if not self._lock.acquire(timeout=max(0.0, max(one.until for one in asked) - monotonic())):
            for one in asked:
                one.told(NutTimeout("another question was still waiting for its answer"))
            return
        try:
            self._converse(asked)
        finally:
            if self._connection.ended:
                self._connection.drop()
            self._lock.release()

    def close(self) -> None:
        """End the session for good; a question under way in another thread fails with NutClosed at once."""
        self._connection.ended = True
        if self._lock.acquire(blocking=False):
            try:
                self._connection.drop()
            finally:
                self._lock.release()
        else:
            self._connection.interrupt()

    def _ask(self, question: Question, within_s: float | None) -> dict[str, str]:
        told: list[Answer] = []
        until = monotonic() + (self.deadline_s if within_s is None else within_s)
        self.ask_all([Asked(question, until, told.append)])
        if isinstance(told[0], NutError):
            raise told[0]
        return told[0]

    def _converse(self, asked: Sequence[Asked]) -> None:
        """Rounds of questions, each on one connection, until every one is told."""
        together = deque(one for one in asked if one.question.words not in self._suspects)
        alone = deque(one for one in asked if one.question.words in self._suspects)
        probed: deque[Asked] = deque()
        fruitless = 0
        while probed or together or alone:
            # Who waits to be asked alone has failed before, and takes nothing of the others' time.
            queue, most = (probed, 1) if probed else (together, self._window) if together else (alone, 1)
            group = [queue.popleft() for _ in range(min(len(queue), most))]
            has_more = bool(queue) or (queue is probed and bool(together))
            # Until it is known that the server takes several, time is kept to ask the last one alone.
            has_more |= len(group) > 1 and not self._takes_several
            done = Round(self._connection, self._suspects, group, has_more=has_more)
            done.run()
            self._learn(done, was_probe=queue is probed)
            together.extendleft(reversed(done.unasked))
            for one in done.doubted:
                (probed if one is done.starved and not self._takes_several else alone).append(one)
            fruitless = 0 if done.answered else fruitless + 1
            if (fault := done.fault) is not None and (fruitless >= FRUITLESS or isinstance(fault, NutConnect)):
                for one in (*probed, *together, *alone):
                    one.told(type(fault)(str(fault)))
                return

    def _learn(self, done: Round, *, was_probe: bool) -> None:
        """Not every server is upsd: one that drops what comes behind a question is asked one by one from then on."""
        if was_probe and done.answered:
            self._window = 1
        elif done.answered > 1:
            self._takes_several = True


def _refused(_session: object, *_words: Any, **_named: Any) -> NoReturn:
    raise NutRefused("dutyroom only reads: it sends LIST UPS and LIST VAR, nothing else")


# Whatever else nut2's client can do, today or in its next version, writes to UPSes or reads through its own transport.
for _verb in dir(ClientBase):
    if not _verb.startswith("__") and _verb not in vars(NutSession) and callable(getattr(ClientBase, _verb)):
        setattr(NutSession, _verb, _refused)
