"""Handover: what one shift leaves and the next one accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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
class HandoverSheet:
    """What stood in the sheet when it was given: numbers of the findings that were open, UPSes on battery, counts."""

    findings: tuple[int, ...] = ()
    on_battery: tuple[str, ...] = ()
    open_rounds: tuple[int, ...] = ()
    counts: tuple[HandoverCount, ...] = ()
    remarks: str = ""


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
