"""Which shift runs, which came before it and which comes next?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dutyroom.model.roster import Shift, ShiftTime
from dutyroom.model.site import Site

WHOLE_DAY = "duty"
"""The code of the one shift of a site that names none: a duty day."""

People = Mapping[tuple[date, str], Sequence[str]]
"""Who is on the roster, by local day and code of the shift."""


@dataclass(frozen=True, slots=True)
class Around:
    """The shifts around a moment. `running` is None in a time that no shift covers."""

    previous: Shift
    running: Shift | None
    next: Shift

    @property
    def ordered(self) -> tuple[Shift, ...]:
        """In the order of time."""
        return tuple(one for one in (self.previous, self.running, self.next) if one is not None)


def shift_times(site: Site) -> tuple[ShiftTime, ...]:
    """The shifts of the site file; without any, one of 24 hours that ends with the duty day."""
    return site.shifts or (ShiftTime(WHOLE_DAY, "", site.zero_report_at, site.zero_report_at),)


def shift_on(one: ShiftTime, day: date, zone: ZoneInfo) -> Shift:
    """The shift that begins on a local day. A local time that daylight saving skips moves on by the gap."""
    ends_on = day if one.ends > one.begins else day + timedelta(days=1)
    begins_at, ends_at = (
        datetime.combine(on, at, tzinfo=zone).astimezone(UTC) for on, at in ((day, one.begins), (ends_on, one.ends))
    )
    return Shift(one.code, one.label, day, begins_at, ends_at)


def around(times: Sequence[ShiftTime], now: datetime, zone: ZoneInfo) -> Around:
    """The shift that runs at `now`, the last one that began before it and the next to begin.

    Where two overlap, the one that began last runs.
    """
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=by) for by in range(-2, 3)]
    every = sorted((shift_on(one, day, zone) for day in days for one in times), key=lambda one: one.begins_at)
    begun = [one for one in every if one.begins_at <= now]
    runs = begun[-1].ends_at > now
    return Around(
        previous=begun[-2] if runs else begun[-1],
        running=begun[-1] if runs else None,
        next=next(one for one in every if one.begins_at > now),
    )


def staffed(shift: Shift, people: People) -> Shift:
    """The shift with those whom the roster names for it."""
    return replace(shift, people=tuple(people.get((shift.day, shift.code), ())))


def needs_handover(before: Shift, after: Shift, roster_since: datetime | None) -> bool:
    """True when `after` has to take over from `before`: both are on a roster that was there before `after` began, and
    they are not the same people."""
    if roster_since is None or roster_since >= after.begins_at:
        return False
    return bool(before.people and after.people) and set(before.people) != set(after.people)
