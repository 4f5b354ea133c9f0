"""What a source answered: samples, the facts in them, states and verdicts.

The names of states, verdicts and reason codes are part of `status --json` (see the interfaces page) and only grow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dutyroom.model.events import Boot
from dutyroom.model.facts import BackupFacts, CheckFacts, DeviceFacts, ServerFacts, UpsFacts
from dutyroom.model.ports import PortsKnown


class Kind(StrEnum):
    """What sort of device a source speaks for."""

    UPS = "ups"
    NETWORK = "network"
    SERVER = "server"
    SYSTEM = "system"
    LINE = "line"
    BACKUP = "backup"


class State(StrEnum):
    """Whether we know: the outcome of asking, never how the device is."""

    OK = "ok"
    PARTIAL = "partial"
    NEVER = "never"
    WAIT = "wait"
    STALE = "stale"
    NO_DRIVER = "no-driver"
    DENIED = "denied"
    UNKNOWN_NAME = "unknown-name"
    TIMEOUT = "timeout"
    AUTH = "auth"
    UNREACHABLE = "unreachable"
    PROTOCOL = "protocol"

    @property
    def knows(self) -> bool:
        """True when the sample carries values that may be shown as current."""
        return self in (State.OK, State.PARTIAL)


class Verdict(StrEnum):
    """How it is, as far as we know."""

    OK = "ok"
    ATTENTION = "attention"
    FAULT = "fault"
    UNKNOWN = "unknown"
    NOT_INSTALLED = "not-installed"


class StaleBy(StrEnum):
    """Who let a value grow old: the UPS driver, or our own watcher."""

    DRIVER = "driver"
    WATCHER = "watcher"


class HoldVerdict(StrEnum):
    """Whether the runtime meets the required hold time."""

    MET = "met"
    SHORT = "short"
    NO_EVIDENCE = "no-evidence"
    EVIDENCE_OLD = "evidence-old"


class Origin(StrEnum):
    """How a value came to be in a record."""

    MEASURED = "measured"
    TYPED = "typed"
    TYPED_OVER_MEASURED = "typed-over-measured"


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer of one source at one moment, or its failure (then it carries a state and no facts).

    `at` is UTC and is the moment the answer was complete; `boot` the same moment on the clock that never steps, given
    by the watch. `detail` is English prose for people.
    """

    source: str
    kind: Kind
    at: datetime
    state: State
    detail: str = ""
    stale_by: StaleBy | None = None
    took_s: float | None = None
    ups: UpsFacts | None = None
    device: DeviceFacts | None = None
    server: ServerFacts | None = None
    check: CheckFacts | None = None
    backup: BackupFacts | None = None
    boot: Boot | None = None


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest sample of a source, and the newest one that carried values (its age is told beside a failure).

    `ever_up` names the ports of a network device that were seen up at any time: the ones watched by default.
    `ports` is what its ports are compared with.
    """

    sample: Sample
    good: Sample | None = None
    ever_up: tuple[str, ...] = ()
    ports: PortsKnown | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is not ok: a stable code, the quantity, the value seen and the limit it broke."""

    code: str
    quantity: str
    value: float | int | str | None = None
    limit: float | int | str | None = None
