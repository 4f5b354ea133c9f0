"""One connection to a NUT server, read strictly: a whole true answer, or one exception.

The protocol is the NUT developer guide's "Network protocol information" (docs/net-protocol.txt); quoting follows
NUT's parseconf.c (`pconf_encode`). Only `LIST UPS` and `LIST VAR` are ever sent: no login, no credentials, no verb
that changes anything. The errors it raises are in `nut_errors`.

Where the `nut2` package can be installed (Python before 3.13) the session is a `nut2.PyNUTClient`, with transport and
parsing replaced. nut2's own would hand out half an answer after a timeout, leave the late half in the stream for the
next question, and read through telnetlib, which swallows bytes.
"""

from __future__ import annotations

import re
import socket
import threading
from typing import Any, NoReturn

from dutyroom.clock import monotonic
from dutyroom.inert import decode, inert
from dutyroom.sources.nut_errors import (
    ClientBase,
    NutClosed,
    NutConnect,
    NutProtocol,
    NutRefused,
    NutServerError,
    NutTimeout,
)

MAX_ANSWER_BYTES = 256 * 1024
MAX_LINE_BYTES = 8 * 1024
MAX_ROWS = 5000

UPS_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
_PAIR = re.compile(rb'([!#-\[\]-~]{1,128}) "((?:[^"\\]|\\.)*)"', re.DOTALL)
_ERR = re.compile(rb"ERR ([A-Z0-9-]{1,64})(?: .*)?", re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
# `inert` drops NUL, ESC and CR without a trace, and "54\0" + "00" must not become 5400: DEL becomes U+FFFD there.
_VISIBLE = bytes(0x7F if byte < 0x20 and byte != 0x09 else byte for byte in range(256))
_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)


