"""The first day by script: `python -m tests.first_day`. From an empty home to a signed round in a real room.

A real upsd with two UPSes and a real snmpd are all there is; everything else is done with the command line and by keys
in a terminal, as a technician would: `init --answers`, an own password for the one-time secret, `doctor`, a poll,
`status` held against what upsd's own client says, a whole round walked and signed, and the ledger verified.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dutyroom import clock
from tests.peers import RealUpsd
from tests.snmp_peers import AUTH_PASSWORD, COMMUNITY, PRIV_PASSWORD, USER, Snmpd, running_snmpd
from tests.test_terminal import answer, is_asking, is_noting
from tests.tmux import Tmux, cursor_row, progress

ROOT = Path(__file__).resolve().parents[1]
ADMIN, PASSWORD = "wangli", "Own-password-26"
DUMPS = {
    "hall-a": {
        "battery.charge": "100",
        "battery.runtime": "25320",
        "input.voltage": "231.6",
        "output.voltage": "230.1",
        "ups.load": "23.5",
        "ups.model": "Hall 8000",
        "ups.status": "OL CHRG",
    },
    "rack-b": {"battery.charge": "97", "battery.runtime": "12600", "ups.load": "31", "ups.status": "OL"},
}
NUMBERS = {"charge_percent": "battery.charge", "runtime_s": "battery.runtime", "load_percent": "ups.load"}
ANSWERS = """
language = "en"
timezone = "Asia/Shanghai"
second_folder = "second"

[site]
name = "县人民医院"
room = "HIS 机房"
hold_time = "3h"

[[nut]]
server = "127.0.0.1:{nut}"
label = {{ hall-a = "UPS A 主路" }}
hold_time = {{ hall-a = "6h" }}

[[network]]
name = "core-1"
label = "核心交换机"
address = "127.0.0.1"
port = {snmp}
snmp = {{ version = "2c", community_file = "given/community" }}

[[network]]
name = "fw-1"
address = "127.0.0.1"
port = {snmp}
kind = "firewall"
[network.snmp]
version = "3"
user = "{user}"
auth = "SHA-256"
auth_password_file = "given/auth"
priv = "AES-128"
priv_password_file = "given/priv"

