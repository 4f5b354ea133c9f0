"""UPSes as their NUT servers tell them: one source per UPS, and what each kind of trouble means."""

from __future__ import annotations

from datetime import datetime, timedelta

from dutyroom.clock import monotonic
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
from dutyroom.sources.nut_server import NutServer
from dutyroom.sources.ups_memory import UpsMemory

OFFERED_SHOWN = 20

# Error words of docs/net-protocol.txt, and what each means for the reading.
_ANSWERS = {
    "DATA-STALE": (State.STALE, "the UPS driver has stopped updating its data"),
    "DRIVER-NOT-CONNECTED": (State.NO_DRIVER, "the server has lost the UPS driver"),
    "ACCESS-DENIED": (State.DENIED, "the server does not let this machine read"),
    "USERNAME-REQUIRED": (State.DENIED, "the server wants a login to read"),
    "PASSWORD-REQUIRED": (State.DENIED, "the server wants a login to read"),
}


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
