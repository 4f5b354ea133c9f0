"""What History, a trend and the board cost over ten thousand rounds, against an empty store.

    python -m tests.bench.many_rounds [--rounds N] [--runs N]

Two stores with the same room: one without a round, one with N signed daily rounds of 43 answers each, the newest of
yesterday. Measured is what a person waits for: from the key to the drawn page, in the median of the runs, and beside it
the bare reads behind it. Exits with 1 when a page costs more than twice what it costs over the empty store.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from textual.pilot import Pilot

from dutyroom import words
from dutyroom.checklists import expand
from dutyroom.duty.desk import Desk
from dutyroom.duty.records import read_room
from dutyroom.duty.round_lists import rounds_of_month
from dutyroom.duty.trends import read_trend
from screens.app import DutyroomApp
from screens.history import HistoryScreen
from screens.trend import TrendScreen
from tests.ui.kept_rounds import ITEM, due
from tests.ui.room_samples import NOW
from tests.ui.rooms import Room, make_room, running, until

LIMIT = 2.0
TODAY = date(2026, 11, 24)
PAGES = ("history", "trend 14 days", "trend 90 days", "board")


def fill(desk: Desk, count: int) -> None:
    """Rounds as they lie in the file, past the ledger: a ten-thousand-fold walk would take hours."""
    lines = expand(desk.checklist, desk.site)[:43]
    days = [TODAY - timedelta(days=n) for n in range(count, 0, -1)]
    rounds = [
        (n, "daily", desk.checklist.version, stored(day), f"{day}", f"{day}", "open", 43, stored(day), "zhang", "", 0)
        for n, day in enumerate(days, 1)
    ]
    entries = [
        (n, line.item.id, line.device, "23", "ok", stored(day), "zhang", 23.0, "°C", "typed", "")
        for n, day in enumerate(days, 1)
        for line in lines
    ]
    with desk.store.write() as session:
        run = session.connection().exec_driver_sql
        run(
            "INSERT INTO rounds (id, checklist, version, due_at, due_on, duty_day, state, items, started_at,"
            " started_by, marks, abnormal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rounds,
        )
        run(
            "INSERT INTO entries (round_id, item, device, answer, verdict, at, by, value, unit, origin, note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            entries,
        )
        run("UPDATE rounds SET state = 'signed', signed_at = started_at, signed_by = 'zhang'")


def stored(day: date) -> str:
    """The moment the round of a day is due, as it lies in the file."""
    return due(day).strftime("%Y-%m-%d %H:%M:%S.%f")


async def pages(room: Room, runs: int) -> dict[str, list[float]]:
    """Seconds from the key to the drawn page, for each page and run."""
    found: dict[str, list[float]] = {page: [] for page in PAGES}
    app = room.app()
    async with running(app) as pilot:
        for _n in range(runs):
            for page, open_page in (
                ("history", history(app, pilot)),
                ("trend 14 days", trend(app, pilot, 14)),
                ("trend 90 days", trend(app, pilot, 90)),
                ("board", board(app, pilot, room)),
            ):
                began = perf_counter()
                await open_page
                found[page].append(perf_counter() - began)
    return found


async def history(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The month, read anew."""
    await pilot.press("7")
    screen = app.screen
    assert isinstance(screen, HistoryScreen)
    screen._read_for = screen.found = None
    screen.show_board(app.board)
    await until(pilot, lambda: screen.found is not None)


async def trend(app: DutyroomApp, pilot: Pilot[None], days: int) -> None:
    """The trend of so many days."""
    await app.run_action(f"app.go_to_trend({ITEM!r}, '')")
    screen = app.screen
    assert isinstance(screen, TrendScreen)
    if days != screen.days:
        await pilot.press("s")
    await until(pilot, lambda: screen.trend is not None and (screen.trend.until - screen.trend.since).days == days - 1)


async def board(app: DutyroomApp, pilot: Pilot[None], room: Room) -> None:
    """The board, its records read anew."""
    await pilot.press("1")
    app.records = await asyncio.to_thread(read_room, room.desk, NOW)
    app.show_now()
    await pilot.pause()


def reads(desk: Desk) -> dict[str, Callable[[], object]]:
    """The bare reads behind the pages."""
    return {
        "history": lambda: rounds_of_month(desk, 2026, 11),
        "trend 14 days": lambda: read_trend(desk, ITEM, "", 14, NOW),
        "trend 90 days": lambda: read_trend(desk, ITEM, "", 90, NOW),
        "board": lambda: read_room(desk, NOW),
    }


def seconds(read: Callable[[], object], runs: int) -> float:
    """The median of the runs."""
    taken = []
    for _n in range(runs):
        began = perf_counter()
        read()
        taken.append(perf_counter() - began)
    return median(taken)


def main() -> int:
    """Prints one line a page and says whether the promise holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=15)
    asked = parser.parse_args()
    words.install("en")
    with TemporaryDirectory() as folder:
        rooms = {}
        for name in ("empty", "full"):
            place = Path(folder, name)
            place.mkdir()
            rooms[name] = make_room(place)
        fill(rooms["full"].desk, asked.rounds)
        bare = {
            name: {page: seconds(read, asked.runs) for page, read in reads(room.desk).items()}
            for name, room in rooms.items()
        }
        shown = {name: asyncio.run(pages(room, asked.runs)) for name, room in rooms.items()}
    worst = 0.0
    print(f"{asked.rounds} rounds against none, median of {asked.runs}")
    for page in PAGES:
        empty, full = median(shown["empty"][page]), median(shown["full"][page])
        ratio = full / empty
        worst = max(worst, ratio)
        print(
            f"{page:14} page {empty * 1000:6.1f} -> {full * 1000:6.1f} ms = {ratio:4.2f}x   "
            f"read {bare['empty'][page] * 1000:6.2f} -> {bare['full'][page] * 1000:6.2f} ms"
        )
    print(f"worst {worst:.2f}, limit {LIMIT}")
    return int(worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
