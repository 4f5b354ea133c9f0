"""Neighbours by LLDP and CDP, with the local port named as the device's own interface is."""

from __future__ import annotations

from datetime import UTC, datetime

from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess
from dutyroom.model.facts import Interface, Neighbour
from dutyroom.model.reading import State
from dutyroom.sources.snmp import mib
from dutyroom.sources.snmp.answers import Oid, Value
from dutyroom.sources.snmp.device import NetworkSource
from dutyroom.sources.snmp.neighbours import merged, of_cdp, of_lldp
from dutyroom.sources.snmp.thread import SnmpThread
from tests.snmp_fakes import FakeAgent, integer, octets, switch

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MAC = bytes.fromhex("bc305ba2fb9a")


def lldp(
    local: int,
    *,
    name: bytes = b"",
    port: tuple[int, bytes] = (5, b"Gi0/23"),
    descr: bytes = b"",
    own: tuple[bytes, bytes] = (b"", b""),
) -> dict[Oid, dict[Oid, Value]]:
    index = (500, local, 1)
    return {
        mib.LLDP_REM_CHASSIS_SUBTYPE: {index: 4},
        mib.LLDP_REM_CHASSIS_ID: {index: MAC},
        mib.LLDP_REM_PORT_SUBTYPE: {index: port[0]},
        mib.LLDP_REM_PORT_ID: {index: port[1]},
        mib.LLDP_REM_PORT_DESCR: {index: descr},
        mib.LLDP_REM_SYS_NAME: {index: name},
        mib.LLDP_LOC_PORT_ID: {(local,): own[0]},
        mib.LLDP_LOC_PORT_DESCR: {(local,): own[1]},
    }


PORTS = (
    Interface(1, "GigabitEthernet 1/1/1", "GigabitEthernet 1/1/1"),
    Interface(2, "GigabitEthernet 1/1/2", "GigabitEthernet 1/1/2"),
    Interface(9, "Eth1/9", "Ethernet1/9", "uplink"),
    Interface(436207616, "Ethernet1/1", "Ethernet1/1"),
)


def only(cells: dict[Oid, dict[Oid, Value]]) -> Neighbour:
    (found,) = of_lldp(cells, PORTS)
    return found


def test_the_local_port_has_the_name_of_the_interface() -> None:
    assert only(lldp(77, name=b"core", own=(b"Eth1/9", b""))).port == "Eth1/9"
    assert only(lldp(77, name=b"core", own=(MAC, b"Ethernet1/9"))).port == "Eth1/9"
    assert only(lldp(77, name=b"core", own=(MAC, b"uplink"))).port == "Eth1/9"
    assert only(lldp(2, name=b"core", own=(b"Gi1/1/2", b"GigabitEthernet"))).port == "GigabitEthernet 1/1/2"
    assert only(lldp(436207616, name=b"core")).port == "Ethernet1/1"


def test_a_number_that_may_be_a_bridge_port_is_not_taken_for_an_interface() -> None:
    assert only(lldp(1, name=b"core", own=(b"Gi1/1/48", b""))).port == "Gi1/1/48"


def test_a_neighbour_without_a_name_is_told_by_its_address() -> None:
    assert only(lldp(9, port=(3, MAC))) == Neighbour("9", "bc:30:5b:a2:fb:9a", "bc:30:5b:a2:fb:9a", "lldp")


def test_a_remote_port_is_told_by_its_name_and_else_by_its_description() -> None:
    assert only(lldp(9, name=b"x", port=(5, b"Gi0/1"), descr=b"to the core")).remote_port == "Gi0/1"
    assert only(lldp(9, name=b"x", port=(7, b"17"), descr=b"Port 17")).remote_port == "Port 17"
    assert only(lldp(9, name=b"x", port=(7, b"17"))).remote_port == "17"


def test_a_neighbour_heard_by_both_protocols_is_told_once() -> None:
    cdp = of_cdp(
        {
            mib.CDP_DEVICE_ID: {(9, 1): b"core-1.hospital.cn", (9, 2): b"phone", (1, 1): MAC},
            mib.CDP_DEVICE_PORT: {(9, 1): b"GigabitEthernet0/1", (9, 2): b"Port 1"},
        },
        PORTS,
    )
    assert merged((Neighbour("Eth1/9", "CORE-1", "Gi0/1", "lldp"),), cdp) == (
        Neighbour("Eth1/9", "CORE-1", "Gi0/1", "lldp"),
        Neighbour("GigabitEthernet 1/1/1", "bc:30:5b:a2:fb:9a", "", "cdp"),
        Neighbour("Eth1/9", "phone", "Port 1", "cdp"),
    )


async def test_neighbours_are_read_with_the_names_and_kept_until_these_are_read_again() -> None:
    index = (500, 3, 1)
    tree = switch(3) | {
        (*mib.LLDP_REM_CHASSIS_SUBTYPE, *index): integer(4),
        (*mib.LLDP_REM_CHASSIS_ID, *index): octets(MAC),
        (*mib.LLDP_REM_PORT_SUBTYPE, *index): integer(5),
        (*mib.LLDP_REM_PORT_ID, *index): octets("Gi0/1"),
        (*mib.LLDP_REM_PORT_DESCR, *index): octets(""),
        (*mib.LLDP_REM_SYS_NAME, *index): octets("core\x1b[31m"),
        (*mib.LLDP_LOC_PORT_ID, 3): octets("GE0/0/3"),
    }
    thread = SnmpThread(timeout_s=0.3, deadline_s=3.0)
    with FakeAgent(tree) as agent:
        access = SnmpAccess("2c", community=Secret("plain"))
        asking = NetworkSource(NetworkDevice("sw", "sw", "127.0.0.1", access, agent.port), thread)
        for _ in range(2):
            sample = await asking.sample(NOW)
            assert sample.state is State.OK
            assert sample.device is not None
            (neighbour,) = sample.device.neighbours
            assert (neighbour.port, neighbour.remote_port, neighbour.protocol) == ("GE0/0/3", "Gi0/1", "lldp")
            assert "\x1b" not in neighbour.name
    thread.close()
