"""What is on record of the polls of every source over a time: what availability is counted from."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text
from sqlmodel import Session

from dutyroom.model.availability import Cause, PollRecord, Silence
from dutyroom.model.reading import Kind
from dutyroom.store.hours import hour_of, moment_of, seconds_of
from dutyroom.store.tables import table

# What the polls of an hour came to is settled so long after its end: a pause is put on record by the poll after it.
SETTLED = timedelta(minutes=5)

_TOUCHING = text("""
    SELECT source, began_s, cause, polls, second_s, last_s, ended_s FROM silences
    WHERE cause = 'before' OR ended_s IS NULL OR (began_s < :until_s AND ended_s >= :since_s)
    ORDER BY source, began_s, cause""")
_COUNTS = text("""
    SELECT coalesce(sum(ok), 0), coalesce(sum(failed), 0), coalesce(sum(none), 0) FROM hourly_polls
    WHERE source = :source AND hour_s >= :since_s AND hour_s < :hours_to_s""")


def on_record(s: Session, since: datetime, until: datetime, read_at: datetime) -> tuple[PollRecord, ...]:
    """The polls from `since` to `until` of every source that was polled before the end, by its name.

    `read_at` is the moment this is read. The counts are those of the whole UTC hours in that time; while it is not
    over, of the hours that ended five minutes before, so that they are the same when they are read again.
    """
    since_s, until_s = seconds_of(since), seconds_of(until)
    hours_to_s = hour_of(seconds_of(until if until < read_at else until - SETTLED))
    hours_to = moment_of(hours_to_s)
    newest = _newest(s)
    silences: dict[str, list[Silence]] = defaultdict(list)
    for row in s.connection().execute(_TOUCHING, {"since_s": since_s, "until_s": until_s}):
        silences[row.source].append(_silence(row))
    found = []
    for source, told in silences.items():
        before = next((one for one in told if one.cause is Cause.BEFORE), None)
        lasting = [one.began for one in told if one.cause is Cause.NOT_POLLED and one.ended is None]
        at, kind = newest.get(source, (max(lasting, default=None), None))
        if before is None or before.ended is None or before.ended >= until or at is None:
            continue
        counts = s.connection().execute(_COUNTS, {"source": source, "since_s": since_s, "hours_to_s": hours_to_s}).one()
        rest = tuple(one for one in told if one.cause is not Cause.BEFORE)
        ok, failed, none = counts
        found.append(PollRecord(source, before.ended, at, read_at, hours_to, ok, failed, none, rest, kind))
    return tuple(found)


def _newest(s: Session) -> dict[str, tuple[datetime, Kind]]:
    latest = table("latest")
    query = select(latest.c.source, latest.c.at, func.json_extract(latest.c.sample, "$.kind"))
    return {source: (at, Kind(kind)) for source, at, kind in s.connection().execute(query)}


def _silence(row: Any) -> Silence:
    second, last, ended = (
        moment_of(value) if value is not None else None for value in (row.second_s, row.last_s, row.ended_s)
    )
    return Silence(row.source, moment_of(row.began_s), Cause(row.cause), row.polls, second, last, ended)
