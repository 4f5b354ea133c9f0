"""How fast something falls, told so that single wild readings do not matter (Theil 1950, Sen 1968)."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

# 24 samples are 276 pairs: a fraction of a millisecond, and enough for ten minutes of readings.
MOST_SAMPLES = 24


def fall(samples: Sequence[tuple[float, float]]) -> float | None:
    """How much the second number falls per unit of the first: the median over all pairs. Rising is negative.

    `samples` are in order of the first number; of more than MOST_SAMPLES, evenly chosen ones are looked at. None with
    fewer than three, or where the first number stands still.
    """
    chosen = thinned(samples, MOST_SAMPLES)
    if len(chosen) < 3:
        return None
    slopes = [
        (one[1] - other[1]) / (other[0] - one[0])
        for place, one in enumerate(chosen)
        for other in chosen[place + 1 :]
        if other[0] > one[0]
    ]
    return median(slopes) if slopes else None


def thinned(samples: Sequence[tuple[float, float]], most: int) -> Sequence[tuple[float, float]]:
    """At most so many of them, evenly chosen, the first and the last among them."""
    if len(samples) <= most:
        return samples
    step = (len(samples) - 1) / (most - 1)
    return [samples[round(place * step)] for place in range(most)]
