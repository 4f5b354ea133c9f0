"""A workbook as the bytes of its file, and the proof that they read back."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from dutyroom.errors import ExportError
from dutyroom.words import _

UNREADABLE = (zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, OSError)


class _MemoryWriter(ExcelWriter):
    """Makes the sheets in memory: openpyxl's temporary files complain on stderr when their disk is full."""

    _archive: zipfile.ZipFile

    def write_worksheet(self, ws: Any) -> None:
        """Add one sheet to the archive; its charts follow with its relations."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        out = BytesIO()
        writer: Any = WorksheetWriter(ws, out)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], out.getvalue())
        self.manifest.append(ws)


def bytes_of(workbook: Workbook) -> bytes:
    """The whole file."""
    whole = BytesIO()
    _MemoryWriter(workbook, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED)).save()
    return whole.getvalue()


def read_back(path: Path, workbook: Workbook) -> None:
    """Nothing when every text comes back as it was put in, and nothing as a formula; else ExportError, or OSError."""
    try:
        copy = load_workbook(BytesIO(path.read_bytes()))
        same = copy.sheetnames == workbook.sheetnames and all(
            _texts(copy[name]) == _texts(workbook[name]) for name in workbook.sheetnames
        )
    except UNREADABLE as error:
        if isinstance(error, OSError):
            raise
        raise ExportError(_("The workbook does not read back: {why}.").format(why=type(error).__name__)) from error
    if not same:
        raise ExportError(_("The workbook does not read back as it was written."))


def _texts(sheet: Worksheet) -> list[tuple[str, str, str]]:
    return [
        (cell.coordinate, cell.data_type, cell.value)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value
    ]
