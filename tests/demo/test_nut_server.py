"""The simulated NUT server, read with plain sockets and with upsc."""

from __future__ import annotations

import re
import socket
import subprocess

import pytest

from dutyroom.demo.nut_server import NutRefusal, answer, quoted, split_words
from dutyroom.demo.process import DemoRoom
from dutyroom.demo.room import Room


def ask(port: int, *lines: str) -> list[str]:
    """Sends the lines and LOGOUT, and gives every line of the answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall("".join(f"{line}\n" for line in (*lines, "LOGOUT")).encode())
        return wire.makefile(encoding="utf-8").read().splitlines()


def test_lists_stand_between_begin_and_end(running: DemoRoom) -> None:
    told = ask(running.ports.nut, "LIST UPS")
    assert told[0] == "BEGIN LIST UPS"
    assert [line.split()[:2] for line in told[1:3]] == [["UPS", "ups-a"], ["UPS", "ups-b"]]
    assert told[3:] == ["END LIST UPS", "OK Goodbye"]
    told = ask(running.ports.nut, "LIST VAR ups-a")
    assert told[0] == "BEGIN LIST VAR ups-a"
    assert told[-2:] == ["END LIST VAR ups-a", "OK Goodbye"]
    assert all(re.fullmatch(r'VAR ups-a [a-z.]+ "[^"]*"', line) for line in told[1:-2])
    assert 'VAR ups-a ups.status "OL"' in told
    assert any(line.startswith("VAR ups-a ambient.temperature ") for line in told)
    assert ask(running.ports.nut, "LIST CMD ups-b")[:2] == ["BEGIN LIST CMD ups-b", "END LIST CMD ups-b"]


@pytest.mark.parametrize(
    ("request_line", "reply"),
    [
        ("GET VAR ups-b ups.status", 'VAR ups-b ups.status "OL"'),
        ('GET VAR "ups-b" battery.charge', 'VAR ups-b battery.charge "100.0"'),
        ("NETVER", "1.3"),
        ("GET NUMLOGINS ups-a", "NUMLOGINS ups-a 0"),
        ("GET VAR ups-b no.such", "ERR VAR-NOT-SUPPORTED"),
        ("GET VAR ups-x ups.status", "ERR UNKNOWN-UPS"),
        ("LIST VAR ups-x", "ERR UNKNOWN-UPS"),
        ("LIST VAR", "ERR INVALID-ARGUMENT"),
        ("GET VAR ups-b", "ERR INVALID-ARGUMENT"),
        ('GET VAR "ups-b', "ERR INVALID-ARGUMENT"),
        ("HELLO", "ERR UNKNOWN-COMMAND"),
        ("", "ERR UNKNOWN-COMMAND"),
        ("STARTTLS", "ERR FEATURE-NOT-CONFIGURED"),
        ("SET VAR ups-a ups.id x", "ERR ACCESS-DENIED"),
        ("INSTCMD ups-a load.off", "ERR ACCESS-DENIED"),
        ("FSD ups-a", "ERR ACCESS-DENIED"),
        ("LOGIN ups-a", "ERR ACCESS-DENIED"),
    ],
)
def test_each_request_has_its_answer(request_line: str, reply: str) -> None:
    assert answer(Room(5), 0.0, request_line) == [reply]


def test_quoting_comes_back_as_it_went() -> None:
    for text in ('Smart "X" C:\\UPS', "", "two words", "a\\"):
        assert split_words(f"VAR u x {quoted(text)}") == ["VAR", "u", "x", text]
    with pytest.raises(NutRefusal):
        split_words("ends with \\")


def test_a_line_without_end_is_dropped_and_the_server_goes_on(running: DemoRoom) -> None:
    with socket.create_connection(("127.0.0.1", running.ports.nut), timeout=10) as wire:
        wire.sendall(b"x" * 5000)
        assert _rest(wire) == b""
    assert ask(running.ports.nut, "NETVER") == ["1.3", "OK Goodbye"]


def _rest(wire: socket.socket) -> bytes:
    try:
        return wire.recv(4096)
    except ConnectionResetError:
        return b""


@pytest.mark.peer("upsc")
def test_upsc_reads_it(running: DemoRoom) -> None:
    told = subprocess.run(
        ["upsc", f"ups-b@127.0.0.1:{running.ports.nut}"], capture_output=True, text=True, timeout=20, check=True
    ).stdout
    values = dict(line.split(": ", 1) for line in told.splitlines())
    assert values["ups.status"] == "OL"
    assert 95 * 60 < float(values["battery.runtime"]) < 125 * 60
