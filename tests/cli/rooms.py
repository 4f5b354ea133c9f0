"""A room in a folder for the tests of the command line: its site file, its records, and one way to run a command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dutyroom import clock
from dutyroom.cli.compose import open_desk
from dutyroom.cli.main import main
from dutyroom.config import load_site
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.model.people import Actor, Role
from dutyroom.model.reading import Sample
from dutyroom.store import readings

# People are on record before the rounds they walk.
BEFORE = timedelta(days=60)
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "walk the room 1"
OL = {
    "battery.charge": "100",
    "battery.runtime": "25200",
    "input.voltage": "229.0",
    "output.voltage": "230.0",
    "ups.load": "31",
    "ups.model": "Example 8000",
    "ups.status": "OL",
}
UPSES = """
[[ups]]
name = "ups-a"
label = "UPS A 主路"
server = "127.0.0.1:{nut}"
ups = "ups-a"
hold_time = "6h"
[[ups]]
name = "ups-b"
server = "127.0.0.1:{nut}"
ups = "ups-b"
"""
SWITCH = """
[[network]]
name = "core-1"
label = "Core switch"
address = "127.0.0.1"
port = {snmp}
snmp = {{ version = "2c", community_env = "DUTYROOM_TEST_COMMUNITY" }}
watch_ports = ["Gi0/0/1", "Gi0/0/2"]
"""
HOST = """
[[server]]
name = "duty-pc"
label = "Duty PC"
source = "local"
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class RoomFolder:
    """A folder with `site.toml`; the store is `dutyroom.db` in it and does not exist before something is recorded."""

    path: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def config(self) -> Path:
        """The site file."""
        return self.path / "site.toml"

    @property
    def database(self) -> Path:
        """The file of the store."""
        return self.path / "dutyroom.db"

    def write(self, *devices: str, nut: int = 9, snmp: int = 9, top: str = 'language = "en"') -> None:
        """Writes the site file. Port 9 of this machine is taken by nobody."""
        parts = (
            f'{top}\ntimezone = "Asia/Shanghai"\n[site]\nname = "县人民医院"\nroom = "HIS room"\nhold_time = "3h"\n',
            f'[store]\nurl = "sqlite:///{self.database}"\n',
            *devices,
        )
        self.config.write_text("".join(parts).format(nut=nut, snmp=snmp), encoding="utf-8")

    def run(self, *arguments: str) -> Outcome:
        """Runs a command on this room in this process."""
        self.capsys.readouterr()
        code = main([*arguments, "--config", str(self.config)])
        said = self.capsys.readouterr()
        return Outcome(code, said.out, said.err)

    def desk(self) -> Desk:
        """The desk over the store; the caller closes `desk.store`."""
        return open_desk(load_site(self.config))

    def record(self, *samples: Sample) -> None:
        """Stores samples as the watch does."""
        desk = self.desk()
        with desk.store.write() as session:
            readings.put_samples(session, samples, {})
        desk.store.close()

    def enrol(self) -> None:
        """Adds the admin `admin` and the technician `zhang`, both with PASSWORD."""
        desk = self.desk()
        admin = Actor("admin", Role.ADMIN, "test")
        add_operator(desk.store, None, "admin", "Admin", Role.ADMIN, PASSWORD, clock.now() - BEFORE)
        add_operator(desk.store, admin, "zhang", "Zhang Wei", Role.TECHNICIAN, PASSWORD, clock.now() - BEFORE)
        desk.store.close()

    def password_file(self, password: str = PASSWORD, mode: int = 0o600, name: str = "password") -> str:
        """The path of a file with that password."""
        path = self.path / name
        path.write_text(password + "\n", encoding="utf-8")
        path.chmod(mode)
        return str(path)


def program(*arguments: str) -> list[str]:
    """The command line of a process of its own."""
    return [sys.executable, "-m", "dutyroom", *arguments]


def in_own_process(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Runs the program, without a terminal, to its end."""
    return subprocess.run(
        program(*arguments),
        cwd=ROOT,
        env=os.environ | dict(environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
