"""The SNMP source against an agent that misbehaves in a known way: right rows or an honest `partial`, in time."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dutyroom.inert import inert
from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess
from dutyroom.model.reading import Sample, State
from dutyroom.sources.snmp.device import NetworkSource
from dutyroom.sources.snmp.session import Sessions
from dutyroom.sources.snmp.thread import SnmpThread
from tests.snmp_fakes import GETBULK, IF_TABLE, IF_X_TABLE, SYSTEM, FakeAgent, integer, octets, switch

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def agent() -> Iterator[FakeAgent]:
    with FakeAgent() as running:
        yield running


@pytest.fixture(scope="module")
def thread() -> Iterator[SnmpThread]:
    running = SnmpThread(timeout_s=0.3, retries=1, deadline_s=3.0)
    yield running
    running.close()


def source(agent: FakeAgent, thread: SnmpThread, how: str, also_from: tuple[str, ...] = ()) -> NetworkSource:
    access = SnmpAccess("2c", community=Secret(how))
    return NetworkSource(NetworkDevice("sw", "sw", "127.0.0.1", access, agent.port, also_from=also_from), thread)


async def poll(agent: FakeAgent, thread: SnmpThread, how: str) -> Sample:
    async with asyncio.timeout(10):
        return await source(agent, thread, how).sample(NOW)


def assert_all_rows_are_right(sample: Sample, ports: int = 24) -> None:
    assert sample.device is not None
    rows = sample.device.interfaces
    assert [row.index for row in rows] == list(range(1, ports + 1))
    for row in rows:
        assert row.name == f"GE0/0/{row.index}"
        assert row.descr == f"Port {row.index}"
        assert row.oper == ("up" if row.index % 2 else "down")
        assert row.admin == ("down" if row.index == 4 else "up")
        assert (row.in_octets, row.out_octets) == (row.index * 10**12, row.index * 2 * 10**12)
        assert (row.in_errors, row.out_errors) == (row.index, 0)
        assert (row.in_discards, row.out_discards) == (0, row.index + 1)
        assert row.speed_bps == 10**9


@pytest.mark.parametrize(
    "how", ["plain", "toobig", "toobig-empty", "generr", "truncated", "lossy", "spoofed", "disordered"]
)
async def test_every_row_is_right_whatever_the_agent_does_to_the_questions(
    agent: FakeAgent, thread: SnmpThread, how: str
) -> None:
    sample = await poll(agent, thread, how)
    assert (sample.state, sample.detail) == (State.OK, "")
    assert_all_rows_are_right(sample)
    assert sample.device is not None
    assert sample.device.sys_name == "核心-1"
    assert sample.device.vendor == "Huawei"
    assert sample.device.uptime_s == 1234.56
    assert sample.device.interfaces[0].alias == "上联"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("loop", "OIDs do not increase"),
        ("decrease", "OIDs do not increase"),
        ("empty", "empty answers"),
        ("more", "more values than asked for"),
        ("endless", "more than 5000 rows"),
        ("half", "no answer"),
        ("poisoned", "genErr"),
        ("bad-tag", "cannot be decoded"),
    ],
)
async def test_what_could_not_be_read_is_named_and_never_silently_short(
    agent: FakeAgent, thread: SnmpThread, how: str, why: str
) -> None:
    sample = await poll(agent, thread, how)
    assert sample.state is State.PARTIAL
    assert "ifTable" in sample.detail
    assert why in sample.detail or "deadline" in sample.detail


@pytest.mark.parametrize("how", ["poisoned", "bad-tag"])
async def test_only_the_unreadable_cell_is_lost(agent: FakeAgent, thread: SnmpThread, how: str) -> None:
    sample = await poll(agent, thread, how)
    assert sample.device is not None
    rows = sample.device.interfaces
    assert [row.in_errors for row in rows] == [None if row.index == 3 else row.index for row in rows]
    assert [row.out_discards for row in rows] == [row.index + 1 for row in rows]


async def test_a_walk_that_jumps_back_keeps_the_other_columns(agent: FakeAgent, thread: SnmpThread) -> None:
    sample = await poll(agent, thread, "decrease")
    assert sample.device is not None
    rows = sample.device.interfaces
    assert [row.oper for row in rows[9:]] == ["missing"] * 15
    assert [row.admin for row in rows] == ["down" if row.index == 4 else "up" for row in rows]


@pytest.mark.parametrize("how", ["silent", "other-port", "wrong-id"])
async def test_an_answer_that_is_not_the_devices_is_no_answer(agent: FakeAgent, thread: SnmpThread, how: str) -> None:
    sample = await poll(agent, thread, how)
    assert sample.state is State.TIMEOUT
    assert sample.device is None
    assert "answer" in sample.detail


async def test_a_spoofed_port_is_dropped_and_counted(agent: FakeAgent, thread: SnmpThread) -> None:
    asking = source(agent, thread, "spoofed")
    sample = await asking.sample(NOW)
    assert_all_rows_are_right(sample)
    assert asking.dropped >= 5


async def test_an_answer_from_another_address_counts_only_when_the_site_file_says_so(
    agent: FakeAgent, thread: SnmpThread
) -> None:
    async def allowed(sessions: Sessions) -> frozenset[tuple[str, int]]:
        session = sessions.session(SnmpAccess("2c", community=Secret("plain")), "127.0.0.1", agent.port, ["127.0.0.9"])
        await session.get([(*SYSTEM, 3, 0)])
        return session.guard.allowed

    assert await thread.run(allowed) == {("127.0.0.1", agent.port), ("127.0.0.9", agent.port)}


async def test_another_variable_than_asked_for_is_a_protocol_fault(agent: FakeAgent, thread: SnmpThread) -> None:
    sample = await poll(agent, thread, "other-oid")
    assert sample.state is State.PROTOCOL
    assert sample.device is None


async def test_junk_never_reaches_the_loop_and_never_gives_a_value(agent: FakeAgent, thread: SnmpThread) -> None:
    reached: list[object] = []

    async def listen(_: Sessions) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reached.append(context))

    async def stop_listening(_: Sessions) -> None:
        asyncio.get_running_loop().set_exception_handler(None)

    await thread.run(listen)
    asking = source(agent, thread, "junk")
    for _ in range(25):
        sample = await asking.sample(NOW)
        assert sample.state in (State.PROTOCOL, State.TIMEOUT)
        assert sample.device is None
    await thread.run(stop_listening)
    assert reached == []
    assert agent.requests >= 25


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ((*IF_TABLE, 14, 3), integer(2**32 + 5, 0x41), ("in_errors", 5)),
        ((*IF_TABLE, 14, 3), integer(-1, 0x41), ("in_errors", 2**32 - 1)),
        ((*IF_X_TABLE, 6, 3), integer(-1, 0x46), ("in_octets", 2**64 - 1)),
        ((*IF_TABLE, 14, 3), octets("7"), ("in_errors", None)),
        ((*IF_TABLE, 8, 3), integer(99), ("oper", "unknown")),
        ((*IF_TABLE, 8, 3), octets("up"), ("oper", "missing")),
        ((*IF_X_TABLE, 1, 3), integer(5), ("name", "Port 3")),
        ((*IF_X_TABLE, 1, 3), octets(b"GE3\x00 "), ("name", "GE3")),
        ((*IF_X_TABLE, 18, 3), octets("\x1b[31mred"), ("alias", inert("\x1b[31mred"))),
    ],
)
async def test_a_badly_encoded_cell_spoils_no_other(
    thread: SnmpThread, cell: tuple[int, ...], value: bytes, expected: tuple[str, object]
) -> None:
    with FakeAgent({**switch(6), cell: value}) as agent:
        sample = await poll(agent, thread, "plain")
    assert sample.state is State.OK
    assert sample.device is not None
    rows = sample.device.interfaces
    assert getattr(rows[2], expected[0]) == expected[1]
    assert [row.in_discards for row in rows] == [0] * 6


async def test_an_agent_without_getbulk_is_asked_with_getnext_from_then_on(
    agent: FakeAgent, thread: SnmpThread
) -> None:
    asking = source(agent, thread, "generr")
    await asking.sample(NOW)
    agent.pdus.clear()
    assert_all_rows_are_right(await asking.sample(NOW))
    assert GETBULK not in agent.pdus


async def test_a_device_whose_large_answers_get_lost_is_asked_for_less_from_then_on(
    agent: FakeAgent, thread: SnmpThread
) -> None:
    asking = source(agent, thread, "no-fragments")
    states = [(await asking.sample(NOW)).state for _ in range(2)]
    assert states[0] is State.PARTIAL
    agent.requests = 0
    sample = await asking.sample(NOW)
    assert sample.device is not None
    assert [row.oper for row in sample.device.interfaces] == ["up", "down"] * 12
    assert 5 < agent.requests < 60


async def test_a_dead_device_delays_no_other(agent: FakeAgent, thread: SnmpThread) -> None:
    order: list[str] = []

    async def ask(how: str) -> None:
        await source(agent, thread, how).sample(NOW)
        order.append(how)

    async with asyncio.TaskGroup() as group:
        for _ in range(30):
            group.create_task(ask("silent"))
        group.create_task(ask("plain"))
    assert order[0] == "plain"


async def test_a_cancelled_poll_ends_and_the_next_one_works(agent: FakeAgent, thread: SnmpThread) -> None:
    asking = source(agent, thread, "silent")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await asking.sample(NOW)
    assert_all_rows_are_right(await source(agent, thread, "plain").sample(NOW))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts file descriptors in /proc")
async def test_two_hundred_polls_open_no_further_file(thread: SnmpThread) -> None:
    with FakeAgent(switch(2)) as agent:
        asking = source(agent, thread, "plain")
        await asking.sample(NOW)
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(200):
            assert (await asking.sample(NOW)).state is State.OK
        assert len(os.listdir("/proc/self/fd")) == before


async def test_a_question_never_asks_for_more_than_a_hundred_values(agent: FakeAgent, thread: SnmpThread) -> None:
    await poll(agent, thread, "plain")
    assert 50 < agent.largest_question <= 100
