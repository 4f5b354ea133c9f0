"""CPU, memory, temperature, fans, power supplies: what each maker's agents say, and what later polls ask."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess
from dutyroom.model.facts import DeviceFacts
from dutyroom.model.profile import Profile
from dutyroom.model.reading import State
from dutyroom.profiles import parse, shipped
from dutyroom.sources.snmp import vitals
from dutyroom.sources.snmp.device import NetworkSource
from dutyroom.sources.snmp.thread import SnmpThread
from tests.snmp_fakes import FakeAgent, Oid, integer, octets, oid_value, switch

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DEVICES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("vendors.toml").read_text("utf-8"))["device"]
HUAWEI = (1, 3, 6, 1, 4, 1, 2011, 5, 25, 31, 1, 1)


def oid(text: str) -> Oid:
    return tuple(int(part) for part in text.split("."))


def tree_of(described: dict[str, Any], ports: int = 2) -> dict[Oid, bytes]:
    tree = switch(ports, object_id=oid(described["object_id"]))
    for name, value in described["cells"].items():
        where = (*oid(described["base"]), *oid(name))
        if isinstance(value, dict):
            tree[where] = oid_value(oid(value["oid"]))
        else:
            tree[where] = octets(value) if isinstance(value, str) else integer(value)
    return tree


def described(name: str) -> dict[str, Any]:
    return next(one for one in DEVICES if one["name"].startswith(name))


@pytest.fixture(scope="module")
def thread() -> Iterator[SnmpThread]:
    running = SnmpThread(timeout_s=0.5, deadline_s=5.0)
    yield running
    running.close()


def asking(agent: FakeAgent, thread: SnmpThread, own: tuple[Profile, ...] = ()) -> NetworkSource:
    access = SnmpAccess("2c", community=Secret("plain"))
    return NetworkSource(NetworkDevice("sw", "sw", "127.0.0.1", access, agent.port, profiles=own), thread)


async def facts_of(source: NetworkSource) -> DeviceFacts:
    sample = await source.sample(NOW)
    assert sample.state is State.OK, sample.detail
    assert sample.device is not None
    return sample.device


@pytest.mark.parametrize("device", DEVICES, ids=[one["name"] for one in DEVICES])
async def test_a_device_of_each_maker_is_read_and_read_again_alike(thread: SnmpThread, device: dict[str, Any]) -> None:
    with FakeAgent(tree_of(device)) as agent:
        source = asking(agent, thread)
        first, again = await facts_of(source), await facts_of(source)
    for facts in (first, again):
        assert facts.vendor == device.get("vendor")
        assert [facts.cpu_percent, facts.cpu_basis] == device.get("cpu", [None, None])
        assert facts.memory_percent == device.get("memory")
        assert facts.temperature_c == device.get("temperature")
        assert [part.state for part in facts.fans] == device.get("fans", [])
        assert [part.state for part in facts.power_supplies] == device.get("power_supplies", [])
        if "names" in device:
            assert [part.name for part in facts.power_supplies] == device["names"]
        for quantity in ("cpu_percent", "memory_percent", "temperature_c"):
            assert (quantity in dict(facts.origins)) == (getattr(facts, quantity) is not None)


@pytest.mark.parametrize("device", DEVICES, ids=[one["name"] for one in DEVICES])
def test_each_device_finds_its_profile(device: dict[str, Any]) -> None:
    assert shipped().of(oid(device["object_id"]), "anything").name == device["profile"]


def test_every_shipped_profile_has_a_device_that_tries_it() -> None:
    tried = {device["profile"] for device in DEVICES} | {"net-snmp"}
    assert tried == {profile.name for profile in shipped().profiles}


async def test_later_polls_add_one_request_and_only_the_cells_that_told(thread: SnmpThread) -> None:
    huawei, plain = tree_of(described("Huawei: ")), switch(2, object_id=(1, 3, 6, 1, 4, 1, 4242))
    asked = []
    for tree in (huawei, plain):
        with FakeAgent(tree) as agent:
            source = asking(agent, thread)
            await facts_of(source)
            before = agent.requests
            await facts_of(source)
            asked.append(agent.requests - before)
    assert asked[0] == asked[1] + 1


async def test_a_change_is_seen_at_the_next_poll(thread: SnmpThread) -> None:
    with FakeAgent(tree_of(described("Huawei: "))) as agent:
        source = asking(agent, thread)
        await facts_of(source)
        agent.tree[(*HUAWEI, 1, 1, 5, 2)] = integer(88)
        agent.tree[(*HUAWEI, 10, 1, 7, 0, 1)] = integer(2)
        facts = await facts_of(source)
    assert facts.cpu_percent == 88.0
    assert [part.state for part in facts.fans] == ["fault", "not-installed"]


async def test_a_value_that_is_lost_is_unknown_and_then_sought_elsewhere(
    thread: SnmpThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter(range(0, 10_000, 40))
    monkeypatch.setattr(vitals, "monotonic", lambda: float(next(moments)))
    with FakeAgent(tree_of(described("Cisco IOS: "))) as agent:
        source = asking(agent, thread)
        assert (await facts_of(source)).cpu_percent == 24.0
        del agent.tree[oid("1.3.6.1.4.1.9.9.109.1.1.1.1.8.1")]
        agent.tree[oid("1.3.6.1.4.1.9.2.1.58.0")] = integer(22)
        assert (await facts_of(source)).cpu_percent is None
        facts = await facts_of(source)
    assert (facts.cpu_percent, dict(facts.origins)["cpu_percent"]) == (22.0, "1.3.6.1.4.1.9.2.1.58.0")


async def test_what_comes_later_is_found_within_minutes(thread: SnmpThread, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(0, 10_000, 70))
    monkeypatch.setattr(vitals, "monotonic", lambda: float(next(moments)))
    device = described("A device that tells nothing")
    with FakeAgent(tree_of(device)) as agent:
        source = asking(agent, thread)
        assert (await facts_of(source)).cpu_percent is None
        agent.tree[oid("1.3.6.1.2.1.25.3.3.1.2.1")] = integer(35)
        assert (await facts_of(source)).cpu_percent == 35.0


async def test_every_hour_the_whole_order_is_tried_again(thread: SnmpThread, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 1800.0, 3600.0])
    monkeypatch.setattr(vitals, "monotonic", lambda: next(moments))
    tree = tree_of(described("Cisco without a thermometer"))
    with FakeAgent(tree) as agent:
        source = asking(agent, thread)
        assert (await facts_of(source)).cpu_percent == 12.0
        agent.tree[oid("1.3.6.1.4.1.9.9.109.1.1.1.1.8.1")] = integer(9)
        assert (await facts_of(source)).cpu_percent == 12.0
        assert (await facts_of(source)).cpu_percent == 9.0


async def test_after_a_restart_the_whole_order_is_tried_again(thread: SnmpThread) -> None:
    tree = tree_of(described("Cisco without a thermometer"))
    with FakeAgent(tree) as agent:
        source = asking(agent, thread)
        await facts_of(source)
        agent.tree[oid("1.3.6.1.4.1.9.9.109.1.1.1.1.8.1")] = integer(9)
        agent.tree[oid("1.3.6.1.2.1.1.3.0")] = integer(100, 0x43)
        assert (await facts_of(source)).cpu_percent == 9.0


async def test_a_part_is_named_anew_when_its_state_changed(thread: SnmpThread) -> None:
    tree = tree_of(described("Ruijie"))
    name = oid("1.3.6.1.4.1.4881.1.1.10.2.1.1.18.1.3.1")
    with FakeAgent(tree) as agent:
        source = asking(agent, thread)
        await facts_of(source)
        agent.tree[name] = octets("Power supply 1 (failed)")
        agent.tree[(*name[:-2], 2, 1)] = integer(5)
        facts = await facts_of(source)
    assert (facts.power_supplies[0].name, facts.power_supplies[0].state) == ("Power supply 1 (failed)", "fault")


async def test_hostile_names_of_parts_are_inert(thread: SnmpThread) -> None:
    tree = tree_of(described("Ruijie"))
    tree[oid("1.3.6.1.4.1.4881.1.1.10.2.1.1.18.1.3.1")] = octets(b"PWR\x1b[31m\x00\x07")
    with FakeAgent(tree) as agent:
        facts = await facts_of(asking(agent, thread))
    assert facts.power_supplies[0].name.isprintable()
    assert "\x1b" not in facts.power_supplies[0].name


async def test_a_sites_own_profile_comes_first_and_generic_still_last(thread: SnmpThread) -> None:
    own = parse(
        """
