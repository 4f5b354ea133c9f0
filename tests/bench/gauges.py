"""What a running watch costs: CPU, memory, how late its loop and its polls are, and what it writes."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event

from dutyroom.store.database import Store
from dutyroom.watch.loop import Watch
from dutyroom.watch.poller import Found, Poller

TICK_S = 0.005


def share(values: Sequence[float], part: float) -> float:
    """The value that so much of them do not exceed; 0.0 of none."""
    ordered = sorted(values)
    return ordered[int(part * (len(ordered) - 1))] if ordered else 0.0


def resident_mb() -> float:
    """Memory of this process that is in use, in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def descriptors() -> int:
    """Open file descriptors of this process."""
    return len(os.listdir("/proc/self/fd"))


def cpu_s() -> float:
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Ticker:
    """Wants to run every 5 ms on a loop; `late_ms` is how late it was each time since `restart()`."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []
        self._ended = False
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Call it in the loop."""
        self._task = asyncio.ensure_future(self._tick())

    def end(self) -> None:
        """The next tick is the last."""
        self._ended = True

    def restart(self) -> None:
        """Forgets what was measured."""
        self.late_ms = []

    async def _tick(self) -> None:
        while not self._ended:
            asked = time.perf_counter()
            await asyncio.sleep(TICK_S)
            self.late_ms.append(1000 * (time.perf_counter() - asked - TICK_S))


def tick_watch(watch: Watch) -> Ticker:
    """A ticker on the loop of a watch that asks already."""
    ticker = Ticker()
    watch._call(ticker.begin)
    return ticker


@dataclass(slots=True)
class Polls:
    """Every poll of every source: how late it began, against the end of the one before plus its interval."""

    late_s: list[float] = field(default_factory=list)
    took_s: list[float] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)
    _due: dict[str, float] = field(default_factory=dict)

    def look_at(self, poller: type[Poller]) -> Callable[[], None]:
        """Measures from now on; gives what ends it."""
        poll = poller.poll
        polls = self

        async def measured(one: Poller) -> Found:
            name, began = one.device.name, time.monotonic()
            if name in polls._due:
                polls.late_s.append(began - polls._due[name])
            found = await poll(one)
            ended = time.monotonic()
            polls._due[name] = ended + one.interval_s
            polls.took_s.append(ended - began)
            polls.count[name] += 1
            return found

        setattr(poller, "poll", measured)  # noqa: B010 - a method of one signature for another
        return lambda: setattr(poller, "poll", poll)


class Collections:
    """How long the garbage collector held this process up, each time: CPU of its thread, by generation."""

    def __init__(self) -> None:
        self.took_ms: list[tuple[float, int]] = []
        self._began = 0.0
        gc.callbacks.append(self._told)

    def _told(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self.took_ms.append((1000 * (time.thread_time() - self._began), info["generation"]))


@dataclass(slots=True)
class Writes:
    """Rows written and transactions committed by a store."""

    rows: Counter[str] = field(default_factory=Counter)
    commits: int = 0
    seconds: list[float] = field(default_factory=list)
    _began: float = 0.0

    def look_at(self, store: Store) -> None:
        """Counts from now on."""
        engine = store._writer
        assert engine is not None
        event.listen(engine, "after_cursor_execute", self._executed)
        event.listen(engine, "begin", self._begins)
        event.listen(engine, "commit", self._commits)

    def _executed(self, _connection: Any, cursor: Any, statement: str, *_more: Any) -> None:
        words = statement.split()
        if words and words[0].upper() in ("INSERT", "UPDATE", "DELETE") and cursor.rowcount > 0:
            verbs = ("INTO", "UPDATE", "FROM", "IGNORE", "REPLACE", "OR", "INSERT", "DELETE")
            name = next((word for word in words[1:] if word.upper() not in verbs), "?")
            self.rows[name] += cursor.rowcount

    def _begins(self, _connection: Any) -> None:
        self._began = time.perf_counter()

    def _commits(self, _connection: Any) -> None:
        self.commits += 1
        self.seconds.append(time.perf_counter() - self._began)


def size_of(database: Path) -> int:
    """Bytes of a database with its log."""
    paths = (database, database.with_name(database.name + "-wal"))
    return sum(path.stat().st_size for path in paths if path.exists())
