"""The rows of a page as the XML of a sheet, row by row: what stands in memory does not grow with the sheet.

openpyxl makes an element of every cell and keeps all cells until the file is written; of ten thousand rows that is most
of the time and the memory of an export. Everything but the rows is openpyxl's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from dutyroom.report.page import HIGHEST_ROW, ROW_HEIGHT, Cell, Page
from dutyroom.report.workbook_cells import STARTERS, escaped, safe

serial: Callable[[date | time], float] = to_excel
"""A date, a time or a naive moment as Excel counts it: days since 1900."""
Styles = Callable[[str, bool, str], int]
"""The number of a look's style in the file: True with the leading quote, a number format where the look has none."""
FORMATS: dict[type, str] = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd", time: "hh:mm"}
ROWS_AT_ONCE = 200


class Digest:
    """Of the texts of a sheet and their places, in order: sheets with equal ones hold the same texts."""

    def __init__(self) -> None:
        self._hash = blake2b()

    def add(self, places_and_texts: list[str]) -> None:
        """Take in `["A1", "text", "B1", "text"]`; no text holds a NUL."""
        if places_and_texts:
            self._hash.update(("\0".join(places_and_texts) + "\0").encode())

    def hex(self) -> str:
        """The digest of what was taken in so far."""
        return self._hash.hexdigest()


def shared_of(page: Page) -> list[str]:
    """The places several columns or rows wide ("A1:C2"), in order."""
    return [
        f"{get_column_letter(one.column)}{one.row}"
        f":{get_column_letter(one.column + one.columns - 1)}{one.row + one.rows - 1}"
        for one in sorted(page.cells, key=attrgetter("row", "column"))
        if one.rows > 1 or one.columns > 1
    ]


def sheet_data(page: Page, zone: ZoneInfo, styles: Styles, digest: Digest) -> Iterator[bytes]:
    """What stands between `<sheetData>` and `</sheetData>`, in pieces; the texts go to `digest`.

    Raises ValueError where two shared cells meet or streamed rows are out of order: Excel calls such a file damaged.
    """
    under = page.rows_under_charts
    pieces: list[str] = []
    for row, cells in _rows(page):
        height = page.heights.get(row, ROW_HEIGHT if row in under else 0.0)
        size = f' ht="{min(height, HIGHEST_ROW):g}" customHeight="1"' if height else ""
        pieces.append(f'<row r="{row}"{size}>{_cells(row, cells, zone, styles, digest)}</row>')
        if len(pieces) == ROWS_AT_ONCE:
            yield "".join(pieces).encode()
            pieces.clear()
    yield "".join(pieces).encode()


def _rows(page: Page) -> Iterator[tuple[int, list[Cell]]]:
    """Each row that has a cell or a height, in order, with its cells in order. The later of two cells holds."""
    last = page.rows_held
    held: dict[int, dict[int, Cell]] = {row: {} for row in {*page.heights, *page.rows_under_charts}}
    for cell in page.cells:
        held.setdefault(cell.row, {})[cell.column] = cell
    _spread(held, [cell for cell in page.cells if cell.rows > 1 or cell.columns > 1])
    for row in sorted(held):
        if page.stream is None or row <= last:
            yield row, [held[row][column] for column in sorted(held[row])]
    if page.stream is None:
        return
    held.clear()
    for row, cells in groupby(page.stream.cells(), attrgetter("row")):
        if not last < row <= page.last_row:
            raise ValueError(f"row {row} comes after row {last} of {page.last_row}")
        last = row
        yield row, list(cells)


def _spread(held: dict[int, dict[int, Cell]], shared: list[Cell]) -> None:
    """Give every place of a shared cell its look, so that the frame goes all round."""
    taken: set[tuple[int, int]] = set()
    for cell in shared:
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                if (row, column) in taken:
                    raise ValueError(f"two shared cells meet in row {row}, column {column}")
                taken.add((row, column))
                if (row, column) != (cell.row, cell.column):
                    held.setdefault(row, {})[column] = Cell(row, column, None, cell.look)


def _cells(row: int, cells: list[Cell], zone: ZoneInfo, styles: Styles, digest: Digest) -> str:
    made: list[str] = []
    texts: list[str] = []
    for cell in cells:
        place = f"{get_column_letter(cell.column)}{row}"
        value = safe(cell.value, zone)
        if isinstance(value, str):
            # Text in its cell: what begins like a formula is no formula, and nothing is looked up anywhere else.
            written = escaped(value)
            space = ' xml:space="preserve"' if value != value.strip() else ""
            style = styles(cell.look, value.startswith(STARTERS), "")
            made.append(f'<c r="{place}" s="{style}" t="inlineStr"><is><t{space}>{escape(written)}</t></is></c>')
            texts += (place, written)
            continue
        style = styles(cell.look, False, FORMATS.get(type(value), ""))
        if value is None:
            made.append(f'<c r="{place}" s="{style}"/>')
        elif isinstance(value, bool):
            made.append(f'<c r="{place}" s="{style}" t="b"><v>{value:d}</v></c>')
        else:
            number = serial(value) if isinstance(value, (date, time)) else value
            made.append(f'<c r="{place}" s="{style}"><v>{number!r}</v></c>')
    digest.add(texts)
    return "".join(made)
