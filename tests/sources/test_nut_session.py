"""The strict NUT session against a server that misbehaves in every way we know."""

from __future__ import annotations

import select
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dutyroom.sources import nut_wire
from dutyroom.sources.nut_errors import (
    ClientBase,
    NutClosed,
    NutConnect,
    NutError,
    NutProtocol,
    NutRefused,
    NutServerError,
    NutTimeout,
)
from dutyroom.sources.nut_session import NutSession
from tests.fakes import CLOSE, DENIED, NO_DRIVER, STALE, FakeUpsd, Fault

ROOT = Path(__file__).resolve().parents[2]

HALL_A = {
    "battery.charge": "100",
    "battery.charge.low": "20",
    "battery.runtime": "5400",
    "battery.runtime.low": "180",
    "battery.voltage": "217.4",
    "battery.voltage.nominal": "192.0",
    "device.mfr": "EATON",
    "device.model": 'Model "X" 3000 C:\\UPS',
    "device.serial": "GA0000001",
    "device.type": "ups",
    "driver.name": "dummy-ups",
    "driver.version": "2.8.0",
    "input.frequency": "49.9",
    "input.voltage": "231.6",
    "input.voltage.nominal": "230",
    "output.current": "4.70",
    "output.frequency": "50.0",
    "output.voltage": "230.1",
    "ups.alarm": "OVERHEAT [EEPROM Error]",
    "ups.firmware": "1.06.2102",
    "ups.load": "23",
    "ups.power.nominal": "3000",
    "ups.status": "ALARM OL CHRG",
    "ups.temperature": "31.2",
    "ups.test.result": "Done and passed",
}
RACK_B = {"battery.charge": "54", "ups.status": "OB DISCHRG", "ups.load": "7"}
WORKERS = 12


@pytest.fixture
def server() -> Iterator[FakeUpsd]:
    with FakeUpsd({"hall-a": HALL_A, "rack-b": RACK_B}) as running:
        yield running


@pytest.fixture
def session(server: FakeUpsd) -> Iterator[NutSession]:
    with NutSession("127.0.0.1", server.port, deadline_s=5) as opened:
        yield opened


def answer_with(*rows: bytes, ups: bytes = b"hall-a") -> bytes:
    """A well-formed frame around rows that may not be."""
    return b"\n".join((b"BEGIN LIST VAR " + ups, *rows, b"END LIST VAR " + ups, b""))


def value_of(session: NutSession, server: FakeUpsd, raw: bytes) -> str:
    server.fault = Fault(raw=answer_with(b'VAR hall-a ups.id "' + raw + b'"'))
    return session.list_vars("hall-a")["ups.id"]


def test_a_whole_answer_is_told_in_the_servers_order(session: NutSession) -> None:
    assert list(session.list_vars("hall-a").items()) == list(HALL_A.items())
    assert session.list_vars("rack-b") == RACK_B
    assert session.list_ups() == dict.fromkeys(("hall-a", "rack-b"), "Description unavailable")


def test_one_connection_serves_many_questions(session: NutSession, server: FakeUpsd) -> None:
    for _ in range(5):
        session.list_vars("hall-a")
    assert server.connections == 1


class Sweep:
    """Every byte offset of one answer, shared out over threads that each have a server and a session of their own."""

    def __init__(self, kind: str, reused: bool) -> None:
        self.kind, self.reused = kind, reused
        self.lies: list[tuple[int, object]] = []
        self.errors: dict[int, NutError] = {}

    def run(self) -> int:
        """Ask at every offset; the number of offsets."""
        with FakeUpsd({"hall-a": HALL_A}) as model:
            length = len(model.answer("hall-a"))
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(lambda first: self._part(range(first, length, WORKERS)), range(WORKERS)))
        return length

    def _part(self, offsets: range) -> None:
        with FakeUpsd({"hall-a": HALL_A}) as server, NutSession("127.0.0.1", server.port, 30) as session:
            for offset in offsets:
                if not self.reused:
                    server.hang_up()
                    session._connection.drop()
                self._ask(server, session, offset)

    def _ask(self, server: FakeUpsd, session: NutSession, offset: int) -> None:
        cut = self.kind == "cut"
        server.fault = Fault(cut_after=offset) if cut else Fault(stall_after=offset)
        server.resume.clear()
        try:
            self.lies.append((offset, session.list_vars("hall-a", None if cut else 0.03)))
        except NutError as error:
            self.errors[offset] = error
        server.fault = None
        server.resume.set()
        if (after := session.list_vars("hall-a")) != HALL_A:
            self.lies.append((offset, after))


