"""The page of the ledger is enough to recompute it: its example adds up, and its program agrees with `verify`."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.rooms import HOST, RoomFolder
from tests.cli.test_records import begin_round
from tests.docs.check import blocks
from tests.docs.pages import DOCS

PAGE = (DOCS / "ledger.md").read_text("utf-8")


def test_the_example_adds_up() -> None:
    row, line, following = (block.text.strip() for block in blocks(PAGE) if block.language == "json")
    hashes = re.findall(r"`([0-9a-f]{64})`", PAGE)
    assert [hashlib.sha256(text.encode()).hexdigest() for text in (row, line, following)] == hashes
    for text in (row, line, following):
        again = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert again == text
    assert json.loads(line)["row_sha256"] == hashes[0]
    assert json.loads(following)["previous"] == hashes[1]


def test_the_columns_of_the_page_are_those_that_enter() -> None:
    from dutyroom.store.evidence import FIRST

    (program,) = (block.text for block in blocks(PAGE) if block.language == "python")
    told = eval(re.search(r"FIRST = (\{.*?\n\})", program, re.DOTALL)[1])  # type: ignore[index]
    assert {table: set(names.split()) for table, names in told.items()} == {
        table: set(names) for table, names in FIRST.items()
    }


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        ("", ["intact"]),
        ("UPDATE entries SET note = 'nothing' WHERE item = 'env.water'", ["entry:1/env.water/"]),
        ("UPDATE ledger SET actor = 'li' WHERE seq = 2", ["line 2"]),
        ("DELETE FROM ledger WHERE seq = 2", ["line 3", "operator:zhang"]),
        ("DELETE FROM entries WHERE item = 'env.temp.cold'", ["entry:1/env.temp.cold/ is gone"]),
    ],
)
def test_the_program_of_the_page_finds_what_verify_finds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], edit: str, found: list[str]
) -> None:
    room = RoomFolder(tmp_path, capsys)
    room.write(HOST)
    room.enrol()
    begin_round(room)
    assert room.run("backup").code == 0
    if edit:
        with sqlite3.connect(room.database) as forger:
            for (name,) in forger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                forger.execute(f'DROP TRIGGER "{name}"')
            forger.execute(edit)
        forger.close()
    (program,) = (block.text for block in blocks(PAGE) if block.language == "python")
    script = tmp_path / "recompute.py"
    script.write_text(program, "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(script), str(room.database)], capture_output=True, text=True, timeout=60
    )
    *told, head = done.stdout.split("\n")[:-1]
    assert (told, done.returncode) == (found, 1 if edit else 0), done.stderr
    verified = room.run("verify", "--json").document
    assert verified["intact"] is (not edit)
    assert verified["head"] == head
