"""When does what the watch sees become a finding, and when is it gone? It lasts a while first, both ways.

Measured on a clock that never steps. A fault that comes and goes counts as gone only after a longer and longer quiet,
so that it fills neither the list nor the ledger; a port that flaps faster than it settles has a fault of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dutyroom.model.finding import Finding, FindingState
from dutyroom.rules.watch_faults import BACKUP, PASSWORD, Fault, Look, grouped

SETTLE_S = 60.0
# What is looked up in records and calendars does not flap.
_AT_ONCE = (BACKUP, PASSWORD)
GONE_AFTER_S, GONE_AT_MOST_S = 15 * 60.0, 4 * 3600.0
# Somebody waits to verify it.
GONE_WHEN_DONE_S = 60.0
# So many that begin together have one cause, and one finding.
MANY_AT_ONCE = 5
# After "done" the next answers of the room are waited for.
DONE_GRACE = timedelta(minutes=30)
# What was verified although the watch sees it is let be for as long as a known fault.
ACCEPTED_FOR = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Changes:
    """What has to be written: faults found first or again, and findings of faults that are gone; with how long ago."""

    found: tuple[tuple[Fault, float], ...] = ()
    again: tuple[tuple[Fault, Finding], ...] = ()
    gone: tuple[tuple[Finding, float], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.found or self.again or self.gone)


def settle_s(code: str) -> float:
    """How long a fault lasts before it is a finding."""
    return 0.0 if code in _AT_ONCE else SETTLE_S


def gone_after_s(finding: Finding) -> float:
    """How long a fault must not be seen before it is gone: twice as long each time it was found."""
    if finding.state is FindingState.DONE:
        return GONE_WHEN_DONE_S
    return float(min(GONE_AFTER_S * 2 ** min(finding.times - 1, 10), GONE_AT_MOST_S))


def is_accepted(newest: Finding | None, now: datetime) -> bool:
    """True for a fault that somebody verified although the watch still saw it: they wrote why it is right."""
    if newest is None or newest.verified_at is None or newest.gone_at is not None:
        return False
    return now - newest.verified_at < ACCEPTED_FOR


def returns_after_done(finding: Finding, now: datetime) -> bool:
    """True for one that is said to be done and is seen all the same, after the grace."""
    if finding.state is not FindingState.DONE or finding.done_at is None:
        return False
    return finding.gone_at is not None or now - finding.done_at >= DONE_GRACE


@dataclass(slots=True)
class FaultMemory:
    """Since when each fault has been seen, or not been seen any more, in seconds of the clock that never steps.

    Of faults that were there when the watch began nobody knows since when: they settle anew.
    """

    _since: dict[str, float] = field(default_factory=dict)
    _absent: dict[str, float] = field(default_factory=dict)
    # What was there once and then was not: if it was accepted before, it is accepted no longer.
    _left: set[str] = field(default_factory=set)
    _groups: set[str] = field(default_factory=set)

    def look(
        self,
        seen: Look,
        standing: Mapping[str, Finding],
        newest: Callable[[str], Finding | None],
        at_s: float,
        now: datetime,
    ) -> Changes:
        """What one look changes. `standing` are the watch's findings that are not over, by key.

        `newest` gives the newest finding of a fault, over or not.
        """
        present = {fault.key: fault for fault in seen.faults}
        self._remember(present, seen, at_s)
        settled = [fault for key, fault in present.items() if at_s - self._since[key] >= settle_s(fault.code)]
        met = [fault for fault in settled if fault.key in standing]
        by_group: dict[str, list[Fault]] = defaultdict(list)
        for fault in settled:
            if fault.key not in standing:
                by_group[fault.group or fault.key].append(fault)
        found: list[tuple[Fault, float]] = []
        for group, faults in by_group.items():
            if group in standing:
                met.append(grouped(faults))
            else:
                found += self._found(group, faults, newest, at_s, now)
        loose = {fault.group for key, fault in present.items() if fault.group and key not in standing}
        gone = self._gone(seen, standing, {*present, *loose}, at_s)
        again = [(fault, standing[fault.key]) for fault in met if _is_news(standing[fault.key], now)]
        return Changes(tuple(found), tuple(again), tuple(gone))

    def _remember(self, present: Mapping[str, Fault], seen: Look, at_s: float) -> None:
        for key in present:
            self._since.setdefault(key, at_s)
        for key in [key for key in self._since if key not in present]:
            if seen.knows(*_parts(key)):
                del self._since[key]
                self._left.add(key)
        groups = {fault.group for fault in present.values() if fault.group}
        self._left |= {group for group in self._groups - groups if seen.knows(*_parts(group))}
        self._groups |= groups

    def _found(
        self,
        group: str,
        faults: list[Fault],
        newest: Callable[[str], Finding | None],
        at_s: float,
        now: datetime,
    ) -> list[tuple[Fault, float]]:
        """New faults with how long they are there; many of one kind are one. What was accepted is left out."""

        def accepted(key: str) -> bool:
            return key not in self._left and is_accepted(newest(key), now)

        if faults[0].group and accepted(group):
            return []
        if faults[0].group and len(faults) > MANY_AT_ONCE:
            return [(grouped(faults), max(at_s - self._since[one.key] for one in faults))]
        return [(one, at_s - self._since[one.key]) for one in faults if not accepted(one.key)]

    def _gone(
        self, seen: Look, standing: Mapping[str, Finding], present: set[str], at_s: float
    ) -> list[tuple[Finding, float]]:
        gone: list[tuple[Finding, float]] = []
        for key, finding in standing.items():
            if key in present or finding.gone_at is not None or not seen.knows(*_parts(key)):
                self._absent.pop(key, None)
                continue
            since = self._absent.setdefault(key, at_s)
            if at_s - since >= gone_after_s(finding):
                gone.append((finding, at_s - since))
        return gone


def _is_news(finding: Finding, now: datetime) -> bool:
    return finding.gone_at is not None or returns_after_done(finding, now)


def _parts(key: str) -> tuple[str, str]:
    """Device and code of `watch:DEVICE/CODE/DETAIL`; a device's name has no slash."""
    device, code, _detail = key.removeprefix("watch:").split("/", 2)
    return device, code
