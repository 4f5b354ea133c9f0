"""Reading the columns of tables with GETBULK, several at a time, from agents that cannot be trusted to behave.

pysnmp's own walk follows a repeating or decreasing OID for ever and ends at the first tooBig. Here every value must
lie inside its column and be none that it had before, there is a row cap and one deadline, a question that is too big is
halved, an agent that cannot do GETBULK is asked with GETNEXT, and a value that cannot be read is stepped over. What
could not be read is named, never silently short.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from dutyroom.clock import monotonic
from dutyroom.model.reading import State
from dutyroom.sources.snmp.answers import (
    Absent,
    Asker,
    Empty,
    NoAnswer,
    Oid,
    Refused,
    SnmpFault,
    Unreadable,
    Value,
    Varbind,
)

VARBINDS = 100
REPETITIONS = 25
ROWS = 5000
# Timeouts in a row (each already retried by the session), and values stepped over in one column, before giving up.
TIMEOUTS = 2
SKIPS = 20
# Silences in one walk after which the device is asked for less from then on, and answers in a row after which a walk
# asks for more again.
SILENCES = 2
ANSWERS = 8
# Error-status of RFC 3416; noSuchName is how an agent that thinks in SNMPv1 says that the MIB ends.
_TOO_BIG = 1
_NO_SUCH_NAME = 2


@dataclass(slots=True)
class Pace:
    """What a device can take, remembered between walks: varbinds for each answer, and whether it does GETBULK."""

    varbinds: int = VARBINDS
    bulk: bool = True


@dataclass(slots=True)
class Columns:
    """What a walk read: per column the values by index, and why a column is not whole (absent: it is whole)."""

    values: dict[Oid, dict[Oid, Value]]
    partial: dict[Oid, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Column:
    base: Oid
    cursor: Oid
    values: dict[Oid, Value]
    done: bool = False
    skips: int = 0


async def walk(
    asker: Asker, columns: Sequence[Oid], *, ends_at: float, pace: Pace | None = None, max_rows: int = ROWS
) -> Columns:
    """Walks the columns side by side. `ends_at` is a moment of `clock.monotonic()`.

    Never raises `SnmpFault`: a device that fails half-way leaves what was read, and reasons in `partial`.
    """
    walker = _Walk(asker, columns, ends_at, pace or Pace(), max_rows)
    await walker.run()
    return walker.result


class _Walk:
    def __init__(self, asker: Asker, columns: Sequence[Oid], ends_at: float, pace: Pace, max_rows: int) -> None:
        self._asker = asker
        self._ends_at = ends_at
        self._pace = pace
        self._max_rows = max_rows
        self.result = Columns({column: {} for column in columns})
        self._columns = [_Column(column, column, self.result.values[column]) for column in columns]
        # `_most` is what one answer may hold just now: less after silence, and again more when all goes well.
        self._size = self._most = pace.varbinds
        self._silences = 0
        self._answers = 0
        self._bulk = pace.bulk
        self._timeouts = 0
        self._doubts_bulk = False

    async def run(self) -> None:
        while live := [column for column in self._columns if not column.done]:
            left_s = self._ends_at - monotonic()
            if left_s <= 0:
                self._give_up(live, "deadline")
                return
            batch = live[: max(1, self._size)]
            repetitions = max(1, min(REPETITIONS, self._size // len(batch))) if self._bulk else 1
            try:
                async with asyncio.timeout(left_s):
                    rows = await self._ask(batch, repetitions)
            except TimeoutError:
                self._give_up(live, "deadline")
            except NoAnswer as fault:
                self._timeouts += 1
                self._fell_silent(len(batch) * repetitions)
                if self._timeouts >= TIMEOUTS:
                    self._give_up(live, fault.detail)
                else:
                    self._ask_for_less(batch, repetitions, fault)
            except (Refused, Unreadable) as fault:
                self._ask_for_less(batch, repetitions, fault)
            except SnmpFault as fault:
                self._give_up(live, fault.detail)
            else:
                self._take(batch, rows)

    async def _ask(self, batch: list[_Column], repetitions: int) -> list[Varbind]:
        cursors = [column.cursor for column in batch]
        if self._bulk:
            rows = await self._asker.bulk(cursors, repetitions)
        else:
            rows = await self._asker.following(cursors)
        if not rows:
            raise Empty
        if len(rows) > len(batch) * repetitions:
            raise SnmpFault(State.PROTOCOL, "more values than asked for")
        return rows

    def _take(self, batch: list[_Column], rows: list[Varbind]) -> None:
        self._timeouts = 0
        self._answers += 1
        if self._silences >= SILENCES:
            self._pace.varbinds = min(self._pace.varbinds, self._most)
        elif self._answers >= ANSWERS:
            self._answers, self._most = 0, min(self._most * 2, self._pace.varbinds)
        # An answer may be cut anywhere (RFC 3416 4.2.3): what is missing is asked again from the column's cursor.
        for place, (oid, value) in enumerate(rows):
            column = batch[place % len(batch)]
            if column.done:
                continue
            if isinstance(value, Absent):
                column.done = True
            elif oid[: len(column.base)] != column.base:
                column.done = True
                if oid <= column.cursor:
                    self._end(column, "OIDs do not increase")
            elif oid <= column.cursor and (oid == column.cursor or oid[len(column.base) :] in column.values):
                # Some agents give their rows in an order of their own: only a row that was there before ends it.
                self._end(column, "OIDs do not increase")
            elif len(column.values) >= self._max_rows:
                self._end(column, f"more than {self._max_rows} rows")
            else:
                column.values[oid[len(column.base) :]] = value
                column.cursor = oid
        self._size = min(self._size * 2, self._most, self._pace.varbinds)
        if self._doubts_bulk:
            self._pace.bulk = self._doubts_bulk = False

    def _fell_silent(self, asked: int) -> None:
        # Large answers come in fragments, and some firewalls drop these. One silence may be a lost datagram; the size
        # is remembered when it happens again in the same walk, or the walk ends of it.
        if asked > 1:
            self._silences, self._answers, self._most = self._silences + 1, 0, asked // 2
            if self._silences >= SILENCES and self._timeouts >= TIMEOUTS:
                self._pace.varbinds = min(self._pace.varbinds, self._most)

    def _ask_for_less(self, batch: list[_Column], repetitions: int, fault: SnmpFault) -> None:
        asked = len(batch) * repetitions
        if asked > 1:
            self._size = asked // 2
            if isinstance(fault, Refused) and fault.status == _TOO_BIG:
                self._pace.varbinds = self._size
        elif isinstance(fault, Refused) and fault.status == _NO_SUCH_NAME:
            batch[0].done = True
        elif self._bulk:
            self._bulk, self._doubts_bulk = False, not isinstance(fault, NoAnswer)
        elif isinstance(fault, Empty):
            self._end(batch[0], fault.detail)
        else:
            self._step_over(batch[0], fault)

    def _step_over(self, column: _Column, fault: SnmpFault) -> None:
        column.skips += 1
        self.result.partial[column.base] = f"unreadable value ({fault.detail})"
        if column.skips > SKIPS:
            column.done = True
            return
        index = column.cursor[len(column.base) :]
        known = (other for reader in self._columns for other in reader.values if other > index)
        following = min(known, default=None)
        if following is not None:
            column.cursor = column.base + following
        else:
            column.cursor = (*column.cursor[:-1], column.cursor[-1] + 1) if index else (*column.base, 1)
        self._bulk, self._doubts_bulk = self._pace.bulk, False

    def _end(self, column: _Column, why: str) -> None:
        column.done = True
        self.result.partial[column.base] = why

    def _give_up(self, columns: list[_Column], why: str) -> None:
        for column in columns:
            self._end(column, why)
