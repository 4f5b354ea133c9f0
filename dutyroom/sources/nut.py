"""UPSes as their NUT servers tell them: one session and one worker thread per upsd, one source per UPS.

A session blocks, so it lives in a thread of its own; a hung server then stops neither the event loop nor other servers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

from dutyroom.clock import monotonic
from dutyroom.errors import SourceError
from dutyroom.inert import inert
from dutyroom.model.facts import UpsFacts
from dutyroom.model.reading import Kind, Sample, StaleBy, State
from dutyroom.rules.plausibility import flags, ups_facts
from dutyroom.sources.base import Source
from dutyroom.sources.nut_errors import (
    NutClosed,
    NutConnect,
    NutError,
    NutProtocol,
    NutRefused,
    NutServerError,
    NutTimeout,
)
from dutyroom.sources.nut_session import NutSession
from dutyroom.sources.ups_memory import UpsMemory

# The worker ends at the deadline and says what it waited for; only one that cannot end is given up after this.
GRACE_S = 0.2
# With less of the deadline left than this share of it, a question has no prospect and is not sent.
PROSPECT = 0.1
OFFERED_SHOWN = 20

_T = TypeVar("_T")

# Error words of docs/net-protocol.txt, and what each means for the reading.
_ANSWERS = {
    "DATA-STALE": (State.STALE, "the UPS driver has stopped updating its data"),
    "DRIVER-NOT-CONNECTED": (State.NO_DRIVER, "the server has lost the UPS driver"),
    "ACCESS-DENIED": (State.DENIED, "the server does not let this machine read"),
    "USERNAME-REQUIRED": (State.DENIED, "the server wants a login to read"),
    "PASSWORD-REQUIRED": (State.DENIED, "the server wants a login to read"),
}


class NutServer:
    """One upsd, shared by the sources of its UPSes, whose questions queue on one worker thread.

    `deadline_s` covers the wait in the queue too: a question still queued when its time is as good as over is
    answered NutTimeout and never goes on the wire, so that a hung server piles up no work.
    """

    def __init__(self, host: str, port: int = 3493, deadline_s: float = 3.0) -> None:
        self.host, self.port, self.deadline_s = host, port, deadline_s
        self._session = NutSession(host, port, deadline_s)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"nut-{host}:{port}")
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

    async def list_vars(self, ups: str, until: float) -> dict[str, str]:
        """All variables of a UPS, by `until` on the monotonic clock. Raises NutError."""
        return await self._in_worker(lambda left: self._session.list_vars(ups, left), until)

    async def list_ups(self, until: float) -> dict[str, str]:
        """The UPSes the server offers, by `until` on the monotonic clock. Raises NutError."""
        return await self._in_worker(self._session.list_ups, until)

    async def aclose(self) -> None:
        """Close the connection and end the worker; a question under way fails at once."""
        self._closed = True
        self._session.close()
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def _in_worker(self, question: Callable[[float], _T], until: float) -> _T:
        if self._closed:
            raise SourceError(f"the connection to {self.host}:{self.port} was closed")

        def ask() -> _T:
            left = until - monotonic()
            if left < self.deadline_s * PROSPECT:
                raise NutTimeout("the server was still busy with earlier questions")
            return question(left)

        asked = self._worker.submit(ask)
        try:
            # Cancelling the wrapped future takes a question out of the queue; one under way ends by its own deadline.
            async with asyncio.timeout(max(0.0, until - monotonic()) + GRACE_S):
                return await asyncio.wrap_future(asked)
        except TimeoutError:
            raise NutTimeout("the server was still busy with earlier questions") from None


class NutSource(Source):
    """One UPS on a NUT server: `name` in the site file, `ups` on the server."""

    kind = Kind.UPS

    def __init__(self, name: str, ups: str, server: NutServer) -> None:
        self.name = name
        self.ups = ups
        self._server = server
        self._memory = UpsMemory()
        self._open = True
        server.enlist()

    async def sample(self, now: datetime) -> Sample:
        """One `LIST VAR`; whatever went wrong is the Sample's state, never a value."""
        began = monotonic()
        facts: UpsFacts | None = None
        try:
            told = await self._server.list_vars(self.ups, began + self._server.deadline_s)
            facts = self._memory.seen(ups_facts(told), monotonic())
            state, detail = _state_of(facts)
        except NutError as trouble:
            state, detail = meaning(trouble, self.ups)
            if state is State.UNKNOWN_NAME:
                detail += await self._offered(began + self._server.deadline_s)
        took_s = monotonic() - began
        return Sample(
            source=self.name,
            kind=self.kind,
            at=now + timedelta(seconds=took_s),
            state=state,
            detail=detail,
            stale_by=StaleBy.DRIVER if state is State.STALE else None,
            took_s=took_s,
            ups=facts if state.knows else None,
        )

    async def aclose(self) -> None:
        """Let go of the server; the last of its sources closes the connection."""
        if self._open:
            self._open = False
            await self._server.release()

    async def _offered(self, until: float) -> str:
        """What the server has instead of the unknown name, as the end of a sentence; empty when it does not say."""
        try:
            offered = await self._server.list_ups(until)
        except NutError:
            return ""
        names = sorted(offered)
        some = ", ".join(names[:OFFERED_SHOWN]) + (", …" if len(names) > OFFERED_SHOWN else "")
        return f"; it offers {some}" if names else "; it offers none"


def _state_of(facts: UpsFacts) -> tuple[State, str]:
    """What a complete answer is worth: WAIT means that upsd has a driver but no data yet (NUT 2.8 on)."""
    if "WAIT" in flags(facts.status):
        return State.WAIT, "the server waits for the first data of the UPS driver"
    if not facts.status:
        # A PDU has outlets and no line that could be on battery.
        kind = facts.variable("device.type") or "ups"
        return State.PARTIAL, "no ups.status" if kind == "ups" else f"no ups.status: it calls itself a {kind}"
    return State.OK, ""


def meaning(trouble: NutError, ups: str) -> tuple[State, str]:
    """The state that an error of the session stands for, and a sentence for people."""
    match trouble:
        case NutServerError(code="UNKNOWN-UPS") | NutRefused():
            return State.UNKNOWN_NAME, f"the server has no UPS named {inert(ups, 80)}"
        case NutServerError(code=code) if code in _ANSWERS:
            return _ANSWERS[code]
        case NutTimeout():
            return State.TIMEOUT, str(trouble)
        case NutConnect() | NutClosed():
            return State.UNREACHABLE, str(trouble)
        case NutServerError() | NutProtocol() | _:
            return State.PROTOCOL, str(trouble)
