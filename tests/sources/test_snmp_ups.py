"""A UPS with an SNMP card is told in NUT's words, and judged by the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dutyroom.cli.compose import build_sources
from dutyroom.errors import SourceError
from dutyroom.model.devices import Secret, SnmpAccess, Ups
from dutyroom.model.facts import Line, UpsFacts
from dutyroom.model.reading import Kind, Latest, Sample, State, Verdict
from dutyroom.rules.severity import Judgement, judge
from dutyroom.sources.snmp.answers import Oid
from dutyroom.sources.snmp.thread import SnmpThread
from dutyroom.sources.snmp.ups import NEITHER, SnmpUpsSource
from tests.desks import make_site
from tests.snmp_fakes import FakeAgent, switch
from tests.snmp_peers import AUTH_PASSWORD, COMMUNITY, PRIV_PASSWORD, USER, running_snmpd
from tests.ups_cards import RFC1628, powernet, rfc1628, system

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HEALTHY = "0001010000000000001000000000000000000000000000000000000000000000"


@pytest.fixture(scope="module")
def thread() -> Iterator[SnmpThread]:
    running = SnmpThread(timeout_s=0.3, deadline_s=3.0)
    yield running
    running.close()


def ups(port: int, access: SnmpAccess | None = None) -> Ups:
    access = access or SnmpAccess("2c", community=Secret("plain"))
    return Ups("ups-s", "ups-s", 3600.0, address="127.0.0.1", port=port, snmp=access)


async def sample_of(card: Mapping[Oid, bytes], thread: SnmpThread, community: str = "plain") -> Sample:
    with FakeAgent(dict(card)) as agent:
        source = SnmpUpsSource(ups(agent.port, SnmpAccess("2c", community=Secret(community))), thread)
        sample = await source.sample(NOW)
        await source.aclose()
    return sample


async def facts_of(card: Mapping[Oid, bytes], thread: SnmpThread) -> UpsFacts:
    sample = await sample_of(card, thread)
    assert (sample.kind, sample.state, sample.detail) == (Kind.UPS, State.OK, "")
    assert sample.ups is not None
    return sample.ups


def judged(sample: Sample) -> Judgement:
    return judge(ups(1), Latest(sample, sample if sample.state.knows else None), 5.0, sample.at, on_battery_s=10)


def flags(*places: int) -> str:
    """upsBasicStateOutputState of a UPS that communicates, with these flags set."""
    return "".join("1" if place in (6, *places) else "0" for place in range(1, 65))


async def test_a_card_of_rfc_1628_is_told_whole(thread: SnmpThread) -> None:
    facts = await facts_of(rfc1628(), thread)
    assert (facts.status, facts.line, facts.alarm) == (("OL",), Line.MAINS, None)
    assert (facts.charge_percent, facts.runtime_s, facts.load_percent) == (100.0, 28800.0, 37.0)
    assert (facts.input_voltage_v, facts.output_voltage_v, facts.battery_voltage_v) == (229.0, 221.0, 273.0)
    assert (facts.temperature_c, facts.model, facts.implausible) == (32.0, "Tower 10", ())
    assert (facts.variable("ups.mfr"), facts.variable("ups.id")) == ("Acme", None)
    assert judged(await sample_of(rfc1628(), thread)).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("changes", "status", "verdict"),
    [
        ({"4.1.0": 2}, "OFF", Verdict.FAULT),
        ({"4.1.0": 4}, "OL BYPASS", Verdict.FAULT),
        ({"4.1.0": 5, "2.2.0": 30}, "OB", Verdict.FAULT),
        ({"4.1.0": 5, "2.1.0": 3}, "OB LB", Verdict.FAULT),
        ({"4.1.0": 5, "2.1.0": 4}, "OB LB", Verdict.FAULT),
        ({"4.1.0": 6}, "OL BOOST", Verdict.ATTENTION),
        ({"4.1.0": 7}, "OL TRIM", Verdict.ATTENTION),
        ({"4.1.0": 3, "2.1.0": 3}, "OL LB", Verdict.ATTENTION),
        # The seconds tell where the source does not; beside a source they may be those of the last outage.
        ({"4.1.0": None, "2.2.0": 30}, "OB", Verdict.FAULT),
        ({"4.1.0": 1, "2.2.0": 30}, "OB", Verdict.FAULT),
        ({"4.1.0": 3, "2.2.0": 30}, "OL DISCHRG", Verdict.OK),
        ({"4.1.0": 3, "2.2.0": 30, "3.3.1.3.1": 0}, "OL DISCHRG", Verdict.FAULT),
        ({"6.1.0": 2}, "ALARM OL", Verdict.FAULT),
    ],
)
async def test_what_rfc_1628_says_of_the_line_becomes_status_words(
    thread: SnmpThread, changes: dict[str, int | None], status: str, verdict: Verdict
) -> None:
    sample = await sample_of(rfc1628(changes), thread)
    assert sample.ups is not None
    assert sample.ups.status == tuple(status.split())
    assert judged(sample).verdict is verdict


async def test_alarms_are_told_by_name_and_as_words(thread: SnmpThread) -> None:
    own = (1, 3, 6, 1, 4, 1, 99, 7)
    card = rfc1628({"6.1.0": None}, ((*RFC1628, 6, 3, 1), (*RFC1628, 6, 3, 16), own))
    facts = await facts_of(card, thread)
    assert facts.status == ("ALARM", "OL", "RB")
    assert facts.alarm == "battery bad; fan failure; 1.3.6.1.4.1.99.7"


async def test_a_card_that_has_lost_its_ups_is_not_well(thread: SnmpThread) -> None:
    sample = await sample_of(rfc1628({}, ((*RFC1628, 6, 3, 20),)), thread)
    assert judged(sample).verdict is Verdict.FAULT
    assert sample.ups is not None
    assert "COMMFAULT" in sample.ups.status


@pytest.mark.parametrize(
    ("changes", "quantity", "value", "mark"),
    [
        ({"2.3.0": -1}, "runtime_s", None, "no-value"),
        ({"2.3.0": 0}, "runtime_s", None, "zero-on-mains"),
        ({"2.3.0": 0, "4.1.0": 5}, "runtime_s", 0.0, None),
        ({"2.3.0": 1092}, "runtime_s", None, "sentinel"),
        ({"2.3.0": 65535}, "runtime_s", None, "sentinel"),
        ({"2.3.0": 1440}, "runtime_s", None, "too-long"),
        ({"2.3.0": None}, "runtime_s", None, None),
        ({"2.4.0": -1}, "charge_percent", None, "no-value"),
        ({"2.4.0": 255}, "charge_percent", None, "out-of-range"),
        ({"2.7.0": -1}, "temperature_c", None, "no-value"),
        ({"2.7.0": 255}, "temperature_c", None, "out-of-range"),
        ({"3.3.1.3.1": 2369}, "input_voltage_v", 236.9, None),
        ({"4.4.1.2.1": 2199}, "output_voltage_v", 219.9, None),
        ({"3.3.1.3.1": 601}, "input_voltage_v", None, "out-of-range"),
        ({"3.3.1.3.1": 65535}, "input_voltage_v", None, "out-of-range"),
        ({"3.3.1.3.1": 400}, "input_voltage_v", 400.0, None),
        ({"3.3.1.3.1": -1}, "input_voltage_v", None, "no-value"),
        ({"4.4.1.5.1": 520}, "load_percent", None, "out-of-range"),
        ({"4.4.1.5.1": -1}, "load_percent", None, "no-value"),
        ({"2.5.0": -1}, "battery_voltage_v", None, "no-value"),
    ],
)
async def test_what_cannot_be_true_is_not_believed(
    thread: SnmpThread, changes: dict[str, int | None], quantity: str, value: float | None, mark: str | None
) -> None:
    facts = await facts_of(rfc1628(changes), thread)
    assert getattr(facts, quantity) == value
    assert [odd.why for odd in facts.implausible] == ([mark] if mark is not None else [])


async def test_of_three_phases_the_fullest_is_the_load(thread: SnmpThread) -> None:
    rows = {f"{table}.{line}": value for table, values in PHASES.items() for line, value in enumerate(values, start=1)}
    facts = await facts_of(rfc1628({"3.2.0": 3, "4.3.0": 3} | rows), thread)
    assert (facts.load_percent, facts.input_voltage_v, facts.output_voltage_v) == (30.0, 236.0, 219.0)
    assert facts.variable("input.L3-N.voltage") == "234"


PHASES = {"3.3.1.3": (236, 236, 234), "4.4.1.2": (219, 219, 219), "4.4.1.5": (20, 26, 30)}


async def test_a_dead_phase_of_three_is_told(thread: SnmpThread) -> None:
    card = rfc1628({"3.2.0": 3, "3.3.1.3.1": 0, "3.3.1.3.2": 231, "3.3.1.3.3": 229})
    facts = await facts_of(card, thread)
    assert [facts.variable(f"input.L{line}-N.voltage") for line in (1, 2, 3)] == ["0", "231", "229"]
    assert facts.input_voltage_v == 231.0


@pytest.mark.parametrize("lines", [1, 3, None])
async def test_a_one_phase_card_with_empty_rows_is_one_phase(thread: SnmpThread, lines: int | None) -> None:
    zeros = {"3.3.1.3.1": 238, "3.3.1.3.2": 0, "3.3.1.3.3": 0, "4.4.1.5.2": 0, "4.4.1.5.3": 0}
    facts = await facts_of(rfc1628({"3.2.0": lines, "4.3.0": lines} | zeros), thread)
    assert (facts.input_voltage_v, facts.load_percent) == (238.0, 37.0)
    assert facts.variable("input.L2-N.voltage") is None


async def test_a_table_with_a_second_index_is_read(thread: SnmpThread) -> None:
    card = rfc1628({"3.3.1.3.1": None, "3.3.1.3.1.0": 236, "4.4.1.5.1": None, "4.4.1.5.1.0": 21})
    facts = await facts_of(card, thread)
    assert (facts.input_voltage_v, facts.load_percent) == (236.0, 21.0)


async def test_a_card_of_powernet_is_told_whole(thread: SnmpThread) -> None:
    facts = await facts_of(powernet(flags=HEALTHY), thread)
    assert (facts.status, facts.line, facts.alarm) == (("OL",), Line.MAINS, None)
    assert (facts.charge_percent, facts.runtime_s, facts.load_percent) == (100.0, 28800.0, 37.0)
    assert (facts.input_voltage_v, facts.output_voltage_v, facts.battery_voltage_v) == (230.0, 231.0, 54.0)
    assert (facts.temperature_c, facts.model, facts.implausible) == (25.0, "Smart-UPS 3000", ())
    assert judged(await sample_of(powernet(flags=HEALTHY), thread)).verdict is Verdict.OK


async def test_powernet_in_tenths_is_finer(thread: SnmpThread) -> None:
    tenths = {"2.3.1.0": 998, "2.3.2.0": 255, "2.3.4.0": 546, "3.3.1.0": 2303, "4.3.1.0": 0, "4.3.3.0": -1}
    facts = await facts_of(powernet(tenths), thread)
    assert (facts.charge_percent, facts.temperature_c, facts.battery_voltage_v) == (99.8, 25.5, 54.6)
    assert (facts.input_voltage_v, facts.output_voltage_v, facts.load_percent) == (230.3, 231.0, 37.0)


@pytest.mark.parametrize(
    ("changes", "set_flags", "status", "verdict"),
    [
        ({"4.1.1.0": 3}, "", "OB", Verdict.FAULT),
        ({"4.1.1.0": 3, "2.1.1.0": 3}, "", "OB LB", Verdict.FAULT),
        ({"4.1.1.0": 4}, "", "OL BOOST", Verdict.ATTENTION),
        ({"4.1.1.0": 12}, "", "OL TRIM", Verdict.ATTENTION),
        ({"4.1.1.0": 6}, "", "OL BYPASS", Verdict.FAULT),
        ({"4.1.1.0": 9}, "", "OL BYPASS", Verdict.FAULT),
        ({"4.1.1.0": 10}, "", "OL BYPASS", Verdict.FAULT),
        ({"4.1.1.0": 16}, "", "OL BYPASS", Verdict.FAULT),
        ({"4.1.1.0": 7}, "", "OFF", Verdict.FAULT),
        ({"4.1.1.0": 11}, "", "OFF", Verdict.FAULT),
        ({"4.1.1.0": 13}, "", "OL ECO", Verdict.OK),
        ({"4.1.1.0": 15}, "", "OB CAL", Verdict.ATTENTION),
        ({"4.1.1.0": 99}, "", "powernet:99", Verdict.UNKNOWN),
        ({"4.1.1.0": 1}, flags(4), "OL", Verdict.OK),
        ({"4.1.1.0": 1}, flags(2, 3), "OB LB", Verdict.FAULT),
        ({"2.2.4.0": 2}, "", "OL RB", Verdict.ATTENTION),
        ({}, flags(4, 9), "OL OVER", Verdict.FAULT),
        ({}, flags(4, 10), "OL CAL", Verdict.ATTENTION),
        ({}, flags(4, 12), "OL BYPASS", Verdict.FAULT),
        ({}, flags(1, 4, 25), "ALARM OL", Verdict.FAULT),
        ({}, "0" * 5 + "1" + "0" * 58, "OL", Verdict.OK),
        ({}, "0" * 64, "OL", Verdict.OK),
        ({}, "0001" + "0" * 60, "OL COMMFAULT", Verdict.UNKNOWN),
        ({"2.1.1.0": 5}, "", "ALARM OL", Verdict.FAULT),
    ],
)
async def test_what_powernet_says_becomes_status_words(
    thread: SnmpThread, changes: dict[str, int | None], set_flags: str, status: str, verdict: Verdict
) -> None:
    sample = await sample_of(powernet(changes, set_flags), thread)
    assert sample.ups is not None
    assert sample.ups.status == tuple(status.split())
    assert judged(sample).verdict is verdict


@pytest.mark.parametrize(
    ("changes", "quantity", "value", "mark"),
    [
        ({"2.2.3.0": 2**32 - 1}, "runtime_s", None, "sentinel"),
        ({"2.2.2.0": 255}, "temperature_c", None, "out-of-range"),
        ({"2.2.1.0": -1}, "charge_percent", None, "no-value"),
        ({"2.2.3.0": 0}, "runtime_s", None, "zero-on-mains"),
    ],
)
async def test_what_powernet_says_that_cannot_be_true_is_not_believed(
    thread: SnmpThread, changes: dict[str, int | None], quantity: str, value: float | None, mark: str
) -> None:
    facts = await facts_of(powernet(changes), thread)
    assert getattr(facts, quantity) == value
    assert [odd.why for odd in facts.implausible] == [mark]


async def test_three_phases_of_powernet(thread: SnmpThread) -> None:
    rows = {f"9.3.3.1.10.1.1.{phase}": load for phase, load in ((1, 20), (2, 41), (3, 30))}
    rows |= {f"9.2.3.1.3.1.1.{phase}": 230 + phase for phase in (1, 2, 3)}
    facts = await facts_of(powernet({"4.1.2.0": 3, "4.2.3.0": -1} | rows), thread)
    assert (facts.load_percent, facts.input_voltage_v) == (41.0, 231.0)


async def test_a_card_of_both_is_told_by_its_makers_own(thread: SnmpThread) -> None:
    facts = await facts_of(rfc1628({"4.4.1.5.1": 1}) | powernet(), thread)
    assert facts.load_percent == 37.0


@pytest.mark.parametrize("card", [system(), switch(), powernet({"4.1.1.0": None, "2.1.1.0": None})])
async def test_a_card_of_neither_mib_is_unknown_and_says_why(thread: SnmpThread, card: dict[Oid, bytes]) -> None:
    sample = await sample_of(card, thread)
    assert (sample.state, sample.detail, sample.ups) == (State.PROTOCOL, NEITHER, None)
    assert judged(sample).verdict is Verdict.UNKNOWN


async def test_a_card_without_a_source_of_its_output_is_partial_and_unknown(thread: SnmpThread) -> None:
    sample = await sample_of(rfc1628({"4.1.0": 1}), thread)
    assert (sample.state, sample.detail) == (State.PARTIAL, "status: UPS-MIB tells none")
    assert judged(sample).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("community", ["toobig", "generr", "truncated", "lossy", "loop", "spoofed", "bad-tag"])
async def test_a_card_that_misbehaves_is_told_truly_or_not_at_all(thread: SnmpThread, community: str) -> None:
    sample = await sample_of(rfc1628(), thread, community)
    if sample.ups is not None:
        assert sample.ups.status in ((), ("OL",))
        assert sample.ups.load_percent in (None, 37.0)
        assert sample.ups.charge_percent in (None, 100.0)
    assert sample.detail or sample.state is State.OK


@pytest.mark.parametrize("community", ["silent", "junk"])
async def test_a_card_that_says_nothing_of_use_is_told_as_that(thread: SnmpThread, community: str) -> None:
    sample = await sample_of(rfc1628(), thread, community)
    assert sample.state in (State.TIMEOUT, State.PROTOCOL)
    assert sample.detail
    assert sample.ups is None


async def test_a_card_that_was_changed_is_asked_in_its_own_words(thread: SnmpThread) -> None:
    with FakeAgent(powernet()) as agent:
        source = SnmpUpsSource(ups(agent.port), thread)
        first = await source.sample(NOW)
        agent.tree = rfc1628()
        states = [(await source.sample(NOW)).state for _ in range(2)]
        last = await source.sample(NOW)
        await source.aclose()
    assert first.ups is not None
    assert first.ups.model == "Smart-UPS 3000"
    assert State.PROTOCOL in states
    assert last.ups is not None
    assert last.ups.model == "Tower 10"


async def test_a_poll_of_a_known_card_is_three_questions(thread: SnmpThread) -> None:
    with FakeAgent(rfc1628()) as agent:
        source = SnmpUpsSource(ups(agent.port), thread)
        await source.sample(NOW)
        before = agent.requests
        await source.sample(NOW)
        assert agent.requests - before <= 3
        await source.aclose()


def test_a_ups_without_an_address_cannot_be_asked(thread: SnmpThread) -> None:
    with pytest.raises(SourceError):
        SnmpUpsSource(Ups("u", "u", 3600.0), thread)


async def test_the_site_file_makes_such_a_source_on_the_shared_thread() -> None:
    with FakeAgent(rfc1628()) as agent:
        site = replace(make_site(), ups=(ups(agent.port),), network=(), servers=())
        (source,) = build_sources(site)
        sample = await source.sample(NOW)
        await source.aclose()
    assert (source.kind, sample.state) == (Kind.UPS, State.OK)


OVERRIDES = "".join(
    f"override {'.'.join(map(str, (*RFC1628, *tail)))} {kind} {value}\n"
    for tail, kind, value in (
        ((1, 1, 0), "octet_str", "Acme"),
        ((1, 2, 0), "octet_str", "Tower"),
        ((2, 1, 0), "integer", 2),
        ((2, 2, 0), "integer", 42),
        ((2, 3, 0), "integer", 95),
        ((2, 4, 0), "integer", 61),
        ((3, 3, 1, 3, 1), "integer", 0),
        ((4, 1, 0), "integer", 5),
        ((4, 4, 1, 2, 1), "integer", 220),
        ((4, 4, 1, 5, 1), "integer", 44),
        ((6, 1, 0), "gauge", 0),
    )
)


@pytest.mark.peer("snmpd", "snmpget")
@pytest.mark.parametrize(
    "access",
    [
        SnmpAccess("2c", community=Secret(COMMUNITY)),
        SnmpAccess(
            "3",
            user=USER,
            auth="SHA-256",
            auth_password=Secret(AUTH_PASSWORD),
            priv="AES-128",
            priv_password=Secret(PRIV_PASSWORD),
        ),
    ],
    ids=["v2c", "v3"],
)
async def test_a_real_agent_is_read_with_both_versions(thread: SnmpThread, tmp_path: Path, access: SnmpAccess) -> None:
    with running_snmpd(tmp_path / "card", lines=OVERRIDES) as agent:
        source = SnmpUpsSource(ups(agent.port, access), thread)
        sample = await source.sample(NOW)
        await source.aclose()
    assert (sample.state, sample.detail) == (State.OK, "")
    assert sample.ups is not None
    assert (sample.ups.status, sample.ups.line, sample.ups.model) == (("OB",), Line.BATTERY, "Tower")
    assert (sample.ups.charge_percent, sample.ups.runtime_s, sample.ups.load_percent) == (61.0, 5700.0, 44.0)
    assert judged(sample).verdict is Verdict.FAULT
