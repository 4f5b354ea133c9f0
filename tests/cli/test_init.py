"""`dutyroom init` as a command: by answers, and in a terminal."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from dutyroom.cli.init import begin_with, system_zone
from dutyroom.cli.main import main
from dutyroom.config import load_site
from dutyroom.duty.operators import operators
from dutyroom.store.database import Store
from tests.cli.rooms import ROOT, in_own_process, program
from tests.fakes import FakeUpsd
from tests.terminal import Terminal
from tests.tmux import Tmux

ANSWERS = """
timezone = "Asia/Shanghai"
[site]
name = "Ward"
[[nut]]
server = "127.0.0.1:{port}"
[admin]
name = "admin"
"""
SECRET = re.compile(r"^    ([a-z0-9]{4}(?:-[a-z0-9]{4}){2})$", re.MULTILINE)


def home() -> Path:
    """The empty home of this test."""
    return Path(os.environ["HOME"])


def answers_in(folder: Path, port: int) -> str:
    """An answers file that sets up a room in the user's own place."""
    path = folder / "answers.toml"
    path.write_text(f'site_file = "{home()}/room/site.toml"\n' + ANSWERS.format(port=port), "utf-8")
    return str(path)


def test_answers_make_a_room_whose_secret_is_told_once(
    upsd: FakeUpsd, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--answers", answers_in(tmp_path, upsd.port)]) == 1
    said = capsys.readouterr().out
    site = load_site(home() / "room" / "site.toml")
    assert [ups.name for ups in site.ups] == ["ups-a", "ups-b"]
    (secret,) = SECRET.findall(said)
    assert said.count(secret) == 1
    assert said.index("Records") < said.index(secret), "told last, where the eye is"
    assert f"dutyroom --config {home()}/room/site.toml" in said
    store = Store.open(site.store_url, read_only=True)
    assert [(one.name, one.role.value) for one in operators(store)] == [("admin", "admin")]
    store.close()
    assert secret.encode() not in b"".join(path.read_bytes() for path in home().rglob("*") if path.is_file())

    assert main(["init", "--answers", answers_in(tmp_path, upsd.port)]) == 1
    again = capsys.readouterr().out
    assert SECRET.findall(again) == []
    assert "There are operators already: admin" in again


def test_a_server_that_does_not_answer_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--answers", answers_in(tmp_path, 9)]) == 4
    said = capsys.readouterr()
    assert "LISTEN" in said.out
    assert "unverified = true" in said.err
    assert not (home() / "room").exists()


def test_without_answers_and_without_input_nothing_is_written() -> None:
    done = in_own_process(["init", "--lang", "en"])
    assert done.returncode == 1
    assert b"Nothing was written." in done.stderr
    assert list(home().iterdir()) == []


def test_lines_from_a_pipe_are_answers_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "piped.toml"
    lines = ["2", str(place), "县医院", "", "", "", "none", "", "", "n", "", "", "", "y"]
    reading, writing = os.pipe()
    os.write(writing, "".join(f"{line}\n" for line in lines).encode())
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as piped:
        monkeypatch.setattr(sys, "stdin", piped)
        assert main(["init"]) == 1
    assert load_site(place).name == "县医院"


@pytest.mark.peer("tmux")
def test_ctrl_c_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    with Tmux(ROOT) as terminal:
        terminal.start(program("init", "--lang", "en", "--config", str(tmp_path / "site.toml")))
        terminal.shows("Site file [")
        terminal.keys("Enter")
        terminal.shows("Hospital:")
        terminal.keys("C-c")
        rows = terminal.shows("Nothing was written.")
        assert any("[ended with 130]" in row for row in terminal.shows("[ended with")), rows
    assert list(tmp_path.iterdir()) == []


def test_a_newcomer_types_through_it_in_a_terminal(upsd: FakeUpsd) -> None:
    """`dutyroom` alone, in a terminal, with nothing there yet: it offers, asks, writes, and opens the screens."""
    talk = [
        ("1 / 2 [1]: ", "1"),
        ("1 / 2 / 3 [1]: ", "1"),
        ("Site file [", f"{home()}/room/site.toml"),
        ("Hospital: ", "县人民医院"),
        ("Room [Machine room]: ", "HIS"),
        ("Time zone [", "Asia/Shanghai"),
        ("Hold time of the UPSes [3h]: ", "6h"),
        ("NUT server", f"127.0.0.1:{upsd.port}"),
        ("Which of them are watched [all]: ", "1"),
        ("ups-a: what people call it", "UPS A 主路"),
        ("ups-a: hold time [6h]: ", ""),
        ("What next: ", ""),
        ("What next: ", ""),
        ("Watch this machine too? (y/n) [y]: ", "n"),
        ("Folder for a second copy", ""),
        ("Login [admin]: ", ""),
        ("Name [admin]: ", "王丽"),
        ("Write this? (y/n) [y]: ", ""),
    ]
    with Terminal(program(), os.environ, ROOT, 80, 24) as terminal:
        since = 0
        for question, answer in talk:
            since = terminal.says(question, since)
            terminal.keys(f"{answer}\n".encode())
        # The terminal itself never answers where the cursor is: that is unknown, and holds nothing up.
        since = terminal.says("Is the secret noted?", since)
        assert SECRET.search(terminal.written.decode().replace("\r", ""))
        terminal.keys(b"y\n")
        terminal.until("UPS A")
        assert terminal.leave() == 0
    site = load_site(home() / "room" / "site.toml")
    assert [(ups.name, ups.label, ups.hold_time_s) for ups in site.ups] == [("ups-a", "UPS A 主路", 21600.0)]
    assert "the terminal did not say" in terminal.written.decode()


def test_the_zone_of_this_machine_is_what_it_says_or_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zone = tmp_path / "zoneinfo" / "Asia" / "Shanghai"
    zone.parent.mkdir(parents=True)
    zone.touch()
    (tmp_path / "localtime").symlink_to(zone)
    monkeypatch.delenv("TZ", raising=False)
    assert system_zone(localtime=tmp_path / "localtime") == "Asia/Shanghai"
    assert system_zone(localtime=tmp_path / "nothing") == "UTC"
    monkeypatch.setenv("TZ", ":Europe/Paris")
    assert system_zone(localtime=tmp_path / "localtime") == "Europe/Paris"
    monkeypatch.setenv("TZ", "CST-8")
    assert system_zone(localtime=tmp_path / "localtime") == "Asia/Shanghai"


def test_the_command_to_begin_with_is_the_shortest_that_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a room" / "site.toml"
    path.parent.mkdir()
    path.touch()
    assert begin_with(path) == f"dutyroom --config '{path}'"
    monkeypatch.setenv("DUTYROOM_CONFIG", str(path))
    assert begin_with(path) == "dutyroom"
