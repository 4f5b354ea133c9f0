"""Sightings, register and findings joined: one row for each device as people know it."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dutyroom.model.addresses import AddressFinding, Host, Mismatch, Registration, Seen
from dutyroom.rules.register import Register

_RANK = {code: place for place, code in enumerate(Mismatch)}
_NONE = len(_RANK)


def hosts(
    seen: Sequence[Seen], registered: Iterable[Registration], findings: Sequence[AddressFinding]
) -> tuple[Host, ...]:
    """Every address that was seen and every MAC without one, worst first, then by address.

    An IPv6 address stands beside the IPv4 address of its MAC. A finding about something that was not seen (a
    registration, a port) is a row of its own.
    """
    register = Register(registered)
    places: dict[str, list[Seen]] = defaultdict(list)
    pairs: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for row in seen:
        if row.ip:
            pairs[row.ip, row.mac].append(row)
        else:
            places[row.mac].append(row)
    of_ip, of_mac = _by_subject(findings)
    of_entry = {one.subject: one for one in findings if one.code in (Mismatch.EXPIRED, Mismatch.UNSEEN)}
    fours = {mac for ip, mac in pairs if ":" not in ip}
    sixes: dict[str, list[str]] = defaultdict(list)
    for ip, mac in pairs:
        if ":" in ip and mac in fours and not of_ip.get(ip):
            sixes[mac].append(ip)
    told: set[tuple[str, str]] = set()
    made: list[Host] = []
    for (ip, mac), rows in pairs.items():
        if ip in sixes.get(mac, ()):
            continue
        wrong = _of_pair(ip, mac, of_ip, of_mac)
        host = _host(ip, mac, rows, places.get(mac, ()), register, wrong, tuple(sorted(sixes.get(mac, ()))))
        made.append(_with_entry(host, of_entry))
        told |= {one.key for one in made[-1].findings}
    with_ip = {mac for _ip, mac in pairs}
    for mac, rows in places.items():
        if mac not in with_ip:
            wrong = tuple(of_mac.get(mac, ()))
            made.append(_with_entry(_host("", mac, (), rows, register, wrong, ()), of_entry))
            told |= {one.key for one in made[-1].findings}
    made += [_alone(one, register) for one in findings if one.key not in told]
    return tuple(sorted(made, key=_order))


def _by_subject(
    findings: Iterable[AddressFinding],
) -> tuple[dict[str, list[AddressFinding]], dict[str, list[AddressFinding]]]:
    of_ip: dict[str, list[AddressFinding]] = defaultdict(list)
    of_mac: dict[str, list[AddressFinding]] = defaultdict(list)
    for one in findings:
        if one.subject == one.ip:
            of_ip[one.ip].append(one)
        elif one.subject == one.mac:
            of_mac[one.mac].append(one)
    return of_ip, of_mac


def _of_pair(
    ip: str, mac: str, of_ip: dict[str, list[AddressFinding]], of_mac: dict[str, list[AddressFinding]]
) -> tuple[AddressFinding, ...]:
    by_ip = [one for one in of_ip.get(ip, ()) if one.mac == mac]
    by_mac = [one for one in of_mac.get(mac, ()) if one.ip in ("", ip)]
    return (*by_ip, *by_mac)


def _host(
    ip: str,
    mac: str,
    rows: Sequence[Seen],
    places: Sequence[Seen],
    register: Register,
    wrong: tuple[AddressFinding, ...],
    also: tuple[str, ...],
) -> Host:
    router = max(rows, key=lambda row: row.last_s, default=None)
    place = max(places, key=lambda row: (row.is_open, row.last_s), default=None)
    both = (*rows, *(places if not rows else ()))
    holder = register.holder(ip, mac)
    if holder is None:
        # What it is registered as, if anything, also where that does not agree.
        holder = next(iter((*register.of_ip(ip), *register.of_mac(mac))) if ip else iter(register.of_mac(mac)), None)
    return Host(
        ip=ip,
        mac=mac,
        router=router.device if router is not None else "",
        interface=router.place if router is not None else "",
        switch=place.device if place is not None else "",
        port=place.place if place is not None else "",
        vlan=place.vlan if place is not None else None,
        first_s=min(row.first_s for row in both),
        last_s=max(row.last_s for row in (*rows, *places)),
        registered=holder,
        findings=wrong,
        also=also,
    )


def _with_entry(host: Host, of_entry: dict[str, AddressFinding]) -> Host:
    """The host with what is to be said of its own registration; of a range that is said once, for itself."""
    one = host.registered
    if one is None or one.is_range:
        return host
    found = of_entry.get(_subject(one))
    return host if found is None else replace(host, findings=(*host.findings, found))


def _subject(one: Registration) -> str:
    return " ".join(filter(None, (one.ip, one.mac)))


def _alone(one: AddressFinding, register: Register) -> Host:
    registered = next((known for known in register.all if one.subject == _subject(known)), None)
    return Host(one.ip, one.mac, switch=one.device, port=one.port, registered=registered, findings=(one,))


def _order(host: Host) -> str:
    """Worst first, then by address; as one text, because sorting tuples would hold every other thread up."""
    worst = min((_RANK[one.code] for one in host.findings), default=_NONE)
    first = host.ip.partition("-")[0]
    if not first:
        return f"{worst:02d}9{host.mac}"
    address = ipaddress.ip_address(first)
    return f"{worst:02d}{address.version}{int(address):039d}{host.mac}"
