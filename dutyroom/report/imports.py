"""The only openpyxl reader: rows of a register as people keep it in Excel.

A workbook is foreign input. Nothing in it is computed: a formula is told as a bad cell, texts become inert, and a file
that would grow beyond all measure when it is unpacked is refused before it is read.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.addresses import Registration
from dutyroom.rules.macs import of_text
from dutyroom.rules.register import range_of
from dutyroom.words import _

LARGEST_FILE = 20 * 2**20
LARGEST_UNPACKED = 300 * 2**20
MOST_ROWS, MOST_COLUMNS, HEADER_WITHIN = 50_000, 60, 20
LONGEST_TEXT = 200
UNREADABLE = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, EOFError)

# What a column is called, in either language; compared without blanks, signs and what stands in brackets.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "ip": ("ip", "ip address", "address", "ip range", "ip地址", "地址", "ip段", "地址段", "ip地址段"),
    "first": ("from", "first ip", "start ip", "起始ip", "起始地址", "开始ip", "起始ip地址"),
    "last": ("to", "last ip", "end ip", "结束ip", "结束地址", "终止ip", "结束ip地址"),
    "mac": ("mac", "mac address", "mac地址", "物理地址"),
    "name": ("name", "device", "device name", "host", "hostname", "名称", "设备", "设备名称", "主机名", "计算机名"),
    "owner": ("owner", "responsible", "负责人", "责任人", "管理人", "管理员"),
    "user": ("user", "used by", "使用人", "使用者", "用户"),
    "department": ("department", "dept", "ward", "科室", "部门", "使用科室", "使用部门", "所属科室", "所属部门"),
    "location": ("location", "place", "room", "位置", "地点", "安装位置", "存放地点", "存放位置", "房间", "房间号"),
    "switch": ("switch", "交换机", "接入交换机", "所接交换机", "交换机名称"),
    "port": ("port", "switch port", "端口", "交换机端口", "所接端口", "接入端口"),
    "valid_until": ("valid until", "until", "expires", "有效期", "有效期至", "到期日", "到期日期", "截止日期"),
    "note": ("note", "notes", "remark", "remarks", "comment", "备注", "说明"),
}
_FOREVER = ("", "-", "长期", "永久", "长期有效", "永久有效", "无", "forever", "unlimited", "none")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_TEXTS = ("name", "owner", "user", "department", "location", "switch", "port", "note")


class ImportRefused(DutyroomError):
    """The file as a whole cannot be imported: no workbook, no header, too large."""

    code = "import"


@dataclass(frozen=True, slots=True)
class BadCell:
    """A row (as numbered in Excel) that cannot be taken: which column, the code of why, and what stands there."""

    row: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a workbook holds: the rows that can be taken, each with its number, and those that cannot."""

    good: tuple[tuple[int, Registration], ...]
    bad: tuple[BadCell, ...]


def read_register(path: Path) -> Sheet:
    """The rows of the first sheet below its header, which may stand below a title.

    Raises ImportRefused for a file that is no workbook, is too large, or has no header with an IP or a MAC column.
    """
    shown = inert(str(path), 200)
    rows = rows_of(path, shown)
    columns: dict[str, int] = {}
    good: list[tuple[int, Registration]] = []
    bad: list[BadCell] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in rows:
        if not columns:
            columns = _header(cells)
            if not columns and number >= HEADER_WITHIN:
                break
            continue
        found = _registration(number, cells, columns)
        if isinstance(found, Registration):
            key = (found.first, found.last, found.mac)
            if key in seen:
                bad.append(BadCell(number, "ip" if found.first else "mac", "twice", str(seen[key])))
                continue
            seen[key] = number
            good.append((number, found))
        elif found is not None:
            bad.append(found)
    if not columns:
        raise ImportRefused(
            _("{path}: no header row with a column IP or MAC in its first {count} rows.").format(
                path=shown, count=HEADER_WITHIN
            ),
            code="no-header",
        )
    return Sheet(tuple(good), tuple(bad))


