"""Ports of network devices as records: the baseline people accepted, and what stood at the last signed round."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Expected(StrEnum):
    """How a port is to be."""

    UP = "up"
    DOWN = "down"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class BaselinePort:
    """One port of a baseline. `name`, `descr` and `alias` find it again, `index` (ifIndex) where they do not suffice.

    `label` is what people call it, `speed_bps` what it ran at when it was accepted (None: it was not up).
    """

    index: int
    name: str
    descr: str
    alias: str
    expected: Expected
    label: str = ""
    critical: bool = False
    speed_bps: int | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """How the ports of one device are to be, accepted by an operator; a later one of the device replaces it.

    `version` counts the baselines of the device from 1; `seen_at` is the time of the sample it was made from. UTC.
    """

    source: str
    version: int
    at: datetime
    by: str
    seen_at: datetime
    ports: tuple[BaselinePort, ...]
    id: int = 0


@dataclass(frozen=True, slots=True)
class MarkedPort:
    """One port as it was when a round was signed; counters are None when the device did not tell them."""

    index: int
    name: str
    descr: str
    alias: str
    up: bool
    speed_bps: int | None = None
    in_errors: int | None = None
    out_errors: int | None = None
    in_discards: int | None = None
    out_discards: int | None = None


@dataclass(frozen=True, slots=True)
class PortMarks:
    """The ports of one device when a round was signed: `at` is the time of the sample, `uptime_s` the device's then."""

    source: str
    at: datetime
    uptime_s: float | None
    ports: tuple[MarkedPort, ...]


@dataclass(frozen=True, slots=True)
class PortsKnown:
    """What a device's ports are compared with. `flaps` counts ups and downs since the last signed round, by name."""

    baseline: Baseline | None = None
    marks: PortMarks | None = None
    flaps: dict[str, int] = field(default_factory=dict)
