"""The cells a chart draws, as references with the values the cells hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from zoneinfo import ZoneInfo

from openpyxl.chart.data_source import AxDataSource, NumData, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.utils import get_column_letter

from dutyroom.report.chart import Range
from dutyroom.report.looks import LOOKS
from dutyroom.report.page import Page, Value
from dutyroom.report.workbook_cells import escaped, safe
from dutyroom.report.workbook_rows import serial


class ChartData:
    """References to the cells of one workbook's pages. The values go along: not every reader of a file computes."""

    def __init__(self, pages: Mapping[str, Page], titles: Mapping[str, str], zone: ZoneInfo) -> None:
        """`titles` are the sheets' names by the keys of their pages."""
        self._pages, self._titles, self._zone = pages, titles, zone
        self._held: dict[str, dict[tuple[int, int], tuple[Value, str]]] = {}

    def page(self, key: str) -> Page:
        """The page of that key."""
        return self._pages[key]

    def categories(self, cells: Range) -> AxDataSource:
        """What stands along the axis: texts, or numbers and dates in their cells' format."""
        found = [value for value, _format in self._found(cells)]
        if any(isinstance(value, str) for value in found):
            points = [StrVal(place, escaped(str(value))) for place, value in enumerate(found) if value is not None]
            return AxDataSource(strRef=StrRef(self._reference(cells), StrData(len(found), points)))
        return AxDataSource(numRef=self.numbers(cells))

    def numbers(self, cells: Range) -> NumRef:
        """The numbers of the cells; what is none leaves a gap."""
        found = self._found(cells)
        page = self._pages[cells.sheet]
        if page.stream is not None and cells.last_row > page.rows_held:
            # Those rows are not made yet.
            return NumRef(self._reference(cells))
        points = [
            NumVal(idx=place, v=number)
            for place, (value, _format) in enumerate(found)
            if (number := _number(value)) is not None
        ]
        shown = next((code for value, code in found if value is not None), "General")
        return NumRef(self._reference(cells), NumData(shown, len(found), points))

    def _reference(self, cells: Range) -> str:
        first = f"${get_column_letter(cells.first_column)}${cells.first_row}"
        last = f"${get_column_letter(cells.last_column)}${cells.last_row}"
        return f"'{self._titles[cells.sheet]}'!{first}:{last}"

    def _found(self, cells: Range) -> list[tuple[Value, str]]:
        """Value and number format of each cell of the range, row by row."""
        if cells.sheet not in self._held:
            self._held[cells.sheet] = {
                (one.row, one.column): (safe(one.value, self._zone), LOOKS[one.look].number_format)
                for one in self._pages[cells.sheet].cells
            }
        held = self._held[cells.sheet]
        return [
            held.get((row, column), (None, "General"))
            for row in range(cells.first_row, cells.last_row + 1)
            for column in range(cells.first_column, cells.last_column + 1)
        ]


def _number(value: Value) -> float | None:
    if isinstance(value, (date, time)):
        return serial(value)
    return float(value) if isinstance(value, (int, float)) else None
