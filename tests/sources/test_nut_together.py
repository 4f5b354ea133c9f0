"""Many UPSes on one upsd are asked together; one that spoils the stream costs the others nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from dutyroom import clock
from dutyroom.model.reading import Sample, State
from dutyroom.sources.nut import NutSource
from dutyroom.sources.nut_errors import NutError, NutServerError
from dutyroom.sources.nut_round import Answer, Asked
from dutyroom.sources.nut_server import NutServer
from dutyroom.sources.nut_session import WINDOW, NutSession
from dutyroom.sources.nut_wire import variables_of
from tests import thousand_polls_nut
from tests.fakes import STALE, FakeUpsd, Fault
from tests.nut_faults import faults, units

DEADLINE_S = 0.5


async def poll(sources: Iterable[NutSource]) -> dict[str, Sample]:
    """One poll of all of them at the same time."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(source.sample(clock.now())) for source in sources]
    return {task.result().source: task.result() for task in tasks}


def untrue(server: FakeUpsd, samples: Iterable[Sample]) -> list[str]:
    """The samples whose values are not those of their own UPS."""
    return [
        sample.source
        for sample in samples
        if sample.ups is not None
        and sample.ups.variable("battery.runtime") != server.units[sample.source]["battery.runtime"]
    ]


def answers(session: NutSession, names: Iterable[str], within_s: float) -> dict[str, Answer]:
    """What a session is told when it asks for all of them at once."""
    told: dict[str, Answer] = {}
    until = clock.monotonic() + within_s

    def telling(name: str, answer: Answer) -> None:
        assert name not in told, "told twice"
        told[name] = answer

    session.ask_all([Asked(variables_of(name), until, lambda a, n=name: telling(n, a)) for name in names])  # type: ignore[misc]
    return told


def test_more_questions_than_fit_on_the_wire_are_all_answered_on_one_connection() -> None:
    with FakeUpsd(units(WINDOW * 2 + 3)) as server, NutSession("127.0.0.1", server.port) as session:
        assert answers(session, server.units, 10) == server.units
        assert server.connections == 1
        assert len(server.log) == len(server.units)


def test_a_connection_that_died_while_idle_costs_none_of_many_its_answer() -> None:
    with FakeUpsd(units(5)) as server, NutSession("127.0.0.1", server.port) as session:
        for _ in range(5):
            assert answers(session, server.units, 10) == server.units
            server.hang_up()
        assert server.connections == 5


def test_an_err_belongs_to_its_own_question() -> None:
    with FakeUpsd(units(6)) as server, NutSession("127.0.0.1", server.port) as session:
        for stale in (["ups-00"], ["ups-02", "ups-03"], ["ups-05"], list(server.units)):
            server.faults = dict.fromkeys(stale, STALE)
            told = answers(session, server.units, 10)
            refused = {name: str(answer) for name, answer in told.items() if isinstance(answer, NutError)}
            assert refused == dict.fromkeys(stale, "ERR DATA-STALE")
            assert all(told[name] == server.units[name] for name in server.units if name not in stale)
            assert set(server.log) <= {"LIST UPS", *(f"LIST VAR {name}" for name in server.units)}
        assert server.connections == 1


def test_an_err_that_comes_late_is_not_taken_for_the_next_answer() -> None:
    with FakeUpsd(units(2)) as server, NutSession("127.0.0.1", server.port) as session:
        late = b"ERR DATA-STALE\n"
        for names in (["ups-00"], ["ups-00", "ups-01"]):
            session.list_ups()
            # It reaches the session between two answers, where nothing tells whose it is.
            server.faults = {"ups-00": Fault(raw=late + server.answer("ups-00"))}
            told = answers(session, names, 5)
            assert not any(isinstance(answer, NutServerError) for answer in told.values())
            assert told.get("ups-01", server.units["ups-01"]) == server.units["ups-01"]
            server.faults = {}
            assert answers(session, names, 5) == {name: server.units[name] for name in names}


def _spoiled(place: int) -> list[str]:
    """What went wrong with one of five UPSes spoiled in every way; nothing when all was well."""
    names = list(units(5))
    bad, wrong = names[place], []
    with FakeUpsd(units(5)) as server, NutSession("127.0.0.1", server.port) as session:
        for what, fault, _states in list(faults(server, bad, names[(place + 2) % 5])):
            for turn in range(2):
                server.faults = {bad: fault}
                server.resume.clear()
                told = answers(session, names, DEADLINE_S)
                others = {name: told[name] for name in names if name != bad}
                if others != {name: server.units[name] for name in others}:
                    wrong.append(f"{what}, turn {turn}: {others}")
                if not isinstance(told[bad], NutError) and what != "bad UTF-8" and told[bad] != server.units[bad]:
                    wrong.append(f"{what}, turn {turn}: {told[bad]}")
                server.resume.set()
            server.faults = {}
            if answers(session, names, 10) != server.units:
                wrong.append(f"{what}: not well again")
    return wrong


