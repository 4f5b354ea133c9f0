"""What is made of the values: uptime over the wrap, interface quirks, memory, and what the package may import."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess
from dutyroom.model.facts import DeviceFacts, Volume
from dutyroom.model.reading import State
from dutyroom.sources.snmp import mib, resources
from dutyroom.sources.snmp.answers import Value
from dutyroom.sources.snmp.device import NetworkSource
from dutyroom.sources.snmp.interfaces import speed_bps
from dutyroom.sources.snmp.thread import SnmpThread
from dutyroom.sources.snmp.uptime import WRAP_S, UptimeMemory
from tests.snmp_fakes import IF_TABLE, IF_X_TABLE, SYSTEM, FakeAgent, integer, octets, oid_value, switch

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PACKAGE = Path(__file__).resolve().parents[2] / "dutyroom" / "sources" / "snmp"


@pytest.fixture(scope="module")
def thread() -> Iterator[SnmpThread]:
    running = SnmpThread(timeout_s=0.3, deadline_s=3.0)
    yield running
    running.close()


def network(agent: FakeAgent, thread: SnmpThread) -> NetworkSource:
    access = SnmpAccess("2c", community=Secret("plain"))
    return NetworkSource(NetworkDevice("sw", "sw", "127.0.0.1", access, agent.port), thread)


async def facts_of(asking: NetworkSource) -> DeviceFacts:
    sample = await asking.sample(NOW)
    assert sample.state is State.OK, sample.detail
    assert sample.device is not None
    return sample.device


def test_uptime_counts_a_wrap_it_saw_and_a_restart_starts_again() -> None:
    memory = UptimeMemory()
    assert memory.read(2**32 - 1000, (), 0.0) == (2**32 - 1000) / 100
    assert memory.read(2000, (), 30.0) == pytest.approx(WRAP_S + 20)
    assert memory.read(5000, (), 60.0) == pytest.approx(WRAP_S + 50)
    assert memory.read(100, (), 90.0) == 1.0


@pytest.mark.parametrize(
    ("ticks", "clocks", "expected"),
    [
        (12345, (None, None), 123.45),
        (12345, (WRAP_S + 150, None), WRAP_S + 123.45),
        (12345, (None, 2 * WRAP_S + 130), 2 * WRAP_S + 123.45),
        (12345, (58 * 86400.0, 90 * 86400.0), 123.45),
        (1747082970, (17471443.0, None), 17470829.7),
        (0, (78536.0, None), 78536.0),
        (None, (None, 42.0), 42.0),
        (0, (None, None), 0.0),
        (None, (None, None), None),
    ],
)
def test_uptime_believes_a_longer_clock_only_where_it_tells_whole_wraps(
    ticks: int | None, clocks: tuple[float | None, ...], expected: float | None
) -> None:
    assert UptimeMemory().read(ticks, clocks, 0.0) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("speed", "high", "expected"),
    [
        (10**9, 1000, 10**9),
        (2**32 - 1, 10000, 10**10),
        (2**32 - 1, None, None),
        (2**32 - 1, 0, None),
        (10**8, 0, 10**8),
        (10**8, 10**8, 10**8),
        (10**9, 10000, 10**9),
        (2820130816, 20000, 20 * 10**9),
        (0, 1000, 10**9),
        (0, 0, 0),
        (None, 40000, 40 * 10**9),
        (None, None, None),
    ],
)
def test_speed_survives_the_ways_agents_get_it_wrong(speed: int | None, high: int | None, expected: int | None) -> None:
    assert speed_bps(speed, high) == expected


async def test_without_ifxtable_names_and_counters_come_from_iftable(thread: SnmpThread) -> None:
    tree = {name: value for name, value in switch(3).items() if name[:10] != IF_X_TABLE}
    tree[(*IF_TABLE, 2, 3)] = octets("")
    with FakeAgent(tree) as agent:
        asking = network(agent, thread)
        for _ in range(2):
            rows = (await facts_of(asking)).interfaces
            assert [row.name for row in rows] == ["Port 1", "Port 2", "if3"]
            assert [row.in_octets for row in rows] == [1000, 2000, 3000]
            assert [row.alias for row in rows] == ["", "", ""]


async def test_a_row_without_high_capacity_counters_uses_the_low_ones(thread: SnmpThread) -> None:
    tree = switch(3)
    del tree[(*IF_X_TABLE, 6, 2)]
    del tree[(*IF_TABLE, 14, 2)]
    with FakeAgent(tree) as agent:
        asking = network(agent, thread)
        for _ in range(2):
            rows = (await facts_of(asking)).interfaces
            assert [row.in_octets for row in rows] == [10**12, 2000, 3 * 10**12]
            assert [row.in_errors for row in rows] == [1, None, 3]


async def test_later_polls_ask_only_for_what_changes(thread: SnmpThread) -> None:
    with FakeAgent(switch(20)) as agent:
        asking = network(agent, thread)
        await facts_of(asking)
        first, agent.requests = agent.requests, 0
        await facts_of(asking)
        assert agent.requests < first / 1.5


async def test_a_device_that_gives_its_clocks_no_more_is_still_alive(thread: SnmpThread) -> None:
    with FakeAgent(switch(3) | {mib.ENGINE_TIME: integer(1234), mib.ENGINE_BOOTS: integer(2)}) as agent:
        asking = network(agent, thread)
        first = await facts_of(asking)
        assert (first.engine_time_s, first.boots, first.agent_uptime_s) == (1234.0, 2, 1234.56)
        agent.tree = switch(3) | {mib.ENGINE_TIME: b"\x4f\x01\x01"}
        sample = await asking.sample(NOW)
        assert sample.device is not None
        assert sample.device.uptime_s == 1234.56
        assert (sample.device.engine_time_s, sample.device.boots) == (None, None)
        assert len(sample.device.interfaces) == 3


@pytest.mark.parametrize("change", ["restart", "new port", "last change"])
async def test_names_are_read_again_when_something_says_so(thread: SnmpThread, change: str) -> None:
    with FakeAgent({**switch(3), mib.IF_TABLE_LAST_CHANGE: integer(4, 0x43)}) as agent:
        asking = network(agent, thread)
        await facts_of(asking)
        ports = 4 if change == "new port" else 3
        tree = switch(ports, uptime=99 if change == "restart" else 200000)
        if change == "last change":
            tree[mib.IF_TABLE_LAST_CHANGE] = integer(5, 0x43)
        tree[(*IF_X_TABLE, 1, 2)] = octets("renamed")
        agent.tree = tree
        rows = (await facts_of(asking)).interfaces
        assert len(rows) == ports
        assert rows[1].name == "renamed"


async def test_a_table_that_vanished_is_missing_and_not_zero_ports(thread: SnmpThread) -> None:
    with FakeAgent(switch(3)) as agent:
        asking = network(agent, thread)
        await facts_of(asking)
        agent.tree = {name: value for name, value in agent.tree.items() if name[:7] == SYSTEM}
        sample = await asking.sample(NOW)
        assert sample.state is State.PARTIAL
        assert "ifTable: no rows" in sample.detail
        assert sample.device is not None
        assert all(row.oper == "missing" for row in sample.device.interfaces)


async def test_a_device_replaced_at_its_address_is_found_again(thread: SnmpThread) -> None:
    with FakeAgent(switch(2)) as agent:
        asking = network(agent, thread)
        await facts_of(asking)
        port = agent.port
    for _ in range(3):
        assert (await asking.sample(NOW)).state in (State.UNREACHABLE, State.TIMEOUT)
    with FakeAgent(switch(2), port=port):
        assert len((await facts_of(asking)).interfaces) == 2


def storage(
    *rows: tuple[tuple[int, ...], str, int, int],
) -> dict[tuple[int, ...], dict[tuple[int, ...], Value]]:
    cells: dict[tuple[int, ...], dict[tuple[int, ...], Value]] = {c: {} for c in resources.STORAGE}
    for index, (kind, descr, size, used) in enumerate(rows):
        values: tuple[Value, ...] = (kind, descr.encode(), 1024, size, used)
        for column, value in zip(resources.STORAGE, values, strict=True):
            cells[column][(index,)] = value
    return cells


def test_memory_leaves_out_what_the_kernel_gives_back() -> None:
    other = (*mib.HR_STORAGE_RAM[:-1], 1)
    cells = storage(
        (mib.HR_STORAGE_RAM, "Physical memory", 1000, 900),
        (other, "Memory buffers", 1000, 100),
        (other, "Cached memory", 300, 300),
    )
    assert resources.storage_memory_percent(cells) == 50.0
    assert resources.storage_memory_percent(storage()) is None


def test_disks_are_fixed_disks_by_mount_and_survive_a_negative_size() -> None:
    disk = mib.HR_STORAGE_FIXED_DISK
    cells = storage(
        (disk, "/", 200, 50),
        (disk, "/", 200, 60),
        (disk, "/run/lock", 10, 10),
        (disk, "/data", -(2**31), 2**30),
        (disk, "/empty", 0, 0),
        (mib.HR_STORAGE_RAM, "Physical memory", 10, 5),
    )
    assert resources.volumes(cells) == (Volume("/", 25.0), Volume("/data", 50.0))


def test_processor_load_is_the_mean_of_the_cores() -> None:
    assert resources.processor_percent({(1,): 10, (2,): 30, (3,): 65535}) == 20.0
    assert resources.processor_percent({}) is None


async def test_hundred_cores_and_storage_of_a_device_are_read(thread: SnmpThread) -> None:
    tree = switch(1)
    for core in range(100):
        tree[(*mib.HR_PROCESSOR_LOAD, 196608 + core)] = integer(core)
    for column, value in ((2, oid_value(mib.HR_STORAGE_RAM)), (3, octets("main memory")), (4, integer(1024))):
        tree[(*mib.HR_STORAGE_TABLE, column, 65536)] = value
    tree[(*mib.HR_STORAGE_SIZE, 65536)] = integer(1000)
    tree[(*mib.HR_STORAGE_USED, 65536)] = integer(410)
    with FakeAgent(tree) as agent:
        facts = await facts_of(network(agent, thread))
    assert facts.cpu_percent == 49.5
    assert facts.memory_percent == 41.0


def test_nothing_in_the_room_can_write_to_a_device() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py")}
    assert "engine.py" in sources
    for name, source in sources.items():
        assert not re.search(r"set_cmd|SetCommand|SetRequest|SetPDU|\bhlapi\b", source), name


def test_pysnmp_is_imported_only_when_a_source_is_built() -> None:
    program = (
        "import sys; import dutyroom.sources.snmp.device, dutyroom.sources.snmp.server;"
        "from dutyroom.sources.snmp.thread import SnmpThread; SnmpThread().close();"
        "sys.exit(any(name.split('.')[0] in ('pysnmp', 'pyasn1') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=PACKAGE.parents[2]).returncode == 0
