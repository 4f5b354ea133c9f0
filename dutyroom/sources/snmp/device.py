"""A switch, router or firewall: SNMPv2-MIB and IF-MIB as `DeviceFacts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dutyroom.clock import monotonic
from dutyroom.model.devices import NetworkDevice
from dutyroom.model.facts import DeviceFacts, Interface
from dutyroom.model.reading import Kind, Sample
from dutyroom.sources.snmp import interfaces, mib, resources
from dutyroom.sources.snmp.answers import Oid, Value, dotted, name_of, number, text
from dutyroom.sources.snmp.polling import Poll, SnmpSource
from dutyroom.sources.snmp.thread import SnmpThread
from dutyroom.sources.snmp.uptime import UptimeMemory
from dutyroom.sources.snmp.walker import VARBINDS

# How long names, types and speeds are believed when nothing says that they changed.
FIXED_S = 600.0

Cells = Mapping[Oid, Mapping[Oid, Value]]


@dataclass(slots=True)
class _Known:
    """What seldom changes, read at `at` (monotonic seconds)."""

    at: float
    sys_descr: str | None = None
    object_id: Oid | None = None
    cells: Cells = field(default_factory=dict)
    signs: tuple[Value | None, ...] = ()
    high: bool = True
    low: bool = True
    has_storage: bool = True
    whole: bool = True


class NetworkSource(SnmpSource[DeviceFacts]):
    """Polls one network device; states ok, partial, timeout, auth, unreachable, protocol."""

    def __init__(self, device: NetworkDevice, thread: SnmpThread) -> None:
        super().__init__(
            device.name, Kind.NETWORK, thread, device.snmp, (device.address, device.port), device.also_from
        )
        self._uptime = UptimeMemory()
        self._known: _Known | None = None

    def _carry(self, sample: Sample, facts: DeviceFacts | None) -> Sample:
        return replace(sample, device=facts)

    async def _ask(self, poll: Poll) -> DeviceFacts:
        now = monotonic()
        extra = await poll.values(
            [mib.ENGINE_TIME, mib.HR_SYSTEM_UPTIME, mib.IF_NUMBER, mib.IF_TABLE_LAST_CHANGE], "system"
        )
        uptime_s = self._uptime.read(
            number(poll.alive.get(mib.SYS_UPTIME)),
            (_seconds(extra.get(mib.ENGINE_TIME), 1), _seconds(extra.get(mib.HR_SYSTEM_UPTIME), 100)),
            now,
        )
        signs = (extra.get(mib.IF_NUMBER), extra.get(mib.IF_TABLE_LAST_CHANGE))
        known = self._known
        if known is None or self._uptime.went_backwards or not self._still_holds(known, signs, now):
            if known is not None and known.whole:
                # What the device could not take once it may take now: its firmware or its load may have changed.
                self._pace.varbinds, self._pace.bulk = VARBINDS, True
            known = _Known(now, signs=signs)
        cpu, memory = await self._cpu_and_memory(poll, known)
        ports = await self._ports(poll, known)
        return DeviceFacts(
            sys_name=text(poll.alive.get(mib.SYS_NAME)),
            sys_descr=known.sys_descr,
            sys_object_id=dotted(known.object_id) if known.object_id else None,
            vendor=mib.vendor_of(known.object_id),
            uptime_s=uptime_s,
            cpu_percent=cpu,
            memory_percent=memory,
            interfaces=ports,
        )

    def _still_holds(self, known: _Known, signs: tuple[Value | None, ...], now: float) -> bool:
        return known.whole and known.signs == signs and now - known.at < FIXED_S

    async def _cpu_and_memory(self, poll: Poll, known: _Known) -> tuple[float | None, float | None]:
        # Asked before the interfaces: the walk itself loads small devices. The load is asked every time, because
        # net-snmp has none in its first minute.
        loads = (await poll.columns([mib.HR_PROCESSOR_LOAD]))[mib.HR_PROCESSOR_LOAD]
        storage: Cells = {}
        if known.has_storage:
            storage = await poll.columns(resources.STORAGE)
            known.has_storage = bool(storage[mib.HR_STORAGE_TYPE])
        return resources.processor_percent(loads), resources.storage_memory_percent(storage)

    async def _ports(self, poll: Poll, known: _Known) -> tuple[Interface, ...]:
        changing = await poll.columns(self._changing(known))
        now_there = interfaces.indexes(changing)
        if not known.cells or now_there != interfaces.indexes(known.cells):
            await self._read_fixed(poll, known, changing)
        there = now_there
        if poll.troubles or not now_there:
            # A row that was not read this time is still a port: it shows as missing instead of vanishing.
            there = now_there | interfaces.indexes(known.cells)
        if not now_there:
            poll.troubles.setdefault("ifTable", "no rows")
        known.whole = not poll.troubles
        self._known = known
        return interfaces.rows({**known.cells, **changing}, there)

    def _changing(self, known: _Known) -> tuple[Oid, ...]:
        columns: tuple[Oid, ...] = interfaces.CHANGING
        if known.high:
            columns += interfaces.HIGH_OCTETS
        if known.low:
            columns += interfaces.LOW_OCTETS
        return columns

    async def _read_fixed(self, poll: Poll, known: _Known, changing: Cells) -> None:
        # Some devices answer oddly when both are asked for at once.
        known.sys_descr = text((await poll.values([mib.SYS_DESCR], "system")).get(mib.SYS_DESCR))
        known.object_id = name_of((await poll.values([mib.SYS_OBJECT_ID], "system")).get(mib.SYS_OBJECT_ID))
        known.cells = await poll.columns(interfaces.FIXED)
        there = interfaces.indexes(changing)
        high = [set(changing.get(column, {})) for column in interfaces.HIGH_OCTETS]
        known.high = any(high)
        known.low = not all(there <= column for column in high)


def _seconds(value: Value | None, per_second: int) -> float | None:
    count = number(value)
    return count / per_second if count is not None and count >= 0 else None
