"""ICMP echo without privileges: Linux ping sockets (icmp(7): SOCK_DGRAM with IPPROTO_ICMP, IPPROTO_ICMPV6).

The kernel gives the identifier and the checksum and hands on only answers to this socket (RFC 792, RFC 4443). Who may
open one is said by the group range in `net.ipv4.ping_group_range`.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
from collections.abc import Sequence

from dutyroom.clock import monotonic
from dutyroom.sources.tcp import Tried, error_of, family_of, said

PROBES = 3
APART_S = 0.25
WAIT_S = 2.0
REMEDY = "ping needs a group range: sysctl -w net.ipv4.ping_group_range='0 2147483647'"

_ECHO = {socket.AF_INET: 8, socket.AF_INET6: 128}
_REPLY = {socket.AF_INET: 0, socket.AF_INET6: 129}
_HEADER = struct.Struct("!BBHHH")


class NotAllowed(Exception):
    """This account may not open a ping socket."""


async def ping(addresses: Sequence[str], within_s: float = WAIT_S) -> Tried:
    """Three echoes to each address until one of them answers any.

    `within_s` is how long is waited after the last echo of an address. Raises NotAllowed.
    """
    tried = Tried("unresolved")
    for address in addresses:
        tried = await _ping(address, within_s)
        if not tried.error:
            break
    return tried


async def _ping(address: str, within_s: float) -> Tried:
    family = family_of(address)
    protocol = socket.IPPROTO_ICMP if family == socket.AF_INET else socket.IPPROTO_ICMPV6
    try:
        opened = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, protocol)
    except PermissionError:
        raise NotAllowed(REMEDY) from None
    except OSError as error:
        return Tried("failed", address, detail=f"no ping socket: {said(error)}")
    with opened:
        opened.setblocking(False)
        echoes = _Echoes(opened, family)
        try:
            opened.connect((address, 0))
            await echoes.exchange(within_s)
        except OSError as error:
            echoes.trouble = echoes.trouble or error
    times = list(echoes.times.values())
    loss = 100.0 * (PROBES - len(times)) / PROBES
    if times:
        return Tried("", address, sum(times) / len(times) * 1000, loss)
    if echoes.trouble is None:
        return Tried("lost", address, None, loss, f"no echo of {PROBES} came back within {within_s:g} s")
    # A refusal (port unreachable) is no word of an echo: like all that is no route, the network answers for it.
    code = error_of(echoes.trouble)
    return Tried("unreachable" if code == "refused" else code, address, None, loss, said(echoes.trouble))


class _Echoes:
    """The echoes of one ping: when each was sent, and how many seconds its answer took."""

    def __init__(self, opened: socket.socket, family: socket.AddressFamily) -> None:
        self.times: dict[int, float] = {}
        self.trouble: OSError | None = None
        self._socket, self._family = opened, family
        self._sent: dict[int, float] = {}
        # An answer to an earlier ping carries other bytes.
        self._mark = secrets.token_bytes(16)

    async def exchange(self, within_s: float) -> None:
        """Sends all and listens until the last is back or the time is over. Raises OSError when none can be sent."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(APART_S * (PROBES - 1) + within_s):
                listening = asyncio.ensure_future(self._listen(loop))
                try:
                    for number in range(1, PROBES + 1):
                        await self._send(loop, number)
                        if number < PROBES:
                            await asyncio.sleep(APART_S)
                    await listening
                finally:
                    listening.cancel()
                    await asyncio.gather(listening, return_exceptions=True)
        except TimeoutError:
            return

    async def _send(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        packet = _HEADER.pack(_ECHO[self._family], 0, 0, 0, number) + self._mark
        self._sent[number] = monotonic()
        try:
            await loop.sock_sendall(self._socket, packet)
        except OSError as error:
            # What the network said about an earlier echo comes with the next call.
            self.trouble = error

    async def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        troubles = 0
        # One word of the network for each echo; a socket that only ever fails must not keep the loop busy.
        while len(self.times) + troubles < PROBES:
            try:
                packet = await loop.sock_recv(self._socket, 1024)
            except OSError as error:
                self.trouble, troubles = error, troubles + 1
            else:
                self._take(packet, monotonic())

    def _take(self, packet: bytes, at: float) -> None:
        if len(packet) < _HEADER.size:
            return
        kind, code, _sum, _identifier, number = _HEADER.unpack_from(packet)
        is_ours = kind == _REPLY[self._family] and code == 0 and packet[_HEADER.size :] == self._mark
        if is_ours and number in self._sent and number not in self.times:
            self.times[number] = at - self._sent[number]
