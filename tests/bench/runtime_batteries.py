"""Batteries whose true time left is known, for the bench of the runtime estimate: the model it was developed on.

Peukert's law with capacity lost to age and cold; gauges that count charge, show the voltage, start late, or fall in
steps. `runtime_kinetic` has another kind of battery, which no constant was ever fitted to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, tanh
from random import Random
from typing import Protocol

GAUGES = ("linear", "voltage", "late", "jumpy")


class Battery(Protocol):
    """One battery on its way from full to empty; loads are percent of the UPS's rating."""

    def left_s(self, load: float) -> float:
        """Seconds until it is empty at this load: the truth."""
        ...

    def new_s(self, load: float) -> float:
        """Seconds it would have lasted from full when it was new, at this load."""
        ...

    def use(self, load: float, seconds: float) -> None:
        """Carries this load for so long."""
        ...

    def charge(self, load: float) -> float:
        """What its gauge shows, 0 to 1."""
        ...

    def older(self, kept: float, rng: Random) -> Battery:
        """The same battery, full, when it had `1 / kept` times the capacity of today."""
        ...


@dataclass
class PeukertBattery:
    """Peukert's law: `full_s` at 100 percent when new, times `age`, by `exponent`."""

    full_s: float
    exponent: float
    age: float
    gauge: str
    shape: tuple[float, float, float, float, float]
    steps: tuple[tuple[float, float], ...] = ()
    left: float = 1.0
    at_rest: bool = field(default=True)

    @classmethod
    def any(cls, rng: Random, gauge: str) -> PeukertBattery:
        """One of many: five minutes to an hour and a half at full load, new or worn, not always full."""
        steps = sorted((rng.uniform(0.1, 0.95), rng.uniform(0.05, 0.95)) for _ in range(rng.randint(1, 4)))
        levels = sorted((level for _, level in steps), reverse=True)
        return cls(
            full_s=300 * 18 ** rng.random(),
            exponent=rng.uniform(1.05, 1.3),
            age=rng.uniform(0.35, 1.0) * rng.uniform(0.9, 1.03),
            gauge=gauge,
            shape=(
                rng.uniform(0.02, 0.35),
                rng.uniform(0.1, 0.5),
                rng.uniform(0.5, 2.5),
                rng.uniform(0.0, 0.2),
                rng.uniform(0.85, 1),
            ),
            steps=tuple((1 - when, level) for (when, _), level in zip(steps, levels, strict=True)),
            left=1.0 if rng.random() < 0.8 else rng.uniform(0.6, 1.0),
        )

    def _rate(self, load: float) -> float:
        return float((load / 100) ** self.exponent / self.full_s)

    def left_s(self, load: float) -> float:
        """See `Battery`."""
        return self.left * self.age / self._rate(load)

    def new_s(self, load: float) -> float:
        """See `Battery`."""
        return 1 / self._rate(load)

    def use(self, load: float, seconds: float) -> None:
        """See `Battery`."""
        self.at_rest = False
        self.left = max(0.0, self.left - seconds * self._rate(load) / self.age)

    def charge(self, load: float) -> float:
        """See `Battery`."""
        if self.gauge == "linear":
            return 1 - (1 - self.left) * self.shape[4]
        if self.gauge == "late":
            return min(1.0, self.left / (1 - self.shape[3]))
        if self.gauge == "jumpy":
            return next((level for when, level in reversed(self.steps) if self.left <= when), 1.0)
        return self._volts(load)

    def _volts(self, load: float) -> float:
        """A quick sag, a long slope, a plunge; lower under more load, and more so when worn."""
        sag, knee, bend, drop, _ = self.shape
        if self.at_rest:
            return 1.0
        used = 1 - self.left
        level = 1.0 - sag * (1 - exp(-used / 0.04)) - (0.75 - sag) * float(used**bend)
        level -= 0.25 * exp(-self.left / (0.12 * knee + 0.01))
        return max(0.0, min(1.0, level - drop * load / 100 / float(self.age**0.5)))

    def older(self, kept: float, rng: Random) -> PeukertBattery:
        """See `Battery`."""
        left = 1.0 if rng.random() < 0.8 else rng.uniform(0.8, 1.0)
        return PeukertBattery(
            self.full_s, self.exponent, min(1.05, self.age / kept), self.gauge, self.shape, self.steps, left
        )


@dataclass
class Load:
    """A load over time: a base, steps, and noise that wanders. `now` is what the sensor shows."""

    base: float
    steps: tuple[tuple[float, float], ...]
    noise: float
    rng: Random
    now: float = 0.0
    true: float = 0.0
    _wander: float = 0.0

    @classmethod
    def any(cls, rng: Random, base: float, lasts_s: float) -> Load:
        """Around a base, with up to three steps by a factor of 0.6 to 1.6 while the battery lasts."""
        steps, at, load = [], 0.0, base
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
            at += rng.uniform(0.1, 0.5) * lasts_s
            load = min(110.0, max(6.0, load * rng.uniform(0.6, 1.6)))
            steps.append((at, load))
        return cls(base, tuple(steps), rng.uniform(0.0, 0.04), rng)

    def at(self, at_s: float) -> None:
        """Moves on to this moment."""
        self.true = next((load for when, load in reversed(self.steps) if at_s >= when), self.base)
        self._wander = 0.9 * self._wander + 0.1 * self.rng.gauss(0, 1) * 2
        self.now = max(1.0, self.true * (1 + self.noise * (tanh(self._wander) + 0.5 * self.rng.gauss(0, 1))))
