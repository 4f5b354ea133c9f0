"""Rounds and their entries: what a person found on one walk with one checklist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dutyroom.model.reading import Origin, Verdict

NORMAL = "normal"
ABNORMAL = "abnormal"
NOT_APPLICABLE = "na"


class RoundState(StrEnum):
    """Where a round is in its life."""

    DUE = "due"
    OPEN = "open"
    SIGNED = "signed"
    APPROVED = "approved"
    MISSED = "missed"
    SKIPPED = "skipped"


class Mark(StrEnum):
    """What else is to be known of a round."""

    LATE = "late"
    BACK_FILLED = "back-filled"
    AMENDED = "amended"


@dataclass(frozen=True, slots=True)
class Round:
    """One walk. Times are UTC; `due_on` is the local date it was due, `duty_day` the duty day's name (its end date).

    `id` is 0 until stored. `items` counts the checklist's items, `abnormal` the entries judged attention or fault.
    `clock_reason` says why it was signed although the clock stood before the newest record.
    """

    checklist: str
    version: str
    due_at: datetime
    due_on: date
    duty_day: date
    state: RoundState
    items: int
    id: int = 0
    started_at: datetime | None = None
    started_by: str | None = None
    signed_at: datetime | None = None
    signed_by: str | None = None
    marks: tuple[Mark, ...] = ()
    abnormal: int = 0
    clock_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One answered (item, device) of a round.

    `answer` is a code for checks and choices (`normal`, `abnormal`, `na`, a choice's value), the number as typed for
    numbers, the text for texts; None after an undo. `live_value` is what the source said at that moment, whatever
    the origin; `age_s` is how old that was.
    """

    round_id: int
    item: str
    device: str
    answer: str | None
    verdict: Verdict
    at: datetime
    by: str
    value: float | None = None
    unit: str = ""
    origin: Origin = Origin.TYPED
    live_value: str | None = None
    source: str | None = None
    age_s: float | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """(item id, device name)."""
        return (self.item, self.device)
