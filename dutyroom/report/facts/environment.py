"""Temperature and humidity of the room day by day: measured by the hour, or typed in signed rounds, never mixed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dutyroom.model.history import HourOfReadings
from dutyroom.model.reading import Origin
from dutyroom.model.rounds import Entry
from dutyroom.report.facts.days import days_so_far, hours_of, whole_hours
from dutyroom.report.facts.environment_places import (
    HUMIDITY,
    TEMPERATURE,
    Place,
    measured_places,
    measured_series,
    typed_places,
)
from dutyroom.report.facts.rounds import RoundFacts
from dutyroom.report.figure import Figure, Shown, ids
from dutyroom.report.frame import Frame
from dutyroom.rules.computed import dew_point
from dutyroom.store.database import Session
from dutyroom.words import _


@dataclass(frozen=True, slots=True)
class Spread:
    """Lowest, mean and highest of so many values; the mean counts every value alike."""

    low: float
    mean: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class EnvironmentDay:
    """A local day at a place; None is not known. Degrees Celsius, percent of relative humidity.

    `dew_point_c` is that of the two means (Magnus, `rules.computed.dew_point`). Of a measured place: `hours` that have
    a value, of `hours_of_day` that the day has had so far, and `hours_outside`, those whose mean temperature or mean
    humidity is outside the normal limits in force. Of a typed place: how many `answers`.
    """

    day: date
    temperature: Spread | None = None
    humidity: Spread | None = None
    dew_point_c: float | None = None
    hours_outside: int | None = None
    hours: int | None = None
    hours_of_day: int | None = None
    answers: int | None = None
    records: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """True when there is any value."""
        return self.temperature is not None or self.humidity is not None


@dataclass(frozen=True, slots=True)
class PlaceDays:
    """A place and every day of the period up to its cut-off."""

    place: Place
    days: tuple[EnvironmentDay, ...]

    @property
    def is_known(self) -> bool:
        """True when any day has a value."""
        return any(one.is_known for one in self.days)


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """The places of the room, measured ones first."""

    places: tuple[PlaceDays, ...] = ()

    def figures(self) -> tuple[Figure, ...]:
        """Highest and lowest temperature, hours outside the limits, days measured and typed."""
        measured = [one for one in self.places if one.place.how is Origin.MEASURED]
        typed = [one for one in self.places if one.place.how is Origin.TYPED]
        hours = [(day, day.hours_outside) for one in measured for day in one.days if day.hours_outside is not None]
        outside = sum(number for _day, number in hours)
        return (
            self._extreme("environment.highest_temperature", _("Highest temperature, °C"), highest=True),
            self._extreme("environment.lowest_temperature", _("Lowest temperature, °C"), highest=False),
            Figure(
                "environment.hours_outside",
                _("Measured outside the limits"),
                outside if hours else None,
                Shown.HOURS,
                tuple(record for day, number in hours if number for record in day.records),
                is_bad=outside > 0,
            ),
            _days_figure("environment.days_measured", _("Days with measured values"), measured),
            _days_figure("environment.days_typed", _("Days with typed values"), typed),
        )

    def _extreme(self, name: str, label: str, *, highest: bool) -> Figure:
        found = [
            (day.temperature.high if highest else -day.temperature.low, one.place, day)
            for one in self.places
            for day in one.days
            if day.temperature is not None
        ]
        if not found:
            return Figure(name, label, None, Shown.NUMBER)
        size, place, day = max(found, key=lambda one: one[0])
        value = size if highest else -size
        limit = place.temperature_limit
        return Figure(
            name,
            label,
            round(value, 1),
            Shown.NUMBER,
            day.records,
            is_bad=limit is not None and not limit.holds(value),
        )


def gather(session: Session, frame: Frame, found: RoundFacts) -> EnvironmentFacts:
    """The places that are known or to be measured; `found` are the period's rounds. Raises StoreError."""
    days = days_so_far(frame)
    if not days:
        return EnvironmentFacts()
    measured = _measured(session, frame, days)
    return EnvironmentFacts(places=(*measured, *_typed(frame, found, days)))


