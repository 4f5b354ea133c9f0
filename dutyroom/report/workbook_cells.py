"""The one gate of every cell: what a workbook may hold of a value of ours; text stays text."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from dutyroom.inert import inert
from dutyroom.report.page import Value

CELL_LIMIT = 32767
"""Characters a cell holds (Excel specifications and limits), counted as UTF-16 units."""
EXACT_INTEGER = 2**53
FIRST_YEAR = 1900
"""Excel's dates begin here."""
STARTERS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
"""A text beginning so may run as a formula when the sheet is saved as CSV (OWASP, CSV Injection)."""

_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cell_text(text: str) -> str:
    """The text as a cell may hold it: inert, loadable XML characters only, not longer than Excel's limit."""
    # Printable text has none of the characters that `inert` looks for one by one.
    if len(text) < CELL_LIMIT // 2 and text.isprintable():
        return text
    # An XML reader turns a carriage return into a newline (XML 1.0, 2.11): what is written must come back the same.
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = ILLEGAL_CHARACTERS_RE.sub("", inert(joined, CELL_LIMIT, lines=True))
    units = clean.encode("utf-16-le")
    if len(units) > CELL_LIMIT * 2:
        clean = units[: (CELL_LIMIT - 1) * 2].decode("utf-16-le", "ignore") + "…"
    return clean


def safe(value: Value, zone: ZoneInfo) -> Value:
    """What a cell may hold of it: inert text, local and naive moments, numbers that are numbers; else None.

    Raises TypeError for another type and ValueError for a naive moment.
    """
    if isinstance(value, str):
        return cell_text(value) or None
    if value is None or isinstance(value, (bool, time)):
        return value
    if isinstance(value, int):
        return value if abs(value) <= EXACT_INTEGER else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment for a cell must be aware")
        local = value.astimezone(zone).replace(tzinfo=None)
        return local if local.year >= FIRST_YEAR else local.isoformat(" ")
    if isinstance(value, date):
        return value if value.year >= FIRST_YEAR else value.isoformat()
    raise TypeError(f"no cell value: {type(value).__name__}")


def escaped(text: str) -> str:
    """The text so that no reader takes `_x0041_` in it for a character (ECMA-376 part 1, 22.9.2.19)."""
    return _CODE.sub("_x005F_", text) if "_x" in text else text
