"""ARP and FDB tables as agents really hold them: two tables each, bridge ports that are no ifIndex, and holes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from dutyroom.model.addresses import AddressTables, ArpRow, ArpType, FdbRow, FdbStatus
from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess
from dutyroom.model.reading import State
from dutyroom.sources.snmp.addresses import AddressSource
from dutyroom.sources.snmp.thread import SnmpThread
from tests.address_agents import (
    ARP,
    BASE_PORT,
    CDP,
    FDB,
    LAG,
    LLDP,
    LLDP_PORT,
    NEIGHBOURS,
    Q_VLAN,
    STACK,
    Tree,
    arp,
    base,
    fdb,
    neighbours,
    octets_of,
    q_fdb,
)
from tests.snmp_fakes import IF_TABLE, FakeAgent, integer, octets

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OWN = "00:e0:fc:00:00:01"
A, B, C = (f"00:11:22:33:44:0{letter}" for letter in "abc")


@pytest.fixture(scope="module")
def thread() -> Iterator[SnmpThread]:
    running = SnmpThread(timeout_s=0.3)
    yield running
    running.close()


async def read(
    tree: Tree, thread: SnmpThread, *, community: str = "plain", arp: bool = True, fdb: bool = True
) -> AddressTables:
    with FakeAgent(tree) as agent:
        access = SnmpAccess("2c", community=Secret(community))
        device = NetworkDevice("sw", "sw", "127.0.0.1", access, agent.port, arp=arp, fdb=fdb)
        return await AddressSource(device, thread, pause_s=0.0).tables(NOW)


async def test_both_arp_tables_are_read_and_a_row_in_both_is_one(thread: SnmpThread) -> None:
    six = ip_address("2001:db8::7").packed
    tree = base(OWN) | arp({"10.0.0.7": A, "10.0.0.8": B}) | neighbours({six: A, bytes((10, 0, 0, 7)): A})
    tree |= arp({"10.0.0.9": C}, kind=2) | neighbours({bytes((10, 0, 0, 1)): OWN}, kind=5)
    tree[(*ARP, 2, 1, 10, 0, 0, 10)] = octets(b"")
    told = await read(tree, thread)
    assert told.state is State.OK, told.detail
    assert sorted(told.arp, key=lambda row: row.ip) == [
        ArpRow("10.0.0.1", OWN, "GE0/0/1", ArpType.LOCAL),
        ArpRow("10.0.0.10", "", "GE0/0/1", ArpType.UNTOLD),
        ArpRow("10.0.0.7", A, "GE0/0/1"),
        ArpRow("10.0.0.8", B, "GE0/0/1"),
        ArpRow("10.0.0.9", C, "GE0/0/1", ArpType.INVALID),
        ArpRow("2001:db8::7", A, "GE0/0/1"),
    ]
    assert told.own == {OWN}


async def test_a_bridge_port_is_no_if_index_and_without_its_table_the_port_is_not_known(thread: SnmpThread) -> None:
    tree = base(OWN, offset=2) | fdb({A: 3, B: 8}) | fdb({C: 0})
    told = await read(tree, thread)
    assert {row.mac: (row.port, row.status) for row in told.fdb} == {
        A: ("GE0/0/5", FdbStatus.LEARNED),
        B: ("GE0/0/10", FdbStatus.LEARNED),
        C: ("", FdbStatus.SELF),
    }
    blind = await read({oid: value for oid, value in tree.items() if oid[: len(BASE_PORT)] != BASE_PORT}, thread)
    assert {row.mac: row.port for row in blind.fdb} == {A: "", B: "", C: ""}
    assert (blind.state, blind.detail) == (State.PARTIAL, "dot1dBasePortTable: 2 bridge ports without an ifIndex")


async def test_the_vlan_aware_table_goes_first_and_its_databases_are_not_vlans(thread: SnmpThread) -> None:
    tree = base(OWN) | q_fdb(3, {A: 1}) | q_fdb(4, {B: 2}, status=5) | fdb({A: 1, C: 3})
    tree |= {(*Q_VLAN, 0, 110): integer(3), (*Q_VLAN, 0, 120): integer(4)}
    told = await read(tree, thread)
    assert sorted(told.fdb, key=lambda row: row.mac) == [
        FdbRow(A, "GE0/0/1", 110),
        FdbRow(B, "GE0/0/2", 120, FdbStatus.MGMT),
        FdbRow(C, "GE0/0/3", None),
    ]
    # A device that tells no mapping uses the VLAN's own number.
    told = await read(base(OWN) | q_fdb(30, {A: 1}), thread)
    assert [row.vlan for row in told.fdb] == [30]


async def test_switches_are_neighbours_and_telephones_are_not(thread: SnmpThread) -> None:
    def lldp(local: int, capabilities: bytes | None) -> Tree:
        found = {(*LLDP, 5, 0, local, 1): octets(octets_of(B))}
        return found if capabilities is None else found | {(*LLDP, 12, 0, local, 1): octets(capabilities)}

    tree = base(OWN) | lldp(101, b"\x28\x00") | lldp(2, b"\x24\x00") | lldp(3, b"\x01\x00") | lldp(4, None)
    tree[(*LLDP_PORT, 101)] = octets("GE0/0/7")
    tree |= {(*CDP, 6, 5, 1): octets("switch"), (*CDP, 9, 5, 1): octets(b"\x00\x00\x00\x28")}
    tree |= {(*CDP, 6, 6, 1): octets("SEP001"), (*CDP, 9, 6, 1): octets(b"\x00\x00\x04\x90")}
    told = await read(tree, thread)
    assert told.neighbours == {"GE0/0/7", "GE0/0/4", "GE0/0/5"}


async def test_members_of_an_aggregate_are_known_by_either_table(thread: SnmpThread) -> None:
    tree = base(OWN) | {(*LAG, 1): integer(8), (*LAG, 2): integer(8), (*LAG, 8): integer(8), (*LAG, 3): integer(0)}
    assert (await read(tree, thread)).lags == (("GE0/0/1", "GE0/0/8"), ("GE0/0/2", "GE0/0/8"))
    tree = base(OWN) | {(*STACK, 8, 1): integer(1), (*STACK, 8, 2): integer(1), (*STACK, 0, 8): integer(1)}
    tree |= {(*STACK, 7, 3): integer(1), (*IF_TABLE, 3, 8): integer(161)}
    assert (await read(tree, thread)).lags == (("GE0/0/1", "GE0/0/8"), ("GE0/0/2", "GE0/0/8"))


async def test_only_what_the_site_file_wants_is_asked(thread: SnmpThread) -> None:
    tree = base(OWN) | arp({"10.0.0.7": A}) | fdb({A: 1})
    without_arp, without_fdb = await read(tree, thread, arp=False), await read(tree, thread, fdb=False)
    assert (without_arp.arp, len(without_arp.fdb)) == ((), 1)
    assert (len(without_fdb.arp), without_fdb.fdb) == (1, ())


async def test_what_cannot_be_read_is_told_and_the_rest_counts(thread: SnmpThread) -> None:
    rows = {f"10.0.{n // 250}.{n % 250 + 1}": f"00:11:22:33:{n // 250:02x}:{n % 250:02x}" for n in range(600)}
    whole = await read(base(OWN) | arp(rows) | fdb({A: 1}), thread)
    assert (whole.state, len(whole.arp)) == (State.OK, 600)
    slow = await read(base(OWN) | arp(rows) | fdb({A: 1}), thread, community="toobig")
    assert (slow.state, len(slow.arp)) == (State.OK, 600)
    some = await read(base(OWN) | arp(rows), thread, community="half")
    assert some.state is State.PARTIAL
    assert "ipNetToMediaTable: no answer" in some.detail
    assert 0 < len(some.arp) < 600
    misshapen = base(OWN) | {(*ARP, 2, 1): octets(octets_of(A)), (*NEIGHBOURS, 4, 1, 9, 1, 1): octets(octets_of(A))}
    told = await read(misshapen, thread)
    assert (told.state, told.arp) == (State.PARTIAL, ())
    assert told.detail == "ipNetToMediaTable: 2 rows without an address"


async def test_a_device_that_does_not_answer_says_nothing_about_addresses(thread: SnmpThread) -> None:
    told = await read(base(OWN) | arp({"10.0.0.7": A}), thread, community="silent")
    assert (told.state, told.arp, told.fdb) == (State.TIMEOUT, (), ())
    assert "no answer" in told.detail


async def test_a_forwarding_entry_without_status_or_a_changed_table_is_no_reason_to_lose_the_row(
    thread: SnmpThread,
) -> None:
    tree = base(OWN) | fdb({A: 1, B: 2})
    del tree[(*FDB, 3, *octets_of(A))]
    del tree[(*FDB, 2, *octets_of(B))]
    told = await read(tree, thread)
    assert told.fdb == (FdbRow(A, "GE0/0/1", None, FdbStatus.UNTOLD),)
