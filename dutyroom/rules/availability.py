"""The one way availability is counted.

Two failed polls in a row make a source down, from the first of them to the answer; one is not down. Where nobody
polled, nothing is known: never up. Planned maintenance goes before unknown, unknown before down, down before up. Time
before the first poll ever is not counted at all.

A time that is over gives the same figures whenever it is counted: what happened after its end does not enter, and what
the record of a pause says later (it is written by the next poll) is what is taken before it is there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from dutyroom.model.availability import Availability, Cause, DownSpan, PollRecord, Silence
from dutyroom.model.maintenance import MaintenanceWindow

# So shortly before the end of the counted time the newest poll still tells how it was at the end.
TAIL_S = 120
# What the watch takes as a pause (`store.hours.missed_polls`), in poll intervals.
PAUSE_INTERVALS = 2
HOUR_S = 3600

# From the first second to before the last; lists of them are sorted and do not touch.
Span = tuple[int, int]


def counted(
    record: PollRecord,
    windows: Iterable[MaintenanceWindow],
    since: datetime,
    until: datetime,
    interval_s: float | None = None,
) -> Availability:
    """The availability of a source from `since` to `until` (UTC, in the past), counted in whole seconds.

    `interval_s` is the time between two of its polls, None for a source that is polled no more. The counts of polls in
    `record` are taken over as they are, with those that were due since the newest poll and were not made.
    """
    cut = _second(until)
    start = max(_second(since), _second(record.first))
    if start >= cut:
        return Availability(record.source, None, until)
    of_it = [one for one in windows if one.covers(record.source) and one.entered_at <= one.starts_at]
    planned_by = {f"maintenance:{one.id}": _clipped([_window(one)], start, cut) for one in of_it}
    planned = _union(span for spans in planned_by.values() for span in spans)
    known = _known_until(record, cut)
    tail_s = max(TAIL_S, math.ceil(PAUSE_INTERVALS * (interval_s or 0.0)))
    forgiven = cut - known < tail_s
    runs = _runs(record.silences, known, cut, forgiven=forgiven)
    unknown = _without(_clipped(_unknown(record.silences, known, cut, forgiven=forgiven), start, cut), planned)
    rest = _union((*planned, *unknown))
    down = _without(_union(span for one, ended in runs for span in _clipped([_run(one, ended)], start, cut)), rest)
    down_s, planned_s, unknown_s = (_length(part) for part in (down, planned, unknown))
    inside = [(one, _clipped([_run(one, ended)], start, cut)) for one, ended in runs]
    return Availability(
        record.source,
        _moment(start),
        until,
        ok=record.ok,
        failed=record.failed,
        none=record.none + _never_made(record, _second(since), interval_s),
        up_s=cut - start - down_s - planned_s - unknown_s,
        down_s=down_s,
        planned_s=planned_s,
        unknown_s=unknown_s,
        spans=tuple(_down_span(one, at, rest, planned_by, cut) for one, at in inside if at),
        windows=tuple(name for name, spans in planned_by.items() if spans),
    )


def _known_until(record: PollRecord, cut: int) -> int:
    """The newest poll before the end; later the record of a pause over the end says the same."""
    pauses = [one for one in record.silences if one.cause is Cause.NOT_POLLED and _second(one.began) < cut]
    over = [_second(one.began) for one in pauses if one.ended is None or _second(one.ended) >= cut]
    return min((cut, _second(record.newest), *over))


def _runs(silences: Sequence[Silence], known: int, cut: int, *, forgiven: bool) -> list[tuple[Silence, int]]:
    """The runs of failed polls that make down, and where each ends."""
    found = []
    for one in silences:
        if one.cause is not Cause.FAILED or one.second is None or _second(one.second) >= cut:
            continue
        # One that ends with its last failed poll was cut off by a pause; a shorter one at the end changes nothing.
        cut_off = one.ended is None or (one.ended == one.last and _second(one.ended) == known)
        ended = _second(one.ended) if one.ended is not None else cut
        if cut_off:
            ended = cut if forgiven else min(ended, known)
        found.append((one, ended))
    return found


def _unknown(silences: Sequence[Silence], known: int, cut: int, *, forgiven: bool) -> list[Span]:
    """Where nobody polled; the last of it, over the end, only when it is longer than the tail."""
    pauses = [one for one in silences if one.cause is Cause.NOT_POLLED and one.ended is not None]
    spans = [(_second(one.began), _second(one.ended)) for one in pauses if one.ended is not None]
    inside = [span for span in spans if span[1] < cut]
    return _union(inside if forgiven else (*inside, (known, cut)))


def _never_made(record: PollRecord, start: int, interval_s: float | None) -> int:
    """The polls due in whole hours since the newest one, counted as the next poll will put them on record."""
    gap_s = (record.read_at - record.newest).total_seconds()
    if not interval_s or gap_s <= PAUSE_INTERVALS * interval_s:
        return 0
    newest, missed = record.newest.timestamp(), math.floor(gap_s / interval_s) - 1
    first, last = (
        min(max(0, math.ceil((second - newest) / interval_s) - 1), missed)
        for second in (-(-start // HOUR_S) * HOUR_S, _second(record.hours_to))
    )
    return max(0, last - first)


def _down_span(
    one: Silence, at: Sequence[Span], rest: Sequence[Span], planned_by: dict[str, list[Span]], cut: int
) -> DownSpan:
    """A run as it lies within the counted time; `rest` is what counts as planned or unknown."""
    planned = _union(span for spans in planned_by.values() for span in spans)
    return DownSpan(
        one.id,
        _moment(at[0][0]),
        _moment(at[-1][1]),
        down_s=_length(_without(at, rest)),
        planned_s=_length(at) - _length(_without(at, planned)),
        lasts=at[-1][1] == cut,
        windows=tuple(name for name, spans in planned_by.items() if _length(_without(at, spans)) < _length(at)),
    )


def _window(window: MaintenanceWindow) -> Span:
    return _second(window.starts_at), _second(window.over_at)


def _run(one: Silence, ended: int) -> Span:
    return _second(one.began), ended


def _second(moment: datetime) -> int:
    return math.floor(moment.timestamp())


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _length(spans: Iterable[Span]) -> int:
    return sum(ended - began for began, ended in spans)


def _clipped(spans: Iterable[Span], start: int, cut: int) -> list[Span]:
    inside = ((max(began, start), min(ended, cut)) for began, ended in spans)
    return [span for span in inside if span[0] < span[1]]


def _union(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for began, ended in sorted(span for span in spans if span[0] < span[1]):
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return found


def _without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What of the spans is in none of the taken ones; both sorted and without overlap."""
    away, found = list(taken), []
    for began, ended in spans:
        at = began
        for first, last in away:
            if last <= at or first >= ended:
                continue
            if first > at:
                found.append((at, first))
            at = max(at, last)
        if at < ended:
            found.append((at, ended))
    return found
