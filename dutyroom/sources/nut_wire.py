"""One open connection to a NUT server: questions as bytes, answers read strictly, line by line.

The protocol is the NUT developer guide's "Network protocol information" (docs/net-protocol.txt); quoting follows NUT's
parseconf.c (`pconf_encode`). The errors raised here are in `nut_errors`; after any of them but NutServerError the
connection is of no more use, because a late answer could be taken for the next one.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

from dutyroom.clock import monotonic
from dutyroom.inert import MAX_LENGTH, decode, inert
from dutyroom.sources.nut_errors import (
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
_CHUNK_BYTES = 64 * 1024

UPS_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
_PAIR = re.compile(rb'([!#-\[\]-~]{1,128}) "((?:[^"\\]|\\.)*)"', re.DOTALL)
_ERR = re.compile(rb"ERR ([A-Z0-9-]{1,64})(?: .*)?", re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
# `inert` drops NUL, ESC and CR without a trace, and "54\0" + "00" must not become 5400: DEL becomes U+FFFD there.
_VISIBLE = bytes(0x7F if byte < 0x20 and byte != 0x09 else byte for byte in range(256))
_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)


@dataclass(frozen=True, slots=True)
class Question:
    """What goes on the wire, without its line end, and how every row of its answer begins."""

    words: bytes
    row: bytes


UPSES = Question(b"LIST UPS", b"UPS ")


def variables_of(ups: str) -> Question:
    """The question for all variables of a UPS.

    A name that no upsd has (see UPS_NAME) raises NutRefused: on the wire it could be read as further commands.
    """
    if not UPS_NAME.fullmatch(ups):
        raise NutRefused(f"not a UPS name: {inert(ups, 80)!r}")
    name = ups.encode("ascii")
    return Question(b"LIST VAR " + name, b"VAR " + name + b" ")


class Wire:
    """One connection. Every `until` is a moment of `clock.monotonic()`."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._buffer = b""
        self._at = 0
        # True from the first line of an answer on: what fails then is this answer's own.
        self.in_answer = False
        # Bytes that came since the connection was opened: none means that the server never spoke.
        self.received = 0

    @classmethod
    def to(cls, host: str, port: int, until: float) -> Wire:
        """A fresh connection to the first address of the host that takes one. Raises NutConnect.

        Only the name lookup by the system's resolver cannot be cut short.
        """
        trouble: Exception = TimeoutError("timed out")
        try:
            for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
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
                    return cls(connection)
        except (OSError, ValueError, OverflowError) as error:
            trouble = error
        raise NutConnect(f"{host}:{port}: {trouble}") from trouble

    def send(self, questions: list[Question], until: float) -> None:
        """Puts the questions on the wire, all at once."""
        self._patience(until)
        try:
            self._socket.sendall(b"".join(question.words + b"\n" for question in questions))
        except TimeoutError:
            raise NutTimeout("the question could not be sent in time") from None
        except OSError as error:
            raise NutClosed(str(error)) from error

    def answer(self, question: Question, until: float) -> dict[str, str]:
        """The rows between `BEGIN <question>` and `END <question>`: names to inert texts, in the server's order.

        Raises NutServerError for a well-formed `ERR`. A first line that is no answer to this question raises
        Misplaced: it may be the end of what went wrong before.
        """
        self.in_answer = False
        first = self._line(until)
        if first != b"BEGIN " + question.words:
            if error := _ERR.fullmatch(first):
                raise NutServerError(error[1].decode("ascii"))
            raise Misplaced(f"not an answer to {question.words.decode()}: {_text(first[:80])!r}")
        self.in_answer = True
        pairs: dict[str, str] = {}
        end, skip, taken = b"END " + question.words, len(question.row), 0
        while (line := self._line(until)) != end:
            taken += len(line)
            pair = _PAIR.fullmatch(line, skip) if line.startswith(question.row) else None
            if pair is None:
                raise NutProtocol(f"not a row of {question.words.decode()}: {_text(line[:80])!r}")
            name = pair[1].decode("ascii")
            if name in pairs:
                raise NutProtocol(f"{name} is told twice")
            if len(pairs) >= MAX_ROWS:
                raise NutProtocol(f"more than {MAX_ROWS} rows")
            if taken > MAX_ANSWER_BYTES:
                raise NutProtocol(f"an answer longer than {MAX_ANSWER_BYTES} bytes")
            pairs[name] = _text(_ESCAPED.sub(rb"\1", pair[2]) if b"\\" in pair[2] else pair[2])
        return pairs

    def expect_silence(self) -> None:
        """Raises NutProtocol when more came than was asked for."""
        if left := self._buffer[self._at : self._at + 80]:
            raise NutProtocol(f"data after the end of the answer: {_text(left)!r}")

    def is_open_and_quiet(self) -> bool:
        """True while the server keeps the connection; raises NutProtocol for what came unasked."""
        self._socket.setblocking(False)
        try:
            unasked = self._socket.recv(80)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if unasked:
            raise NutProtocol(f"unasked data: {_text(unasked)!r}")
        return False

    def interrupt(self) -> None:
        """Ends what another thread waits for here."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it was closed in between

    def close(self) -> None:
        """Gives the socket back."""
        self._socket.close()

    def _line(self, until: float) -> bytes:
        """The next line without its end (LF or CRLF), in the bytes that came."""
        while (end := self._buffer.find(b"\n", self._at)) < 0:
            if len(self._buffer) - self._at > MAX_LINE_BYTES:
                raise NutProtocol(f"a line longer than {MAX_LINE_BYTES} bytes")
            self._buffer, self._at = self._buffer[self._at :] + self._receive(until), 0
        if end - self._at > MAX_LINE_BYTES:
            raise NutProtocol(f"a line longer than {MAX_LINE_BYTES} bytes")
        line, self._at = self._buffer[self._at : end], end + 1
        return line.removesuffix(b"\r")

    def _receive(self, until: float) -> bytes:
        self._patience(until)
        try:
            if _QUICKACK is not None:
                # upsd answers in many small writes and would wait 40 ms for each delayed acknowledgement; not sticky.
                self._socket.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
            data = self._socket.recv(_CHUNK_BYTES)
        except TimeoutError:
            raise NutTimeout("no complete answer in time") from None
        except OSError as error:
            raise NutClosed(str(error)) from error
        if not data:
            raise NutClosed("the server closed the connection")
        self.received += len(data)
        return data

    def _patience(self, until: float) -> None:
        """Let the next socket call wait for what is left of the time."""
        left = until - monotonic()
        if left <= 0:
            raise NutTimeout("no complete answer in time")
        self._socket.settimeout(left)


class Connection:
    """The connection of a session: opened when it is needed, and again after it was dropped.

    `ended` may be set by any thread, and `interrupt` called; everything else is for the one that speaks.
    """

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.ended = False
        self._wire: Wire | None = None

    def wire(self, until: float) -> tuple[Wire, bool]:
        """The open connection, and whether it is one of before. Raises NutError.

        What came on it unasked raises NutProtocol and drops it.
        """
        if (wire := self._wire) is not None:
            try:
                if wire.is_open_and_quiet():
                    return wire, True
            except NutProtocol:
                self.drop()
                raise
            self.drop()
        if self.ended:
            raise NutClosed("the session has ended")
        self._wire = Wire.to(self.host, self.port, until)
        return self._wire, False

    def interrupt(self) -> None:
        """Ends what another thread waits for."""
        if (running := self._wire) is not None:
            running.interrupt()

    def drop(self) -> None:
        """Closes what is open."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()


class Misplaced(NutProtocol):
    """The line that should begin an answer belongs to something else."""


def _text(raw: bytes) -> str:
    """Bytes of an answer as inert text, in which every control byte leaves a mark."""
    # Nearly every value is plain: the long way costs ten times as much.
    if len(raw) <= MAX_LENGTH and raw.isascii() and (text := raw.decode("ascii")).isprintable():
        return text.strip()
    return decode(raw.translate(_VISIBLE))
