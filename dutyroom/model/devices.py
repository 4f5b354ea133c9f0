"""The devices of a site as configured: what is asked, what hangs on what. Made by `dutyroom.config`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dutyroom.model.profile import Profile


class Secret:
    """A password or community that never shows itself: `repr` and `str` give stars, `reveal()` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself; call it only where it goes on the wire."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, slots=True)
class SnmpAccess:
    """How a device is asked over SNMP: v2c with a community, or v3 (USM, RFC 3414) with user, auth and priv."""

    version: str
    community: Secret | None = None
    user: str | None = None
    auth: str | None = None
    auth_password: Secret | None = None
    priv: str | None = None
    priv_password: Secret | None = None


@dataclass(frozen=True, slots=True)
class Ups:
    """A UPS: its name on a NUT server, or an SNMP card. `hold_time_s` is what it must last.

    It counts as low from `low_charge_percent` or `low_runtime_s` on, whatever lower thresholds it has itself.
    """

    name: str
    label: str
    hold_time_s: float
    server_host: str | None = None
    server_port: int = 3493
    ups: str | None = None
    address: str | None = None
    port: int = 161
    snmp: SnmpAccess | None = None
    rated_w: float | None = None
    battery_installed: date | None = None
    low_charge_percent: float | None = None
    low_runtime_s: float | None = None


@dataclass(frozen=True, slots=True)
class NetworkDevice:
    """A switch, router or firewall.

    `watch_ports` are patterns (`*`, `?`) over ifName, ifDescr and ifAlias; empty: every port that was ever seen up.
    `arp`: its ARP table tells which addresses are in use; `fdb`: its forwarding table tells on which port.
    `profiles` are the site's own, tried before those that come with dutyroom.
    """

    name: str
    label: str
    address: str
    snmp: SnmpAccess
    port: int = 161
    kind: str = "switch"
    watch_ports: tuple[str, ...] = ()
    arp: bool = False
    also_from: tuple[str, ...] = ()
    fdb: bool = True
    profiles: tuple[Profile, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Server:
    """A server: this machine (`source` is `local`) or one asked over SNMP (`snmp`)."""

    name: str
    label: str
    source: str
    address: str | None = None
    port: int = 161
    snmp: SnmpAccess | None = None
    also_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """What hangs on the UPSes, in shedding order."""

    name: str
    label: str
    fed_by: tuple[str, ...]
    needs: int = 1
    watts: float | None = None
    shed_group: int | None = None
    restart_order: int | None = None
    owner: str = ""
    phone: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class AirConditioner:
    """An air conditioner: items of the round expand over them."""

    name: str
    label: str
    address: str | None = None
    port: int = 161
    snmp: SnmpAccess | None = None


@dataclass(frozen=True, slots=True)
class System:
    """HIS, LIS, PACS, a database: answered on a TCP port (`check` is `tcp://host:port`)."""

    name: str
    label: str
    check: str | None = None


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """An outside or insurance line, checked by ping or TCP."""

    name: str
    label: str
    check: str | None = None


@dataclass(frozen=True, slots=True)
class BackupJob:
    """A backup of a system: files that must not be older than `max_age_s`."""

    name: str
    label: str
    path: str | None = None
    max_age_s: float | None = None


Device = Ups | NetworkDevice | Server | System | OutsideLine | BackupJob
"""What can be a source."""
