"""Completion by week, month or year: the table of a long period, which its chart is drawn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from dutyroom.report.facts.rounds import counts, ratio
from dutyroom.report.facts.standing import COUNTED, SlotFact
from dutyroom.report.figure import traced
from dutyroom.report.frame import Frame
from dutyroom.report.page import Cell, height_of
from dutyroom.report.sheets.slot_grid import RECORDS
from dutyroom.report.sheets.slot_marks import STATE_WORDS
from dutyroom.show import NOTHING
from dutyroom.words import _

BY_WEEK, BY_MONTH = 100, 1100
"""Periods of at most so many days are told by week, by month; longer ones by year."""
COUNT_COLUMNS = 4
FIRST_COUNT = 2
RATE = FIRST_COUNT + COUNT_COLUMNS * (len(COUNTED) + 2)


def span_of(frame: Frame) -> tuple[str, Callable[[date], str]]:
    """What the chart is called, and the span a day belongs to (ISO 8601 weeks)."""
    length = (frame.period.last - frame.period.first).days + 1
    if length <= BY_WEEK:
        return _("Completion by week"), _week
    if length <= BY_MONTH:
        return _("Completion by month"), lambda day: f"{day:%Y-%m}"
    return _("Completion by year"), lambda day: f"{day.year:04}"


def _week(day: date) -> str:
    year, week, _day = day.isocalendar()
    return f"{year:04}-W{week:02}"


def column_of(number: int) -> int:
    """The column of the n-th count: due, signed, then the states in their order."""
    return FIRST_COUNT + number * COUNT_COLUMNS


def span_cells(
    days: Sequence[date], slots: Sequence[SlotFact], span: Callable[[date], str], top: int
) -> tuple[list[Cell], dict[int, float], int]:
    """The cells of the table from row `top` on, their heights, and how many spans it has."""
    labels = (_("Due"), _("Signed"), *(_(STATE_WORDS[state]) for state in COUNTED))
    cells = [Cell(top, 1, _("Period"), "head left")]
    for number, label in enumerate(labels):
        cells.append(Cell(top, column_of(number), label, "head", columns=COUNT_COLUMNS))
    cells.append(Cell(top, RATE, _("Rate"), "head", columns=RECORDS - RATE))
    cells.append(Cell(top, RECORDS, _("Records"), "head"))
    heights = {top: height_of(1, 9) + 4}
    held: dict[str, list[SlotFact]] = defaultdict(list)
    for slot in slots:
        held[span(slot.due_on)].append(slot)
    names = [*dict.fromkeys(span(day) for day in days)]
    for row, name in enumerate(names, top + 1):
        own = held[name]
        states = counts(own)
        due, signed = sum(slot.state.counts for slot in own), sum(slot.state.is_signed for slot in own)
        cells.append(Cell(row, 1, name, "text"))
        for number, count in enumerate((due, signed, *(states[state] for state in COUNTED))):
            value = count if due or not number else None
            cells.append(Cell(row, column_of(number), value, "count", columns=COUNT_COLUMNS))
        rate = ratio(signed, due)
        cells.append(Cell(row, RATE, NOTHING if rate is None else rate, "percent", columns=RECORDS - RATE))
        cells.append(Cell(row, RECORDS, traced(slot.record for slot in own if slot.state.counts), "records"))
        heights[row] = height_of(1)
    return cells, heights, len(names)