def test_one_ups_spoiled_in_any_way_costs_the_others_nothing_and_is_well_again_at_once() -> None:
    with ThreadPoolExecutor(3) as pool:
        assert [wrong for place in pool.map(_spoiled, (0, 2, 4)) for wrong in place] == []


@pytest.mark.parametrize("count", [1, 3])
async def test_each_way_to_spoil_an_answer_is_an_honest_state_within_the_deadline(count: int) -> None:
    # A shorter deadline than the stalls last, so that the test is quick; the same rules hold for three seconds.
    with FakeUpsd(units(count)) as server:
        nut = NutServer("127.0.0.1", server.port, deadline_s=0.3)
        sources = [NutSource(name, name, nut) for name in server.units]
        bad, last = min(server.units), max(server.units)
        for what, fault, states in [one for one in faults(server, bad, last, 23) if count > 1 or "wrong" not in one[0]]:
            server.faults = {bad: fault}
            server.resume.clear()
            began = clock.monotonic()
            samples = await poll(sources)
            assert clock.monotonic() - began < 1.0, what
            assert samples[bad].state in states, what
            assert samples[bad].detail or samples[bad].state is State.OK, what
            assert untrue(server, samples.values()) == [], what
            assert {samples[name].state for name in samples if name != bad} <= {State.OK}, what
            server.resume.set()
        await nut.aclose()


class OneByOne(FakeUpsd):
    """A server that takes one question from what it reads, and drops what came with it."""

    def _serve(self, client: socket.socket) -> None:
        with client:
            while read := client.recv(4096):
                question = read.split(b"\n")[0].decode()
                self.log.append(question)
                try:
                    self._say(client, question)
                except OSError:
                    return
        self._clients.discard(client)


@pytest.mark.parametrize("count", [2, 5, 40])
def test_a_server_that_takes_one_question_at_a_time_is_found_out_in_the_first_poll(count: int) -> None:
    with OneByOne(units(count)) as server, NutSession("127.0.0.1", server.port) as session:
        assert answers(session, server.units, 2) == server.units
        connections = server.connections
        began = clock.monotonic()
        assert answers(session, server.units, 2) == server.units
        assert clock.monotonic() - began < 0.5
        assert server.connections == connections


async def test_a_hung_server_delays_no_other_server() -> None:
    with FakeUpsd(units(3)) as hung, FakeUpsd(units(20)) as well:
        hung.fault = Fault(stall_after=20)
        servers = [NutServer("127.0.0.1", one.port, deadline_s=1.0) for one in (hung, well)]
        stuck = [NutSource(f"stuck-{name}", name, servers[0]) for name in hung.units]
        sources = [NutSource(name, name, servers[1]) for name in well.units]
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(poll(stuck))
            await asyncio.to_thread(hung.asked.wait, 10)
            for _ in range(10):
                samples = await poll(sources)
                assert {sample.state for sample in samples.values()} == {State.OK}
            assert not waiting.done()
        assert {sample.state for sample in waiting.result().values()} == {State.TIMEOUT}
        hung.resume.set()
        for server in servers:
            await server.aclose()


async def test_a_server_with_nobody_listening_is_tried_once_for_all_its_upses() -> None:
    with FakeUpsd({}) as gone:
        port = gone.port
    server = NutServer("127.0.0.1", port, deadline_s=5)
    began = clock.monotonic()
    samples = await poll([NutSource(f"ups-{number}", "hall-a", server) for number in range(30)])
    assert {sample.state for sample in samples.values()} == {State.UNREACHABLE}
    assert clock.monotonic() - began < 2
    await server.aclose()


async def test_polls_of_a_misbehaving_server_leave_nothing_behind() -> None:
    counts = await thousand_polls_nut.run(90)
    assert counts.wrong == []
    assert counts.descriptors[-1] <= counts.descriptors[0] + 4
    assert counts.threads[-1] <= counts.threads[0] + 2
    assert counts.grew < thousand_polls_nut.GROWTH_BYTES


async def test_a_defect_in_the_session_is_told_to_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeUpsd(units(1)) as upsd:
        server = NutServer("127.0.0.1", upsd.port)
        source = NutSource("ups-00", "ups-00", server)

        def broken(_self: NutSession, _asked: object) -> None:
            raise ZeroDivisionError("a defect")

        with monkeypatch.context() as patched:
            patched.setattr(NutSession, "ask_all", broken)
            with pytest.raises(ZeroDivisionError):
                await source.sample(clock.now())
        assert (await source.sample(clock.now())).state is State.OK
        await server.aclose()
