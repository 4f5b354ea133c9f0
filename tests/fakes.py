"""Stand-ins for peers, speaking the real protocol on loopback and able to misbehave."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Fault:
    """How FakeUpsd spoils an answer.

    `error` answers `ERR <error>`; `raw` sends these bytes instead of the answer; `cut_after` closes after so many
    bytes; `stall_after` stops after so many bytes until `FakeUpsd.resume` is set, then sends the rest (late);
    `delay_s` waits before answering; `drip_s` waits so long after each byte; `close` closes without a word.
    """

    error: str = ""
    raw: bytes | None = None
    cut_after: int | None = None
    stall_after: int | None = None
    delay_s: float = 0.0
    drip_s: float = 0.0
    close: bool = False


STALE = Fault(error="DATA-STALE")
NO_DRIVER = Fault(error="DRIVER-NOT-CONNECTED")
DENIED = Fault(error="ACCESS-DENIED")
CLOSE = Fault(close=True)


def quoted(text: str) -> str:
    """A value as upsd writes it (parseconf.c `pconf_encode`)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class FakeUpsd:
    """A NUT server on 127.0.0.1 that answers `LIST UPS` and `LIST VAR` byte for byte as upsd does, in one write.

    `units` maps UPS names to variables and may be changed while it runs; a value may be bytes, which go out as they
    are between the quotes. `fault` spoils every `LIST VAR`, `faults[ups]` those of one UPS. `log` holds every line
    received (`asked` is set with the first), `connections` how many clients connected. Use it as a context manager.
    """

    def __init__(self, units: Mapping[str, Mapping[str, str | bytes]], port: int = 0) -> None:
        self.units = {name: dict(variables) for name, variables in units.items()}
        self.fault: Fault | None = None
        self.faults: dict[str, Fault] = {}
        self.resume = threading.Event()
        self.log: list[str] = []
        self.asked = threading.Event()
        self.connections = 0
        self._clients: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._ended = False
        self._acceptor = threading.Thread(target=self._accept, name="fake-upsd")
        self._acceptor.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def answer(self, ups: str) -> bytes:
        """The whole true answer to `LIST VAR <ups>`."""
        rows = [f"BEGIN LIST VAR {ups}\n".encode()]
        for name, value in self.units[ups].items():
            text = b'"' + value + b'"' if isinstance(value, bytes) else quoted(value).encode()
            rows.append(f"VAR {ups} {name} ".encode() + text + b"\n")
        return b"".join(rows) + f"END LIST VAR {ups}\n".encode()

    def hang_up(self) -> None:
        """Close every connection, as a restarting upsd does, and go on listening."""
        for client in list(self._clients):
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def close(self) -> None:
        """End every connection and thread."""
        if self._ended:
            return
        self._ended = True
        self.resume.set()
        # Closing a listening socket does not wake the thread that accepts on it.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        self.hang_up()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while not self._ended:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._clients.add(client)
            thread = threading.Thread(target=self._serve, args=(client,), name="fake-upsd-client")
            self._threads = [*(one for one in self._threads if one.is_alive()), thread]
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        try:
            with client, client.makefile("rb") as lines:
                for line in lines:
                    question = line.decode("utf-8", "replace").rstrip("\r\n")
                    self.log.append(question)
                    self.asked.set()
                    if not self._say(client, question):
                        return
        except OSError:
            return
        finally:
            self._clients.discard(client)

    def _say(self, client: socket.socket, question: str) -> bool:
        """Answer one question; False when the connection is to be closed."""
        words = question.split(" ")
        if words[:2] == ["LIST", "UPS"]:
            rows = "".join(f"UPS {name} {quoted('Description unavailable')}\n" for name in self.units)
            client.sendall(f"BEGIN LIST UPS\n{rows}END LIST UPS\n".encode())
            return True
        if words[:2] != ["LIST", "VAR"] or len(words) != 3:
            client.sendall(b"ERR UNKNOWN-COMMAND\n")
            return True
        ups = words[2]
        if ups not in self.units:
            client.sendall(b"ERR UNKNOWN-UPS\n")
            return True
        return self._spoil(client, self.answer(ups), self.faults.get(ups) or self.fault or Fault())

    def _spoil(self, client: socket.socket, answer: bytes, fault: Fault) -> bool:
        """Send the answer as the fault wants it; False when the connection is to be closed."""
        if fault.close:
            return False
        if fault.delay_s:
            self.resume.wait(fault.delay_s)
        if fault.error:
            answer = f"ERR {fault.error}\n".encode()
        if fault.raw is not None:
            answer = fault.raw
        if fault.cut_after is not None:
            client.sendall(answer[: fault.cut_after])
            return False
        if fault.stall_after is not None:
            client.sendall(answer[: fault.stall_after])
            self.resume.wait(30)
            answer = answer[fault.stall_after :]
        if fault.drip_s:
            for byte in answer:
                client.sendall(bytes([byte]))
                if self.resume.wait(fault.drip_s):
                    break
            return False
        client.sendall(answer)
        return True
