"""The simulated room, read by the clients of dutyroom through the site file that the room writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.config import load_site
from dutyroom.demo.process import DemoRoom
from dutyroom.demo.room import Room
from dutyroom.demo.site import write_site
from dutyroom.model.facts import DeviceFacts, Line, count_ports
from dutyroom.model.reading import State
from dutyroom.model.site import Site
from dutyroom.sources.nut import NutSource
from dutyroom.sources.nut_server import NutServer
from dutyroom.sources.snmp.device import NetworkSource
from dutyroom.sources.snmp.server import SnmpServerSource
from dutyroom.sources.snmp.thread import SnmpThread


@pytest.fixture
def site(running: DemoRoom, tmp_path: Path) -> Site:
    return load_site(write_site(tmp_path, running.ports, "en"))


@pytest.fixture
async def thread() -> AsyncIterator[SnmpThread]:
    made = SnmpThread()
    made.start()
    yield made
    made.close()


def device_facts(room: Room, name: str) -> DeviceFacts:
    facts = room.facts(name, 0.0)
    assert isinstance(facts, DeviceFacts)
    return facts


async def test_both_ups_answer_and_carry_what_their_items_need(site: Site) -> None:
    assert site.ups[0].server_host is not None
    server = NutServer(site.ups[0].server_host, site.ups[0].server_port)
    sources = [NutSource(ups.name, ups.ups or "", server) for ups in site.ups]
    samples = [await source.sample(clock.now()) for source in sources]
    for source in sources:
        await source.aclose()
    for sample in samples:
        assert (sample.state, sample.detail) == (State.OK, "")
        assert sample.ups is not None
        assert sample.ups.line is Line.MAINS
        assert sample.ups.charge_percent == 100.0
        assert sample.ups.implausible == ()
        assert None not in (sample.ups.runtime_s, sample.ups.load_percent, sample.ups.battery_voltage_v)
    assert samples[0].ups is not None
    for _, (source_name, variable) in site.live:
        assert source_name == samples[0].source
        assert samples[0].ups.variable(variable) is not None


async def test_every_network_device_answers_whole_and_as_the_room_says(
    site: Site, running: DemoRoom, thread: SnmpThread
) -> None:
    for device in site.network:
        source = NetworkSource(device, thread)
        sample = await source.sample(clock.now())
        await source.aclose()
        assert (device.name, sample.state, sample.detail) == (device.name, State.OK, "")
        said = device_facts(running.room, device.name)
        told = sample.device
        assert told is not None
        assert (told.sys_name, told.sys_object_id, told.vendor) == (said.sys_name, said.sys_object_id, said.vendor)
        assert abs((told.uptime_s or 0) - (said.uptime_s or 0)) < 3600
        assert None not in (told.cpu_percent, told.memory_percent)
        assert [(row.index, row.name, row.alias) for row in told.interfaces] == [
            (row.index, row.name, row.alias) for row in said.interfaces
        ]
        assert abs(count_ports(told.interfaces).up - count_ports(said.interfaces).up) <= 1


async def test_the_server_answers_whole(site: Site, thread: SnmpThread) -> None:
    database = next(server for server in site.servers if server.source == "snmp")
    source = SnmpServerSource(database, thread)
    sample = await source.sample(clock.now())
    await source.aclose()
    assert (sample.state, sample.detail) == (State.OK, "")
    assert sample.server is not None
    assert {volume.mount for volume in sample.server.volumes} == {"/", "/data"}
    assert sample.server.fullest_volume is not None
    assert 78 <= sample.server.fullest_volume.used_percent < 79
    assert 55 < (sample.server.memory_percent or 0) < 70
    assert None not in (sample.server.cpu_percent, sample.server.load_1m)
    assert (sample.server.uptime_s or 0) > 61 * 86400 + 5999
