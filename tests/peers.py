"""Real programs of NUT as peers: upsd and dummy-ups in a folder of the test, and upsc as the reference client."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.conftest import find_peer

START_S = 20.0


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on right now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        # A stopped driver takes no signal but this one and SIGKILL.
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class RealUpsd:
    """A real upsd on 127.0.0.1 with one dummy-ups per dump.

    `dumps` maps UPS names to variables; `maxage_s` is upsd's MAXAGE, after which a silent driver is stale. What
    dummy-ups 2.8.0 cannot serve: blank values (it repeats the line before) and `device.*` that differ from `ups.*`.
    `folder` must have a short path: it holds UNIX sockets. Use it as a context manager; every process it started has
    ended afterwards.
    """

    def __init__(self, folder: Path, dumps: Mapping[str, Mapping[str, str]], maxage_s: int = 15) -> None:
        self.folder, self.dumps, self.port = folder, dumps, free_port()
        self._drivers: dict[str, subprocess.Popen[bytes]] = {}
        self._server: subprocess.Popen[bytes] | None = None
        for part in ("etc", "run"):
            (folder / part).mkdir(mode=0o700)
        self._environment = os.environ | {
            "NUT_CONFPATH": str(folder / "etc"),
            "NUT_STATEPATH": str(folder / "run"),
            "NUT_ALTPIDPATH": str(folder / "run"),
            "NUT_PIDPATH": str(folder / "run"),
            "NUT_QUIET_INIT_UPSNOTIFY": "true",
        }
        units = ["maxretry = 3", "pollinterval = 1"]
        for name, variables in dumps.items():
            dump = self._write_dump(name, variables)
            units += [f"[{name}]", "driver = dummy-ups", f"port = {dump}", "mode = dummy-once"]
        self._write("ups.conf", *units)
        self._write("upsd.conf", f"LISTEN 127.0.0.1 {self.port}", f"MAXAGE {maxage_s}", f"STATEPATH {folder / 'run'}")
        self._write("upsd.users")

    def __enter__(self) -> Self:
        try:
            for name in self.dumps:
                self.start_driver(name)
            # An upsd that finds no driver's socket tries again only seconds later.
            until = time.monotonic() + START_S
            while len(list(self.folder.glob("run/dummy-ups-*"))) < len(self.dumps) and time.monotonic() < until:
                time.sleep(0.02)
            self.start_server()
            for name in self.dumps:
                self._wait_for(name)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the server and every driver."""
        self.stop_server()
        for name in list(self._drivers):
            self.stop_driver(name)

    def start_server(self) -> None:
        """Start upsd; it may need a few seconds to reach its drivers."""
        self._server = self._run("upsd", "-F", "-4")

    def stop_server(self) -> None:
        """End upsd; the drivers go on."""
        if self._server is not None:
            _end(self._server)
            self._server = None

    def start_driver(self, name: str) -> None:
        """Start the driver of a UPS."""
        self._drivers[name] = self._run("dummy-ups", "-F", "-a", name)

    def stop_driver(self, name: str) -> None:
        """End the driver of a UPS: upsd says DRIVER-NOT-CONNECTED and still lists it."""
        _end(self._drivers.pop(name))

    def set(self, name: str, **variables: str) -> None:
        """Change what a driver says; dummy-ups reads its dump again when the whole second of its time changed."""
        self._write_dump(name, {**self.dumps[name], **variables})

    def freeze_driver(self, name: str) -> None:
        """Stop the driver from answering: upsd says DATA-STALE after MAXAGE."""
        self._drivers[name].send_signal(signal.SIGSTOP)

    def thaw_driver(self, name: str) -> None:
        """Let a frozen driver go on."""
        self._drivers[name].send_signal(signal.SIGCONT)

    def restart_server(self) -> None:
        """End upsd and start it again, with drivers that dummy-ups 2.8.0 may have lost over it."""
        self.stop_server()
        self.start_server()
        for name, driver in list(self._drivers.items()):
            if driver.poll() is not None:
                self.start_driver(name)

    def upsc(self, name: str) -> dict[str, str]:
        """What the reference client prints for a UPS, by variable; raises CalledProcessError with its words."""
        done = subprocess.run(
            [str(find_peer("upsc")), f"{name}@127.0.0.1:{self.port}"],
            env=self._environment,
            capture_output=True,
            check=True,
            text=True,
        )
        rows = (line.partition(":") for line in done.stdout.splitlines())
        return {name: value.removeprefix(" ") for name, _colon, value in rows}

    def _wait_for(self, name: str) -> None:
        """Until the reference client sees the values of the dump."""
        until = time.monotonic() + START_S
        while True:
            try:
                if self.dumps[name].items() <= self.upsc(name).items():
                    return
            except subprocess.CalledProcessError as error:
                told = error.stderr
            else:
                told = "not the values of the dump"
            if time.monotonic() > until:
                logs = "\n".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))
                raise RuntimeError(f"upsd does not serve {name}: {told}\n{logs}")
            time.sleep(0.05)

    def _run(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        # As root both would drop to the user nut, who cannot read the folder.
        user = pwd.getpwuid(os.geteuid()).pw_name
        with (self.folder / f"{program}.log").open("ab") as log:
            return subprocess.Popen(
                [str(find_peer(program)), *words, "-u", user],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _write(self, name: str, *lines: str) -> Path:
        path = self.folder / "etc" / name
        path.write_text("".join(f"{line}\n" for line in lines))
        path.chmod(0o600)
        return path

    def _write_dump(self, name: str, variables: Mapping[str, str]) -> Path:
        escaped = {key: value.replace("\\", "\\\\").replace('"', '\\"') for key, value in variables.items()}
        dump = self.folder / "etc" / f"{name}.dev"
        told_before = int(dump.stat().st_mtime) if dump.exists() else 0
        # Moved into place whole and with a second of its own, or the driver reads half a dump, or none.
        whole = self._write(f"{name}.dev.new", *(f"{key}: {value}" for key, value in escaped.items()))
        told_at = max(int(time.time()), told_before + 1)
        os.utime(whole, (told_at, told_at))
        return whole.replace(dump)
