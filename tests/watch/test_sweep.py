"""The slow sweep runs beside the polls: it delays none, ends with the watch, and asks the real tables over SNMP."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.cli.address_askers import AddressAskers
from dutyroom.duty.desk import Desk
from dutyroom.model.addresses import AddressesNow, AddressTables, ArpRow, Mismatch
from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess
from dutyroom.model.reading import State
from dutyroom.model.site import PollIntervals, Site
from dutyroom.store import addresses, readings
from dutyroom.watch.loop import Watch
from dutyroom.watch.sweep import AddressSweep, TablesSource
from tests.address_agents import arp, base, fdb
from tests.desks import opened_desk
from tests.snmp_fakes import FakeAgent
from tests.watch.test_watch import sources, wait_until

A, B, C = (f"00:11:22:33:44:0{letter}" for letter in "abc")
CORE, ACCESS = "00:e0:fc:00:00:01", "00:e0:fc:00:00:02"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        fast = PollIntervals(ups_s=0.05, ups_on_battery_s=0.02, network_s=0.05, server_s=0.05)
        yield replace(opened, site=replace(opened.site, poll=fast))


class Told:
    """Says what it is told, after a while."""

    def __init__(self, name: str, ip: str = "10.0.0.8", after_s: float = 0.0) -> None:
        self.name, self.ip, self.after_s, self.asked = name, ip, after_s, 0

    async def tables(self, now: datetime) -> AddressTables:
        self.asked += 1
        await asyncio.sleep(self.after_s)
        return AddressTables(self.name, now, State.OK, arp=(ArpRow(self.ip, B, "Vlanif1"),))


class Asked:
    """Askers that remember whether they were closed."""

    def __init__(self, *told: Told) -> None:
        self.sources: Sequence[TablesSource] = told
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def now(desk: Desk) -> AddressesNow:
    with desk.store.read() as session:
        return addresses.now(session)


def test_a_sweep_that_takes_long_delays_no_poll_and_ends_with_the_watch(desk: Desk) -> None:
    slow, polled = Asked(Told("core-1", after_s=60.0)), sources()
    watch = Watch(desk.site, desk.store, lambda: list(polled.values()), lambda _site: slow)
    watch._sweep._first_after_s = 0.0
    watch.start()
    wait_until(lambda: slow.sources[0].asked == 1)  # type: ignore[attr-defined]
    before = polled["ups-a"].asked
    time.sleep(0.6)
    assert polled["ups-a"].asked >= before + 5
    ended = time.monotonic()
    watch.stop()
    assert time.monotonic() - ended < 5.0
    assert slow.closed == 1
    assert not any(thread.name == "sweep" for thread in threading.enumerate())
    with desk.store.read() as session:
        assert "ups-a" in readings.latest(session)
    assert now(desk).last_sweep_at is None


def test_sweeps_come_again_and_a_watch_begun_anew_waits_for_the_next_one(desk: Desk) -> None:
    site = replace(desk.site, addresses=replace(desk.site.addresses, every_s=0.05))
    asked = Asked(Told("core-1"))
    sweep = AddressSweep(site, desk.store, lambda _site: asked, first_after_s=0.0)
    sweep.start()
    wait_until(lambda: asked.sources[0].asked >= 3)  # type: ignore[attr-defined]
    sweep.stop()
    assert now(desk).count(Mismatch.IP_UNREGISTERED) == 1
    again = AddressSweep(desk.site, desk.store, lambda _site: asked, first_after_s=0.0)
    assert 590 < again._wait_s() <= 600


def test_another_site_is_asked_from_the_next_sweep_on(desk: Desk) -> None:
    made: dict[str, Asked] = {}

    def build(site: Site) -> Asked:
        made[site.name] = Asked(Told("core-1", ip="10.0.0.8" if site is desk.site else "10.0.0.9"))
        return made[site.name]

    sweep = AddressSweep(desk.site, desk.store, build)
    assert sweep.sweep()
    sweep.site = replace(desk.site, name="another")
    assert sweep.sweep()
    sweep.close()
    assert [(name, one.closed) for name, one in made.items()] == [(desk.site.name, 1), ("another", 1)]
    with desk.store.read() as session:
        assert [(row.ip, row.is_open) for row in addresses.seen(session)] == [("10.0.0.8", False), ("10.0.0.9", True)]


def test_a_defect_in_one_sweep_is_not_the_last_one(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Told):
        async def tables(self, now: datetime) -> AddressTables:
            if self.asked == 0:
                self.asked = 1
                raise ZeroDivisionError
            return await super().tables(now)

    asked = Asked(Broken("core-1"))
    site = replace(desk.site, addresses=replace(desk.site.addresses, every_s=0.05))
    sweep = AddressSweep(site, desk.store, lambda _site: asked, first_after_s=0.0)
    sweep.start()
    wait_until(lambda: now(desk).last_sweep_at is not None)
    sweep.stop()
    assert "the sweep of the address tables failed" in caplog.text


def test_a_gateway_and_a_switch_over_snmp_give_who_is_where(desk: Desk) -> None:
    gateway = base(CORE) | arp({"10.0.0.7": A, "10.0.0.8": B, "10.0.0.2": ACCESS}) | fdb({A: 1, B: 1, ACCESS: 1})
    edge = base(ACCESS, offset=2) | fdb({A: 3, B: 3, C: 4, CORE: 8, "00:11:22:33:44:99": 8})
    access = SnmpAccess("2c", community=Secret("plain"))
    with FakeAgent(gateway) as one, FakeAgent(edge) as other:
        site = replace(
            desk.site,
            network=(
                NetworkDevice("core-1", "Core", "127.0.0.1", access, one.port, arp=True),
                NetworkDevice("access-1", "Access", "127.0.0.1", access, other.port),
                NetworkDevice("quiet-1", "Not asked", "127.0.0.1", access, other.port, fdb=False),
            ),
        )
        askers = AddressAskers(site)
        assert [source.name for source in askers.sources] == ["core-1", "access-1"]
        sweep = AddressSweep(site, desk.store, lambda _site: askers)
        assert sweep.sweep()
        sweep.close()
    with desk.store.read() as session:
        rows = addresses.seen(session)
        known = {device.name: device for device in addresses.asked(session)}
    assert sorted((row.device, row.ip, row.mac, row.place) for row in rows) == [
        ("access-1", "", A, "GE0/0/5"),
        ("access-1", "", B, "GE0/0/5"),
        ("access-1", "", C, "GE0/0/6"),
        ("core-1", "10.0.0.7", A, "GE0/0/1"),
        ("core-1", "10.0.0.8", B, "GE0/0/1"),
    ]
    assert [sorted(known[name].uplinks) for name in ("core-1", "access-1")] == [["GE0/0/1"], ["GE0/0/10"]]
    assert (known["core-1"].arp_rows, known["access-1"].fdb_rows) == (3, 5)
    assert clock.now() - known["core-1"].asked_at < timedelta(minutes=1)
