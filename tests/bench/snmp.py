"""What a cycle over simulated 52-port switches costs: dutyroom, bare pysnmp, and net-snmp's snmpbulkwalk.

Run: python -m tests.bench.snmp [SWITCHES ...]

All three ask the same columns of the same agents in the same run; read the figures as ratios. dutyroom's cycle is the
whole poll (sign of life, clocks, columns, facts); pysnmp's is `bulk_cmd` over the columns alone, without a lookup, as
many devices at a time as dutyroom asks; snmpbulkwalk is a process per column. CPU is of the client alone. The figures
are the best of the cycles: what disturbs a cycle only makes it longer.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess
from dutyroom.model.reading import State
from dutyroom.sources.snmp import interfaces, mib
from dutyroom.sources.snmp.answers import Oid, dotted
from dutyroom.sources.snmp.device import NetworkSource
from dutyroom.sources.snmp.thread import SnmpThread
from tests.bench.switches import Switches, running

COUNTS = (1, 50, 200)
CYCLES = 5
NOW = datetime(2026, 11, 23, tzinfo=UTC)
COLUMNS: tuple[Oid, ...] = (*interfaces.CHANGING, *interfaces.HIGH_OCTETS, mib.IF_COUNTER_DISCONTINUITY)
VARBINDS, AT_ONCE, PROCESSES = 100, 20, 8
TARGET = 1.2


@dataclass(frozen=True)
class Cost:
    """One client's cycle: its CPU and wall seconds, and how many variables the agents answered."""

    cpu_s: float
    wall_s: float
    varbinds: int

    @property
    def cpu_ms_per_1000(self) -> float:
        """CPU milliseconds for a thousand variables."""
        return 1e6 * self.cpu_s / self.varbinds


Cycle = Callable[[], Awaitable[None]]


def _cpu(children: bool) -> float:
    if not children:
        return time.process_time()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def best(switches: Switches, cycle: Cycle, cycles: int, *, children: bool = False) -> Cost:
    """The cheapest of some cycles, after one that warms everything up."""
    await cycle()
    costs = []
    for _ in range(cycles):
        switches.answered()
        cpu, wall = _cpu(children), time.perf_counter()
        await cycle()
        wall, cpu = time.perf_counter() - wall, _cpu(children) - cpu
        costs.append(Cost(cpu, wall, switches.answered()))
    return min(costs, key=lambda cost: cost.cpu_s)


async def dutyroom(switches: Switches, cycles: int) -> Cost:
    """Every switch polled by its source, as the watch does."""
    thread = SnmpThread()
    access = SnmpAccess("2c", community=Secret("plain"))
    sources = [
        NetworkSource(NetworkDevice(f"sw-{port}", "sw", "127.0.0.1", access, port), thread) for port in switches.ports
    ]

    async def cycle() -> None:
        samples = await asyncio.gather(*(source.sample(NOW) for source in sources))
        if any(sample.state is not State.OK for sample in samples):
            raise RuntimeError(f"not every switch was read: {[s.detail for s in samples if s.state is not State.OK]}")

    try:
        return await best(switches, cycle, cycles)
    finally:
        thread.close()


async def bare_pysnmp(switches: Switches, cycles: int) -> Cost:
    """`bulk_cmd` with all columns at once, on one engine."""
    from pysnmp.hlapi.v3arch import asyncio as hlapi

    engine, community, context = hlapi.SnmpEngine(), hlapi.CommunityData("plain"), hlapi.ContextData()
    targets = [
        await hlapi.UdpTransportTarget.create(("127.0.0.1", port), timeout=2, retries=1) for port in switches.ports
    ]
    window = asyncio.Semaphore(AT_ONCE)

    async def read(target: object) -> None:
        cursors, live = {column: column for column in COLUMNS}, list(COLUMNS)
        async with window:
            while live:
                asked = [hlapi.ObjectType(hlapi.ObjectIdentity(cursors[column])) for column in live]
                wrong, status, _, rows = await hlapi.bulk_cmd(
                    engine, community, target, context, 0, VARBINDS // len(live), *asked, lookupMib=False
                )
                if wrong or status:
                    raise RuntimeError(f"pysnmp: {wrong or status}")
                ended = set()
                for place, (name, _) in enumerate(rows):
                    column, name = live[place % len(live)], tuple(name)
                    if name[: len(column)] == column and name > cursors[column]:
                        cursors[column] = name
                    else:
                        ended.add(column)
                live = [column for column in live if column not in ended]

    async def cycle() -> None:
        await asyncio.gather(*(read(target) for target in targets))

    try:
        return await best(switches, cycle, cycles)
    finally:
        engine.close_dispatcher()


async def snmpbulkwalk(switches: Switches, program: str) -> Cost:
    """A process for every column of every switch, some at a time."""
    window = asyncio.Semaphore(PROCESSES)

    async def walk(port: int, column: Oid) -> None:
        async with window:
            process = await asyncio.create_subprocess_exec(
                *(program, "-v2c", "-cplain", "-On", "-m", "", "-Cr25", f"127.0.0.1:{port}", dotted(column)),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            if await process.wait():
                raise RuntimeError("snmpbulkwalk failed")

    async def cycle() -> None:
        await asyncio.gather(*(walk(port, column) for port in switches.ports for column in COLUMNS))

    return await best(switches, cycle, 1, children=True)


def line(name: str, cost: Cost, reference: Cost) -> str:
    """One line of the table; ratios against bare pysnmp."""
    return (
        f"  {name:16} {cost.varbinds:7} varbinds  {cost.cpu_ms_per_1000:7.1f} ms CPU per 1000"
        f"  {1000 * cost.wall_s:8.1f} ms a cycle"
        f"  CPU of a cycle x {cost.cpu_s / reference.cpu_s:5.2f}  wall x {cost.wall_s / reference.wall_s:5.2f}"
    )


def alone(client: str, count: int) -> Cost:
    """The cost of `dutyroom` or `pysnmp` for that many switches, in this process: dutyroom changes pysnmp's decoder."""
    with running(count) as switches:
        return asyncio.run((dutyroom if client == "dutyroom" else bare_pysnmp)(switches, CYCLES))


def measure(count: int) -> tuple[Cost, Cost]:
    """Prints the lines for that many switches; the costs of dutyroom and of bare pysnmp."""
    costs = []
    for client in ("dutyroom", "pysnmp"):
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            costs.append(process.submit(alone, client, count).result())
    ours, reference = costs
    print(f"{count} switches")
    print(line("bare pysnmp", reference, reference))
    print(line("dutyroom", ours, reference))
    program = shutil.which("snmpbulkwalk")
    if program is None:
        print("  snmpbulkwalk     not installed")
    else:
        with running(count) as switches:
            print(line("snmpbulkwalk", asyncio.run(snmpbulkwalk(switches, program)), reference))
    return ours, reference


def main(arguments: list[str]) -> int:
    """Prints the table and holds it against the target; 1 when it is missed."""
    counts = tuple(int(argument) for argument in arguments) or COUNTS
    found = {count: measure(count) for count in counts}
    ratio = max(max(ours.cpu_s / bare.cpu_s, ours.wall_s / bare.wall_s) for ours, bare in found.values())
    each = [ours.cpu_s / count for count, (ours, _) in found.items()]
    print(f"dutyroom against bare pysnmp: at most x {ratio:.2f} (target {TARGET})")
    print(f"CPU of a cycle for each switch: {' '.join(f'{1000 * one:.1f}' for one in each)} ms")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
