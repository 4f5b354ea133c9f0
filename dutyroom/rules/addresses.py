"""Where network and register do not agree: pure decisions over what was seen, what is registered, and one moment.

Judged is what was seen within a day, because a device that is off at night does not change its owner. One MAC with
many addresses is a router, a proxy or a NAT: it counts as one device. An IPv6 address stands for a device only where
its MAC has no IPv4 address, since hosts make up several for themselves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dutyroom.model.addresses import AddressFinding, AddressRules, Mismatch, Registration, Seen
from dutyroom.rules.register import Register, is_expired
from dutyroom.rules.sightings import matches

HOUR_S, DAY_S = 3600, 86400
ROUTER_IPS = 8
PORT_MACS = 2
RANK = {code: place for place, code in enumerate(Mismatch)}


def learning_until(first_sweep_at: datetime | None, rules: AddressRules) -> datetime | None:
    """When the learning week ends; None before the first sweep."""
    return first_sweep_at + timedelta(seconds=rules.learn_s) if first_sweep_at is not None else None


def is_learning(first_sweep_at: datetime | None, rules: AddressRules, now: datetime) -> bool:
    """True while nothing is an alarm yet."""
    until = learning_until(first_sweep_at, rules)
    return until is None or now < until


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that is judged. `standing` are the findings there were, by key, with when they began.

    `labels` are what people call the devices, `today` is the local date, `first_s` the first sweep.
    """

    seen: Sequence[Seen]
    register: Register
    rules: AddressRules
    labels: Mapping[str, str]
    standing: Mapping[tuple[str, str], datetime]
    first_s: int
    now: datetime
    today: date

    @property
    def now_s(self) -> int:
        """The moment in whole seconds."""
        return int(self.now.timestamp())


def port_key(port: str) -> str:
    """A port's name by which spellings are compared: `GigabitEthernet0/0/7`, `Gi0/0/7` and `GE 0/0/7` are one."""
    written = port.strip().casefold().replace(" ", "")
    match = re.fullmatch(r"([a-z-]+?)([0-9][0-9/.:]*)", written)
    if match is None:
        return written
    kind = {"ge": "gi", "xge": "xg", "fe": "fa"}.get(match[1], match[1][:2])
    return kind + match[2]


def judge(case: Case) -> tuple[AddressFinding, ...]:
    """Every finding there is now, the worst kind first; one that stood before keeps its beginning."""
    found = [*_Current(case).findings(), *_of_ports(case), *_of_registrations(case)]
    # One text as key: sorting tens of thousands of tuples would hold every other thread up.
    return tuple(sorted(found, key=lambda one: f"{RANK[one.code]:02d}{one.subject}"))


def _made(
    case: Case, code: Mismatch, subject: str, ip: str = "", mac: str = "", at: Seen | None = None, **params: str
) -> AddressFinding:
    since = case.standing.get((code.value, subject), case.now)
    device, port = (at.device, at.place) if at is not None else ("", "")
    return AddressFinding(code, subject, since, ip, mac, device, port, tuple(params.items()))


