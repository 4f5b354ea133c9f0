"""A Windows server as its SNMP service tells it: HOST-RESOURCES-MIB without UCD, drives by letter, GBK names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dutyroom.model.devices import Secret, Server, SnmpAccess
from dutyroom.model.facts import ServerFacts
from dutyroom.model.reading import State
from dutyroom.sources.snmp.server import SnmpServerSource
from dutyroom.sources.snmp.thread import SnmpThread
from tests.snmp_fakes import IF_TABLE, SYSTEM, FakeAgent, Oid, integer, octets, oid_value

NOW = datetime(2026, 11, 24, 0, 41, tzinfo=UTC)
HR: Oid = (1, 3, 6, 1, 2, 1, 25)
STORAGE: Oid = (*HR, 2, 3, 1)
KINDS = {"ram": 2, "virtual": 3, "fixed": 4, "removable": 5, "compact": 7}
# kind, description, bytes a unit, units, units used
DISKS = (
    ("removable", "A:\\", 0, 0, 0),
    ("fixed", "C:\\ Label:系统  Serial Number 1a2b3c4d", 4096, 26_000_000, 13_000_000),
    ("compact", "D:\\", 0, 0, 0),
    # More units than a signed 32-bit number holds: it comes round as a negative one.
    ("fixed", "E:\\ Label:  Serial Number deadbeef", 512, 3_000_000_000, 2_400_000_000),
    ("virtual", "Virtual Memory", 65536, 300_000, 60_000),
    ("ram", "Cache card", 65536, 900_000, 1),
    ("ram", "Physical Memory", 65536, 262_144, 131_072),
)


def signed(value: int) -> int:
    """The value as an Integer32 that overflowed."""
    return value - 2**32 if value >= 2**31 else value


def windows() -> dict[Oid, bytes]:
    """The tree of a Windows Server with two processors and one card."""
    tree = {
        (*SYSTEM, 1, 0): octets("Hardware: Intel64 Family 6 - Software: Windows Version 6.3"),
        (*SYSTEM, 2, 0): oid_value((1, 3, 6, 1, 4, 1, 311, 1, 1, 3, 1, 2)),
        (*SYSTEM, 3, 0): integer(900, 0x43),
        (*SYSTEM, 5, 0): octets("HIS-APP"),
        (*HR, 1, 1, 0): integer(8_640_000, 0x43),
        (*HR, 3, 3, 1, 2, 7): integer(20),
        (*HR, 3, 3, 1, 2, 8): integer(61),
    }
    for index, (kind, descr, unit, size, used) in enumerate(DISKS, 1):
        cells = (
            (2, oid_value((*HR, 2, 1, KINDS[kind]))),
            (3, octets(descr.encode("gb18030"))),
            (4, integer(unit)),
            (5, integer(signed(size))),
            (6, integer(signed(used))),
        )
        tree.update({(*STORAGE, column, index): value for column, value in cells})
    names = ("Software Loopback Interface 1", "本地连接", "本地连接-WFP Native MAC Layer LightWeight Filter-0000")
    for index, (name, type_) in enumerate(zip(names, (24, 6, 6), strict=True), 1):
        for column, value in (
            (2, octets(name.encode("gb18030") + b"\x00")),
            (3, integer(type_)),
            (7, integer(1)),
            (8, integer(1)),
            (14, integer(3, 0x41)),
            (20, integer(1, 0x41)),
        ):
            tree[(*IF_TABLE, column, index)] = value
    return tree


@pytest.fixture
def thread() -> Iterator[SnmpThread]:
    """A thread for the sources of a test."""
    made = SnmpThread()
    yield made
    made.close()


async def asked(tree: dict[Oid, bytes], thread: SnmpThread) -> tuple[State, str, ServerFacts]:
    """What the source makes of a tree."""
    with FakeAgent(tree) as agent:
        access = SnmpAccess("2c", community=Secret("plain"))
        source = SnmpServerSource(Server("his-app", "HIS app", "snmp", "127.0.0.1", agent.port, access), thread)
        sample = await source.sample(NOW)
        await source.aclose()
    assert sample.server is not None, sample.detail
    return sample.state, sample.detail, sample.server


async def test_everything_windows_tells_is_read_and_nothing_else_is_missing(thread: SnmpThread) -> None:
    state, detail, facts = await asked(windows(), thread)
    assert (state, detail) == (State.OK, "")
    assert facts.cpu_percent == 40.5
    assert facts.memory_percent == 50.0
    assert facts.uptime_s == 86400.0
    # Windows has no load average: that is unknown, and no trouble.
    assert facts.load_1m is None
    assert [(volume.mount, volume.used_percent) for volume in facts.volumes] == [("C:", 50.0), ("E:", 80.0)]
    assert [(link.name, link.up, link.errors) for link in facts.network] == [("本地连接", True, 4)]
    assert facts.temperatures == ()


async def test_a_view_without_the_storage_table_is_partial_and_says_what_is_missing(thread: SnmpThread) -> None:
    tree = {name: value for name, value in windows().items() if name[: len(STORAGE)] != STORAGE}
    state, detail, facts = await asked(tree, thread)
    assert (state, facts.memory_percent, facts.volumes) == (State.PARTIAL, None, ())
    assert facts.cpu_percent == 40.5
    assert "memory: not answered" in detail
    assert "disks: not answered" in detail


async def test_sensors_of_linux_are_read_in_degrees(thread: SnmpThread) -> None:
    table: Oid = (1, 3, 6, 1, 4, 1, 2021, 13, 16, 2, 1)
    tree = windows()
    for index, (name, milli) in enumerate((("Core 0", 41_000), ("no probe", 0), ("burnt", 4_294_000_000)), 1):
        tree |= {(*table, 2, index): octets(name), (*table, 3, index): integer(milli, 0x42)}
    _state, _detail, facts = await asked(tree, thread)
    assert [(one.name, one.celsius) for one in facts.temperatures] == [("Core 0", 41.0)]
