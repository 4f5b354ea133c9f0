"""SNMP agents of the simulated room: one UDP port per device on loopback, read-only, over pysnmp's engine.

SNMPv2c with one community per device; the core switch speaks SNMPv3 only (USM, HMAC-SHA-256-192 of RFC 7860 and
CFB128-AES-128 of RFC 3826).
"""

from __future__ import annotations

import socket
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config, engine
from pysnmp.entity.rfc3413 import cmdrsp, context
from pysnmp.proto import rfc1902, rfc1905
from pysnmp.smi import instrum

from dutyroom import clock
from dutyroom.demo.devices import NETWORK, SERVERS, V3_AUTH_PASSWORD, V3_PRIV_PASSWORD, V3_USER
from dutyroom.demo.mib import Cell, Oid, Syntax, rows_of
from dutyroom.demo.room import Room

REFRESH_S = 1.0
MAX_VARBINDS = 128
LOOPBACK = "127.0.0.1"
_EVERYTHING = (1, 3)
_V2C, _USM = 2, 3

_TYPES: dict[Syntax, Callable[[Any], Any]] = {
    Syntax.INTEGER: rfc1902.Integer32,
    Syntax.OCTETS: rfc1902.OctetString,
    Syntax.OID: rfc1902.ObjectIdentifier,
    Syntax.COUNTER32: rfc1902.Counter32,
    Syntax.COUNTER64: rfc1902.Counter64,
    Syntax.GAUGE32: rfc1902.Gauge32,
    Syntax.TICKS: rfc1902.TimeTicks,
}


class RoomView(instrum.AbstractMibInstrumController):  # type: ignore[misc]
    """The rows of one device as pysnmp asks for them; read again from the room at most once a second.

    The set of instances never changes, so they are sorted once. Writing is left to the base class, which refuses it.
    """

    def __init__(self, read: Callable[[], dict[Oid, Cell]]) -> None:
        self._read = read
        self._cells = read()
        self._order = sorted(self._cells)
        self._read_at = clock.monotonic()

    def _fresh(self) -> dict[Oid, Cell]:
        now = clock.monotonic()
        if now - self._read_at >= REFRESH_S:
            self._cells, self._read_at = self._read(), now
        return self._cells

    def read_variables(self, *varbinds: Any, **_context: Any) -> list[tuple[Any, Any]]:
        """GET: the value of each name, or noSuchInstance (RFC 3416, 4.2.1)."""
        cells = self._fresh()
        found = []
        for name, _ in varbinds:
            cell = cells.get(tuple(name))
            found.append((name, rfc1905.noSuchInstance if cell is None else _TYPES[cell[0]](cell[1])))
        return found

    def read_next_variables(self, *varbinds: Any, **_context: Any) -> list[tuple[Any, Any]]:
        """GETNEXT: the instance after each name, or endOfMibView (RFC 3416, 4.2.2)."""
        cells = self._fresh()
        found = []
        for name, _ in varbinds:
            place = bisect_right(self._order, tuple(name))
            if place == len(self._order):
                found.append((name, rfc1905.endOfMibView))
            else:
                oid = self._order[place]
                syntax, value = cells[oid]
                found.append((rfc1902.ObjectName(oid), _TYPES[syntax](value)))
        return found


class Agent:
    """One device on one free loopback port. Needs a running event loop; `port` is where it listens."""

    def __init__(self, room: Room, source: str, community: str | None, age: Callable[[], float]) -> None:
        """`community` None makes it SNMPv3 only; `age` gives the room's `t`. OSError when no port can be bound."""
        self.source = source
        wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        wire.setblocking(False)
        wire.bind((LOOPBACK, 0))
        self.port: int = wire.getsockname()[1]
        # No engine ID is chosen: pysnmp would keep the boots of a chosen one in a file under the temporary directory.
        self._engine = engine.SnmpEngine()
        config.add_transport(self._engine, udp.DOMAIN_NAME, udp.UdpTransport().open_server_mode(sock=wire))
        self._admit(community)
        answers = context.SnmpContext(self._engine)
        answers.unregister_context_name(b"")
        answers.register_context_name(b"", RoomView(lambda: rows_of(room, source, age())))
        for responder in (cmdrsp.GetCommandResponder, cmdrsp.NextCommandResponder, cmdrsp.SetCommandResponder):
            responder(self._engine, answers)
        cmdrsp.BulkCommandResponder(self._engine, answers).max_varbinds = MAX_VARBINDS

    def _admit(self, community: str | None) -> None:
        """Read access to everything for the community, or for the v3 user with authentication and privacy."""
        if community is not None:
            config.add_v1_system(self._engine, self.source, community)
            config.add_vacm_user(self._engine, _V2C, self.source, "noAuthNoPriv", _EVERYTHING)
            return
        config.add_v3_user(
            self._engine,
            V3_USER,
            config.USM_AUTH_HMAC192_SHA256,
            V3_AUTH_PASSWORD,
            config.USM_PRIV_CFB128_AES,
            V3_PRIV_PASSWORD,
        )
        config.add_vacm_user(self._engine, _USM, V3_USER, "authPriv", _EVERYTHING)

    def close(self) -> None:
        """Gives the port back."""
        self._engine.close_dispatcher()


def start_agents(room: Room, age: Callable[[], float]) -> tuple[Agent, ...]:
    """An agent for every network device and SNMP server of the room. Needs a running event loop."""
    devices = [(spec.name, spec.community) for spec in NETWORK]
    devices += [(spec.name, spec.community) for spec in SERVERS]
    return tuple(Agent(room, name, community, age) for name, community in devices)
