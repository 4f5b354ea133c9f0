"""What the service manager is told (sd_notify(3)): one datagram a message, nothing when nobody listens."""

from __future__ import annotations

import os
import socket
import sys

from dutyroom import clock
from dutyroom.words import _


def notify(*messages: str) -> None:
    """Tells the service manager (`READY=1`, `STATUS=…`), all in one; nothing happens when there is none."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    # An address that begins with @ lies in the abstract namespace, whose names begin with a zero byte.
    place = "\0" + address[1:] if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager:
            manager.connect(place)
            manager.sendall("\n".join(messages).encode())
    except OSError as error:
        print(_("the service manager does not listen: {reason}").format(reason=error), file=sys.stderr)


def reloading() -> None:
    """Says that the configuration is read again; the next `READY=1` ends it."""
    notify("RELOADING=1", f"MONOTONIC_USEC={clock.monotonic_usec()}")


def status(text: str) -> str:
    """The message that shows a line in `systemctl status`; a message ends at a line break."""
    return "STATUS=" + " ".join(text.split())
