"""What a MAC address tells about itself (IEEE 802; RFC 9542), and which ones stand for no device."""

from __future__ import annotations

import re

NOTHING = "00:00:00:00:00:00"
# Addresses that several routers share: VRRP (RFC 9568) and CARP, HSRP 1 and 2 and for IPv6, GLBP.
VIRTUAL = ("00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f", "00:05:73:a0:0", "00:07:b4:00:")
_WRITTEN = re.compile(
    r"[0-9a-f]{2}(?:(?P<sign>[:. -])[0-9a-f]{2})(?:(?P=sign)[0-9a-f]{2}){4}"
    r"|(?:[0-9a-f]{4}[:.-]){2}[0-9a-f]{4}|[0-9a-f]{12}|[0-9a-f]{6}-[0-9a-f]{6}"
)


def of_octets(octets: bytes | tuple[int, ...]) -> str:
    """`00:11:22:33:44:55`, or an empty text for anything but six octets."""
    if len(octets) != 6 or not all(0 <= octet <= 255 for octet in octets):
        return ""
    return ":".join(f"{octet:02x}" for octet in octets)


def of_text(text: str) -> str | None:
    """A MAC as people and devices write it, as `00:11:22:33:44:55`; None when it is none."""
    written = text.strip().lower()
    if _WRITTEN.fullmatch(written) is None:
        return None
    digits = re.sub(r"[^0-9a-f]", "", written)
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def is_multicast(mac: str) -> bool:
    """True for a group address (the lowest bit of the first octet), the broadcast address among them."""
    return bool(int(mac[:2], 16) & 1)


def is_random(mac: str) -> bool:
    """True for a locally administered address: made up by a telephone, a laptop or a virtual machine."""
    return bool(int(mac[:2], 16) & 2) and not is_multicast(mac)


def is_device(mac: str) -> bool:
    """True for a MAC that can stand for one device: complete, no group address, none that routers share."""
    return mac not in ("", NOTHING) and not is_multicast(mac) and not mac.startswith(VIRTUAL)