[admin]
name = "{admin}"
label = "王丽"
secret_file = "one-time"
"""
# A fresh room has no backup yet, nobody watches it, and a laboratory has no systemd unit.
TO_BE_DONE = {"backup-none", "watch-none", "watch-ended", "unit-none", "systemd-silent"}


@dataclass(slots=True)
class FirstDay:
    """An empty home beside running peers, and what was done in it: (step, seconds)."""

    home: Path
    upsd: RealUpsd
    snmpd: Snmpd
    steps: list[tuple[str, float]] = field(default_factory=list)

    @property
    def site_file(self) -> Path:
        """Where `init` puts it by itself."""
        return self.home / ".config" / "dutyroom" / "site.toml"

    def environment(self) -> Mapping[str, str]:
        """What a new account has, and nothing of this one."""
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "TMPDIR") if name in os.environ}
        return {**kept, "HOME": str(self.home), "LANG": "C.UTF-8", "DUTYROOM_CONFIG": str(self.site_file)}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of dutyroom."""
        return subprocess.run(
            [sys.executable, "-m", "dutyroom", *arguments],
            cwd=ROOT,
            env=dict(self.environment()),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def document(self, *arguments: str) -> Any:
        """What a command prints with --json."""
        return json.loads(self.run(*arguments, "--json").stdout)

    def write_answers(self) -> Path:
        """The answers file and the secrets it names."""
        given = self.home / "given"
        given.mkdir()
        for name, secret in (("community", COMMUNITY), ("auth", AUTH_PASSWORD), ("priv", PRIV_PASSWORD)):
            _private(given / name, secret)
        (self.home / "second").mkdir()
        text = ANSWERS.format(nut=self.upsd.port, snmp=self.snmpd.port, user=USER, admin=ADMIN)
        return _private(self.home / "answers.toml", text)

    def set_up(self) -> None:
        """`init --answers` from nothing, then a password of one's own."""
        done = self.run("init", "--answers", str(self.write_answers()))
        assert done.returncode in (0, 1), done.stderr
        assert "UPS A 主路" in self.site_file.read_text("utf-8")
        secrets = sorted((self.site_file.parent / "secrets").iterdir())
        assert [path.name for path in secrets] == ["core-1.community", "fw-1.auth", "fw-1.priv"]
        assert {path.stat().st_mode & 0o777 for path in (*secrets, self.site_file, self.home / "one-time")} == {0o600}
        for secret in (COMMUNITY, AUTH_PASSWORD, PRIV_PASSWORD):
            assert secret not in self.site_file.read_text("utf-8") + done.stdout + done.stderr
        own = _private(self.home / "own", PASSWORD)
        files = ("--password-file", str(self.home / "one-time"), "--new-password-file", str(own))
        done = self.run("operators", "password", ADMIN, "--as", ADMIN, *files)
        assert done.returncode == 0, done.stderr

    def examine(self) -> None:
        """`doctor --json`: every source answers, and nothing is wrong but what a fresh room cannot have yet."""
        checks = self.document("doctor")["checks"]
        sources = {one["subject"]: one["verdict"] for one in checks if one["check"] == "source"}
        assert sources == dict.fromkeys(("hall-a", "rack-b", "core-1", "fw-1", "duty-pc"), "ok"), checks
        open_points = [one for one in checks if one["verdict"] not in ("ok", "not-installed")]
        assert {one["told"] for one in open_points} <= TO_BE_DONE, open_points
        assert all(one["fix"] and one["advice"] for one in open_points)

    def poll_and_compare(self) -> None:
        """One poll recorded; the board says exactly what upsd's own client says."""
        done = self.run("collect", "--once")
        assert done.returncode == 0, done.stderr
        sources = {one["name"]: one for one in self.document("status")["sources"]}
        assert {one["state"] for one in sources.values()} <= {"ok", "partial"}, sources
        for name in DUMPS:
            told, true = sources[name]["ups"], self.upsd.upsc(name)
            assert {key: told[key] for key in NUMBERS} == {key: float(true[nut]) for key, nut in NUMBERS.items()}
            assert told["status"] == true["ups.status"].split()
        assert sources["hall-a"]["ups"]["hold_time_s"] == 6 * 3600
        assert sources["core-1"]["device"]["sys_name"] == "lab-host"

    def walk_and_sign(self) -> None:
        """The whole daily round by keys in a terminal, signed with the password that was chosen."""
        with Tmux(ROOT) as terminal:
            # Nothing of this account's own environment: it would name other places for the records.
            pairs = [f"{name}={value}" for name, value in self.environment().items()]
            terminal.start(["env", "-i", "TERM=tmux-256color", *pairs, sys.executable, "-m", "dutyroom"])
            terminal.shows("watching ✓")
            # The first look lies over the board at the first start: a page key closes it and goes there.
            terminal.keys("1")
            terminal.until(lambda rows: any("starts it" in row for row in rows))
            terminal.keys("Enter")
            terminal.shows("Password")
            sign_in(terminal, ADMIN, PASSWORD)
            rows = terminal.until(lambda rows: progress(rows)[1] > 0 and cursor_row(rows) is not None)
            while progress(rows)[0] < progress(rows)[1]:
                answer(terminal, rows)
                rows = settled(terminal, rows)
            terminal.keys("F10")
            terminal.shows("enter signs")
            terminal.type(PASSWORD, "Enter")
            terminal.shows("Signed. The round is read-only")
            terminal.keys("Escape")
            terminal.until(lambda rows: any("✓ Daily round" in row and "signed" in row for row in rows))
            terminal.keys("q")
            assert terminal.exit_code() == 0

    def check_records(self) -> None:
        """The round stands signed, and every record agrees with the ledger."""
        (found,) = self.document("rounds", "list")["rounds"]
        assert (found["state"], found["signed_by"]) == ("signed", ADMIN), found
        assert self.run("verify").returncode == 0

    def live(self) -> None:
        """The whole day, each step timed."""
        for step in (self.set_up, self.examine, self.poll_and_compare, self.walk_and_sign, self.check_records):
            began = clock.monotonic()
            step()
            self.steps.append((step.__name__, clock.monotonic() - began))


def sign_in(terminal: Tmux, name: str, password: str) -> None:
    """Types into the dialog as a person does: the password when the cursor stands there."""

    def below(label: str, rows: list[str]) -> bool:
        return label in rows[terminal.cursor_line() - 1]

    terminal.type(name)
    terminal.until(lambda rows: below("Name", rows) and name in rows[terminal.cursor_line()])
    terminal.keys("Enter")
    terminal.until(lambda rows: below("Password", rows))
    terminal.type(password)
    terminal.shows("•" * len(password))
    terminal.keys("Enter")


def settled(terminal: Tmux, before: list[str]) -> list[str]:
    """The screen when what was answered on `before` is stored, or asks for its note."""
    if is_asking(before) or (cursor_row(before) is None and not is_noting(before)):
        return terminal.screen()

    def is_so(rows: list[str]) -> bool:
        return progress(rows) != progress(before) or (is_noting(rows) and not is_noting(before))

    return terminal.until(is_so)


def _private(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def live_in(folder: Path) -> FirstDay:
    """The first day in that folder, which has a short path (it holds UNIX sockets). AssertionError where it fails."""
    for name in ("nut", "snmp", "home"):
        (folder / name).mkdir()
    with RealUpsd(folder / "nut", DUMPS) as upsd, running_snmpd(folder / "snmp") as snmpd:
        day = FirstDay(folder / "home", upsd, snmpd)
        day.live()
    return day


def main() -> int:
    """The command."""
    with tempfile.TemporaryDirectory(prefix="dutyroom-first-day-") as folder:
        day = live_in(Path(folder))
    print("\n".join(f"{name:20} {seconds:6.1f} s" for name, seconds in day.steps))
    return 0


if __name__ == "__main__":
    sys.exit(main())
