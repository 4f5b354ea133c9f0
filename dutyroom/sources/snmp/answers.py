"""What an SNMP agent can answer, as plain Python, and the ways in which asking fails. Knows no SNMP library.

A `Value` is an int (INTEGER, Gauge, TimeTicks; a `Counter32` or `Counter64` where the agent sent one), bytes (OCTET
STRING, Opaque), an `Oid`, or an `Absent`; an IpAddress comes as its four bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from dutyroom.inert import decode
from dutyroom.model.reading import State

Oid = tuple[int, ...]


class Absent(Enum):
    """The exceptions of RFC 3416 section 3: values that say there is no value."""

    NO_OBJECT = "noSuchObject"
    NO_INSTANCE = "noSuchInstance"
    END = "endOfMibView"


class Counter32(int):
    """A number that starts again at 0 after 2^32 - 1 (RFC 2578). The type is the one received, not the column's."""

    MODULUS = 2**32


class Counter64(int):
    """A number that starts again at 0 after 2^64 - 1 (RFC 2578)."""

    MODULUS = 2**64


Value = int | bytes | Oid | Absent
Varbind = tuple[Oid, Value]


class SnmpFault(Exception):
    """Asking failed: `state` is the sample's state, `detail` is English prose for people."""

    def __init__(self, state: State, detail: str) -> None:
        super().__init__(detail)
        self.state = state
        self.detail = detail


class NoAnswer(SnmpFault):
    """Nothing usable came in time."""

    def __init__(self, detail: str = "no answer: off, filtered, or wrong community") -> None:
        super().__init__(State.TIMEOUT, detail)


class Unreadable(SnmpFault):
    """An answer came that cannot be decoded, so its values are lost."""

    def __init__(self, detail: str = "the answer cannot be decoded") -> None:
        super().__init__(State.PROTOCOL, detail)


class Empty(Unreadable):
    """An answer without a single variable."""

    def __init__(self) -> None:
        super().__init__("empty answers")


class Refused(SnmpFault):
    """The agent answered with an error-status (RFC 3416 section 3), such as 1 tooBig, 2 noSuchName, 5 genErr."""

    NAMES = {1: "tooBig", 2: "noSuchName", 3: "badValue", 5: "genErr", 6: "noAccess", 16: "authorizationError"}

    def __init__(self, status: int) -> None:
        state = State.AUTH if status == 16 else State.PROTOCOL
        super().__init__(state, f"the agent answered {self.NAMES.get(status, f'error {status}')}")
        self.status = status


class Asker(Protocol):
    """Somebody who can ask one device for rows; the walker needs no more.

    Both raise `SnmpFault`. Answers are in wire order: the first repetition of every column, then the second.
    """

    async def bulk(self, oids: Sequence[Oid], repetitions: int) -> list[Varbind]:
        """One GETBULK without non-repeaters."""

    async def following(self, oids: Sequence[Oid]) -> list[Varbind]:
        """One GETNEXT."""


def oid(dotted: str) -> Oid:
    """`"1.3.6"` as a tuple of integers."""
    return tuple(int(part) for part in dotted.split("."))


def dotted(name: Oid) -> str:
    """A tuple of integers as `"1.3.6"`."""
    return ".".join(str(part) for part in name)


def number(value: Value | None) -> int | None:
    """The value when it is an integer; None when it is absent or of another type."""
    return value if isinstance(value, int) else None


def text(value: Value | None) -> str | None:
    """The value as inert text when it is an octet string; None when it is absent or of another type.

    Some agents fill a name up with NULs and blanks.
    """
    return decode(value.rstrip(b"\x00 ")) if isinstance(value, bytes) else None


def name_of(value: Value | None) -> Oid | None:
    """The value when it is an object identifier; None when it is absent or of another type."""
    return value if isinstance(value, tuple) else None
