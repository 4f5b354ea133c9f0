"""Does a battery last as long as is required: on what the answer stands, and both numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dutyroom.model.reading import HoldVerdict


@dataclass(frozen=True, slots=True)
class HoldRules:
    """How long a recorded discharge is evidence, and what share of it is taken off for each year since."""

    old_after_s: float = 365 * 86400.0
    derate_per_year: float = 0.2


class HoldBasis(StrEnum):
    """What the number rests on: a discharge test, an outage, what the UPS reports, or nothing."""

    TEST = "test"
    OUTAGE = "outage"
    REPORTED = "reported"
    NONE = "none"


class HoldUnknown(StrEnum):
    """Why one of the two numbers is not there, or decides nothing."""

    NO_RECORD = "no-record"
    OTHER_BATTERY = "other-battery"
    LOAD_THEN = "load-then-not-known"
    LOAD_NOW = "load-not-known"
    LOAD_DIFFERS = "load-differs"
    PARTIAL = "partial"
    OLD = "old"
    NO_CONTACT = "no-contact"
    NO_RUNTIME = "no-runtime"
    IMPLAUSIBLE = "implausible"
    LINE = "line-not-known"
    SINCE = "since-not-known"
    CHARGE = "charge-not-known"
    NOT_FULL = "not-full"
    NOT_CARRYING = "not-carrying"


@dataclass(frozen=True, slots=True)
class Proof:
    """What one recorded discharge says of the battery at today's load. Percent, seconds; UTC.

    It carried `load_then_percent` (the mean in the sense of the power law) for `held_s` until `at`. `low_s` is what is
    proven of a full battery, at today's load and age; `high_s` what it cannot be more than: the same after a discharge
    to the end, what the fall of the charge promises after one that was stopped, None where nothing says so. `is_old`:
    longer ago than the site lets count. `ended_at_percent` is the charge at its end.
    """

    basis: HoldBasis
    at: datetime
    held_s: float
    load_then_percent: float
    load_now_percent: float
    low_s: float
    high_s: float | None
    is_complete: bool
    is_old: bool = False
    ended_at_percent: float | None = None


@dataclass(frozen=True, slots=True)
class HoldEvidence:
    """Whether the hold time is met, and on what that stands.

    `seconds` is the number that decides: how long it holds in all, from a full battery on mains, from when the mains
    failed on battery. Without a verdict it is what is proven at least. `short_by_s` is set with `short` only. `proof`
    is the recorded discharge whether it decides or not (`proof_why_not`), `proven_s` its number; `reported_s` is the
    number that the UPS reports (`reported_why_not`). `held_s` is the time already held in this outage.
    """

    verdict: HoldVerdict
    required_s: float
    seconds: float | None = None
    basis: HoldBasis = HoldBasis.NONE
    short_by_s: float | None = None
    proof: Proof | None = None
    proven_s: float | None = None
    proof_why_not: HoldUnknown | None = None
    reported_s: float | None = None
    reported_why_not: HoldUnknown | None = None
    held_s: float | None = None

    @property
    def is_short_when_full(self) -> bool:
        """True when it is not enough even with the battery full: told before anything happens."""
        return self.verdict is HoldVerdict.SHORT and self.held_s is None
