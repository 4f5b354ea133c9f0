"""What is on record about one quantity over time: what the charts and `dutyroom history` are made from.

Every query goes by the primary key of its table: a month of one series is some hundred rows read in a row.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, text, tuple_
from sqlmodel import Session

from dutyroom.model.events import CLOCK, Event
from dutyroom.model.history import HourOfPolls, HourOfReadings, Point, Reading, SeriesName
from dutyroom.store.hours import HOUR_S, hour_of, moment_of, seconds_of
from dutyroom.store.tables import table

_LAST = text("""
    SELECT r.at_s, r.value FROM readings AS r WHERE r.series_id = :series ORDER BY r.at_s DESC LIMIT 1""")
# Older than the raw readings are kept: the hour's mean stands for it.
_LAST_HOUR = text("""
    SELECT h.hour_s, h.total / h.count FROM hourly_readings AS h WHERE h.series_id = :series
    ORDER BY h.hour_s DESC LIMIT 1""")


def names(s: Session, source: str) -> tuple[SeriesName, ...]:
    """Every quantity of a source that was ever recorded, by name, with its newest reading."""
    series = table("series")
    query = select(series.c.id, series.c.quantity).where(series.c.source == source).order_by(series.c.quantity)
    return tuple(
        SeriesName(source, quantity, _last(s, number, source, quantity))
        for number, quantity in s.connection().execute(query).all()
    )


def last(s: Session, source: str, quantity: str) -> Reading | None:
    """The newest reading of a quantity, or None when there never was one."""
    number = _number(s, source, quantity)
    return None if number is None else _last(s, number, source, quantity)


def readings(s: Session, source: str, quantity: str, since: datetime, until: datetime) -> tuple[Point, ...]:
    """Single readings from `since` up to and with `until`, oldest first."""
    number, raw = _number(s, source, quantity), table("readings")
    query = (
        select(raw.c.at_s, raw.c.value)
        .where(raw.c.series_id == number, raw.c.at_s >= seconds_of(since), raw.c.at_s <= seconds_of(until))
        .order_by(raw.c.at_s)
    )
    return tuple(Point(moment_of(at_s), value, value, value) for at_s, value in s.connection().execute(query))


def hours(s: Session, source: str, quantity: str, since: datetime, until: datetime) -> tuple[Point, ...]:
    """The hours from that of `since` up to `until` that have a value, oldest first."""
    number, hourly = _number(s, source, quantity), table("hourly_readings")
    query = (
        select(hourly.c.hour_s, hourly.c["count"], hourly.c.low, hourly.c.total, hourly.c.high)
        .where(hourly.c.series_id == number)
        .where(hourly.c.hour_s >= hour_of(seconds_of(since)), hourly.c.hour_s < seconds_of(until))
        .order_by(hourly.c.hour_s)
    )
    return tuple(
        Point(moment_of(hour_s), low, total / count, high, count, float(HOUR_S))
        for hour_s, count, low, total, high in s.connection().execute(query)
    )


def hours_of_many(
    s: Session,
    since: datetime,
    until: datetime,
    *,
    series: Collection[tuple[str, str]] = (),
    quantities: Collection[str] = (),
) -> tuple[HourOfReadings, ...]:
    """The hours that begin at or after `since` and before `until`, by source, quantity and time.

    Of each (source, quantity) of `series`, and of `quantities` of whatever source; hours without a value are absent.
    """
    known, hourly = table("series"), table("hourly_readings")
    wanted = or_(
        tuple_(known.c.source, known.c.quantity).in_(sorted({*series})),
        known.c.quantity.in_(sorted({*quantities})),
    )
    query = (
        select(known.c.source, known.c.quantity, hourly.c.hour_s, hourly.c["count"], hourly.c.low, hourly.c.total)
        .add_columns(hourly.c.high)
        .join(hourly, hourly.c.series_id == known.c.id)
        .where(wanted, hourly.c.hour_s >= seconds_of(since), hourly.c.hour_s < seconds_of(until))
        .order_by(known.c.source, known.c.quantity, hourly.c.hour_s)
    )
    moments: dict[int, datetime] = {}
    found = []
    for source, quantity, hour_s, count, low, total, high in s.connection().execute(query):
        # The same hours come again with every series.
        hour = moments.get(hour_s) or moments.setdefault(hour_s, moment_of(hour_s))
        found.append(HourOfReadings(source, quantity, hour, count, low, total / count, high))
    return tuple(found)


def polls(s: Session, source: str, since: datetime, until: datetime) -> tuple[HourOfPolls, ...]:
    """How the polls of a source went in the hours from that of `since` up to `until`, oldest first."""
    hourly = table("hourly_polls")
    query = (
        select(hourly.c.hour_s, hourly.c.ok, hourly.c.failed, hourly.c.none)
        .where(hourly.c.source == source)
        .where(hourly.c.hour_s >= hour_of(seconds_of(since)), hourly.c.hour_s < seconds_of(until))
        .order_by(hourly.c.hour_s)
    )
    return tuple(
        HourOfPolls(source, moment_of(hour_s), ok, failed, none)
        for hour_s, ok, failed, none in s.connection().execute(query)
    )


def last_poll(s: Session, source: str) -> datetime | None:
    """When a source was last polled, whether it answered or not; None when it never was."""
    latest = table("latest")
    return s.connection().execute(select(latest.c.at).where(latest.c.source == source)).scalar_one_or_none()


def steps(s: Session, since: datetime, until: datetime) -> tuple[Event, ...]:
    """Every time between the two moments at which the wall clock was set, oldest first."""
    events = table("events")
    query = (
        select(events.c.at, events.c.code, events.c.params)
        .where(events.c.at >= since, events.c.at <= until, events.c.source == CLOCK)
        .order_by(events.c.at)
    )
    return tuple(
        Event(at, CLOCK, code, tuple((str(key), str(value)) for key, value in json.loads(params).items()))
        for at, code, params in s.connection().execute(query)
    )


def _number(s: Session, source: str, quantity: str) -> int | None:
    series = table("series")
    query = select(series.c.id).where(series.c.source == source, series.c.quantity == quantity)
    return s.connection().execute(query).scalar_one_or_none()


def _last(s: Session, number: int, source: str, quantity: str) -> Reading | None:
    for query in (_LAST, _LAST_HOUR):
        found = s.connection().execute(query, {"series": number}).first()
        if found is not None:
            return Reading(source, quantity, moment_of(found[0]), found[1])
    return None
