"""Handover: what one shift leaves and the next one accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dutyroom.model.finding import FindingState, Severity


class HandoverState(StrEnum):
    """Given by the outgoing person; accepted when the incoming one has signed as well."""

    GIVEN = "given"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class HandoverCount:
    """Things that must be there, such as keys and tools: how many there should be and how many were counted."""

    name: str
    expected: int | None
    counted: int


@dataclass(frozen=True, slots=True)
class HandoverFinding:
    """A finding that was not over: its number, how bad, where it stood, its deadline (UTC), and whether it was known
    as a fault that is not found again each day."""

    id: int
    severity: Severity
    state: FindingState
    deadline: datetime
    known: bool = False


@dataclass(frozen=True, slots=True)
class HandoverOutage:
    """A UPS that was on battery, and since when (UTC); its outage and power event, where it is one on record."""

    ups: str
    since: datetime
    outage: int | None = None
    event: int | None = None


@dataclass(frozen=True, slots=True)
class HandoverEvent:
    """A power event that is over and whose closing text is owed: its number, and from when to when it lasted (UTC)."""

    event: int
    began_at: datetime
    restored_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HandoverSheet:
    """What stood in the sheet when it was given; from then on nothing of it changes.

    Findings that were not over, UPSes on battery, the numbers of rounds that were open, what was counted, and what the
    outgoing person has to say; power events without a closing text. `people` are those whom the roster named for the
    incoming shift.
    """

    findings: tuple[HandoverFinding, ...] = ()
    on_battery: tuple[HandoverOutage, ...] = ()
    open_rounds: tuple[int, ...] = ()
    counts: tuple[HandoverCount, ...] = ()
    remarks: str = ""
    people: tuple[str, ...] = ()
    power_events: tuple[HandoverEvent, ...] = ()

    @property
    def major(self) -> tuple[int, ...]:
        """The numbers of the findings of the highest class."""
        return tuple(one.id for one in self.findings if one.severity is Severity.MAJOR)


@dataclass(frozen=True, slots=True)
class Handover:
    """From the shift of `from_day`/`from_shift` to that of `to_day`/`to_shift`. Times are UTC.

    `override_by` and `override_reason`: a lead let it happen although a major finding was open.
    """

    from_day: date
    from_shift: str
    to_day: date
    to_shift: str
    given_at: datetime
    given_by: str
    sheet: HandoverSheet
    state: HandoverState = HandoverState.GIVEN
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    accept_note: str = ""
    override_by: str | None = None
    override_reason: str | None = None
    id: int = 0
