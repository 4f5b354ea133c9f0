"""The composition root: what is shared by sources is opened once and closed with the last."""

from __future__ import annotations

import asyncio
import threading

from dutyroom import clock
from dutyroom.cli.compose import build_sources, open_room
from dutyroom.config import load_site
from dutyroom.duty.records import read_room
from dutyroom.model.reading import Sample, State
from tests.cli.rooms import HOST, SWITCH, UPSES, RoomFolder
from tests.fakes import FakeUpsd
from tests.snmp_peers import free_udp_port

SECOND_SWITCH = SWITCH.replace("core-1", "core-2")
CARD = """
[[ups]]
name = "ups-c"
address = "127.0.0.1"
snmp = {{ version = "2c", community_env = "DUTYROOM_TEST_COMMUNITY" }}
"""


def threads(prefix: str) -> int:
    """How many threads have a name that begins like this."""
    return sum(thread.name.startswith(prefix) for thread in threading.enumerate())


def test_every_device_has_a_source_and_what_is_shared_is_closed_with_the_last(room: RoomFolder, upsd: FakeUpsd) -> None:
    room.write(UPSES, CARD, SWITCH, SECOND_SWITCH, HOST, nut=upsd.port)
    site = load_site(room.config)
    sources = build_sources(site)
    assert [source.name for source in sources] == [device.name for device in site.devices()]

    async def ask_and_close() -> list[int]:
        for source in sources[:3]:
            await source.sample(clock.now())
        seen = []
        for source in sources:
            await source.aclose()
            seen.append(threads("snmp"))
        return seen

    # Two UPSes of one NUT server; a UPS and two switches on one SNMP thread; this machine.
    assert asyncio.run(ask_and_close()) == [1, 1, 1, 1, 0, 0]
    assert upsd.connections == 1


def test_a_ups_with_a_card_that_nobody_answers_for_says_so_and_gives_no_value(room: RoomFolder) -> None:
    room.write(CARD.replace("snmp =", f"port = {free_udp_port()}\nsnmp ="))
    (source,) = build_sources(load_site(room.config))

    async def ask() -> Sample:
        try:
            return await source.sample(clock.now())
        finally:
            await source.aclose()

    sample = asyncio.run(ask())
    assert (sample.state, sample.ups) == (State.UNREACHABLE, None)
    assert threads("snmp") == 0


def test_an_opened_room_watches_until_it_is_closed(room: RoomFolder, upsd: FakeUpsd) -> None:
    room.write(UPSES, nut=upsd.port)
    opened = open_room(load_site(room.config), room.config)
    waited = threading.Event()
    while not read_room(opened.desk, clock.now()).latest:
        waited.wait(0.05)
    assert threads("watch") == 1
    opened.writer.close()
    opened.close()
    assert threads("watch") == 0
