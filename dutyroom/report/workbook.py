"""The only openpyxl writer: pages become a workbook, every cell passes `put`, the file comes whole or not."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from dutyroom.errors import ExportError
from dutyroom.inert import inert
from dutyroom.report.files import put_in_place
from dutyroom.report.page import HAIR, LOOKS, Look, Page, Value
from dutyroom.words import _, language

CELL_LIMIT = 32767
"""Characters a cell holds (Excel specifications and limits), counted as UTF-16 units."""
EXACT_INTEGER = 2**53
FIRST_YEAR = 1900
"""Excel's dates begin here."""
STARTERS = ("=", "+", "-", "@", "\t")
"""A text beginning so would run as a formula when the sheet is saved as CSV (OWASP ASVS 5.0, 1.2.10)."""
TEXT_FONTS = {"en": "Calibri", "zh_CN": "Microsoft YaHei"}
MONO_FONT = "Consolas"
A4 = 9
UNREADABLE = (zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, OSError)


def cell_text(text: str) -> str:
    """The text as a cell may hold it: inert, loadable XML characters only, not longer than Excel's limit."""
    # An XML reader turns a carriage return into a newline (XML 1.0, 2.11): what is written must come back the same.
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = ILLEGAL_CHARACTERS_RE.sub("", inert(joined, CELL_LIMIT, lines=True))
    units = clean.encode("utf-16-le")
    if len(units) > CELL_LIMIT * 2:
        clean = units[: (CELL_LIMIT - 1) * 2].decode("utf-16-le", "ignore") + "…"
    return clean


def put(cell: SheetCell, value: Value, zone: ZoneInfo) -> None:
    """The one gate of every cell: text stays text, moments become local and naive, what is no number stays empty.

    Never a formula, an error value or a link. Raises TypeError for another type and ValueError for a naive moment.
    """
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment for a cell must be aware")
        local = value.astimezone(zone).replace(tzinfo=None)
        value = local if local.year >= FIRST_YEAR else local.isoformat(" ")
    elif isinstance(value, date) and value.year < FIRST_YEAR:
        value = value.isoformat()
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > EXACT_INTEGER:
        value = str(value)
    if isinstance(value, str):
        text = cell_text(value)
        cell.value = text
        # Assigning guesses formulas and error values from the text; a text is a text.
        cell.data_type = "s"
        if text.startswith(STARTERS):
            cell.quotePrefix = True
    elif isinstance(value, float):
        cell.value = value if math.isfinite(value) else None
    elif isinstance(value, (bool, int, date, time)):
        cell.value = value
    else:
        raise TypeError(f"no cell value: {type(value).__name__}")


def build(pages: Sequence[Page], zone: ZoneInfo, footer: str, made_at: datetime, *, unit_font: str = "") -> Workbook:
    """The workbook of the pages, in the fonts of the language in force. `footer` stands left on every printed page.

    A column's width is counted in digits of `unit_font` (10 points) instead of Calibri 11, which not every system has.
    """
    workbook = Workbook()
    if unit_font:
        # The style of untouched cells, whose font is the measure of columns, is there from the start and has no door.
        vars(workbook)["_named_styles"]["Normal"].font = Font(name=unit_font, size=10)
    workbook.remove(workbook.worksheets[0])
    for name, look in LOOKS.items():
        workbook.add_named_style(_style(name, look))
    for page in pages:
        sheet = workbook.create_sheet(_sheet_title(page.title))
        _fill(sheet, page, zone)
        _print_setup(sheet, page, footer)
        for name, (row, column) in page.names.items():
            place = f"'{sheet.title}'!${get_column_letter(column)}${row}"
            workbook.defined_names[name] = DefinedName(name, attr_text=place)
    workbook.properties.creator = "dutyroom"
    workbook.properties.title = cell_text(footer)
    workbook.properties.created = workbook.properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)
    return workbook


def _sheet_title(title: str) -> str:
    """Excel forbids \\ / * ? : [ ] in a sheet's name and more than 31 characters."""
    return re.sub(r"[\\/*?:\[\]']", " ", cell_text(title))[:31].strip() or "-"


