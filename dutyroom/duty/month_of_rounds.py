"""The rounds of a month for the calendar: what is on record, and what is owed and not begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dutyroom.model.rounds import OwedState, Round, RoundOwed, RoundState

_PENDING = (OwedState.DUE, OwedState.LATE)


def by_day(found: Iterable[Round], owed: Iterable[RoundOwed], year: int, month: int) -> Mapping[date, Sequence[Round]]:
    """By local day, in the order they were due. An owed slot without a round stands there as one that is due (id 0)."""
    days: dict[date, list[Round]] = defaultdict(list)
    for one in found:
        days[one.due_on].append(one)
    for slot in owed:
        if slot.round is None and slot.state in _PENDING and (slot.due_on.year, slot.due_on.month) == (year, month):
            days[slot.due_on].append(_not_begun(slot))
    return {day: sorted(rounds, key=lambda one: (one.due_at, one.id)) for day, rounds in days.items()}


def _not_begun(slot: RoundOwed) -> Round:
    return Round(
        checklist=slot.checklist,
        version="",
        due_at=slot.due_at,
        due_on=slot.due_on,
        duty_day=slot.due_on,
        state=RoundState.DUE,
        items=slot.lines,
        period_id=slot.period_id,
    )
