"""From tables to sightings: which rows stand for a device, on which port it really is, and what is new since last time.

A port is an uplink when a switch or router announces itself there, when a MAC of another managed device is seen behind
it, when very many MACs are, or when the site file says so. A MAC behind an uplink is not on that port.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from dutyroom.model.addresses import AddressTables, ArpType, AskedDevice, FdbRow, FdbStatus, Seen
from dutyroom.rules.macs import is_device

# So many MACs are no private switch under a desk any more.
UPLINK_MACS = 20
# `other` is how Huawei tells MACs that came in by authentication.
_ON_A_PORT = frozenset(FdbStatus) - {FdbStatus.INVALID, FdbStatus.SELF}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing in the newest tables: an address at an L3 interface, or (`ip` empty) a MAC on an edge port."""

    ip: str
    mac: str
    place: str
    vlan: int | None = None


def own_macs(tables: Iterable[AddressTables], asked: Iterable[AskedDevice]) -> dict[str, frozenset[str]]:
    """The MACs of each managed device: as it says now, else as it said last."""
    known = {device.name: device.own for device in asked}
    for table in tables:
        if table.state.knows and table.own:
            known[table.device] = table.own
    return known


def matches(device: str, port: str, patterns: Sequence[str]) -> bool:
    """True when `device:port` is one of the patterns of the site file."""
    return any(fnmatchcase(f"{device}:{port}", pattern) for pattern in patterns)


def uplinks_of(tables: AddressTables, own: Mapping[str, frozenset[str]], patterns: Sequence[str]) -> frozenset[str]:
    """The ports of a device that lead to other devices; an aggregate and its members are one port."""
    others = frozenset[str]().union(*(macs for name, macs in own.items() if name != tables.device))
    mine, lags = own.get(tables.device, frozenset()), dict(tables.lags)
    behind: dict[str, set[str]] = defaultdict(set)
    for row in tables.fdb:
        if row.port and row.status in _ON_A_PORT and is_device(row.mac):
            behind[lags.get(row.port, row.port)].add(row.mac)
    found = {
        port
        for port, macs in behind.items()
        if len(macs) >= UPLINK_MACS or macs & (others - mine) or matches(tables.device, port, patterns)
    }
    found |= {lags.get(port, port) for port in tables.neighbours}
    found |= {lags[port] for port in lags if matches(tables.device, port, patterns)}
    return frozenset(found | {member for member, lag in tables.lags if lag in found})


def found_in(tables: AddressTables, own: Mapping[str, frozenset[str]], uplinks: frozenset[str]) -> tuple[Found, ...]:
    """What stands for devices in the tables of one device, without those that are managed themselves."""
    managed, lags = frozenset[str]().union(*own.values()), dict(tables.lags)
    found: dict[tuple[str, str, str], Found] = {}
    for row in tables.arp:
        usable = row.type not in (ArpType.INVALID, ArpType.LOCAL) and is_device(row.mac)
        if usable and row.mac not in managed and not row.ip.startswith("fe80:"):
            found[row.ip, row.mac, row.interface] = Found(row.ip, row.mac, row.interface)
    for entry in tables.fdb:
        port = lags.get(entry.port, entry.port)
        if port and port not in uplinks and entry.mac not in managed and _is_learned(entry):
            before = found.get(("", entry.mac, port))
            vlan = entry.vlan if before is None or before.vlan is None else min(before.vlan, entry.vlan or before.vlan)
            found["", entry.mac, port] = Found("", entry.mac, port, vlan)
    return tuple(found.values())


def _is_learned(entry: FdbRow) -> bool:
    return entry.status in _ON_A_PORT and is_device(entry.mac)


def changed(device: str, before: Iterable[Seen], found: Iterable[Found], answered_s: int, now_s: int) -> list[Seen]:
    """The rows that are new, gone, back, or in another VLAN; what was there and still is does not change.

    `answered_s` is when the device answered before: a row that is gone now was last seen then.
    """
    standing = {row.key: row for row in before}
    made: list[Seen] = []
    there: set[tuple[str, str, str, str]] = set()
    for one in found:
        key = (device, one.ip, one.mac, one.place)
        there.add(key)
        old = standing.get(key)
        if old is None:
            made.append(Seen(*key, one.vlan, now_s, now_s, True))
        elif not old.is_open or old.vlan != one.vlan:
            made.append(replace(old, vlan=one.vlan, last_s=now_s, is_open=True))
    gone = (row for key, row in standing.items() if row.is_open and key not in there)
    return [*made, *(replace(row, is_open=False, last_s=answered_s) for row in gone)]
