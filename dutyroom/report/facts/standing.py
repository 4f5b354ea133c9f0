"""How rounds stood at a moment: what was done to them later is undone, and each slot is in exactly one state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from dutyroom.model.rounds import Amendment, Mark, Round, RoundState
from dutyroom.rules.schedule import Slot

SIGNED_STATES = (RoundState.SIGNED, RoundState.APPROVED)


class SlotState(StrEnum):
    """How one slot stands. Pending: it may still be signed; future: it may not be begun yet."""

    ON_TIME = "on-time"
    LATE = "late"
    BACK_FILLED = "back-filled"
    SKIPPED = "skipped"
    MISSED = "missed"
    PENDING = "pending"
    FUTURE = "future"

    @property
    def is_signed(self) -> bool:
        """True for a round that was signed, whenever that was."""
        return self in (SlotState.ON_TIME, SlotState.LATE, SlotState.BACK_FILLED)

    @property
    def counts(self) -> bool:
        """True when the slot belongs to the rounds due so far."""
        return self not in (SlotState.PENDING, SlotState.FUTURE)


COUNTED = tuple(state for state in SlotState if state.counts)
"""The states of slots that were due, in the order of every table and chart."""


@dataclass(frozen=True, slots=True)
class SlotFact:
    """One slot of one checklist and how it stands; `round` as it stood then, None where none was on record."""

    checklist: str
    due_at: datetime
    due_on: date
    state: SlotState
    round: Round | None = None

    @property
    def record(self) -> str:
        """`round:12`; without a round on record the slot itself, `slot:daily@2026-10-09T00:30:00+00:00`."""
        return (
            f"round:{self.round.id}" if self.round is not None else f"slot:{self.checklist}@{self.due_at.isoformat()}"
        )

    @property
    def is_amended(self) -> bool:
        """True when the round was changed after it was signed."""
        return self.round is not None and Mark.AMENDED in self.round.marks


def as_of(held: Round, amended: Sequence[Amendment], recorded_at: datetime | None, made_at: datetime) -> Round | None:
    """The round as it stood at `made_at` (UTC), None when it was not on record then.

    `amended` are all its amendments by revision, `recorded_at` the time of its first ledger line where that is known.
    A stamp at `made_at` itself was made in time. `abnormal` stays that of the newest revision: count the answers.
    """
    if recorded_at is not None and recorded_at > made_at:
        return None
    if held.signed_at is not None and held.signed_at <= made_at:
        return _as_signed(held, amended, made_at)
    if held.signed_at is not None:
        marks = tuple(mark for mark in held.marks if mark is Mark.BACK_FILLED)
        held = replace(
            held,
            state=RoundState.OPEN,
            marks=marks,
            signed_at=None,
            signed_by=None,
            approved_at=None,
            approved_by=None,
            clock_reason=None,
            revision=1,
        )
    return _before_signing(held, was_there=recorded_at is not None, made_at=made_at)


def _as_signed(held: Round, amended: Sequence[Amendment], made_at: datetime) -> Round:
    made = [one for one in amended if one.at <= made_at]
    later = next((one for one in amended if one.at > made_at), None)
    # An amendment took an approval away and says which.
    approved_at, approved_by = (
        (held.approved_at, held.approved_by) if later is None else (later.withdrew_at, later.withdrew_by)
    )
    if approved_at is None or approved_at > made_at:
        approved_at = approved_by = None
    return replace(
        held,
        state=RoundState.SIGNED if approved_at is None else RoundState.APPROVED,
        marks=held.marks if made else tuple(mark for mark in held.marks if mark is not Mark.AMENDED),
        approved_at=approved_at,
        approved_by=approved_by,
        revision=1 + len(made),
    )


def _before_signing(held: Round, *, was_there: bool, made_at: datetime) -> Round | None:
    closed = held.closed_at is not None and held.closed_at <= made_at
    begun = held.started_at is not None and held.started_at <= made_at
    if Mark.BACK_FILLED in held.marks and not begun:
        # Typed in from paper later: until then it was missed, or open without an answer, or not there.
        held = replace(held, marks=(), started_at=None, started_by=None, paper_from=None, paper_to=None)
        held = replace(held, state=RoundState.MISSED if closed else RoundState.OPEN)
        return held if closed or was_there else None
    if held.state in (RoundState.MISSED, RoundState.SKIPPED) and not closed:
        held = replace(held, state=RoundState.OPEN, closed_at=None, closed_by=None, skip_reason=None, skip_note=None)
    if held.state is RoundState.OPEN and not begun and not was_there:
        return None
    return held


def state_of(held: Round) -> SlotState:
    """The state of a slot with that round."""
    if held.state in SIGNED_STATES:
        if Mark.BACK_FILLED in held.marks:
            return SlotState.BACK_FILLED
        return SlotState.LATE if Mark.LATE in held.marks else SlotState.ON_TIME
    if held.state is RoundState.SKIPPED:
        return SlotState.SKIPPED
    return SlotState.MISSED if held.state is RoundState.MISSED else SlotState.PENDING


def state_without(slot: Slot, made_at: datetime) -> SlotState:
    """The state of a slot that has no round on record."""
    if slot.is_missed(made_at):
        return SlotState.MISSED
    return SlotState.PENDING if made_at >= slot.opens_at else SlotState.FUTURE