def _style(name: str, look: Look) -> NamedStyle:
    side = Side(style="thin", color=HAIR)
    face = MONO_FONT if look.mono else TEXT_FONTS[language()]
    return NamedStyle(
        name=f"duty {name}",
        font=Font(name=face, size=look.size, bold=look.bold, color=look.colour),
        fill=PatternFill("solid", fgColor=look.fill) if look.fill else PatternFill(),
        border=Border(left=side, right=side, top=side, bottom=side) if look.border else Border(),
        alignment=Alignment(
            horizontal=look.horizontal,
            vertical=look.vertical,
            indent=look.indent,
            wrap_text=look.wrap,
            text_rotation=look.rotation,
        ),
        number_format=look.number_format,
        protection=Protection(locked=False),
    )


def _fill(sheet: Worksheet, page: Page, zone: ZoneInfo) -> None:
    for place, width in enumerate(page.widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row, height in page.heights.items():
        sheet.row_dimensions[row].height = height
    for one in page.cells:
        cell = sheet.cell(one.row, one.column)
        assert isinstance(cell, SheetCell)
        # The style first: setting it later would drop the leading quote `put` may set.
        cell.style = f"duty {one.look}"
        put(cell, one.value, zone)
        if one.rows > 1 or one.columns > 1:
            sheet.merge_cells(
                start_row=one.row,
                start_column=one.column,
                end_row=one.row + one.rows - 1,
                end_column=one.column + one.columns - 1,
            )


def _print_setup(sheet: Worksheet, page: Page, footer: str) -> None:
    last = get_column_letter(len(page.widths))
    sheet.sheet_view.showGridLines = False
    sheet.print_area = f"A1:{last}{page.last_row}"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "portrait" if page.portrait else "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if page.one_sheet else 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.45, 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    for first in page.breaks:
        sheet.row_breaks.append(Break(id=first - 1))
    if page.body is not None:
        row, column = page.body
        sheet.freeze_panes = f"{get_column_letter(column)}{row}"
    if page.repeat is not None:
        sheet.print_title_rows = f"{page.repeat[0]}:{page.repeat[1]}"
    if page.filter_row is not None and page.last_row > page.filter_row:
        sheet.auto_filter.ref = f"A{page.filter_row}:{last}{page.last_row}"
    # "&" begins a code in a footer; the full-width one never does. Excel takes 255 characters in all.
    foot = HeaderFooterItem()
    foot.left.text, foot.left.size = inert(footer, 80).replace("&", "＆"), 8
    foot.right.text, foot.right.size = _("Page {page} of {pages}").format(page="&P", pages="&N"), 8
    sheet.oddFooter = foot


def save(workbook: Workbook, path: Path, enter: Callable[[Path, Path], None] = lambda _made, _target: None) -> Path:
    """Write beside the target, read back, then put in its place; return the path.

    `enter` gets the file that was made and the target before it takes its place: what it raises leaves all as it was.

    Raises ExportError with a sentence; then an older file at `path` is as it was and nothing is left beside it.
    """

    def check(made: Path, target: Path) -> None:
        _read_back(made, workbook)
        enter(made, target)

    return put_in_place(_bytes_of(workbook), path, check)


class _MemoryWriter(ExcelWriter):
    """Makes the sheets in memory: openpyxl's temporary files complain on stderr when their disk is full."""

    _archive: zipfile.ZipFile

    def write_worksheet(self, ws: Worksheet) -> None:
        """Add one sheet to the archive; it has no links, drawings or comments, so no relations either."""
        out = BytesIO()
        writer = WorksheetWriter(ws, out)
        writer.write()
        self._archive.writestr(ws.path[1:], out.getvalue())
        self.manifest.append(ws)


def _bytes_of(workbook: Workbook) -> bytes:
    whole = BytesIO()
    _MemoryWriter(workbook, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED)).save()
    return whole.getvalue()


def _read_back(path: Path, workbook: Workbook) -> None:
    """Every text must come back as it was put in, and nothing as a formula."""
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
