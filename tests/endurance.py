"""`python -m tests.endurance --polls 1000`: does a watch of a mixed room stay as large as it is?

The demo's room (a NUT server, SNMP v2c and v3 agents, this machine) is watched in one process, with a switch at an
address that never answers and a NUT server that stalls in the middle of every answer beside it. Everything is asked as
fast as POLL allows until the good sources have been polled so many times together. Memory and descriptors are looked at
on the way; their slope is told by a straight line through the second half. Exit code 1 when one of them grows, when a
good source failed or was held up by the bad ones, or when a bad one was ever called good.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from dutyroom.cli import settling
from dutyroom.cli.compose import build_watch, open_desk
from dutyroom.config import load_site
from dutyroom.demo.process import DemoRoom
from dutyroom.demo.site import write_site
from dutyroom.model.site import Site
from dutyroom.watch.poller import Found, Poller
from tests.bench.gauges import descriptors, resident_mb
from tests.fakes import FakeUpsd, Fault

POLL = '[poll]\nups = "1s"\nups_on_battery = "1s"\nnetwork = "1s"\nserver = "1s"\n'
STALLED, DEAD = "ups-stalled", "switch-dead"
WARM_SHARE = 0.5
# Per thousand polls; a leak of one sample a poll would be a megabyte and more.
GROWTH_MB = 2.0
GROWTH_DESCRIPTORS = 1.0


@dataclass(slots=True)
class Course:
    """What was seen on the way: (polls of the good sources, megabytes, descriptors), and how each source answered."""

    points: list[tuple[int, float, int]] = field(default_factory=list)
    good: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    longest_s: dict[str, float] = field(default_factory=dict)

    def polls(self) -> int:
        """Polls of the good sources."""
        return sum(n for name, n in (self.good + self.failed).items() if name not in (STALLED, DEAD))

    def slope(self, what: int) -> float:
        """Growth of a thing (1 megabytes, 2 descriptors) per thousand polls, over the second half."""
        half = [point for point in self.points if point[0] >= WARM_SHARE * self.points[-1][0]]
        return 1000 * _slope([point[0] for point in half], [point[what] for point in half])

    def faults(self) -> list[str]:
        """A sentence for everything that must not be."""
        found = [f"{name} failed {n} times" for name, n in self.failed.items() if name not in (STALLED, DEAD)]
        found += [f"{name} was called good" for name in (STALLED, DEAD) if self.good[name]]
        found += [f"{name} was never asked" for name in (STALLED, DEAD) if not self.failed[name]]
        if self.slope(1) > GROWTH_MB:
            found.append("memory grows")
        if self.slope(2) > GROWTH_DESCRIPTORS:
            found.append("descriptors grow")
        return found

    def __str__(self) -> str:
        first, last = self.points[0], self.points[-1]
        slowest = max((one for one in self.longest_s.items() if one[0] not in (STALLED, DEAD)), key=lambda one: one[1])
        return (
            f"{last[0]} polls of {len(self.good)} good sources and {sum(self.failed.values())} of the bad ones; "
            f"memory {first[1]:.1f} to {last[1]:.1f} MB ({self.slope(1):+.2f} MB per 1000 polls in the second half), "
            f"descriptors {first[2]} to {last[2]} ({self.slope(2):+.2f}); "
            f"slowest good poll {slowest[1]:.2f} s ({slowest[0]})"
        )


def _slope(across: Sequence[float], up: Sequence[float]) -> float:
    """Of the straight line with the least squares; 0.0 of fewer than two different points."""
    middle_x, middle_y = sum(across) / len(across), sum(up) / len(up)
    spread = sum((x - middle_x) ** 2 for x in across)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(across, up, strict=True)) / spread if spread else 0.0


@contextmanager
def mixed_room(folder: Path) -> Iterator[Site]:
    """The demo's room with a dead switch and a stalling NUT server."""
    with DemoRoom.start(1) as room, _stalling() as nut, _hole() as port:
        path = write_site(folder, room.ports, "en")
        lines = path.read_text("utf-8").split("[poll]\n")
        rest = lines[1].partition("\n[")
        text = f"{lines[0]}{POLL}[{rest[2]}"
        text += f'[[ups]]\nname = "{STALLED}"\nserver = "127.0.0.1:{nut}"\nups = "{STALLED}"\n'
        text += f'[[network]]\nname = "{DEAD}"\naddress = "127.0.0.1"\nport = {port}\n'
        text += 'snmp = { version = "2c", community = "x" }\n'
        path.write_text(text, "utf-8")
        yield load_site(path)


def _stall(line: Connection) -> None:
    with FakeUpsd({STALLED: {"ups.status": "OL"}}) as upsd:
        upsd.fault = Fault(stall_after=20)
        line.send(upsd.port)
        line.recv()


@contextmanager
def _stalling() -> Iterator[int]:
    """The port of a NUT server that stops in the middle of every answer; in a process of its own, whatever it keeps."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_stall, args=(there,), daemon=True)
    process.start()
    try:
        yield int(here.recv())
    finally:
        process.kill()
        process.join()


@contextmanager
def _hole() -> Iterator[int]:
    """A UDP port that takes everything and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hole:
        hole.bind(("127.0.0.1", 0))
        yield int(hole.getsockname()[1])


def run(folder: Path, polls: int, every: int = 50) -> Course:
    """Watches until the good sources were polled so often."""
    course = Course()
    poll = Poller.poll

    async def counted(one: Poller) -> Found:
        began = time.monotonic()
        found = await poll(one)
        name = one.device.name
        (course.good if found.sample.state.knows else course.failed)[name] += 1
        course.longest_s[name] = max(course.longest_s.get(name, 0.0), time.monotonic() - began)
        return found

    with mixed_room(folder) as site:
        desk = open_desk(site)
        watch, _change = build_watch(site, desk.store)
        setattr(Poller, "poll", counted)  # noqa: B010 - a method of one signature for another
        try:
            watch.start()
            while course.polls() < polls:
                time.sleep(0.05)
                if course.polls() >= every * len(course.points):
                    gc.collect()
                    course.points.append((course.polls(), resident_mb(), descriptors()))
        finally:
            setattr(Poller, "poll", poll)  # noqa: B010
            watch.stop()
            desk.store.close()
    return course


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polls", type=int, default=1000)
    asked = parser.parse_args()
    settling.begin((20.0,))
    with tempfile.TemporaryDirectory(prefix="dutyroom-endurance-") as folder:
        course = run(Path(folder), asked.polls)
    print("\n".join([*course.faults(), str(course)]))
    return 1 if course.faults() else 0


if __name__ == "__main__":
    sys.exit(main())
