"""The SNMP sources against a real snmpd, with net-snmp's own clients as the reference."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dutyroom.errors import SourceError
from dutyroom.model.devices import NetworkDevice, Secret, Server, SnmpAccess
from dutyroom.model.facts import DeviceFacts
from dutyroom.model.reading import Sample, State
from dutyroom.sources.snmp.device import NetworkSource
from dutyroom.sources.snmp.interfaces import ADMIN_WORDS, OPER_WORDS
from dutyroom.sources.snmp.server import SnmpServerSource
from dutyroom.sources.snmp.thread import SnmpThread
from tests import snmp_peers
from tests.snmp_peers import Snmpd, running_snmpd

pytestmark = pytest.mark.peer("snmpd", "snmpbulkwalk", "snmpget")

NOW = datetime(2026, 11, 23, tzinfo=UTC)
V2C = SnmpAccess("2c", community=Secret(snmp_peers.COMMUNITY))
V3 = SnmpAccess(
    "3",
    user=snmp_peers.USER,
    auth="SHA-256",
    auth_password=Secret(snmp_peers.AUTH_PASSWORD),
    priv="AES-128",
    priv_password=Secret(snmp_peers.PRIV_PASSWORD),
)
IF = "1.3.6.1.2.1.2.2.1."
IFX = "1.3.6.1.2.1.31.1.1.1."
COUNTERS = {
    "in_octets": IFX + "6",
    "out_octets": IFX + "10",
    "in_errors": IF + "14",
    "out_errors": IF + "20",
    "in_discards": IF + "13",
    "out_discards": IF + "19",
}


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    with running_snmpd(tmp_path_factory.mktemp("snmpd")) as agent:
        yield agent


@pytest.fixture(scope="module")
def thread() -> Iterator[SnmpThread]:
    running = SnmpThread(timeout_s=0.5)
    yield running
    running.close()


def network(snmpd: Snmpd, thread: SnmpThread, access: SnmpAccess) -> NetworkSource:
    return NetworkSource(NetworkDevice("lab", "lab", "127.0.0.1", access, snmpd.port), thread)


async def poll(snmpd: Snmpd, thread: SnmpThread, access: SnmpAccess) -> Sample:
    return await network(snmpd, thread, access).sample(NOW)


def counters(snmpd: Snmpd) -> dict[str, dict[int, int]]:
    return {
        name: {index: int(value) for index, value in snmpd.walk(column).items()} for name, column in COUNTERS.items()
    }


@pytest.mark.parametrize("access", [V2C, V3], ids=["v2c", "v3 SHA-256 AES-128"])
async def test_every_stable_column_equals_snmpbulkwalk_and_counters_lie_between_two_walks(
    snmpd: Snmpd, thread: SnmpThread, access: SnmpAccess
) -> None:
    before, started = counters(snmpd), int(snmpd.get("1.3.6.1.2.1.1.3.0"))
    sample = await poll(snmpd, thread, access)
    after, ended = counters(snmpd), int(snmpd.get("1.3.6.1.2.1.1.3.0"))
    assert (sample.state, sample.detail) == (State.OK, "")
    facts = sample.device
    assert facts is not None
    rows = {row.index: row for row in facts.interfaces}
    assert rows
    assert {index: row.descr for index, row in rows.items()} == snmpd.walk(IF + "2")
    assert {index: str(row.type) for index, row in rows.items()} == snmpd.walk(IF + "3")
    admin, oper = snmpd.walk(IF + "7"), snmpd.walk(IF + "8")
    assert {index: row.admin for index, row in rows.items()} == {i: ADMIN_WORDS[int(v)] for i, v in admin.items()}
    assert {index: row.oper for index, row in rows.items()} == {i: OPER_WORDS[int(v)] for i, v in oper.items()}
    assert {index: row.name for index, row in rows.items()} == snmpd.walk(IFX + "1")
    assert {index: row.alias for index, row in rows.items()} == snmpd.walk(IFX + "18")
    speeds, high = snmpd.walk(IF + "5"), snmpd.walk(IFX + "15")
    for index, row in rows.items():
        assert row.speed_bps in (int(speeds[index]), int(high[index]) * 10**6)
        for name in COUNTERS:
            assert before[name][index] <= getattr(row, name) <= after[name][index]
    assert facts.sys_name == snmpd.get("1.3.6.1.2.1.1.5.0") == "lab-host"
    assert facts.sys_descr == snmpd.get("1.3.6.1.2.1.1.1.0")
    assert "." + str(facts.sys_object_id) == snmpd.get("1.3.6.1.2.1.1.2.0")
    assert facts.vendor == "net-snmp"
    assert facts.uptime_s is not None
    assert started <= facts.uptime_s * 100 <= ended


def stable(facts: DeviceFacts | None) -> object:
    assert facts is not None
    return [(row.index, row.name, row.descr, row.alias, row.type, row.speed_bps) for row in facts.interfaces]


async def test_later_polls_keep_what_they_did_not_ask_again(snmpd: Snmpd, thread: SnmpThread) -> None:
    asking = network(snmpd, thread, V2C)
    first, second = await asking.sample(NOW), await asking.sample(NOW)
    assert second.state is State.OK
    assert stable(first.device) == stable(second.device)
    assert second.device is not None
    assert second.device.sys_descr


@pytest.mark.parametrize(
    ("access", "state", "detail"),
    [
        (SnmpAccess("2c", community=Secret("wrong")), State.TIMEOUT, "wrong community"),
        (replace(V3, auth_password=Secret("not-the-password")), State.AUTH, "wrong v3 auth password"),
        (replace(V3, auth="SHA-512"), State.AUTH, "wrong v3 auth password"),
        (replace(V3, user="nobody"), State.AUTH, "does not know this v3 user"),
        (replace(V3, priv=None, priv_password=None), State.AUTH, "authorizationError"),
        (replace(V3, auth=None, priv=None), State.AUTH, "authorizationError"),
        (replace(V3, auth="SHA-3"), State.AUTH, "unknown v3 auth protocol"),
        (replace(V3, priv_password=Secret("not-the-password")), State.TIMEOUT, "no answer"),
    ],
)
async def test_wrong_credentials_are_told_as_far_as_the_agent_tells(
    snmpd: Snmpd, thread: SnmpThread, access: SnmpAccess, state: State, detail: str
) -> None:
    sample = await poll(snmpd, thread, access)
    assert sample.state is state
    assert detail in sample.detail
    assert sample.device is None


async def test_two_keys_of_one_user_do_not_disturb_each_other(snmpd: Snmpd, thread: SnmpThread) -> None:
    right = network(snmpd, thread, V3)
    wrong = network(snmpd, thread, replace(V3, auth_password=Secret("not-the-password")))
    for _ in range(3):
        good, bad = await asyncio.gather(right.sample(NOW), wrong.sample(NOW))
        assert (good.state, bad.state) == (State.OK, State.AUTH)


@pytest.mark.parametrize(("auth", "priv"), snmp_peers.USERS)
async def test_every_v3_protocol_speaks_with_net_snmp(snmpd: Snmpd, thread: SnmpThread, auth: str, priv: str) -> None:
    both = replace(V3, user=f"{auth}.{priv}", auth=auth, priv=priv)
    only_auth = replace(V3, user=auth, auth=auth, priv=None, priv_password=None)
    for access in (both, only_auth):
        assert (await poll(snmpd, thread, access)).state is State.OK


async def test_a_v3_device_replaced_by_another_is_found_again(thread: SnmpThread, tmp_path: Path) -> None:
    with running_snmpd(tmp_path / "old") as old:
        asking = network(old, thread, V3)
        assert (await asking.sample(NOW)).state is State.OK
    assert (await asking.sample(NOW)).state is State.UNREACHABLE
    with running_snmpd(tmp_path / "new", old.port):
        states = [(await asking.sample(NOW)).state for _ in range(3)]
    assert states[-1] is State.OK


async def test_missing_cryptography_is_told_and_is_no_timeout(
    snmpd: Snmpd, thread: SnmpThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dutyroom.sources.snmp.engine.find_spec", lambda _name: None)
    sample = await poll(snmpd, thread, replace(V3, priv="AES-256"))
    assert sample.state is State.AUTH
    assert "v3 privacy unavailable" in sample.detail


async def test_a_closed_port_and_an_unknown_name_are_unreachable(thread: SnmpThread) -> None:
    closed = NetworkDevice("lab", "lab", "127.0.0.1", V2C, snmp_peers.free_udp_port())
    sample = await NetworkSource(closed, thread).sample(NOW)
    assert (sample.state, sample.detail) == (State.UNREACHABLE, "nothing listens on this port")
    nameless = replace(closed, address="no-such-host.invalid")
    assert (await NetworkSource(nameless, thread).sample(NOW)).state is State.UNREACHABLE


@pytest.mark.parametrize("access", [V2C, V3], ids=["v2c", "v3"])
async def test_a_server_gives_memory_load_disks_and_links(snmpd: Snmpd, thread: SnmpThread, access: SnmpAccess) -> None:
    server = Server("lab", "lab", "snmp", "127.0.0.1", snmpd.port, access)
    before = int(snmpd.get("1.3.6.1.2.1.25.1.1.0"))
    sample = await SnmpServerSource(server, thread).sample(NOW)
    # net-snmp has no processor load in its first minute; everything else must be there.
    assert sample.detail in ("", "processor: not answered")
    facts = sample.server
    assert facts is not None
    assert facts.memory_percent is not None
    assert 0 < facts.memory_percent < 100
    assert facts.load_1m is not None
    assert facts.uptime_s is not None
    assert before <= facts.uptime_s * 100 <= int(snmpd.get("1.3.6.1.2.1.25.1.1.0"))
    types = snmpd.walk(IF + "3")
    assert [link.name for link in facts.network] == [
        name for index, name in snmpd.walk(IFX + "1").items() if types[index] != "24"
    ]
    mounts = [volume.mount for volume in facts.volumes]
    assert set(mounts) <= set(snmpd.walk("1.3.6.1.2.1.25.2.3.1.3").values())
    assert len(mounts) == len(set(mounts))


async def test_closing_ends_the_thread_and_the_poll_under_way(snmpd: Snmpd) -> None:
    own = SnmpThread(timeout_s=5.0)
    device = NetworkDevice("lab", "lab", "127.0.0.1", SnmpAccess("2c", community=Secret("wrong")), snmpd.port)
    asking = NetworkSource(device, own)

    async def ask() -> str:
        try:
            await asking.sample(NOW)
        except SourceError as error:
            return str(error)
        return ""

    async with asyncio.TaskGroup() as group:
        task = group.create_task(ask())
        await asyncio.sleep(0.3)
        own.close()
    assert "closed" in task.result()
    assert "closed" in await ask()
    await asking.aclose()
    assert not any(thread.name == "snmp" and thread is own._thread for thread in threading.enumerate())


async def test_a_closed_source_gives_its_socket_back(snmpd: Snmpd, thread: SnmpThread) -> None:
    asking = network(snmpd, thread, V2C)
    await asking.sample(NOW)
    await asking.aclose()
    assert (await asking.sample(NOW)).state is State.OK
    await asking.aclose()
