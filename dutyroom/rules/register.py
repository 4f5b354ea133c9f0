"""The register of addresses: what people write as an address, who an address belongs to, and what an import changes."""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dutyroom.model.addresses import Registration

# A network of more addresses is no range of a machine room: most likely the mask is wrong.
LARGEST_RANGE = 2**20
Number = tuple[int, int]


def number_of(ip: str) -> Number:
    """(4 or 6, the address as a number), by which addresses are compared. Raises ValueError."""
    address = ipaddress.ip_address(ip)
    return address.version, int(address)


def range_of(text: str) -> tuple[str, str]:
    """First and last address of `10.0.0.7`, `10.0.0.10-10.0.0.50`, `10.0.0.10-50` or `10.0.0.0/24`.

    Raises ValueError for anything else, for a range that runs backwards, and for one of over a million addresses.
    """
    written = text.strip().replace("—", "-").replace("–", "-").replace("~", "-").replace("～", "-").replace(" ", "")
    if "/" in written:
        network = ipaddress.ip_network(written, strict=False)
        first, last = network[0], network[-1]
    else:
        head, dash, tail = written.partition("-")
        first = ipaddress.ip_address(head)
        if dash and tail.isdecimal() and first.version == 4:
            tail = head.rpartition(".")[0] + "." + tail
        last = ipaddress.ip_address(tail) if dash else first
    if first.version != last.version or not 0 <= int(last) - int(first) < LARGEST_RANGE:
        raise ValueError(text)
    return str(first), str(last)


class Register:
    """The registrations in force, to be looked up by address."""

    def __init__(self, registrations: Iterable[Registration]) -> None:
        self.all = tuple(one for one in registrations if one.removed_at is None)
        self._single: dict[str, list[Registration]] = defaultdict(list)
        self._by_mac: dict[str, list[Registration]] = defaultdict(list)
        ranges: list[tuple[Number, Number, Registration]] = []
        for one in self.all:
            if one.mac:
                self._by_mac[one.mac].append(one)
            if one.first and one.is_range:
                ranges.append((number_of(one.first), number_of(one.last), one))
            elif one.first:
                self._single[one.first].append(one)
        ranges.sort(key=lambda entry: entry[0])
        self._ranges = ranges
        self._starts = [first for first, _last, _one in ranges]
        # The furthest end of all ranges up to each: where it lies before an address, no earlier range holds it.
        self._furthest: list[Number] = []
        for _first, last, _one in ranges:
            self._furthest.append(max(last, self._furthest[-1]) if self._furthest else last)

    def of_ip(self, ip: str) -> tuple[Registration, ...]:
        """Those that name the address, single ones before ranges."""
        found = list(self._single.get(ip, ()))
        if self._ranges:
            wanted = number_of(ip)
            place = bisect_right(self._starts, wanted) - 1
            while place >= 0 and self._furthest[place] >= wanted:
                first, last, one = self._ranges[place]
                if first <= wanted <= last:
                    found.append(one)
                place -= 1
        return tuple(found)

    def of_mac(self, mac: str) -> tuple[Registration, ...]:
        """Those that name the MAC."""
        return tuple(self._by_mac.get(mac, ()))

    def holder(self, ip: str, mac: str) -> Registration | None:
        """The one an address with its MAC belongs to: both agree, else the address is free to any MAC, else None."""
        by_ip = self.of_ip(ip) if ip else ()
        agreeing = [one for one in by_ip if one.mac == mac]
        anyone = [one for one in by_ip if not one.mac]
        anywhere = [one for one in self.of_mac(mac) if not one.first or not ip]
        return next(iter((*agreeing, *anyone, *anywhere)), None)


def is_expired(one: Registration, today: date) -> bool:
    """True after its last valid day. `today` is the local date."""
    return one.valid_until is not None and one.valid_until < today


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import does. `changed` are pairs of what stands there and what takes its place (with its id)."""

    added: tuple[Registration, ...] = ()
    changed: tuple[tuple[Registration, Registration], ...] = ()
    unchanged: tuple[Registration, ...] = ()
    removed: tuple[Registration, ...] = ()
    kept: tuple[Registration, ...] = ()


@dataclass(slots=True)
class _Matching:
    standing: list[Registration]
    given: list[Registration]
    pairs: list[tuple[Registration, Registration]] = field(default_factory=list)

    def by(self, key: Callable[[Registration], Hashable | None], *, alone: bool) -> None:
        """Pairs what has the same key; with `alone` only where one of each is left with it."""
        waiting: dict[Hashable, list[Registration]] = defaultdict(list)
        asking: dict[Hashable, int] = defaultdict(int)
        for one in self.standing:
            waiting[key(one)].append(one)
        for one in self.given:
            asking[key(one)] += 1
        left: list[Registration] = []
        for one in self.given:
            name = key(one)
            fits = waiting.get(name, []) if name is not None else []
            if fits and (not alone or (len(fits) == 1 and asking[name] == 1)):
                self.pairs.append((fits.pop(0), one))
            else:
                left.append(one)
        taken = {id(old) for old, _new in self.pairs}
        self.given = left
        self.standing = [one for one in self.standing if id(one) not in taken]


def plan_import(standing: Sequence[Registration], given: Sequence[Registration], *, replace_all: bool) -> Plan:
    """What importing `given` changes: a row stands for the entry with its IP and MAC, else its IP, else its MAC.

    What the rows do not name is kept, or removed with `replace_all`.
    """
    matching = _Matching([one for one in standing if one.removed_at is None], list(given))
    matching.by(lambda one: (one.first, one.last, one.mac), alone=False)
    matching.by(lambda one: (one.first, one.last) if one.first else None, alone=True)
    matching.by(lambda one: one.mac or None, alone=True)
    changed: list[tuple[Registration, Registration]] = []
    unchanged: list[Registration] = []
    for old, new in matching.pairs:
        put = replace(new, id=old.id, added_at=old.added_at, added_by=old.added_by)
        if put == old:
            unchanged.append(old)
        else:
            changed.append((old, put))
    rest = tuple(matching.standing)
    return Plan(
        added=tuple(matching.given),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        removed=rest if replace_all else (),
        kept=() if replace_all else rest,
    )
