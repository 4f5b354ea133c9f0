"""A guided discharge test while it is prepared and while it runs: its checklist, its stop criteria, how it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from dutyroom.model.runtime import Discharge, DischargeTest, RuntimeEstimate


class StartItem(StrEnum):
    """What must be so before a battery is discharged on purpose; also the names of `--confirm`."""

    WATCH = "watch"
    READING = "reading"
    MAINS = "mains"
    FULL = "full"
    WELL = "well"
    OUTAGE = "outage"
    TEST = "test"
    FEEDS = "feeds"
    PERSON = "person"
    AGREED = "agreed"


class CheckState(StrEnum):
    """The data confirm it, only a person can confirm it, or the data contradict it."""

    CONFIRMED = "confirmed"
    ASKED = "asked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StartCheck:
    """One line of the checklist; `why` is a code for the words, `value` what was seen as device or site file say it."""

    item: StartItem
    state: CheckState
    why: str = ""
    value: str = ""


class StopSign(StrEnum):
    """What to stop a discharge test for; also its `stopped_why` where one was met."""

    LOW = "low"
    CHARGE = "charge"
    TIME = "time"
    LOAD = "load"
    ALARM = "alarm"
    TEMPERATURE = "temperature"


# `stopped_why` of a test in which no stop criterion was met.
MAINS, CONTACT, NOT_BEGUN, PERSON = "mains", "contact", "not-begun", "person"


class TestPhase(StrEnum):
    """How a running test stands: waiting for the first reading on battery, discharging, or out of sight."""

    __test__ = False

    WAITING = "waiting"
    DISCHARGING = "discharging"
    LOST = "lost"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class TestNow:
    """A test as it stands. Seconds, percent, degrees Celsius; None is not known.

    `signs` are the stop criteria that are met, `met` those that were met at any time. `held_s` counts to the last
    reading on battery, and `lost_s` is how long there was none since. `to_stop_s` is the time until the stop charge or
    the stop time, `left` how long the battery lasts, `wait_left_s` the time until a test that waits is dropped.
    `elsewhere` are other UPSes on battery; `input_dead`: the mains of this UPS are gone although they were there when
    the discharge began.
    """

    __test__ = False

    test: DischargeTest
    phase: TestPhase
    discharge: Discharge | None = None
    held_s: float | None = None
    charge_percent: float | None = None
    load_percent: float | None = None
    temperature_c: float | None = None
    to_stop_s: float | None = None
    left: RuntimeEstimate = field(default_factory=RuntimeEstimate)
    wait_left_s: float | None = None
    lost_s: float | None = None
    signs: tuple[StopSign, ...] = ()
    met: tuple[StopSign, ...] = ()
    elsewhere: tuple[str, ...] = ()
    input_dead: bool = False
    gaps_s: tuple[float, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class TestPage:
    """The tests of a UPS: the one that runs or is to be signed, every one (the newest first), the next checklist."""

    __test__ = False

    ups: str
    now: TestNow | None
    tests: tuple[DischargeTest, ...]
    checks: tuple[StartCheck, ...]