def _measured(session: Session, frame: Frame, days: Sequence[date]) -> tuple[PlaceDays, ...]:
    mapped = measured_series(frame)
    by_series = whole_hours(session, frame, mapped, (TEMPERATURE, HUMIDITY))
    lengths = {day: hours_of(frame, day) for day in days}
    return tuple(
        PlaceDays(place, tuple(_measured_day(place, by_series, day, lengths[day]) for day in days))
        for place in measured_places(frame, mapped, by_series)
    )


def _measured_day(
    place: Place,
    by_series: Mapping[tuple[str, str], Mapping[date, Sequence[HourOfReadings]]],
    day: date,
    hours_of_day: int,
) -> EnvironmentDay:
    warm = by_series.get((place.name, place.temperature), {}).get(day, ())
    damp = by_series.get((place.name, place.humidity), {}).get(day, ())
    hours = {one.hour for one in (*warm, *damp)}
    judged = [(one, limit) for some, limit in ((warm, place.temperature_limit), (damp, place.humidity_limit))
              if limit is not None for one in some]  # fmt: skip
    outside = {one.hour for one, limit in judged if not limit.holds(one.mean)}
    temperature, humidity = _spread_of_hours(warm), _spread_of_hours(damp)
    records = [f"hours:{place.name}/{quantity}@{day}" for quantity, some in
               ((place.temperature, warm), (place.humidity, damp)) if some]  # fmt: skip
    return EnvironmentDay(
        day=day,
        temperature=temperature,
        humidity=humidity,
        dew_point_c=_dew_point(temperature, humidity),
        hours_outside=len(outside) if judged else None,
        hours=len(hours),
        hours_of_day=hours_of_day,
        records=tuple(records),
    )


def _typed(frame: Frame, found: RoundFacts, days: Sequence[date]) -> tuple[PlaceDays, ...]:
    """What was typed in signed rounds; a measurement that was accepted is in the roll-ups."""
    due_on = {slot.round.id: slot.due_on for slot in found.signed if slot.round is not None}
    by_key: dict[tuple[str, str], dict[date, list[Entry]]] = {}
    for one in found.entries:
        if one.value is not None and one.origin is not Origin.MEASURED:
            by_key.setdefault(one.key, {}).setdefault(due_on[one.round_id], []).append(one)
    return tuple(
        PlaceDays(place, tuple(_typed_day(place, by_key, day) for day in days)) for place in typed_places(frame, by_key)
    )


def _typed_day(
    place: Place, by_key: Mapping[tuple[str, str], Mapping[date, Sequence[Entry]]], day: date
) -> EnvironmentDay:
    warm = by_key.get((place.temperature, place.name), {}).get(day, ())
    damp = by_key.get((place.humidity, place.name), {}).get(day, ())
    temperature, humidity = _spread_of_answers(warm), _spread_of_answers(damp)
    return EnvironmentDay(
        day=day,
        temperature=temperature,
        humidity=humidity,
        dew_point_c=_dew_point(temperature, humidity),
        answers=len(warm) + len(damp),
        records=ids("round", (one.round_id for one in (*warm, *damp))),
    )


def _spread_of_hours(hours: Sequence[HourOfReadings]) -> Spread | None:
    if not hours:
        return None
    count = sum(one.count for one in hours)
    mean = math.fsum(one.mean * one.count for one in hours) / count
    return Spread(min(one.low for one in hours), mean, max(one.high for one in hours), count)


def _spread_of_answers(entries: Iterable[Entry]) -> Spread | None:
    values = [one.value for one in entries if one.value is not None]
    return Spread(min(values), math.fsum(values) / len(values), max(values), len(values)) if values else None


def _dew_point(temperature: Spread | None, humidity: Spread | None) -> float | None:
    if temperature is None or humidity is None:
        return None
    return dew_point(temperature.mean, humidity.mean)


def _days_figure(name: str, label: str, places: Sequence[PlaceDays]) -> Figure:
    known = [day for one in places for day in one.days if day.is_known]
    records = tuple(record for day in known for record in day.records)
    return Figure(name, label, len({day.day for day in known}), Shown.COUNT, records)
