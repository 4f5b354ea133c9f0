"""A server asked over SNMP: HOST-RESOURCES-MIB, UCD-SNMP-MIB and IF-MIB as `ServerFacts`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite

from dutyroom.errors import SourceError
from dutyroom.model.devices import Server
from dutyroom.model.facts import Link, ServerFacts
from dutyroom.model.reading import Kind, Sample
from dutyroom.sources.snmp import interfaces, mib, resources
from dutyroom.sources.snmp.answers import Oid, Value, number, text
from dutyroom.sources.snmp.polling import Poll, SnmpSource
from dutyroom.sources.snmp.thread import SnmpThread

_SCALARS = (
    mib.HR_SYSTEM_UPTIME,
    mib.UCD_CPU_IDLE,
    mib.UCD_MEM_TOTAL_REAL,
    mib.UCD_MEM_AVAIL_REAL,
    mib.UCD_MEM_BUFFER,
    mib.UCD_MEM_CACHED,
    mib.UCD_LOAD_1M,
)
_SENSORS = (mib.LM_TEMP_DEVICE, mib.LM_TEMP_VALUE)
# Windows lists every filter driver bound to a card as an interface of its own, with the card's counters again.
_FILTER = re.compile(r"-.*(?:Filter|Scheduler|Driver)-\d{4}$")
_LINKS = (
    mib.IF_DESCR,
    mib.IF_TYPE,
    mib.IF_ADMIN,
    mib.IF_OPER,
    mib.IF_IN_ERRORS,
    mib.IF_OUT_ERRORS,
    mib.IF_NAME,
)


class SnmpServerSource(SnmpSource[ServerFacts]):
    """Polls one server; states ok, partial, timeout, auth, unreachable, protocol.

    Raises `SourceError` when the server has no address or no SNMP access.
    """

    def __init__(self, server: Server, thread: SnmpThread) -> None:
        if server.address is None or server.snmp is None:
            raise SourceError(f"server {server.name} has no address or no snmp access")
        super().__init__(server.name, Kind.SERVER, thread, server.snmp, (server.address, server.port), server.also_from)

    def _carry(self, sample: Sample, facts: ServerFacts | None) -> Sample:
        return replace(sample, server=facts)

    async def _ask(self, poll: Poll) -> ServerFacts:
        scalars = await poll.values(_SCALARS, "system")
        loads = (await poll.columns([mib.HR_PROCESSOR_LOAD]))[mib.HR_PROCESSOR_LOAD]
        storage = await poll.columns(resources.STORAGE)
        links = await poll.columns(_LINKS)
        sensors = await poll.columns(_SENSORS)
        cpu = resources.processor_percent(loads)
        memory = resources.ucd_memory_percent(scalars)
        ticks = number(scalars.get(mib.HR_SYSTEM_UPTIME))
        facts = ServerFacts(
            cpu_percent=cpu if cpu is not None else resources.idle_percent(scalars.get(mib.UCD_CPU_IDLE)),
            memory_percent=memory if memory is not None else resources.storage_memory_percent(storage),
            load_1m=_load(scalars.get(mib.UCD_LOAD_1M)),
            uptime_s=ticks / 100 if ticks is not None else None,
            temperatures=resources.temperatures(sensors),
            network=_links(links),
            volumes=resources.volumes(storage),
        )
        missing = [
            what
            for what, value in (
                ("processor", facts.cpu_percent),
                ("memory", facts.memory_percent),
                ("disks", facts.volumes or None),
            )
            if value is None
        ]
        for what in missing:
            poll.troubles.setdefault(what, "not answered")
        return facts


def _load(value: Value | None) -> float | None:
    # laLoad is a text such as "0.40".
    try:
        load = float(text(value) or "")
    except ValueError:
        return None
    return load if isfinite(load) and load >= 0 else None


def _links(cells: Mapping[Oid, Mapping[Oid, Value]]) -> tuple[Link, ...]:
    links = []
    for row in interfaces.rows(cells, interfaces.indexes(cells)):
        if row.type == mib.LOOPBACK_TYPE or _FILTER.search(row.descr):
            continue
        told = [errors for errors in (row.in_errors, row.out_errors) if errors is not None]
        links.append(Link(row.name, row.is_up, sum(told) if told else None))
    return tuple(links)
