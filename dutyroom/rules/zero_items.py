"""What of all the watch saw stands in a zero report: one line for each thing, however often it came and went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dutyroom.model.events import WATCH, Event
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.outage import Outage
from dutyroom.model.reading import Verdict
from dutyroom.model.zero_content import ZeroItem, ZeroKind

BATTERY_CODES = ("on-battery", "on-mains")
VERDICT_CODES = ("verdict-changed",)
RESTART_CODES = ("restarted",)
GAP_CODES = ("watch-gap",)
# Everything an item is made from.
CODES = (*BATTERY_CODES, *VERDICT_CODES, *RESTART_CODES, *GAP_CODES)
# Told as a thing of its own: the mains failed, whatever else the UPS says of it.
_BATTERY_REASONS = ("on-battery", "lost-on-battery")


@dataclass(frozen=True, slots=True)
class _Stretch:
    kind: ZeroKind
    source: str
    reason: str
    began_at: datetime
    ended_at: datetime | None


def items_of(
    before: Iterable[Event],
    within: Iterable[Event],
    maintenance: Iterable[MaintenanceWindow],
    begins_at: datetime,
    until: datetime,
    outages: Iterable[Outage] = (),
) -> tuple[ZeroItem, ...]:
    """The things that happened from `begins_at` to `until`, by when each began.

    `before` are the newest events of each source and kind from before, for what was going on when the day began;
    `within` those of the time itself, oldest first. What lay wholly inside a maintenance window is planned. A UPS on
    battery during one of `outages` is told by that one.
    """
    on_record = tuple(outages)
    windows = tuple(maintenance)
    merged: dict[tuple[object, ...], ZeroItem] = {}
    for one in _stretches(before, within):
        if one.kind is ZeroKind.BATTERY and any(_is_of(outage, one, until) for outage in on_record):
            continue
        planned = any(_covers(window, one, until) for window in windows)
        key = (one.kind, one.source, one.reason, planned)
        new = ZeroItem(
            one.kind,
            one.source,
            one.began_at,
            one.ended_at,
            seconds=_inside_s(one.began_at, one.ended_at or until, begins_at, until),
            reason=one.reason,
            planned=planned,
        )
        old = merged.get(key)
        merged[key] = new if old is None else _joined(old, new)
    return tuple(sorted(merged.values(), key=lambda item: (item.began_at, item.kind.value, item.source)))


def unwatched_s(
    gaps: Iterable[Event], last_seen_at: datetime | None, begins_at: datetime, until: datetime
) -> float | None:
    """How long nobody watched between the two moments; None when nobody ever did.

    `gaps` are the `watch-gap` events up to now: one that ended later may reach in. `last_seen_at` is the watch's last
    sign of life.
    """
    if last_seen_at is None:
        return None
    spans = [
        (event.at - timedelta(seconds=float(event.param("by") or 0.0)), event.at)
        for event in gaps
        if event.source == WATCH and event.code in GAP_CODES
    ]
    spans.append((last_seen_at, until))
    total, reached = 0.0, begins_at
    for began, ended in sorted(spans):
        total += _inside_s(max(began, reached), ended, begins_at, until)
        reached = max(reached, ended)
    return total


def _stretches(before: Iterable[Event], within: Iterable[Event]) -> list[_Stretch]:
    running: dict[tuple[ZeroKind, str], _Stretch] = {}
    for event in before:
        _look_at(event, running)
    found: list[_Stretch] = []
    for event in within:
        found += _look_at(event, running)
        if event.code in RESTART_CODES:
            found.append(_Stretch(ZeroKind.RESTARTED, event.source, "", event.at, event.at))
    return [*found, *running.values()]


def _look_at(event: Event, running: dict[tuple[ZeroKind, str], _Stretch]) -> list[_Stretch]:
    """Begins or ends a stretch; gives the one that ended."""
    begins, reason = False, ""
    if event.code in BATTERY_CODES:
        kind, begins = ZeroKind.BATTERY, event.code == "on-battery"
    elif event.code in VERDICT_CODES:
        kind, reason = ZeroKind.FAULT, event.param("reason")
        begins = event.param("now") == Verdict.FAULT.value and reason not in _BATTERY_REASONS
    else:
        return []
    key = (kind, event.source)
    if begins:
        running.setdefault(key, _Stretch(kind, event.source, reason, event.at, None))
        return []
    ended = running.pop(key, None)
    return [] if ended is None else [replace(ended, ended_at=event.at)]


def _joined(old: ZeroItem, new: ZeroItem) -> ZeroItem:
    return replace(old, ended_at=new.ended_at, times=old.times + new.times, seconds=old.seconds + new.seconds)


def _covers(window: MaintenanceWindow, one: _Stretch, until: datetime) -> bool:
    ended = one.ended_at or until
    return window.covers(one.source) and window.starts_at <= one.began_at and ended <= window.over_at


def _is_of(outage: Outage, one: _Stretch, until: datetime) -> bool:
    ended, over = one.ended_at or until, outage.ended_at or until
    return outage.ups == one.source and outage.began_at <= ended and one.began_at <= over


def _inside_s(began: datetime, ended: datetime, begins_at: datetime, until: datetime) -> float:
    return max(0.0, (min(ended, until) - max(began, begins_at)).total_seconds())
