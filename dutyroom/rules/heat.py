"""How fast a room warms up while its air conditioning is without power."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

# What a hospital's house rules take as critical for a machine room.
LIMIT_C = 30.0
LEAST_S = 300.0
LEAST_POINTS = 4
# A slope below this is the noise of a sensor.
STILL_PER_S = 0.05 / 600
LONGEST_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Heat:
    """The room's temperature (`age_s` old), its slope, and seconds until `limit_c`; None is not known or not coming."""

    celsius: float
    age_s: float
    per_10_min: float | None = None
    to_limit_s: float | None = None
    limit_c: float = LIMIT_C


def heat(points: Sequence[tuple[datetime, float]], now: datetime) -> Heat | None:
    """From readings (UTC, degrees Celsius; oldest first); None without any. The slope needs five minutes of them.

    The slope is the median of the slopes between readings (Theil-Sen), which one odd reading does not move.
    """
    if not points:
        return None
    at, celsius = points[-1]
    age_s = (now - at).total_seconds()
    slope = _slope(points)
    if slope is None:
        return Heat(celsius, age_s)
    to_limit = None
    if celsius >= LIMIT_C:
        to_limit = 0.0
    elif slope > STILL_PER_S and (left := (LIMIT_C - celsius) / slope - age_s) <= LONGEST_S:
        to_limit = max(0.0, left)
    return Heat(celsius, age_s, slope * 600, to_limit)


def _slope(points: Sequence[tuple[datetime, float]]) -> float | None:
    step = max(1, len(points) // 60)
    few = points[::step]
    if len(few) < LEAST_POINTS or (few[-1][0] - few[0][0]).total_seconds() < LEAST_S:
        return None
    slopes = [
        (later - sooner) / (at - since).total_seconds()
        for n, (since, sooner) in enumerate(few)
        for at, later in few[n + 1 :]
        if at > since
    ]
    return median(slopes) if slopes else None
