"""The two lists of the workbook: abnormal answers to read, numbers for a pivot table."""

from __future__ import annotations

from collections.abc import Sequence

from dutyroom import show
from dutyroom.model.reading import Verdict
from dutyroom.report.month_records import MonthRecords
from dutyroom.report.page import Cell, Page, Value, height_of_texts
from dutyroom.report.rows import ReadingRow, abnormal_rows, reading_rows, verdict_words
from dutyroom.words import _

HEAD = 3
Column = tuple[str, float]
Shown = tuple[Value, str]


def abnormal_page(records: MonthRecords) -> Page:
    """Every answer judged attention or fault with its note, in the language in force."""
    columns: list[Column] = [
        (_("Due on"), 12.5),
        (_("Area"), 16),
        (_("Item"), 36),
        (_("Device"), 18),
        (_("Answer"), 16),
        (_("Verdict"), 11),
        (_("Note"), 50),
        (_("By"), 14),
        (_("Answered at"), 18),
    ]
    rows: list[list[Shown]] = [
        [
            (row.due_on, "date"),
            (row.area, "text"),
            (row.text, "text"),
            (row.device, "text"),
            (row.answer, "text"),
            (verdict_words(row.verdict), verdict_look(row.verdict)),
            (row.note, "text"),
            (row.by, "text"),
            (row.at, "moment"),
        ]
        for row in abnormal_rows(records)
    ]
    explained = _("Answers of signed rounds judged attention or fault, as they were given. {n} rows.")
    return list_page(_("Abnormal answers"), explained.format(n=len(rows)), columns, rows)


def readings_page(records: MonthRecords) -> Page:
    """Every number of the signed rounds, one a row, in the language in force."""
    columns: list[Column] = [
        (_("Due on"), 12.5),
        (_("Answered at"), 18),
        (_("Area"), 16),
        (_("Item"), 36),
        (_("Device"), 18),
        (_("Value"), 11),
        (_("Unit"), 8),
        (_("Verdict"), 11),
        (_("Origin"), 20),
        (_("Live value"), 12),
        (_("By"), 14),
        (_("Note"), 34),
    ]
    rows: list[list[Shown]] = [
        [
            (row.due_on, "date"),
            (row.at, "moment"),
            (row.area, "text"),
            (row.text, "text"),
            (row.device, "text"),
            (row.value, number_look(row)),
            (_(row.unit), "centre"),
            (verdict_words(row.verdict), verdict_look(row.verdict)),
            (show.origin(row.origin), "centre"),
            (_number_or_text(row.live), "number"),
            (row.by, "text"),
            (row.note, "text"),
        ]
        for row in reading_rows(records)
    ]
    explained = _("Numbers of the signed rounds, one a row; an empty value was not known. {n} rows. Times in {zone}.")
    return list_page(_("Readings"), explained.format(n=len(rows), zone=records.zone.key), columns, rows)


def verdict_look(verdict: Verdict) -> str:
    """The look of a verdict in words."""
    if verdict is Verdict.FAULT:
        return "verdict fault"
    return "verdict attention" if verdict in (Verdict.ATTENTION, Verdict.UNKNOWN) else "centre"


def number_look(row: ReadingRow) -> str:
    """The look that keeps the decimals as they were typed, at most three."""
    whole, _point, decimals = row.typed.partition(".")
    if row.value is None or not whole.lstrip("+-").isdecimal() or (decimals and not decimals.isdecimal()):
        return "number"
    return f"number {min(3, len(decimals))}"


def _number_or_text(text: str) -> Value:
    """A live value is kept as text; in the list it is a number where it reads as a plain one."""
    plain = text.removeprefix("-").replace(".", "", 1)
    return float(text) if plain.isascii() and plain.isdecimal() and len(plain) <= 15 else text


def list_page(title: str, explained: str, columns: Sequence[Column], rows: Sequence[Sequence[Shown]]) -> Page:
    """A page of rows under a title, a line that explains it and the heads of the columns; filtered in place."""
    cells = [Cell(1, 1, title, "heading", columns=len(columns)), Cell(2, 1, explained, "quiet", columns=len(columns))]
    cells += [Cell(HEAD, place, label, "head") for place, (label, _width) in enumerate(columns, 1)]
    heights = {1: 26.0, 2: 18.0, HEAD: 20.0}
    for number, row in enumerate(rows, HEAD + 1):
        cells += [Cell(number, place, value, look) for place, (value, look) in enumerate(row, 1)]
        texts = [(shown[0], width) for shown, (_label, width) in zip(row, columns, strict=True) if shown[1] == "text"]
        heights[number] = height_of_texts([(text, width) for text, width in texts if isinstance(text, str)])
    return Page(
        title=title,
        widths=tuple(width for _label, width in columns),
        cells=tuple(cells),
        heights=heights,
        body=(HEAD + 1, 1),
        repeat=(1, HEAD),
        filter_row=HEAD,
        one_sheet=False,
    )
