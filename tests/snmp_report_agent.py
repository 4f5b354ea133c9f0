"""An agent that answers SNMPv3 with Reports and nothing else (RFC 3412 section 7, RFC 3414 section 3.2)."""

from __future__ import annotations

import itertools
import socket
import threading
from types import TracebackType

from tests.snmp_fakes import integer, octets, oid_value, read, tlv

USM_STATS = (1, 3, 6, 1, 6, 3, 15, 1, 1)
NOT_IN_TIME_WINDOW, UNKNOWN_ENGINE_ID = 2, 4
KINDS = {
    "engine": "says with every Report that its engine ID is another one",
    "window": "says with every Report that the time does not fit",
    "flood": "answers every message with hundreds of Reports",
    "endless": "goes on sending Reports once it was asked",
}


class ReportAgent:
    """Serves one of `KINDS`, or `silence`, on a port of 127.0.0.1 until the `with` block ends.

    `requests` counts what came; without a port it takes a free one.
    """

    def __init__(self, kind: str, port: int = 0) -> None:
        self.kind = kind
        self.requests = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", port))
        self._socket.settimeout(0.0005 if kind == "endless" else 0.05)
        self.port = int(self._socket.getsockname()[1])
        self._ended = False
        self._thread = threading.Thread(target=self._serve, name="report-agent", daemon=True)

    def __enter__(self) -> ReportAgent:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        asked: tuple[bytes, tuple[str, int]] | None = None
        numbers = itertools.count(1)
        while not self._ended:
            times = {"flood": 300, "silence": 0}.get(self.kind, 1)
            try:
                datagram, address = self._socket.recvfrom(65535)
            except TimeoutError:
                if self.kind != "endless" or asked is None:
                    continue
            except OSError:
                # The asker closed its port, and the kernel says so.
                continue
            else:
                self.requests += 1
                asked = (self._message_id(datagram), address)
            message_id, address = asked
            for _ in range(times):
                engine = b"\x80\x00\x00\x00\x05" + (next(numbers) if self.kind != "window" else 0).to_bytes(8, "big")
                try:
                    self._socket.sendto(self._report(message_id, engine), address)
                except OSError:
                    break

    @staticmethod
    def _message_id(datagram: bytes) -> bytes:
        _, message, _ = read(datagram)
        _, _, at = read(message)
        _, header, _ = read(message, at)
        return read(header)[1]

    def _report(self, message_id: bytes, engine: bytes) -> bytes:
        counter = NOT_IN_TIME_WINDOW if self.kind == "window" else UNKNOWN_ENGINE_ID
        header = tlv(0x30, tlv(0x02, message_id) + integer(65507) + octets(b"\x00") + integer(3))
        usm = tlv(0x30, octets(engine) + integer(7) + integer(1000) + octets(b"") + octets(b"") + octets(b""))
        row = tlv(0x30, oid_value((*USM_STATS, counter, 0)) + integer(9, 0x41))
        pdu = tlv(0xA8, integer(0) + integer(0) + integer(0) + tlv(0x30, row))
        scoped = tlv(0x30, octets(engine) + octets(b"") + pdu)
        return tlv(0x30, integer(3) + header + octets(usm) + scoped)
