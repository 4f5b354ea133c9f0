"""How long a battery lasts: what is seen while it discharges, earlier discharges, and the estimate made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dutyroom.model.facts import RuntimeBasis


@dataclass(frozen=True, slots=True)
class DischargePoint:
    """One reading while the battery carries the load; `at_s` is seconds since it began. None is not known.

    `reported_s` is the runtime the UPS reported, where it is plausible.
    """

    at_s: float
    charge_percent: float | None = None
    load_percent: float | None = None
    reported_s: float | None = None
    voltage_v: float | None = None


class DischargeEnd(StrEnum):
    """Why a recorded discharge ended: mains came back, somebody stopped the test, or the battery was low or empty."""

    MAINS = "mains"
    STOPPED = "stopped"
    LOW = "low"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Discharge:
    """One recorded discharge of one battery: of an outage or of a discharge test (one of the two numbers is set).

    `battery_installed` tells which battery it was: what another one did proves nothing for this one. `points` are in
    order of time; a discharge that still runs has no `ended_at`. Times are UTC.
    """

    ups: str
    began_at: datetime
    ended_at: datetime | None = None
    end: DischargeEnd | None = None
    outage_id: int | None = None
    test_id: int | None = None
    battery_installed: date | None = None
    points: tuple[DischargePoint, ...] = ()
    id: int = 0

    @property
    def held_s(self) -> float:
        """Seconds from the beginning to the last reading on battery; 0 without one."""
        return self.points[-1].at_s if self.points else 0.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a UPS counts as low: whichever comes first. None is not known or not set.

    `charge_percent` and `runtime_s` are those of the UPS (battery.charge.low, battery.runtime.low) or of the site.
    """

    charge_percent: float | None = None
    runtime_s: float | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to tell the time left: its seconds, or None with the code of why it tells nothing.

    A number with a `why_not` is shown and not trusted. Codes: see `rules.runtime`.
    """

    basis: RuntimeBasis
    seconds: float | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class RuntimeEstimate:
    """The time left: the lowest number that can be trusted (`basis` says which), and every candidate beside it.

    `seconds` to empty and `to_low_s` to the low threshold are two numbers, both seconds from the newest reading; None:
    no basis. `at_least` means that the gauge cannot be trusted and that this is a lower bound.
    """

    seconds: float | None = None
    basis: RuntimeBasis | None = None
    to_low_s: float | None = None
    at_least: bool = False
    candidates: tuple[Candidate, ...] = ()


class TestState(StrEnum):
    """Where a discharge test stands; `abandoned` proves nothing (contact was lost, or somebody gave it up)."""

    __test__ = False

    RUNNING = "running"
    ENDED = "ended"
    SIGNED = "signed"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class DischargeTest:
    """A discharge test somebody guided: by hand at the UPS, while the readings were taken by themselves.

    `stop_charge_percent` and `stop_after_s` are what was to be watched; `stopped_why` is the code of what ended it:
    a stop criterion that was met (`low`, `charge`, `time`, `load`, `alarm`, `temperature`), `mains` before any was,
    `contact`, or of one that was given up `person` or `not-begun`. `held_s` is seconds on battery. Times are UTC.
    """

    ups: str
    started_at: datetime
    started_by: str
    stop_charge_percent: float
    stop_after_s: float | None = None
    state: TestState = TestState.RUNNING
    began_at: datetime | None = None
    ended_at: datetime | None = None
    stopped_why: str = ""
    held_s: float | None = None
    charge_from_percent: float | None = None
    charge_to_percent: float | None = None
    load_percent: float | None = None
    battery_installed: date | None = None
    note: str = ""
    signed_at: datetime | None = None
    signed_by: str | None = None
    id: int = 0
