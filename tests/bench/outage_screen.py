"""How long the outage screen keeps the event loop from running while a hundred UPSes fail at once and go on.

Run: python -m tests.bench.outage_screen [UPSES] [SECONDS]

What counts is how long the loop is kept from running by one of its own callbacks: told in CPU time, which a busy
machine changes little, and as the lateness of a ticker that wants to run every 5 ms. The rows are made as the watch
makes them: all of them in one second, then a reading of each every two seconds.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

from dutyroom import clock
from dutyroom.model.devices import Load, Ups
from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.outage import Outage, Phase, PhaseChange, PowerEvent
from dutyroom.model.runtime import Candidate, Discharge, DischargePoint, RuntimeEstimate
from dutyroom.store import discharges, outages, power_events
from screens.app import DutyroomApp
from screens.outage import OutageScreen
from tests.bench.loop_stall import SETTLED_S, lateness, told
from tests.ui.outage_rooms import outage_site
from tests.ui.room_samples import ups_sample
from tests.ui.rooms import Room, make_room

UPSES, SECONDS = 100, 20.0
SIZE = (120, 40)


def many(folder: Path, count: int) -> Room:
    """A room of so many UPSes, each with two loads."""
    site = outage_site(folder)
    names = [f"ups-{n}" for n in range(count)]
    upses = tuple(Ups(name, name.upper(), 10800.0, "127.0.0.1", 3493, name, rated_w=8000.0) for name in names)
    loads = tuple(
        Load(f"load-{n}", f"Load {n}", fed_by=(f"ups-{n % count}",), watts=400.0, shed_group=1 + n % 4)
        for n in range(2 * count)
    )
    return make_room(folder, site=replace(site, ups=upses, loads=loads), filled=False)


def fail(room: Room, now: datetime) -> list[int]:
    """Every one of them, in one transaction; gives the numbers of their discharges."""
    room.put(*(ups_sample(one.name, now, {"ups.status": "OB DISCHRG"}) for one in room.site.ups))
    numbers: list[int] = []
    with room.store.write() as session:
        event = power_events.add(session, PowerEvent(now))
        for one in room.site.ups:
            outage = outages.add(session, Outage(one.name, event.id, now))
            outages.add_phase(session, PhaseChange(outage.id, now, Phase.ON_BATTERY))
            numbers.append(discharges.add(session, Discharge(one.name, now, outage_id=outage.id)).id)
    return numbers


def read(room: Room, numbers: list[int], began: datetime) -> None:
    """One reading of each."""
    now = clock.now()
    at_s = (now - began).total_seconds()
    left = RuntimeEstimate(4000 - at_s, RuntimeBasis.REPORTED, candidates=(Candidate(RuntimeBasis.REPORTED, 4000.0),))
    with room.store.write() as session:
        points = [(number, now, DischargePoint(at_s, 90.0, 40.0), left) for number in numbers]
        discharges.add_points(session, points)


@contextmanager
def callbacks_measured() -> Iterator[list[tuple[float, str]]]:
    """Milliseconds of CPU of each callback of the loop, and what it was."""
    took: list[tuple[float, str]] = []
    run = asyncio.Handle._run

    def measured(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        took.append((1000 * (time.thread_time() - began), repr(handle)[:160]))

    with mock.patch.object(asyncio.Handle, "_run", measured):
        yield took


async def measure(
    folder: Path, count: int, seconds: float, took: list[tuple[float, str]]
) -> tuple[float, list[float], tuple[tuple[float, str], ...]]:
    """Seconds from the failure to the first frame of the screen, and meanwhile the lateness and the callbacks."""
    room = many(folder, count)
    app = DutyroomApp(room.open)
    async with app.run_test(size=SIZE) as pilot:
        while app.board is None:
            await pilot.pause(0.1)
        await lateness(SETTLED_S)
        # As the program does when it has settled.
        gc.freeze()
        ticking = asyncio.create_task(lateness(seconds))
        await asyncio.sleep(1.0)
        took.clear()
        failed, began = time.perf_counter(), clock.now()
        numbers = await asyncio.to_thread(fail, room, began)
        while not (isinstance(app.screen, OutageScreen) and app.screen.head.lines):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        shown = time.perf_counter() - failed
        while not ticking.done():
            await asyncio.to_thread(read, room, numbers, began - timedelta(seconds=1))
            await asyncio.sleep(2.0)
        late, during = await ticking, tuple(took)
        return shown, late, during


def main(arguments: list[str]) -> int:
    """Prints how soon the screen stands, and the lateness of the loop."""
    count = int(arguments[0]) if arguments else UPSES
    seconds = float(arguments[1]) if len(arguments) > 1 else SECONDS
    print(told("an idle loop", asyncio.run(lateness(seconds / 3))))
    with tempfile.TemporaryDirectory() as name, callbacks_measured() as took:
        shown, late, during = asyncio.run(measure(Path(name), count, seconds, took))
    print(f"first frame {shown:.2f} s after the failure of {count} UPSes")
    print(told(f"{count} UPSes fail and go on", late))
    longest = sorted((one for one in during if one[0] > 10), reverse=True)
    for milliseconds, what in longest[:8]:
        print(f"{milliseconds:6.1f} ms CPU in one callback  {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
