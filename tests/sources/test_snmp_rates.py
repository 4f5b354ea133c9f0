"""Rates, new errors and discards of ports from two readings, and when they are not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess
from dutyroom.model.facts import Interface
from dutyroom.sources.snmp import mib
from dutyroom.sources.snmp.answers import Counter32, Counter64, Value
from dutyroom.sources.snmp.device import NetworkSource
from dutyroom.sources.snmp.rates import RateMemory, increase
from dutyroom.sources.snmp.thread import SnmpThread
from tests.snmp_fakes import IF_TABLE, IF_X_TABLE, SYSTEM, FakeAgent, Oid, integer, switch

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GIGABIT = 10**9


@pytest.mark.parametrize(
    ("was", "now", "more"),
    [
        (Counter32(5), Counter32(9), 4),
        (Counter32(2**32 - 10), Counter32(20), 30),
        (Counter64(2**32 - 10), Counter64(2**32 + 20), 30),
        (Counter64(2**64 - 10), Counter64(20), 30),
        (Counter64(10**12), Counter64(5), None),
        (Counter32(1000), Counter32(5), None),
        (Counter32(1000), Counter64(5000), None),
        (7, 9, 2),
        (9, 7, None),
        (None, Counter32(1), None),
        (b"7", b"9", None),
    ],
)
def test_a_counter_goes_on_over_the_wrap_of_the_type_that_was_received(
    was: Value | None, now: Value | None, more: int | None
) -> None:
    assert increase(was, now) == more


def port(name: str = "Gi1", speed: int | None = GIGABIT) -> Interface:
    return Interface(1, name, speed_bps=speed)


def cells(octets: Value, errors: int = 0, discontinuity: int | None = 0) -> dict[Oid, dict[Oid, Value]]:
    found: dict[Oid, dict[Oid, Value]] = {
        mib.IF_HC_IN_OCTETS: {(1,): octets},
        mib.IF_IN_ERRORS: {(1,): Counter32(errors)},
        mib.IF_OUT_ERRORS: {(1,): Counter32(2 * errors)},
    }
    if discontinuity is not None:
        found[mib.IF_COUNTER_DISCONTINUITY] = {(1,): discontinuity}
    return found


def test_a_rate_is_bits_per_second_between_two_readings() -> None:
    memory = RateMemory()
    (first,) = memory.fill([port()], cells(Counter64(1000), errors=4), 100.0)
    assert (first.in_bps, first.out_bps, first.new_errors, first.new_discards) == (None, None, None, None)
    (second,) = memory.fill([port()], cells(Counter64(1000 + 125_000), errors=5), 120.0)
    assert (second.in_bps, second.out_bps) == (50_000.0, None)
    assert (second.new_errors, second.new_discards) == (3, None)


@pytest.mark.parametrize(
    ("later", "row", "at_s"),
    [
        (cells(Counter64(2000), discontinuity=77), port(), 120.0),
        (cells(Counter64(2000)), port("another"), 120.0),
        (cells(Counter64(1000 + int(1.3 * GIGABIT / 8 * 20))), port(), 120.0),
        (cells(Counter64(2000)), port(), 105.0),
        (cells(Counter64(5)), port(), 120.0),
        (cells(Counter32(2000)), port(), 120.0),
    ],
    ids=["discontinuity", "another name", "faster than the port", "too near", "set back", "another type"],
)
def test_a_rate_that_cannot_be_told_is_not_told(
    later: dict[Oid, dict[Oid, Value]], row: Interface, at_s: float
) -> None:
    memory = RateMemory()
    memory.fill([port()], cells(Counter64(1000)), 100.0)
    assert memory.fill([row], later, at_s)[0].in_bps is None


def test_nothing_is_compared_over_a_restart() -> None:
    memory = RateMemory()
    memory.fill([port()], cells(Counter64(1000)), 100.0)
    memory.forget()
    assert memory.fill([port()], cells(Counter64(2000)), 120.0)[0].in_bps is None
    assert memory.fill([port()], cells(Counter64(3000)), 140.0)[0].in_bps == 400.0


def test_a_32_bit_counter_of_a_fast_port_tells_nothing_once_it_may_have_gone_round() -> None:
    memory = RateMemory()
    memory.fill([port()], cells(Counter32(2**32 - 1000)), 100.0)
    assert memory.fill([port()], cells(Counter32(1500)), 120.0)[0].in_bps == 1000.0
    assert memory.fill([port()], cells(Counter32(2500)), 180.0)[0].in_bps is None
    assert memory.fill([port(speed=10**8)], cells(Counter32(8500)), 240.0)[0].in_bps == 800.0


def test_a_speed_in_another_unit_does_not_hide_the_rate() -> None:
    memory = RateMemory()
    memory.fill([port(speed=10_000)], cells(Counter64(0)), 100.0)
    assert memory.fill([port(speed=10_000)], cells(Counter64(125_000)), 110.0)[0].in_bps == 100_000.0


def test_who_asks_every_second_is_answered_over_at_least_ten() -> None:
    memory = RateMemory()
    rates = [memory.fill([port()], cells(Counter64(1000 * second)), 100.0 + second)[0].in_bps for second in range(40)]
    assert rates[:10] == [None] * 10
    assert rates[10:] == [8000.0] * 30


@pytest.fixture(scope="module")
def thread() -> Iterator[SnmpThread]:
    running = SnmpThread(timeout_s=0.3, deadline_s=3.0)
    yield running
    running.close()


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock of the source, to be set by hand."""
    at = [1000.0]
    monkeypatch.setattr("dutyroom.sources.snmp.device.monotonic", lambda: at[0])
    return at


def source(agent: FakeAgent, thread: SnmpThread) -> NetworkSource:
    access = SnmpAccess("2c", community=Secret("plain"))
    return NetworkSource(NetworkDevice("sw", "sw", "127.0.0.1", access, agent.port), thread)


async def ports(asking: NetworkSource) -> tuple[Interface, ...]:
    facts = (await asking.sample(NOW)).device
    assert facts is not None
    return facts.interfaces


async def test_a_polled_device_tells_its_rates_by_the_counters_it_has(thread: SnmpThread, hands: list[float]) -> None:
    with FakeAgent(switch(3, uptime=100_000)) as agent:
        asking = source(agent, thread)
        await ports(asking)
        hands[0] += 30
        agent.tree |= {
            (*SYSTEM, 3, 0): integer(103_000, 0x43),
            (*IF_X_TABLE, 6, 1): integer(10**12 + 375_000, 0x46),
            (*IF_TABLE, 14, 1): integer(8, 0x41),
        }
        first, second, _ = await ports(asking)
    assert (first.in_bps, first.out_bps, first.new_errors, first.new_discards) == (100_000.0, 0.0, 7, 0)
    assert (second.in_bps, second.new_errors) == (0.0, 0)


async def test_counters_are_not_compared_over_a_restart_of_the_device(thread: SnmpThread, hands: list[float]) -> None:
    with FakeAgent(switch(2, uptime=100_000)) as agent:
        asking = source(agent, thread)
        await ports(asking)
        hands[0] += 30
        agent.tree |= {(*SYSTEM, 3, 0): integer(500, 0x43), (*IF_X_TABLE, 6, 1): integer(2 * 10**12, 0x46)}
        assert [row.in_bps for row in await ports(asking)] == [None, None]
        hands[0] += 30
        agent.tree |= {(*SYSTEM, 3, 0): integer(3_500, 0x43)}
        assert [row.in_bps for row in await ports(asking)] == [0.0, 0.0]
