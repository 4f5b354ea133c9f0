"""The numbers beside a chart: round ones, with the borders of what is normal where those are near."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dutyroom.model.checklist import Limit


@dataclass(frozen=True, slots=True)
class Scale:
    """The values at the bottom and at the top of a chart, and those that are written beside it, ascending."""

    bottom: float
    top: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where a value stands, from 0 at the bottom to 1 at the top; values outside are put on the border."""
        return min(1.0, max(0.0, (value - self.bottom) / (self.top - self.bottom)))


def scale_of(
    low: float,
    high: float,
    limit: Limit | None,
    at_least: float,
    steps: Sequence[float],
    most: int,
    ceiling: float = math.inf,
) -> Scale:
    """A scale that holds `low` to `high`, and the borders of the limit that lie near them.

    It spans `at_least`; beside it stand at most `most` numbers (three at the least), apart by one of `steps`
    (ascending), or by ten times the last two of them, and so on. Values that stay below `ceiling` (a hundred percent)
    have no scale that goes above it.
    """
    span = max(high - low, at_least)
    near = [bound for bound in bounds_of(limit) if low - span * 0.6 <= bound <= high + span * 0.6]
    low, high = min(low, *near, low), max(high, *near, high)
    top = high
    if high - low < at_least:
        middle = (low + high) / 2
        floor = 0.0 if low >= 0 else -math.inf
        low = max(floor, middle - at_least / 2)
        high = low + at_least
    if top <= ceiling < high:
        low, high = low - (high - ceiling), ceiling
    step = next(one for one in _endless(steps) if math.ceil(high / one) - math.floor(low / one) < max(3, most))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    return Scale(first * step, last * step, tuple(n * step for n in range(first, last + 1)))


def bounds_of(limit: Limit | None) -> tuple[float, ...]:
    """The borders of what is normal and of what is critical, ascending, each once."""
    if limit is None:
        return ()
    found = (bounds for bounds in (limit.normal, limit.critical) if bounds is not None)
    return tuple(sorted({bound for bounds in found for bound in (bounds.low, bounds.high) if math.isfinite(bound)}))


def _endless(steps: Sequence[float]) -> Iterable[float]:
    yield from steps
    factor = 10.0
    while True:
        for step in steps[-2:]:
            yield step * factor
        factor *= 10.0
