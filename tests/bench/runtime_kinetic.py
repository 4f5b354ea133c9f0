"""A battery of another kind for the bench of the runtime estimate, kept apart: nothing was fitted to it.

The kinetic battery model (Manwell and McGowan 1993): charge lies in two wells, only one is at hand, and the other
flows after it; so a battery recovers when the load falls and dies early when it rises. Its gauges: counted charge
(not at 0 when the battery is empty), a voltage of logistic shape, one that reads high until it settles, and steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from random import Random


@dataclass
class KineticBattery:
    """`total` is charge in seconds at full load when full and of today's age, `at_hand` the share of the first well."""

    total: float
    fade: float
    at_hand: float
    flow: float
    gauge: str
    slope: float
    middle: float
    resistance: float
    stairs: int
    left: float
    gap: float = 0.0
    used_s: float = 0.0

    @classmethod
    def any(cls, rng: Random, gauge: str) -> KineticBattery:
        """One of many: six minutes to two hours at full load."""
        fade = rng.uniform(0.35, 1.0)
        total = 60 * rng.uniform(6, 120) * fade
        return cls(
            total=total,
            fade=fade,
            at_hand=rng.uniform(0.25, 0.7),
            flow=rng.uniform(0.3, 4.0) / 3600,
            gauge=gauge,
            slope=rng.uniform(4, 14),
            middle=rng.uniform(0.1, 0.4),
            resistance=rng.uniform(0, 0.25),
            stairs=rng.randint(2, 5),
            left=total * (1.0 if rng.random() < 0.8 else rng.uniform(0.65, 1.0)),
        )

    def _after(self, left: float, gap: float, current: float, seconds: float) -> tuple[float, float]:
        steady = current / (self.at_hand * self.flow)
        return left - current * seconds, steady + (gap - steady) * exp(-self.flow * seconds)

    def _at_hand(self, left: float, gap: float) -> float:
        return left - (1 - self.at_hand) * gap

    def _until_empty(self, left: float, gap: float, load: float) -> float:
        current = load / 100
        low, high = 0.0, left / current
        for _ in range(40):
            middle = (low + high) / 2
            if self._at_hand(*self._after(left, gap, current, middle)) > 0:
                low = middle
            else:
                high = middle
        return low

    def left_s(self, load: float) -> float:
        """Seconds until the first well is dry at this load: the truth."""
        return self._until_empty(self.left, self.gap, load)

    def new_s(self, load: float) -> float:
        """Seconds it would have lasted from full when it was new."""
        return self._until_empty(self.total / self.fade, 0.0, load)

    def use(self, load: float, seconds: float) -> None:
        """Carries this load for so long."""
        self.used_s += seconds
        self.left, self.gap = self._after(self.left, self.gap, load / 100, seconds)

    def charge(self, load: float) -> float:
        """What its gauge shows, 0 to 1."""
        counted = max(0.0, self.left / self.total)
        if self.gauge == "linear":
            return counted
        if self.gauge == "late":
            return min(1.0, counted + 0.15 * exp(-self.used_s / 600))
        full = max(0.0, self._at_hand(self.left, self.gap) / self.total)
        if self.gauge == "jumpy":
            return max(0.0, round(full * self.stairs + 0.49) / self.stairs)
        shown = full - self.resistance * load / 100
        scale = [1 / (1 + exp(-self.slope * (one - self.middle))) for one in (shown, 1.0, 0.0)]
        return max(0.0, min(1.0, (scale[0] - scale[2]) / (scale[1] - scale[2])))

    def older(self, kept: float, rng: Random) -> KineticBattery:
        """The same battery, full, when it had `1 / kept` times the capacity of today."""
        total = self.total / kept
        left = total * (1.0 if rng.random() < 0.8 else rng.uniform(0.8, 1.0))
        return KineticBattery(
            total,
            min(1.0, self.fade / kept),
            self.at_hand,
            self.flow,
            self.gauge,
            self.slope,
            self.middle,
            self.resistance,
            self.stairs,
            left,
        )
