"""`python -m tests.thousand_polls_nut [POLLS]`: polls misbehaving NUT servers, and looks at memory and descriptors.

One server spoils the answer of one of its UPSes in another way at every poll, one is well, one has nobody listening.
Ends with 1 when a value was untrue, a well UPS was disturbed, or memory or descriptors went on growing.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import psutil

from dutyroom import clock
from dutyroom.model.reading import Sample, State
from dutyroom.sources.nut import NutSource
from dutyroom.sources.nut_server import NutServer
from tests.fakes import FakeUpsd, Fault
from tests.nut_faults import faults, units

UPSES = 6
DEADLINE_S = 0.2
# What the first polls take for good: caches, pools of memory. Growth counts from this share of the polls on.
SETTLED = 0.3
GROWTH_BYTES = 2_000_000


Truth = dict[str, dict[str, str | bytes]]


@dataclass(slots=True)
class Counts:
    """What was seen while polling; the sizes are those after the settling and at the end."""

    polls: int = 0
    wrong: list[str] = field(default_factory=list)
    states: dict[State, int] = field(default_factory=dict)
    slowest_s: float = 0.0
    memory: list[int] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    def look(self) -> None:
        """Notes how large this process is now."""
        self.memory.append(psutil.Process().memory_info().rss)
        self.descriptors.append(len(list(Path("/proc/self/fd").iterdir())) if os.name == "posix" else 0)
        self.threads.append(threading.active_count())

    @property
    def grew(self) -> int:
        """Bytes gained between the settling and the end."""
        return self.memory[-1] - self.memory[0]


def _spoils(server: FakeUpsd, bad: str, other: str) -> Iterator[tuple[str, Fault, set[State]]]:
    # Ten megabytes are sent by a thread of this process: what it costs here is the server's memory, not the client's.
    return cycle([one for one in faults(server, bad, other, 7) if "10 MB" not in one[0]])


async def _poll(sources: list[NutSource]) -> dict[str, Sample]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(source.sample(clock.now())) for source in sources]
    return {task.result().source: task.result() for task in tasks}


async def run(polls: int) -> Counts:
    """So many polls of all the servers at the same time."""
    counts = Counts()
    with (
        FakeUpsd({f"bad-{name}": told for name, told in units(UPSES).items()}) as spoiled,
        FakeUpsd({f"well-{name}": told for name, told in units(UPSES).items()}) as well,
        FakeUpsd({}) as gone,
    ):
        gone.close()
        servers = {one.port: NutServer("127.0.0.1", one.port, DEADLINE_S) for one in (spoiled, well, gone)}
        sources = [NutSource(name, name, servers[one.port]) for one in (spoiled, well) for name in one.units]
        sources += [NutSource(f"gone-{number}", "hall-a", servers[gone.port]) for number in range(2)]
        bad, other = "bad-ups-02", "bad-ups-04"
        for turn, (what, fault, states) in enumerate(islice(_spoils(spoiled, bad, other), polls)):
            spoiled.resume.clear()
            spoiled.faults = {bad: fault}
            began = clock.monotonic()
            samples = await _poll(sources)
            counts.slowest_s = max(counts.slowest_s, clock.monotonic() - began)
            spoiled.resume.set()
            counts.polls += 1
            # The servers' own notes are no memory of the client's.
            spoiled.log.clear()
            well.log.clear()
            _check(counts, what, samples, bad, states, spoiled.units | well.units)
            if turn in (int(polls * SETTLED), polls - 1):
                counts.look()
        for server in servers.values():
            await server.aclose()
    return counts


def _check(
    counts: Counts,
    what: str,
    samples: dict[str, Sample],
    bad: str,
    states: set[State],
    truth: Truth,
) -> None:
    for name, sample in samples.items():
        counts.states[sample.state] = counts.states.get(sample.state, 0) + 1
        wanted = states if name == bad else {State.UNREACHABLE} if name.startswith("gone") else {State.OK}
        if sample.state not in wanted:
            counts.wrong.append(f"{what}: {name} is {sample.state.value} ({sample.detail})")
        if sample.ups is not None and sample.ups.variable("battery.runtime") != truth[name]["battery.runtime"]:
            counts.wrong.append(f"{what}: {name} has a value of another")


def main(arguments: list[str]) -> int:
    """Runs and prints; 1 when something was wrong."""
    polls = int(arguments[0]) if arguments else 1000
    counts = asyncio.run(run(polls))
    print(f"{counts.polls} polls of {2 * UPSES + 2} UPSes on 3 servers")
    print(f"slowest poll {counts.slowest_s:.2f} s, deadline {DEADLINE_S} s")
    print(", ".join(f"{state.value}: {count}" for state, count in sorted(counts.states.items())))
    print(f"memory {counts.memory[0] / 1e6:.1f} -> {counts.memory[-1] / 1e6:.1f} MB")
    print(f"descriptors {counts.descriptors[0]} -> {counts.descriptors[-1]}")
    print(f"threads {counts.threads[0]} -> {counts.threads[-1]}")
    for line in counts.wrong[:20]:
        print("WRONG", line)
    flat = counts.grew < GROWTH_BYTES and counts.descriptors[-1] <= counts.descriptors[0] + 4
    print("flat" if flat else "NOT FLAT")
    return 0 if flat and not counts.wrong else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
