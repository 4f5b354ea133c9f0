"""Which row of a device's interface table is the port of a record?

Rows of ifTable move when cards are changed or a device restarts (RFC 2863 3.1.5), so that ifIndex alone names nothing
for long; names alone are not unique on many devices. The names decide, ifIndex only among rows of the same names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol, TypeVar

from dutyroom.model.facts import Interface


class Named(Protocol):
    """What is recorded of a port to find it again."""

    @property
    def index(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def descr(self) -> str: ...
    @property
    def alias(self) -> str: ...


Record = TypeVar("Record", bound=Named)
# From the most telling key to the least: an alias is edited by people, a description seldom changes.
_KEYS = (
    lambda port: (port.name, port.descr, port.alias),
    lambda port: (port.name, port.descr),
    lambda port: (port.name,),
)


def matched(records: Sequence[Record], rows: Sequence[Interface]) -> list[tuple[Record, Interface | None]]:
    """Every record with its row, None where the device has no such port any more; no row serves two records."""
    found: dict[int, Interface] = {}
    left = {id(row): row for row in rows}
    for key in _KEYS:
        waiting = [at for at in range(len(records)) if at not in found]
        if not waiting or not left:
            break
        by_key: dict[tuple[str, ...], list[Interface]] = defaultdict(list)
        for row in left.values():
            by_key[key(row)].append(row)
        wanted: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at in waiting:
            wanted[key(records[at])].append(at)
        for names, places in wanted.items():
            for at, row in _pairs(places, records, by_key.get(names, [])):
                found[at] = row
                del left[id(row)]
    return [(record, found.get(at)) for at, record in enumerate(records)]


def _pairs(places: list[int], records: Sequence[Named], rows: list[Interface]) -> list[tuple[int, Interface]]:
    """Among equal names: the same ifIndex first; a single record and a single row that are left belong together."""
    by_index = {row.index: row for row in rows}
    pairs = [(at, by_index.pop(records[at].index)) for at in places if records[at].index in by_index]
    taken = {at for at, _row in pairs}
    lone = [at for at in places if at not in taken]
    if len(lone) == 1 and len(by_index) == 1:
        pairs.append((lone[0], next(iter(by_index.values()))))
    return pairs
