"""Bits per second, new errors and new discards of interfaces, from two readings of their counters.

A counter tells nothing between two readings when the device restarted, when its ifCounterDiscontinuityTime changed
(RFC 2863), when the row got another name, when the readings lie too near, or when the result cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dutyroom.model.facts import Interface
from dutyroom.sources.snmp import mib
from dutyroom.sources.snmp.answers import Counter32, Counter64, Oid, Value, number

# Agents refresh their counters every few seconds: a shorter difference measures that and not the traffic.
SHORTEST_S = 10.0
# The readings of both ends are not taken at the very moment, so a full port may look a little more than full.
OVER_SPEED = 1.2
# Some agents tell the speed in another unit; no port that counts octets is slower than this.
_SLOWEST_BPS = 10**6

Cells = Mapping[Oid, Mapping[Oid, Value]]


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    discontinuity: int | None
    octets: tuple[Value | None, Value | None]
    errors: tuple[Value | None, Value | None]
    discards: tuple[Value | None, Value | None]


@dataclass(frozen=True, slots=True)
class _Reading:
    at_s: float
    rows: Mapping[int, _Row]


class RateMemory:
    """The counters of one device at its last polls."""

    def __init__(self) -> None:
        self._older: _Reading | None = None
        self._newer: _Reading | None = None

    def forget(self) -> None:
        """After a restart nothing that was counted before can be compared."""
        self._older = self._newer = None

    def fill(self, ports: Iterable[Interface], cells: Cells, at_s: float) -> tuple[Interface, ...]:
        """The ports with what can be told since an earlier reading; `at_s` is the monotonic moment of this one."""
        ports = tuple(ports)
        now = _Reading(at_s, {port.index: _row(port, cells) for port in ports})
        before = self._before(now)
        return tuple(_filled(port, before, now) for port in ports)

    def _before(self, now: _Reading) -> _Reading | None:
        # Whoever asks every second is answered over at least ten all the same: the newer reading stays until it is old
        # enough to be measured from.
        if self._newer is not None and now.at_s - self._newer.at_s < SHORTEST_S:
            return self._older
        self._older, self._newer = self._newer, now
        return self._older


def _row(port: Interface, cells: Cells) -> _Row:
    index = (port.index,)

    def at(column: Oid) -> Value | None:
        return cells.get(column, {}).get(index)

    def octets(high: Oid, low: Oid) -> Value | None:
        return at(high) if number(at(high)) is not None else at(low)

    return _Row(
        port.name,
        number(at(mib.IF_COUNTER_DISCONTINUITY)),
        (octets(mib.IF_HC_IN_OCTETS, mib.IF_IN_OCTETS), octets(mib.IF_HC_OUT_OCTETS, mib.IF_OUT_OCTETS)),
        (at(mib.IF_IN_ERRORS), at(mib.IF_OUT_ERRORS)),
        (at(mib.IF_IN_DISCARDS), at(mib.IF_OUT_DISCARDS)),
    )


def _filled(port: Interface, before: _Reading | None, now: _Reading) -> Interface:
    old, new = before.rows.get(port.index) if before is not None else None, now.rows[port.index]
    if before is None or old is None or (old.name, old.discontinuity) != (new.name, new.discontinuity):
        return port
    elapsed_s = now.at_s - before.at_s
    in_bps, out_bps = (
        _bits_per_second(was, value, elapsed_s, port.speed_bps)
        for was, value in zip(old.octets, new.octets, strict=True)
    )
    return replace(
        port,
        in_bps=in_bps,
        out_bps=out_bps,
        new_errors=_sum(old.errors, new.errors),
        new_discards=_sum(old.discards, new.discards),
    )


def _bits_per_second(was: Value | None, now: Value | None, elapsed_s: float, speed_bps: int | None) -> float | None:
    counted = increase(was, now)
    if counted is None:
        return None
    bps = counted * 8 / elapsed_s
    if speed_bps is not None and speed_bps >= _SLOWEST_BPS:
        # A 32-bit counter of a fast port may have gone round more than once, and then the difference is a guess.
        turns_round = isinstance(now, Counter32) and speed_bps / 8 * elapsed_s >= Counter32.MODULUS
        if turns_round or bps > speed_bps * OVER_SPEED:
            return None
    return bps


def _sum(was: tuple[Value | None, ...], now: tuple[Value | None, ...]) -> int | None:
    told = [more for old, new in zip(was, now, strict=True) if (more := increase(old, new)) is not None]
    return sum(told) if told else None


def increase(was: Value | None, now: Value | None) -> int | None:
    """By how much a counter went on, over its wrap; None when that cannot be told.

    The modulus is that of the type received: some agents send 32-bit counters in 64-bit columns and the reverse. A
    counter that would have gone on by more than half its range was set back, and so was a number that is no counter.
    """
    old, new = number(was), number(now)
    if old is None or new is None or type(was) is not type(now):
        return None
    if new >= old:
        return new - old
    if not isinstance(now, Counter32 | Counter64):
        return None
    more = (new - old) % now.MODULUS
    return more if more <= now.MODULUS // 2 else None
