"""Plays outages for the bench of the runtime estimate: a battery, a load, a firmware with its habit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from dutyroom.model.runtime import Discharge, DischargeEnd, DischargePoint
from tests.bench.runtime_batteries import Battery, Load

FIRMWARES = ("honest", "new", "load-linear", "frozen", "sentinel", "zero", "silent")
NOW = datetime(2026, 11, 27, 2, 10, tzinfo=UTC)
LONGEST_S = 10 * 3600.0
STOPPED_AT = 0.40


@dataclass
class Firmware:
    """What it says of the time left; made once per UPS, so that it lies alike in every discharge."""

    habit: str
    noise: float
    rounding: float
    reference: float
    knows_age: bool
    lag: float
    _load: float | None = None
    _wander: float = 0.0
    _stands: float | None = None

    @classmethod
    def any(cls, rng: Random, habit: str) -> Firmware:
        """A habit with its own rounding, noise, lag behind the load."""
        return cls(
            habit,
            rng.uniform(0, 0.04),
            rng.choice((1.0, 1.0, 10.0, 60.0)),
            rng.choice((25.0, 50.0, 100.0)),
            rng.random() < 0.5,
            rng.choice((1.0, 1.0, 0.3)),
        )

    def begins(self) -> None:
        """Another discharge."""
        self._load, self._stands, self._wander = None, None, 0.0

    def says(self, battery: Battery, load: float, rng: Random) -> float | None:
        """Seconds, or a placeholder, or nothing."""
        self._load = load if self._load is None else self._load + self.lag * (load - self._load)
        if self.habit == "silent":
            return None
        if self.habit in ("sentinel", "zero"):
            return 65535.0 if self.habit == "sentinel" else 0.0
        self._wander = 0.95 * self._wander + 0.3 * rng.gauss(0, 1)
        told = self._told(battery, self._load) * (1 + self.noise * self._wander)
        told = max(self.rounding, self.rounding * round(told / self.rounding))
        if self.habit == "frozen":
            self._stands = told if self._stands is None else self._stands
            return self._stands
        return told

    def _told(self, battery: Battery, load: float) -> float:
        if self.habit == "honest" or (self.habit == "frozen" and self.knows_age):
            return battery.left_s(load)
        shown = battery.charge(load)
        if self.habit == "load-linear":
            return shown * battery.new_s(self.reference) * self.reference / load
        return shown * battery.new_s(load)


@dataclass(frozen=True)
class Played:
    """A discharge, and the truth at each of its readings."""

    discharge: Discharge
    truths: tuple[float, ...]


def played(
    battery: Battery,
    load: Load,
    firmware: Firmware,
    rng: Random,
    began_at: datetime = NOW,
    until: Callable[[Battery, float], DischargeEnd | None] | None = None,
) -> Played:
    """Until the battery is empty, or `until(battery, charge shown)` ends it."""
    points: list[DischargePoint] = []
    truths: list[float] = []
    firmware.begins()
    every, digits, at_s = rng.choice((5.0, 10.0, 10.0, 15.0)), rng.choice((0, 0, 1)), 0.0
    end = None
    while end is None and at_s < LONGEST_S:
        load.at(at_s)
        left_s = battery.left_s(load.true)
        if left_s <= every:
            end = DischargeEnd.EMPTY
            break
        shown = battery.charge(load.now)
        if rng.random() > 0.02:
            said = firmware.says(battery, load.now, rng)
            points.append(DischargePoint(at_s, round(100 * shown, digits), round(load.now), said))
            truths.append(left_s)
        end = until(battery, shown) if until is not None else None
        battery.use(load.true, every)
        at_s += every
    over = began_at + timedelta(seconds=at_s)
    discharge = Discharge("hall-a", began_at, over, end or DischargeEnd.STOPPED, points=tuple(points))
    return Played(discharge, tuple(truths))


def earlier(battery: Battery, base: float, firmware: Firmware, rng: Random, complete: bool) -> Discharge:
    """A discharge of the same battery up to a year ago, at 0.4 to 2.5 times the load; or ended at 40 percent shown."""
    years = rng.uniform(0.02, 1.0)
    before = battery.older(1 - rng.uniform(0.0, 0.2) * years, rng)
    then = min(100.0, max(8.0, base * 0.4 * 6.25 ** rng.random()))
    ends_low = rng.random() < 0.4

    def stops(cell: Battery, shown: float) -> DischargeEnd | None:
        if not complete:
            return DischargeEnd.STOPPED if shown <= STOPPED_AT else None
        return DischargeEnd.LOW if ends_low and cell.left_s(then) < 0.08 * cell.new_s(then) else None

    began_at = NOW - timedelta(days=365 * years)
    return played(before, Load.any(rng, then, before.left_s(then)), firmware, rng, began_at, stops).discharge
