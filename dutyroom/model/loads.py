"""What hangs on the UPSes now: how each load is fed, until when, and what switching some of them off would gain."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dutyroom.model.devices import Load
from dutyroom.model.facts import Line


@dataclass(frozen=True, slots=True)
class UpsNow:
    """One UPS as far as its loads are concerned.

    `line` is the last one seen, `runtime_s` the time left in seconds from now (`at_least`: a lower bound), None where
    it is not known. `known` is false when the UPS cannot be read now: on battery its time is then counted down, on
    mains nothing is known of it. `off`: it says that its output is off.
    """

    line: Line
    runtime_s: float | None = None
    at_least: bool = False
    load_percent: float | None = None
    known: bool = True
    off: bool = False


class SupplyState(StrEnum):
    """What feeds a supply of a load; `gone`: its UPS is off, or was lost on battery and has run out since."""

    MAINS = "mains"
    BATTERY = "battery"
    GONE = "gone"
    UNKNOWN = "unknown"

    @property
    def feeds(self) -> bool:
        """True when it is known to feed."""
        return self in (SupplyState.MAINS, SupplyState.BATTERY)


@dataclass(frozen=True, slots=True)
class Supply:
    """One of the UPSes of a load. `seconds` is how long it goes on feeding; None: not known, or on mains no end."""

    ups: str
    state: SupplyState
    seconds: float | None = None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class LoadNow:
    """A load, by how many of its supplies it is fed, and how long it has.

    `seconds` is the time until fewer supplies feed it than it needs, `at_least` that it may be more; None: not known,
    or no end while `endless` (enough of them are on mains). It takes each UPS at the load it carries now. `shed`:
    somebody has switched it off.
    """

    load: Load
    supplies: tuple[Supply, ...]
    seconds: float | None = None
    at_least: bool = False
    endless: bool = False
    shed: bool = False

    def count(self, state: SupplyState) -> int:
        """How many of its supplies are in that state."""
        return sum(supply.state is state for supply in self.supplies)

    @property
    def fed(self) -> int:
        """By how many supplies it is known to be fed."""
        return sum(supply.state.feeds for supply in self.supplies)

    @property
    def is_down(self) -> bool:
        """True when it is fed by fewer than it needs even if all that is not known feeds."""
        return self.fed + self.count(SupplyState.UNKNOWN) < self.load.needs


@dataclass(frozen=True, slots=True)
class HangingLoad:
    """A load as one of its UPSes carries it: `watts` is the share of this UPS, None where it is not known."""

    load: Load
    fed: int
    of: int
    watts: float | None
    shed: bool = False


@dataclass(frozen=True, slots=True)
class UpsLoads:
    """What hangs on one UPS: `watts` is the sum of the shares that are known and not shed, `unknown` how many are not.

    `measured_w` is what the UPS measures (its load of its rated power), None where one of the two is not known.
    """

    ups: str
    loads: tuple[HangingLoad, ...]
    watts: float
    unknown: int
    measured_w: float | None = None


class ShedUnknown(StrEnum):
    """Why it cannot be told what shedding gains on a UPS."""

    UPS = "ups-not-known"
    LOAD = "load-not-known"
    RATED = "rated-not-known"
    WATTS = "watts-not-known"
    RUNTIME = "runtime-not-known"


@dataclass(frozen=True, slots=True)
class ShedEffect:
    """What shedding every group up to one does on one UPS: an estimate.

    `load_percent` is its load afterwards, `gain_s` how many seconds more it lasts (`at_least`: it may be more). A None
    is not known, and `why_not` says why. `left_s` is the time left before.
    """

    ups: str
    state: SupplyState
    left_s: float | None = None
    load_percent: float | None = None
    gain_s: float | None = None
    at_least: bool = False
    why_not: ShedUnknown | None = None


@dataclass(frozen=True, slots=True)
class ShedStep:
    """One group in the order of shedding. `watts` is what is still to be shed in it, as far as it is known.

    `unknown` is how many of those loads do not say their watts. `effects` are what shedding up to and with this group
    does, on each UPS it touches: on battery first, the one with the least time first.
    """

    group: int
    loads: tuple[LoadNow, ...]
    watts: float
    unknown: int
    effects: tuple[ShedEffect, ...] = ()

    @property
    def is_done(self) -> bool:
        """True when every load of the group is shed."""
        return all(load.shed for load in self.loads)

    @property
    def headline(self) -> ShedEffect | None:
        """The effect on the UPS that needs it most; None when the group touches none."""
        return self.effects[0] if self.effects else None


class RestartKind(StrEnum):
    """What is started again: what cools the room comes before what heats it."""

    COOLING = "cooling"
    LOAD = "load"


@dataclass(frozen=True, slots=True)
class RestartStep:
    """One thing to look after when the mains are back, in order."""

    kind: RestartKind
    name: str
    label: str
    owner: str = ""
    phone: str = ""
