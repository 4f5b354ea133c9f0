"""The roster as people keep it in Excel, in the three forms that are usual.

One row for each shift (date, shift, people); one row for each day with a column for each shift; or a table with the
people down the side, the days of a month across, and a mark for the shift in each cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dutyroom.inert import inert
from dutyroom.model.roster import ShiftTime
from dutyroom.report.imports import HEADER_WITHIN, BadCell, ImportRefused, day_of, plain, rows_of, text_of
from dutyroom.words import _

LONGEST_NAME = 60
_DAY = frozenset(map(plain, ("date", "day", "日期", "值班日期", "时间")))
_SHIFT = frozenset(map(plain, ("shift", "班次", "班别", "值班班次")))
_PERSON = frozenset(
    map(
        plain,
        (
            *("person", "people", "name", "operator", "on duty", "duty officer", "duty person", "staff"),
            *("值班人", "值班人员", "值班员", "姓名", "人员", "当班人", "当班人员", "主班", "副班", "值守人员"),
        ),
    )
)
_OFF = frozenset(("", "-", "/", "off", "rest", "休", "休息", "假", "年假", "病假", "轮休", "无", "none"))
_BETWEEN = re.compile(r"[、,;/\n+&]| and ")
_WEEKDAY = re.compile(r"\s*[(\s]?(周|星期|礼拜|mon|tue|wed|thu|fri|sat|sun).*$", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?!\d)")

Rows = Sequence[tuple[int, list[object]]]


@dataclass(frozen=True, slots=True)
class RosterLine:
    """Who the file names for one shift (its code) of one day; nobody where the cell is empty. `row` as in Excel."""

    row: int
    day: date
    shift: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """What a workbook holds: one line for each shift of each day it names, and the cells that cannot be taken."""

    lines: tuple[RosterLine, ...]
    bad: tuple[BadCell, ...]


@dataclass(slots=True)
class _Header:
    """Which column holds what: dates, shifts, people, and by shift or by day the columns of a table."""

    day: int = -1
    shift: int = -1
    people: tuple[int, ...] = ()
    shifts: tuple[tuple[int, str], ...] = ()
    days: tuple[tuple[int, date], ...] = ()


def read_roster(path: Path, times: Sequence[ShiftTime]) -> RosterSheet:
    """What the first visible sheet says, below its header, which may stand below a title.

    Raises ImportRefused for a file that is no workbook, is too large, or has no header of one of the three forms.
    """
    shown = inert(str(path), 200)
    rows = rows_of(path, shown)
    for at, (number, cells) in enumerate(rows):
        if number > HEADER_WITHIN:
            break
        header = _header(cells, times, rows[:at])
        if header is not None:
            return _collected(rows[at + 1 :], header, times)
    raise ImportRefused(
        _("{path}: no header row in its first {count} rows: a date, a shift and who is on duty.").format(
            path=shown, count=HEADER_WITHIN
        ),
        code="no-header",
    )


def _header(cells: Sequence[object], times: Sequence[ShiftTime], above: Rows) -> _Header | None:
    found = _Header()
    names = [plain(value) if isinstance(value, str) else "" for value in cells]
    for at, name in enumerate(names):
        code = shift_of(text_of(cells[at]), times, whole=True) if name else None
        if name in _DAY and found.day < 0:
            found.day = at
        elif name in _SHIFT:
            found.shift = at
        elif name.rstrip("1234567890") in _PERSON:
            found.people = (*found.people, at)
        elif code is not None:
            found.shifts = (*found.shifts, (at, code))
    if found.day >= 0 and (found.shifts or (found.people and (found.shift >= 0 or len(times) == 1))):
        return found
    found.days = _days(cells, above)
    return found if len(found.days) >= 5 and found.people else None


def _days(cells: Sequence[object], above: Rows) -> tuple[tuple[int, date], ...]:
    """The days across: written as dates, or as numbers below a title with the month."""
    dated = [(at, day) for at, value in enumerate(cells) if (day := _day(value)) is not None]
    if dated:
        return tuple(dated)
    title = " ".join(text_of(value) for _row, values in above for value in values)
    month = _MONTH.search(title)
    if month is None:
        return ()
    made: list[tuple[int, date]] = []
    for at, value in enumerate(cells):
        number = re.fullmatch(r"(\d{1,2})日?", text_of(value))
        try:
            made += [(at, date(int(month[1]), int(month[2]), int(number[1])))] if number else []
        except ValueError:
            continue
    return tuple(made)


def _day(value: object) -> date | None:
    return day_of(_WEEKDAY.sub("", text_of(value))) if isinstance(value, str) else day_of(value)


def shift_of(text: str, times: Sequence[ShiftTime], *, whole: bool = False) -> str | None:
    """The code of the shift people mean: its name, its label, or unless `whole` what one of them alone begins with."""
    written = text.strip().casefold()
    if not written:
        return None
    for one in times:
        if written in (one.code.casefold(), one.label.casefold()):
            return one.code
    if whole:
        return None
    near = [one.code for one in times if one.label.casefold().startswith(written)]
    near = near or [one.code for one in times if one.code.casefold().startswith(written)]
    return near[0] if len(near) == 1 else None


def _collected(rows: Rows, header: _Header, times: Sequence[ShiftTime]) -> RosterSheet:
    named: dict[tuple[date, str], RosterLine] = {}
    bad: list[BadCell] = []
    said = _across(rows, header, times) if header.days else _down(rows, header, times)
    for one in said:
        if isinstance(one, BadCell):
            bad.append(one)
            continue
        known = named.get((one.day, one.shift))
        if known is None:
            named[(one.day, one.shift)] = one
            continue
        people = tuple(dict.fromkeys((*known.people, *one.people)))
        named[(one.day, one.shift)] = RosterLine(known.row, one.day, one.shift, people)
    return RosterSheet(tuple(sorted(named.values(), key=lambda line: line.day)), tuple(bad))


def _down(rows: Rows, header: _Header, times: Sequence[ShiftTime]) -> Iterator[RosterLine | BadCell]:
    """One row for each day or shift."""
    day: date | None = None
    for number, cells in rows:
        written = _cell(cells, header.day)
        # Of merged cells only the first holds the date; the rows below belong to the same day.
        if written not in (None, ""):
            day = _day(written)
            if day is None:
                yield BadCell(number, "day", "not-a-date", inert(text_of(written), 40))
                continue
        if day is None:
            yield BadCell(number, "day", "not-a-date", "")
            continue
        yield from _row(number, cells, header, times, day)


def _row(
    number: int, cells: Sequence[object], header: _Header, times: Sequence[ShiftTime], day: date
) -> Iterator[RosterLine | BadCell]:
    for at in (*header.people, *(column for column, _code in header.shifts)):
        if text_of(_cell(cells, at)).lstrip().startswith("="):
            yield BadCell(number, "people", "formula", inert(text_of(_cell(cells, at)), 40))
            return
    if header.shifts:
        for at, code in header.shifts:
            yield RosterLine(number, day, code, _people(_cell(cells, at)))
        return
    written = text_of(_cell(cells, header.shift)) if header.shift >= 0 else times[0].code
    code_of_row = shift_of(written, times)
    if code_of_row is None:
        yield BadCell(number, "shift", "no-shift", inert(written, 40))
        return
    people = tuple(dict.fromkeys(name for at in header.people for name in _people(_cell(cells, at))))
    yield RosterLine(number, day, code_of_row, people)


def _across(rows: Rows, header: _Header, times: Sequence[ShiftTime]) -> Iterator[RosterLine | BadCell]:
    """People down the side, days across: what is not named for a day is empty, not unknown."""
    for _column, day in header.days:
        for one in times:
            yield RosterLine(rows[0][0] if rows else 0, day, one.code, ())
    for number, cells in rows:
        people = _people(_cell(cells, header.people[0]))
        for at, day in header.days if people else ():
            mark = text_of(_cell(cells, at)).strip()
            if mark.casefold() in _OFF:
                continue
            code = shift_of(mark, times)
            if code is None:
                yield BadCell(number, day.isoformat(), "formula" if mark[0] == "=" else "no-shift", inert(mark, 40))
            else:
                yield RosterLine(number, day, code, people)


def _cell(cells: Sequence[object], at: int) -> object:
    return cells[at] if 0 <= at < len(cells) else None


def _people(value: object) -> tuple[str, ...]:
    """The names in a cell; nobody for a cell that says so."""
    names = (inert(one, LONGEST_NAME).strip() for one in _BETWEEN.split(text_of(value)))
    return tuple(dict.fromkeys(name for name in names if name.casefold() not in _OFF))
