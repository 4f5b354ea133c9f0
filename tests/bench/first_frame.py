"""How soon something is on the screen: dutyroom on a filled store beside an empty Textual application.

Run: python -m tests.bench.first_frame [RUNS]

Each program is started in a pseudo-terminal of 120x40, in turn; the time goes from the start of the process to the
moment its first text was written there. Python's compiled files are made by one run that is not counted.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from dutyroom.demo.process import DemoRoom
from dutyroom.demo.site import write_site
from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
RUNS = 15
DAYS = 7
LIMIT = 1.5
MARKER = "first frame of an empty app"
EMPTY = f"""
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("{MARKER}")

Empty().run()
"""


def environment(folder: Path) -> dict[str, str]:
    """This process's environment without what changes how Python starts, and with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TEXTUAL", "DUTYROOM"))}
    return {**kept, "HOME": str(folder), "PYTHONPATH": str(ROOT)}


def empty_app(folder: Path) -> float:
    """Seconds until the empty application shows its text."""
    with Terminal([sys.executable, "-c", EMPTY], environment(folder), folder) as terminal:
        first = terminal.until(MARKER)
        terminal.leave()
    return first


def dutyroom(folder: Path) -> tuple[float, float]:
    """Seconds until dutyroom's header is there, and until the board is filled."""
    command = [sys.executable, "-m", "dutyroom", "--config", str(folder / "site.toml")]
    with Terminal(command, environment(folder), folder) as terminal:
        first = terminal.until(" dutyroom ")
        filled = terminal.until("watching")
        terminal.leave()
    return first, filled


def fill(folder: Path) -> None:
    """A store with some days of history, as the demo makes it."""
    command = [sys.executable, "-m", "dutyroom", "demo", "--plain", "--days", str(DAYS), "--data", str(folder)]
    subprocess.run(command, env=environment(folder), cwd=folder, stdout=subprocess.DEVNULL, check=True)


def told(name: str, seconds: list[float]) -> str:
    """One line: median, fastest and slowest in milliseconds."""
    median, least, most = (1000 * value for value in (statistics.median(seconds), min(seconds), max(seconds)))
    return f"{name:38} {median:5.0f} ms  ({least:.0f} to {most:.0f})"


def main(arguments: list[str]) -> int:
    """Prints the medians and the ratio; 1 when the first frame takes more than LIMIT times an empty one."""
    runs = int(arguments[0]) if arguments else RUNS
    empty, first, filled = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder)
        with DemoRoom.start(1) as room:
            write_site(folder, room.ports, "en")
            empty_app(folder)
            dutyroom(folder)
            for _ in range(runs):
                empty.append(empty_app(folder))
                ours = dutyroom(folder)
                first.append(ours[0])
                filled.append(ours[1])
    ratio = statistics.median(first) / statistics.median(empty)
    print(told("empty Textual app, first text", empty))
    print(told("dutyroom, header", first))
    print(told("dutyroom, board filled and watched", filled))
    print(f"{runs} runs each, in turn; first frame {ratio:.2f} times an empty app's (limit {LIMIT})")
    print(f"the fastest runs, which other programs disturbed least: {min(first) / min(empty):.2f} times")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
