"""How long the screens keep their event loop from running while the demo's room is watched from the same program.

Run: python -m tests.bench.loop_stall [SECONDS]

A ticker wants to run every 5 ms on the loop of the headless application; how late it runs is how late a key would be.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from dutyroom.cli.compose import open_room
from dutyroom.config import load_site
from dutyroom.demo.process import DemoRoom
from dutyroom.demo.site import write_site
from screens.app import DutyroomApp

SECONDS = 30.0
TICK_S = 0.005
# The start itself, with its imports, is what first_frame measures.
SETTLED_S = 8.0


async def lateness(seconds: float) -> list[float]:
    """How late each tick was, in milliseconds, smallest first."""
    late, until = [], time.perf_counter() + seconds
    while (asked := time.perf_counter()) < until:
        await asyncio.sleep(TICK_S)
        late.append(1000 * (time.perf_counter() - asked - TICK_S))
    return sorted(late)


def told(name: str, late: list[float]) -> str:
    """One line: 95 %, 99 % and all of the ticks were no later than that."""
    p95, p99 = (late[int(share * (len(late) - 1))] for share in (0.95, 0.99))
    return f"{name:34} p95 {p95:5.1f} ms  p99 {p99:5.1f} ms  worst {late[-1]:5.1f} ms  ({len(late)} ticks)"


async def measure(folder: Path, room: DemoRoom, seconds: float) -> list[float]:
    """The lateness while the board is shown and the watch runs."""
    site = load_site(write_site(folder, room.ports, "en"))
    app = DutyroomApp(lambda: open_room(site, folder / "site.toml"))
    async with app.run_test(size=(120, 40)) as pilot:
        while app.board is None or not app.board.watch.running:
            await pilot.pause(0.1)
        await lateness(SETTLED_S)
        return await lateness(seconds)


def main(arguments: list[str]) -> int:
    """Prints the lateness of an idle loop and of the watched board's."""
    seconds = float(arguments[0]) if arguments else SECONDS
    with tempfile.TemporaryDirectory() as name, DemoRoom.start(1) as room:
        print(told("an idle loop", asyncio.run(lateness(seconds / 3))))
        print(told("the board, 9 sources watched", asyncio.run(measure(Path(name), room, seconds))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
