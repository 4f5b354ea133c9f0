"""The roster: who is on duty when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class ShiftTime:
    """A shift of the site: its code, what people call it, and its local times; one that ends at or before its beginning
    ends on the next day."""

    code: str
    label: str
    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One person on one shift of one local day. `person` is the operator's login name, or the name as it was written
    where no operator is called so."""

    day: date
    shift: str
    person: str
    imported_at: datetime
    imported_by: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift that takes place: from `begins_at` to `ends_at` (UTC), on the local day it begins, with its people."""

    code: str
    label: str
    day: date
    begins_at: datetime
    ends_at: datetime
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyNow:
    """For the board: the shift that runs, the next one, and whether the handover to the running one was accepted.

    `next` is None where no roster is in use, `shift` there and in a time that no shift covers. `accepted` is None where
    the running shift needs no handover. `roster_until` is the last local day somebody is named for.
    `handed_over_by` and `handed_over_at` tell of the handover accepted last, with a roster or without.
    """

    shift: Shift | None = None
    next: Shift | None = None
    accepted: bool | None = None
    handover_id: int | None = None
    roster_until: date | None = None
    handed_over_by: str | None = None
    handed_over_at: datetime | None = None
