"""The bundle for machines without internet: installed where there is nothing, by a shell that knows nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.offline import bundle as offline
from tests.offline.bundle import Bundle, BundleError, build

ROOT = offline.ROOT
# The demo needs the loopback, which is down in a new network: SIOCSIFFLAGS (netdevice(7)) with IFF_UP and IFF_RUNNING.
LOOPBACK = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
    fcntl.ioctl(asked, 0x8914, struct.pack("16sh22x", b"lo", 0x41))
os.execvp(sys.argv[1], sys.argv[1:])
"""
# A network of its own has no way out; only root may make one.
CUT_OFF = ["unshare", "-n", sys.executable, "-c", LOOPBACK] if os.geteuid() == 0 and shutil.which("unshare") else []
BASE = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle for this Python. Only here is the index asked that pip uses."""
    try:
        return build(tmp_path_factory.mktemp("bundle"))
    except BundleError as error:
        if os.environ.get("DUTYROOM_REQUIRE_PEERS") == "1":
            raise
        pytest.skip(f"needs the index that pip uses: {error}")


@pytest.fixture
def unpacked(bundle: Bundle, tmp_path: Path) -> Path:
    """The folder a person has after `tar xzf`."""
    with tarfile.open(bundle.path) as archive:
        archive.extractall(tmp_path / "stick", filter="data")
    (top,) = (tmp_path / "stick").iterdir()
    return top


def shell(home: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as a new account on a machine without network: an empty home, nothing in the environment."""
    home.mkdir(exist_ok=True)
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "PIP_INDEX_URL"), "http://127.0.0.1:9")
    return subprocess.run(
        [*CUT_OFF, *command],
        cwd=home,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", **nowhere, **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
    )


def install(top: Path, home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs the installer into `home`."""
    return shell(home, "sh", str(top / "install.sh"), "--to", str(home / "lib"), "--link", str(home / "bin"),
                 "--python", str(BASE), *words, **more)  # fmt: skip


def test_it_installs_with_nothing_but_python_and_does_the_main_job(unpacked: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = install(unpacked, home)
    assert done.returncode == 0, done.stderr
    assert "dutyroom init" in done.stdout
    program = str(home / "bin" / "dutyroom")
    version = shell(home, program, "--version")
    assert version.stdout == f"dutyroom {offline._version()}\n"
    python = str(home / "lib" / "current" / "bin" / "python")
    where = shell(home, python, "-c", "import dutyroom; print(dutyroom.__file__)")
    assert where.stdout.startswith(str(home / "lib"))
    played = shell(home, program, "demo", "--plain", "--data", str(home / "demo"))
    assert played.returncode == 0, played.stderr
    assert re.search(r"^Workbook: .+\.xlsx$", played.stdout, re.MULTILINE)
    assert "no answer" not in played.stdout
    verified = shell(home, program, "verify", "--json", "--config", str(home / "demo" / "site.toml"))
    assert json.loads(verified.stdout)["intact"] is True
    doctor = shell(home, program, "doctor", "--json", "--config", str(home / "demo" / "site.toml"))
    checks = {check["check"]: check["verdict"] for check in json.loads(doctor.stdout)["checks"]}
    assert {checks[name] for name in ("python", "snmpv3", "sqlite")} == {"ok"}


def test_a_second_run_changes_nothing_and_an_upgrade_keeps_the_old_program(unpacked: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert install(unpacked, home).returncode == 0
    (first,) = (path for path in (home / "lib").iterdir() if path.name != "current")
    again = install(unpacked, home, LANG="zh_CN.UTF-8")
    assert again.returncode == 0
    assert "已安装" in again.stdout
    assert "正在安装" not in again.stdout
    # Another bundle: a file more in it, and sums that say so.
    (unpacked / "docs-of-the-house.txt").write_text("call 0000")
    offline._sums(unpacked)
    sums = unpacked / "SHA256SUMS"
    sums.write_text("".join(line for line in sums.read_text().splitlines(True) if not line.endswith("  SHA256SUMS\n")))
    assert install(unpacked, home).returncode == 0
    folders = {path for path in (home / "lib").iterdir() if path.name != "current"}
    assert len(folders) == 2
    assert first in folders
    assert (home / "lib" / "current").resolve() != first
    assert shell(home, str(first / "bin" / "dutyroom"), "--version").returncode == 0


def test_a_changed_wheel_is_refused_by_the_sums_and_by_pip_too(unpacked: Path, tmp_path: Path) -> None:
    (wheel,) = (unpacked / "wheels").glob("psutil-*.whl")
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    refused = install(unpacked, tmp_path / "home")
    assert refused.returncode == 1
    assert wheel.name in refused.stderr
    assert "Nothing was installed" in refused.stderr
    # Somebody who changes the wheel changes the sums with it; the list with the hashes is another file.
    sums = unpacked / "SHA256SUMS"
    new = hashlib.sha256(wheel.read_bytes()).hexdigest()
    sums.write_text(re.sub(rf"[0-9a-f]+(  wheels/{re.escape(wheel.name)})", rf"{new}\1", sums.read_text()))
    refused = install(unpacked, tmp_path / "home")
    assert refused.returncode == 1
    assert "HASH" in refused.stderr.upper()
    assert not (tmp_path / "home" / "bin" / "dutyroom").exists()
    assert list((tmp_path / "home" / "lib").iterdir()) == []


def test_the_wrong_python_and_a_command_in_the_way_are_refused_in_a_sentence(unpacked: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho 3.6\n")
    other.chmod(0o755)
    refused = shell(home, "sh", str(unpacked / "install.sh"), "--python", str(other))
    assert refused.returncode == 1
    assert "is Python 3.6" in refused.stderr
    assert shell(home, "sh", str(unpacked / "install.sh"), "--sideways").returncode == 2
    (home / "bin").mkdir()
    (home / "bin" / "dutyroom").write_text("somebody's own")
    refused = install(unpacked, home)
    assert refused.returncode == 1
    assert not (home / "lib").exists()
    assert "is no link" in refused.stderr
    assert (home / "bin" / "dutyroom").read_text() == "somebody's own"


def test_the_bundle_holds_the_licences_the_docs_the_unit_and_nobodys_name(bundle: Bundle) -> None:
    with tarfile.open(bundle.path) as archive:
        members = archive.getmembers()
        inside = {member.name.partition("/")[2] for member in members}
        listed = archive.extractfile(next(one for one in members if one.name.endswith("/requirements.txt")))
        assert listed is not None
        pinned = listed.read().decode()
    assert {member.uname for member in members} == {""}
    assert {member.mtime for member in members} == {offline.EPOCH}
    assert {"LICENSE", "README.md", "SHA256SUMS", "install.sh", "systemd/dutyroom-collect.service"} <= inside
    wheels = [name for name in inside if name.endswith(".whl")]
    for line in pinned.splitlines():
        name = line.partition("==")[0]
        assert any(inner.startswith(f"licences/{name}/") for inner in inside), name
    assert len(pinned.splitlines()) == len(wheels) - 1
    locked = {
        name.lower() for name in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.M)
    }
    assert {line.partition("==")[0] for line in pinned.splitlines()} - {"dutyroom"} <= locked


def test_the_lock_is_read_for_the_python_that_will_run_and_not_for_this_one(tmp_path: Path) -> None:
    def names(version: str) -> set[str]:
        text = offline._lock_for(tmp_path, version).read_text()
        assert text.count("--hash=sha256:") > 50
        return set(re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE))

    assert names("3.12") - names("3.13") == {"nut2"}
    assert names("3.13") < names("3.12")
    assert "colorama" not in names("3.11")
