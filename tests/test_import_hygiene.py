"""What a process loads: a command that needs no library waits for none, and no process has two SQLite libraries."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# What makes a start slow; the standard library and typer are not on the list.
HEAVY = {
    *("alembic", "argon2", "cryptography", "nut2", "openpyxl", "psutil", "pyasn1", "pydantic", "pysnmp", "rich"),
    *("sqlalchemy", "sqlite3", "pysqlite3", "sqlmodel", "textual"),
}
SCREENS_NEED = {"rich", "textual"}
SQLITE = {"_sqlite3", "pysqlite3._sqlite3"}
IMPORTED = re.compile(r"^import time: +\d+ \| +\d+ \| +([\w.]+)$", re.MULTILINE)
SITE = """
language = "en"
timezone = "Asia/Shanghai"
[site]
name = "Ward"
[store]
url = "sqlite:///{folder}/store/duty.db"
[[server]]
name = "duty-pc"
source = "local"
"""


def modules_of(*words: str, code: tuple[int, ...] = (0,)) -> set[str]:
    """Every module that a Python process started with these words has imported by its end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV"))}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *words],
        cwd=ROOT,
        env=kept,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in code, done.stderr[-2000:]
    found = set(IMPORTED.findall(done.stderr))
    assert "encodings" in found
    return found


def heavy(modules: set[str]) -> set[str]:
    """The libraries of HEAVY among them."""
    return {name.partition(".")[0] for name in modules} & HEAVY


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The site file of a room whose only source is this machine, with one poll in its store."""
    path = tmp_path / "site.toml"
    path.write_text(SITE.format(folder=tmp_path), encoding="utf-8")
    return path


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_version_and_help_wait_for_no_library(word: str) -> None:
    assert heavy(modules_of("-m", "dutyroom", word)) == set()


@pytest.mark.parametrize("command", ["demo", "status", "rounds", "export"])
def test_the_help_of_a_command_loads_no_more_than_typer_itself(command: str) -> None:
    # typer 0.29 checks the values of options with pydantic, also of those that were not given.
    assert heavy(modules_of("-m", "dutyroom", command, "--help")) <= {"pydantic"}


def test_the_screens_are_imported_with_the_terminal_library_alone() -> None:
    assert heavy(modules_of("-c", "import screens.app")) == SCREENS_NEED


@pytest.mark.parametrize(
    "module",
    ["dutyroom.board", "dutyroom.show", "dutyroom.rules.severity", "dutyroom.cli.main", "dutyroom.cli.compose"],
)
def test_what_the_screens_and_the_command_line_stand_on_is_light(module: str) -> None:
    assert heavy(modules_of("-c", f"import {module}")) == set()


def test_no_process_on_a_store_has_two_sqlite_libraries(site: Path) -> None:
    store = ("--config", str(site))
    loaded = {
        "collect": modules_of("-m", "dutyroom", "collect", "--once", *store),
        "status": modules_of("-m", "dutyroom", "status", *store, code=(0, 1)),
        "fresh": modules_of("-m", "dutyroom", "status", "--fresh", *store, code=(0, 1)),
        "verify": modules_of("-m", "dutyroom", "verify", *store),
        "rounds": modules_of("-m", "dutyroom", "rounds", "list", *store),
    }
    assert {name: len(modules & SQLITE) for name, modules in loaded.items()} == dict.fromkeys(loaded, 1)


def test_reading_the_store_loads_no_client_and_no_workbook(site: Path) -> None:
    modules_of("-m", "dutyroom", "collect", "--once", "--config", str(site))
    modules = modules_of("-m", "dutyroom", "status", "--config", str(site), code=(0, 1))
    assert heavy(modules) & {"nut2", "openpyxl", "psutil", "pysnmp", "textual", "alembic"} == set()
