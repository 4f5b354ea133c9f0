"""The local days of a report, and the roll-ups by the hour that belong to them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from dutyroom.model.history import HourOfReadings
from dutyroom.report.frame import Frame
from dutyroom.rules.report_period import PeriodKind, ReportPeriod
from dutyroom.store import history
from dutyroom.store.database import Session

HOUR = timedelta(hours=1)
ByDay = dict[tuple[str, str], dict[date, list[HourOfReadings]]]
"""By source and quantity, then by the local day the hour begins in."""


def days_so_far(frame: Frame) -> tuple[date, ...]:
    """The days of the period that had begun by its cut-off."""
    return tuple(day for day in frame.period.days() if _of(day).begins_at(frame.zone) < frame.cutoff)


def hours_of(frame: Frame, day: date) -> int:
    """How many whole hours (UTC) begin on the local day and had passed when the report was made: 23 to 25, or less."""
    begins = math.ceil(_of(day).begins_at(frame.zone).timestamp() / HOUR.total_seconds())
    ends = math.ceil(_of(day).ends_at(frame.zone).timestamp() / HOUR.total_seconds())
    passed = math.floor(frame.made_at.timestamp() / HOUR.total_seconds())
    return max(0, min(ends, passed) - begins)


def whole_hours(
    session: Session, frame: Frame, series: Collection[tuple[str, str]], quantities: Sequence[str] = ()
) -> ByDay:
    """The hours of these series that begin in the period and had ended when the report was made; one statement.

    An hour that still ran has more values today than it had then.
    """
    found = history.hours_of_many(session, frame.begins_at, frame.cutoff, series=series, quantities=quantities)
    by_series: ByDay = {}
    # Every series has the same hours: each is asked for its day once.
    days: dict[datetime, date] = {}
    for one in found:
        if one.hour + HOUR <= frame.made_at:
            if (day := days.get(one.hour)) is None:
                day = days[one.hour] = one.hour.astimezone(frame.zone).date()
            by_series.setdefault((one.source, one.quantity), {}).setdefault(day, []).append(one)
    return by_series


def _of(day: date) -> ReportPeriod:
    return ReportPeriod(PeriodKind.RANGE, day, day)
