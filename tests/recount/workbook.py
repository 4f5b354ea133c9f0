"""An exported workbook as the recount reads it: tables by the heads of their columns, and what is held against them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

NOT_KNOWN = (None, "", "–")
"""An empty cell and a dash say the same."""
CONTINUED = "continued"
RECORD = re.compile(r"([a-z][a-z-]*):(\S+)")
Row = dict[str, Any]


@dataclass
class Sheet:
    """One sheet: its cells by row, and what differs from the recount. `compared` counts what was held against it."""

    title: str
    rows: list[Sequence[Any]]
    records: list[str]
    compared: int = 0
    differing: list[str] = field(default_factory=list)

    def same(self, place: object, told: Any, counted: Any, within: float = 1e-6) -> None:
        """Holds one value of the file against the recount's; numbers may differ by what rounding takes."""
        self.compared += 1
        if not _same(told, counted, within):
            if isinstance(told, list) and isinstance(counted, list):
                told, counted = _without(told, counted), _without(counted, told)
            self.differing.append(f"{place}: the file says {told!r}, the recount {counted!r}")

    def tables(self, *heads: str) -> Iterator[list[Row]]:
        """Every table with those heads: its rows by head, down to an empty row.

        A head stands for the column whose label begins with it, the first of those from the left.
        """
        for number, row in enumerate(self.rows):
            columns = _columns(row, heads)
            if columns is not None:
                yield _below(self.rows[number + 1 :], columns)

    def table(self, *heads: str) -> list[Row]:
        """The one table with those heads; without any, a difference."""
        found = next(self.tables(*heads), None)
        if found is None:
            self.differing.append(f"no table with {heads}")
        return found or []

    def tiles(self) -> dict[str, Any]:
        """What stands above each label: the key figures at the top of a sheet."""
        found: dict[str, Any] = {}
        for above, below in zip(self.rows[:12], self.rows[1:13], strict=False):
            for value, label in zip(above, below, strict=True):
                if isinstance(label, str) and value is not None and not isinstance(value, datetime):
                    found.setdefault(label, value)
        return found


def sheets(path: Path) -> dict[str, Sheet]:
    """The sheets of a workbook by title. Raises OSError, ValueError."""
    book = load_workbook(path)
    return {one.title: _sheet(one) for one in book.worksheets}


def minute(told: Any) -> datetime | None:
    """A moment of a cell to the minute, written as one or in a text that begins with one."""
    if isinstance(told, str):
        found = re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d", told)
        told = datetime.fromisoformat(found[0]) if found else None
    return told.replace(second=0, microsecond=0) if isinstance(told, datetime) else None


def _sheet(one: Worksheet) -> Sheet:
    rows: list[Sequence[Any]] = [*one.iter_rows(values_only=True)]
    hidden = {
        number
        for held in one.column_dimensions.values()
        if held.hidden
        for number in range(held.min or 0, (held.max or 0) + 1)
    }
    texts = [row[number - 1] for row in rows for number in sorted(hidden) if number <= len(row)]
    records = [text for text in texts if isinstance(text, str) and RECORD.match(text)]
    return Sheet(one.title, rows, records)


def _columns(row: Sequence[Any], heads: Sequence[str]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for head in heads:
        at = next(
            (
                place
                for place, label in enumerate(row)
                if isinstance(label, str) and label.startswith(head) and place not in found.values()
            ),
            None,
        )
        if at is None:
            return None
        found[head] = at
    return found


def _below(rows: Sequence[Sequence[Any]], columns: dict[str, int]) -> list[Row]:
    """Down to an empty row or to a heading, which has one cell. Heads that stand again on the next page are no rows."""
    found: list[Row] = []
    for number, row in enumerate(rows):
        told = {head: row[place] for head, place in columns.items()}
        if all(row[place] is None for place in columns.values() if place):
            if str(row[0]).endswith(CONTINUED):
                continue
            after = rows[number + 1][0] if number + 1 < len(rows) else None
            if isinstance(after, str) and after.endswith(CONTINUED):
                continue
            break
        if _columns(row, [*columns]) != columns:
            found.append(told)
    return found


def _without(some: list[Any], others: list[Any]) -> list[Any]:
    """What the first list has more, each as often as it has it more."""
    left, more = [*others], []
    for one in some:
        if one in left:
            left.remove(one)
        else:
            more.append(one)
    return more


def _same(told: Any, counted: Any, within: float) -> bool:
    if counted in NOT_KNOWN:
        return told in NOT_KNOWN
    if isinstance(counted, date) and not isinstance(counted, datetime) and isinstance(told, datetime):
        told = told.date()
    if isinstance(counted, datetime):
        return minute(told) == minute(counted)
    if isinstance(told, int | float) and isinstance(counted, int | float):
        return abs(told - counted) <= within
    return bool(told == counted)
