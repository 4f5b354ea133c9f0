"""The thread in which all SNMP happens, with an event loop of its own.

pysnmp's decoder holds a loop for tens of milliseconds per answer; here it holds nobody else's. pysnmp is imported
inside the thread, when the first source is built.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from dutyroom.errors import SourceError

if TYPE_CHECKING:
    from dutyroom.sources.snmp.session import Sessions

T = TypeVar("T")
CLOSING_S = 5.0


class SnmpThread:
    """Runs SNMP work for any number of sources. Build one per process; `close()` ends the thread and its sockets.

    `timeout_s` and `retries` are per request; `deadline_s` bounds the tables of one poll.
    """

    def __init__(self, *, timeout_s: float = 2.0, retries: int = 1, deadline_s: float = 10.0) -> None:
        self.deadline_s = deadline_s
        self._timeout_s = timeout_s
        self._retries = retries
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._sessions: Sessions | None = None
        self._closed = False

    def start(self) -> None:
        """Starts the thread, which imports pysnmp; does nothing when it runs. Raises SourceError once closed."""
        with self._lock:
            self._started()

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._closed:
            raise SourceError("the SNMP thread is closed")
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._main, args=(self._loop,), name="snmp", daemon=True)
            self._thread.start()
        return self._loop

    async def run(self, work: Callable[[Sessions], Awaitable[T]]) -> T:
        """Runs `work` in the SNMP loop and waits without holding the caller's loop; cancelling cancels the work.

        Raises SourceError when the thread is closed (before or meanwhile) or pysnmp cannot be imported.
        """
        with self._lock:
            loop = self._started()
            future = asyncio.run_coroutine_threadsafe(self._do(work), loop)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._closed and (task is None or not task.cancelling()):
                raise SourceError("the SNMP thread was closed during a poll") from None
            raise

    def close(self) -> None:
        """Cancels what is under way, closes every socket and ends the thread. Harmless when called again."""
        with self._lock:
            self._closed = True
            thread, self._thread = self._thread, None
            if thread is not None and self._loop is not None:
                self._loop.call_soon_threadsafe(self._loop.stop)
        if thread is not None:
            thread.join(CLOSING_S)

    @property
    def closed(self) -> bool:
        """True once `close()` was called."""
        return self._closed

    async def _do(self, work: Callable[[Sessions], Awaitable[T]]) -> T:
        if self._sessions is None:
            raise SourceError("SNMP is not available: pysnmp cannot be imported")
        return await work(self._sessions)

    def _main(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            from dutyroom.sources.snmp.session import Sessions

            self._sessions = Sessions(self._timeout_s, self._retries)
        except ImportError:
            pass
        try:
            loop.run_forever()
        finally:
            loop.run_until_complete(self._wind_up())
            loop.run_until_complete(loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            loop.close()

    async def _wind_up(self) -> None:
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        if self._sessions is not None:
            self._sessions.close()
        # A datagram transport closes its socket in the next turn of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
