"""Polls well and badly behaving SNMP agents a thousand times and shows that nothing grows.

Run: python -m tests.thousand_polls_snmp [POLLS]

Every kind of agent in `tests.snmp_fakes` and `tests.snmp_report_agent` is a device; all are polled side by side, round
after round, by one SNMP thread, as the watch does. After each round every device must be in a state it may be in, and a
device that behaves must have all its rows. Memory, file descriptors and tasks are compared with those after the first
third, when every cache is full.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess
from dutyroom.model.reading import Sample, State
from dutyroom.sources.snmp.device import NetworkSource
from dutyroom.sources.snmp.session import Sessions
from dutyroom.sources.snmp.thread import SnmpThread
from tests import snmp_report_agent
from tests.snmp_fakes import MISBEHAVIOURS, FakeAgent, switch
from tests.snmp_report_agent import ReportAgent

POLLS = 1000
TIMEOUT_S, RETRIES, DEADLINE_S = 0.3, 1, 4.0
# The sign of life with both its tries, twice where a v3 device may have been replaced; a turn in the window of polls at
# one moment, while others use up theirs; then the tables.
LONGEST_S = 4 * TIMEOUT_S * (RETRIES + 1) + 2 * DEADLINE_S + 1.0
PORTS = 12
# pysnmp keeps questions without an answer and what it learnt of v3 engines for 300 s, which is longer than this takes.
MOST_KIB = 4096
NOW = datetime(2026, 11, 23, tzinfo=UTC)
V3 = SnmpAccess(
    "3",
    user="duty",
    auth="SHA-256",
    auth_password=Secret("auth-word-1"),
    priv="AES-128",
    priv_password=Secret("key-word-1"),
)
WELL = frozenset({"plain", "toobig", "toobig-empty", "generr", "truncated", "spoofed", "disordered"})
DEAD = frozenset({"silent", "other-port", "wrong-id"})


@dataclass
class Growth:
    """What the process held after the first third and at the end, and which states each kind of device was in."""

    polls: int = 0
    kib: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    states: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    longest_s: float = 0.0

    def grown(self) -> tuple[int, int, int]:
        """KiB, file descriptors and tasks more at the end than after the first third."""
        return self.kib[-1] - self.kib[0], self.files[-1] - self.files[0], self.tasks[-1] - self.tasks[0]


@contextmanager
def room(thread: SnmpThread) -> Iterator[dict[str, NetworkSource]]:
    """A source for every kind of agent."""
    with ExitStack() as stack:
        sources = {}
        for how in ("plain", *MISBEHAVIOURS):
            agent = stack.enter_context(FakeAgent(switch(PORTS)))
            access = SnmpAccess("2c", community=Secret(how))
            sources[how] = NetworkSource(NetworkDevice(how, how, "127.0.0.1", access, agent.port), thread)
        for kind in snmp_report_agent.KINDS:
            reports = stack.enter_context(ReportAgent(kind))
            name = f"v3 {kind}"
            sources[name] = NetworkSource(NetworkDevice(name, name, "127.0.0.1", V3, reports.port), thread)
        yield sources


def judged(name: str, sample: Sample) -> str | None:
    """What is wrong with a sample of that kind of agent, or None."""
    facts, state = sample.device, sample.state
    if name in WELL and (facts is None or state is not State.OK or len(facts.interfaces) != PORTS):
        return f"{name}: {state.value} {sample.detail}"
    if (name in DEAD or name.startswith("v3")) and (facts is not None or state not in (State.TIMEOUT, State.PROTOCOL)):
        return f"{name}: {state.value} with values"
    if state is State.PARTIAL and not sample.detail:
        return f"{name}: partial without a word why"
    return None


async def _tasks(_: Sessions) -> int:
    return len(asyncio.all_tasks())


async def _weigh(growth: Growth, thread: SnmpThread, sources: Iterable[NetworkSource]) -> None:
    # Which devices have a socket open at a moment depends on who fell silent last; the next poll opens it again.
    for source in sources:
        await source.aclose()
    await asyncio.sleep(0.1)
    gc.collect()
    statm = Path("/proc/self/statm").read_text(encoding="ascii").split()
    growth.kib.append(int(statm[1]) * os.sysconf("SC_PAGE_SIZE") // 1024)
    growth.files.append(len(os.listdir("/proc/self/fd")))
    growth.tasks.append(await thread.run(_tasks))


async def run(polls: int) -> Growth:
    """Polls every device in turn until so many polls were made."""
    growth = Growth()
    thread = SnmpThread(timeout_s=TIMEOUT_S, retries=RETRIES, deadline_s=DEADLINE_S)

    async def poll(name: str, source: NetworkSource) -> None:
        began = time.monotonic()
        sample = await source.sample(NOW)
        growth.longest_s = max(growth.longest_s, time.monotonic() - began)
        growth.polls += 1
        growth.states.setdefault(name, Counter())[sample.state.value] += 1
        wrong = judged(name, sample)
        if wrong is not None:
            growth.wrong.append(wrong)

    with room(thread) as sources:
        while growth.polls < polls:
            await asyncio.gather(*(poll(name, source) for name, source in sources.items()))
            if growth.polls >= polls / 3 and not growth.kib:
                await _weigh(growth, thread, sources.values())
        await _weigh(growth, thread, sources.values())
    thread.close()
    return growth


def main(arguments: list[str]) -> int:
    """Prints what was seen; 1 when something grew, a state was wrong, or a poll took longer than it may."""
    growth = asyncio.run(run(int(arguments[0]) if arguments else POLLS))
    for name, states in growth.states.items():
        print(f"{name:14} {dict(states)}")
    kib, files, tasks = growth.grown()
    print(f"{growth.polls} polls, the longest {growth.longest_s:.2f} s (at most {LONGEST_S:.2f})")
    print(f"since the first third: {kib:+d} KiB of {growth.kib[0]}, {files:+d} files, {tasks:+d} tasks")
    for wrong in growth.wrong[:10]:
        print(f"wrong: {wrong}")
    return int(bool(growth.wrong) or kib > MOST_KIB or files > 0 or tasks > 0 or growth.longest_s > LONGEST_S)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
