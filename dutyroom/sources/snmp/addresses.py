"""The ARP and FDB tables of one device, read slowly: tens of thousands of rows must delay nobody else's poll."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dutyroom.clock import monotonic
from dutyroom.model.addresses import AddressTables, ArpRow, ArpType, FdbRow, FdbStatus
from dutyroom.model.devices import NetworkDevice
from dutyroom.model.reading import State
from dutyroom.rules.macs import of_octets
from dutyroom.sources.snmp import address_mib as at
from dutyroom.sources.snmp import mib
from dutyroom.sources.snmp.answers import Asker, Oid, SnmpFault, Value, Varbind, number, text
from dutyroom.sources.snmp.thread import SnmpThread
from dutyroom.sources.snmp.walker import Pace, walk

MAX_ROWS = 60000
DEADLINE_S = 240.0
# Between two questions: the agents of switches are slow, and so is decoding.
PAUSE_S = 0.01

Cells = Mapping[Oid, Mapping[Oid, Value]]


class AddressSource:
    """Reads the address tables of one device; its FDB always, its ARP where the site file says `arp = true`."""

    def __init__(self, device: NetworkDevice, thread: SnmpThread, *, pause_s: float = PAUSE_S) -> None:
        self.name = device.name
        self._device, self._thread, self._pause_s = device, thread, pause_s
        self._pace = Pace()

    async def tables(self, now: datetime) -> AddressTables:
        """One reading, begun at `now` (UTC). A device that does not answer gives empty tables and says why.

        Raises `SourceError` when the SNMP thread is closed.
        """
        started = monotonic()
        try:
            read = await self._thread.run(self._read)
        except SnmpFault as fault:
            ended = now + timedelta(seconds=monotonic() - started)
            return AddressTables(self.name, ended, fault.state, fault.detail)
        ended = now + timedelta(seconds=monotonic() - started)
        # First the tables: what they lack is noted while they are made.
        arp, fdb = tuple(_arp(read)), tuple(_fdb(read))
        return AddressTables(
            device=self.name,
            at=ended,
            state=State.PARTIAL if read.troubles else State.OK,
            detail="; ".join(f"{table}: {why}" for table, why in read.troubles.items()),
            arp=arp,
            fdb=fdb,
            own=frozenset(_own(read)),
            neighbours=frozenset(_neighbours(read)),
            lags=tuple(sorted(_lags(read).items())),
        )

    async def _read(self, sessions: object) -> _Read:
        from dutyroom.sources.snmp.session import Sessions

        assert isinstance(sessions, Sessions)
        device = self._device
        session = sessions.session(device.snmp, device.address, device.port, device.also_from)
        try:
            await session.get([mib.SYS_UPTIME, mib.SYS_NAME])
            read = _Read(_Slowly(session, self._pause_s), self._pace, monotonic() + DEADLINE_S)
            read.bridge = (await session.get_optional([at.BRIDGE_ADDRESS])).get(at.BRIDGE_ADDRESS)
            await read.take(at.IF_NAME, at.IF_DESCR, at.IF_TYPE, at.IF_PHYS_ADDRESS)
            if device.arp:
                await read.take(at.ARP_MAC, at.ARP_TYPE)
                await read.take(at.NEIGHBOUR_MAC, at.NEIGHBOUR_TYPE)
            if device.fdb:
                await read.take(at.BASE_PORT_IF_INDEX)
                await read.take(at.FDB_PORT, at.FDB_STATUS)
                await read.take(at.Q_FDB_PORT, at.Q_FDB_STATUS)
                await read.take(at.Q_VLAN_FDB_ID)
                await read.take(at.LAG_OF_PORT)
                await read.take(at.LLDP_REMOTE_CHASSIS, at.LLDP_REMOTE_ENABLED)
                await read.take(at.LLDP_LOCAL_PORT_ID)
                await read.take(at.CDP_DEVICE_ID, at.CDP_CAPABILITIES)
                if not read.cells[at.LAG_OF_PORT]:
                    await read.take(at.IF_STACK_STATUS)
            return read
        finally:
            sessions.drop(session)


class _Slowly:
    """Asks with a pause before each question."""

    def __init__(self, asker: Asker, pause_s: float) -> None:
        self._asker, self._pause_s = asker, pause_s

    async def bulk(self, oids: Sequence[Oid], repetitions: int) -> list[Varbind]:
        await asyncio.sleep(self._pause_s)
        return await self._asker.bulk(oids, repetitions)

    async def following(self, oids: Sequence[Oid]) -> list[Varbind]:
        await asyncio.sleep(self._pause_s)
        return await self._asker.following(oids)


@dataclass(slots=True)
class _Read:
    """What was read so far, and by table why it is not whole."""

    asker: Asker
    pace: Pace
    ends_at: float
    cells: dict[Oid, Mapping[Oid, Value]] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    bridge: Value | None = None

    async def take(self, *columns: Oid) -> None:
        """Walks columns of one table."""
        got = await walk(self.asker, columns, ends_at=self.ends_at, pace=self.pace, max_rows=MAX_ROWS)
        self.cells.update(got.values)
        for column, why in got.partial.items():
            self.troubles.setdefault(_table(column), why)

    def column(self, column: Oid) -> Mapping[Oid, Value]:
        """The cells of a column by index; empty when it was not asked for."""
        return self.cells.get(column, {})

    def port(self, if_index: int) -> str:
        """What people call an interface: its ifName, else its ifDescr, else its number."""
        index = (if_index,)
        named = text(self.column(at.IF_NAME).get(index)) or text(self.column(at.IF_DESCR).get(index))
        return named or f"if{if_index}"


def _table(column: Oid) -> str:
    return next((name for table, name in at.TABLES if column[: len(table)] == table), mib.table_name(column))


def _arp(read: _Read) -> list[ArpRow]:
    """Rows of both tables; what stands in both is told once, by the newer table (RFC 4293)."""
    found: dict[tuple[int, str], ArpRow] = {}
    misshapen = 0
    for column, types, address_of in (
        (at.ARP_MAC, at.ARP_TYPE, _media_address),
        (at.NEIGHBOUR_MAC, at.NEIGHBOUR_TYPE, _physical_address),
    ):
        for index, value in read.column(column).items():
            ip = address_of(index)
            if ip is None:
                misshapen += 1
                continue
            mac = of_octets(value) if isinstance(value, bytes) else ""
            kind = at.ARP_TYPES.get(number(read.column(types).get(index)) or 0, ArpType.UNTOLD)
            found[index[0], ip] = ArpRow(ip, mac, read.port(index[0]), kind)
    if misshapen:
        read.troubles.setdefault("ipNetToMediaTable", f"{misshapen} rows without an address")
    return list(found.values())


def _media_address(index: Oid) -> str | None:
    return _ip(index[1:]) if len(index) == 5 else None


def _physical_address(index: Oid) -> str | None:
    if len(index) < 3:
        return None
    kind, octets = index[1], index[3:]
    size = at.ADDRESS_OCTETS.get(kind)
    # Some agents leave the length out, although the address is not the last index of a table of its own.
    if size is not None and len(index) == 2 + size + (4 if kind > 2 else 0):
        octets = index[2:]
    return _ip(octets[:size]) if size is not None and len(octets) >= size else None


def _ip(octets: Oid) -> str | None:
    if not all(0 <= octet <= 255 for octet in octets):
        return None
    return str(ipaddress.ip_address(bytes(octets)))


def _fdb(read: _Read) -> list[FdbRow]:
    """Rows of the VLAN-aware table, and those that only the plain one has.

    A bridge port is not an ifIndex: without dot1dBasePortIfIndex the port is not known.
    """
    ports = {
        index[0]: read.port(if_index)
        for index, value in read.column(at.BASE_PORT_IF_INDEX).items()
        if len(index) == 1 and (if_index := number(value)) is not None
    }
    vlans = _vlans(read)
    rows: dict[tuple[int | None, str], FdbRow] = {}
    lost: set[int] = set()
    for column, statuses, size in ((at.Q_FDB_PORT, at.Q_FDB_STATUS, 7), (at.FDB_PORT, at.FDB_STATUS, 6)):
        known = {mac for _vlan, mac in rows}
        for index, value in read.column(column).items():
            mac = of_octets(index[-6:]) if len(index) == size else ""
            bridge_port = number(value)
            if not mac or mac in known or bridge_port is None:
                continue
            vlan = vlans.get(index[0], index[0] if not vlans else None) if size == 7 else None
            status = at.FDB_STATUSES.get(number(read.column(statuses).get(index)) or 0, FdbStatus.UNTOLD)
            if bridge_port == 0:
                # Port 0 is the device itself, or one it does not tell (RFC 4188).
                status = FdbStatus.SELF
            elif bridge_port not in ports:
                lost.add(bridge_port)
            rows[vlan, mac] = FdbRow(mac, ports.get(bridge_port, ""), vlan, status)
    if lost:
        read.troubles.setdefault("dot1dBasePortTable", f"{len(lost)} bridge ports without an ifIndex")
    return list(rows.values())


def _vlans(read: _Read) -> dict[int, int]:
    """The VLAN of each forwarding database; of several the lowest."""
    found: dict[int, int] = {}
    for index, value in read.column(at.Q_VLAN_FDB_ID).items():
        fdb_id = number(value)
        if len(index) == 2 and fdb_id is not None:
            found[fdb_id] = min(index[1], found.get(fdb_id, index[1]))
    return found


def _own(read: _Read) -> set[str]:
    values = [*read.column(at.IF_PHYS_ADDRESS).values(), read.bridge]
    return {mac for value in values if isinstance(value, bytes) and (mac := of_octets(value))}


def _neighbours(read: _Read) -> set[str]:
    """The ports behind which something forwards: a switch, a router, an access point; telephones and PCs do not."""
    found: set[str] = set()
    enabled = read.column(at.LLDP_REMOTE_ENABLED)
    for index in read.column(at.LLDP_REMOTE_CHASSIS):
        told = enabled.get(index)
        bits = told[0] if isinstance(told, bytes) and told else None
        forwards = bits is None or (bits & (at.LLDP_BRIDGE | at.LLDP_ROUTER) and not bits & at.LLDP_TELEPHONE)
        if len(index) == 3 and forwards:
            found.add(_lldp_port(read, index[1]))
    for index in read.column(at.CDP_DEVICE_ID):
        told = read.column(at.CDP_CAPABILITIES).get(index)
        word = int.from_bytes(told[-4:], "big") if isinstance(told, bytes) and told else None
        if len(index) == 2 and (word is None or (word & at.CDP_FORWARDS and not word & at.CDP_PHONE)):
            found.add(read.port(index[0]))
    return found


def _lldp_port(read: _Read, local: int) -> str:
    """The port of LLDP's own number: by its name where that is an interface's, else as a bridge port, else ifIndex."""
    told = text(read.column(at.LLDP_LOCAL_PORT_ID).get((local,)))
    if told:
        for column in (at.IF_NAME, at.IF_DESCR):
            for index, value in read.column(column).items():
                if text(value) == told and len(index) == 1:
                    return read.port(index[0])
    bridged = number(read.column(at.BASE_PORT_IF_INDEX).get((local,)))
    return read.port(bridged if bridged is not None else local)


def _lags(read: _Read) -> dict[str, str]:
    """The aggregate of each member port, by IEEE8023-LAG-MIB or, without it, by ifStackTable."""
    found: dict[str, str] = {}
    for index, value in read.column(at.LAG_OF_PORT).items():
        aggregate = number(value)
        if len(index) == 1 and aggregate and aggregate != index[0]:
            found[read.port(index[0])] = read.port(aggregate)
    types = read.column(at.IF_TYPE)
    for index in read.column(at.IF_STACK_STATUS):
        if len(index) == 2 and index[1] and number(types.get((index[0],))) == at.LAG_TYPE:
            found[read.port(index[1])] = read.port(index[0])
    return found
