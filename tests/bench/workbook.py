"""What a month of a large room costs as a workbook, against bare openpyxl; and a year, written row by row.

3 rounds a day x 60 items, 80 sources, 10,000 events a month. Each case runs in a process of its own.
Run: python tests/bench/workbook.py
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from openpyxl import Workbook

from dutyroom.report.looks import LOOKS
from dutyroom.report.page import Cell, Page, Stream
from dutyroom.report.workbook import build, save

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 10, 1, tzinfo=UTC)
ITEMS, SOURCES, EVENTS, ROUNDS = 60, 80, 10_000, 93
RATIO_LIMIT = 1.5
MONTH_LIMIT_MB, YEAR_LIMIT_MB = 100, 80


def readings(months: int, first: int) -> Iterator[Cell]:
    """One row a round, one column an item."""
    for n in range(ROUNDS * months):
        yield Cell(first + n, 1, START + timedelta(hours=8 * n), "moment")
        for item in range(ITEMS):
            yield Cell(first + n, 2 + item, 20 + (n * 7 + item) % 100 / 10, "number 1")


def events(months: int, first: int) -> Iterator[Cell]:
    """One row an event, eight columns."""
    for n in range(EVENTS * months):
        row = first + n
        yield Cell(row, 1, START + timedelta(minutes=4 * n), "moment")
        yield Cell(row, 2, f"switch-{n % SOURCES}", "text")
        yield Cell(row, 3, "核心机房 A 列" if n % 2 else "Room, row A", "text")
        yield Cell(row, 4, "port down" if n % 3 else "=temperature <high> & rising", "text")
        yield Cell(row, 5, n % 90, "minutes")
        yield Cell(row, 6, n % 7 / 7, "percent 2")
        yield Cell(row, 7, "attention" if n % 5 else "fault", "text attention")
        yield Cell(row, 8, f"event:{n}", "records")


def tables(months: int) -> tuple[tuple[str, int, int, Iterator[Cell]], ...]:
    """Title, columns, rows and cells of each sheet."""
    return (
        ("Readings", ITEMS + 1, ROUNDS * months, readings(months, 2)),
        ("Events", 8, EVENTS * months, events(months, 2)),
    )


def ours(path: Path) -> None:
    """The month as pages that hold their cells."""
    pages = [
        Page(title, (12.0,) * columns, (*(Cell(1, n, title, "head") for n in range(1, columns + 1)), *cells))
        for title, columns, _rows, cells in tables(1)
    ]
    save(build(pages, ZONE, "bench", START), path)


def bare(path: Path) -> None:
    """The same cells with the same named styles, as openpyxl's own documents do it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    styles = build([], ZONE, "bench", START).workbook
    for name in LOOKS:
        book.add_named_style(vars(styles)["_named_styles"][f"duty {name}"])
    for title, columns, _rows, cells in tables(1):
        sheet = book.create_sheet(title)
        for n in range(1, columns + 1):
            sheet.cell(1, n, title).style = "duty head"
        for one in cells:
            value = one.value
            if isinstance(value, datetime):
                value = value.astimezone(ZONE).replace(tzinfo=None)
            cell = sheet.cell(one.row, one.column, value)
            if isinstance(value, str):
                cell.data_type = "s"
            cell.style = f"duty {one.look}"
    book.save(path)


def year(path: Path) -> None:
    """Twelve months, their rows made while they are written."""
    pages = []
    for place, (title, columns, rows, _cells) in enumerate(tables(12)):
        head = tuple(Cell(1, n, title, "head") for n in range(1, columns + 1))
        source = (readings, events)[place]
        pages.append(Page(title, (12.0,) * columns, head, stream=Stream(rows, lambda made=source: made(12, 2))))  # type: ignore[misc]
    save(build(pages, ZONE, "bench", START), path)


CASES = {"ours": ours, "bare": bare, "year": year}


def measured(case: str, folder: str) -> tuple[float, float, float]:
    """Seconds of processor time, peak of memory in MB, size in MB."""
    command = [sys.executable, __file__, case, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak), (Path(folder) / f"{case}.xlsx").stat().st_size / 1e6


def main() -> int:
    """Prints the figures; 1 when one of them is over its limit."""
    if len(sys.argv) > 1:
        case, folder = sys.argv[1:]
        began = process_time()
        CASES[case](Path(folder) / f"{case}.xlsx")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{process_time() - began:.3f} {peak:.1f}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = {case: measured(case, folder) for case in CASES}
    for case, (seconds, peak, size) in found.items():
        print(f"{case:5} {seconds:6.2f} s of processor time, {peak:6.1f} MB at most, file {size:5.2f} MB")
    ratio = found["ours"][0] / found["bare"][0]
    print(f"ours / bare openpyxl: {ratio:.2f} (limit {RATIO_LIMIT})")
    too_large = found["ours"][1] > MONTH_LIMIT_MB or found["year"][1] > YEAR_LIMIT_MB
    print(f"memory: month {MONTH_LIMIT_MB} MB, year {YEAR_LIMIT_MB} MB allowed")
    return int(ratio > RATIO_LIMIT or too_large)


if __name__ == "__main__":
    sys.exit(main())
