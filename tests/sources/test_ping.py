"""Checks of systems and lines: real sockets that listen, refuse or stay silent, and real pings where a kernel lets us.

Where `net.ipv4.ping_group_range` forbids ping sockets, pings are tried in a network of their own (unshare), in which
the range can be set; where that cannot be made either, the tests say so and are skipped.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.model.facts import CheckFacts
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.sources import aside, icmp, ping, tcp
from dutyroom.sources.ping import CheckSource

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 0, 41, tzinfo=UTC)
OPEN = "echo '0 2147483647' > /proc/sys/net/ipv4/ping_group_range && ip link set lo up && "
PING = """
import asyncio, json, sys
from dutyroom import clock
from dutyroom.model.reading import Kind
from dutyroom.sources.ping import CheckSource
async def ask():
    for target in sys.argv[1:]:
        sample = await CheckSource("line", Kind.LINE, target).sample(clock.now())
        facts = sample.check
        told = (facts.answered, facts.error, facts.latency_ms, facts.loss_percent, facts.address) if facts else None
        print(json.dumps([sample.state.value, told, sample.detail]))
asyncio.run(ask())
"""


def checked(target: str, kind: Kind = Kind.SYSTEM) -> Sample:
    """One check."""
    return asyncio.run(CheckSource("his", kind, target).sample(NOW))


def facts_of(target: str) -> CheckFacts:
    """What one check found; a check that found nothing fails the test."""
    sample = checked(target)
    assert sample.check is not None, sample.detail
    return sample.check


@pytest.fixture
def listening() -> Iterator[int]:
    """A port that takes connections."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    """A port nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def test_a_listening_port_answers_with_its_time(listening: int) -> None:
    sample = checked(f"tcp://127.0.0.1:{listening}")
    facts = sample.check
    assert facts is not None
    assert (sample.state, sample.kind, facts.answered, facts.error) == (State.OK, Kind.SYSTEM, True, "")
    assert (facts.target, facts.address) == (f"tcp://127.0.0.1:{listening}", "127.0.0.1")
    assert facts.latency_ms is not None
    assert 0 < facts.latency_ms < 1000
    assert facts.loss_percent is None
    assert sample.at > NOW


def test_a_name_is_resolved_and_an_ipv6_address_may_stand_in_brackets(listening: int) -> None:
    assert facts_of(f"tcp://localhost:{listening}").answered
    with closing(socket.create_server(("::1", 0), family=socket.AF_INET6)) as server:
        facts = facts_of(f"tcp://[::1]:{server.getsockname()[1]}")
    assert (facts.answered, facts.address) == (True, "::1")


def test_a_port_without_a_service_refuses() -> None:
    sample = checked(f"tcp://127.0.0.1:{closed_port()}")
    assert sample.check is not None
    assert (sample.state, sample.check.answered, sample.check.error) == (State.OK, False, "refused")
    assert sample.check.latency_ms is None
    assert sample.detail == "Connection refused"


def test_a_port_that_is_silent_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ping, "CONNECT_S", 0.3)
    with closing(socket.socket()) as full, closing(socket.socket()) as first, closing(socket.socket()) as second:
        # A queue that is full drops every further SYN: to the other side the port is silent.
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        began = clock.monotonic()
        facts = facts_of(f"tcp://127.0.0.1:{full.getsockname()[1]}")
    assert (facts.answered, facts.error, facts.latency_ms) == (False, "timeout", None)
    assert clock.monotonic() - began < 2


def test_a_name_nobody_knows_is_another_trouble() -> None:
    sample = checked("tcp://no-such-host.invalid:1521")
    assert sample.check is not None
    assert (sample.check.answered, sample.check.error, sample.check.address) == (False, "unresolved", "")
    assert "no-such-host.invalid" in sample.detail


async def test_a_name_server_that_hangs_blocks_nothing_and_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    hangs = threading.Event()

    def resolve(host: str) -> tuple[str, ...]:
        asked.append(host)
        hangs.wait(20)
        return ("127.0.0.1",)

    monkeypatch.setattr(ping, "_addresses", resolve)
    monkeypatch.setattr(ping, "RESOLVE_S", 0.2)
    source = CheckSource("his", Kind.SYSTEM, "tcp://slow.example:1")
    began = clock.monotonic()
    try:
        for _ in range(2):
            sample = await source.sample(NOW)
            assert sample.check is not None
            assert sample.check.error == "unresolved"
    finally:
        hangs.set()
    assert clock.monotonic() - began < 2
    assert asked == ["slow.example"]


