"""The NUT source against the real upsd with dummy-ups drivers; upsc is the reference."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from dutyroom import clock
from dutyroom.model.facts import Line
from dutyroom.model.reading import Sample, StaleBy, State
from dutyroom.sources.nut import NutSource
from dutyroom.sources.nut_errors import NutRefused
from dutyroom.sources.nut_server import NutServer
from dutyroom.sources.nut_session import NutSession
from tests.peers import RealUpsd

pytestmark = pytest.mark.peer("upsd", "dummy-ups", "upsc")

MAXAGE_S = 3
DUMPS = {
    "hall-a": {
        "battery.charge": "100",
        "battery.charge.low": "20",
        "battery.runtime": "5400",
        "battery.voltage": "217.4",
        "ups.mfr": "EATON",
        "ups.model": 'Model "X" 3000 C:\\UPS',
        "input.voltage": "231.6",
        "output.voltage": "230.1",
        "ups.alarm": "OVERHEAT [EEPROM Error]",
        "ups.load": "23",
        "ups.status": "OL CHRG",
        "ups.temperature": "31.2",
        "ups.test.result": "Done and passed",
    },
    "rack-b": {"battery.charge": "54", "battery.runtime": "600", "ups.load": "088.0", "ups.status": "OB DISCHRG"},
    "big-3p": {
        "battery.charge": "0",
        "battery.runtime": "0",
        "output.L1.power.percent": "23",
        "output.L2.power.percent": "31",
        "output.L3.power.percent": "28",
        "ups.status": "OL",
    },
    "to-kill": {"ups.status": "OL", "battery.charge": "77"},
    "to-freeze": {"ups.status": "OL", "battery.charge": "66"},
}


@pytest.fixture(scope="module")
def upsd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealUpsd]:
    with RealUpsd(tmp_path_factory.mktemp("nut"), DUMPS, MAXAGE_S) as running:
        yield running


@pytest.fixture
async def server(upsd: RealUpsd) -> AsyncIterator[NutServer]:
    opened = NutServer("127.0.0.1", upsd.port, deadline_s=5)
    yield opened
    await opened.aclose()


async def sample_until(source: NutSource, state: State) -> Sample:
    """Polls until the source is in that state; the last sample seen when it never is."""
    until = clock.monotonic() + 30
    sample = await source.sample(clock.now())
    while sample.state is not state and clock.monotonic() < until:
        await asyncio.sleep(0.1)
        sample = await source.sample(clock.now())
    return sample


@pytest.mark.parametrize("name", ["hall-a", "rack-b", "big-3p"])
def test_every_value_equals_what_upsc_prints(upsd: RealUpsd, name: str) -> None:
    with NutSession("127.0.0.1", upsd.port, 10) as session:
        told = session.list_vars(name)
    assert told == upsd.upsc(name)
    assert told.items() >= DUMPS[name].items()


def test_the_server_lists_what_it_has(upsd: RealUpsd) -> None:
    with NutSession("127.0.0.1", upsd.port, 10) as session:
        assert session.list_ups().keys() == DUMPS.keys()
        with pytest.raises(NutRefused):
            session.list_vars("hall-a\nFSD hall-a")


async def test_facts_come_through_whole(server: NutServer) -> None:
    before = clock.now()
    hall, rack, big = [await NutSource(name, name, server).sample(before) for name in ("hall-a", "rack-b", "big-3p")]
    assert {hall.state, rack.state, big.state} == {State.OK}
    assert hall.ups is not None
    assert (hall.ups.line, hall.ups.runtime_s, hall.ups.load_percent) == (Line.MAINS, 5400.0, 23.0)
    assert (hall.ups.model, hall.ups.alarm) == ('Model "X" 3000 C:\\UPS', "OVERHEAT [EEPROM Error]")
    assert rack.ups is not None
    assert (rack.ups.line, rack.ups.charge_percent, rack.ups.load_percent) == (Line.BATTERY, 54.0, 88.0)
    assert big.ups is not None
    assert (big.ups.charge_percent, big.ups.runtime_s, big.ups.load_percent) == (None, None, 31.0)
    assert before < hall.at < before + timedelta(seconds=5)


async def test_a_name_the_server_does_not_have_is_told_with_those_it_has(server: NutServer) -> None:
    sample = await NutSource("ups-a", "hall-z", server).sample(clock.now())
    assert sample.state is State.UNKNOWN_NAME
    assert "big-3p, hall-a, rack-b" in sample.detail


async def test_a_killed_driver_is_no_driver_and_comes_back(upsd: RealUpsd, server: NutServer) -> None:
    source = NutSource("ups-k", "to-kill", server)
    assert (await source.sample(clock.now())).state is State.OK
    upsd.stop_driver("to-kill")
    sample = await sample_until(source, State.NO_DRIVER)
    assert (sample.state, sample.ups) == (State.NO_DRIVER, None)
    with pytest.raises(subprocess.CalledProcessError, match="returned non-zero"):
        upsd.upsc("to-kill")
    upsd.start_driver("to-kill")
    assert (await sample_until(source, State.OK)).state is State.OK


async def test_a_frozen_driver_is_stale_by_the_driver_and_thaws(upsd: RealUpsd, server: NutServer) -> None:
    source = NutSource("ups-f", "to-freeze", server)
    assert (await source.sample(clock.now())).state is State.OK
    upsd.freeze_driver("to-freeze")
    sample = await sample_until(source, State.STALE)
    assert (sample.state, sample.stale_by, sample.ups) == (State.STALE, StaleBy.DRIVER, None)
    upsd.thaw_driver("to-freeze")
    assert (await sample_until(source, State.OK)).state is State.OK


async def test_a_restarted_server_is_found_again_by_the_same_source(upsd: RealUpsd, server: NutServer) -> None:
    source = NutSource("ups-a", "hall-a", server)
    assert (await source.sample(clock.now())).state is State.OK
    upsd.stop_server()
    assert (await source.sample(clock.now())).state is State.UNREACHABLE
    upsd.restart_server()
    sample = await sample_until(source, State.OK)
    assert sample.ups is not None
    assert sample.ups.variables[:1] == (("battery.charge", "100"),)