@pytest.mark.parametrize("reused", [False, True], ids=["fresh connection", "reused connection"])
def test_a_connection_cut_at_any_byte_never_gives_a_value(reused: bool) -> None:
    sweep = Sweep("cut", reused)
    length = sweep.run()
    assert length > 700
    assert sweep.lies == []
    assert sweep.errors.keys() == set(range(length))
    assert {type(error) for error in sweep.errors.values()} == {NutClosed}


def test_an_answer_stalled_at_any_byte_never_gives_a_value_and_never_shifts_the_next() -> None:
    sweep = Sweep("stall", reused=True)
    length = sweep.run()
    assert sweep.lies == []
    assert sweep.errors.keys() == set(range(length))
    assert {type(error) for error in sweep.errors.values()} == {NutTimeout}


def test_an_answer_that_drips_ends_at_the_overall_deadline(session: NutSession) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def drip() -> None:
        client, _ = listener.accept()
        with client:
            client.recv(100)
            while not done.wait(0.02):
                try:
                    client.sendall(b"B")
                except OSError:
                    return

    with listener, ThreadPoolExecutor(1) as pool, NutSession("127.0.0.1", listener.getsockname()[1], 0.3) as slow:
        pool.submit(drip)
        with pytest.raises(NutTimeout):
            slow.list_vars("hall-a")
        done.set()


@pytest.mark.parametrize(
    "rows",
    [
        [b'VAR rack-b ups.load "99"'],
        [b'VAR hall-a ups.load "9"', b'VAR hall-a ups.load "99"'],
        [b'VAR hall-a ups.load "99'],
        [b"VAR hall-a ups.load 99"],
        [b'VAR hall-a ups.load "9"9"'],
        [b'VAR hall-a ups.load "99\\"'],
        [b'VAR hall-a ups.load "99" more'],
        [b'VAR hall-a ups.load  "99"'],
        [b'VAR hall-a ups load "99"'],
        [b'VAR hall-a "99"'],
        [b'VAR hall-a ups.lo\xffad "99"'],
        [b'RW hall-a ups.load "99"'],
        [b'var hall-a ups.load "99"'],
        [b""],
        [b"ERR DATA-STALE"],
        [b"BEGIN LIST VAR hall-a"],
        [b"END LIST VAR rack-b"],
        [b"END LIST VAR hall-a"],
        [b'VAR hall-a ups.id "line one', b'line two"'],
        [b'VAR hall-a x%d "1"' % row for row in range(10_000)],
        [b'VAR hall-a ups.id "' + b"9" * 9000 + b'"'],
        [b'VAR hall-a x%d "' % row + b"9" * 4000 + b'"' for row in range(80)],
    ],
)
def test_an_answer_outside_the_grammar_or_the_limits_is_refused(
    session: NutSession, server: FakeUpsd, rows: list[bytes]
) -> None:
    server.fault = Fault(raw=answer_with(*rows))
    with pytest.raises(NutProtocol):
        session.list_vars("hall-a")
    server.fault = None
    assert session.list_vars("hall-a") == HALL_A


@pytest.mark.parametrize(
    "raw",
    [
        answer_with(b'VAR rack-b ups.load "99"', ups=b"rack-b"),
        b"BEGIN LIST UPS\nEND LIST UPS\n",
        b"BEGIN LIST VAR hall-a \nEND LIST VAR hall-a\n",
        b"OK\n",
        b"\n",
        b"ERR\n",
        b"ERR data stale\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        answer_with() + answer_with(),
        answer_with() + b"O",
        b"ERR DATA-STALE\nOK\n",
        b"9" * 300_000,
        b"\x00" * 20_000,
    ],
)
def test_an_answer_to_something_else_is_refused(session: NutSession, server: FakeUpsd, raw: bytes) -> None:
    server.fault = Fault(raw=raw)
    with pytest.raises(NutProtocol):
        session.list_vars("hall-a")
    server.fault = None
    assert session.list_vars("hall-a") == HALL_A


def test_data_that_comes_unasked_between_two_questions_is_refused(session: NutSession, server: FakeUpsd) -> None:
    server.fault = Fault(raw=answer_with(b'VAR hall-a ups.load "1"'))
    session.list_vars("hall-a")
    (client,) = server._clients
    client.sendall(server.fault.raw or b"")
    wire = session._connection._wire
    assert wire is not None
    select.select([wire._socket], [], [], 10)
    with pytest.raises(NutProtocol, match="unasked"):
        session.list_vars("hall-a")
    server.fault = None
    assert session.list_vars("hall-a") == HALL_A


