"""Calls of the operating system that may never come back, made beside the event loop.

The threads of `asyncio.to_thread` are few, and the program waits for them when it ends: a name server or a network
mount that hangs would hold both up. These are daemons, one for each question.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Aside(Generic[T]):
    """One question asked again and again, each time in a thread of its own; never two at a time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._under_way: asyncio.Future[T] | None = None

    async def ask(self, work: Callable[[], T], within_s: float) -> T:
        """What `work` gives or raises. Raises TimeoutError after `within_s`; the call is then left behind.

        While a call hangs no other is begun: who asks meanwhile waits for that one.
        """
        if self._under_way is None or self._under_way.done():
            self._under_way = self._begin(work)
        async with asyncio.timeout(within_s):
            return await asyncio.shield(self._under_way)

    def _begin(self, work: Callable[[], T]) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def take(value: T | None, error: Exception | None) -> None:
            if answer.done():
                return
            if error is None:
                answer.set_result(value)  # type: ignore[arg-type]
            else:
                answer.set_exception(error)
                # Who asked may have gone away: then nobody fetches it, and that is no trouble.
                answer.exception()

        def run() -> None:
            value, trouble = None, None
            try:
                value = work()
            except (OSError, ValueError) as error:
                trouble = error
            try:
                loop.call_soon_threadsafe(take, value, trouble)
            except RuntimeError:
                # The loop was closed while the call hung: nobody waits any more.
                return

        threading.Thread(target=run, name=self._name, daemon=True).start()
        return answer