async def test_a_call_left_behind_may_end_after_its_loop() -> None:
    gate = threading.Event()
    asking: aside.Aside[bool] = aside.Aside("test")
    with pytest.raises(TimeoutError):
        await asking.ask(lambda: gate.wait(20), 0.05)
    gate.set()
    assert await asking.ask(lambda: True, 5) is True


def test_of_several_addresses_the_first_that_answers_decides(listening: int) -> None:
    tried = asyncio.run(tcp.connect(("::1", "127.0.0.1"), listening, 2.0))
    assert (tried.error, tried.address) == ("", "127.0.0.1")
    none = asyncio.run(tcp.connect(("::1", "127.0.0.1"), closed_port(), 2.0))
    assert (none.error, none.address) == ("refused", "127.0.0.1")


def may_ping() -> bool:
    """True when this account may open ping sockets."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()
    except PermissionError:
        return False
    return True


def pinged(*targets: str, allowed: bool = True) -> list[list[object]]:
    """State, facts and detail of each target, asked in a network of our own; skips where none can be made."""
    own = ["-n"] if os.geteuid() == 0 else ["-r", "-n"]
    begin = OPEN if allowed else "ip link set lo up && "
    try:
        made = subprocess.run(
            ["unshare", *own, "sh", "-c", begin + 'exec "$@"', "sh", sys.executable, "-c", PING, *targets],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
    except FileNotFoundError:
        pytest.skip("no unshare on this machine: pings cannot be tried")
    if made.returncode:
        pytest.skip(f"this kernel gives no network of our own to ping in: {made.stderr.strip()[-200:]}")
    return [json.loads(line) for line in made.stdout.splitlines()]


def test_three_pings_come_back_over_ipv4_and_ipv6() -> None:
    for state, facts, _detail in pinged("ping://127.0.0.1", "ping://::1", "ping://localhost"):
        assert isinstance(facts, list)
        answered, error, latency_ms, loss_percent, address = facts
        assert (state, answered, error, loss_percent) == ("ok", True, "", 0.0)
        assert 0 < latency_ms < 1000
        assert address in ("127.0.0.1", "::1")


def test_an_address_without_a_route_is_told_by_the_network() -> None:
    ((state, facts, detail),) = pinged("ping://192.0.2.7")
    assert (state, facts) == ("ok", [False, "unreachable", None, 100.0, "192.0.2.7"])
    assert detail == "Network is unreachable"


def test_a_kernel_that_forbids_ping_is_told_with_the_remedy() -> None:
    if may_ping():
        ((state, facts, detail),) = pinged("ping://127.0.0.1", allowed=False)
    else:
        sample = checked("ping://127.0.0.1", Kind.LINE)
        state, facts, detail = sample.state.value, sample.check, sample.detail
    assert (state, facts) == ("denied", None)
    assert "net.ipv4.ping_group_range" in str(detail)


class Wire:
    """Stands for the kernel's ping socket: two ends of a datagram pair, and a host behind that answers as told."""

    def __init__(self, answers: int) -> None:
        self.here, self.there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._answers = answers
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        for number in range(icmp.PROBES):
            packet = self.there.recv(1024)
            if number < self._answers:
                self.there.send(b"\x00" + packet[1:-1] + b"?")  # other bytes: an answer to somebody else
                self.there.send(b"\x00" + packet[1:])
                self.there.send(b"\x00" + packet[1:])  # twice: counted once


@pytest.mark.parametrize(("answers", "loss"), [(3, 0.0), (2, 33.3), (1, 66.7), (0, 100.0)])
async def test_lost_echoes_are_counted_and_foreign_ones_are_not(answers: int, loss: float) -> None:
    wire = Wire(answers)
    wire.here.setblocking(False)
    echoes = icmp._Echoes(wire.here, socket.AF_INET)
    await echoes.exchange(0.2)
    assert round(100 * (icmp.PROBES - len(echoes.times)) / icmp.PROBES, 1) == loss
    wire.here.close()
    wire.there.close()
