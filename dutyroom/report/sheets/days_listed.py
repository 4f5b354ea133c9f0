"""Which days of a long period stand in a list by day."""

from __future__ import annotations

from collections.abc import Sequence

from dutyroom.report.frame import Frame
from dutyroom.words import _

LONGEST_MONTH = 31


def days_listed(frame: Frame, known: Sequence[bool]) -> list[int]:
    """The places of the days that stand in the list; `known` tells of each whether it has any value.

    All of them up to a month. In a longer period, of several days on end without a value, the first and the last: an
    empty row at each end breaks the line of a chart and keeps its axis as long as the period.
    """
    if (frame.period.last - frame.period.first).days < LONGEST_MONTH:
        return [*range(len(known))]
    last = len(known) - 1
    return [
        place
        for place, is_known in enumerate(known)
        if is_known or place in (0, last) or known[place - 1] or known[place + 1]
    ]


def left_out_told(rows: int) -> str:
    """What is said of so many rows that are not in the list; empty for none."""
    if not rows:
        return ""
    return _(
        "Not listed: {n} rows of days without any value. Of several such days on end the first and the last stand "
        "here, empty."
    ).format(n=rows)
