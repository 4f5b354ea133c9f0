"""How long the event loop of the screens stands still while a month's workbook is made by its own process.

Run: python -m tests.bench.export_stall
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from dutyroom.model.people import Actor, Role
from screens.export import ExportScreen
from tests.bench.loop_stall import TICK_S, told
from tests.ui.kept_rounds import keep_november
from tests.ui.rooms import NAME, make_room, running, sit_down

SETTLED_S = 8.0


async def measure(folder: Path) -> tuple[list[float], float]:
    """How late each tick was while it was made (milliseconds, smallest first), and how long that took in seconds."""
    room = make_room(folder)
    keep_november(room.desk)
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        sit_down(app, Actor(NAME, Role.ADMIN, "bench"))
        app.action_go_to_export(2026, 11)
        await pilot.pause()
        await asyncio.sleep(SETTLED_S)
        screen = app.screen
        assert isinstance(screen, ExportScreen)
        late, began = [], time.perf_counter()
        screen.action_make()
        while app.export_job is not None and app.export_job.is_running:
            asked = time.perf_counter()
            await asyncio.sleep(TICK_S)
            late.append(1000 * (time.perf_counter() - asked - TICK_S))
        assert app.export_job is not None
        assert app.export_job.sent is not None, app.export_job.trouble
        return sorted(late), time.perf_counter() - began


def main() -> int:
    """Prints the lateness and how long the workbook took."""
    with tempfile.TemporaryDirectory() as name:
        late, seconds = asyncio.run(measure(Path(name)))
    print(told(f"a workbook made in {seconds:.1f} s", late))
    return 0


if __name__ == "__main__":
    sys.exit(main())
