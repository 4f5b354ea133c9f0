"""The child process: it comes up, obeys, and is gone whenever its parent is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dutyroom.demo.devices import NETWORK, SERVERS
from dutyroom.demo.process import DemoRoom
from dutyroom.errors import SourceError

PARENT = """
import sys
from dutyroom.demo.process import DemoRoom
room = DemoRoom.start(1)
sys.stdout.write(f"{room.pid}\\n")
sys.stdout.flush()
sys.stdin.read()
"""


def is_gone(pid: int) -> bool:
    """True when no such process runs (a zombie no longer does)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def wait_until_gone(pid: int, seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_gone(pid):
            return True
        time.sleep(0.02)
    return False


def status(room: DemoRoom, ups: str) -> str:
    with socket.create_connection(("127.0.0.1", room.ports.nut), timeout=10) as wire:
        wire.sendall(f"GET VAR {ups} ups.status\nLOGOUT\n".encode())
        return wire.makefile().readline().split('"')[1]


def test_every_device_has_a_port_of_its_own(running: DemoRoom) -> None:
    assert [name for name, _ in running.ports.snmp] == [spec.name for spec in (*NETWORK, *SERVERS)]
    assert len({port for _, port in running.ports.snmp}) == len(running.ports.snmp)
    with pytest.raises(KeyError):
        running.ports.of("ups-a")


def test_the_mains_go_and_come_back_and_the_child_ends_with_stop() -> None:
    with DemoRoom.start(1, speed=1) as room:
        assert status(room, "ups-a") == "OL"
        room.outage(True)
        room.outage(True)
        assert {status(room, name) for name in ("ups-a", "ups-b")} == {"OB DISCHRG"}
        # ctrl+c in the terminal reaches the whole process group; it is the screens', not the room's.
        os.kill(room.pid, signal.SIGINT)
        room.outage(False)
        room.outage(False)
        assert status(room, "ups-a") in ("OL", "OL CHRG")
    assert is_gone(room.pid)
    room.stop()
    with pytest.raises(SourceError):
        room.outage(True)


def test_a_killed_parent_leaves_no_child(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    try:
        child = int(parent.stdout.readline())
        assert not is_gone(child)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait(10)
        assert wait_until_gone(child)
    finally:
        parent.kill()
        parent.wait()
        parent.stdin.close()
        parent.stdout.close()


def test_a_child_whose_pipe_a_stranger_keeps_open_ends_with_its_parent_all_the_same() -> None:
    keeping, kept = os.pipe()
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'dutyroom.demo.process', '1', '20', '0'],"
        f" stdin={keeping}, stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "sys.stdout.write(str(child.pid) + '\\n')\n"
        "sys.stdout.flush()\n"
    )
    try:
        parent = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            pass_fds=[keeping],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            timeout=30,
            check=True,
        )
        assert wait_until_gone(int(parent.stdout))
    finally:
        os.close(keeping)
        os.close(kept)


def test_a_child_that_does_not_come_up_is_an_error_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(SourceError, match="does not answer"):
        DemoRoom.start(1)


def test_the_parent_loads_no_snmp_library_and_prints_nothing() -> None:
    code = (
        "import sys\n"
        "from dutyroom.demo.process import DemoRoom\n"
        "import dutyroom.demo.site\n"
        "with DemoRoom.start(1):\n"
        "    assert 'pysnmp' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")
