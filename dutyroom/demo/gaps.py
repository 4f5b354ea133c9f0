"""Times of which the simulated room has no values: a room in which nothing is ever missing would be no real one.

Now and then nobody watched for a while at night, or a device did not answer. Which days those are follows from the
date alone, so that the same days look the same in every demo.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from dutyroom.demo.noise import stream, unit
from dutyroom.model.history import Gap, GapReason, HourOfPolls

# One day in so many.
PAUSED_OF, SILENT_OF = 7, 5
HOUR = timedelta(hours=1)


def gaps_of_day(source: str, day: date, begin: datetime, end: datetime) -> tuple[Gap, ...]:
    """The gaps of a source on a local day that lasts from `begin` to `end` (UTC), oldest first."""
    number, found = day.toordinal(), []
    everyone, own = stream(0, "watch"), stream(0, f"{source} silent")
    if number % PAUSED_OF == 3:
        began = begin + timedelta(minutes=120 + 90 * unit(everyone, number))
        ended = began + timedelta(minutes=40 + 60 * unit(everyone, -number))
        found.append(Gap(began, ended, GapReason.NOT_POLLED))
    if unit(own, number) < 1 / SILENT_OF:
        began = begin + timedelta(hours=9 + 9 * unit(own, number + 1))
        ended = began + timedelta(minutes=4 + 30 * unit(own, number + 2))
        found.append(Gap(began, ended, GapReason.FAILED, "timeout"))
    return tuple(gap for gap in found if gap.ended < end)


def is_missing(at: datetime, gaps: Sequence[Gap]) -> bool:
    """True while there is no value."""
    return any(gap.began <= at <= gap.ended for gap in gaps)


def polls_of_hour(source: str, hour: datetime, interval_s: float, end: datetime, gaps: Sequence[Gap]) -> HourOfPolls:
    """How the polls of that hour (UTC start) went, up to `end`."""
    due = int((min(hour + HOUR, end) - hour).total_seconds() / interval_s)
    failed = none = 0
    for gap in gaps:
        inside_s = (min(gap.ended, hour + HOUR) - max(gap.began, hour)).total_seconds()
        polls = max(0, int(inside_s / interval_s))
        if gap.reason is GapReason.FAILED:
            failed += polls
        else:
            none += polls
    return HourOfPolls(source, hour, max(0, due - failed - none), failed, none)
