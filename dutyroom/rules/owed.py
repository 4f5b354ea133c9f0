"""Where does a slot stand now?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dutyroom.model.rounds import OwedState, Round, RoundOwed, RoundState

_OF_ROUND = {
    RoundState.OPEN: OwedState.OPEN,
    RoundState.SIGNED: OwedState.DONE,
    RoundState.APPROVED: OwedState.DONE,
    RoundState.MISSED: OwedState.MISSED,
    RoundState.SKIPPED: OwedState.SKIPPED,
}
_PRESSING = (OwedState.LATE, OwedState.OPEN, OwedState.DUE, OwedState.MISSED, OwedState.SKIPPED, OwedState.DONE)


def owed_state(found: Round | None, late_after: datetime, missed_after: datetime, now: datetime) -> OwedState:
    """The state of a slot with that round, or without one: then the time alone says it."""
    if found is not None and found.state in _OF_ROUND:
        return _OF_ROUND[found.state]
    if now >= missed_after:
        return OwedState.MISSED
    return OwedState.LATE if now > late_after else OwedState.DUE


def at(owed: Iterable[RoundOwed], now: datetime) -> tuple[RoundOwed, ...]:
    """The same slots as they stand at `now`, the most pressing first; those that may not start yet after the others."""
    stated = [replace(one, state=owed_state(one.round, one.late_after, one.missed_after, now)) for one in owed]
    return tuple(sorted(stated, key=lambda one: (one.opens_at > now, _PRESSING.index(one.state), one.due_at)))