class NutSession(ClientBase):
    """A read-only conversation with one upsd; connects when first asked and again after any fault.

    Safe to use from several threads: one question at a time, and each answer goes to who asked. `deadline_s` covers
    everything from the call to the complete answer (waiting for the lock, connecting, reading); only a name lookup by
    the system's resolver cannot be cut short. After any fault but NutServerError the socket is closed, so that a late
    answer can never be taken for the next one.
    """

    # nut2's initialiser logs through the root logger, which installs a handler there: it is not called.
    def __init__(self, host: str, port: int = 3493, deadline_s: float = 3.0) -> None:
        self.host, self.port, self.deadline_s = host, port, deadline_s
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._buffer = b""
        self._received = 0
        self._ended = False

    def __enter__(self) -> NutSession:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_socket", None) is not None:
            self._drop()

    def list_ups(self, within_s: float | None = None) -> dict[str, str]:
        """The UPSes the server offers: name to description. Raises NutError; `within_s` replaces the deadline."""
        return self._ask(b"LIST UPS", b"UPS ", within_s)

    def list_vars(self, ups: str, within_s: float | None = None) -> dict[str, str]:
        """All variables of a UPS: name to inert text, in the server's order. Raises NutError.

        A name that no upsd has (see UPS_NAME) raises NutRefused: on the wire it could be read as further commands.
        """
        if not UPS_NAME.fullmatch(ups):
            raise NutRefused(f"not a UPS name: {inert(ups, 80)!r}")
        name = ups.encode("ascii")
        return self._ask(b"LIST VAR " + name, b"VAR " + name + b" ", within_s)

    def close(self) -> None:
        """End the session for good; a question under way in another thread fails with NutClosed at once."""
        self._ended = True
        if self._lock.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._lock.release()
        elif (running := self._socket) is not None:
            try:
                running.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it was closed in between

    def _ask(self, question: bytes, row: bytes, within_s: float | None) -> dict[str, str]:
        """One question under the lock. A connection that died while idle (upsd restarted) is replaced once."""
        until = monotonic() + (self.deadline_s if within_s is None else within_s)
        if not self._lock.acquire(timeout=max(0.0, until - monotonic())):
            raise NutTimeout("another question was still waiting for its answer")
        try:
            if monotonic() >= until:
                raise NutTimeout("no time was left to ask")
            reused = self._is_open_and_quiet()
            try:
                return self._exchange(question, row, until)
            except NutClosed:
                if not reused or self._received:
                    raise
                return self._exchange(question, row, until)
        finally:
            if self._ended:
                self._drop()
            self._lock.release()

    def _exchange(self, question: bytes, row: bytes, until: float) -> dict[str, str]:
        """Send the question and read its whole answer; any fault drops the connection."""
        self._received = 0
        try:
            connection = self._socket or self._connect(until)
            self._patience(connection, until)
            try:
                connection.sendall(question + b"\n")
            except TimeoutError:
                raise NutTimeout("the question could not be sent in time") from None
            except OSError as error:
                raise NutClosed(str(error)) from error
            return self._answer(connection, question, row, until)
        except NutServerError:
            raise
        except BaseException:
            self._drop()
            raise

    def _answer(self, connection: socket.socket, question: bytes, row: bytes, until: float) -> dict[str, str]:
        """The rows between `BEGIN <question>` and `END <question>`."""
        first = self._line(connection, until)
        if first != b"BEGIN " + question:
            if error := _ERR.fullmatch(first):
                self._expect_silence()
                raise NutServerError(error[1].decode("ascii"))
            raise NutProtocol(f"not an answer to {question.decode()}: {_text(first[:80])!r}")
        pairs: dict[str, str] = {}
        while (line := self._line(connection, until)) != b"END " + question:
            pair = _PAIR.fullmatch(line, len(row)) if line.startswith(row) else None
            if pair is None:
                raise NutProtocol(f"not a row of {question.decode()}: {_text(line[:80])!r}")
            name = pair[1].decode("ascii")
            if name in pairs:
                raise NutProtocol(f"{name} is told twice")
            if len(pairs) >= MAX_ROWS:
                raise NutProtocol(f"more than {MAX_ROWS} rows")
            pairs[name] = _text(_ESCAPED.sub(rb"\1", pair[2]))
        self._expect_silence()
        return pairs

    def _expect_silence(self) -> None:
        if self._buffer:
            raise NutProtocol(f"data after the end of the answer: {_text(self._buffer[:80])!r}")

    def _line(self, connection: socket.socket, until: float) -> bytes:
        """The next line without its end (LF or CRLF), in the bytes that came."""
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > MAX_LINE_BYTES:
                raise NutProtocol(f"a line longer than {MAX_LINE_BYTES} bytes")
            self._buffer += self._receive(connection, until)
        if end > MAX_LINE_BYTES:
            raise NutProtocol(f"a line longer than {MAX_LINE_BYTES} bytes")
        line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
        return line.removesuffix(b"\r")

    def _receive(self, connection: socket.socket, until: float) -> bytes:
        self._patience(connection, until)
        if _QUICKACK is not None:
            # upsd answers in many small writes and would wait 40 ms for each delayed acknowledgement; not sticky.
            connection.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        try:
            data = connection.recv(65_536)
        except TimeoutError:
            raise NutTimeout("no complete answer in time") from None
        except OSError as error:
            raise NutClosed(str(error)) from error
        if not data:
            raise NutClosed("the server closed the connection")
        self._received += len(data)
        if self._received > MAX_ANSWER_BYTES:
            raise NutProtocol(f"an answer longer than {MAX_ANSWER_BYTES} bytes")
        return data

    @staticmethod
    def _patience(connection: socket.socket, until: float) -> None:
        """Let the next socket call wait for what is left of the deadline."""
        left = until - monotonic()
        if left <= 0:
            raise NutTimeout("no complete answer in time")
        connection.settimeout(left)

    def _connect(self, until: float) -> socket.socket:
        """A fresh connection to the first address of the host that takes one."""
        if self._ended:
            raise NutClosed("the session has ended")
        trouble: Exception = TimeoutError("timed out")
        try:
            for family, kind, protocol, _name, address in socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM
            ):
                if (left := until - monotonic()) <= 0:
                    break
                connection = socket.socket(family, kind, protocol)
                try:
                    connection.settimeout(left)
                    connection.connect(address)
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                except OSError as error:
                    connection.close()
                    trouble = error
                else:
                    self._socket, self._buffer = connection, b""
                    return connection
        except (OSError, ValueError, OverflowError) as error:
            trouble = error
        raise NutConnect(f"{self.host}:{self.port}: {trouble}") from trouble

    def _is_open_and_quiet(self) -> bool:
        """True when the connection of an earlier question is still usable; what came unasked is refused."""
        if self._socket is None:
            return False
        self._socket.setblocking(False)
        try:
            unasked = self._socket.recv(80)
        except BlockingIOError:
            return True
        except OSError:
            unasked = b""
        self._drop()
        if unasked:
            raise NutProtocol(f"unasked data: {_text(unasked)!r}")
        return False

    def _drop(self) -> None:
        connection, self._socket, self._buffer = self._socket, None, b""
        if connection is not None:
            connection.close()


def _text(raw: bytes) -> str:
    """Bytes of an answer as inert text, in which every control byte leaves a mark."""
    return decode(raw.translate(_VISIBLE))


def _refused(_session: object, *_words: Any, **_named: Any) -> NoReturn:
    raise NutRefused("dutyroom only reads: it sends LIST UPS and LIST VAR, nothing else")


# Whatever else nut2's client can do, today or in its next version, writes to UPSes or reads through its own transport.
for _verb in dir(ClientBase):
    if not _verb.startswith("_") and _verb not in vars(NutSession) and callable(getattr(ClientBase, _verb)):
        setattr(NutSession, _verb, _refused)
