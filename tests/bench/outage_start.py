"""How soon the outage screen stands after the mains failed, and what a hundred UPSes at once do to the event loop.

Run: python -m tests.bench.outage_start [UPSES ...]

A byte-true NUT server in a process of its own says OB for every UPS at one moment; the real watch asks it, the real
store keeps it, the real application shows it, all in one program. Told are the seconds from that moment to the first
frame of the outage screen, which may be one poll and half a second; and how late the loop's ticks were from then on,
beside those of the same room at rest.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from dutyroom.cli import settling
from dutyroom.cli.compose import open_room
from dutyroom.config import load_site
from screens.app import DutyroomApp
from screens.outage import OutageScreen
from tests.bench.loop_stall import TICK_S, told
from tests.fakes import FakeUpsd

POLL_S = 5
WATCHED_S = 15.0
SITE = (
    'language = "en"\ntimezone = "Asia/Shanghai"\n[site]\nname = "Bench"\nroom = "HIS"\nhold_time = "3h"\n'
    '[store]\nurl = "sqlite:///{folder}/duty.db"\n[poll]\nups = "{poll}s"\n'
)
UPS = '[[ups]]\nname = "{name}"\nserver = "127.0.0.1:{port}"\nups = "{name}"\n'
ON_MAINS = {"ups.status": "OL", "battery.charge": "100", "battery.runtime": "7200", "ups.load": "40"}
ON_BATTERY = ON_MAINS | {"ups.status": "OB DISCHRG", "input.voltage": "0.0"}


def serve(names: list[str], told_to: Connection) -> None:
    """The NUT server's process: tells its port, and lets the mains fail when it is told anything."""
    with FakeUpsd({name: ON_MAINS | {"input.voltage": "230"} for name in names}) as upsd:
        told_to.send(upsd.port)
        told_to.recv()
        upsd.units = {name: dict(ON_BATTERY) for name in names}
        told_to.send(time.monotonic())
        told_to.recv()


async def ticks(app: DutyroomApp, seconds: float) -> tuple[list[float], float | None]:
    """How late each tick was (milliseconds, smallest first), and when the outage screen first stood."""
    late: list[float] = []
    stood: float | None = None
    until = time.perf_counter() + seconds
    while (asked := time.perf_counter()) < until:
        await asyncio.sleep(TICK_S)
        late.append(1000 * (time.perf_counter() - asked - TICK_S))
        if stood is None and isinstance(app.screen, OutageScreen) and app.screen.is_mounted:
            stood = time.monotonic()
    return sorted(late), stood


async def measure(folder: Path, count: int) -> None:
    """Prints the lines of one room."""
    names = [f"ups-{number}" for number in range(count)]
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(names, there), daemon=True)
    server.start()
    port = here.recv()
    site_file = folder / "site.toml"
    head = SITE.format(folder=folder, poll=POLL_S)
    site_file.write_text(head + "".join(UPS.format(name=name, port=port) for name in names))
    site = load_site(site_file)
    app = DutyroomApp(lambda: open_room(site, site_file))
    async with app.run_test(size=(120, 40)) as pilot:
        while app.board is None or any(one.sample is None for one in app.board.sources):
            await pilot.pause(0.1)
        await pilot.pause(5.0)
        settling.settle()
        print(told(f"{count:4} UPS at rest", (await ticks(app, WATCHED_S))[0]))
        here.send("fail")
        late, stood = await ticks(app, WATCHED_S)
        failed: float = here.recv()
        print(told(f"{count:4} UPS from mains failure on", late))
        took = f"{stood - failed:.2f} s" if stood is not None else "never"
        print(f"{count:4} UPS: first frame of the outage screen after {took} (allowed {POLL_S + 0.5:.1f} s)")
    here.send("end")
    server.join(5)


def main(arguments: list[str]) -> int:
    """Measures rooms of so many UPSes, settled as a program that runs for long is."""
    for count in [int(one) for one in arguments] or [2, 100]:
        with tempfile.TemporaryDirectory() as name:
            asyncio.run(measure(Path(name), count))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
