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


class SkipReason(StrEnum):
    """Why a round was not to be walked; a text goes with each."""

    ROOM_CLOSED = "room-closed"
    MAINTENANCE = "maintenance"
    EMERGENCY = "emergency"
    ACCESS = "no-access"
    HOLIDAY = "holiday"
    OTHER = "other"


class Mark(StrEnum):
    """What else is to be known of a round."""

    LATE = "late"
    BACK_FILLED = "back-filled"
    AMENDED = "amended"


@dataclass(frozen=True, slots=True)
class Round:
    """One walk. Times are UTC; `due_on` is the local date it was due, `duty_day` the duty day's name (its end date).

    `id` is 0 until stored. `items` counts the checklist's items, `abnormal` the entries judged attention or fault.
    `clock_reason` says why it was signed although the clock stood before the newest record. `revision` is 1 and grows
    with each amendment. `closed_at` is when it became missed or was skipped, `closed_by` who skipped it (None: the
    watch found it missed). `paper_from` and `paper_to` are the times on the paper of a back-filled round. `period_id`
    is the critical period it belongs to.
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
    revision: int = 1
    approved_at: datetime | None = None
    approved_by: str | None = None
    skip_reason: SkipReason | None = None
    skip_note: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    paper_from: datetime | None = None
    paper_to: datetime | None = None
    period_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One answered (item, device) of a round.

    `answer` is a code for checks and choices (`normal`, `abnormal`, `na`, a choice's value), the number as typed for
    numbers, the text for texts; None after an undo. `live_value` is what the source said at that moment, whatever
    the origin; `age_s` is how old that was. `finding_id` is the finding, new or known, an answer that is not normal
    stands for.
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
    finding_id: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """(item id, device name)."""
        return (self.item, self.device)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A signed, reasoned change of a signed round: `entries` take the place of those of the same key.

    `withdrew_by` is who had approved the round before, when somebody had: that approval holds no longer.
    """

    round_id: int
    revision: int
    at: datetime
    by: str
    reason: str
    entries: tuple[Entry, ...]
    withdrew_by: str | None = None
    withdrew_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class RoundHolder:
    """Who has an open round on a screen: operator, terminal, since when and when last seen there (UTC)."""

    round_id: int
    by: str
    terminal: str
    since: datetime
    seen_at: datetime


class OwedState(StrEnum):
    """Where a slot stands now, for lists and the board."""

    DUE = "due"
    LATE = "late"
    OPEN = "open"
    DONE = "done"
    MISSED = "missed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class RoundOwed:
    """One slot of one checklist around now: from when it may start, when it is due, late and missed (UTC).

    `round` is its round when there is one, `answered` how many of its `lines` have an answer.
    """

    checklist: str
    due_at: datetime
    due_on: date
    opens_at: datetime
    late_after: datetime
    missed_after: datetime
    state: OwedState
    round: Round | None = None
    answered: int = 0
    lines: int = 0
    period_id: int | None = None
