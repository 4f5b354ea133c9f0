"""SNMPv3 devices that answer with Reports only, and one that was replaced by another at its address."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess
from dutyroom.model.reading import Sample, State
from dutyroom.sources.snmp.device import NetworkSource
from dutyroom.sources.snmp.thread import SnmpThread
from tests import snmp_peers
from tests.snmp_fakes import FakeAgent
from tests.snmp_peers import running_snmpd
from tests.snmp_report_agent import KINDS, ReportAgent

NOW = datetime(2026, 11, 23, tzinfo=UTC)
V3 = SnmpAccess(
    "3",
    user=snmp_peers.USER,
    auth="SHA-256",
    auth_password=Secret(snmp_peers.AUTH_PASSWORD),
    priv="AES-128",
    priv_password=Secret(snmp_peers.PRIV_PASSWORD),
)
V2C = SnmpAccess("2c", community=Secret("plain"))
TIMEOUT_S, RETRIES = 0.3, 1
# A device that has answered is asked once more with nothing remembered.
SIGN_OF_LIFE_S = 2 * TIMEOUT_S * (RETRIES + 1)


@pytest.fixture(scope="module")
def thread() -> Iterator[SnmpThread]:
    running = SnmpThread(timeout_s=TIMEOUT_S, retries=RETRIES, deadline_s=3.0)
    yield running
    running.close()


def source(access: SnmpAccess, port: int, thread: SnmpThread) -> NetworkSource:
    return NetworkSource(NetworkDevice("sw", "sw", "127.0.0.1", access, port), thread)


@pytest.mark.parametrize("kind", KINDS)
async def test_reports_without_end_are_an_honest_state_and_disturb_nobody(thread: SnmpThread, kind: str) -> None:
    async def timed(asking: NetworkSource) -> tuple[Sample, float]:
        began = time.monotonic()
        return await asking.sample(NOW), time.monotonic() - began

    with ReportAgent(kind) as false, FakeAgent() as right:
        flooding, good = source(V3, false.port, thread), source(V2C, right.port, thread)
        for _ in range(4):
            (told, took_s), (undisturbed, good_took_s) = await asyncio.gather(timed(flooding), timed(good))
            assert told.state is State.PROTOCOL
            assert told.device is None
            assert undisturbed.state is State.OK
            assert max(took_s, good_took_s) < SIGN_OF_LIFE_S
        assert false.requests <= 4 * 6
        await flooding.aclose()


@pytest.mark.peer("snmpd", "snmpget")
async def test_a_v3_device_whose_engine_id_changed_is_read_in_the_same_poll(thread: SnmpThread, tmp_path: Path) -> None:
    with running_snmpd(tmp_path / "old") as old:
        asking = source(V3, old.port, thread)
        assert (await asking.sample(NOW)).state is State.OK
    with running_snmpd(tmp_path / "new", old.port):
        assert (await asking.sample(NOW)).state is State.OK
        assert (await asking.sample(NOW)).state is State.OK


@pytest.mark.peer("snmpd", "snmpget")
async def test_a_v3_device_that_fell_silent_is_asked_anew_once_and_then_said_to_be_silent(
    thread: SnmpThread, tmp_path: Path
) -> None:
    with running_snmpd(tmp_path / "old") as old:
        asking = source(V3, old.port, thread)
        assert (await asking.sample(NOW)).state is State.OK
    with ReportAgent("silence", old.port) as silence:
        seen = []
        for _ in range(3):
            began, before = time.monotonic(), silence.requests
            sample = await asking.sample(NOW)
            assert sample.state is State.TIMEOUT
            assert time.monotonic() - began < SIGN_OF_LIFE_S + 0.5
            seen.append(silence.requests - before)
        # Twice as many questions at the first poll, and from then on those of a device that is not known.
        assert seen == [2 * (RETRIES + 1), RETRIES + 1, RETRIES + 1]
