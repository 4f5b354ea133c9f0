"""A real snmpd on a free loopback port, and net-snmp's own commands as the reference clients."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMUNITY = "lab-reader"
USER, AUTH_PASSWORD, PRIV_PASSWORD = "duty", "auth-password-1", "priv-password-1"
V3 = ("-v3", "-u", USER, "-l", "authPriv", "-a", "SHA-256", "-A", AUTH_PASSWORD, "-x", "AES", "-X", PRIV_PASSWORD)
V2C = ("-v2c", "-c", COMMUNITY)
PLACES = os.pathsep.join(("/usr/sbin", "/usr/bin", os.environ.get("PATH", "")))

CONFIG = """\
rocommunity {community} 127.0.0.1
createUser {user} SHA-256 "{auth}" AES "{priv}"
rouser {user} authPriv
sysName lab-host
sysLocation 机房
sysServices 72
disk / 10%
"""
# Further users by (auth, privacy) as net-snmp names them; each is called after its protocols.
USERS = (
    ("MD5", "DES"),
    ("SHA", "AES"),
    ("SHA-224", "AES-192"),
    ("SHA", "AES-256"),
    ("SHA", "AES-256-C"),
    ("SHA-384", "AES-256"),
    ("SHA-512", "AES-192-C"),
)


@dataclass(frozen=True)
class Snmpd:
    """A running agent: where it listens, and the environment its clients need."""

    port: int
    home: Path

    def client(self, program: str, *oids: str, access: tuple[str, ...] = V2C) -> list[str]:
        """The lines of snmpget, snmpwalk or snmpbulkwalk, numeric, values bare of type."""
        found = shutil.which(program, path=PLACES)
        assert found is not None
        command = [found, *access, "-On", "-OQ", "-Oe", "-Ot", "-m", "", f"127.0.0.1:{self.port}", *oids]
        done = subprocess.run(command, capture_output=True, text=True, env=_environment(self.home), check=True)
        return done.stdout.splitlines()

    def walk(self, column: str, access: tuple[str, ...] = V2C) -> dict[int, str]:
        """snmpbulkwalk over one column: the last number of each OID and its value as text without quotes."""
        values = {}
        for line in self.client("snmpbulkwalk", column, access=access):
            name, _, value = line.partition(" = ")
            values[int(name.rpartition(".")[2])] = value.strip().strip('"')
        return values

    def get(self, oid: str) -> str:
        """snmpget of one variable as text without quotes."""
        return self.client("snmpget", oid)[0].partition(" = ")[2].strip().strip('"')


def _environment(home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "PATH": PLACES,
        "LC_ALL": "C.UTF-8",
        "SNMPCONFPATH": str(home),
        "SNMP_PERSISTENT_DIR": str(home / "persistent"),
        "MIBS": "",
    }


def free_udp_port() -> int:
    """A UDP port nobody has on 127.0.0.1 just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_snmpd(home: Path, port: int = 0, lines: str = "") -> Iterator[Snmpd]:
    """snmpd with a v2c community and a v3 user, its files in `home`; ended at the end.

    `lines` are more lines of its configuration, such as `override OID TYPE VALUE`.
    """
    program = shutil.which("snmpd", path=PLACES)
    assert program is not None
    persistent = home / "persistent"
    persistent.mkdir(parents=True)
    config = home / "agent.conf"
    further = "".join(
        f'createUser {auth}.{priv} {auth} "{AUTH_PASSWORD}" {priv} "{PRIV_PASSWORD}"\nrouser {auth}.{priv} authPriv\n'
        f'createUser {auth} {auth} "{AUTH_PASSWORD}"\nrouser {auth} authNoPriv\n'
        for auth, priv in USERS
    )
    config.write_text(
        CONFIG.format(community=COMMUNITY, user=USER, auth=AUTH_PASSWORD, priv=PRIV_PASSWORD) + further + lines,
        encoding="utf-8",
    )
    agent = Snmpd(port or free_udp_port(), home)
    command = [
        program,
        "-f",
        "-Lf",
        str(home / "log"),
        "-C",
        "-c",
        str(config),
        "-I",
        "-smux",
        f"udp:127.0.0.1:{agent.port}",
    ]
    process = subprocess.Popen(command, env=_environment(home), stdin=subprocess.DEVNULL)
    try:
        _wait_until_it_answers(agent, process)
        yield agent
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_it_answers(agent: Snmpd, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            log = (agent.home / "log").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"snmpd ended with {process.returncode}: {log}")
        try:
            agent.client("snmpget", "1.3.6.1.2.1.1.3.0", access=("-t", "0.2", "-r", "0", *V2C))
        except subprocess.CalledProcessError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("snmpd does not answer")
