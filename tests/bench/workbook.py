"""What the workbook of a large room costs: against bare openpyxl, over a year, and out of ten years of records.

3 rounds a day x 60 items, 80 sources. Made-up rows (10,000 events a month) measure the writer alone; stores with a
month, a year and ten years measure reading, pages and file. Each case runs in a process of its own.

Run: python -m tests.bench.workbook
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from dutyroom.report.book import footer_of, pages_of
from dutyroom.report.collect import report_of
from dutyroom.report.looks import LOOKS
from dutyroom.report.page import Cell, Page, Stream
from dutyroom.report.report import Report
from dutyroom.report.workbook import build, save
from dutyroom.rules.report_period import parse
from dutyroom.store.database import Store
from tests.bench.kept_years import forms, keep, room

ROOT = Path(__file__).resolve().parents[2]
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 10, 1, tzinfo=UTC)
MADE_AT = datetime(2026, 11, 27, tzinfo=UTC)
ITEMS, SOURCES, EVENTS, ROUNDS = 60, 80, 10_000, 93
STORES = {"month": date(2026, 10, 1), "year": date(2025, 11, 1), "ten-years": date(2016, 11, 1)}
LAST = date(2026, 10, 31)
RUNS = 3
BARE_LIMIT, TEN_YEARS_LIMIT = 1.5, 1.5
ROWS_LIMIT_MB, MONTH_LIMIT_MB, YEAR_LIMIT_MB = 20.0, 30.0, 70.0
"""Above what the program takes before it begins."""
Figures = dict[str, float]


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


def made_up(months: int, *, streamed: bool) -> list[Page]:
    """Two sheets of so many months, their rows held or made while they are written."""
    pages = []
    told = (("Readings", ITEMS + 1, ROUNDS, readings), ("Events", 8, EVENTS, events))
    for title, columns, rows, cells in told:
        head = tuple(Cell(1, n, title, "head") for n in range(1, columns + 1))
        stream = Stream(rows * months, lambda made=cells: made(months, 2)) if streamed else None  # type: ignore[misc]
        held = head if streamed else (*head, *cells(months, 2))
        pages.append(Page(title, (12.0,) * columns, held, stream=stream))
    return pages


def bare(pages: Sequence[Page], path: Path) -> None:
    """The same cells with the same named styles, as openpyxl's own documents do it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    styles = build([], ZONE, "bench", START).workbook
    for name in LOOKS:
        book.add_named_style(vars(styles)["_named_styles"][f"duty {name}"])
    for number, page in enumerate(pages):
        sheet = book.create_sheet(f"{number}")
        for one in (*page.cells, *(page.stream.cells() if page.stream is not None else ())):
            value = one.value
            if isinstance(value, datetime):
                value = value.astimezone(ZONE).replace(tzinfo=None)
            cell = sheet.cell(one.row, one.column, value)
            if isinstance(value, str):
                cell.data_type = "s"
            cell.style = f"duty {one.look}"
    book.save(path)


def of_store(name: str, folder: Path, period: str) -> Report:
    """The report of a period out of one of the stores."""
    database = folder / f"{name}.db"
    store = Store.open(f"sqlite:///{database}", read_only=True)
    report = report_of(store, room(database), forms(), parse(period), MADE_AT)
    store.close()
    return report


def write(pages: Sequence[Page], path: Path) -> None:
    """Our own way."""
    save(build(pages, ZONE, "bench", START), path)


def write_bare(folder: Path) -> Figures:
    """The pages of the month by openpyxl alone."""
    pages = pages_of(of_store("month", folder, "2026-10"))
    return timed({"written": lambda: bare(pages, folder / "bare.xlsx")})


def write_whole(name: str, folder: Path, period: str) -> Figures:
    """Reads a period, makes its pages, writes the file."""
    made: list[Report] = []
    pages: list[Page] = []

    def book() -> None:
        build(pages, ZONE, footer_of(made[0]), MADE_AT)

    return timed(
        {
            "read": lambda: made.append(of_store(name, folder, period)),
            "laid out": lambda: pages.extend(pages_of(made[0])),
            "built": book,
            "written": lambda: write(pages, folder / "whole.xlsx"),
        }
    )


