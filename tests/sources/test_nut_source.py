"""What a NUT source makes of every answer, and how it keeps the event loop free."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from dutyroom.errors import SourceError
from dutyroom.model.facts import Line
from dutyroom.model.reading import Kind, Sample, StaleBy, State
from dutyroom.sources.nut import NutSource
from dutyroom.sources.nut_server import NutServer
from dutyroom.sources.nut_session import FRUITLESS
from tests.fakes import CLOSE, DENIED, NO_DRIVER, STALE, FakeUpsd, Fault

NOW = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
UNITS = {
    "hall-a": {"ups.status": "OL CHRG", "battery.charge": "98", "battery.runtime": "5400", "ups.load": "23"},
    "rack-b": {"ups.status": "OB DISCHRG", "battery.charge": "54", "battery.runtime": "600"},
}


@pytest.fixture
def upsd() -> Iterator[FakeUpsd]:
    with FakeUpsd(UNITS) as running:
        yield running


@pytest.fixture
async def server(upsd: FakeUpsd) -> AsyncIterator[NutServer]:
    opened = NutServer("127.0.0.1", upsd.port, deadline_s=5)
    yield opened
    await opened.aclose()


@pytest.fixture
def source(server: NutServer) -> NutSource:
    return NutSource("ups-a", "hall-a", server)


def nothing_is_claimed(sample: Sample) -> bool:
    return not sample.state.knows and sample.ups is None


async def test_a_complete_answer_is_a_sample_with_facts(source: NutSource) -> None:
    sample = await source.sample(NOW)
    assert (sample.source, sample.kind, sample.state, sample.detail) == ("ups-a", Kind.UPS, State.OK, "")
    assert sample.ups is not None
    assert (sample.ups.line, sample.ups.charge_percent, sample.ups.runtime_s) == (Line.MAINS, 98.0, 5400.0)
    assert sample.took_s is not None
    assert sample.took_s > 0
    assert sample.at == NOW + timedelta(seconds=sample.took_s)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (STALE, State.STALE),
        (NO_DRIVER, State.NO_DRIVER),
        (DENIED, State.DENIED),
        (Fault(error="USERNAME-REQUIRED"), State.DENIED),
        (Fault(error="FEATURE-NOT-SUPPORTED"), State.PROTOCOL),
        (Fault(raw=b"Welcome\n"), State.PROTOCOL),
        (CLOSE, State.UNREACHABLE),
        (Fault(cut_after=60), State.UNREACHABLE),
    ],
)
async def test_trouble_is_a_state_with_a_detail_and_no_value(
    source: NutSource, upsd: FakeUpsd, fault: Fault, state: State
) -> None:
    upsd.fault = fault
    sample = await source.sample(NOW)
    assert sample.state is state
    assert sample.detail
    assert nothing_is_claimed(sample)
    assert sample.stale_by is (StaleBy.DRIVER if state is State.STALE else None)
    upsd.fault = None
    assert (await source.sample(NOW)).state is State.OK


async def test_a_driver_without_data_yet_is_a_wait_from_which_nothing_is_inferred(
    source: NutSource, upsd: FakeUpsd
) -> None:
    upsd.units["hall-a"]["ups.status"] = "WAIT"
    sample = await source.sample(NOW)
    assert sample.state is State.WAIT
    assert nothing_is_claimed(sample)


@pytest.mark.parametrize("status", [None, "", " "])
async def test_a_list_without_a_status_is_a_partial_sample(
    source: NutSource, upsd: FakeUpsd, status: str | None
) -> None:
    del upsd.units["hall-a"]["ups.status"]
    if status is not None:
        upsd.units["hall-a"]["ups.status"] = status
    sample = await source.sample(NOW)
    assert (sample.state, sample.detail) == (State.PARTIAL, "no ups.status")
    assert sample.ups is not None
    assert (sample.ups.line, sample.ups.charge_percent) == (Line.UNKNOWN, 98.0)


async def test_an_unknown_name_tells_what_the_server_offers(server: NutServer) -> None:
    sample = await NutSource("ups-a", "hall-c", server).sample(NOW)
    assert sample.state is State.UNKNOWN_NAME
    assert sample.detail == "the server has no UPS named hall-c; it offers hall-a, rack-b"
    assert nothing_is_claimed(sample)


async def test_a_name_that_is_no_name_is_unknown_and_not_sent(server: NutServer, upsd: FakeUpsd) -> None:
    sample = await NutSource("ups-a", "a\nFSD a", server).sample(NOW)
    assert sample.state is State.UNKNOWN_NAME
    assert upsd.log == ["LIST UPS"]


async def test_an_unknown_name_is_said_even_when_the_server_offers_nothing(server: NutServer, upsd: FakeUpsd) -> None:
    upsd.units.clear()
    sample = await NutSource("ups-a", "hall-a", server).sample(NOW)
    assert (sample.state, sample.detail) == (State.UNKNOWN_NAME, "the server has no UPS named hall-a; it offers none")


async def test_nobody_listening_is_unreachable(upsd: FakeUpsd) -> None:
    port = upsd.port
    upsd.close()
    server = NutServer("127.0.0.1", port, deadline_s=2)
    sample = await NutSource("ups-a", "hall-a", server).sample(NOW)
    assert sample.state is State.UNREACHABLE
    assert "refused" in sample.detail
    await server.aclose()


async def test_a_silent_server_is_a_timeout_and_the_loop_runs_on_meanwhile(upsd: FakeUpsd) -> None:
    upsd.fault = Fault(stall_after=30)
    server = NutServer("127.0.0.1", upsd.port, deadline_s=0.2)
    source = NutSource("ups-a", "hall-a", server)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.005)

    async with asyncio.TaskGroup() as group:
        counting = group.create_task(count())
        sample = await source.sample(NOW)
        counting.cancel()
    assert sample.state is State.TIMEOUT
    assert nothing_is_claimed(sample)
    assert turns > 2
    await source.aclose()


async def test_a_hung_server_piles_up_no_work(upsd: FakeUpsd) -> None:
    upsd.fault = Fault(stall_after=30)
    server = NutServer("127.0.0.1", upsd.port, deadline_s=0.5)
    sources = [NutSource(f"ups-{number}", "hall-a", server) for number in range(8)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(source.sample(NOW)) for source in sources]
    assert {task.result().state for task in tasks} == {State.TIMEOUT}
    assert upsd.connections <= FRUITLESS
    assert len(upsd.log) <= FRUITLESS
    asked = len(upsd.log)
    upsd.fault = None
    upsd.resume.set()
    assert [(await source.sample(NOW)).state for source in sources] == [State.OK] * 8
    assert len(upsd.log) - asked <= 8 + FRUITLESS
    await server.aclose()


async def test_a_worker_that_cannot_end_is_given_up_and_what_waits_behind_it_is_never_sent(
    upsd: FakeUpsd, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name lookup in the system's resolver is the one thing a session cannot cut short.
    server = NutServer("127.0.0.1", upsd.port, deadline_s=0.1)
    stuck = threading.Event()
    true_lookup = __import__("socket").getaddrinfo

    def lookup(*words: object, **named: object) -> object:
        stuck.wait(30)
        return true_lookup(*words, **named)

    monkeypatch.setattr("dutyroom.sources.nut_wire.socket.getaddrinfo", lookup)
    sources = [NutSource(name, name, server) for name in UNITS]
    for _ in range(3):
        for source in sources:
            assert (await source.sample(NOW)).state is State.TIMEOUT
    stuck.set()
    monkeypatch.undo()
    assert upsd.log == []
    states = [(await sources[0].sample(NOW)).state for _ in range(20)]
    assert State.OK in states
    assert set(upsd.log) == {"LIST VAR hall-a"}
    await server.aclose()


async def test_sources_of_one_server_share_its_connection_and_never_mix(server: NutServer, upsd: FakeUpsd) -> None:
    sources = [NutSource(name, name, server) for name in UNITS] * 10
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(source.sample(NOW)) for source in sources]
    for task in tasks:
        sample = task.result()
        assert sample.ups is not None
        assert dict(sample.ups.variables) == UNITS[sample.source]
    assert upsd.connections == 1


async def test_a_restart_of_the_server_between_two_polls_costs_no_sample(source: NutSource, upsd: FakeUpsd) -> None:
    for _ in range(5):
        assert (await source.sample(NOW)).state is State.OK
        upsd.hang_up()
    assert upsd.connections == 5


async def test_a_cancelled_sample_leaves_the_queue(upsd: FakeUpsd, server: NutServer) -> None:
    upsd.faults["hall-a"] = Fault(stall_after=30)
    first, second = NutSource("a", "hall-a", server), NutSource("b", "rack-b", server)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(first.sample(NOW))
        assert await asyncio.to_thread(upsd.asked.wait, 10)
        queued = group.create_task(second.sample(NOW))
        await asyncio.sleep(0)
        queued.cancel()
        await asyncio.wait([queued])
        upsd.resume.set()
        assert (await running).state is State.OK
    assert queued.cancelled()
    assert upsd.log == ["LIST VAR hall-a"]


async def test_the_last_source_of_a_server_closes_it(upsd: FakeUpsd) -> None:
    server = NutServer("127.0.0.1", upsd.port)
    first, second = NutSource("a", "hall-a", server), NutSource("b", "rack-b", server)
    await first.sample(NOW)
    await first.aclose()
    await first.aclose()
    assert (await second.sample(NOW)).state is State.OK
    await second.aclose()
    with pytest.raises(SourceError):
        await second.sample(NOW)
    for thread in threading.enumerate():
        if thread.name.startswith(f"nut-127.0.0.1:{upsd.port}"):
            await asyncio.to_thread(thread.join, 10)
            assert not thread.is_alive()


async def test_closing_ends_a_question_under_way(upsd: FakeUpsd, server: NutServer, source: NutSource) -> None:
    upsd.fault = Fault(stall_after=30)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(source.sample(NOW))
        assert await asyncio.to_thread(upsd.asked.wait, 10)
        await server.aclose()
    assert running.result().state is State.UNREACHABLE
