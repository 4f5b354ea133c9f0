"""A real terminal for tests: tmux on a socket of its own, read and typed at as a person would."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from rich.cells import cell_len

from dutyroom import clock
from tests.terminal import see_the_tour

SESSION = "room"
LOOK_EVERY_S = 0.02
# The code is told by a shell: tmux 3.3 sometimes never hears of the end of its own child. It outlives ctrl+c.
KEEP_CODE = 'trap : INT; "$@"; echo "[ended with $?]"; exec sleep 600'
ENDED = re.compile(r"\[ended with (\d+)\]")


class Tmux:
    """One tmux server with one window. Every screen looked at is checked: nothing hangs over, no traceback.

    Use it as a context manager; the server and what runs in it have ended afterwards.
    """

    def __init__(self, folder: Path, columns: int = 80, rows: int = 24, *, first_look: bool = False) -> None:
        self._folder, self._started, self._first_look = folder, False, first_look
        self._name = f"dutyroom-test-{os.getpid()}"
        self.columns, self.rows = columns, rows

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._started:
            subprocess.run([*self._tmux(), "kill-server"], capture_output=True, check=False, timeout=20)

    def start(self, command: Sequence[str]) -> None:
        """Runs a program in the window, in place of one that has ended."""
        kept = ["-c", str(self._folder), "sh", "-c", KEEP_CODE, "sh", *command]
        if self._started:
            self._do("respawn-pane", "-k", "-t", SESSION, *kept)
            return
        self._started = True
        if not self._first_look:
            see_the_tour(os.environ)
        self._do("new-session", "-d", "-s", SESSION, "-x", str(self.columns), "-y", str(self.rows), *kept)

    def keys(self, *names: str) -> None:
        """Presses keys by tmux's names for them."""
        self._do("send-keys", "-t", SESSION, *names)

    def type(self, text: str, *then: str) -> None:
        """Types a text as it is, then presses keys."""
        self._do("send-keys", "-t", SESSION, "-l", "--", text)
        if then:
            self.keys(*then)

    def resize(self, columns: int, rows: int) -> None:
        """Makes the window another size."""
        self.columns, self.rows = columns, rows
        self._do("resize-window", "-t", SESSION, "-x", str(columns), "-y", str(rows))

    def screen(self) -> list[str]:
        """The rows that stand in the terminal now."""
        rows = self._do("capture-pane", "-p", "-t", SESSION).split("\n")
        for row in rows:
            assert cell_len(row) <= self.columns, f"too wide: {row!r}"
            assert "Traceback" not in row, "\n".join(rows)
        return rows

    def until(self, is_so: Callable[[list[str]], object], within_s: float = 30.0) -> list[str]:
        """Looks until the screen is as wanted and gives it. Raises AssertionError with the screen when it never is."""
        end = clock.monotonic() + within_s
        while True:
            rows = self.screen()
            if is_so(rows):
                return rows
            assert clock.monotonic() < end, "\n".join(["never came:", *rows])
            time.sleep(LOOK_EVERY_S)

    def cursor_line(self) -> int:
        """The row the terminal's own cursor stands on, counted from 0."""
        return int(self._do("display-message", "-p", "-t", SESSION, "#{cursor_y}"))

    def shows(self, text: str, within_s: float = 30.0) -> list[str]:
        """Looks until a text stands on the screen."""
        return self.until(lambda rows: any(text in row for row in rows), within_s)

    def exit_code(self, within_s: float = 30.0) -> int:
        """Waits for the program's end and gives its exit code."""
        rows = self.until(lambda rows: any(ENDED.match(row) for row in rows), within_s)
        return next(int(found[1]) for row in rows if (found := ENDED.match(row)))

    def _tmux(self) -> list[str]:
        return ["tmux", "-L", self._name, "-f", "/dev/null", "-u"]

    def _do(self, *arguments: str) -> str:
        # Given by name: readline puts COLUMNS and LINES into the C environment, which would fix the size for ever.
        done = subprocess.run(
            [*self._tmux(), *arguments], env=dict(os.environ), capture_output=True, check=True, text=True, timeout=20
        )
        return done.stdout


def cursor_row(rows: list[str]) -> int | None:
    """The row the cursor of a round stands on."""
    return next((n for n, row in enumerate(rows) if row.startswith("▸")), None)


def progress(rows: list[str]) -> tuple[int, int]:
    """How many lines of the round on the screen are answered, of how many; (0, 0) when there is no round."""
    found = re.search(r"· (\d+) of (\d+) ·", rows[0])
    return (int(found[1]), int(found[2])) if found else (0, 0)
