"""Does a TCP port take a connection?"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from dutyroom.clock import monotonic

_UNREACHABLE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL)


@dataclass(frozen=True, slots=True)
class Tried:
    """How one try ended: `error` as in `CheckFacts`, the address tried, milliseconds, and prose for people."""

    error: str
    address: str = ""
    latency_ms: float | None = None
    loss_percent: float | None = None
    detail: str = ""


def error_of(error: OSError) -> str:
    """The code of an error of the system."""
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, TimeoutError):
        return "timeout"
    return "unreachable" if error.errno in _UNREACHABLE else "failed"


def said(error: OSError) -> str:
    """What the system calls an error."""
    return os.strerror(error.errno) if error.errno is not None else str(error)


async def connect(addresses: Sequence[str], port: int, within_s: float) -> Tried:
    """Opens a connection and closes it at once; the first address that takes one decides, else the last.

    The time is shared among the addresses, so that one that is silent leaves some for the next.
    """
    tried = Tried("unresolved")
    for place, address in enumerate(addresses):
        share = within_s / (len(addresses) - place)
        began = monotonic()
        tried = await _connect(address, port, share)
        within_s = max(0.1, within_s - (monotonic() - began))
        if not tried.error:
            break
    return tried


async def _connect(address: str, port: int, within_s: float) -> Tried:
    began = monotonic()
    try:
        with socket.socket(family_of(address), socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as line:
            line.setblocking(False)
            async with asyncio.timeout(within_s):
                await asyncio.get_running_loop().sock_connect(line, (address, port))
            return Tried("", address, (monotonic() - began) * 1000)
    except TimeoutError:
        return Tried("timeout", address, detail=f"no answer within {within_s:.1f} s")
    except OSError as error:
        return Tried(error_of(error), address, detail=said(error))


def family_of(address: str) -> socket.AddressFamily:
    """IPv6 for an address with colons, else IPv4."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET
