"""A program in a pseudo-terminal: what it writes is read as it comes, and when it came is known."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

ALTERNATE_SCREEN = b"\x1b[?1049h"
QUIT = b"\x11"
TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


def see_the_tour(environment: Mapping[str, str]) -> None:
    """Makes the account one that has seen the tour, where a test gave it a state folder and nothing else did."""
    folder = environment.get("XDG_STATE_HOME")
    path = Path(folder, "dutyroom", "screens.json") if folder else None
    if path is not None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"tour_seen": true}', "utf-8")


class Terminal:
    """A program with a pseudo-terminal of `columns` x `rows` as stdin, stdout and stderr, in a session of its own.

    Use it as a context manager: the program has ended afterwards.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        columns: int = 120,
        rows: int = 40,
    ) -> None:
        see_the_tour(environment)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.written = b""
        self._started = time.perf_counter()
        self._program = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            env={**environment, **TERMINAL},
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def until(self, marker: str, within_s: float = 60.0) -> float:
        """Seconds from the start of the program until `marker` was written on its full screen.

        Raises TimeoutError with the end of what was written instead.
        """
        wanted = marker.encode()
        while True:
            _before, full_screen, drawn = self.written.partition(ALTERNATE_SCREEN)
            if full_screen and wanted in drawn:
                return time.perf_counter() - self._started
            left = self._started + within_s - time.perf_counter()
            if left <= 0 or not self._read(left):
                raise TimeoutError(f"no {marker!r} on the screen: {self.written[-300:]!r}")

    def says(self, text: str, since: int = 0, within_s: float = 30.0) -> int:
        """Reads until `text` was written after the first `since` bytes; gives how much was written then.

        Raises TimeoutError with the end of what was written instead.
        """
        until = time.perf_counter() + within_s
        while text.encode() not in self.written[since:]:
            left = until - time.perf_counter()
            if left <= 0 or not self._read(left):
                raise TimeoutError(f"no {text!r} in the terminal: {self.written[-600:].decode(errors='replace')}")
        return len(self.written)

    def keys(self, typed: bytes) -> None:
        """Types."""
        os.write(self._master, typed)

    def leave(self, within_s: float = 15.0) -> int:
        """Types ctrl+q and gives the exit code of the program."""
        self.keys(QUIT)
        return self.ended(within_s)

    def ended(self, within_s: float = 60.0) -> int:
        """The exit code of the program when it has ended; TimeoutExpired when it does not."""
        until = time.perf_counter() + within_s
        # What it still writes is read, else it waits for a full terminal and never ends.
        while self._program.poll() is None and time.perf_counter() < until:
            self._read(0.05)
        code = self._program.wait(max(0.1, until - time.perf_counter()))
        while self._read(0.05):
            pass
        return code

    def close(self) -> None:
        """Ends the program when it still runs."""
        if self._program.poll() is None:
            self._program.send_signal(signal.SIGTERM)
            try:
                self._program.wait(5)
            except subprocess.TimeoutExpired:
                self._program.kill()
                self._program.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def _read(self, within_s: float) -> bool:
        """Reads what is there; False when nothing came in time or the program closed its end."""
        if not select.select([self._master], [], [], within_s)[0]:
            return False
        try:
            part = os.read(self._master, 65536)
        except OSError:
            # Linux answers EIO when the last process let go of the terminal.
            return False
        self.written += part
        return bool(part)
