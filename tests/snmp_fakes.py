"""A small SNMP v2c agent that misbehaves on purpose: the community chooses how. Its BER is its own.

Communities: `plain`, and those of `MISBEHAVIOURS`. The agent serves one tree of varbinds, by default a switch.
"""

from __future__ import annotations

import bisect
import random
import socket
import threading
from collections.abc import Callable, Mapping
from types import TracebackType

Oid = tuple[int, ...]
GET, GETNEXT, RESPONSE, GETBULK = 0xA0, 0xA1, 0xA2, 0xA5
NO_INSTANCE, END_OF_MIB = b"\x81\x00", b"\x82\x00"
MISBEHAVIOURS = {
    "loop": "answers every repetition with the same OID",
    "decrease": "jumps back to the start of ifTable in the middle of it",
    "disordered": "gives the rows of one column in another order than by their numbers",
    "toobig": "answers tooBig beyond ten varbinds",
    "toobig-empty": "the same without repeating the question, as RouterOS does",
    "generr": "answers genErr to every GETBULK",
    "poisoned": "cannot read one cell, whichever way it is asked (genErr)",
    "truncated": "never answers more than three varbinds",
    "empty": "answers GETBULK and GETNEXT without varbinds",
    "more": "answers twice as many varbinds as asked for",
    "lossy": "answers two of three datagrams",
    "silent": "answers nothing",
    "no-fragments": "loses answers of more than 600 octets on the way",
    "wrong-id": "answers with another request-id",
    "other-port": "answers from another port",
    "spoofed": "another port answers first, with false values, then the agent",
    "other-oid": "answers GET with another variable",
    "junk": "answers random bytes, cut messages, oversized integers and deep nesting",
    "bad-tag": "one cell has a type that does not exist",
    "endless": "always has one more row",
    "half": "answers ten requests, then no more",
}


def tlv(tag: int, body: bytes) -> bytes:
    """One BER element."""
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def integer(value: int, tag: int = 0x02) -> bytes:
    """INTEGER; with another tag Counter32 (0x41), Gauge32 (0x42), TimeTicks (0x43) or Counter64 (0x46)."""
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(value: bytes | str) -> bytes:
    """OCTET STRING."""
    return tlv(0x04, value.encode() if isinstance(value, str) else value)


def oid_value(name: Oid) -> bytes:
    """OBJECT IDENTIFIER."""
    body = bytearray([name[0] * 40 + name[1]])
    for part in name[2:]:
        septets = [part & 0x7F]
        while part := part >> 7:
            septets.append(0x80 | part & 0x7F)
        body += bytes(reversed(septets))
    return tlv(0x06, bytes(body))


def read(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """The element at `at`: its tag, its body and where the next one begins."""
    tag, size, at = data[at], data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size = int.from_bytes(data[at : at + count], "big")
        at += count
    return tag, data[at : at + size], at + size


def read_oid(body: bytes) -> Oid:
    """The parts of an OBJECT IDENTIFIER's body."""
    parts, value = [body[0] // 40, body[0] % 40], 0
    for octet in body[1:]:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            parts.append(value)
            value = 0
    return tuple(parts)


SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
IF_TABLE: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1)
IF_X_TABLE: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)


def switch(
    ports: int = 24, *, uptime: int = 123456, object_id: Oid = (1, 3, 6, 1, 4, 1, 2011, 2, 23, 1)
) -> dict[Oid, bytes]:
    """A switch: odd ports are up, even ones down, port 4 is shut; counters are port*1000 and more."""
    tree = {
        (*SYSTEM, 1, 0): octets("Fake switch"),
        (*SYSTEM, 2, 0): oid_value(object_id),
        (*SYSTEM, 3, 0): integer(uptime, 0x43),
        (*SYSTEM, 5, 0): octets("核心-1"),
        (1, 3, 6, 1, 2, 1, 2, 1, 0): integer(ports),
    }
    for port in range(1, ports + 1):
        for column, value in (
            (2, octets(f"Port {port}")),
            (3, integer(6)),
            (5, integer(10**9, 0x42)),
            (7, integer(2 if port == 4 else 1)),
            (8, integer(1 if port % 2 else 2)),
            (10, integer(port * 1000, 0x41)),
            (13, integer(0, 0x41)),
            (14, integer(port, 0x41)),
            (16, integer(port * 2000, 0x41)),
            (19, integer(port + 1, 0x41)),
            (20, integer(0, 0x41)),
        ):
            tree[(*IF_TABLE, column, port)] = value
        for column, value in (
            (1, octets(f"GE0/0/{port}")),
            (6, integer(port * 10**12, 0x46)),
            (10, integer(port * 2 * 10**12, 0x46)),
            (15, integer(1000, 0x42)),
            (18, octets("上联".encode("gb18030")) if port == 1 else octets("")),
        ):
            tree[(*IF_X_TABLE, column, port)] = value
    return tree


