"""SNMP cards of UPSes as trees of values, written by hand with the traits of real ones."""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom.sources.snmp.answers import Oid, oid
from tests.snmp_fakes import SYSTEM, integer, octets, oid_value

RFC1628 = oid("1.3.6.1.2.1.33.1")
POWERNET = oid("1.3.6.1.4.1.318.1.1.1")
TICKS = 0x43


def system(name: str = "card") -> dict[Oid, bytes]:
    """What every agent has."""
    return {(*SYSTEM, 1, 0): octets("a card"), (*SYSTEM, 3, 0): integer(12345, TICKS), (*SYSTEM, 5, 0): octets(name)}


def tree(root: Oid, numbers: Mapping[str, int], texts: Mapping[str, str | bytes] | None = None) -> dict[Oid, bytes]:
    """The system group, and below `root` these numbers and texts by their dotted tails."""
    made = system()
    for tail, number in numbers.items():
        made[(*root, *oid(tail))] = integer(number)
    for tail, text in (texts or {}).items():
        made[(*root, *oid(tail))] = octets(text)
    return made


def rfc1628(changes: Mapping[str, int | None] | None = None, alarms: tuple[Oid, ...] = ()) -> dict[Oid, bytes]:
    """A one-phase UPS on mains; `changes` replaces or (None) takes out numbers by their dotted tails."""
    numbers: dict[str, int | None] = {
        "2.1.0": 2,
        "2.2.0": 0,
        "2.3.0": 480,
        "2.4.0": 100,
        "2.5.0": 2730,
        "2.7.0": 32,
        "3.2.0": 1,
        "3.3.1.3.1": 229,
        "4.1.0": 3,
        "4.3.0": 1,
        "4.4.1.2.1": 221,
        "4.4.1.5.1": 37,
        "6.1.0": len(alarms),
        "9.1.0": 220,
    }
    told = {tail: number for tail, number in (numbers | dict(changes or {})).items() if number is not None}
    made = tree(RFC1628, told, {"1.1.0": b"Acme    ", "1.2.0": "Tower 10   ", "1.3.0": "V2", "1.5.0": ""})
    for row, alarm in enumerate(alarms, start=1):
        made[(*RFC1628, 6, 2, 1, 2, row)] = oid_value(alarm)
    return made


def powernet(changes: Mapping[str, int | None] | None = None, flags: str = "") -> dict[Oid, bytes]:
    """A one-phase APC UPS on mains; `changes` as in `rfc1628`, `flags` is upsBasicStateOutputState."""
    numbers: dict[str, int | None] = {
        "2.1.1.0": 2,
        "2.2.1.0": 100,
        "2.2.2.0": 25,
        "2.2.3.0": 2_880_000,
        "2.2.4.0": 1,
        "2.2.8.0": 54,
        "3.2.1.0": 230,
        "4.1.1.0": 2,
        "4.1.2.0": 1,
        "4.2.1.0": 231,
        "4.2.3.0": 37,
    }
    told = {tail: number for tail, number in (numbers | dict(changes or {})).items() if number is not None}
    texts = {"1.1.1.0": "Smart-UPS 3000", "1.1.2.0": "rack 4", "1.2.1.0": "UPS 09.3"}
    return tree(POWERNET, told, texts | ({"11.1.1.0": flags} if flags else {}))
