"""The matrix of a run of days: a row for each checklist and time of day, a column for each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from dutyroom import show
from dutyroom.report.facts.rounds import counts, ratio
from dutyroom.report.facts.standing import COUNTED, SlotFact
from dutyroom.report.figure import traced
from dutyroom.report.frame import Frame
from dutyroom.report.page import Cell, height_of, height_of_texts
from dutyroom.report.sheets.slot_marks import (
    STATE_WORDS,
    WEEKDAYS,
    checklist_name,
    checklist_order,
    is_weekend,
    mark_look,
    mark_of,
)
from dutyroom.show import NOTHING
from dutyroom.words import _

DAYS = 31
LABEL_WIDTH, DAY_WIDTH, TAIL_WIDTH = 27.0, 3.4, 8.0
TAIL = DAYS + 2
"""The first of the three columns behind the days: due, signed, rate."""
RECORDS = TAIL + 3
EACH = 3
"""Columns of a day that due, signed and rate take each where they follow a few days."""
WIDTHS = (LABEL_WIDTH, *(DAY_WIDTH,) * DAYS, *(TAIL_WIDTH,) * 3, 24.0)
HEAD_ROWS = 3
MOST_TIMES = 24
"""More different times of day than that are counted by their order within the day instead."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its label and the slots of it by day."""

    label: str
    slots: dict[date, SlotFact]


def grid_rows(frame: Frame, slots: Sequence[SlotFact]) -> list[GridRow]:
    """The rows of these slots: one for a checklist that comes once a day, one for each time of day else."""
    rows: list[GridRow] = []
    for name in checklist_order(frame, (slot.checklist for slot in slots)):
        own = [slot for slot in slots if slot.checklist == name]
        versions = [slot.round.version for slot in reversed(own) if slot.round is not None]
        label = checklist_name(frame, name, versions)
        held: dict[tuple[str, int], dict[date, SlotFact]] = defaultdict(dict)
        for place, slot in _placed(frame, own):
            held[place][slot.due_on] = slot
        for time, number in sorted(held):
            more = f" {time}" if time else ""
            more += f" ({number})" if number > 1 else ""
            rows.append(GridRow(label + more, held[time, number]))
    return rows


def _placed(frame: Frame, slots: Sequence[SlotFact]) -> list[tuple[tuple[str, int], SlotFact]]:
    """Each slot with its time of day, empty where that says nothing, and which of its day it is under that time."""
    times = {show.time_of_day(slot.due_at, frame.zone) for slot in slots}
    days = {slot.due_on for slot in slots}
    is_timed = len(days) < len(slots) and len(times) <= MOST_TIMES
    met: dict[tuple[date, str], int] = defaultdict(int)
    found = []
    for slot in slots:
        time = show.time_of_day(slot.due_at, frame.zone) if is_timed else ""
        met[slot.due_on, time] += 1
        found.append(((time, met[slot.due_on, time]), slot))
    return found


def grid_cells(
    frame: Frame, days: Sequence[date], slots: Sequence[SlotFact], top: int
) -> tuple[list[Cell], dict[int, float], dict[str, int]]:
    """The cells of a block of at most 31 days from row `top` on, their heights, and the row of each record."""
    cells, heights = _head(days, top)
    places: dict[str, int] = {}
    row = top + HEAD_ROWS
    for line in grid_rows(frame, slots):
        own = [*line.slots.values()]
        cells.append(Cell(row, 1, line.label, "text"))
        for column, day in enumerate(days, 2):
            slot = line.slots.get(day)
            cells.append(Cell(row, column, mark_of(slot) if slot is not None else None, mark_look(day, slot)))
        cells += tail(own, row, len(days))
        cells.append(Cell(row, RECORDS, traced(slot.record for slot in own if slot.state.counts), "records"))
        places |= {slot.record: row for slot in own}
        heights[row] = height_of_texts([(line.label, LABEL_WIDTH)])
        row += 1
    cells.append(Cell(row, 1, _("All rounds"), "band"))
    cells.append(Cell(row, 2, None, "band", columns=len(days)))
    cells += tail(slots, row, len(days))
    heights[row] = height_of(1) + 2
    return cells, heights, places


def tail_at(days: int) -> tuple[int, int]:
    """Where due, signed and rate stand behind so many days, and how many columns each takes.

    Behind a few days they follow at once; behind most of a month they stand as behind a whole one.
    """
    return (days + 2, EACH) if days <= DAYS - 3 * EACH else (TAIL, 1)


def _gap(row: int, days: int, look: str, rows: int = 1) -> list[Cell]:
    """What fills the columns between the last day and the tail."""
    first, _each = tail_at(days)
    return [Cell(row, days + 2, None, look, rows=rows, columns=first - days - 2)] if first > days + 2 else []


def tail(slots: Sequence[SlotFact], row: int, days: int) -> list[Cell]:
    """Due, signed and their ratio, a dash where nothing was due, behind so many days."""
    due = sum(slot.state.counts for slot in slots)
    signed = sum(slot.state.is_signed for slot in slots)
    rate = ratio(signed, due)
    first, each = tail_at(days)
    told = ((due, "count"), (signed, "count"), (NOTHING if rate is None else rate, "percent"))
    cells = [Cell(row, first + place * each, value, look, columns=each) for place, (value, look) in enumerate(told)]
    return [*_gap(row, days, "mark"), *cells]


def _head(days: Sequence[date], top: int) -> tuple[list[Cell], dict[int, float]]:
    cells = [Cell(top, 1, _("Checklist"), "head left", rows=HEAD_ROWS)]
    column = 2
    for (year, month), some in groupby(days, key=lambda day: (day.year, day.month)):
        count = len([*some])
        text = f"{year}-{month:02}" if count > 2 else f"{month:02}"
        cells.append(Cell(top, column, text, "head", columns=count))
        column += count
    for place, day in enumerate(days, 2):
        look = "head weekend" if is_weekend(day) else "head"
        cells.append(Cell(top + 1, place, day.day, look))
        cells.append(Cell(top + 2, place, _(WEEKDAYS[day.weekday()]), look))
    first, each = tail_at(len(days))
    cells += _gap(top, len(days), "head", HEAD_ROWS)
    for place, label in enumerate((_("Due"), _("Signed"), _("Rate"))):
        cells.append(Cell(top, first + place * each, label, "head", rows=HEAD_ROWS, columns=each))
    cells.append(Cell(top, RECORDS, _("Records"), "head", rows=HEAD_ROWS))
    return cells, {top: height_of(1, 9), top + 1: height_of(1, 9), top + 2: height_of(1, 9)}


def day_counts(days: Sequence[date], slots: Sequence[SlotFact], top: int) -> tuple[list[Cell], dict[int, float]]:
    """A row for each state that was due, a number for each day on which something was: what the chart draws."""
    by_day: dict[date, list[SlotFact]] = defaultdict(list)
    for slot in slots:
        by_day[slot.due_on].append(slot)
    due = {slot.due_on for slot in slots if slot.state.counts}
    all_of = counts(slots)
    cells: list[Cell] = []
    for row, state in enumerate(COUNTED, top):
        cells.append(Cell(row, 1, _(STATE_WORDS[state]), "label"))
        for column, day in enumerate(days, 2):
            look = "mark count weekend" if is_weekend(day) else "mark count"
            cells.append(Cell(row, column, counts(by_day[day])[state] if day in due else None, look))
        first, each = tail_at(len(days))
        cells += _gap(row, len(days), "mark")
        cells.append(Cell(row, first, all_of[state], "count", columns=3 * each))
    return cells, {row: height_of(1, 9) + 2 for row in range(top, top + len(COUNTED))}
