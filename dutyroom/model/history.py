"""Values over time: single readings, and the roll-ups by hour that are kept for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one quantity of one source; `at` is UTC."""

    source: str
    quantity: str
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class HourOfPolls:
    """How the polls of one source went in one hour (UTC start): answered, failed, and expected but never made."""

    source: str
    hour: datetime
    ok: int
    failed: int
    none: int


@dataclass(frozen=True, slots=True)
class HourOfReadings:
    """One quantity over one hour (UTC start): how many values, lowest, mean, highest."""

    source: str
    quantity: str
    hour: datetime
    count: int
    low: float
    mean: float
    high: float
