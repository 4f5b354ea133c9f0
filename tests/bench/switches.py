"""Many simulated switches in one process of their own, answering SNMP v2c from answers computed once.

Every switch is a UDP port on 127.0.0.1 and holds the same tree. An answer is computed when a question is asked for the
first time and kept by the question's bytes, so that the clients are measured and not the agent.
"""

from __future__ import annotations

import bisect
import multiprocessing
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from tests.snmp_fakes import END_OF_MIB, GET, GETBULK, NO_INSTANCE, RESPONSE, oid_value, read, read_oid, switch, tlv

Oid = tuple[int, ...]
Tree = dict[Oid, bytes]
DISCONTINUITY: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 19)


class Switches:
    """The running agents: their ports, and how many variables they answered so far."""

    def __init__(self, ports: list[int], line: Connection) -> None:
        self.ports = ports
        self._line = line

    def answered(self) -> int:
        """Variables in all answers since the last call."""
        self._line.send("count")
        return int(self._line.recv())


@contextmanager
def running(switches: int, ports: int = 52, tree: Tree | None = None) -> Iterator[Switches]:
    """That many switches of that many ports each, or devices with another tree; ended at the end."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(there, switches, ports, tree), daemon=True
    )
    process.start()
    try:
        yield Switches(here.recv(), here)
    finally:
        here.send("end")
        process.join(10)


class _Answers:
    def __init__(self, ports: int, tree: Tree | None) -> None:
        if tree is None:
            tree = switch(ports) | {(*DISCONTINUITY, port): b"\x43\x01\x00" for port in range(1, ports + 1)}
        self._order = sorted(tree)
        self._binding = {name: tlv(0x30, oid_value(name) + value) for name, value in tree.items()}
        self._known: dict[bytes, tuple[bytes, int]] = {}
        self.count = 0

    def to(self, datagram: bytes) -> bytes:
        _, message, _ = read(datagram)
        _, version, at = read(message)
        _, community, at = read(message, at)
        tag, pdu, _ = read(message, at)
        _, request_id, at = read(pdu)
        key = bytes([tag]) + pdu[at:]
        if key not in self._known:
            self._known[key] = self._rows(tag, pdu, at)
        body, count = self._known[key]
        self.count += count
        head = tlv(0x02, version) + tlv(0x04, community)
        return tlv(0x30, head + tlv(RESPONSE, tlv(0x02, request_id) + body))

    def _rows(self, tag: int, pdu: bytes, at: int) -> tuple[bytes, int]:
        _, _, at = read(pdu, at)
        _, repetitions, at = read(pdu, at)
        _, bindings, _ = read(pdu, at)
        names, at = [], 0
        while at < len(bindings):
            _, binding, at = read(bindings, at)
            names.append(read_oid(read(binding)[1]))
        if tag == GET:
            rows = [self._binding.get(name) or tlv(0x30, oid_value(name) + NO_INSTANCE) for name in names]
        else:
            rows = list(self._following(names, int.from_bytes(repetitions, "big") if tag == GETBULK else 1))
        return b"\x02\x01\x00\x02\x01\x00" + tlv(0x30, b"".join(rows)), len(rows)

    def _following(self, names: list[Oid], repetitions: int) -> Iterator[bytes]:
        for _ in range(repetitions):
            for place, name in enumerate(names):
                at = bisect.bisect_right(self._order, name)
                if at < len(self._order):
                    names[place] = self._order[at]
                    yield self._binding[names[place]]
                else:
                    yield tlv(0x30, oid_value(name) + END_OF_MIB)


def _serve(line: Connection, switches: int, ports: int, tree: Tree | None) -> None:
    answers = _Answers(ports, tree)
    sockets = {}
    poller = select.epoll()
    poller.register(line, select.EPOLLIN)
    for _ in range(switches):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        one.bind(("127.0.0.1", 0))
        sockets[one.fileno()] = one
        poller.register(one, select.EPOLLIN)
    line.send([one.getsockname()[1] for one in sockets.values()])
    while True:
        for number, _ in poller.poll():
            if number == line.fileno():
                if line.recv() == "end":
                    return
                line.send(answers.count)
                answers.count = 0
            else:
                datagram, address = sockets[number].recvfrom(65535)
                sockets[number].sendto(answers.to(datagram), address)