name = "ours"
vendor = "Ours"
object_ids = ["1.3.6.1.4.1.4242"]
[[memory]]
kind = "scalar"
source = "our own"
oid = "1.3.6.1.4.1.4242.7.0"
""",
        "ours.toml",
    )
    tree = switch(2, object_id=(1, 3, 6, 1, 4, 1, 4242, 1))
    tree[oid("1.3.6.1.4.1.4242.7.0")] = integer(61)
    tree[oid("1.3.6.1.2.1.25.3.3.1.2.1")] = integer(35)
    with FakeAgent(tree) as agent:
        facts = await facts_of(asking(agent, thread, (own,)))
    assert (facts.vendor, facts.memory_percent, facts.cpu_percent) == ("Ours", 61.0, 35.0)


@pytest.mark.parametrize("how", ["toobig", "generr", "truncated", "lossy"])
async def test_an_agent_that_misbehaves_still_gives_the_right_values(thread: SnmpThread, how: str) -> None:
    with FakeAgent(tree_of(described("H3C: "))) as agent:
        access = SnmpAccess("2c", community=Secret(how))
        source = NetworkSource(NetworkDevice("sw", "sw", "127.0.0.1", access, agent.port), thread)
        facts = await facts_of(source)
    assert (facts.cpu_percent, facts.memory_percent, facts.temperature_c) == (17.0, 44.0, 39.0)
    assert [part.state for part in facts.power_supplies] == ["ok", "fault"]


async def test_a_device_that_takes_little_at_a_time_is_asked_little_at_a_time(thread: SnmpThread) -> None:
    with FakeAgent(tree_of(described("Huawei: "))) as agent:
        access = SnmpAccess("2c", community=Secret("toobig"))
        source = NetworkSource(NetworkDevice("sw", "sw", "127.0.0.1", access, agent.port), thread)
        await facts_of(source)
        agent.largest_question = 0
        facts = await facts_of(source)
    assert facts.cpu_percent == 21.0
    assert 0 < agent.largest_question <= 10


async def test_what_could_not_be_asked_is_unknown_with_its_reason(
    thread: SnmpThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeAgent(tree_of(described("Huawei: "))) as agent:
        access = SnmpAccess("2c", community=Secret("half"))
        source = NetworkSource(NetworkDevice("sw", "sw", "127.0.0.1", access, agent.port), thread)
        # The agent ends after ten requests: by then the columns of the profile are not read.
        agent.requests = 6
        sample = await source.sample(NOW)
    assert sample.state is State.PARTIAL
    assert "1.3.6.1.4.1.2011.5.25.31.1.1.1.1.5" in sample.detail
    assert sample.device is not None
    assert sample.device.cpu_percent is None
    assert sample.device.fans == ()
