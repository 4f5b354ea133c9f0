"""Values over time: single readings, and the roll-ups by hour that are kept for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dutyroom.model.checklist import Limit
from dutyroom.model.events import Event


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


class Span(StrEnum):
    """How much time a chart shows."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def length(self) -> timedelta:
        """The time itself; a month is thirty days."""
        return _LENGTHS[self]

    @property
    def by_hour(self) -> bool:
        """True where hourly roll-ups are shown in place of single readings."""
        return self in (Span.WEEK, Span.MONTH)


_LENGTHS = {
    Span.HOUR: timedelta(hours=1),
    Span.DAY: timedelta(days=1),
    Span.WEEK: timedelta(days=7),
    Span.MONTH: timedelta(days=30),
}


class GapReason(StrEnum):
    """Why there is no value: the source did not answer, nobody asked it, it answered without this quantity, the clock
    was set forward over it, or nothing is on record about that time."""

    FAILED = "failed"
    NOT_POLLED = "not-polled"
    NO_VALUE = "no-value"
    CLOCK_SET = "clock-set"
    NO_RECORD = "no-record"


@dataclass(frozen=True, slots=True)
class Gap:
    """A time (UTC) without values. `state` is that of the failed polls (`timeout`, ...), empty for other reasons."""

    began: datetime
    ended: datetime
    reason: GapReason
    state: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One reading (`lasts_s` is 0), or an hour of them: lowest, mean, highest of `count` values from `at` (UTC) on."""

    at: datetime
    low: float
    mean: float
    high: float
    count: int = 1
    lasts_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Series:
    """One quantity of one source from `since` to `until` (UTC), as it was on record at `read_at`.

    `points` are single readings, or hours where `by_hour`; `reach_s` is how far apart two readings may be to belong
    together. `gaps` are the times without a value; `failures` every time with failed polls or none, also those too
    short to leave a gap. `steps` are the moments at which the clock was set. `last` is the newest reading there is at
    all, `limit` what is normal where a checklist or the site says so.
    """

    source: str
    quantity: str
    span: Span
    since: datetime
    until: datetime
    read_at: datetime
    by_hour: bool
    reach_s: float
    points: tuple[Point, ...] = ()
    gaps: tuple[Gap, ...] = ()
    failures: tuple[Gap, ...] = ()
    steps: tuple[Event, ...] = ()
    last: Reading | None = None
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class SeriesName:
    """A quantity that has a history, and its newest reading."""

    source: str
    quantity: str
    last: Reading | None = None
