"""One upsd shared by the sources of its UPSes: one connection, one worker thread, questions asked together.

A session blocks, so it lives in a thread of its own; a hung server then stops neither the event loop nor other servers.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from dutyroom.clock import monotonic
from dutyroom.errors import SourceError
from dutyroom.sources.nut_errors import NutClosed, NutError, NutTimeout
from dutyroom.sources.nut_round import Answer, Asked
from dutyroom.sources.nut_session import NutSession
from dutyroom.sources.nut_wire import UPSES, Question, variables_of

log = logging.getLogger(__name__)

# The worker ends at the deadline and says what it waited for; only one that cannot end is given up after this.
GRACE_S = 0.2
# With less of the deadline left than this share of it, a question has no prospect and is not sent.
PROSPECT = 0.1

Rows = dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    question: Question
    until: float
    answer: Future[Rows]

    def tell(self, answer: Answer) -> None:
        if isinstance(answer, NutError):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)


class NutServer:
    """One upsd. What its sources ask while the worker is busy goes on the wire together when it is free.

    `deadline_s` covers the wait for the worker too: a question whose time is as good as over is answered NutTimeout
    and never goes on the wire, so that a hung server piles up no work.
    """

    def __init__(self, host: str, port: int = 3493, deadline_s: float = 3.0) -> None:
        self.host, self.port, self.deadline_s = host, port, deadline_s
        self._session = NutSession(host, port, deadline_s)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"nut-{host}:{port}")
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._working = False
        self._sources = 0
        self._closed = False

    @property
    def closed(self) -> bool:
        """True once its last source was closed."""
        return self._closed

    def enlist(self) -> None:
        """Count one more source that shares this server."""
        self._sources += 1

    async def release(self) -> None:
        """Count one source less; the last one closes the server."""
        self._sources -= 1
        if self._sources <= 0:
            await self.aclose()

    async def list_vars(self, ups: str, until: float) -> Rows:
        """All variables of a UPS, by `until` on the monotonic clock. Raises NutError."""
        return await self._asked(variables_of(ups), until)

    async def list_ups(self, until: float) -> Rows:
        """The UPSes the server offers, by `until` on the monotonic clock. Raises NutError."""
        return await self._asked(UPSES, until)

    async def aclose(self) -> None:
        """Close the connection and end the worker; a question under way fails at once."""
        self._closed = True
        self._session.close()
        self._worker.shutdown(wait=False, cancel_futures=True)
        for waiting in self._taken():
            waiting.tell(NutClosed("the session has ended"))

    async def _asked(self, question: Question, until: float) -> Rows:
        if self._closed:
            raise SourceError(f"the connection to {self.host}:{self.port} was closed")
        waiting = _Waiting(question, until, Future())
        with self._lock:
            self._waiting.append(waiting)
        # In the loop's next turn: who asks in the same turn goes along.
        asyncio.get_running_loop().call_soon(self._set_to_work)
        try:
            # Cancelling the wrapped future takes a question out of the queue; one under way ends by its own deadline.
            async with asyncio.timeout(max(0.0, until - monotonic()) + GRACE_S):
                return await asyncio.wrap_future(waiting.answer)
        except TimeoutError:
            raise NutTimeout("the server was still busy with earlier questions") from None

    def _set_to_work(self) -> None:
        with self._lock:
            if self._working or self._closed or not self._waiting:
                return
            self._working = True
        self._worker.submit(self._work)

    def _taken(self) -> list[_Waiting]:
        """Who waits now and was not cancelled; nobody is left, and the worker is free when there was nobody."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            taken = [one for one in waiting if one.answer.set_running_or_notify_cancel()]
            self._working = bool(taken)
        return taken

    def _work(self) -> None:
        """The worker's life while somebody asks."""
        while taken := self._taken():
            try:
                self._ask(taken)
            except Exception as defect:
                # A worker that ended without a word would leave who asked waiting for their deadline, for ever again.
                log.exception("asking %s:%d failed", self.host, self.port)
                for one in taken:
                    if not one.answer.done():
                        one.answer.set_exception(defect)

    def _ask(self, taken: list[_Waiting]) -> None:
        hopeful = []
        for one in taken:
            if one.until - monotonic() < self.deadline_s * PROSPECT:
                one.tell(NutTimeout("the server was still busy with earlier questions"))
            else:
                hopeful.append(Asked(one.question, one.until, one.tell))
        if hopeful:
            self._session.ask_all(hopeful)
