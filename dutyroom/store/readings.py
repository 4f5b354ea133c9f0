"""Samples as they come in: the newest whole, headline quantities as raw readings, and hourly roll-ups of all of them.

Raw readings are thinned to one a minute and pruned after 40 days; the hourly roll-ups count every sample and are kept.
Rows go in through SQLAlchemy Core: one object per reading would be ten times slower.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import TextClause, case, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from dutyroom.model.history import Gap, HourOfPolls, HourOfReadings, Reading
from dutyroom.model.reading import Latest, Sample
from dutyroom.rules.backoff import was_left_alone
from dutyroom.store import poll_gaps, silences
from dutyroom.store.headline import headline
from dutyroom.store.hours import hour_of, missed_polls, moment_of, seconds_of
from dutyroom.store.sample_text import from_text, to_text
from dutyroom.store.silences import poll_of
from dutyroom.store.tables import table

# Source, quantity, whole seconds since the epoch, value.
Value = tuple[str, str, int, float]
RAW_EVERY_S = 60
KEEP_RAW = timedelta(days=40)

_ADD_SERIES = text("INSERT OR IGNORE INTO series (source, quantity) VALUES (:source, :quantity)")
_ADD_READING = text(f"""
    INSERT INTO readings (series_id, at_s, value)
    SELECT id, :at_s, :value FROM series
    WHERE source = :source AND quantity = :quantity AND NOT EXISTS (
        SELECT 1 FROM readings
        WHERE series_id = series.id AND at_s > :at_s - {RAW_EVERY_S} AND at_s < :at_s + {RAW_EVERY_S})""")
_ADD_RAW = text("""
    INSERT OR REPLACE INTO readings (series_id, at_s, value)
    SELECT id, :at_s, :value FROM series WHERE source = :source AND quantity = :quantity""")
_ADD_TO_HOUR = text("""
    INSERT INTO hourly_readings (series_id, hour_s, count, low, total, high)
    SELECT id, :hour_s, :count, :low, :total, :high FROM series WHERE source = :source AND quantity = :quantity
    ON CONFLICT (series_id, hour_s) DO UPDATE SET count = count + excluded.count, low = min(low, excluded.low),
        total = total + excluded.total, high = max(high, excluded.high)""")
_ADD_TO_POLLS = text("""
    INSERT INTO hourly_polls (source, hour_s, ok, failed, none) VALUES (:source, :hour_s, :ok, :failed, :none)
    ON CONFLICT (source, hour_s) DO UPDATE SET ok = ok + excluded.ok, failed = failed + excluded.failed,
        none = none + excluded.none""")
_ADD_PORT = text("INSERT OR IGNORE INTO ports_seen_up (source, port) VALUES (:source, :port)")
_PRUNE = text("""
    DELETE FROM readings WHERE series_id IN (SELECT id FROM series) AND at_s < :before AND EXISTS (
        SELECT 1 FROM hourly_readings AS h
        WHERE h.series_id = readings.series_id AND h.hour_s = readings.at_s - readings.at_s % 3600)""")


def _many(s: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        s.connection().execute(statement, rows)


def put_samples(
    s: Session,
    samples: Sequence[Sample],
    intervals: Mapping[str, float],
    also: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:
    """Stores samples in the order they were taken. `intervals` is seconds between two polls, by source.

    A source without an interval gets no count of polls never made. Samples that carry no values change the newest
    sample and the count of failed polls, and nothing else. `also` names, by source, what is history beside the
    headline.

    Raises:
        ValueError: a datetime without a time zone.
    """
    _count_polls(s, samples, intervals)
    _put_latest(s, samples)
    _put_ports_seen_up(s, samples)
    values = [
        (sample.source, quantity, int(seconds_of(sample.at)), value)
        for sample in samples
        for quantity, value in headline(sample, also.get(sample.source, ())).items()
    ]
    _put_values(s, _ADD_READING, values)


def _put_values(s: Session, statement: TextClause, values: Sequence[Value]) -> None:
    series = {(source, quantity): None for source, quantity, _, _ in values}
    _many(s, _ADD_SERIES, [{"source": source, "quantity": quantity} for source, quantity in series])
    raw = [
        {"source": source, "quantity": quantity, "at_s": at_s, "value": value}
        for source, quantity, at_s, value in values
    ]
    _many(s, statement, raw)
    _many(s, _ADD_TO_HOUR, _by_hour(values))


def _by_hour(values: Iterable[Value]) -> list[dict[str, Any]]:
    hours: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    for source, quantity, at_s, value in values:
        hours[source, quantity, hour_of(at_s)].append(value)
    return [
        {"source": source, "quantity": quantity, "hour_s": hour_s, "count": len(found), "low": min(found)}
        | {"total": sum(found), "high": max(found)}
        for (source, quantity, hour_s), found in hours.items()
    ]


def _count_polls(s: Session, samples: Sequence[Sample], intervals: Mapping[str, float]) -> None:
    latest = table("latest")
    sources = {sample.source for sample in samples}
    query = select(latest.c.source, latest.c.sample).where(latest.c.source.in_(sources))
    before = {source: from_text(json) for source, json in s.connection().execute(query)}
    counts: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: {"ok": 0, "failed": 0, "none": 0})
    silent = silences.Writing(s)
    for sample in samples:
        last, source, at = before.get(sample.source), sample.source, seconds_of(sample.at)
        was = poll_of(last, sample) if last is not None else None
        pause = False
        if was is not None and last is not None and source in intervals:
            started, interval_s = at - (sample.took_s or 0.0), intervals[source]
            # Polls left out because the source fails are failures of its own, and no pause of the watch.
            waited = was_left_alone(last.state, started - was.told, interval_s)
            for hour_s, missed in missed_polls(was.told, started, interval_s):
                counts[source, hour_s]["failed" if waited else "none"] += missed
                pause = not waited
            if pause:
                poll_gaps.put_pause(s, source, int(was.told), int(started))
        now = poll_of(sample, sample)
        if now.failed:
            goes_on = was is not None and was.failed == now.failed and not pause
            poll_gaps.put_failure(s, source, int(at), now.failed, goes_on=goes_on)
        silent.put(source, was, now, pause=pause)
        counts[source, hour_of(at)]["failed" if now.failed else "ok"] += 1
        before[source] = sample
    silent.close()
    rows = [{"source": source, "hour_s": hour_s, **count} for (source, hour_s), count in counts.items()]
    _many(s, _ADD_TO_POLLS, rows)


def _put_latest(s: Session, samples: Sequence[Sample]) -> None:
    latest = table("latest")
    new = insert(latest)
    # A failure keeps the newest sample that carried values beside it.
    kept = case((new.excluded.knows, None), (latest.c.knows, latest.c.sample), else_=latest.c.good)
    upsert = new.on_conflict_do_update(
        index_elements=["source"],
        set_={"at": new.excluded.at, "knows": new.excluded.knows, "sample": new.excluded.sample, "good": kept},
    )
    rows = [
        {
            "source": sample.source,
            "at": sample.at,
            "knows": sample.state.knows,
            "sample": to_text(sample),
            "good": None,
        }
        for sample in samples
    ]
    _many(s, upsert, rows)


def _put_ports_seen_up(s: Session, samples: Sequence[Sample]) -> None:
    up = {
        (sample.source, port.name)
        for sample in samples
        if sample.device is not None
        for port in sample.device.interfaces
        if port.is_up
    }
    _many(s, _ADD_PORT, [{"source": source, "port": port} for source, port in sorted(up)])


def put_history(
    s: Session,
    readings: Sequence[Reading],
    polls: Sequence[HourOfPolls] = (),
    gaps: Mapping[str, Sequence[Gap]] | None = None,
    covers: tuple[datetime, datetime] | None = None,
) -> None:
    """Stores a period's readings in one go, all of them raw and rolled up; `polls` adds to the hourly counts.

    `gaps` are times with failed polls or none, by source. `covers` is the time in which the sources of `polls` were
    polled but for the gaps; None: the hours in `polls`. For back-filling: call it once for a period, the roll-ups add
    up.
    """
    values = [(r.source, r.quantity, int(seconds_of(r.at)), r.value) for r in readings]
    _put_values(s, _ADD_RAW, values)
    counts = [
        {"source": p.source, "hour_s": hour_of(seconds_of(p.hour)), "ok": p.ok, "failed": p.failed, "none": p.none}
        for p in polls
    ]
    _many(s, _ADD_TO_POLLS, counts)
    for source, found in (gaps or {}).items():
        poll_gaps.put(s, source, found)
    hours: dict[str, list[datetime]] = defaultdict(list)
    for one in polls:
        hours[one.source].append(one.hour)
    for source, inside in hours.items():
        since, until = covers or (min(inside), max(inside) + timedelta(hours=1))
        silences.put_covered(s, source, since, until, (gaps or {}).get(source, ()))


def latest(s: Session) -> dict[str, Latest]:
    """The newest sample of every source, by source."""
    ports = table("ports_seen_up")
    ever_up: dict[str, list[str]] = defaultdict(list)
    for source, port in s.connection().execute(select(ports.c.source, ports.c.port).order_by(*ports.c)):
        ever_up[source].append(port)
    found: dict[str, Latest] = {}
    for row in s.connection().execute(select(table("latest"))).mappings():
        sample = from_text(row["sample"])
        if row["knows"]:
            good: Sample | None = sample
        else:
            good = None if row["good"] is None else from_text(row["good"])
        found[row["source"]] = Latest(sample, good, tuple(ever_up[row["source"]]))
    return found


def history(s: Session, source: str, quantity: str, since: datetime, until: datetime) -> tuple[Reading, ...]:
    """Raw readings from `since` up to but not including `until`, oldest first; times in whole seconds."""
    readings, series = table("readings"), table("series")
    query = (
        select(readings.c.at_s, readings.c.value)
        .join(series, series.c.id == readings.c.series_id)
        .where(series.c.source == source, series.c.quantity == quantity)
        .where(readings.c.at_s >= seconds_of(since), readings.c.at_s < seconds_of(until))
        .order_by(readings.c.at_s)
    )
    return tuple(Reading(source, quantity, moment_of(at_s), value) for at_s, value in s.connection().execute(query))


def hours(s: Session, source: str, quantity: str, since: datetime, until: datetime) -> tuple[HourOfReadings, ...]:
    """The hours that begin at or after the hour of `since` and before `until`; hours without a value are absent."""
    hourly, series = table("hourly_readings"), table("series")
    query = (
        select(hourly.c.hour_s, hourly.c["count"], hourly.c.low, hourly.c.total, hourly.c.high)
        .join(series, series.c.id == hourly.c.series_id)
        .where(series.c.source == source, series.c.quantity == quantity)
        .where(hourly.c.hour_s >= hour_of(seconds_of(since)), hourly.c.hour_s < seconds_of(until))
        .order_by(hourly.c.hour_s)
    )
    return tuple(
        HourOfReadings(source, quantity, moment_of(hour_s), count, low, total / count, high)
        for hour_s, count, low, total, high in s.connection().execute(query)
    )


def polls(s: Session, since: datetime, until: datetime) -> tuple[HourOfPolls, ...]:
    """The polls of every source in the hours from that of `since` up to `until`, by source and hour."""
    hourly = table("hourly_polls")
    query = (
        select(hourly.c.source, hourly.c.hour_s, hourly.c.ok, hourly.c.failed, hourly.c.none)
        .where(hourly.c.hour_s >= hour_of(seconds_of(since)), hourly.c.hour_s < seconds_of(until))
        .order_by(hourly.c.source, hourly.c.hour_s)
    )
    return tuple(
        HourOfPolls(source, moment_of(hour_s), ok, failed, none)
        for source, hour_s, ok, failed, none in s.connection().execute(query)
    )


def prune(s: Session, before: datetime) -> int:
    """Deletes raw readings of whole hours before `before` that are rolled up; gives how many went.

    The usual `before` is now minus KEEP_RAW.
    """
    before_s = hour_of(seconds_of(before))
    poll_gaps.prune(s, before_s)
    return s.connection().execute(_PRUNE, {"before": before_s}).rowcount
