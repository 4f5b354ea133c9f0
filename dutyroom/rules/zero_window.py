"""Which duty day does a zero report belong to, when is it due, and which days are missing?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dutyroom.model.zero_report import ZeroDay, ZeroReport, ZeroState, ZeroWindow

# It may be signed so long before the day ends: it has to be there at the hour, not after it.
EARLY_S = 3600.0
DAY = timedelta(days=1)


def window_of(day: date, ends: time, zone: ZoneInfo, grace_s: float) -> ZeroWindow:
    """The duty day that ends at `ends` of that local day and began at `ends` of the day before.

    It lasts 23 or 25 hours where the clocks are changed; an end that is skipped moves on by the gap, one that comes
    twice is the first.
    """
    begins_at, ends_at = (datetime.combine(one, ends, tzinfo=zone).astimezone(UTC) for one in (day - DAY, day))
    return ZeroWindow(
        day, begins_at, ends_at, ends_at - timedelta(seconds=EARLY_S), ends_at + timedelta(seconds=grace_s)
    )


def window_at(at: datetime, ends: time, zone: ZoneInfo, grace_s: float) -> ZeroWindow:
    """The duty day a moment belongs to; the moment at which one ends belongs to the next."""
    today = at.astimezone(zone).date()
    window = window_of(today, ends, zone, grace_s)
    return window if at < window.ends_at else window_of(today + DAY, ends, zone, grace_s)


def state_of(window: ZeroWindow, report: ZeroReport | None, now: datetime) -> ZeroState:
    """What was sent; without a report due until it would be late, then missing."""
    if report is not None:
        return report.state
    return ZeroState.MISSING if now > window.late_after else ZeroState.DUE


def days(first: date, last: date) -> Iterator[date]:
    """Every day from first to last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def missing_days(
    first: date, reported: Collection[date], now: datetime, ends: time, zone: ZoneInfo, grace_s: float
) -> tuple[date, ...]:
    """The duty days from `first` on whose report would be late now and was never signed, oldest first."""
    current = window_at(now, ends, zone, grace_s).duty_day
    return tuple(
        day
        for day in days(first, current)
        if day not in reported and now > window_of(day, ends, zone, grace_s).late_after
    )


def due_window(reported: Collection[date], now: datetime, ends: time, zone: ZoneInfo, grace_s: float) -> ZeroWindow:
    """The duty day whose report is to be signed next: the one that just ended until it is late, else the one that runs.

    With a grace of a day or more only the newest that ended is looked at.
    """
    running = window_at(now, ends, zone, grace_s)
    ended = window_of(running.duty_day - DAY, ends, zone, grace_s)
    return ended if ended.duty_day not in reported and now <= ended.late_after else running


def stand(
    versions: Iterable[ZeroReport], first: date, last: date, now: datetime, ends: time, zone: ZoneInfo, grace_s: float
) -> tuple[ZeroDay, ...]:
    """How each duty day from first to last stands, in order; none after the one that runs now."""
    by_day: dict[date, list[ZeroReport]] = {}
    for one in versions:
        by_day.setdefault(one.duty_day, []).append(one)
    windows = [
        window_of(day, ends, zone, grace_s)
        for day in days(first, min(last, window_at(now, ends, zone, grace_s).duty_day))
    ]
    held = [tuple(by_day.get(window.duty_day, ())) for window in windows]
    return tuple(
        ZeroDay(window, state_of(window, of[-1] if of else None, now), of)
        for window, of in zip(windows, held, strict=True)
    )
