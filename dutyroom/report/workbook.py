"""The only openpyxl writer: pages become a workbook, every cell passes `safe`, the file comes whole or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dutyroom.inert import inert
from dutyroom.report.files import put_in_place
from dutyroom.report.looks import HAIR, LOOKS, TABS, Look
from dutyroom.report.page import Page
from dutyroom.report.paper import scale_across
from dutyroom.report.workbook_archive import Book, read_back, written
from dutyroom.report.workbook_chart_data import ChartData
from dutyroom.report.workbook_charts import drawn
from dutyroom.report.workbook_rows import Styles
from dutyroom.words import _, language

TEXT_FONTS = {"en": "Calibri", "zh_CN": "Microsoft YaHei"}
MONO_FONT = "Consolas"
A4 = 9
LEAST_ZOOM, SCREEN_PIXELS = 70, 1300
"""Percent; a small screen is 1366 pixels wide, less the heads of the rows and the scroll bar."""
SHEET_LIMIT = 31
TITLE_LIMIT = 255
NAME = re.compile(r"[a-z]+(_[a-z0-9]+)+")
"""Names of cells are ours and never look like a cell (`A1`, `R1C1`)."""


def build(pages: Sequence[Page], zone: ZoneInfo, footer: str, made_at: datetime, *, unit_font: str = "") -> Book:
    """The workbook of the pages, in the fonts of the language in force. `footer` stands left on every printed page.

    `made_at` (aware) is the one moment in the file. A column's width is counted in digits of `unit_font` (10 points)
    instead of Calibri 11, which not every system has. Raises ValueError for a name that Excel would not take.
    """
    workbook = Workbook()
    if unit_font:
        # The style of untouched cells, whose font is the measure of columns, is there from the start and has no door.
        vars(workbook)["_named_styles"]["Normal"].font = Font(name=unit_font, size=10)
    workbook.remove(workbook.worksheets[0])
    for name, look in LOOKS.items():
        workbook.add_named_style(_style(name, look))
    keyed = {page.key or f"sheet {place}": page for place, page in enumerate(pages, 1)}
    titles = dict(zip(keyed, sheet_titles([page.title for page in keyed.values()]), strict=True))
    data = ChartData(keyed, titles, zone)
    for key, page in keyed.items():
        sheet = workbook.create_sheet(titles[key])
        _measure(sheet, page)
        _first_view(sheet, page, is_first=sheet is workbook.worksheets[0])
        _print_setup(sheet, page, footer)
        for chart in page.charts:
            sheet.add_chart(drawn(chart, key, data, TEXT_FONTS[language()]))
        for name, (row, column) in page.names.items():
            if not NAME.fullmatch(name):
                raise ValueError(f"no name for a cell: {name!r}")
            place = f"'{sheet.title}'!${get_column_letter(column)}${row}"
            workbook.defined_names[name] = DefinedName(name, attr_text=place)
    workbook.properties.creator = "dutyroom"
    workbook.properties.title = inert(footer, TITLE_LIMIT)
    workbook.properties.created = workbook.properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)
    return Book(workbook, {titles[key]: page for key, page in keyed.items()}, zone, _numbered(workbook))


def sheet_titles(wanted: Sequence[str]) -> list[str]:
    """Names of sheets as Excel takes them: 31 UTF-16 units, none of \\ / * ? : [ ] ', no two alike, none "History"."""
    found: list[str] = []
    for title in wanted:
        clean = re.sub(r"[\\/*?:\[\]']", " ", inert(title, SHEET_LIMIT * 2)).strip() or "-"
        taken = {*(one.casefold() for one in found), "history"}
        tries = (_short(clean, f" {n}" if n > 1 else "") for n in count(1))
        found.append(next(one for one in tries if one.casefold() not in taken))
    return found


def _short(title: str, ending: str) -> str:
    room = SHEET_LIMIT - len(ending)
    return title.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore").rstrip() + ending


def _numbered(workbook: Workbook) -> Styles:
    """The number of each look's style in the file."""
    inside = vars(workbook)

    @cache
    def number(look: str, is_quoted: bool, number_format: str) -> int:
        style = copy(inside["_named_styles"][f"duty {look}"].as_tuple())
        if is_quoted:
            style.quotePrefix = 1
        if number_format and style.numFmtId == 0:
            style.numFmtId = inside["_number_formats"].add(number_format) + BUILTIN_FORMATS_MAX_SIZE
        return int(inside["_cell_styles"].add(style))

    return number


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


def _measure(sheet: Worksheet, page: Page) -> None:
    for place, width in enumerate(page.widths, 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = width
        column.hidden = place in page.hidden


def _first_view(sheet: Worksheet, page: Page, *, is_first: bool) -> None:
    """How the sheet shows when the file is opened: its width on a small screen, the tab in the colour of its theme."""
    sheet.sheet_view.tabSelected = is_first
    pixels = sum(7 * width + 5 for place, width in enumerate(page.widths, 1) if place not in page.hidden)
    sheet.sheet_view.zoomScale = max(LEAST_ZOOM, min(100, int(SCREEN_PIXELS / pixels * 20) * 5))
    if colour := TABS.get(page.key.partition(".")[0]):
        sheet.sheet_properties.tabColor = colour


def _print_setup(sheet: Worksheet, page: Page, footer: str) -> None:
    last = get_column_letter(max(set(range(1, len(page.widths) + 1)) - page.hidden))
    sheet.sheet_view.showGridLines = False
    sheet.print_area = f"A1:{last}{page.end_row}"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "portrait" if page.portrait else "landscape"
    if page.column_breaks:
        # Where pages are fitted to the paper, Excel takes no notice of breaks between columns; a scale it does take.
        scale = scale_across(page.widths, page.hidden, page.repeat_columns, page.column_breaks)
        sheet.page_setup.scale = int(scale * 100)
    else:
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 1 if page.one_sheet else 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.45, 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    for first in page.breaks:
        sheet.row_breaks.append(Break(id=first - 1))
    for first in page.column_breaks:
        sheet.col_breaks.append(Break(id=first - 1))
    if page.body is not None:
        row, column = page.body
        sheet.freeze_panes = f"{get_column_letter(column)}{row}"
    if page.repeat is not None:
        sheet.print_title_rows = f"{page.repeat[0]}:{page.repeat[1]}"
    if page.repeat_columns:
        sheet.print_title_cols = f"A:{get_column_letter(page.repeat_columns)}"
    if page.filter_row is not None and page.last_row > page.filter_row:
        sheet.auto_filter.ref = f"A{page.filter_row}:{last}{page.last_row}"
    # "&" begins a code in a footer; the full-width one never does. Excel takes 255 characters in all.
    foot = HeaderFooterItem()
    foot.left.text, foot.left.size = inert(footer, 80).replace("&", "＆"), 8
    foot.right.text, foot.right.size = _("Page {page} of {pages}").format(page="&P", pages="&N"), 8
    sheet.oddFooter = foot


def save(
    book: Book,
    path: Path,
    enter: Callable[[Path, Path], None] = lambda _made, _target: None,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Path:
    """Write beside the target, read back, then put in its place; return the path.

    `enter` gets the file that was made and the target before it takes its place: what it raises leaves all as it was.
    `tell` hears how many sheets are written, and of how many.

    Raises ExportError with a sentence; then an older file at `path` is as it was and nothing is left beside it.
    """
    made = written(book, tell)

    def check(temporary: Path, target: Path) -> None:
        read_back(temporary, made, book.workbook.sheetnames)
        enter(temporary, target)

    return put_in_place(made.content, path, check)
