"""A real `dutyroom collect` in a process of its own, with somebody who listens as systemd does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.cli.rooms import ROOT, program

PATIENCE_S = 60.0


class Served:
    """The service of a site file. `told` holds every line the service manager was told, in order."""

    def __init__(self, site_file: Path, folder: Path, *options: str) -> None:
        self.told: list[str] = []
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.bind(str(folder / "notify"))
        self._manager.settimeout(0.2)
        self._stderr = folder / "stderr"
        with self._stderr.open("wb") as stderr:
            self.process = subprocess.Popen(
                program("collect", "--config", str(site_file), *options),
                cwd=ROOT,
                env=os.environ | {"NOTIFY_SOCKET": str(folder / "notify")},
                stdin=subprocess.DEVNULL,
                stderr=stderr,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()
        self._manager.close()

    def until(self, is_so: Callable[[], bool]) -> None:
        """Listens until something is so."""
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end, (self.told, self.said())
            assert self.process.poll() is None, self.said()
            try:
                self.told += self._manager.recv(4096).decode().split("\n")
            except TimeoutError:
                continue

    def until_told(self, line: str) -> None:
        """Listens for a line, counted from now on."""
        known = len(self.told)
        self.until(lambda: line in self.told[known:])

    def hang_up(self) -> list[str]:
        """Sends SIGHUP; gives what was told until the service was ready again."""
        known = len(self.told)
        self.process.send_signal(signal.SIGHUP)
        self.until(lambda: "READY=1" in self.told[known:])
        told = self.told[known:]
        return told[told.index("RELOADING=1") :]

    def end(self) -> int:
        """Ends it in good order; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def said(self) -> str:
        """What it wrote to stderr."""
        return self._stderr.read_text("utf-8")
