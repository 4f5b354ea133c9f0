"""`dutyroom doctor` as a command, and the question it puts to the terminal."""

from __future__ import annotations

import os
import pty
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dutyroom.cli.main import main
from dutyroom.cli.terminal_width import cells_of
from tests.cli.rooms import HOST, ROOT, UPSES, RoomFolder, program
from tests.fakes import FakeUpsd
from tests.tmux import Tmux

PROMISED = {"group", "check", "subject", "verdict", "told", "params", "fix", "message", "advice"}


def test_the_document_says_every_check_and_the_way_out(room: RoomFolder, upsd: FakeUpsd) -> None:
    room.write(UPSES, HOST, nut=upsd.port)
    room.run("collect", "--once")
    outcome = room.run("doctor", "--json")
    document = outcome.document
    assert (outcome.code, document["schema"], outcome.err) == (1, 1, "")
    assert all(set(check) == PROMISED for check in document["checks"])
    sources = {check["subject"]: check["verdict"] for check in document["checks"] if check["check"] == "source"}
    assert sources == {"ups-a": "ok", "ups-b": "ok", "duty-pc": "ok"}
    open_points = [check for check in document["checks"] if check["verdict"] not in ("ok", "not-installed")]
    assert open_points
    assert all(check["fix"] and check["advice"] for check in open_points)


def test_what_is_to_be_done_stands_at_the_end_the_worst_last(room: RoomFolder) -> None:
    room.write(UPSES, nut=9)
    outcome = room.run("doctor")
    assert outcome.code == 1
    todo = outcome.out.partition("to see to, the worst last")[2].splitlines()
    signs = [line.split()[0] for line in todo if line.startswith("  ") and not line.startswith("   ")]
    assert signs == sorted(signs, key="?!✗".index)
    assert signs[-1] == "✗"
    assert "→ is it on, is the address right" in outcome.out


def test_the_words_are_those_of_the_site_file(room: RoomFolder) -> None:
    room.write(top='language = "zh_CN"')
    assert "配置文件中没有" in room.run("doctor").out
    assert "the site file names none" in room.run("doctor", "--lang", "en").out


def test_without_a_site_file_it_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    assert "dutyroom init sets a room up" in capsys.readouterr().out


class Answering:
    """A terminal that answers where its cursor is, or does not."""

    def __init__(self, answer: bytes) -> None:
        self.master, self.slave = pty.openpty()
        self._answer = answer
        self.thread = threading.Thread(target=self._play, daemon=True)

    def _play(self) -> None:
        seen = b""
        while not seen.endswith(b"\x1b[6n"):
            seen += os.read(self.master, 64)
        os.write(self.master, self._answer)


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """The descriptor of such a terminal; its modes must be the same afterwards."""
    played = Answering(answer)
    before = termios.tcgetattr(played.slave)
    played.thread.start()
    try:
        yield played.slave
        assert termios.tcgetattr(played.slave) == before
    finally:
        os.close(played.slave)
        os.close(played.master)


@pytest.mark.parametrize(
    ("answer", "cells"),
    [(b"\x1b[24;2R", 1), (b"\x1b[24;3R", 2), (b"typed ahead\x1b[1;2R", 1), (b"\x1b[", None), (b"garbage R", None)],
)
def test_the_terminal_says_how_wide_it_draws(answer: bytes, cells: int | None) -> None:
    with answering(answer) as slave:
        assert cells_of("●", slave, slave, within_s=0.2 if cells is None else 10.0) == cells


def test_what_is_no_terminal_is_not_asked() -> None:
    reading, writing = os.pipe()
    try:
        assert cells_of("●", reading, writing) is None
    finally:
        os.close(reading)
        os.close(writing)


@pytest.mark.peer("tmux")
def test_in_tmux_it_measures_asks_the_client_and_leaves_the_terminal_as_it_was() -> None:
    modes = f"{os.environ['HOME']}/modes"
    shell = [
        "sh",
        "-c",
        f'stty -a > {modes}.1; "$@"; stty -a > {modes}.2; cmp {modes}.1 {modes}.2 && echo the same',
        "-",
    ]
    with Tmux(ROOT, 80, 40) as terminal:
        terminal.start([*shell, *program("doctor", "--lang", "en")])
        rows = terminal.shows("the same")
    assert any("Width of ambiguous signs: one cell" in row for row in rows)
    assert any("tmux" in row for row in rows)
