"""The simulated SNMP agents, read with pysnmp's client and with net-snmp's."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pysnmp.hlapi.v3arch.asyncio import (
    USM_AUTH_HMAC192_SHA256,
    USM_PRIV_CFB128_AES,
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    bulk_cmd,
    get_cmd,
    next_cmd,
    set_cmd,
)
from pysnmp.proto.rfc1902 import OctetString
from pysnmp.proto.rfc1905 import EndOfMibView, NoSuchInstance

from dutyroom.demo.devices import NETWORK, V3_AUTH_PASSWORD, V3_PRIV_PASSWORD, V3_USER
from dutyroom.demo.mib import rows_of
from dutyroom.demo.process import DemoRoom
from dutyroom.demo.room import Room
from dutyroom.model.facts import DeviceFacts

SYS_NAME = "1.3.6.1.2.1.1.5.0"
SYS_UPTIME = "1.3.6.1.2.1.1.3.0"
ENGINE_TIME = "1.3.6.1.6.3.10.2.1.3.0"
IF_TABLE = "1.3.6.1.2.1.2.2"
V3 = UsmUserData(V3_USER, V3_AUTH_PASSWORD, V3_PRIV_PASSWORD, USM_AUTH_HMAC192_SHA256, USM_PRIV_CFB128_AES)


class Client:
    """pysnmp's own client on one engine."""

    def __init__(self, room: DemoRoom) -> None:
        self.engine = SnmpEngine()
        self.room = room

    async def ask(self, device: str, auth: Any, command: Any, *arguments: Any, retries: int = 2) -> Any:
        """(error indication, error status, values)."""
        address = ("127.0.0.1", self.room.ports.of(device))
        target = await UdpTransportTarget.create(address, timeout=1.5 if retries else 0.5, retries=retries)
        indication, status, _, varbinds = await command(
            self.engine, auth, target, ContextData(), *arguments, lookupMib=False
        )
        return indication, int(status or 0), [value for _, value in varbinds]


def names(*oids: str) -> list[Any]:
    return [ObjectType(ObjectIdentity(oid)) for oid in oids]


def community(device: str) -> CommunityData:
    return CommunityData(f"demo-{device}", mpModel=1)


@pytest.fixture
async def client(running: DemoRoom) -> AsyncIterator[Client]:
    made = Client(running)
    yield made
    made.engine.close_dispatcher()


async def test_every_device_says_its_name(client: Client) -> None:
    for spec in NETWORK:
        auth = V3 if spec.community is None else community(spec.name)
        assert await client.ask(spec.name, auth, get_cmd, *names(SYS_NAME)) == (None, 0, [spec.name.encode()])
    assert await client.ask("his-db-1", community("his-db-1"), get_cmd, *names(SYS_NAME)) == (None, 0, [b"his-db-1"])


async def test_the_core_switch_speaks_v3_only_and_checks_its_keys(client: Client) -> None:
    indication, _, _ = await client.ask("core-1", community("core-1"), get_cmd, *names(SYS_NAME), retries=0)
    assert type(indication).__name__ == "RequestTimedOut"
    wrong = UsmUserData(V3_USER, "another-password", V3_PRIV_PASSWORD, USM_AUTH_HMAC192_SHA256, USM_PRIV_CFB128_AES)
    indication, _, _ = await client.ask("core-1", wrong, get_cmd, *names(SYS_NAME))
    assert type(indication).__name__ == "WrongDigest"


async def test_a_wrong_community_is_met_with_silence(client: Client) -> None:
    indication, _, values = await client.ask("fw-1", community("core-1"), get_cmd, *names(SYS_NAME), retries=0)
    assert type(indication).__name__ == "RequestTimedOut"
    assert values == []


async def test_sys_uptime_has_wrapped_and_the_engine_time_has_not(client: Client) -> None:
    _, _, (ticks, seconds) = await client.ask("core-1", V3, get_cmd, *names(SYS_UPTIME, ENGINE_TIME))
    assert int(seconds) > 497.2 * 86400
    assert (int(ticks) / 100 + 2**32 / 100) == pytest.approx(int(seconds), abs=5)


