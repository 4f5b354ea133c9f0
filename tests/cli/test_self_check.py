"""`dutyroom self-check`: what is set stands in the list, and who may not set it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.rooms import HOST, RoomFolder


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> RoomFolder:
    made = RoomFolder(tmp_path, capsys)
    made.write(HOST)
    made.enrol()
    return made


def test_what_is_set_stands_in_the_list(room: RoomFolder) -> None:
    signed = ("--as", "admin", "--password-file", room.password_file())
    told = ("--result", "partly", "--text", "raised floor", "--plan", "ground the cabinets")
    assert room.run("self-check", "set", "room.static", *told, *signed).code == 0
    rows = {one["id"]: one for one in room.run("self-check", "list", "--json").document["self_check"]}
    assert rows["room.static"]["result"] == "partly"
    assert rows["room.static"]["answer"]["plan"] == "ground the cabinets"
    assert "partly met" in room.run("self-check", "list").out
    assert room.run("self-check", "list", "--period", "2026-Q9").code == 2


def test_a_row_there_is_none_of_is_refused_with_the_nearest(room: RoomFolder) -> None:
    signed = ("--as", "admin", "--password-file", room.password_file())
    refused = room.run("self-check", "set", "room.statik", "--text", "x", *signed)
    assert refused.code == 1
    assert "did you mean room.static?" in refused.err
    assert room.run("self-check", "set", "room.static", *signed).code == 1