def test_an_endless_line_is_given_up_at_the_limit(session: NutSession, server: FakeUpsd) -> None:
    server.fault = Fault(raw=b'BEGIN LIST VAR hall-a\nVAR hall-a ups.id "' + b"A" * 10_000_000)
    with pytest.raises(NutProtocol, match="a line longer than 8192 bytes"):
        session.list_vars("hall-a")


def test_an_empty_list_is_an_answer(session: NutSession, server: FakeUpsd) -> None:
    server.fault = Fault(raw=answer_with())
    assert session.list_vars("hall-a") == {}


def test_line_ends_of_crlf_are_accepted(session: NutSession, server: FakeUpsd) -> None:
    server.fault = Fault(raw=server.answer("hall-a").replace(b"\n", b"\r\n"))
    assert session.list_vars("hall-a") == HALL_A


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (rb"19\" rack C:\\UPS", '19" rack C:\\UPS'),
        (rb"\O\L", "OL"),
        ("机房A 主 UPS 25°C".encode(), "机房A 主 UPS 25°C"),
        ("县医院机房".encode("gb18030"), "县医院机房"),
        # 乗 ends in the byte of a backslash, which upsd escapes like any other.
        ("乗".encode("gb18030").replace(b"\\", b"\\\\"), "乗"),
        (b"54\x0000", "54\ufffd00"),
        (b"54\x00", "54\ufffd"),
        (b"a\x1b[31mb", "a\ufffd[31mb"),
        (b"5\r4", "5\ufffd4"),
        (b"", ""),
        (b"[bold]x[/]", "[bold]x[/]"),
    ],
)
def test_a_value_is_read_by_the_rules_of_parseconf_and_made_inert(
    session: NutSession, server: FakeUpsd, raw: bytes, text: str
) -> None:
    assert value_of(session, server, raw) == text


def test_invalid_utf_8_loses_no_value_and_invents_none(session: NutSession, server: FakeUpsd) -> None:
    server.units["hall-a"]["ups.id"] = b"caf\xff\xfe\xc3("
    told = session.list_vars("hall-a")
    assert told.pop("ups.id").startswith("caf")
    assert told == HALL_A


@pytest.mark.parametrize(
    ("fault", "code"),
    [(STALE, "DATA-STALE"), (NO_DRIVER, "DRIVER-NOT-CONNECTED"), (DENIED, "ACCESS-DENIED")],
)
def test_an_error_of_the_server_keeps_the_connection(
    session: NutSession, server: FakeUpsd, fault: Fault, code: str
) -> None:
    server.fault = fault
    with pytest.raises(NutServerError) as caught:
        session.list_vars("hall-a")
    assert caught.value.code == code
    server.fault = None
    assert session.list_vars("hall-a") == HALL_A
    assert server.connections == 1


def test_a_server_that_closes_without_a_word_is_asked_twice_and_no_more(session: NutSession, server: FakeUpsd) -> None:
    session.list_vars("hall-a")
    server.fault = CLOSE
    with pytest.raises(NutClosed):
        session.list_vars("hall-a")
    assert server.connections == 2
    assert len(server.log) == 3


def test_a_fresh_connection_that_is_closed_is_not_tried_again(session: NutSession, server: FakeUpsd) -> None:
    server.fault = CLOSE
    with pytest.raises(NutClosed):
        session.list_vars("hall-a")
    assert len(server.log) == 1


def test_a_connection_that_died_while_idle_is_replaced(session: NutSession, server: FakeUpsd) -> None:
    for _ in range(20):
        assert session.list_vars("hall-a") == HALL_A
        server.hang_up()
    assert server.connections == 20


def test_a_timeout_is_never_retried(session: NutSession, server: FakeUpsd) -> None:
    session.list_vars("hall-a")
    server.fault = Fault(stall_after=0)
    with pytest.raises(NutTimeout):
        session.list_vars("hall-a", within_s=0.05)
    assert len(server.log) == 2


def test_nobody_listening_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for session in (NutSession("127.0.0.1", port), NutSession("127.0.0.1", 99_999), NutSession("a" * 300, 3493)):
        with pytest.raises(NutConnect):
            session.list_ups()


