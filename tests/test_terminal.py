"""The whole main job in a real terminal, by keys alone: the board, a round walked and signed, and what it left."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tmux import Tmux, cursor_row, progress

ROOT = Path(__file__).resolve().parents[1]
DUTYROOM = [sys.executable, "-m", "dutyroom"]
NOTE = "滤网有灰，已清理"


def command_line(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command on the demo's records."""
    site = ["--config", str(folder / "site.toml")]
    return subprocess.run(
        [*DUTYROOM, *arguments, *site], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def document(folder: Path, *arguments: str) -> Any:
    """What a command prints with --json."""
    done = command_line(folder, *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def answer(terminal: Tmux, rows: list[str]) -> None:
    """One answer, chosen from nothing but what stands on the screen; waits until the screen has changed by it."""
    at = cursor_row(rows)
    if is_noting(rows):
        terminal.type(NOTE, "Enter")
    elif is_asking(rows):
        terminal.keys("Enter")
    elif at is None:
        terminal.keys("Tab")
    else:
        _answer_line(terminal, rows[at], rows[at + 1])
    before = (progress(rows), is_noting(rows), is_asking(rows), at is None)
    terminal.until(lambda now: (progress(now), is_noting(now), is_asking(now), cursor_row(now) is None) != before)


def is_noting(rows: list[str]) -> bool:
    """True while a note is being asked for."""
    return any(row.startswith("      note:") for row in rows)


def is_asking(rows: list[str]) -> bool:
    """True while it is asked which finding an answer stands for."""
    return any("Which finding is it?" in row for row in rows)


def _answer_line(terminal: Tmux, row: str, below: str) -> None:
    limits = re.search(r"(-?[\d.]+)–(-?[\d.]+)\s*[▁▂▃▄▅▆▇█]*$", row)
    if "+ accepts" in row:
        terminal.type("+")
    elif " ago, " in row or "computed" in row or "rectifications" in row:
        terminal.keys("Enter")
    elif re.match(r"\s+1 \S", below):
        terminal.type("1")
    elif limits is not None:
        terminal.type(f"{(float(limits[1]) + float(limits[2])) / 2:g}", "Enter")
    elif "[" in row:
        terminal.type("1", "Enter")
    else:
        terminal.keys("Space")


def begin(terminal: Tmux) -> list[str]:
    """From the board into the round, signed in with the demo's login."""
    terminal.shows("watching ✓")
    terminal.keys("Enter")
    terminal.shows("enter goes on, esc goes back")
    terminal.keys("Enter")
    return terminal.until(lambda rows: progress(rows)[1] > 0 and cursor_row(rows) is not None)


@pytest.mark.peer("tmux")
def test_a_round_is_walked_and_signed_by_keys_alone_in_a_terminal(tmp_path: Path) -> None:
    demo = [*DUTYROOM, "demo", "--data", str(tmp_path), "--seed", "1"]
    with Tmux(ROOT) as terminal:
        terminal.start([*demo, "--days", "2"])
        rows = begin(terminal)
        assert progress(rows)[0] == 0
        _first_lines(terminal)
        left = progress(terminal.screen())
        terminal.keys("Escape")
        terminal.shows("enter goes on with it")
        terminal.keys("q")
        assert terminal.exit_code() == 0

        terminal.start(demo)
        rows = begin(terminal)
        assert progress(rows) == left, "coming back goes on where it was"
        while progress(rows)[0] < progress(rows)[1]:
            answer(terminal, rows)
            rows = terminal.screen()
        _sign(terminal)
        terminal.keys("q")
        assert terminal.exit_code() == 0
    _check_records(tmp_path, rows)


def _first_lines(terminal: Tmux) -> None:
    """The first lines with odd keys: digits on a check, an abnormal answer, undo, another size of the window."""
    terminal.type("12*")
    terminal.shows("note:")
    terminal.keys("Escape")
    # A key right behind escape would be taken for alt and that key, as in every terminal.
    terminal.until(lambda rows: not is_noting(rows))
    terminal.type("-")
    terminal.until(is_noting)
    terminal.type("门禁 q 2 -", "Enter")
    terminal.until(lambda rows: progress(rows)[0] == 1)
    terminal.shows("“门禁 q 2 -”")
    terminal.keys("u")
    terminal.until(lambda rows: progress(rows)[0] == 0)
    terminal.keys("C-c", "Space", "Space", "Space")
    terminal.until(lambda rows: progress(rows)[0] == 3)
    for columns, rows_high in ((60, 20), (120, 40), (80, 24)):
        terminal.resize(columns, rows_high)
        terminal.until(lambda rows: cursor_row(rows) is not None and "space" in rows[-1] + rows[-2])
    terminal.type("２４．１", "Enter")
    rows = terminal.until(lambda rows: progress(rows)[0] == 4)
    assert any("24.1 °C" in row for row in rows)


def _sign(terminal: Tmux) -> None:
    terminal.keys("F10")
    terminal.shows("enter signs")
    terminal.type("the wrong one", "Enter")
    terminal.shows("The password is wrong")
    terminal.type("walk the room 1", "Enter")
    terminal.shows("Signed. The round is read-only")
    terminal.keys("Space", "u")
    terminal.keys("Escape")
    terminal.until(lambda rows: any("✓ Daily round" in row and "signed" in row for row in rows))


def _check_records(folder: Path, rows: list[str]) -> None:
    newest = document(folder, "rounds", "list")["rounds"][-1]
    assert (newest["state"], newest["signed_by"]) == ("signed", "zhangwei")
    entries = document(folder, "rounds", "show", str(newest["id"]))["entries"]
    assert len(entries) == progress(rows)[1]
    assert all(entry["answer"] for entry in entries)
    assert next(entry["value"] for entry in entries if entry["item"] == "env.temp.cold") == 24.1
    assert command_line(folder, "verify").returncode == 0
