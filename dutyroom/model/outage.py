"""Outages as records: one per UPS, the power event they share, its phases, and what people did meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dutyroom.model.events import Boot
from dutyroom.model.facts import RuntimeBasis


class Phase(StrEnum):
    """What an outage came to; the words of `outages --json`."""

    ON_BATTERY = "on battery"
    LOW = "low"
    SHUTDOWN = "forced shutdown"
    LOST = "lost contact"
    FOUND = "contact again"
    RESTORED = "restored"


class OutageState(StrEnum):
    """`open` until mains stood for a minute; `gap` is one nobody watched: what is known of it is what it left."""

    OPEN = "open"
    CLOSED = "closed"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class PhaseChange:
    """One line of an outage's course: since when (UTC) it is in a phase, and codes of why (`by`: charge, LB)."""

    outage_id: int
    at: datetime
    phase: Phase
    params: tuple[tuple[str, str], ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class Outage:
    """One UPS from mains lost to restored. Times are UTC; None is not known (yet).

    `began_at` is the first reading on battery, `began_boot` the same on the clock that never steps. `ended_at` is the
    first reading on mains of the minute that closed it. `transfers` counts how often it went to battery. While it is
    open, `lowest_charge_percent` and `load_percent` (mean on battery) stand in its discharge; they are written when it
    closes, with `on_battery_s`: the seconds it was on battery or out of sight. `critical_at` is the first moment it was
    low, shut down or out of sight. `signs` are the codes of what a `gap` left behind.
    """

    ups: str
    event_id: int
    began_at: datetime
    began_boot: Boot | None = None
    state: OutageState = OutageState.OPEN
    ended_at: datetime | None = None
    critical_at: datetime | None = None
    transfers: int = 1
    charge_at_start_percent: float | None = None
    load_at_start_percent: float | None = None
    estimate_at_start_s: float | None = None
    estimate_basis: RuntimeBasis | None = None
    lowest_charge_percent: float | None = None
    load_percent: float | None = None
    on_battery_s: float | None = None
    battery_installed: date | None = None
    signs: tuple[str, ...] = ()
    id: int = 0


class EventState(StrEnum):
    """Where a power event stands: outages run; all are over and the closing text is owed; closed by a person."""

    RUNNING = "running"
    RESTORED = "restored"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PowerEvent:
    """What overlapping outages share: clocks, calls, shedding, the closing text. Times are UTC.

    The clocks count from `began_at`: contained within 3 minutes, reported within 30, and within 4 hours to the
    authority when `is_major`. `seen_at` and `seen_by`: who first said that they know, which ends the alarms.
    """

    began_at: datetime
    began_boot: Boot | None = None
    state: EventState = EventState.RUNNING
    restored_at: datetime | None = None
    is_major: bool = False
    seen_at: datetime | None = None
    seen_by: str | None = None
    contained_at: datetime | None = None
    contained_by: str | None = None
    reported_at: datetime | None = None
    reported_by: str | None = None
    authority_at: datetime | None = None
    authority_by: str | None = None
    closing_text: str = ""
    closed_at: datetime | None = None
    closed_by: str | None = None
    id: int = 0


class EventAct(StrEnum):
    """What people do in a power event; the codes of its history."""

    SEEN = "seen"
    CONTAINED = "contained"
    REPORTED = "reported"
    AUTHORITY = "authority"
    MAJOR = "major"
    CALLED = "called"
    SHED = "shed"
    UNSHED = "unshed"
    RESTARTED = "restarted"
    NOTED = "noted"
    CLOSED = "closed"


class CallResult(StrEnum):
    """What came of a call."""

    ANSWERED = "answered"
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class EventStep:
    """One line of a power event's history: what, when (UTC), who, and of what: a contact's or a load's name.

    `result` is set for a call.
    """

    event_id: int
    at: datetime
    by: str
    act: EventAct
    subject: str = ""
    result: CallResult | None = None
    note: str = ""
    id: int = 0
