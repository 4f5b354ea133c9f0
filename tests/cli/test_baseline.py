"""`dutyroom baseline`: accepted with a password, shown port by port, refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from dutyroom import clock
from tests.cli.rooms import SWITCH, RoomFolder
from tests.ui.room_samples import network_sample, switch_ports


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RoomFolder:
    monkeypatch.setenv("DUTYROOM_TEST_COMMUNITY", "public")
    made = RoomFolder(tmp_path, capsys)
    made.write(SWITCH)
    made.enrol()
    made.record(network_sample("core-1", clock.now(), switch_ports(4)))
    return made


def test_a_lead_accepts_the_ports_and_anybody_reads_them(room: RoomFolder) -> None:
    assert room.run("baseline", "show", "core-1").code == 1
    given = ("--as", "admin", "--password-file", room.password_file(), "--critical", "*0/0/1")
    done = room.run("baseline", "accept", "core-1", *given)
    assert (done.code, "1 critical" in done.out) == (0, True), done.err
    shown = room.run("baseline", "show", "core-1")
    assert shown.code == 0
    assert "0/0/1" in shown.out
    assert room.run("verify").code == 0


def test_a_technician_and_a_wrong_password_are_refused_and_leave_nothing(room: RoomFolder) -> None:
    mine = room.run("baseline", "accept", "core-1", "--as", "zhang", "--password-file", room.password_file())
    wrong = room.password_file("not the password", name="wrong")
    other = room.run("baseline", "accept", "core-1", "--as", "admin", "--password-file", wrong)
    assert mine.code != 0
    assert other.code != 0
    assert room.run("baseline", "show", "core-1", "--json").document["baselines"] == []


def test_a_device_that_is_none_is_named(room: RoomFolder) -> None:
    refused = room.run("baseline", "show", "core-9")
    assert refused.code != 0
    assert "core-9" in refused.err
