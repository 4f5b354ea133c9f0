"""Asking one device over SNMP: GET, GETNEXT and GETBULK in plain values, and nothing that could write."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Sequence

from dutyroom.inert import inert
from dutyroom.model.devices import SnmpAccess
from dutyroom.model.reading import State
from dutyroom.sources.snmp.answers import (
    Absent,
    NoAnswer,
    Oid,
    Refused,
    SnmpFault,
    Unreadable,
    Value,
    Varbind,
)
from dutyroom.sources.snmp.engine import Engine
from dutyroom.sources.snmp.transport import Guard, GuardedUdp, GuardedUdp6
from dutyroom.sources.snmp.values import tolerate_malformed_integers
from dutyroom.sources.snmp.varbinds import teach_pysnmp

# Polls that walk tables at one moment; each has one request under way.
WINDOW = 20
_UNREACHABLE = {
    errno.ECONNREFUSED: "nothing listens on this port",
    errno.EHOSTUNREACH: "no such host on the network",
    errno.ENETUNREACH: "no route to the network",
    errno.EHOSTDOWN: "the host is down",
}


class Session:
    """One device: its address, its socket, its guard. One question at a time.

    Every method raises `SnmpFault`: TIMEOUT, AUTH, UNREACHABLE or PROTOCOL.
    """

    def __init__(self, sessions: Sessions, access: SnmpAccess, address: str, port: int, also_from: Sequence[str]):
        self._sessions = sessions
        self._access = access
        self._address = address
        self._port = port
        self._also_from = tuple(also_from)
        self._engine: Engine | None = None
        self._transport: GuardedUdp | GuardedUdp6 | None = None
        self._target = ""
        self._asked: asyncio.Future[list[Varbind]] | None = None
        self._timeouts = 0
        self._has_answered = False
        self.guard = Guard(frozenset())
        self.foreign = 0

    async def get(self, oids: Sequence[Oid]) -> dict[Oid, Value]:
        """One GET; exactly the variables asked for, absent ones as `Absent`."""
        rows = await self._ask(oids, None, get=True)
        if sorted(name for name, _ in rows) != sorted(oids):
            raise SnmpFault(State.PROTOCOL, "the agent answered other variables than asked for")
        return dict(rows)

    async def get_optional(self, oids: Sequence[Oid]) -> dict[Oid, Value]:
        """Like `get`, for variables a device may lack: where one spoils the answer they are asked one by one."""
        try:
            return await self.get(oids)
        except (Refused, Unreadable):
            found: dict[Oid, Value] = {}
            for oid in oids:
                try:
                    found |= await self.get([oid])
                except (Refused, Unreadable):
                    found[oid] = Absent.NO_OBJECT
            return found

    async def following(self, oids: Sequence[Oid]) -> list[Varbind]:
        """One GETNEXT, in wire order."""
        return await self._ask(oids, None)

    async def bulk(self, oids: Sequence[Oid], repetitions: int) -> list[Varbind]:
        """One GETBULK without non-repeaters, in wire order."""
        return await self._ask(oids, repetitions)

    async def _ask(self, oids: Sequence[Oid], repetitions: int | None, *, get: bool = False) -> list[Varbind]:
        try:
            return await self._ask_patiently(oids, repetitions, get=get)
        except SnmpFault as fault:
            if not (get and self._may_be_another(fault)):
                raise
        # pysnmp would hold on to the v3 engine ID of a device that was replaced for 300 s. A new socket and target
        # forget it; what the device says then is what it says.
        self._has_answered = False
        self.close()
        await asyncio.sleep(0)
        return await self._ask_patiently(oids, repetitions, get=get)

    async def _ask_patiently(self, oids: Sequence[Oid], repetitions: int | None, *, get: bool) -> list[Varbind]:
        engine = await self._open()
        self.guard.arrived = 0
        for _ in range(self._sessions.retries + 1):
            try:
                rows = await self._ask_once(engine, oids, repetitions, get=get)
            except NoAnswer:
                continue
            self._timeouts, self._has_answered = 0, True
            return rows
        arrived = self.guard.arrived
        self._timeouts += 1
        if self._has_answered and self._timeouts == 2 and not engine.is_v3:
            # Once a device has answered and falls silent, its name may point elsewhere.
            self._has_answered = False
            self.close()
            await asyncio.sleep(0)
        if engine.is_v3:
            raise NoAnswer("no answer: off, filtered, or wrong v3 privacy password")
        if arrived:
            raise NoAnswer("answers came too late, or to other questions than asked")
        raise NoAnswer

    def _may_be_another(self, fault: SnmpFault) -> bool:
        is_v3 = self._engine is not None and self._engine.is_v3
        return is_v3 and self._has_answered and fault.state in (State.TIMEOUT, State.AUTH, State.PROTOCOL)

    async def _ask_once(
        self, engine: Engine, oids: Sequence[Oid], repetitions: int | None, *, get: bool
    ) -> list[Varbind]:
        asked: asyncio.Future[list[Varbind]] = asyncio.get_running_loop().create_future()

        def outcome(result: list[Varbind] | SnmpFault) -> None:
            if asked.done():
                return
            if isinstance(result, SnmpFault):
                asked.set_exception(result)
            else:
                asked.set_result(result)

        self._asked = asked
        try:
            # The engine keeps the time itself; the second clock ends a device that answers v3 Reports for ever.
            async with asyncio.timeout(self._sessions.timeout_s * 4):
                engine.ask(self._target, oids, repetitions, outcome, get=get)
                return await asked
        except TimeoutError:
            raise NoAnswer from None
        finally:
            self._asked = None
            self.guard.awaits_nothing()
            asked.cancel()

    async def _open(self) -> Engine:
        if self._engine is not None:
            return self._engine
        engine = self._sessions.engine(self._access)
        host = await _resolve(self._address, self._port)
        allowed = {(host, self._port)}
        for address in self._also_from:
            allowed.add((await _resolve(address, self._port), self._port))
        self.guard = Guard(frozenset(allowed))
        self.guard.parse_errors = engine.parse_errors
        self.guard.on_undecodable = self._could_not_decode
        self.guard.on_icmp = self._told_unreachable
        transport = GuardedUdp6(self.guard) if ":" in host else GuardedUdp(self.guard)
        transport.open()
        self._target = engine.add_target(transport, (host, self._port), self._sessions.timeout_s)
        self._transport, self._engine = transport, engine
        return engine

    def _could_not_decode(self) -> None:
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(Unreadable())

    def _told_unreachable(self, trouble: OSError) -> None:
        detail = _UNREACHABLE.get(trouble.errno or 0)
        if detail and self._asked is not None and not self._asked.done():
            self._asked.set_exception(SnmpFault(State.UNREACHABLE, detail))

    def close(self) -> None:
        """Gives the socket back; the next question opens a new one."""
        if self._engine is None or self._transport is None:
            return
        self.foreign += self.guard.foreign
        self._engine.drop_target(self._transport, self._target)
        self._transport.close_transport()
        self._engine = self._transport = None

    @property
    def dropped(self) -> int:
        """How many datagrams from other addresses or ports were dropped so far."""
        return self.foreign + (self.guard.foreign if self._engine is not None else 0)


class Sessions:
    """Every device asked over SNMP: the engines by credentials and the window of polls. Lives in one loop."""

    def __init__(self, timeout_s: float, retries: int) -> None:
        tolerate_malformed_integers()
        teach_pysnmp()
        self.timeout_s = timeout_s
        self.retries = retries
        self.window = asyncio.Semaphore(WINDOW)
        self._engines: dict[SnmpAccess, Engine] = {}
        self._sessions: set[Session] = set()

    def session(self, access: SnmpAccess, address: str, port: int, also_from: Sequence[str] = ()) -> Session:
        """A session for one device; nothing is sent or resolved yet."""
        session = Session(self, access, address, port, also_from)
        self._sessions.add(session)
        return session

    def engine(self, access: SnmpAccess) -> Engine:
        """The engine of these credentials. Raises `SnmpFault` (AUTH) when they cannot be used."""
        if access not in self._engines:
            self._engines[access] = Engine(access)
        return self._engines[access]

    def drop(self, session: Session) -> None:
        """Closes one session for good."""
        session.close()
        self._sessions.discard(session)

    def close(self) -> None:
        """Closes every session and engine."""
        for session in list(self._sessions):
            self.drop(session)
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()


async def _resolve(address: str, port: int) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        pass
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(address, port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        raise SnmpFault(State.UNREACHABLE, f"the name {inert(address, 100)} does not resolve") from None
    ordered = sorted(found, key=lambda entry: entry[0] != socket.AF_INET)
    return str(ordered[0][4][0])
