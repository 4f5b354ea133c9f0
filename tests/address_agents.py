"""A switch and a gateway that tell addresses, as trees for `tests.snmp_fakes.FakeAgent`, written from the MIBs."""

from __future__ import annotations

from collections.abc import Mapping

from tests.snmp_fakes import IF_TABLE, Oid, integer, octets, switch

ARP: Oid = (1, 3, 6, 1, 2, 1, 4, 22, 1)
NEIGHBOURS: Oid = (1, 3, 6, 1, 2, 1, 4, 35, 1)
BASE_PORT: Oid = (1, 3, 6, 1, 2, 1, 17, 1, 4, 1, 2)
FDB: Oid = (1, 3, 6, 1, 2, 1, 17, 4, 3, 1)
Q_FDB: Oid = (1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1)
Q_VLAN: Oid = (1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 2, 1, 3)
LAG: Oid = (1, 2, 840, 10006, 300, 43, 1, 2, 1, 1, 13)
STACK: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 2, 1, 3)
LLDP: Oid = (1, 0, 8802, 1, 1, 2, 1, 4, 1, 1)
LLDP_PORT: Oid = (1, 0, 8802, 1, 1, 2, 1, 3, 7, 1, 3)
CDP: Oid = (1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1)
DYNAMIC, LEARNED = 3, 3

Tree = dict[Oid, bytes]


def octets_of(mac: str) -> bytes:
    """The six octets of a MAC."""
    return bytes.fromhex(mac.replace(":", ""))


def base(own: str, ports: int = 8, *, offset: int = 0) -> Tree:
    """A switch whose interfaces have one MAC; bridge port n is ifIndex n + `offset`."""
    tree = switch(ports + offset)
    for port in range(1, ports + offset + 1):
        tree[(*IF_TABLE, 6, port)] = octets(octets_of(own))
    for port in range(1, ports + 1):
        tree[(*BASE_PORT, port)] = integer(port + offset)
    return tree


def arp(rows: Mapping[str, str], *, interface: int = 1, kind: int = DYNAMIC) -> Tree:
    """ipNetToMediaTable: address to MAC."""
    tree: Tree = {}
    for ip, mac in rows.items():
        index = (interface, *(int(part) for part in ip.split(".")))
        tree[(*ARP, 2, *index)] = octets(octets_of(mac))
        tree[(*ARP, 4, *index)] = integer(kind)
    return tree


def neighbours(rows: Mapping[bytes, str], *, interface: int = 1, kind: int = DYNAMIC) -> Tree:
    """ipNetToPhysicalTable: the address's octets to MAC."""
    tree: Tree = {}
    for ip, mac in rows.items():
        index = (interface, 1 if len(ip) == 4 else 2, len(ip), *ip)
        tree[(*NEIGHBOURS, 4, *index)] = octets(octets_of(mac))
        tree[(*NEIGHBOURS, 6, *index)] = integer(kind)
    return tree


def fdb(rows: Mapping[str, int], *, status: int = LEARNED) -> Tree:
    """dot1dTpFdbTable: MAC to bridge port."""
    tree: Tree = {}
    for mac, port in rows.items():
        tree[(*FDB, 2, *octets_of(mac))] = integer(port)
        tree[(*FDB, 3, *octets_of(mac))] = integer(status)
    return tree


def q_fdb(fdb_id: int, rows: Mapping[str, int], *, status: int = LEARNED) -> Tree:
    """dot1qTpFdbTable: MAC to bridge port in one forwarding database."""
    tree: Tree = {}
    for mac, port in rows.items():
        tree[(*Q_FDB, 2, fdb_id, *octets_of(mac))] = integer(port)
        tree[(*Q_FDB, 3, fdb_id, *octets_of(mac))] = integer(status)
    return tree
