"""What happened in the room, and what people did to the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# The source of events about the wall clock itself; no device can have this name, which is no name of the site file.
CLOCK = "clock:"
# The source of events about the watch itself.
WATCH = "watch:"


@dataclass(frozen=True, slots=True)
class Boot:
    """A moment on the clock that never steps: the boot's id, and seconds since that boot (CLOCK_BOOTTIME).

    Two moments of one boot are apart by the difference of their seconds, however the wall clock was set meanwhile.
    """

    id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Event:
    """A change seen by the watch: a code and its parameters, never a sentence. `at` is UTC.

    Codes: `state-changed` (was, now), `verdict-changed` (was, now, reason), `on-battery`, `on-mains`, `battery-blip`
    (seconds: so short on battery that it was no outage),
    `port-down` (port), `port-up` (port), `restarted`, `agent-restarted`, `check-failed` (error), `check-answers`,
    `backup-made` (path, size: bytes); of a UPS under a discharge test `discharge-began` (by: line, calibration, flag;
    input: fed, dead), `discharge-stop` (sign), `discharge-input-dead`, `discharge-lost`, `discharge-found`,
    `discharge-ended` (why) and `discharge-dropped` (why); of the source CLOCK `clock-step` (by: seconds
    forward, was, now: UTC) and `clock-back` (the same, seen when the machine had restarted); of the source WATCH
    `watch-gap` (by: seconds in which nobody watched, since: UTC), `site-file-read` (added, changed, removed: counts of
    devices) and `site-file-refused` (file, key: what is wrong; the old one stays in force). `boot` is the same moment
    on the clock that never steps.
    """

    at: datetime
    source: str
    code: str
    params: tuple[tuple[str, str], ...] = ()
    boot: Boot | None = None

    def param(self, name: str) -> str:
        """The parameter of that name, or an empty text."""
        return dict(self.params).get(name, "")


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The watcher's sign of life: who, since when, the last whole cycle, and which site file it runs with. UTC."""

    host: str
    pid: int
    started_at: datetime
    last_cycle_at: datetime
    fingerprint: str
    boot: Boot | None = None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One act in the hash chain. `row_sha256` is empty for an act that leaves no row (a refused sign-in)."""

    seq: int
    at: datetime
    actor: str
    role: str
    terminal: str
    act: str
    subject: str
    row_sha256: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where records and ledger disagree: a code, the subject, and the ledger's seq when there is one."""

    code: str
    subject: str
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found: how many ledger lines and rows were compared, the head of the chain, and every fault."""

    lines: int
    rows: int
    head: str
    faults: tuple[Fault, ...] = ()
