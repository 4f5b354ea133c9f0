"""The three clocks of a power event: contained within 3 minutes, reported within 30, to the authority within 4 hours.

The first two are the hospital's rule; the third is that of the national rule in force since 2025-11-01 for events of
the class "major" (operators that are no critical infrastructure).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dutyroom.model.outage import PowerEvent
from dutyroom.rules.deadlines import AUTHORITY_WITHIN, CONTAIN_WITHIN, REPORT_WITHIN


@dataclass(frozen=True, slots=True)
class EventClock:
    """One clock at a moment. `name` is a code: `contained`, `reported`, `authority`.

    `took_s` is set once it was stamped; `left_s` is what is left until it is late (negative: over), seconds. One that
    is not `needed` runs for nobody.
    """

    name: str
    limit_s: float
    needed: bool = True
    stamped_at: datetime | None = None
    stamped_by: str | None = None
    took_s: float | None = None
    left_s: float | None = None

    @property
    def is_late(self) -> bool:
        """True when it was stamped too late, or is over and not stamped."""
        if self.took_s is not None:
            return self.took_s > self.limit_s
        return self.needed and self.left_s is not None and self.left_s < 0


def event_clocks(event: PowerEvent, elapsed_s: float) -> tuple[EventClock, ...]:
    """The three clocks, `elapsed_s` seconds after the event began."""
    stamps = (
        ("contained", CONTAIN_WITHIN, True, event.contained_at, event.contained_by),
        ("reported", REPORT_WITHIN, True, event.reported_at, event.reported_by),
        ("authority", AUTHORITY_WITHIN, event.is_major, event.authority_at, event.authority_by),
    )
    return tuple(_clock(event, elapsed_s, *stamp) for stamp in stamps)


def _clock(
    event: PowerEvent, elapsed_s: float, name: str, within: timedelta, needed: bool, at: datetime | None, by: str | None
) -> EventClock:
    limit_s = within.total_seconds()
    if at is not None:
        return EventClock(name, limit_s, True, at, by, took_s=max(0.0, (at - event.began_at).total_seconds()))
    return EventClock(name, limit_s, needed, left_s=limit_s - elapsed_s if needed else None)
