"""How a kind of device is asked for its CPU, memory, temperature, fans and power supplies: profiles, as read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

Oid = tuple[int, ...]


class Quantity(StrEnum):
    """What a probe can find; the names are those of `DeviceFacts`."""

    CPU = "cpu_percent"
    MEMORY = "memory_percent"
    TEMPERATURE = "temperature_c"
    FANS = "fans"
    POWER_SUPPLIES = "power_supplies"

    @property
    def is_parts(self) -> bool:
        """Whether the answer is a list of parts and their states, not a number."""
        return self in (Quantity.FANS, Quantity.POWER_SUPPLIES)


class ProbeKind(StrEnum):
    """What a probe reads: one variable, the rows of a column, a share of a whole, sensors, states, hrStorage."""

    SCALAR = "scalar"
    COLUMN = "column"
    SHARE = "share"
    SHARE_COLUMN = "share-column"
    SENSORS = "sensors"
    STATE = "state"
    STATES = "states"
    STORAGE = "storage"

    @property
    def is_table(self) -> bool:
        """Whether rows have to be found by walking."""
        return self not in (ProbeKind.SCALAR, ProbeKind.SHARE, ProbeKind.STATE)


class Aggregate(StrEnum):
    """One number of many rows."""

    MAX = "max"
    MEAN = "mean"
    FIRST = "first"


class Basis(StrEnum):
    """Over which time a CPU load is averaged; `instant`: not at all, so that asking may itself be what is seen."""

    FIVE_MINUTES = "5m"
    ONE_MINUTE = "1m"
    FIVE_SECONDS = "5s"
    INSTANT = "instant"


class Confidence(StrEnum):
    """How well a variable's meaning is known: by a document, or inferred from what devices were seen to answer."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"


class PartState(StrEnum):
    """How a fan or a power supply is; an empty slot is `not-installed`."""

    OK = "ok"
    ATTENTION = "attention"
    FAULT = "fault"
    OFF = "off"
    NOT_INSTALLED = "not-installed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds of the rows whose cell in another column is one of `equals`, or a text with one of `contains` in it."""

    oid: Oid
    equals: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """One way to a quantity.

    `value` is the variable or column of a number or a state. For a share two of `used`, `free` and `total` are given;
    `given_back` is subtracted from what is used. A sensor's value is scaled by the SI prefix in `scale_column` and
    the decimals in `precision_column` (CISCO-ENTITY-SENSOR-MIB, RFC 3433), and counts only where `where` holds.
    `none` are numbers that stand for no value, `low` and `high` bound a value, `invert` takes 100 less the value.
    `absent` holds of empty slots. `states` maps a cell's text to a `PartState`.
    """

    kind: ProbeKind
    source: str
    value: Oid = ()
    used: Oid = ()
    free: Oid = ()
    total: Oid = ()
    given_back: tuple[Oid, ...] = ()
    scale_column: Oid = ()
    precision_column: Oid = ()
    names: Oid = ()
    label: str = ""
    where: tuple[Condition, ...] = ()
    absent: Condition | None = None
    rows: tuple[Oid, ...] = ()
    states: tuple[tuple[str, PartState], ...] = ()
    aggregate: Aggregate = Aggregate.MAX
    scale: float = 1.0
    invert: bool = False
    none: tuple[float, ...] = ()
    low: float = 0.0
    high: float = 100.0
    pattern: re.Pattern[str] | None = None
    basis: Basis | None = None
    confidence: Confidence = Confidence.DOCUMENTED

    @property
    def changing(self) -> tuple[Oid, ...]:
        """The columns (or variables) that must be read at every poll."""
        of_absent = (self.absent.oid,) if self.absent is not None else ()
        return _given((self.value, self.used, self.free, self.total, *self.given_back, *of_absent))

    @property
    def fixed(self) -> tuple[Oid, ...]:
        """The columns that say what a row is; they stay as long as the hardware does."""
        return _given((*(one.oid for one in self.where), self.scale_column, self.precision_column))

    @property
    def origin(self) -> Oid:
        """The column or variable that stands for this probe."""
        return self.value or self.used or self.free or self.total


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one maker's devices: how they are recognised, and the probes of each quantity in order.

    `where` names the file for people. `object_ids` are beginnings of sysObjectID, `descriptions` patterns sought in
    sysDescr where no profile knows the sysObjectID.
    """

    name: str
    vendor: str | None
    where: str = ""
    object_ids: tuple[Oid, ...] = ()
    descriptions: tuple[re.Pattern[str], ...] = ()
    probes: tuple[tuple[Quantity, tuple[Probe, ...]], ...] = ()

    def of(self, quantity: Quantity) -> tuple[Probe, ...]:
        """The probes of a quantity, in the order in which they are tried."""
        return next((probes for key, probes in self.probes if key is quantity), ())


GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles, and the makers behind IANA enterprise numbers."""

    profiles: tuple[Profile, ...] = ()
    makers: tuple[tuple[int, str], ...] = field(default=(), repr=False)

    def with_own(self, own: Iterable[Profile]) -> Profiles:
        """The same with a site's own before them; one of the same name takes the place of the shipped one."""
        first = tuple(own)
        names = {profile.name for profile in first}
        return Profiles((*first, *(one for one in self.profiles if one.name not in names)), self.makers)

    def of(self, object_id: Oid | None, descr: str | None) -> Profile:
        """The profile with the longest fitting sysObjectID, else one whose pattern is in sysDescr, else `generic`."""
        best: tuple[int, Profile] | None = None
        for profile in self.profiles:
            for prefix in profile.object_ids:
                fits = object_id is not None and object_id[: len(prefix)] == prefix
                if fits and (best is None or len(prefix) > best[0]):
                    best = (len(prefix), profile)
        if best is not None:
            return best[1]
        for profile in self.profiles:
            if descr and any(pattern.search(descr) for pattern in profile.descriptions):
                return profile
        return self.generic

    @property
    def generic(self) -> Profile:
        """What every device is asked after the probes of its own profile."""
        return next((one for one in self.profiles if one.name == GENERIC), Profile(GENERIC, None))

    def probes(self, profile: Profile, quantity: Quantity) -> tuple[Probe, ...]:
        """The profile's probes, then the generic ones."""
        last = () if profile.name == GENERIC else self.generic.of(quantity)
        return (*profile.of(quantity), *last)

    def vendor(self, profile: Profile, object_id: Oid | None) -> str | None:
        """Who made the device: as the profile says, else by the enterprise number (RFC 1155); None when unknown."""
        if profile.vendor is not None:
            return profile.vendor
        enterprises = (1, 3, 6, 1, 4, 1)
        if object_id is None or object_id[:6] != enterprises or len(object_id) < 7:
            return None
        return next((maker for number, maker in self.makers if number == object_id[6]), None)


def _given(oids: Iterable[Oid]) -> tuple[Oid, ...]:
    return tuple(dict.fromkeys(oid for oid in oids if oid))
