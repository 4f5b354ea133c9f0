"""A bundle for machines without internet: every wheel of the lock, pip itself, an installer, the docs, the licences.

The lock says which files may come in (by SHA-256); the bundle carries a list of its own of what is in it, and the
installer holds pip to that list. `SHA256SUMS` covers every file. Nothing in it depends on when or where it was built
but the wheel of nut2, which exists as source only.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[2]
INSTALLER = Path(__file__).with_name("install.sh")
# Debian keeps ensurepip apart from Python: the bundle brings its pip along, which runs straight from its wheel.
PIP = "pip==26.3 --hash=sha256:f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
# The moment hatchling writes into every wheel, 2020-02-02T00:00:00Z.
EPOCH = 1580601600
DOCUMENTS = ("README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE")
_LICENCE = re.compile(r"[^/]+\.dist-info/(?:.*/)?((?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)", re.IGNORECASE)


class BundleError(Exception):
    """The bundle cannot be made; one sentence."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A finished bundle: the archive, its SHA-256 in hex, and the versions of Python it serves."""

    path: Path
    sha256: str
    pythons: tuple[str, ...]


def build(folder: Path, others: Sequence[str] = ()) -> Bundle:
    """Builds the bundle into `folder`: for the Python that runs this, and `others` such as `3.12`.

    Raises:
        BundleError: a wheel cannot be had; the index pip uses must be reachable.
    """
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    pythons = (here, *others)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="offline") as made:
        work = Path(made)
        name = f"dutyroom-{_version()}-offline-{platform.system().lower()}-{platform.machine()}"
        top = work / name
        wheels = top / "wheels"
        wheels.mkdir(parents=True)
        _project(wheels)
        _libraries(work, wheels, pythons)
        _own_pip(work, wheels)
        _licences(top, wheels)
        (top / "requirements.txt").write_text(_list_of(wheels), "utf-8")
        _documents(top)
        _installer(top, pythons)
        _sums(top)
        return Bundle(*_archive(top, folder / f"{name}.tar.gz"), pythons)


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def _pip(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words],
        env=os.environ | {"SOURCE_DATE_EPOCH": str(EPOCH)},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise BundleError(f"pip {words[0]} failed: {done.stderr.strip()[-2000:]}")


def _project(wheels: Path) -> None:
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT))


def _libraries(work: Path, wheels: Path, pythons: Sequence[str]) -> None:
    here, *others = pythons
    # Takes what is a wheel already, and makes one of nut2.
    _pip("wheel", "--no-deps", "--require-hashes", "--wheel-dir", str(wheels), "-r", str(_lock_for(work, here)))
    for version in others:
        lock = _lock_for(work, version, but="nut2")
        _pip("download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--python-version", version,
             "--dest", str(wheels), "-r", str(lock))  # fmt: skip


def _lock_for(work: Path, version: str, but: str = "") -> Path:
    """The lines of the lock that a version of Python needs: pip would judge their markers by the Python it runs on."""
    target = {"python_version": version, "python_full_version": f"{version}.0"}
    kept = []
    for entry in re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text("utf-8")):
        said, _backslash, _hashes = entry.partition(" \\\n")
        if said.startswith("#") or not said.strip():
            continue
        wanted = Requirement(said)
        if wanted.name != but and (wanted.marker is None or wanted.marker.evaluate(target)):
            kept.append(entry.replace(said, f"{wanted.name}{wanted.specifier}", 1))
    path = work / f"lock-{version}.txt"
    path.write_text("\n".join(kept) + "\n", "utf-8")
    return path


def _own_pip(work: Path, wheels: Path) -> None:
    wanted = work / "pip.txt"
    wanted.write_text(PIP + "\n", "utf-8")
    _pip("download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--dest", str(wheels), "-r", str(wanted))


def _list_of(wheels: Path) -> str:
    """What the installer asks of pip: every distribution with the hashes of its wheels in this bundle."""
    found: dict[str, list[str]] = {}
    for wheel in sorted(wheels.iterdir()):
        name, version, _build, _tags = parse_wheel_filename(wheel.name)
        # nut2 cannot run on 3.13, where our own session stands alone.
        marker = ' ; python_version < "3.13"' if name == "nut2" else ""
        if name != "pip":
            found.setdefault(f"{name}=={version}{marker}", []).append(_sha256(wheel))
    return "".join(f"{said} " + " ".join(f"--hash=sha256:{one}" for one in sums) + "\n" for said, sums in found.items())


def _licences(top: Path, wheels: Path) -> None:
    """The licence texts of everything in the bundle, as each wheel carries them."""
    for wheel in sorted(wheels.iterdir()):
        name = canonicalize_name(wheel.name.partition("-")[0])
        with zipfile.ZipFile(wheel) as archive:
            for inside in archive.namelist():
                match = _LICENCE.fullmatch(inside)
                if match is not None:
                    there = top / "licences" / name / match[1]
                    there.parent.mkdir(parents=True, exist_ok=True)
                    there.write_bytes(archive.read(inside))
        if not (top / "licences" / name).is_dir():
            raise BundleError(f"{wheel.name} carries no licence: it may not be passed on")


def _documents(top: Path) -> None:
    for name in DOCUMENTS:
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, top / name)
    if (ROOT / "docs").is_dir():
        shutil.copytree(ROOT / "docs", top / "docs")
    shutil.copytree(ROOT / "data" / "systemd", top / "systemd")


def _installer(top: Path, pythons: Sequence[str]) -> None:
    script = INSTALLER.read_text("utf-8")
    filled = {"@VERSION@": _version(), "@PYTHONS@": " ".join(pythons), "@MACHINE@": platform.machine()}
    for mark, value in filled.items():
        script = script.replace(mark, value)
    path = top / "install.sh"
    path.write_text(script, "utf-8")
    path.chmod(0o755)


def _sums(top: Path) -> None:
    files = sorted(path for path in top.rglob("*") if path.is_file())
    lines = "".join(f"{_sha256(path)}  {path.relative_to(top).as_posix()}\n" for path in files)
    (top / "SHA256SUMS").write_text(lines, "utf-8")


def _archive(top: Path, path: Path) -> tuple[Path, str]:
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for one in sorted([top, *top.rglob("*")]):
            archive.add(one, one.relative_to(top.parent).as_posix(), recursive=False, filter=_anonymous)
    return path, _sha256(path)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Owner, time and umask of the machine that built it are nobody's business."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = EPOCH
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