def timed(steps: dict[str, Callable[[], object]]) -> Figures:
    """Seconds of processor time of each step and in all, and by how many MB the peak of memory grew."""
    # One collection of all that was imported takes longer than a month: whether it comes is chance.
    gc.freeze()
    before, found = peak_mb(), {}
    for name, step in steps.items():
        began = process_time()
        step()
        found[name] = process_time() - began
    return {**found, "all": sum(found.values()), "memory": peak_mb() - before}


def peak_mb() -> float:
    """The most memory this process had so far."""
    # Not `ru_maxrss`: a new process begins with the peak of the one that started it.
    told = Path("/proc/self/status").read_text("utf-8").split("VmHWM:")[1]
    return int(told.split()[0]) / 1024


CASES: dict[str, Callable[[Path], Figures]] = {
    "rows of a month": lambda folder: timed({"written": lambda: write(made_up(1, streamed=True), folder / "o.xlsx")}),
    "  by bare openpyxl": lambda folder: timed(
        {"written": lambda: bare(made_up(1, streamed=False), folder / "b.xlsx")}
    ),
    "rows of a year": lambda folder: timed({"written": lambda: write(made_up(12, streamed=True), folder / "y.xlsx")}),
    "month": lambda folder: write_whole("month", folder, "2026-10"),
    "  by bare openpyxl ": write_bare,
    "newest month of ten years": lambda folder: write_whole("ten-years", folder, "2026-10"),
    "oldest month of ten years": lambda folder: write_whole("ten-years", folder, "2016-12"),
    "year": lambda folder: write_whole("year", folder, "2025-11-01..2026-10-31"),
}


def measured(folder: str) -> dict[str, Figures]:
    """Of each case the least of some runs, each in its own process, by turns: what else runs can only add."""
    runs: dict[str, list[Figures]] = {case: [] for case in CASES}
    for _run in range(RUNS):
        for case, found in runs.items():
            command = [sys.executable, "-m", "tests.bench.workbook", case, folder]
            done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
            pairs = (line.rsplit("\t", 1) for line in done.stdout.splitlines())
            found.append({name: float(value) for name, value in pairs})
    return {case: {name: min(run[name] for run in found) for name in found[0]} for case, found in runs.items()}


def main() -> int:
    """Prints the figures; 1 when one of them is over its limit."""
    if len(sys.argv) > 1:
        case, folder = sys.argv[1:]
        for name, value in CASES[case](Path(folder)).items():
            print(f"{name}\t{value}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for name, first in STORES.items():
            keep(Path(folder) / f"{name}.db", first, LAST)
        found = measured(folder)
    for case, one in found.items():
        steps = ", ".join(f"{name} {one[name]:.2f}" for name in one if name not in ("all", "memory"))
        print(f"{case:26} {one['all']:6.2f} s of processor time ({steps}), {one['memory']:6.1f} MB")
    rows, month, year = found["rows of a month"], found["month"], found["year"]
    held = [
        ("rows / bare openpyxl", rows["all"] / found["  by bare openpyxl"]["all"], BARE_LIMIT),
        ("month / bare openpyxl", month["written"] / found["  by bare openpyxl "]["written"], BARE_LIMIT),
        ("newest of ten years / one month", found["newest month of ten years"]["all"] / month["all"], TEN_YEARS_LIMIT),
        ("oldest of ten years / one month", found["oldest month of ten years"]["all"] / month["all"], TEN_YEARS_LIMIT),
        ("MB of the rows of a year", found["rows of a year"]["memory"], ROWS_LIMIT_MB),
        ("MB of a month", month["memory"], MONTH_LIMIT_MB),
        ("MB of a year", year["memory"], YEAR_LIMIT_MB),
    ]
    for name, value, limit in held:
        print(f"{name:32} {value:6.2f} (limit {limit:g})")
    return int(any(value > limit for _name, value, limit in held))


if __name__ == "__main__":
    sys.exit(main())
