"""One poll of 1, 10 and 50 UPSes on one NUT server: upsc, a bare socket, and dutyroom's source; in one run, as ratios.

Run: python -m tests.bench.nut [ROUNDS]

The server is the real upsd with a dummy-ups for each UPS where both are installed, else one of ours that sends the
same bytes. upsc is one process for each UPS, as scripts call it; the bare socket pipelines its questions, sets
TCP_QUICKACK before each read and decodes nothing; the source gives judged facts to an event loop. Medians; CPU is that
of the client.
"""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dutyroom import clock
from dutyroom.model.reading import State
from dutyroom.sources.nut import NutSource
from dutyroom.sources.nut_server import NutServer
from tests.conftest import find_peer
from tests.fakes import FakeUpsd
from tests.peers import RealUpsd

COUNTS = (1, 10, 50)
ROUNDS = 15
# A process for each of 50 UPSes takes seconds: fewer of these are enough for a median.
UPSC_ROUNDS = 3
TARGET = 50.0
VARIABLES = 42
Ask = Callable[[], Awaitable[None]]


def dump(number: int) -> dict[str, str]:
    """A UPS with as many variables as a common one has."""
    told = {
        "battery.charge": "100",
        "battery.runtime": str(3600 + number),
        "battery.voltage": "273.1",
        "input.voltage": "229.4",
        "output.voltage": "221.0",
        "ups.load": "23",
        "ups.model": "Bench 3000",
        "ups.status": "OL CHRG",
    }
    return told | {f"outlet.{place}.id": str(place) for place in range(VARIABLES - len(told))}


@dataclass(slots=True)
class Times:
    """Milliseconds of wall clock and of the client's CPU, one of each a poll."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def wall_ms(self) -> float:
        """The median."""
        return statistics.median(self.wall)

    @property
    def cpu_ms(self) -> float:
        """The median."""
        return statistics.median(self.cpu)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def timed(times: Times) -> Iterator[None]:
    """Adds what passes within to the times."""
    began, cpu = time.perf_counter(), time.process_time() + _children_s()
    yield
    times.wall.append(1000 * (time.perf_counter() - began))
    times.cpu.append(1000 * (time.process_time() + _children_s() - cpu))


def by_upsc(names: list[str], port: int) -> None:
    """A process for each."""
    program = str(find_peer("upsc"))
    for name in names:
        subprocess.run([program, f"{name}@127.0.0.1:{port}"], capture_output=True, check=True)


class BareSocket:
    """All questions in one write, and bytes read until every list has ended."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._quick: int | None = getattr(socket, "TCP_QUICKACK", None)

    def ask(self, names: list[str]) -> None:
        """One poll."""
        self._socket.sendall(b"".join(b"LIST VAR %s\n" % name.encode() for name in names))
        ended, rest = 0, b""
        while ended < len(names):
            if self._quick is not None:
                self._socket.setsockopt(socket.IPPROTO_TCP, self._quick, 1)
            data = rest + self._socket.recv(65_536)
            ended += data.count(b"END LIST VAR ")
            rest = data[data.rfind(b"\n") + 1 :]

    def close(self) -> None:
        """Gives the socket back."""
        self._socket.close()


@contextmanager
def served(count: int) -> Iterator[tuple[str, int]]:
    """What serves so many UPSes, and on which port."""
    dumps = {f"ups-{number:02d}": dump(number) for number in range(count)}
    if find_peer("upsd") is not None and find_peer("dummy-ups") is not None:
        with tempfile.TemporaryDirectory(prefix="nut") as folder, RealUpsd(Path(folder), dumps) as upsd:
            yield "the real upsd with dummy-ups drivers", upsd.port
    else:
        with FakeUpsd(dumps) as fake:
            yield "a server of ours (no upsd here)", fake.port


async def _polls(names: list[str], port: int, rounds: int, poll: Callable[[Ask], Awaitable[None]]) -> None:
    server = NutServer("127.0.0.1", port)
    sources = [NutSource(name, name, server) for name in names]

    async def ask() -> None:
        samples = await asyncio.gather(*(source.sample(clock.now()) for source in sources))
        assert {sample.state for sample in samples} == {State.OK}

    await ask()
    for _ in range(rounds):
        await poll(ask)
    await server.aclose()


def measured(names: list[str], port: int, rounds: int) -> dict[str, Times]:
    """The ways to poll these UPSes, by name, measured in turns."""
    upsc, bare, ours = Times(), Times(), Times()
    plain = BareSocket(port)
    plain.ask(names)
    if find_peer("upsc") is not None:
        for _ in range(min(rounds, UPSC_ROUNDS)):
            with timed(upsc):
                by_upsc(names, port)

    async def poll(ask: Ask) -> None:
        with timed(bare):
            plain.ask(names)
        with timed(ours):
            await ask()

    asyncio.run(_polls(names, port, rounds, poll))
    plain.close()
    return {"upsc": upsc, "bare socket": bare, "dutyroom": ours}


def _row(times: Times, count: int, ways: dict[str, Times]) -> str:
    upsc = f"{ways['upsc'].wall_ms / times.wall_ms:10.1f}" if ways["upsc"].wall else " " * 10
    bare = times.wall_ms / ways["bare socket"].wall_ms
    return f"{times.wall_ms:9.2f} {times.cpu_ms:8.2f} {times.cpu_ms / count:10.3f} {upsc} {bare:10.2f}"


def main(arguments: list[str]) -> int:
    """Prints the table; 1 when 50 UPSes are not TARGET times as fast as upsc."""
    rounds = int(arguments[0]) if arguments else ROUNDS
    with served(max(COUNTS)) as (server, port):
        names = [f"ups-{number:02d}" for number in range(max(COUNTS))]
        found = {count: measured(names[:count], port, rounds) for count in COUNTS}
    print(f"{server}, {VARIABLES} variables each, {os.cpu_count()} cores")
    print(f"medians of {rounds} polls, of upsc {min(rounds, UPSC_ROUNDS)}")
    print(
        f"{'UPSes':>5}  {'way':12} {'wall ms':>9} {'CPU ms':>8} {'CPU a UPS':>10} {'upsc / it':>10} {'it / bare':>10}"
    )
    for count, ways in found.items():
        for name, times in ways.items():
            if times.wall:
                print(f"{count:5}  {name:12} " + _row(times, count, ways))
    few, many = (found[count]["dutyroom"].cpu_ms / count for count in COUNTS[1:])
    print(f"CPU of dutyroom for each UPS, {COUNTS[2]} against {COUNTS[1]}: {many / few:.2f} (1: linear)")
    last = found[max(COUNTS)]
    if not last["upsc"].wall:
        print("no upsc here to compare with")
        return 0
    ratio = last["upsc"].wall_ms / last["dutyroom"].wall_ms
    print(f"{max(COUNTS)} UPSes: {ratio:.0f} times as fast as upsc, wanted {TARGET:.0f}")
    return 0 if ratio >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
