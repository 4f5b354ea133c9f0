"""Reads a period's workbook that comes back: what its cover says of itself, and its cells.

The file is foreign by now. Nothing in it is computed, and one that would grow beyond all measure is refused unread.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_to_tuple

from dutyroom.errors import DutyroomError
from dutyroom.report.imports import UNREADABLE
from dutyroom.words import _

LARGEST_FILE = 64 * 2**20
LARGEST_UNPACKED = 600 * 2**20
MOST_ROWS = 1_048_576
"""Of a sheet (Excel specifications and limits)."""
DAMAGED = (*UNREADABLE, zlib.error, NotImplementedError, IndexError, AttributeError, RecursionError)
"""What zipfile, zlib, the XML parser and openpyxl raise over a file that somebody broke or made up."""
NAMES = (
    "report_period",
    "report_language",
    "report_made_at",
    "report_version",
    "report_site",
    "report_checklists",
    "report_rows",
    "ledger_first_seq",
    "ledger_first_hash",
    "ledger_last_seq",
    "ledger_last_hash",
)


class WorkbookRefused(DutyroomError):
    """The file cannot be read as a workbook: it is damaged or too large."""

    code = "workbook"


def named(row: int, column: int) -> str:
    """What a cell is called: row 7 of column 2 is `B7`."""
    return f"{get_column_letter(column)}{row}"


@dataclass(frozen=True, slots=True)
class Place:
    """A sheet by its title and a cell in it (`B7`)."""

    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the named cells of a cover hold, and where each stands, by their names."""

    values: Mapping[str, object]
    places: Mapping[str, Place]

    def text(self, name: str) -> str:
        """The value as text; empty where the cell is."""
        value = self.values[name]
        return "" if value is None else str(value)


class Reread:
    """A workbook that is open; good within `opened` only."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook

    @property
    def sheets(self) -> tuple[str, ...]:
        """The titles in order."""
        return tuple(self._workbook.sheetnames)

    def told(self) -> Told | None:
        """The cover's named cells; None where one of the names is not there: then this is no workbook of a period."""
        places: dict[str, Place] = {}
        for name in NAMES:
            defined = self._workbook.defined_names.get(name)
            if defined is None:
                return None
            sheet, (column, row, *_last) = range_to_tuple(str(defined.attr_text))
            if row is None or column is None:
                raise ValueError(name)  # a whole row or column is no cell
            places[name] = Place(sheet, named(row, column))
        values: dict[str, object] = {}
        for name, place in places.items():
            values[name] = self._workbook[place.sheet][place.cell].value
        return Told(values, places)

    def rows(self, sheet: str) -> Iterator[tuple[object, ...]]:
        """The values of every row from the first; rows beyond Excel's limit are left out."""
        found = self._workbook[sheet]
        # What a sheet says about its own size is often wrong.
        found.reset_dimensions()
        # Without bounds of its own: openpyxl would fill every sheet up to them with empty cells.
        return islice(found.iter_rows(values_only=True), MOST_ROWS)


@contextmanager
def opened(content: bytes, shown: str) -> Iterator[Reread]:
    """The workbook of these bytes; `shown` is what sentences call it.

    Raises WorkbookRefused for one that is damaged (also while it is being read in the block) or too large.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
        if len(content) > LARGEST_FILE or unpacked > LARGEST_UNPACKED:
            raise WorkbookRefused(_("{path} is too large for a workbook.").format(path=shown), code="too-large")
        # openpyxl warns of parts of Excel it leaves out; none of them holds a cell.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
            try:
                yield Reread(workbook)
            finally:
                workbook.close()
    except DAMAGED as error:
        sentence = _("{path} is damaged: it cannot be read as a workbook ({reason}).")
        raise WorkbookRefused(
            sentence.format(path=shown, reason=type(error).__name__), code="not-a-workbook"
        ) from error
