"""`dutyroom collect`: one poll, the service, and its service manager."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from dutyroom.cli.sd_notify import notify
from dutyroom.store import events, readings
from dutyroom.watch.lock import WatchLock
from tests.cli.rooms import ROOT, UPSES, RoomFolder, program
from tests.fakes import FakeUpsd


def test_once_records_what_the_sources_said(room: RoomFolder, upsd: FakeUpsd) -> None:
    room.write(UPSES, nut=upsd.port)
    ended = room.run("collect", "--once")
    assert ended.code == 0
    assert "2 of 2" in ended.err
    desk = room.desk()
    with desk.store.read() as session:
        latest = readings.latest(session)
        assert events.heartbeat(session) is None
    desk.store.close()
    assert {name: one.sample.ups.charge_percent for name, one in latest.items() if one.sample.ups} == {
        "ups-a": 100.0,
        "ups-b": 100.0,
    }
    assert room.run("status").code == 0


def test_once_tells_a_change_that_came_since_the_last_time(room: RoomFolder, upsd: FakeUpsd) -> None:
    room.write(UPSES, nut=upsd.port)
    room.run("collect", "--once")
    upsd.units["ups-a"]["ups.status"] = "OB DISCHRG"
    assert room.run("collect", "--once").code == 0
    desk = room.desk()
    with desk.store.read() as session:
        found = events.newest(session, ("on-battery",))
    desk.store.close()
    assert [event.source for event in found] == ["ups-a"]


def test_once_with_nothing_reachable_ends_with_four_and_records_it(room: RoomFolder) -> None:
    room.write(UPSES)
    assert room.run("collect", "--once").code == 4
    desk = room.desk()
    with desk.store.read() as session:
        assert {one.sample.state.value for one in readings.latest(session).values()} == {"unreachable"}
    desk.store.close()


@pytest.mark.parametrize("options", [["--once"], []])
def test_a_second_watcher_is_refused(room: RoomFolder, options: list[str]) -> None:
    room.write(UPSES)
    room.desk().store.close()
    lock = WatchLock(room.database)
    assert lock.acquire()
    refused = room.run("collect", *options)
    lock.release()
    assert refused.code == 1
    assert "watches this room already" in refused.err


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_the_service_says_when_it_is_ready_and_stops_cleanly(
    room: RoomFolder, upsd: FakeUpsd, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    room.write(UPSES, nut=upsd.port)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        service = subprocess.Popen(
            program("collect", "--config", str(room.config)),
            cwd=ROOT,
            env=os.environ | {"NOTIFY_SOCKET": str(tmp_path / "notify")},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            told = [manager.recv(64)]
            while told[-1] != b"WATCHDOG=1":
                told.append(manager.recv(64))
            service.send_signal(sent)
            _out, err = service.communicate(timeout=60)
            while told[-1] != b"STOPPING=1":
                told.append(manager.recv(64))
        finally:
            service.kill()
            service.wait()
    assert service.returncode == code, err
    assert told[0].startswith(b"READY=1\nSTATUS=")
    assert b"Traceback" not in err
    assert WatchLock(room.database).acquire()
    desk = room.desk()
    with desk.store.read() as session:
        beat = events.heartbeat(session)
        assert set(readings.latest(session)) == {"ups-a", "ups-b"}
    desk.store.close()
    assert beat is not None
    assert beat.pid == service.pid


def test_an_abstract_address_is_understood_and_a_dead_one_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        name = f"dutyroom-test-{os.getpid()}"
        manager.bind("\0" + name)
        manager.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)
        notify("READY=1")
        assert manager.recv(64) == b"READY=1"
    notify("READY=1")
    assert "does not listen" in capsys.readouterr().err
