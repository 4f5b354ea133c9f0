"""The simulated switches tell who is where, over the real protocol, and a sweep finds it."""

from __future__ import annotations

from pathlib import Path

from dutyroom import clock
from dutyroom.cli.address_askers import AddressAskers
from dutyroom.cli.compose import open_desk
from dutyroom.config import load_site
from dutyroom.demo.process import DemoRoom
from dutyroom.demo.site import write_site
from dutyroom.duty.address_book import address_book
from dutyroom.model.reading import State
from dutyroom.watch.sweep import AddressSweep


def test_a_sweep_of_the_demo_finds_every_host_on_its_port(running: DemoRoom, tmp_path: Path) -> None:
    site = load_site(write_site(tmp_path, running.ports, "en"))
    desk = open_desk(site)
    sweep = AddressSweep(site, desk.store, AddressAskers)
    assert sweep.sweep()
    sweep.close()
    book = address_book(desk, clock.now())
    desk.store.close()
    assert {one.state for one in book.now.asked} == {State.OK}
    known = {host.ip: host for host in book.hosts}
    assert sorted(known) == sorted(f"10.20.0.{n}" for n in (21, 22, 23, 24, 25, 101, 102, 103, 104, 177))
    assert (known["10.20.0.21"].switch, known["10.20.0.21"].port) == ("core-1", "GigabitEthernet0/0/1")
    assert (known["10.20.0.102"].switch, known["10.20.0.102"].port) == ("access-1", "GigabitEthernet0/0/2")
    assert sorted(host.ip for host in book.hosts if host.findings) == [
        *("10.20.0.102", "10.20.0.103", "10.20.0.104", "10.20.0.177")
    ]
    assert book.is_learning