class _Current:
    """The addresses in use: for each IP the rows of the newest answers, else the one seen last within a day."""

    def __init__(self, case: Case) -> None:
        self.case = case
        by_ip: dict[str, list[Seen]] = defaultdict(list)
        self.places: dict[str, list[Seen]] = defaultdict(list)
        for row in case.seen:
            if row.last_s >= case.now_s - DAY_S:
                (by_ip[row.ip] if row.ip else self.places[row.mac]).append(row)
        self.recent = by_ip
        self.pairs: dict[str, list[Seen]] = {}
        self.ips: dict[str, set[str]] = defaultdict(set)
        for ip, rows in by_ip.items():
            now = [row for row in rows if row.is_open] or [max(rows, key=lambda row: (row.last_s, row.key))]
            if len(now) > 1:
                # The same of several each time: a finding that did not change is not written again.
                now.sort(key=lambda row: row.key)
            self.pairs[ip] = now
            for row in now:
                self.ips[row.mac].add(ip)
        self.routers = {mac for mac, ips in self.ips.items() if sum(":" not in ip for ip in ips) >= ROUTER_IPS}

    def findings(self) -> list[AddressFinding]:
        """All that is about an IP or a MAC."""
        found = [self._router(mac) for mac in sorted(self.routers)]
        elsewhere: dict[str, list[Seen]] = defaultdict(list)
        for ip, rows in self.pairs.items():
            found.append(self._two_macs(ip))
            found.append(self._address(ip, rows, elsewhere))
        found += [self._elsewhere(mac, rows) for mac, rows in elsewhere.items()]
        found += [self._on_port(mac) for mac in self.places]
        return [one for one in found if one is not None]

    def place(self, mac: str) -> Seen | None:
        """The edge port on which a MAC was seen last."""
        return max(self.places.get(mac, ()), key=lambda row: (row.is_open, row.last_s, row.key), default=None)

    def _router(self, mac: str) -> AddressFinding | None:
        """One unregistered device with many addresses is one finding."""
        register, ips = self.case.register, self.ips[mac]
        if register.of_mac(mac) or any(register.of_ip(ip) for ip in ips):
            return None
        return _made(self.case, Mismatch.IP_UNREGISTERED, mac, "", mac, self._where(mac, ips), count=str(len(ips)))

    def _where(self, mac: str, ips: set[str]) -> Seen | None:
        place = self.place(mac)
        return place or next((row for ip in sorted(ips) for row in self.pairs[ip] if row.mac == mac), None)

    def _address(self, ip: str, rows: list[Seen], elsewhere: dict[str, list[Seen]]) -> AddressFinding | None:
        register = self.case.register
        by_ip = register.of_ip(ip)
        for row in rows:
            if row.mac in self.routers or register.holder(ip, row.mac) is not None or self._is_second(ip, row.mac):
                continue
            where = self.place(row.mac) or row
            if by_ip:
                told = {"registered_mac": by_ip[0].mac, "whose": by_ip[0].whose}
                return _made(self.case, Mismatch.IP_OTHER_MAC, ip, ip, row.mac, where, **told)
            if register.of_mac(row.mac):
                elsewhere[row.mac].append(row)
                continue
            return _made(self.case, Mismatch.IP_UNREGISTERED, ip, ip, row.mac, where)
        return None

    def _is_second(self, ip: str, mac: str) -> bool:
        """True for an IPv6 address of a device that is judged by its IPv4 address or its MAC."""
        if ":" not in ip or self.case.register.of_ip(ip):
            return False
        return any(":" not in other for other in self.ips[mac]) or bool(self.case.register.of_mac(mac))

    def _elsewhere(self, mac: str, rows: list[Seen]) -> AddressFinding:
        own, ip = self.case.register.of_mac(mac)[0], rows[0].ip
        where = self.place(mac) or rows[0]
        told = {"registered_ip": own.ip, "whose": own.whose}
        return _made(self.case, Mismatch.MAC_OTHER_IP, mac, ip, mac, where, **told)

    def _two_macs(self, ip: str) -> AddressFinding | None:
        """Two devices answered with one address within an hour; where addresses are given out that is usual."""
        if ":" in ip:
            return None
        since = self.case.now_s - HOUR_S
        rows = [row for row in self.recent[ip] if row.last_s >= since and row.mac not in self.routers]
        macs = sorted({row.mac for row in rows})
        by_ip = self.case.register.of_ip(ip)
        if len(macs) < 2 or any(one.is_range and not one.mac for one in by_ip):
            return None
        if {one.mac for one in by_ip} >= set(macs):
            return None
        newest = max(rows, key=lambda row: (row.is_open, row.last_s, row.key))
        where = self.place(newest.mac) or newest
        told = {"other_mac": next(mac for mac in macs if mac != newest.mac)}
        return _made(self.case, Mismatch.IP_TWO_MACS, ip, ip, newest.mac, where, **told)

    def _on_port(self, mac: str) -> AddressFinding | None:
        """A MAC is somewhere else than its registration says; one that names no place says nothing."""
        register, ips = self.case.register, self.ips.get(mac, set())
        named = [one for one in register.of_mac(mac) if one.port or one.switch]
        if not named:
            by_ip = (register.holder(ip, mac) for ip in sorted(ips))
            named = [one for one in by_ip if one is not None and not one.is_range and (one.port or one.switch)]
        last = self.place(mac)
        if not named or last is None:
            return None
        there = [row for row in self.places[mac] if row.is_open] or [last]
        if any(self._is_place(one, row) for one in named for row in there):
            return None
        expected = f"{named[0].switch} {named[0].port}".strip()
        told = {"expected": expected, "whose": named[0].whose}
        return _made(self.case, Mismatch.PORT_UNEXPECTED, mac, next(iter(sorted(ips)), ""), mac, last, **told)

    def _is_place(self, one: Registration, row: Seen) -> bool:
        names = {row.device.casefold(), self.case.labels.get(row.device, "").casefold()}
        if one.switch and one.switch.casefold() not in names:
            return False
        return not one.port or port_key(one.port) == port_key(row.place)


def _of_ports(case: Case) -> list[AddressFinding]:
    """Edge ports with more than two MACs within an hour; one that was found stays until it has been calm for a day."""
    hour: dict[tuple[str, str], set[str]] = defaultdict(set)
    day: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in case.seen:
        if not row.ip and row.last_s >= case.now_s - DAY_S:
            day[row.device, row.place].add(row.mac)
            if row.last_s >= case.now_s - HOUR_S:
                hour[row.device, row.place].add(row.mac)
    found: list[AddressFinding] = []
    for (device, port), macs in day.items():
        subject = f"{device} {port}"
        stands = (Mismatch.PORT_MANY_MACS.value, subject) in case.standing
        many = len(macs) if stands else len(hour[device, port])
        if many > PORT_MACS and not matches(device, port, case.rules.shared):
            at = Seen(device, "", "", port, None, 0, 0, True)
            found.append(_made(case, Mismatch.PORT_MANY_MACS, subject, "", "", at, count=str(many)))
    return found


def _of_registrations(case: Case) -> list[AddressFinding]:
    """Registrations that are out of date, and those of which nothing was seen for a long time."""
    last: dict[str, int] = {}
    for row in case.seen:
        for name in filter(None, (row.ip, row.mac)):
            last[name] = max(row.last_s, last.get(name, 0))
    tells_ips = any(row.ip for row in case.seen)
    found: list[AddressFinding] = []
    for one in case.register.all:
        subject, whose = " ".join(filter(None, (one.ip, one.mac))), one.whose
        if one.valid_until is not None and is_expired(one, case.today):
            until = one.valid_until.isoformat()
            told = {"until": until, "whose": whose}
            found.append(_made(case, Mismatch.EXPIRED, subject, one.ip, one.mac, None, **told))
        elif not one.is_range and (one.mac or tells_ips):
            added_s = int(one.added_at.timestamp()) if one.added_at is not None else 0
            seen_s = max(last.get(one.first, 0), last.get(one.mac, 0))
            if max(seen_s, added_s, case.first_s) < case.now_s - case.rules.unseen_s:
                since = datetime.fromtimestamp(seen_s, UTC).isoformat() if seen_s else ""
                told = {"last": since, "whose": whose}
                found.append(_made(case, Mismatch.UNSEEN, subject, one.ip, one.mac, None, **told))
    return found
