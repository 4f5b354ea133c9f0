"""The watch of a full room at default intervals: 10 UPSes (a real upsd), 50 switches of 52 ports, 20 servers over SNMP.

Run: python -m tests.bench.room [--seconds 120] [--ups 10] [--switches 50] [--servers 20] [--screens]

The room answers from processes of its own (answers computed once), so that the watch is what is measured. `--screens`
measures the watch inside the terminal program instead, with the lateness of its own loop. Exit code 1 when a loop was
held up for longer than LIMIT_MS or the memory is above LIMIT_MB.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dutyroom.cli import settling
from dutyroom.cli.compose import build_watch, open_desk, open_room
from dutyroom.config import load_site
from dutyroom.watch.poller import Poller
from tests.bench.full_room import full_room
from tests.bench.gauges import Collections, Polls, Ticker, Writes, cpu_s, resident_mb, share, size_of, tick_watch

LIMIT_MS, LIMIT_MB = 50.0, 200.0
SETTLED_S = 15.0
MODES = "1345"
Told = dict[str, Any]


class Measure:
    """The figures of one process from `begin()` to `end()`."""

    def __init__(self) -> None:
        self.polls, self.writes = Polls(), Writes()
        self.collections = Collections()
        self.tickers: dict[str, Ticker] = {}

    def begin(self, database: Path) -> None:
        """Forgets the start of the program."""
        self._database, self._bytes = database, size_of(database)
        self._cpu, self._began = cpu_s(), time.monotonic()
        self.polls.late_s.clear()
        self.polls.took_s.clear()
        self.polls.count.clear()
        self.collections.took_ms.clear()
        self.writes.rows.clear()
        self.writes.seconds.clear()
        self.writes.commits = 0
        for ticker in self.tickers.values():
            ticker.restart()

    def end(self) -> Told:
        """What was found."""
        seconds = time.monotonic() - self._began
        for ticker in self.tickers.values():
            ticker.end()
        return {
            "seconds": seconds,
            "cpu": 100 * (cpu_s() - self._cpu) / seconds,
            "memory": resident_mb(),
            "late": {name: ticker.late_ms for name, ticker in self.tickers.items()},
            "poll_late": self.polls.late_s,
            "poll_took": self.polls.took_s,
            "polls": sum(self.polls.count.values()),
            "sources": len(self.polls.count),
            "rows": dict(self.writes.rows),
            "commits": self.writes.commits,
            "commit_s": self.writes.seconds,
            "growth": size_of(self._database) - self._bytes,
            "collected": max(self.collections.took_ms, default=(0.0, 0)),
            "collections": len(self.collections.took_ms),
            "threads": threading.active_count(),
        }


def served(site_file: Path, seconds: float, line: Any) -> None:
    """A process that watches as the service does."""
    site = load_site(site_file)
    desk, measure = open_desk(site), Measure()
    measure.polls.look_at(Poller)
    measure.writes.look_at(desk.store)
    watch, _change = build_watch(site, desk.store)
    settling.begin((SETTLED_S - 2,))
    watch.start()
    time.sleep(SETTLED_S)
    measure.tickers["loop of the watch"] = tick_watch(watch)
    measure.begin(desk.store.path)
    time.sleep(seconds)
    line.send(measure.end())
    watch.stop()
    desk.store.close()


def on_screens(site_file: Path, seconds: float, line: Any) -> None:
    """A process with the screens that hosts the watch."""
    line.send(asyncio.run(_on_screens(site_file, seconds)))


async def _on_screens(site_file: Path, seconds: float) -> Told:
    from screens.app import DutyroomApp

    site, measure = load_site(site_file), Measure()
    measure.polls.look_at(Poller)
    settling.begin((SETTLED_S - 2,))
    app = DutyroomApp(lambda: open_room(site, site_file))
    async with app.run_test(size=(120, 40)) as pilot:
        while app.board is None or not app.board.watch.running:
            await pilot.pause(0.1)
        assert app.opened is not None
        for key in MODES:
            await pilot.press(key)
            await asyncio.sleep(SETTLED_S / len(MODES))
        measure.writes.look_at(app.opened.desk.store)
        measure.tickers["loop of the watch"] = tick_watch(app.opened.watch)  # type: ignore[arg-type]
        measure.tickers["loop of the screens"] = own = Ticker()
        own.begin()
        measure.begin(app.opened.desk.store.path)
        for key in MODES:
            await pilot.press(key)
            await asyncio.sleep(seconds / len(MODES))
        return measure.end()


def lines_of(told: Told) -> list[str]:
    """The figures in words."""
    minutes = told["seconds"] / 60
    said = [
        f"{told['sources']} sources, {told['polls']} polls in {told['seconds']:.0f} s, {told['threads']} threads",
        f"CPU {told['cpu']:.1f} % of one core, memory {told['memory']:.0f} MB (limit {LIMIT_MB:.0f})",
    ]
    for name, late in [*told["late"].items(), ("an idle process beside it", told["idle"])]:
        over = sum(one > LIMIT_MS for one in late)
        said.append(
            f"{name}: p50 {share(late, 0.5):.1f}, p99 {share(late, 0.99):.1f}, longest {max(late):.1f} ms late "
            f"of {len(late)} ticks, {over} over the limit of {LIMIT_MS:.0f}"
        )
    said += [
        f"{told['collections']} garbage collections, the longest {told['collected'][0]:.1f} ms of CPU "
        f"(generation {told['collected'][1]})",
        f"a poll begins late by p50 {1000 * share(told['poll_late'], 0.5):.1f}, "
        f"p99 {1000 * share(told['poll_late'], 0.99):.1f} ms; it takes p50 {1000 * share(told['poll_took'], 0.5):.0f}, "
        f"p99 {1000 * share(told['poll_took'], 0.99):.0f} ms",
        f"{told['commits'] / minutes:.0f} transactions a minute, each p50 {1000 * share(told['commit_s'], 0.5):.1f}, "
        f"p99 {1000 * share(told['commit_s'], 0.99):.1f} ms; {sum(told['rows'].values()) / minutes:.0f} rows a minute: "
        + ", ".join(f"{name} {n / minutes:.0f}" for name, n in sorted(told["rows"].items(), key=lambda one: -one[1])),
        f"the store grows by {told['growth'] / minutes / 1000:.0f} kB a minute",
    ]
    return said


def held(told: Told) -> bool:
    """True when every limit is kept."""
    return told["memory"] < LIMIT_MB and all(max(late) <= LIMIT_MS for late in told["late"].values())


async def lateness_until(is_over: Callable[[], bool]) -> list[float]:
    """What a loop that does nothing measures meanwhile: how much the machine itself is late."""
    ticker = Ticker()
    ticker.begin()
    await asyncio.sleep(SETTLED_S)
    ticker.restart()
    while not is_over():  # noqa: ASYNC110 - another process ends it
        await asyncio.sleep(0.5)
    return ticker.late_ms


def main(arguments: list[str]) -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("--seconds", 120), ("--ups", 10), ("--switches", 50), ("--servers", 20)):
        parser.add_argument(name, type=int, default=value)
    parser.add_argument("--screens", action="store_true")
    asked = parser.parse_args(arguments)
    with full_room(asked.ups, asked.switches, asked.servers) as site_file:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        target = on_screens if asked.screens else served
        process = context.Process(target=target, args=(site_file, asked.seconds, there))
        process.start()
        there.close()
        idle = asyncio.run(lateness_until(lambda: here.poll() or not process.is_alive()))
        told = here.recv() | {"idle": idle}
        process.join(30)
    print("the terminal program" if asked.screens else "the service")
    print("\n".join(lines_of(told)))
    return 0 if held(told) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