def test_a_server_that_takes_no_connection_is_given_up_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = []
        for _ in range(3):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(full.getsockname())
            waiting.append(client)
        with pytest.raises(NutConnect):
            NutSession("127.0.0.1", full.getsockname()[1], deadline_s=0.2).list_ups()
        for client in waiting:
            client.close()


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a\nINSTCMD a load.off", "a\r", "a\n", 'a"b', "a\\", "机房", "-x", "a" * 129, "a\0"]
)
def test_a_name_that_could_carry_a_command_never_goes_on_the_wire(
    session: NutSession, server: FakeUpsd, name: str
) -> None:
    with pytest.raises(NutRefused):
        session.list_vars(name)
    assert server.log == []


@pytest.mark.skipif(ClientBase is object, reason="nut2 is not installed")
def test_every_inherited_verb_is_refused_and_sends_nothing(session: NutSession, server: FakeUpsd) -> None:
    import nut2

    assert isinstance(session, nut2.PyNUTClient)
    assert issubclass(NutError, nut2.PyNUTError)
    verbs = [name for name in dir(nut2.PyNUTClient) if not name.startswith("_")]
    assert {"set_var", "run_command", "fsd", "get_var", "list_clients"} <= set(verbs)
    session.list_ups()
    for verb in set(verbs) - {"list_ups", "list_vars"}:
        for words in ((), ("hall-a",), ("hall-a", "load.off"), ("hall-a", "ups.id", "x")):
            with pytest.raises(NutRefused):
                getattr(session, verb)(*words)
    for name, member in vars(nut2.PyNUTClient).items():
        if callable(member):
            assert getattr(NutSession, name) is not member, f"{name} of nut2 can still be reached"
    assert server.log == ["LIST UPS"]


def test_without_nut2_the_same_session_stands_alone(server: FakeUpsd) -> None:
    # What Python 3.13 does, where nut2 cannot be installed: the import fails.
    program = f"""
import sys
sys.modules["nut2"] = None
from dutyroom.sources.nut_session import NutSession
from dutyroom.sources.nut_errors import NutError, NutServerError
assert NutSession.__mro__[1:] == (object,), NutSession.__mro__
assert NutError.__mro__[1] is Exception
with NutSession("127.0.0.1", {server.port}) as session:
    assert session.list_vars("rack-b") == {RACK_B!r}
    try:
        session.list_vars("nobody")
    except NutServerError as error:
        assert error.code == "UNKNOWN-UPS"
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], cwd=ROOT, check=True)


def test_importing_the_session_leaves_logging_and_warnings_alone() -> None:
    program = """
import logging, sys, warnings
root = logging.getLogger()
root.setLevel(logging.INFO)
filters = list(warnings.filters)
import dutyroom.sources.nut_session as module
assert root.handlers == [], root.handlers
assert root.level == logging.INFO
assert warnings.filters == filters
module.NutSession("127.0.0.1", 1).close()
assert root.handlers == []
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stderr == ""


def test_only_two_questions_are_ever_sent(session: NutSession, server: FakeUpsd) -> None:
    session.list_ups()
    session.list_vars("hall-a")
    session.close()
    assert server.log == ["LIST UPS", "LIST VAR hall-a"]


def test_three_threads_on_one_session_never_get_each_others_answers(session: NutSession) -> None:
    truths = {"hall-a": HALL_A, "rack-b": RACK_B}

    def ask(ups: str) -> int:
        return sum(session.list_vars(ups) != truths[ups] for _ in range(300))

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(ask, ["hall-a", "rack-b", "hall-a"])) == [0, 0, 0]


def test_waiting_for_another_thread_counts_towards_the_deadline(session: NutSession, server: FakeUpsd) -> None:
    server.faults["hall-a"] = Fault(stall_after=10)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(session.list_vars, "hall-a")
        assert server.asked.wait(10)
        with pytest.raises(NutTimeout):
            session.list_vars("rack-b", within_s=0.05)
        assert server.log == ["LIST VAR hall-a"]
        server.resume.set()
        assert first.result() == HALL_A


def test_closing_a_session_ends_the_question_under_way(session: NutSession, server: FakeUpsd) -> None:
    server.fault = Fault(stall_after=10)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(session.list_vars, "hall-a", 30)
        assert server.asked.wait(10)
        session.close()
        with pytest.raises(NutClosed):
            asked.result()
    with pytest.raises(NutError):
        session.list_vars("hall-a")


def test_a_system_without_quickack_reads_the_same(session: NutSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nut_wire, "_QUICKACK", None)
    assert session.list_vars("hall-a") == HALL_A
