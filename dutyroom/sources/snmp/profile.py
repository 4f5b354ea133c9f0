"""What a probe of a profile makes of the cells a device answered. Asks nothing itself.

Cells are by column, then by row index; a single variable is its own column with the row `()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dutyroom.model.profile import Aggregate, Condition, PartState, Probe, ProbeKind
from dutyroom.sources.snmp import mib, resources
from dutyroom.sources.snmp.answers import Absent, Oid, Value, dotted, text

Cells = Mapping[Oid, Mapping[Oid, Value]]
# A number alone in a text, as ZTE's "10.1"; a percent sign may follow.
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*%?\s*")
# Longer texts are no number; the bound also keeps a site's own pattern from taking long.
_LONGEST_TEXT = 100
_STORAGE_CHANGING = (mib.HR_STORAGE_SIZE, mib.HR_STORAGE_USED)
_STORAGE_FIXED = (mib.HR_STORAGE_TYPE, mib.HR_STORAGE_DESCR, mib.HR_STORAGE_UNITS)


@dataclass(frozen=True, slots=True)
class Found:
    """What a probe found: a number, or the states of parts by row. `rows` are those it needs again next time."""

    origin: Oid
    rows: tuple[Oid, ...]
    value: float | None = None
    parts: tuple[tuple[Oid, PartState], ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether it tells anything: parts of which every state is unknown do not."""
        return self.value is not None or any(state is not PartState.UNKNOWN for _, state in self.parts)


def changing(probe: Probe) -> tuple[Oid, ...]:
    """The columns or variables that are read at every poll."""
    return _STORAGE_CHANGING if probe.kind is ProbeKind.STORAGE else probe.changing


def fixed(probe: Probe) -> tuple[Oid, ...]:
    """The columns that say what a row is."""
    return _STORAGE_FIXED if probe.kind is ProbeKind.STORAGE else probe.fixed


def evaluate(probe: Probe, cells: Cells) -> Found | None:
    """What the probe finds in these cells, or None when nothing in them is a value."""
    match probe.kind:
        case ProbeKind.STORAGE:
            return _storage(cells)
        case ProbeKind.STATE | ProbeKind.STATES:
            return _states(probe, cells)
        case ProbeKind.SHARE | ProbeKind.SHARE_COLUMN:
            rows = {row: share for row in _rows(probe, cells) if (share := _share(probe, cells, row)) is not None}
        case _:
            rows = {row: one for row in _rows(probe, cells) if (one := _number_in(probe, cells, row)) is not None}
    return _one_of(probe, rows)


def _one_of(probe: Probe, numbers: Mapping[Oid, float]) -> Found | None:
    if not numbers:
        return None
    rows = tuple(numbers)
    match probe.aggregate:
        case Aggregate.MEAN:
            return Found(probe.origin, rows, sum(numbers.values()) / len(numbers))
        case Aggregate.FIRST:
            row = min(rows)
            return Found(probe.origin + row, (row,), numbers[row])
        case _:
            row = max(rows, key=lambda one: numbers[one])
            return Found(probe.origin + row, rows, numbers[row])


def _rows(probe: Probe, cells: Cells) -> list[Oid]:
    return [
        row
        for row in cells.get(probe.origin, {})
        if (not probe.rows or row in probe.rows) and all(holds(one, cells, row) for one in probe.where)
    ]


def holds(condition: Condition, cells: Cells, row: Oid) -> bool:
    """Whether the row's cell in the condition's column fits; False when there is no such cell."""
    said = text_of(cells.get(condition.oid, {}).get(row))
    if said is None:
        return False
    return said in condition.equals or any(part in said.casefold() for part in condition.contains)


def text_of(value: Value | None) -> str | None:
    """A cell as text: a number in digits, an OID dotted; None when it is absent."""
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, tuple):
        return dotted(value)
    said = text(value)
    return said.strip() if said is not None else None


def _plain_number(value: Value | None, pattern: re.Pattern[str] | None) -> float | None:
    if value is None or isinstance(value, Absent | tuple):
        return None
    if isinstance(value, int) and pattern is None:
        return float(value)
    said = (text_of(value) or "")[: _LONGEST_TEXT + 1]
    if len(said) > _LONGEST_TEXT:
        return None
    found = pattern.search(said) if pattern is not None else _NUMBER.fullmatch(said)
    try:
        return float(found[1]) if found is not None else None
    except (TypeError, ValueError):
        return None


def _number_in(probe: Probe, cells: Cells, row: Oid) -> float | None:
    raw = _plain_number(cells.get(probe.value, {}).get(row), probe.pattern)
    if raw is None or raw in probe.none:
        return None
    exponent = 0
    if probe.scale_column:
        prefix = _plain_number(cells.get(probe.scale_column, {}).get(row), None)
        # SI prefixes from yocto (1) to yotta (17), units are 9: RFC 3433.
        if prefix is None or not 1 <= prefix <= 17:
            return None
        exponent += 3 * (int(prefix) - 9)
    if probe.precision_column:
        decimals = _plain_number(cells.get(probe.precision_column, {}).get(row), None)
        if decimals is None or not -8 <= decimals <= 9:
            return None
        exponent -= int(decimals)
    value = raw * probe.scale * 10.0**exponent
    if probe.invert:
        value = 100.0 - value
    return round(value, 3) if probe.low <= value <= probe.high else None


def _share(probe: Probe, cells: Cells, row: Oid) -> float | None:
    used, free, total = (_amount(probe, cells, oid, row) for oid in (probe.used, probe.free, probe.total))
    if total is None:
        total = used + free if used is not None and free is not None else None
    if used is None:
        used = total - free if total is not None and free is not None else None
    if total is None or used is None or total <= 0:
        return None
    used -= sum(_amount(probe, cells, oid, row) or 0.0 for oid in probe.given_back)
    share = 100.0 * used / total
    return round(share, 1) if max(0.0, probe.low) <= share <= min(100.0, probe.high) else None


def _amount(probe: Probe, cells: Cells, oid: Oid, row: Oid) -> float | None:
    if not oid:
        return None
    amount = _plain_number(cells.get(oid, {}).get(row), probe.pattern)
    return None if amount is None or amount < 0 or amount in probe.none else amount


def _states(probe: Probe, cells: Cells) -> Found | None:
    known = dict(probe.states)
    parts = []
    for row in _rows(probe, cells):
        said = text_of(cells[probe.value][row])
        state = known.get(said, PartState.UNKNOWN) if said is not None else PartState.UNKNOWN
        if probe.absent is not None and holds(probe.absent, cells, row):
            state = PartState.NOT_INSTALLED
        parts.append((row, state))
    return Found(probe.value, tuple(row for row, _ in parts), parts=tuple(parts)) if parts else None


def _storage(cells: Cells) -> Found | None:
    share = resources.storage_memory_percent(cells)
    if share is None:
        return None
    return Found(mib.HR_STORAGE_USED, resources.memory_rows(cells), share)


def only_rows(cells: Cells, columns: Iterable[Oid], rows: Iterable[Oid]) -> dict[Oid, dict[Oid, Value]]:
    """The cells of these columns in these rows."""
    wanted = set(rows)
    return {column: {row: value for row, value in cells.get(column, {}).items() if row in wanted} for column in columns}
