"""Load and runtime of every UPS by local day, from the roll-ups by the hour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from dutyroom.model.history import HourOfReadings
from dutyroom.report.facts.days import days_so_far, hours_of, whole_hours
from dutyroom.report.frame import Frame
from dutyroom.store.database import Session

LOAD, RUNTIME = "load_percent", "runtime_s"


@dataclass(frozen=True, slots=True)
class UpsDay:
    """One UPS on one local day: percent and seconds, None is not known.

    The mean counts every sample alike. `runtime_low_s` is the least that the UPS itself told. `hours` of the
    `hours_of_day` so far have a load.
    """

    ups: str
    day: date
    load_mean_percent: float | None = None
    load_high_percent: float | None = None
    runtime_low_s: float | None = None
    hours: int = 0
    hours_of_day: int = 24
    records: tuple[str, ...] = ()


def gather(session: Session, frame: Frame) -> tuple[UpsDay, ...]:
    """Every day so far of every UPS of the site, by UPS and day. Raises StoreError."""
    days = days_so_far(frame)
    series = [(ups.name, quantity) for ups in frame.site.ups for quantity in (LOAD, RUNTIME)]
    if not days or not series:
        return ()
    found = whole_hours(session, frame, series)
    lengths = {day: hours_of(frame, day) for day in days}
    return tuple(
        _day(
            ups.name,
            day,
            lengths[day],
            found.get((ups.name, LOAD), {}).get(day, []),
            found.get((ups.name, RUNTIME), {}).get(day, []),
        )
        for ups in frame.site.ups
        for day in days
    )


def _day(ups: str, day: date, hours_of_day: int, load: list[HourOfReadings], runtime: list[HourOfReadings]) -> UpsDay:
    count = sum(one.count for one in load)
    return UpsDay(
        ups=ups,
        day=day,
        load_mean_percent=math.fsum(one.mean * one.count for one in load) / count if count else None,
        load_high_percent=max((one.high for one in load), default=None),
        runtime_low_s=min((one.low for one in runtime), default=None),
        hours=len(load),
        hours_of_day=hours_of_day,
        records=tuple(f"hours:{ups}/{name}@{day}" for name, some in ((LOAD, load), (RUNTIME, runtime)) if some),
    )
