"""Addresses: what the ARP and FDB tables of the network say, what is registered, and where the two do not agree.

A MAC address is always `00:11:22:33:44:55`, an IP address in its usual text. Seconds `_s` are whole seconds since the
epoch, because sightings are counted in tens of thousands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from dutyroom.model.reading import State

# The source of readings and events about all addresses together; no device can have this name.
ADDRESSES = "addresses:"


@dataclass(frozen=True, slots=True)
class AddressRules:
    """How the tables are asked and judged: seconds between two sweeps, of the learning week, until one is missed.

    `uplinks` and `shared` are ports `device:port` (`*` and `?` stand for others): behind the first are other switches,
    at the second several devices are in order.
    """

    every_s: float = 600.0
    learn_s: float = 7 * 86400.0
    unseen_s: float = 30 * 86400.0
    uplinks: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


class ArpType(StrEnum):
    """Where an ARP entry comes from: ipNetToMediaType (RFC 1213), ipNetToPhysicalType (RFC 4293)."""

    OTHER = "other"
    INVALID = "invalid"
    DYNAMIC = "dynamic"
    STATIC = "static"
    LOCAL = "local"
    UNTOLD = "untold"


class FdbStatus(StrEnum):
    """Where an FDB entry comes from: dot1dTpFdbStatus (RFC 4188), dot1qTpFdbStatus (RFC 4363)."""

    OTHER = "other"
    INVALID = "invalid"
    LEARNED = "learned"
    SELF = "self"
    MGMT = "mgmt"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class ArpRow:
    """One ARP or neighbour entry. `mac` is empty while the entry is incomplete."""

    ip: str
    mac: str
    interface: str
    type: ArpType = ArpType.DYNAMIC


@dataclass(frozen=True, slots=True)
class FdbRow:
    """One forwarding entry. `port` is empty when the bridge port has no ifIndex; `vlan` None when it is not told."""

    mac: str
    port: str
    vlan: int | None = None
    status: FdbStatus = FdbStatus.LEARNED


@dataclass(frozen=True, slots=True)
class AddressTables:
    """What one device said in one sweep; `at` is UTC. Without values (`state`) the tables are empty and mean nothing.

    `own` are its interfaces' MACs. `neighbours` are the ports at which another switch or router announces itself (LLDP,
    CDP), `lags` the aggregate of each member port.
    """

    device: str
    at: datetime
    state: State
    detail: str = ""
    arp: tuple[ArpRow, ...] = ()
    fdb: tuple[FdbRow, ...] = ()
    own: frozenset[str] = frozenset()
    neighbours: frozenset[str] = frozenset()
    lags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing seen: an address in an ARP table (`place` is the L3 interface), or a MAC on an edge port (`ip` empty).

    `is_open` while it was in the device's newest answer; `last_s` is then the moment of that answer.
    """

    device: str
    ip: str
    mac: str
    place: str
    vlan: int | None
    first_s: int
    last_s: int
    is_open: bool

    @property
    def key(self) -> tuple[str, str, str, str]:
        """(device, ip, mac, place)."""
        return (self.device, self.ip, self.mac, self.place)


@dataclass(frozen=True, slots=True)
class AskedDevice:
    """How the last sweeps of one device went. UTC. `answered_at` None: it never answered.

    `own` and `uplinks` are those of its last answer; `rows` counts its ARP and FDB rows then.
    """

    name: str
    asked_at: datetime
    answered_at: datetime | None
    state: State
    detail: str = ""
    arp_rows: int = 0
    fdb_rows: int = 0
    own: frozenset[str] = frozenset()
    uplinks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Registration:
    """Who an address belongs to. `first` to `last` is the range (the same for one address, empty for any address).

    `id` is 0 for one of the site file. A removed one stays on record. Times are UTC, `valid_until` is a local date, the
    last valid day.
    """

    first: str = ""
    last: str = ""
    mac: str = ""
    name: str = ""
    owner: str = ""
    user: str = ""
    department: str = ""
    location: str = ""
    switch: str = ""
    port: str = ""
    valid_until: date | None = None
    note: str = ""
    id: int = 0
    added_at: datetime | None = None
    added_by: str = ""
    removed_at: datetime | None = None
    removed_by: str = ""

    @property
    def ip(self) -> str:
        """The address or the range `first-last`."""
        return self.first if self.first == self.last else f"{self.first}-{self.last}"

    @property
    def is_range(self) -> bool:
        """True for more than one address."""
        return self.first != self.last

    @property
    def whose(self) -> str:
        """Whose it is, by the best that is known: name, user, owner, department."""
        return self.name or self.user or self.owner or self.department


class Mismatch(StrEnum):
    """Where the network and the register do not agree; the worst first."""

    IP_UNREGISTERED = "ip-unregistered"
    IP_OTHER_MAC = "ip-other-mac"
    MAC_OTHER_IP = "mac-other-ip"
    IP_TWO_MACS = "ip-two-macs"
    PORT_UNEXPECTED = "port-unexpected"
    PORT_MANY_MACS = "port-many-macs"
    EXPIRED = "registration-expired"
    UNSEEN = "registration-unseen"


@dataclass(frozen=True, slots=True)
class AddressFinding:
    """One thing that does not agree: what (`code`) about which `subject` (IP, MAC, `device port` or registration).

    `since` is when it began (UTC). `params` are codes and values for its sentence, such as (`registered_mac`, ...).
    """

    code: Mismatch
    subject: str
    since: datetime
    ip: str = ""
    mac: str = ""
    device: str = ""
    port: str = ""
    params: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """(code, subject): one finding, however often it is seen."""
        return (self.code.value, self.subject)


@dataclass(frozen=True, slots=True)
class AddressesNow:
    """What the store holds about addresses, short. Times UTC; None: there was no sweep yet.

    `counts` are the findings by code, `findings` the worst of them, `asked` how asking each device went.
    """

    first_sweep_at: datetime | None = None
    last_sweep_at: datetime | None = None
    counts: tuple[tuple[Mismatch, int], ...] = ()
    findings: tuple[AddressFinding, ...] = ()
    asked: tuple[AskedDevice, ...] = ()
    seen: int = 0

    def count(self, *codes: Mismatch) -> int:
        """How many findings have one of these codes."""
        return sum(number for code, number in self.counts if code in codes)


@dataclass(frozen=True, slots=True)
class Host:
    """One address as people see it: who answered with it, on which port it was last seen, whose it is.

    `ip` is empty for a MAC no gateway told an address of. `also` are further addresses of the same MAC.
    """

    ip: str
    mac: str
    router: str = ""
    interface: str = ""
    switch: str = ""
    port: str = ""
    vlan: int | None = None
    first_s: int = 0
    last_s: int = 0
    registered: Registration | None = None
    findings: tuple[AddressFinding, ...] = ()
    also: tuple[str, ...] = field(default=())
