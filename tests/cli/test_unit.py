"""The systemd unit: it is what systemd takes, it is closed, and it is filled in for the room at hand."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dutyroom.cli import unit
from dutyroom.resources import data_path
from tests.cli.rooms import HOST, RoomFolder

SHIPPED = data_path("systemd", unit.UNIT)


def analysed(folder: Path, text: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What systemd-analyze says of a unit."""
    path = folder / unit.UNIT
    path.write_text(text, "utf-8")
    return subprocess.run(["systemd-analyze", *words, str(path)], capture_output=True, text=True, timeout=60)


def value_of(text: str, key: str) -> list[str]:
    """Every value a key has in a unit."""
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


@pytest.mark.peer("systemd-analyze")
def test_systemd_takes_the_shipped_unit_and_calls_it_closed(tmp_path: Path) -> None:
    # Nothing is installed where the shipped unit looks, and that is all systemd may miss.
    text = SHIPPED.read_text("utf-8").replace("/usr/local/bin/dutyroom", "/bin/true")
    verified = analysed(tmp_path, text, "verify", "--man=no")
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    judged = analysed(tmp_path, text, "security", "--offline=true", "--no-pager", "--threshold=25")
    assert judged.returncode == 0, judged.stdout[-300:]


@pytest.mark.peer("systemd-analyze")
def test_systemd_refuses_a_unit_with_a_mistake(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8").replace("WatchdogSec=90", "WatchdogSec=soon")
    assert "Failed to parse" in analysed(tmp_path, text, "verify", "--man=no").stderr


@pytest.mark.peer("systemd-analyze")
def test_the_unit_is_filled_in_for_the_room_even_where_a_path_is_odd(
    room: RoomFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / '100 % "Räume"'
    odd.mkdir()
    here = RoomFolder(odd, room.capsys)
    here.write(HOST)
    second = here.config.read_text("utf-8").replace("[store]", '[store]\nsecond_folder = "/mnt/second"')
    here.config.write_text(second.replace(f'"sqlite:///{here.database}"', f"'sqlite:///{here.database}'"), "utf-8")
    called = tmp_path / "bin" / "dutyroom"
    called.parent.mkdir()
    shutil.copy("/bin/true", called)
    monkeypatch.setattr(sys, "argv", [str(called)])
    printed = here.run("config", "unit")
    assert printed.code == 0, printed.err
    assert "systemctl enable --now dutyroom-collect.service" in printed.err
    owner = pwd.getpwuid(os.geteuid()).pw_name
    quoted = '"' + str(odd).replace("%", "%%").replace('"', '\\"')
    assert value_of(printed.out, "User") == [owner]
    assert value_of(printed.out, "ExecStart") == [f'{called} --config {quoted}/site.toml" collect']
    assert value_of(printed.out, "ReadWritePaths") == [f'-{quoted}" -/mnt/second']
    assert value_of(printed.out, "StateDirectory") == []
    verified = analysed(tmp_path, printed.out, "verify", "--man=no")
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_records_in_the_folder_systemd_makes_need_no_folder_more(room: RoomFolder) -> None:
    room.write(HOST)
    text = room.config.read_text("utf-8").replace(str(room.database), "/var/lib/dutyroom/dutyroom.db")
    room.config.write_text(text, "utf-8")
    printed = room.run("config", "unit").out
    assert value_of(printed, "StateDirectory") == ["dutyroom"]
    assert value_of(printed, "ReadWritePaths") == []


def test_the_link_that_outlives_an_upgrade_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, link = tmp_path / "0.1.0" / "dutyroom", tmp_path / "bin" / "dutyroom"
    for path in (real, link):
        path.parent.mkdir()
    real.write_text("#!/bin/sh\n")
    real.chmod(0o755)
    link.symlink_to(real)
    monkeypatch.setenv("PATH", str(link.parent))
    monkeypatch.setattr(sys, "argv", [str(real)])
    assert unit.program() == link
    monkeypatch.setenv("PATH", str(tmp_path))
    assert unit.program() == real


def test_the_watchdog_waits_longer_than_the_watch_itself() -> None:
    from dutyroom.cli import service

    text = SHIPPED.read_text("utf-8")
    assert int(value_of(text, "WatchdogSec")[0]) > service.RECORDS_WITHIN_S
    assert int(value_of(text, "TimeoutStopSec")[0]) > service.END_WITHIN_S
    assert value_of(text, "Type") == ["notify"]
    assert value_of(text, "ExecReload") == ["/bin/kill -HUP $MAINPID"]
