"""The simulated room as one child process that ends with its parent.

The child (`python -m dutyroom.demo.process SEED SPEED DAY_S`) chooses free loopback ports, writes one JSON line when
all of them listen, and then answers one line for each line it reads: `outage` and `restore`. It ends when its standard
input does: the pipe closes however the parent ends, kill -9 included. It ignores SIGINT: ctrl+c is the parent's.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import IO
from zoneinfo import ZoneInfo

from dutyroom import clock
from dutyroom.demo.devices import DEFAULT_SPEED, ZONE
from dutyroom.demo.room import Room
from dutyroom.errors import SourceError
from dutyroom.inert import decode
from dutyroom.words import _

_ANSWER_S = 5.0
_PARENT_LOOK_S = 1.0


@dataclass(frozen=True, slots=True)
class DemoPorts:
    """Loopback ports: TCP of the NUT server, UDP of each SNMP agent."""

    nut: int
    snmp: tuple[tuple[str, int], ...]

    def of(self, device: str) -> int:
        """The UDP port of that device's agent; KeyError when it has none."""
        return dict(self.snmp)[device]


def time_of_day(at: datetime) -> float:
    """Seconds since local midnight in the room's zone."""
    local = at.astimezone(ZoneInfo(ZONE))
    return local.hour * 3600.0 + local.minute * 60 + local.second


class DemoRoom:
    """The parent's side of a running room.

    `room` is the same simulation for history (without the outages injected live); its t=0 is `started_at` (UTC).
    """

    def __init__(self, child: subprocess.Popen[bytes], complaints: IO[bytes], room: Room) -> None:
        self._child = child
        self._complaints = complaints
        self.pid = child.pid
        self.room = room
        self.ports = DemoPorts(0, ())
        self.started_at = clock.now()

    @classmethod
    def start(
        cls, seed: int, *, speed: float = DEFAULT_SPEED, day_s: float | None = None, timeout_s: float = 30.0
    ) -> DemoRoom:
        """Starts the child and waits until every port listens; `SourceError` when it does not come up.

        `speed` is how much faster batteries run in an outage; `day_s` is the local time of day at t=0 in seconds
        (None: now in the room's zone).
        """
        beginning = time_of_day(clock.now()) if day_s is None else day_s
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child, closed by stop()
        child = subprocess.Popen(
            # -P: no module of the folder the operator happens to stand in.
            [sys.executable, "-P", "-m", "dutyroom.demo.process", str(seed), repr(speed), repr(beginning)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            bufsize=0,
            env=os.environ | {"PYTHONPATH": _search_path()},
        )
        demo = cls(child, complaints, Room(seed, speed=speed, day_s=beginning))
        try:
            told = json.loads(demo._hear(timeout_s))
            demo.ports = DemoPorts(told["nut"], tuple((name, port) for name, port in told["snmp"].items()))
            demo.started_at = clock.now() - timedelta(seconds=told["age_s"])
        except BaseException:
            demo.stop()
            raise
        return demo

    def _hear(self, timeout_s: float) -> bytes:
        """The child's next line; `SourceError` when it ended or stays silent."""
        assert self._child.stdout is not None
        line = b""
        until = clock.monotonic() + timeout_s
        while not line.endswith(b"\n"):
            left = until - clock.monotonic()
            ready = select.select([self._child.stdout], [], [], max(0.0, left))[0]
            part = self._child.stdout.read(4096) if ready else None
            if not part:
                self._complaints.seek(0)
                said = decode(self._complaints.read()[-400:])
                raise SourceError(_("The simulated room does not answer. {said}").format(said=said).strip())
            line += part
        return line

    def outage(self, on: bool) -> None:
        """Takes the mains away now, or gives them back; `SourceError` when the child has ended."""
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(b"outage\n" if on else b"restore\n")
        except (BrokenPipeError, ValueError):
            raise SourceError(_("The simulated room has ended.")) from None
        self._hear(_ANSWER_S)

    def stop(self) -> None:
        """Ends the child and waits for it; may be called twice."""
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._child.wait(_ANSWER_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._complaints.close()

    def __enter__(self) -> DemoRoom:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _search_path() -> str:
    """Where the child finds this very package, however the parent found it."""
    here = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))


def obey(room: Room, t: float, line: str) -> str:
    """Does what one line from the parent asks, and gives the line to answer."""
    if line == "outage" and not room.is_dark(t):
        room.outage(t)
    elif line == "restore":
        room.restore(t)
    elif line != "outage":
        return "unknown"
    return "ok"


async def _serve(room: Room, age: Callable[[], float]) -> None:
    # Imported here so that the parent, which only starts a child, does not load pysnmp.
    from dutyroom.demo.nut_server import start_nut_server
    from dutyroom.demo.snmp_agents import start_agents

    parent = os.getppid()
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    server, nut_port = await start_nut_server(room, age)
    agents = start_agents(room, age)
    ready = {"nut": nut_port, "snmp": {agent.source: agent.port for agent in agents}, "age_s": age()}
    _say(json.dumps(ready))
    while os.getppid() == parent:
        # A stranger may have inherited the pipe's other end and keep it open: so the parent is looked at as well.
        try:
            async with asyncio.timeout(_PARENT_LOOK_S):
                line = await orders.readline()
        except TimeoutError:
            continue
        if not line:
            break
        _say(obey(room, age(), decode(line)))
    for agent in agents:
        agent.close()
    server.close()


def _say(line: str) -> None:
    os.write(sys.stdout.fileno(), line.encode() + b"\n")


def main(arguments: list[str]) -> int:
    """The child's whole life: 0 when its parent let go of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    seed, speed, day_s = int(arguments[0]), float(arguments[1]), float(arguments[2])
    room = Room(seed, speed=speed, day_s=day_s)
    born = clock.monotonic()
    try:
        asyncio.run(_serve(room, lambda: clock.monotonic() - born))
    except BrokenPipeError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