def rows_of(path: Path, shown: str) -> list[tuple[int, list[object]]]:
    """The rows of the first visible sheet that are not empty, each with its number; `shown` is what sentences call it.

    Raises ImportRefused for a file that cannot be read, is no workbook or is too large.
    """
    try:
        _refuse_bombs(path, shown)
        # openpyxl warns of parts of Excel it leaves out; none of them holds a cell.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Formulas are read as formulas: with data_only their last result would pass for something typed.
            # The file is opened here: openpyxl leaves it open where it fails half-way.
            with path.open("rb") as file:
                workbook = load_workbook(file, read_only=True, data_only=False, keep_links=False)
                sheet = next((one for one in workbook.worksheets if one.sheet_state == "visible"), None)
                if sheet is None:
                    raise ImportRefused(_("{path}: there is no sheet to read.").format(path=shown), code="no-sheet")
                # What a sheet says about its own size is often wrong.
                sheet.reset_dimensions()
                return list(_limited(sheet.iter_rows(max_col=MOST_COLUMNS), shown))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ImportRefused(
            _("{path}: cannot be read ({reason}).").format(path=shown, reason=reason), code="unreadable"
        ) from error
    except UNREADABLE as error:
        raise ImportRefused(
            _("{path} is not an Excel workbook (.xlsx).").format(path=shown), code="not-a-workbook"
        ) from error


def _refuse_bombs(path: Path, shown: str) -> None:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(one.file_size for one in archive.infolist())
    if path.stat().st_size > LARGEST_FILE or unpacked > LARGEST_UNPACKED:
        raise ImportRefused(_("{path} is too large for a list.").format(path=shown), code="too-large")


def _limited(rows: Iterable[Sequence[object]], shown: str) -> Iterator[tuple[int, list[object]]]:
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise ImportRefused(
                _("{path} has more than {count} rows.").format(path=shown, count=MOST_ROWS), code="too-large"
            )
        cells = [_value(cell) for cell in row]
        if any(value not in (None, "") for value in cells):
            yield number, cells


class Formula(str):
    """A cell that would be computed."""

    __slots__ = ()


def _value(cell: object) -> object:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "f":
        return Formula(value)
    return value


def plain(text: str) -> str:
    """A header without blanks, signs and what stands in brackets, in small letters."""
    written = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\(.*?\)|[\s_\-/*:.]", "", written)


_KNOWN = {plain(name): field for field, names in HEADERS.items() for name in names}


def _header(cells: Sequence[object]) -> dict[str, int]:
    """The columns of a header row; none where neither IP nor MAC is among them."""
    columns: dict[str, int] = {}
    for at, value in enumerate(cells):
        field = _KNOWN.get(plain(value)) if isinstance(value, str) else None
        if field is not None:
            columns.setdefault(field, at)
    return columns if columns.keys() & {"ip", "first", "mac"} and len(columns) > 1 else {}


def _registration(number: int, cells: Sequence[object], columns: Mapping[str, int]) -> Registration | BadCell | None:
    """The row as a registration, or why it is none; None for a row without anything in our columns."""
    given = {field: cells[at] if at < len(cells) else None for field, at in columns.items()}
    if all(value in (None, "") for value in given.values()):
        return None
    for field, value in given.items():
        if isinstance(value, str) and value.lstrip().startswith("="):
            return BadCell(number, field, "formula", inert(value, 40))
    texts = {field: text_of(value) for field, value in given.items()}
    written = texts.get("ip") or "-".join(filter(None, (texts.get("first"), texts.get("last"))))
    try:
        first, last = range_of(written) if written else ("", "")
    except ValueError:
        return BadCell(number, "ip", "not-an-ip", inert(written, 60))
    mac = of_text(texts["mac"]) if texts.get("mac") else ""
    if mac is None:
        return BadCell(number, "mac", "not-a-mac", inert(texts["mac"], 40))
    if not first and not mac:
        return BadCell(number, "ip", "no-address")
    until = _until(given.get("valid_until"))
    if isinstance(until, str):
        return BadCell(number, "valid_until", "not-a-date", inert(until, 40))
    told = {field: inert(texts.get(field, ""), LONGEST_TEXT).strip() for field in _TEXTS}
    if not any(told[field] for field in ("name", "owner", "user", "department")):
        return BadCell(number, "name", "nobody", written or mac)
    return replace(Registration(first, last, mac, valid_until=until), **told)  # type: ignore[arg-type]


def text_of(value: object) -> str:
    """A cell as text: dates as 2026-11-24, whole numbers without a point, full-width signs as ordinary ones."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return unicodedata.normalize("NFKC", str(value)).strip() if isinstance(value, str) else str(value)


def _until(value: object) -> date | str | None:
    """The last valid day, None for ever, or the text that is no date."""
    text = text_of(value)
    if text.casefold() in _FOREVER:
        return None
    return day_of(value) or text


def day_of(value: object) -> date | None:
    """The day in a cell: a date, or a text such as 2026-11-24, 2026/11/24, 2026年11月24日, 20261124."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = text_of(value)
    match = _DATE.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
