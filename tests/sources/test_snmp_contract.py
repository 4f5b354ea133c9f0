"""What every reader of answers behind the session must do: the same questions, the same values, the same faults.

A reader that is added later is added to `READERS`, and everything here holds for it too.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator

import pytest

from dutyroom.model.devices import Secret, SnmpAccess
from dutyroom.model.reading import State
from dutyroom.sources.snmp import mib, varbinds
from dutyroom.sources.snmp.answers import (
    Absent,
    Counter32,
    Counter64,
    NoAnswer,
    Oid,
    Refused,
    SnmpFault,
    Unreadable,
    Value,
    Varbind,
)
from dutyroom.sources.snmp.session import Session, Sessions
from dutyroom.sources.snmp.thread import SnmpThread
from tests import snmp_peers
from tests.snmp_fakes import IF_TABLE, IF_X_TABLE, SYSTEM, FakeAgent, integer, octets, oid_value, switch, tlv

READERS = ("by hand", "pysnmp")
ODD: Oid = (1, 3, 6, 1, 4, 1, 99999, 1)
TYPES: tuple[tuple[bytes, Value], ...] = (
    (integer(-7), -7),
    (integer(2**31, 0x41), Counter32(2**31)),
    (integer(2**32 + 5, 0x41), Counter32(5)),
    (integer(-1, 0x42), 2**32 - 1),
    (integer(2**32 + 9, 0x43), 9),
    (integer(2**64 - 1, 0x46), Counter64(2**64 - 1)),
    (octets(b"\x00\xff"), b"\x00\xff"),
    (tlv(0x40, bytes((10, 0, 0, 1))), bytes((10, 0, 0, 1))),
    (oid_value((1, 3, 6, 1, 4, 1, 9)), (1, 3, 6, 1, 4, 1, 9)),
    (b"\x05\x00", Absent.NO_OBJECT),
)


def _leave_it(_data: bytes) -> list[Varbind]:
    raise varbinds.Unexpected


@pytest.fixture(params=READERS, autouse=True)
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pysnmp":
        monkeypatch.setattr(varbinds, "decode", _leave_it)
    return str(request.param)


@pytest.fixture(scope="module")
def thread() -> Iterator[SnmpThread]:
    running = SnmpThread(timeout_s=0.2, retries=1)
    yield running
    running.close()


@pytest.fixture(scope="module")
def agent() -> Iterator[FakeAgent]:
    tree = switch(6) | {(*ODD, place): raw for place, (raw, _) in enumerate(TYPES)}
    with FakeAgent(tree) as running:
        yield running


async def asked(
    agent: FakeAgent, thread: SnmpThread, how: str, question: Callable[[Session], Awaitable[object]]
) -> object:
    """What the question gives, or the fault it raises."""

    async def ask(sessions: Sessions) -> object:
        session = sessions.session(SnmpAccess("2c", community=Secret(how)), "127.0.0.1", agent.port)
        try:
            return await question(session)
        except SnmpFault as fault:
            return fault
        finally:
            sessions.drop(session)

    return await thread.run(ask)


async def test_a_get_gives_exactly_what_was_asked_and_says_what_is_absent(agent: FakeAgent, thread: SnmpThread) -> None:
    names = [(*SYSTEM, 5, 0), (*SYSTEM, 99, 0), (*IF_TABLE, 14, 3)]
    found = await asked(agent, thread, "plain", lambda session: session.get(names))
    assert found == {names[0]: "核心-1".encode(), names[1]: Absent.NO_INSTANCE, names[2]: Counter32(3)}


async def test_every_type_comes_as_the_plain_value_it_was_sent_as(agent: FakeAgent, thread: SnmpThread) -> None:
    found = await asked(agent, thread, "plain", lambda session: session.bulk([ODD], len(TYPES)))
    assert isinstance(found, list)
    assert found == [((*ODD, place), value) for place, (_, value) in enumerate(TYPES)]
    assert [type(value) for _, value in found] == [type(value) for _, value in TYPES]


async def test_a_bulk_answer_is_in_wire_order_and_tells_the_end_of_the_mib(
    agent: FakeAgent, thread: SnmpThread
) -> None:
    last = (*ODD, len(TYPES) - 1)
    found = await asked(agent, thread, "plain", lambda session: session.bulk([(*IF_TABLE, 8, 5), last], 2))
    assert found == [
        ((*IF_TABLE, 8, 6), 2),
        (last, Absent.END),
        ((*IF_TABLE, 10, 1), Counter32(1000)),
        (last, Absent.END),
    ]


async def test_what_follows_is_one_row_for_each_name(agent: FakeAgent, thread: SnmpThread) -> None:
    found = await asked(agent, thread, "plain", lambda session: session.following([(*IF_X_TABLE, 6), mib.IF_NUMBER]))
    assert found == [((*IF_X_TABLE, 6, 1), Counter64(10**12)), ((*IF_TABLE, 2, 1), b"Port 1")]


@pytest.mark.parametrize(
    ("how", "kind", "state"),
    [
        ("toobig", Refused, State.PROTOCOL),
        ("toobig-empty", Refused, State.PROTOCOL),
        ("generr", Refused, State.PROTOCOL),
        ("silent", NoAnswer, State.TIMEOUT),
        ("wrong-id", NoAnswer, State.TIMEOUT),
        ("other-port", NoAnswer, State.TIMEOUT),
        ("bad-tag", Unreadable, State.PROTOCOL),
    ],
)
async def test_a_question_that_fails_says_how_and_in_time(
    agent: FakeAgent, thread: SnmpThread, how: str, kind: type[SnmpFault], state: State
) -> None:
    began = time.monotonic()
    fault = await asked(agent, thread, how, lambda session: session.bulk([(*IF_TABLE, 14)], 20))
    assert isinstance(fault, kind)
    assert fault.state is state
    assert time.monotonic() - began < 1.5


async def test_an_answer_without_variables_is_empty_and_no_fault(agent: FakeAgent, thread: SnmpThread) -> None:
    assert await asked(agent, thread, "empty", lambda session: session.bulk([IF_TABLE], 5)) == []


async def test_a_lost_datagram_is_asked_again_and_a_false_one_ignored(agent: FakeAgent, thread: SnmpThread) -> None:
    for how in ("lossy", "spoofed"):
        for _ in range(4):
            found = await asked(agent, thread, how, lambda session: session.get([(*SYSTEM, 5, 0)]))
            assert found == {(*SYSTEM, 5, 0): "核心-1".encode()}


@pytest.mark.peer("snmpd", "snmpbulkwalk", "snmpget")
async def test_v3_reads_what_v2c_reads(thread: SnmpThread, tmp_path_factory: pytest.TempPathFactory) -> None:
    v3 = SnmpAccess(
        "3",
        user=snmp_peers.USER,
        auth="SHA-256",
        auth_password=Secret(snmp_peers.AUTH_PASSWORD),
        priv="AES-128",
        priv_password=Secret(snmp_peers.PRIV_PASSWORD),
    )
    v2c = SnmpAccess("2c", community=Secret(snmp_peers.COMMUNITY))

    with snmp_peers.running_snmpd(tmp_path_factory.mktemp("snmpd")) as snmpd:

        async def read(sessions: Sessions, access: SnmpAccess) -> list[Varbind]:
            session = sessions.session(access, "127.0.0.1", snmpd.port)
            try:
                return await session.bulk([mib.IF_DESCR, mib.IF_TYPE, mib.IF_NAME], 10)
            finally:
                sessions.drop(session)

        by_v3 = await thread.run(lambda sessions: read(sessions, v3))
        assert by_v3
        assert by_v3 == await thread.run(lambda sessions: read(sessions, v2c))
