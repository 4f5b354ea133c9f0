"""Which items are asked this time?

Occurrences are numbered from the calendar alone, so that a round nobody walked shifts none of the later ones.
"""

from __future__ import annotations

from datetime import date

from dutyroom.model.checklist import Cadence, Item


def occurrence(cadence: Cadence, due_on: date) -> int | None:
    """The number of the day, week, month or quarter a round is due in; None in a critical period: everything is asked.

    Months and quarters count so that each second, third or fourth of the year is one: each fourth quarter is the last
    of the year, each third month March, June, September and December.
    """
    match cadence:
        case Cadence.DAILY:
            return due_on.toordinal()
        case Cadence.WEEKLY:
            return (due_on.toordinal() - 1) // 7
        case Cadence.MONTHLY:
            return due_on.year * 12 + due_on.month
        case Cadence.QUARTERLY:
            return due_on.year * 4 + (due_on.month + 2) // 3
        case Cadence.PERIOD:
            return None


def is_asked(item: Item, number: int | None) -> bool:
    """True when it is the item's turn at that occurrence; always without a number."""
    return number is None or number % item.every == 0
