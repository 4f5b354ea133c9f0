"""The socket of one device: takes answers from that device alone, and keeps the decoder's troubles to itself.

pysnmp accepts any datagram whose request-id fits, from any address and port, and one engine uses one socket for all
its devices, so that one device could answer for another. Here every device has a socket of its own.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from typing import Any

from pyasn1.error import PyAsn1Error
from pysnmp.carrier.asyncio.dgram.base import DgramAsyncioProtocol
from pysnmp.carrier.asyncio.dgram.udp import SNMP_UDP_DOMAIN, UdpAsyncioTransport
from pysnmp.carrier.asyncio.dgram.udp6 import SNMP_UDP6_DOMAIN, Udp6AsyncioTransport
from pysnmp.error import PySnmpError

from dutyroom.sources.snmp.varbinds import by_hand

RECEIVE_BUFFER = 1 << 20
LARGEST_ANSWER = 1 << 15
# What pysnmp's decoder has been seen to raise on hostile datagrams beside its own errors (oversized integers, deep
# nesting, wrong shapes).
DECODER_FAULTS = (
    PySnmpError,
    PyAsn1Error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
# linux/in.h and linux/in6.h: ICMP errors reach an unconnected socket only with these set.
_IP_RECVERR = 11
_IPV6_RECVERR = 25
_INTEGER = 0x02


class Guard:
    """What a device's socket lets through, and what it has seen.

    One answer to each message sent, and nothing else: `foreign` counts datagrams from elsewhere (or too large),
    `arrived` those from the device since it was last set to 0, `undecodable` those the decoder could not read.
    `on_undecodable` and `on_icmp` are called so that the question under way need not wait for its timeout.
    """

    def __init__(self, allowed: frozenset[tuple[str, int]]) -> None:
        self.allowed = allowed
        self.foreign = 0
        self.undecodable = 0
        self.arrived = 0
        self._awaited: set[int] = set()
        self.on_undecodable: Callable[[], None] | None = None
        self.on_icmp: Callable[[OSError], None] | None = None
        self.parse_errors: Callable[[], int] = lambda: 0

    def sent(self, message: bytes) -> None:
        """An answer to this message may come."""
        number = message_number(message)
        if number is not None:
            self._awaited.add(number)

    def awaits_nothing(self) -> None:
        """Nobody asks any more: whatever still comes is late."""
        self._awaited.clear()

    def admits(self, address: tuple[Any, ...], datagram: bytes) -> bool:
        """Whether a datagram from that address may be decoded.

        A device that answers without end, and whoever sends in its name, costs no more than this look.
        """
        if (address[0], address[1]) not in self.allowed or len(datagram) > LARGEST_ANSWER:
            self.foreign += 1
            return False
        self.arrived += 1
        number = message_number(datagram)
        if number is None:
            # Not the beginning of a message: the decoder may say so, as long as anybody asks.
            return bool(self._awaited)
        if number not in self._awaited:
            return False
        self._awaited.discard(number)
        return True

    def could_not_decode(self) -> None:
        """Counts, and wakes the question under way."""
        self.undecodable += 1
        if self.on_undecodable is not None:
            self.on_undecodable()


def message_number(message: bytes) -> int | None:
    """What an answer has in common with its question: msgID (RFC 3412), before v3 request-id (RFC 3416); else None."""
    try:
        inside, _ = _content(message, 0)
        version, inside = _content(message, inside)
        header, after = _content(message, inside)
        if int.from_bytes(message[version:inside], "big") != 3:
            # That was the community; the PDU follows.
            header, _ = _content(message, after)
        number, ends = _content(message, header)
        is_number = message[header] == _INTEGER and 1 <= ends - number <= 5
        return int.from_bytes(message[number:ends], "big", signed=True) if is_number else None
    except IndexError:
        return None


def _content(message: bytes, at: int) -> tuple[int, int]:
    """Where the content of the BER element at `at` begins and ends. Raises IndexError."""
    size, at = message[at + 1], at + 2
    if size & 0x80:
        octets = size & 0x7F
        size, at = int.from_bytes(message[at : at + octets], "big"), at + octets
    if at + size > len(message):
        raise IndexError
    return at, at + size


class _Guarded(DgramAsyncioProtocol):  # type: ignore[misc]
    """A pysnmp datagram transport behind a guard."""

    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self._guard = guard
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Opens the socket; it belongs to the running loop from now on."""
        family = socket.AddressFamily(self.SOCK_FAMILY)
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        if sys.platform == "linux":
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
            else:
                sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        sock.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", 0))
        self._socket = sock
        self.open_server_mode(sock=sock)

    def datagram_received(self, datagram: bytes, transportAddress: tuple[Any, ...]) -> None:
        """Drops what is not from the device; decodes the rest without letting an exception reach the loop."""
        if self._callback_function is None or not self._guard.admits(transportAddress, datagram):
            return
        before = self._guard.parse_errors()
        try:
            with by_hand():
                self._callback_function(self, transportAddress, datagram)
        except DECODER_FAULTS:
            self._guard.could_not_decode()
        else:
            if self._guard.parse_errors() != before:
                self._guard.could_not_decode()

    def send_message(self, outgoingMessage: bytes, transportAddress: Any) -> None:
        """Sends, and lets one answer in."""
        self._guard.sent(outgoingMessage)
        super().send_message(outgoingMessage, transportAddress)

    def error_received(self, exc: Exception) -> None:
        """Passes an ICMP error on; its copy in the error queue is taken out, or the socket stays ready for ever."""
        if self._socket is not None and sys.platform == "linux":
            try:
                while self._socket.recvmsg(512, 512, socket.MSG_ERRQUEUE):
                    pass
            except OSError:
                pass
        if isinstance(exc, OSError) and self._guard.on_icmp is not None:
            self._guard.on_icmp(exc)

    def close_transport(self) -> None:
        """Closes the socket, even when the loop never came to take it."""
        transport: asyncio.DatagramTransport | None = self.transport
        super().close_transport()
        if transport is None and self._socket is not None:
            self._socket.close()
        self._socket = None


class GuardedUdp(_Guarded, UdpAsyncioTransport):  # type: ignore[misc]
    """UDP over IPv4 behind a guard."""

    DOMAIN: tuple[int, ...] = SNMP_UDP_DOMAIN


class GuardedUdp6(_Guarded, Udp6AsyncioTransport):  # type: ignore[misc]
    """UDP over IPv6 behind a guard."""

    DOMAIN: tuple[int, ...] = SNMP_UDP6_DOMAIN
