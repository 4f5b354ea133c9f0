"""A workbook as the bytes of its file, the same for the same pages, and the proof that they read back."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers import expat
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.worksheet.merge import MergeCell, MergeCells
from openpyxl.writer.excel import ExcelWriter

from dutyroom.errors import ExportError
from dutyroom.report.page import Page
from dutyroom.report.workbook_rows import Digest, Styles, shared_of, sheet_data
from dutyroom.words import _

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip entry can have; every entry has it, whenever the file was made."""
BLOCK = 1 << 16
NO_ROWS = re.compile(rb"<sheetData */>|<sheetData></sheetData>")
UNREADABLE = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, KeyError, ValueError)


@dataclass(frozen=True, slots=True)
class Book:
    """Everything of a workbook but the rows, which come from the pages when it is written. `pages` by sheet name."""

    workbook: Workbook
    pages: Mapping[str, Page]
    zone: ZoneInfo
    styles: Styles


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of a file, and the digest of each sheet's texts by the sheet's place in the archive."""

    content: bytes
    digests: Mapping[str, str]


def written(book: Book, tell: Callable[[int, int], None] = lambda _done, _all: None) -> Written:
    """The file. `tell` hears of each sheet, and of how many. Raises ValueError where a page is no sheet."""
    whole = BytesIO()
    with _Archive(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        writer = _Writer(book, archive, tell)
        writer.write_data()
    return Written(whole.getvalue(), writer.digests)


class _Archive(zipfile.ZipFile):
    """Entries without the moment they were made."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_more: Any, **_named: Any) -> None:
        super().writestr(_stamped(zinfo_or_arcname), data)


def _stamped(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system, info.external_attr = 3, 0o600 << 16
    return info


class _Writer(ExcelWriter):
    """openpyxl's writer, with the rows of the sheets streamed into the archive and no temporary files of its own."""

    _archive: zipfile.ZipFile

    def __init__(self, book: Book, archive: zipfile.ZipFile, tell: Callable[[int, int], None]) -> None:
        super().__init__(book.workbook, archive)
        self._tell = tell
        self.digests: dict[str, str] = {}
        self._book = book

    def write_worksheet(self, ws: Any) -> None:
        """Add one sheet to the archive; its charts follow with its relations."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        page = self._book.pages[ws.title]
        around = BytesIO()
        shell: Any = _Shell(ws, around, page)
        shell.write()
        ws._rels = shell._rels
        before, after = NO_ROWS.split(around.getvalue())
        name, digest = ws.path[1:], Digest()
        with self._archive.open(_stamped(name), "w") as entry:
            entry.write(before + b"<sheetData>")
            for piece in sheet_data(page, self._book.zone, self._book.styles, digest):
                entry.write(piece)
            entry.write(b"</sheetData>" + after)
        self.digests[name] = digest.hex()
        self.manifest.append(ws)
        self._tell(len(self.digests), len(self._book.pages))


class _Shell(WorksheetWriter):
    """A sheet without its rows."""

    def __init__(self, ws: Any, out: BytesIO, page: Page) -> None:
        self._page = page
        super().__init__(ws, out)

    def write_dimensions(self) -> None:
        last = f"{get_column_letter(len(self._page.widths))}{self._page.last_row}"
        self._send(SheetDimension(f"A1:{last}").to_tree())

    def write_merged_cells(self) -> None:
        shared = shared_of(self._page)
        if shared:
            self._send(MergeCells(mergeCell=[MergeCell(one) for one in shared]).to_tree())

    def _send(self, element: Any) -> None:
        stream: Any = vars(self)["xf"]
        stream.send(element)


def read_back(path: Path, made: Written, names: list[str]) -> None:
    """Return when the file is whole, else raise ExportError, or OSError.

    Whole: every part is well-formed XML and its checksum holds, the sheets are there by their names, every text stands
    where it was put as it was put, and nothing is a formula or an error value.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = {info.filename: _part(archive, info.filename) for info in archive.infolist()}
    except UNREADABLE as error:
        raise ExportError(_("The workbook does not read back: {why}.").format(why=type(error).__name__)) from error
    whole = {name: part.digest.hex() for name, part in found.items() if name in made.digests}
    formulas = any(part.has_formula for name, part in found.items() if name in made.digests)
    if whole != made.digests or formulas or found["xl/workbook.xml"].sheets != names:
        raise ExportError(_("The workbook does not read back as it was written."))


class _Part:
    """What is looked for in one part while expat goes through it."""

    def __init__(self) -> None:
        self.digest = Digest()
        self.sheets: list[str] = []
        self.has_formula = False
        self._place = ""
        self._text: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.buffer_size = BLOCK
        self._parser.StartElementHandler = self._begins
        self.parse = self._parser.Parse

    def _begins(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._place = attributes.get("r", "")
            self.has_formula |= attributes.get("t") in ("e", "str")
        elif tag == "t":
            self._text = []
            self._parser.CharacterDataHandler = self._text.append
            self._parser.EndElementHandler = self._ends
        elif tag == "f":
            self.has_formula = True
        elif tag == "sheet":
            self.sheets.append(attributes.get("name", ""))

    def _ends(self, _tag: str) -> None:
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
        self.digest.add([self._place, "".join(self._text)])


def _part(archive: zipfile.ZipFile, name: str) -> _Part:
    part = _Part()
    with archive.open(name) as entry:
        while block := entry.read(BLOCK):
            part.parse(block, False)
    part.parse(b"", True)
    return part
