"""What the devices of the room told: the facts of one sample. Units are in the names; None is not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Line(StrEnum):
    """Which side feeds a UPS, read from OL and OB; its input decides where they contradict each other."""

    MAINS = "mains"
    BATTERY = "battery"
    UNKNOWN = "unknown"


class RuntimeBasis(StrEnum):
    """Where a runtime number came from."""

    REPORTED = "reported"
    SLOPE = "slope"
    HISTORY = "history"
    COUNTDOWN = "countdown"


@dataclass(frozen=True, slots=True)
class Implausible:
    """A value a device gave that cannot be true: kept raw, used for nothing. `why` is a code (`sentinel`, ...)."""

    variable: str
    raw: str
    why: str


@dataclass(frozen=True, slots=True)
class UpsFacts:
    """One UPS as its NUT server or its SNMP card tells it, in NUT's words.

    Percent 0..100, seconds, volts, degrees Celsius; None is not known.
    """

    status: tuple[str, ...] = ()
    line: Line = Line.UNKNOWN
    charge_percent: float | None = None
    runtime_s: float | None = None
    runtime_basis: RuntimeBasis | None = None
    load_percent: float | None = None
    input_voltage_v: float | None = None
    output_voltage_v: float | None = None
    battery_voltage_v: float | None = None
    temperature_c: float | None = None
    alarm: str | None = None
    model: str | None = None
    implausible: tuple[Implausible, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()

    def variable(self, name: str) -> str | None:
        """The raw text of a NUT variable, or None when the UPS does not have it."""
        return next((value for key, value in self.variables if key == name), None)


@dataclass(frozen=True, slots=True)
class Interface:
    """One row of ifTable/ifXTable (RFC 2863). `admin` and `oper` are the MIB's words, `missing` when not answered.

    `in_bps` and `out_bps` are bits per second between the last two samples, `new_errors` and `new_discards` what came
    to both counters of a kind meanwhile; None when that cannot be told.
    """

    index: int
    name: str
    descr: str = ""
    alias: str = ""
    type: int | None = None
    admin: str = "missing"
    oper: str = "missing"
    speed_bps: int | None = None
    in_octets: int | None = None
    out_octets: int | None = None
    in_errors: int | None = None
    out_errors: int | None = None
    in_discards: int | None = None
    out_discards: int | None = None
    in_bps: float | None = None
    out_bps: float | None = None
    new_errors: int | None = None
    new_discards: int | None = None

    @property
    def is_up(self) -> bool:
        """Admin up and oper up."""
        return self.admin == "up" and self.oper == "up"

    @property
    def is_down(self) -> bool:
        """Admin up, and oper down or lowerLayerDown."""
        return self.admin == "up" and self.oper in ("down", "lowerLayerDown")


@dataclass(frozen=True, slots=True)
class PortCounts:
    """How many interfaces of a device are in each condition; `other` is all that is neither up, down nor admin down."""

    total: int
    up: int
    down: int
    admin_down: int
    other: int


def count_ports(interfaces: tuple[Interface, ...]) -> PortCounts:
    """Counts over all rows, as `status --json` promises them."""
    up = sum(row.is_up for row in interfaces)
    down = sum(row.is_down for row in interfaces)
    admin_down = sum(row.admin == "down" for row in interfaces)
    return PortCounts(len(interfaces), up, down, admin_down, len(interfaces) - up - down - admin_down)


@dataclass(frozen=True, slots=True)
class Part:
    """A fan or a power supply and its state in words (`ok`, `fault`, `not-installed`, ...)."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What a device says is at the other end of a port, by `lldp` (IEEE 802.1AB) or `cdp` (CISCO-CDP-MIB)."""

    port: str
    name: str
    remote_port: str
    protocol: str


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A network device as SNMP tells it. Percent, seconds, degrees Celsius; None is not known.

    `cpu_basis` says over which time the CPU was averaged (`5m`, `1m`, `5s`, `instant`). `origins` names the OID
    behind a quantity. `agent_uptime_s` is sysUpTime as it is, `boots` and `engine_time_s` are snmpEngineBoots and
    snmpEngineTime (RFC 3411), `host_uptime_s` is hrSystemUptime (RFC 2790).
    """

    sys_name: str | None = None
    sys_descr: str | None = None
    sys_object_id: str | None = None
    vendor: str | None = None
    uptime_s: float | None = None
    cpu_percent: float | None = None
    memory_percent: float | None = None
    temperature_c: float | None = None
    fans: tuple[Part, ...] = ()
    power_supplies: tuple[Part, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    cpu_basis: str | None = None
    origins: tuple[tuple[str, str], ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    agent_uptime_s: float | None = None
    boots: int | None = None
    engine_time_s: float | None = None
    host_uptime_s: float | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """A mounted file system and how full it is, in percent of what users may fill."""

    mount: str
    used_percent: float


@dataclass(frozen=True, slots=True)
class Temperature:
    """One named sensor in degrees Celsius."""

    name: str
    celsius: float


@dataclass(frozen=True, slots=True)
class Link:
    """One network interface of a server; `errors` counts receive and send errors since boot, None when not told."""

    name: str
    up: bool
    errors: int | None = None


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """A server, from psutil or HOST-RESOURCES-MIB (RFC 2790). Percent, seconds; None is not known."""

    cpu_percent: float | None = None
    memory_percent: float | None = None
    load_1m: float | None = None
    uptime_s: float | None = None
    boot_time: datetime | None = None
    temperatures: tuple[Temperature, ...] = ()
    network: tuple[Link, ...] = ()
    volumes: tuple[Volume, ...] = ()

    @property
    def fullest_volume(self) -> Volume | None:
        """The volume with the highest use, or None when no volume is known."""
        return max(self.volumes, key=lambda volume: volume.used_percent, default=None)


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One check of a system or a line: a TCP connection that was opened, or ICMP echoes (RFC 792, RFC 4443).

    `target` is as in the site file, `address` the one that was tried last. `error` is empty when it answered, else
    `refused` (the host is there, the service is not), `timeout`, `unresolved` (no address for the name),
    `unreachable` (told by the network), `lost` (no echo came back), `failed`. `latency_ms` is the time to the
    answer, of echoes their mean; `loss_percent` is for echoes only. `since` (UTC) is when it began to be as it is,
    `lost_in_row` how many checks in a row had no answer; both are known to the watch.
    """

    target: str
    answered: bool
    error: str = ""
    address: str = ""
    latency_ms: float | None = None
    loss_percent: float | None = None
    since: datetime | None = None
    lost_in_row: int = 0


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A file of a backup: its path, when it was last written (UTC, by the clock of its disk), its bytes."""

    path: str
    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """The files of a backup job. `newest` is the newest that is not being written, `writing` one that still is.

    `count` is how many files match. `recent` holds time and bytes of the files of the week before `newest`, of each
    day the last, oldest first: also of those that are gone by now, as far as the watch saw them.
    """

    pattern: str
    count: int = 0
    newest: BackupFile | None = None
    writing: BackupFile | None = None
    recent: tuple[tuple[datetime, int], ...] = ()