async def test_several_columns_come_in_one_bulk(client: Client) -> None:
    columns = ("1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.2.2.1.8", "1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.31.1.1.1.18")
    _, status, values = await client.ask("core-1", V3, bulk_cmd, 0, 25, *names(*columns))
    assert status == 0
    assert len(values) == 100
    assert [bytes(value).decode() for value in values[::4]] == [f"GigabitEthernet0/0/{n}" for n in range(1, 26)]
    assert int(values[2]) > 2**32
    assert bytes(values[4 * 6 + 3]).decode() == "门诊楼 3F"


async def test_what_is_not_there_and_what_comes_last_are_said(client: Client) -> None:
    auth = community("fw-1")
    _, _, (missing,) = await client.ask("fw-1", auth, get_cmd, *names("1.3.6.1.2.1.1.99.0"))
    assert isinstance(missing, NoSuchInstance)
    _, _, (last,) = await client.ask("fw-1", auth, next_cmd, *names("1.3.6.1.6.3.10.2.1.3.0"))
    assert isinstance(last, EndOfMibView)


async def test_nothing_can_be_set(client: Client) -> None:
    wish = ObjectType(ObjectIdentity(SYS_NAME), OctetString(b"mine"))
    _, status, _ = await client.ask("fw-1", community("fw-1"), set_cmd, wish)
    assert status == 17  # notWritable (RFC 3416)
    assert (await client.ask("fw-1", community("fw-1"), get_cmd, *names(SYS_NAME)))[2] == [b"fw-1"]


def test_the_set_of_instances_never_changes() -> None:
    room = Room(5)
    for source in (name for name in room.sources if name not in room.upses):
        assert rows_of(room, source, 0.0).keys() == rows_of(room, source, 12345.6).keys()


def test_the_server_tells_memory_and_volumes_as_its_facts_do() -> None:
    room = Room(5)
    cells = {name: value for name, (_, value) in rows_of(room, "his-db-1", 0.0).items()}

    def number(*name: int) -> float:
        value = cells[name]
        assert isinstance(value, int)
        return float(value)

    ucd, storage = (1, 3, 6, 1, 4, 1, 2021, 4), (1, 3, 6, 1, 2, 1, 25, 2, 3, 1)
    total = number(*ucd, 5, 0)
    used = 100 * (1 - sum(number(*ucd, column, 0) for column in (6, 14, 15)) / total)
    assert used == pytest.approx(room.reading("his-db-1", "memory_percent", 0.0), abs=0.1)
    assert cells[(*storage, 3, 32)] == b"/data"
    full = 100 * number(*storage, 6, 32) / number(*storage, 5, 32)
    assert full == pytest.approx(room.reading("his-db-1", "fullest_volume_percent", 0.0), abs=0.1)


@pytest.mark.peer("snmpbulkwalk")
def test_net_snmp_walks_the_core_switch_over_v3(running: DemoRoom, tmp_path: Path) -> None:
    environment = os.environ | {"SNMP_PERSISTENT_DIR": str(tmp_path), "SNMPCONFPATH": str(tmp_path), "MIBS": ""}
    keys = ["-v3", "-l", "authPriv", "-u", V3_USER, "-a", "SHA-256", "-A", V3_AUTH_PASSWORD]
    keys += ["-x", "AES", "-X", V3_PRIV_PASSWORD]
    told = subprocess.run(
        ["snmpbulkwalk", *keys, "-Cr25", "-Onq", f"127.0.0.1:{running.ports.of('core-1')}", IF_TABLE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    ).stdout.splitlines()
    assert len(told) == 52 * 17
    ups = sum(line.startswith(f".{IF_TABLE}.1.8.") and line.endswith(" 1") for line in told)
    facts = running.room.facts("core-1", 0.0)
    assert isinstance(facts, DeviceFacts)
    steady = sum(row.is_up for row in facts.interfaces)
    assert abs(ups - steady) <= 1
