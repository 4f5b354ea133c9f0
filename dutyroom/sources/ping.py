"""A system or a line as `CheckFacts`: `tcp://host:port` opens a connection, `ping://host` sends three echoes.

That it does not answer is what the check found, so the sample's state is ok and its facts say how it failed. `denied`
is for a machine on which this account may not ping; nothing is known of the line then.
"""

from __future__ import annotations

import ipaddress
import socket
from datetime import datetime, timedelta
from functools import partial

from dutyroom.clock import monotonic
from dutyroom.inert import inert
from dutyroom.model.facts import CheckFacts
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.sources.aside import Aside
from dutyroom.sources.base import Source
from dutyroom.sources.icmp import NotAllowed, ping
from dutyroom.sources.tcp import Tried, connect

RESOLVE_S = 5.0
CONNECT_S = 5.0
# Of a name with many addresses; each takes time.
MOST_ADDRESSES = 4


class CheckSource(Source):
    """Checks one target; states ok (it was checked, whatever came of it) and denied (this account may not ping)."""

    def __init__(self, name: str, kind: Kind, target: str) -> None:
        self.name, self.kind, self.target = name, kind, target
        scheme, _mark, place = target.partition("://")
        self._pings = scheme == "ping"
        self._host, self._port = (_bare(place), 0) if self._pings else _host_and_port(place)
        self._names: Aside[tuple[str, ...]] = Aside(f"name-{name}")

    async def sample(self, now: datetime) -> Sample:
        """One check."""
        started = monotonic()
        try:
            tried = await self._try()
        except NotAllowed as error:
            return self._sample(now, started, State.DENIED, str(error), None)
        facts = CheckFacts(
            target=self.target,
            answered=not tried.error,
            error=tried.error,
            address=tried.address,
            latency_ms=round(tried.latency_ms, 2) if tried.latency_ms is not None else None,
            loss_percent=round(tried.loss_percent, 1) if tried.loss_percent is not None else None,
        )
        return self._sample(now, started, State.OK, tried.detail, facts)

    async def aclose(self) -> None:
        """Nothing stays open between two checks."""

    async def _try(self) -> Tried:
        try:
            addresses = await self._names.ask(partial(_addresses, self._host), RESOLVE_S)
        except TimeoutError:
            return Tried("unresolved", detail=f"the name server did not answer within {RESOLVE_S:g} s")
        except (OSError, ValueError) as error:
            told = inert(getattr(error, "strerror", None) or str(error), 120)
            return Tried("unresolved", detail=f"{inert(self._host, 80)}: {told}")
        return await (ping(addresses) if self._pings else connect(addresses, self._port, CONNECT_S))

    def _sample(self, now: datetime, started: float, state: State, detail: str, facts: CheckFacts | None) -> Sample:
        took_s = monotonic() - started
        at = now + timedelta(seconds=took_s)
        return Sample(self.name, self.kind, at, state, detail, took_s=took_s, check=facts)


def _bare(host: str) -> str:
    return host.strip().removeprefix("[").removesuffix("]")


def _host_and_port(place: str) -> tuple[str, int]:
    host, _colon, port = place.rpartition(":")
    return _bare(host), int(port)


def _addresses(host: str) -> tuple[str, ...]:
    """The addresses of a name, as the system's resolver orders them; an address stands for itself."""
    try:
        return (str(ipaddress.ip_address(host)),)
    except ValueError:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))[:MOST_ADDRESSES]