class FakeAgent:
    """Serves `tree` on a free (or the given) port of 127.0.0.1 in a thread until the `with` block ends.

    `requests` counts the datagrams that came, `pdus` their types. `tree` may be replaced while it runs.
    """

    def __init__(self, tree: Mapping[Oid, bytes] | None = None, port: int = 0) -> None:
        self.tree = dict(switch() if tree is None else tree)
        self.requests = 0
        self.pdus: list[int] = []
        self.largest_question = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", port))
        self._other.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.other_port = int(self._other.getsockname()[1])
        self._random = random.Random(7)
        self._thread = threading.Thread(target=self._serve, name="fake-agent", daemon=True)

    def __enter__(self) -> FakeAgent:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._other.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()
        self._other.close()

    def _serve(self) -> None:
        while True:
            datagram, address = self._socket.recvfrom(65535)
            if not datagram:
                return
            self.requests += 1
            self._answer(datagram, address)

    def _answer(self, datagram: bytes, address: tuple[str, int]) -> None:
        _, message, _ = read(datagram)
        _, version, at = read(message)
        _, community, at = read(message, at)
        pdu_tag, pdu, _ = read(message, at)
        _, request_id, at = read(pdu)
        _, _first, at = read(pdu, at)
        _, second, at = read(pdu, at)
        _, bindings, _ = read(pdu, at)
        names, at = [], 0
        while at < len(bindings):
            _, binding, at = read(bindings, at)
            names.append(read_oid(read(binding)[1]))
        self.pdus.append(pdu_tag)
        how = community.decode()
        repetitions = int.from_bytes(second, "big") if pdu_tag == GETBULK else 1
        self.largest_question = max(self.largest_question, repetitions * len(names))
        status, rows = self._rows(how, pdu_tag, names, repetitions)

        def message_of(rows: list[tuple[Oid, bytes]], request_id: bytes = request_id) -> bytes:
            body = b"".join(tlv(0x30, oid_value(name) + value) for name, value in rows)
            response = tlv(0x02, request_id) + integer(status) + integer(1 if status else 0) + tlv(0x30, body)
            return tlv(0x30, tlv(0x02, version) + tlv(0x04, community) + tlv(RESPONSE, response))

        if how == "silent" or (how == "lossy" and self.requests % 3 == 0) or (how == "half" and self.requests > 10):
            return
        answer = message_of(rows)
        if how == "no-fragments" and len(answer) > 600:
            return
        if how == "wrong-id":
            answer = message_of(rows, b"\x00\xff\xff\xff")
        elif how == "junk":
            answer = self._junk(answer)
        elif how == "spoofed":
            self._other.sendto(message_of([(name, octets("false")) for name, _ in rows]), address)
        (self._other if how == "other-port" else self._socket).sendto(answer, address)

    def _rows(self, how: str, pdu_tag: int, names: list[Oid], repetitions: int) -> tuple[int, list[tuple[Oid, bytes]]]:
        asked = [(name, b"\x05\x00") for name in names]
        if pdu_tag == GET:
            if how == "other-oid":
                names = [(*SYSTEM, 4, 0)] * len(names)
            return 0, [(name, self.tree.get(name, NO_INSTANCE)) for name in names]
        if how.startswith("toobig") and repetitions * len(names) > 10:
            return 1, [] if how == "toobig-empty" else asked
        if how == "generr" and pdu_tag == GETBULK:
            return 5, asked
        if how == "empty":
            return 0, []
        if how == "loop":
            return 0, [((*IF_TABLE, 2, 7), octets("again"))] * (repetitions * len(names))
        rows = self._following(how, names, repetitions * (2 if how == "more" else 1))
        poison: dict[str, Oid] = {"poisoned": (*IF_TABLE, 14, 3)}
        if any(name == poison.get(how) for name, _ in rows):
            return 5, asked
        return 0, rows[:3] if how == "truncated" else rows

    def _following(self, how: str, names: list[Oid], repetitions: int) -> list[tuple[Oid, bytes]]:
        order = sorted(self.tree)
        cursors, rows = list(names), []
        for _ in range(repetitions):
            for place, cursor in enumerate(cursors):
                if how == "endless" and cursor[:9] == IF_TABLE:
                    name = (*cursor[:10], cursor[10] + 1 if len(cursor) > 10 else 1)
                    cursors[place], value = name, integer(1)
                elif how == "decrease" and cursor == (*IF_TABLE, 8, 9):
                    name, value = (*IF_TABLE, 8, 2), integer(1)
                    cursors[place] = name
                elif how == "disordered" and cursor[:10] == (*IF_TABLE, 8):
                    # 23, 21, ... 1, 24, 22, ... 2 of 24 rows, and then the next column.
                    last = max(name[10] for name in order if name[:10] == (*IF_TABLE, 8)) // 2 * 2
                    here = cursor[10] if len(cursor) > 10 else last + 1
                    row = here - 2 if here > 2 else last
                    name = (*IF_TABLE, 8, row) if here != 2 else order[bisect.bisect(order, (*IF_TABLE, 8, 2**32))]
                    cursors[place], value = name, self.tree[name]
                elif (at := bisect.bisect_right(order, cursor)) < len(order):
                    name = cursors[place] = order[at]
                    value = self.tree[name]
                    if how == "bad-tag" and name == (*IF_TABLE, 14, 3):
                        value = tlv(0x4F, b"\x01")
                else:
                    name, value = cursor, END_OF_MIB
                rows.append((name, value))
        return rows

    def _junk(self, answer: bytes) -> bytes:
        kinds: list[Callable[[], bytes]] = [
            lambda: self._random.randbytes(80),
            lambda: answer[: self._random.randrange(1, len(answer))],
            lambda: b"",
            lambda: b"\x30\x80" * 8000,
            lambda: b"\x30\x84\xff\xff\xff\xff" + answer,
            lambda: tlv(0x30, integer(1 << 32000) + answer),
            lambda: bytes(octet ^ (self._random.random() < 0.05) for octet in answer),
        ]
        return self._random.choice(kinds)()
