"""A switch, router or firewall: SNMPv2-MIB, IF-MIB, LLDP-MIB and CISCO-CDP-MIB as `DeviceFacts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dutyroom.clock import monotonic
from dutyroom.model.devices import NetworkDevice
from dutyroom.model.facts import DeviceFacts, Interface, Neighbour
from dutyroom.model.reading import Kind, Sample
from dutyroom.profiles import shipped
from dutyroom.sources.snmp import interfaces, mib, neighbours
from dutyroom.sources.snmp.answers import Absent, Oid, Value, dotted, name_of, number, text
from dutyroom.sources.snmp.polling import Poll, SnmpSource
from dutyroom.sources.snmp.rates import RateMemory
from dutyroom.sources.snmp.thread import SnmpThread
from dutyroom.sources.snmp.uptime import UptimeMemory
from dutyroom.sources.snmp.vitals import VitalMemory
from dutyroom.sources.snmp.walker import VARBINDS

# How long names, types, speeds and neighbours are believed when nothing says that they changed; where they could not
# be read whole they are asked again sooner, but not at every poll.
FIXED_S = 3600.0
AGAIN_S = 60.0
# Clocks beside sysUpTime, and signs that the table of interfaces changed.
_CLOCKS = (mib.ENGINE_BOOTS, mib.ENGINE_TIME, mib.HR_SYSTEM_UPTIME)
_SIGNS = (mib.IF_NUMBER, mib.IF_TABLE_LAST_CHANGE)

Cells = Mapping[Oid, Mapping[Oid, Value]]


@dataclass(slots=True)
class _Known:
    """What seldom changes, read at `at` (monotonic seconds); `troubles` is what could not be read, and why."""

    at: float
    signs: tuple[int | None, ...]
    identified: bool = False
    sys_descr: str | None = None
    object_id: Oid | None = None
    cells: Cells = field(default_factory=dict)
    rows: frozenset[Oid] | None = None
    neighbours: tuple[Neighbour, ...] = ()
    neighbours_read: bool = False
    high: bool = True
    low: bool = True
    discontinuity: bool = True
    troubles: dict[str, str] = field(default_factory=dict)
    again_s: float = AGAIN_S


class NetworkSource(SnmpSource[DeviceFacts]):
    """Polls one network device; states ok, partial, timeout, auth, unreachable, protocol."""

    def __init__(self, device: NetworkDevice, thread: SnmpThread) -> None:
        super().__init__(
            device.name, Kind.NETWORK, thread, device.snmp, (device.address, device.port), device.also_from
        )
        self._uptime = UptimeMemory()
        self._rates = RateMemory()
        self._vitals = VitalMemory(shipped().with_own(device.profiles))
        self._boots: int | None = None
        self._along_at = 0.0
        self._known: _Known | None = None

    def _carry(self, sample: Sample, facts: DeviceFacts | None) -> Sample:
        return replace(sample, device=facts)

    async def _ask(self, poll: Poll) -> DeviceFacts:
        now = monotonic()
        clocks = await self._clocks_and_signs(poll, now)
        ticks, boots = number(poll.alive.get(mib.SYS_UPTIME)), number(clocks.get(mib.ENGINE_BOOTS))
        engine_s, host_s = _seconds(clocks.get(mib.ENGINE_TIME), 1), _seconds(clocks.get(mib.HR_SYSTEM_UPTIME), 100)
        uptime_s = self._uptime.read(ticks, (engine_s, host_s), now)
        restarted = self._uptime.restarted or (None not in (boots, self._boots) and boots != self._boots)
        self._boots = boots
        if restarted:
            # It may come back with another firmware, which counts from 0 and may have other variables.
            self._rates.forget()
            self._vitals.forget()
            self._along = ()
        known = self._still_known(tuple(number(clocks.get(sign)) for sign in _SIGNS), now, restarted)
        # Asked before the interfaces: the walk itself loads small devices.
        await self._identify(poll, known)
        vitals = await self._vitals.read(poll, known.object_id, known.sys_descr)
        ports = await self._ports(poll, known)
        await self._neighbours(poll, known, ports)
        for what, why in known.troubles.items():
            poll.troubles.setdefault(what, why)
        return DeviceFacts(
            sys_name=text(poll.alive.get(mib.SYS_NAME)),
            sys_descr=known.sys_descr,
            sys_object_id=dotted(known.object_id) if known.object_id else None,
            vendor=vitals.vendor,
            uptime_s=uptime_s,
            cpu_percent=vitals.cpu_percent,
            cpu_basis=vitals.cpu_basis,
            memory_percent=vitals.memory_percent,
            temperature_c=vitals.temperature_c,
            fans=vitals.fans,
            power_supplies=vitals.power_supplies,
            origins=vitals.origins,
            interfaces=ports,
            neighbours=known.neighbours,
            # A clock that stands at 0 tells nothing about restarts.
            agent_uptime_s=ticks / 100 if ticks else None,
            boots=boots,
            engine_time_s=engine_s,
            host_uptime_s=host_s,
        )

    async def _clocks_and_signs(self, poll: Poll, now: float) -> Mapping[Oid, Value]:
        if self._along and now - self._along_at < FIXED_S:
            return poll.alive
        found = await poll.values([*_CLOCKS, *_SIGNS], "system")
        self._along = tuple(name for name, value in found.items() if not isinstance(value, Absent))
        self._along_at = now
        return found

    def _still_known(self, signs: tuple[int | None, ...], now: float, restarted: bool) -> _Known:
        known = self._known
        again_s = AGAIN_S
        if known is not None and not restarted and known.signs == signs:
            if now - known.at < (known.again_s if known.troubles else FIXED_S):
                return known
            again_s = min(known.again_s * 2, FIXED_S) if known.troubles else AGAIN_S
        if known is not None and not known.troubles:
            # What the device could not take once it may take now: its firmware or its load may have changed.
            self._pace.varbinds, self._pace.bulk = VARBINDS, True
        return _Known(now, signs, again_s=again_s)

    async def _identify(self, poll: Poll, known: _Known) -> None:
        if known.identified:
            return
        known.identified = True
        with poll.apart(known.troubles):
            # Some devices answer oddly when both are asked for at once.
            known.sys_descr = text((await poll.values([mib.SYS_DESCR], "system")).get(mib.SYS_DESCR))
            known.object_id = name_of((await poll.values([mib.SYS_OBJECT_ID], "system")).get(mib.SYS_OBJECT_ID))

    async def _ports(self, poll: Poll, known: _Known) -> tuple[Interface, ...]:
        at_s = monotonic()
        changing = await poll.columns(self._changing(known))
        now_there = interfaces.indexes(changing)
        if known.rows is None or now_there - known.rows or (known.rows != now_there and not poll.troubles):
            known.rows = frozenset(now_there)
            with poll.apart(known.troubles):
                await self._read_fixed(poll, known, changing)
        there = now_there
        if poll.troubles or not now_there:
            # A row that was not read this time is still a port: it shows as missing instead of vanishing.
            there = now_there | interfaces.indexes(known.cells)
        if not now_there:
            poll.troubles.setdefault("ifTable", "no rows")
        self._known = known
        return self._rates.fill(interfaces.rows({**known.cells, **changing}, there), changing, at_s)

    def _changing(self, known: _Known) -> tuple[Oid, ...]:
        columns: tuple[Oid, ...] = interfaces.CHANGING
        if known.high:
            columns += interfaces.HIGH_OCTETS
        if known.low:
            columns += interfaces.LOW_OCTETS
        if known.discontinuity:
            columns += (mib.IF_COUNTER_DISCONTINUITY,)
        return columns

    async def _read_fixed(self, poll: Poll, known: _Known, changing: Cells) -> None:
        known.cells = await poll.columns(interfaces.FIXED)
        there = interfaces.indexes(changing)
        high = [set(changing.get(column, {})) for column in interfaces.HIGH_OCTETS]
        known.high = any(high)
        known.low = not all(there <= column for column in high)
        known.discontinuity = bool(changing.get(mib.IF_COUNTER_DISCONTINUITY))

    async def _neighbours(self, poll: Poll, known: _Known, ports: tuple[Interface, ...]) -> None:
        if known.neighbours_read:
            return
        known.neighbours_read = True
        with poll.apart(known.troubles):
            lldp = await poll.columns(neighbours.LLDP)
            if any(lldp.values()):
                lldp = {**lldp, **await poll.columns(neighbours.LLDP_LOCAL)}
            cdp = await poll.columns(neighbours.CDP)
        known.neighbours = neighbours.merged(neighbours.of_lldp(lldp, ports), neighbours.of_cdp(cdp, ports))


def _seconds(value: Value | None, per_second: int) -> float | None:
    count = number(value)
    return count / per_second if count is not None and count >= 0 else None
