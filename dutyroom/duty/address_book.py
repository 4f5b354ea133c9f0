"""All addresses as people look at them, in one short read: what was seen, whose it is, what does not agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dutyroom.duty.desk import Desk
from dutyroom.duty.uncollected import uncollected
from dutyroom.model.addresses import AddressesNow, AddressFinding, Host, Seen
from dutyroom.rules.addresses import is_learning, learning_until
from dutyroom.rules.hosts import hosts
from dutyroom.store import addresses, registrations


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Every host, worst first; how the sweeps went; until when nothing is an alarm (UTC, None before the first).

    `sightings` are the rows behind the hosts, by MAC.
    """

    hosts: tuple[Host, ...]
    now: AddressesNow
    learning_until: datetime | None
    is_learning: bool
    sightings: Mapping[str, tuple[Seen, ...]] = field(default_factory=dict)
    findings: tuple[AddressFinding, ...] = ()


@uncollected()
def address_book(desk: Desk, now: datetime) -> AddressBook:
    """What the store holds about addresses now. Raises StoreError."""
    with desk.store.read() as session:
        seen = addresses.seen(session)
        known = addresses.now(session)
        found = tuple(one for one, _told in addresses.findings(session))
        registered = (*desk.site.register, *registrations.in_force(session))
    by_mac: dict[str, list[Seen]] = {}
    for row in seen:
        by_mac.setdefault(row.mac, []).append(row)
    rules = desk.site.addresses
    return AddressBook(
        hosts=hosts(seen, registered, found),
        now=known,
        learning_until=learning_until(known.first_sweep_at, rules),
        is_learning=is_learning(known.first_sweep_at, rules, now),
        sightings={mac: tuple(rows) for mac, rows in by_mac.items()},
        findings=found,
    )
