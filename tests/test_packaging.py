"""The wheel: built from what a clone holds, complete, nothing else in it, and working where no checkout is near."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[1]
CLONED = (
    "dutyroom",
    "screens",
    "data",
    "tests",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    ".gitignore",
)
# What lies about in a used checkout and git does not keep, or keeps for developers only.
STRAY = (
    "dutyroom/__pycache__/clock.cpython-311.pyc",
    "dutyroom/stray.pyc",
    "screens/widgets/__pycache__/lines.cpython-311.pyc",
    "data/checklists/__pycache__/daily.pyc",
    "data/dutyroom.db",
    "demo-room/site.toml",
    "dutyroom.egg-info/PKG-INFO",
    "build/lib/dutyroom/old.py",
)


def clone(folder: Path) -> Path:
    """The files a git clone would have; like git it knows no empty folders."""
    for name in CLONED:
        found = [ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).rglob("*"))
        for path in found:
            if path.is_file() and "__pycache__" not in path.parts:
                there = folder / path.relative_to(ROOT)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, there)
    return folder


def clean_environment() -> dict[str, str]:
    """This test's environment without anything that leads Python elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "VIRTUAL_ENV"))}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def pip(*words: str) -> None:
    """Runs pip without the network."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", *words],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with stray files in it."""
    folder = clone(tmp_path_factory.mktemp("clone"))
    for name in STRAY:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"stray")
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the clone."""
    built = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(built), str(source))
    (one,) = built.glob("*.whl")
    return one


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in an environment of its own, which sees the libraries of this one but not its checkout."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    pip("--python", str(home / "bin" / "python"), "install", "--no-deps", "--no-index", str(wheel))
    (packages,) = home.glob("lib/python*/site-packages")
    # A folder named in a .pth file is searched, but .pth files in it (an editable install) are not read.
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "libraries.pth").write_text("".join(f"{path}\n" for path in sorted(libraries)))
    return home


def run(home: Path, folder: Path, *words: str, more: Mapping[str, str] | None = None) -> str:
    """What a program of the installed environment prints, run in `folder`."""
    done = subprocess.run(
        [str(home / "bin" / words[0]), *words[1:]],
        cwd=folder,
        env=clean_environment() | dict(more or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def expected(source: Path) -> dict[str, Path]:
    """Every file the wheel of a clone must hold besides its metadata, and where it is in the clone."""
    files: dict[str, Path] = {}
    for part, target in (("dutyroom", "dutyroom"), ("screens", "screens"), ("data", "dutyroom/data")):
        for path in (source / part).rglob("*"):
            if path.is_file() and path.relative_to(source).as_posix() not in STRAY:
                files[f"{target}/{path.relative_to(source / part).as_posix()}"] = path
    return files


def test_the_wheel_holds_every_file_of_both_packages_and_the_data_and_nothing_else(source: Path, wheel: Path) -> None:
    files = expected(source)
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert inside == set(files)
        differing = [name for name, path in files.items() if archive.read(name) != path.read_bytes()]
    assert differing == []
    assert {
        "dutyroom/py.typed",
        "screens/py.typed",
        "screens/app.tcss",
        "screens/dialogs/signin.tcss",
        "dutyroom/data/checklists/daily.toml",
        "dutyroom/data/examples/site.toml",
        "dutyroom/data/locale/zh_CN/LC_MESSAGES/dutyroom.mo",
        "dutyroom/store/migrations/env.py",
        "dutyroom/store/migrations/script.py.mako",
    } <= inside


def test_the_wheel_carries_the_licence_and_says_what_it_needs(source: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name.partition(".dist-info/")[2]: name for name in archive.namelist() if ".dist-info/" in name}
        assert archive.read(names["licenses/LICENSE"]) == (source / "LICENSE").read_bytes()
        metadata = archive.read(names["METADATA"]).decode()
        entry_points = archive.read(names["entry_points.txt"]).decode()
    assert "License-Expression: GPL-3.0-or-later" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert re.search(r"^Requires-Dist: nut2.*python_version < ['\"]3\.13['\"]$", metadata, re.MULTILINE)
    assert "dutyroom = dutyroom.cli.start:main" in entry_points


def test_the_installed_program_is_its_own_and_finds_its_files(installed: Path, tmp_path: Path) -> None:
    asked = (
        "import importlib.util, dutyroom, screens; from dutyroom.resources import data_path; "
        "print(dutyroom.__file__, screens.__file__, data_path('checklists'), importlib.util.find_spec('tests'))"
    )
    *places, tests = run(installed, tmp_path, "python", "-c", asked).split()
    assert all(Path(place).is_relative_to(installed) for place in places), places
    assert tests == "None"
    assert run(installed, tmp_path, "dutyroom", "--version").startswith("dutyroom ")
    help_in_chinese = run(installed, tmp_path, "dutyroom", "--lang", "zh_CN", "--help")
    assert help_in_chinese != run(installed, tmp_path, "dutyroom", "--help")


def test_the_installed_demo_does_the_main_job_far_from_any_checkout(installed: Path, tmp_path: Path) -> None:
    data = tmp_path / "demo"
    printed = run(installed, tmp_path, "dutyroom", "demo", "--plain", "--data", str(data))
    named = re.search(r"^Workbook: (.+\.xlsx)$", printed, re.MULTILINE)
    assert named is not None, printed
    path = Path(named.group(1))
    assert path.is_relative_to(data)
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) > 1
    assert any(cell.value is not None for cell in book.worksheets[0][1])
    book.close()
    run(installed, tmp_path, "dutyroom", "verify", "--config", str(data / "site.toml"))


def test_the_installed_screens_come_up_with_their_style_sheets(installed: Path, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(
        f'language = "en"\ntimezone = "Asia/Shanghai"\n[site]\nname = "Ward"\n[store]\nurl = "sqlite:///{tmp_path}/store/duty.db"\n'
        '[[server]]\nname = "duty-pc"\nsource = "local"\n'
    )
    command = [str(installed / "bin" / "dutyroom"), "--config", str(site)]
    with Terminal(command, clean_environment(), tmp_path) as terminal:
        terminal.until("watching")
        assert terminal.leave() == 0
