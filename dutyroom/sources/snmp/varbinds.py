"""The variables of an answer, decoded by hand: pysnmp builds a tree of objects for each, at ten times the cost.

Only the list of variables in a Response is read here, and only while it is what RFC 3416 and X.690 say, in definite
lengths. At anything else pysnmp's own decoder reads the list again from its start and decides what it is worth: this
module never makes a value of what it does not understand. Messages, security and Reports stay pysnmp's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from pyasn1.codec.ber import decoder
from pyasn1.type import namedtype, univ
from pysnmp.proto import rfc1905
from pysnmp.proto.api import v2c

from dutyroom.sources.snmp.answers import Absent, Counter32, Counter64, Oid, Value, Varbind
from dutyroom.sources.snmp.values import plain, plain_oid

_INTEGER, _OCTETS, _NULL, _OID, _SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
_IP_ADDRESS, _COUNTER32, _GAUGE32, _TICKS, _OPAQUE, _COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
_EMPTY: dict[int, Value] = {
    _NULL: Absent.NO_OBJECT,
    0x80: Absent.NO_OBJECT,
    0x81: Absent.NO_INSTANCE,
    0x82: Absent.END,
}
# Agents send integers longer than their type; longer than this is no slip but nonsense.
_LONGEST_INTEGER = 9
# A subidentifier has 32 bits (RFC 2578).
_LARGEST_PART = 2**32 - 1
_MOST_NAMES = 1 << 14


class Unexpected(ValueError):
    """The list is not what this decoder knows."""


def decode(data: bytes) -> list[Varbind]:
    """The variables of a list's content octets, in wire order. Raises Unexpected."""
    rows: list[Varbind] = []
    at, end = 0, len(data)
    while at < end:
        at, stop = _body(data, at, end, _SEQUENCE)
        at, name_ends = _body(data, at, stop, _OID)
        name = _oid(data[at:name_ends])
        at, value_ends = _body(data, name_ends, stop, None)
        if value_ends != stop:
            raise Unexpected("something follows the value")
        rows.append((name, _value(data[name_ends], data[at:stop])))
        at = stop
    return rows


def _body(data: bytes, at: int, end: int, tag: int | None) -> tuple[int, int]:
    """Where the content of the element at `at` begins and ends; both lie before `end`."""
    if at + 2 > end or (tag is not None and data[at] != tag):
        raise Unexpected("another element")
    size, at = data[at + 1], at + 2
    if size & 0x80:
        octets = size & 0x7F
        if not 1 <= octets <= 3 or at + octets > end:
            raise Unexpected("a length in another form")
        size, at = int.from_bytes(data[at : at + octets], "big"), at + octets
    if at + size > end:
        raise Unexpected("an element longer than what holds it")
    return at, at + size


@lru_cache(_MOST_NAMES)
def _oid(body: bytes) -> Oid:
    """The parts of an object identifier (X.690 8.19). The same names come at every poll."""
    if not body or body[-1] & 0x80:
        raise Unexpected("an identifier that does not end")
    parts: list[int] = []
    part = 0
    for octet in body:
        if part == 0 and octet == 0x80:
            raise Unexpected("a part that begins with nothing")
        part = part << 7 | octet & 0x7F
        if part > _LARGEST_PART:
            raise Unexpected("a part that is too large")
        if not octet & 0x80:
            parts.append(part)
            part = 0
    first = min(parts[0] // 40, 2)
    return (first, parts[0] - 40 * first, *parts[1:])


def _value(tag: int, body: bytes) -> Value:
    if tag in (_COUNTER32, _COUNTER64, _GAUGE32, _TICKS, _INTEGER):
        if not 1 <= len(body) <= _LONGEST_INTEGER:
            raise Unexpected("an integer of another length")
        # All are signed in BER; out of its range a value counts modulo the size of its type, as net-snmp takes it.
        number = int.from_bytes(body, "big", signed=True)
        if tag == _COUNTER32:
            return Counter32(number % 2**32)
        if tag == _COUNTER64:
            return Counter64(number % 2**64)
        return number if tag == _INTEGER else number % 2**32
    if tag in (_OCTETS, _OPAQUE):
        return body
    if tag == _OID:
        return _oid(body)
    if tag in _EMPTY and not body:
        return _EMPTY[tag]
    if tag == _IP_ADDRESS and len(body) == 4:
        return body
    raise Unexpected("a value of another type")


class _List(rfc1905.VarBindList):  # type: ignore[misc]
    """A VarBindList that pyasn1 finds a decoder of its own for; `rows` is None where pysnmp's had to read it."""

    typeId = univ.SequenceOf.getTypeId()
    rows: list[Varbind] | None = None


class _ListDecoder(decoder.SequenceOfPayloadDecoder):  # type: ignore[misc]
    def valueDecoder(
        self,
        substrate: Any,
        asn1Spec: Any,
        tagSet: Any = None,
        length: int = -1,
        *arguments: Any,
        **options: Any,
    ) -> Iterator[Any]:
        begins = substrate.tell()
        body = substrate.read(length) if length >= 0 else b""
        try:
            if not _here.by_hand or len(body) != length:
                raise Unexpected
            rows = decode(body)
        except Unexpected:
            substrate.seek(begins)
            yield from super().valueDecoder(substrate, asn1Spec, tagSet, length, *arguments, **options)
        else:
            found = asn1Spec.clone()
            found.clear()
            found.rows = rows
            yield found


class _Here(threading.local):
    by_hand = False


_here = _Here()


@contextmanager
def by_hand() -> Iterator[None]:
    """What this thread decodes meanwhile is read with `decode`; `rows_of` gives it."""
    _here.by_hand = True
    try:
        yield
    finally:
        _here.by_hand = False


def teach_pysnmp() -> None:
    """Lets the process's pysnmp ask `decode` where `by_hand` says so; doing it twice does nothing more.

    Only the prototype that Responses are decoded after is changed: what a program builds to send is not.
    """
    decoder.SingleItemDecoder.TYPE_MAP[_List.typeId] = _ListDecoder()
    prototype = rfc1905.PDUs.componentType["response"].asn1Object
    names = prototype.componentType.namedTypes
    own = namedtype.NamedTypes(*names[:-1], namedtype.NamedType("variable-bindings", _List()))
    prototype._readOnly["componentType"] = own
    prototype.__dict__["componentType"] = own


def rows_of(pdu: Any) -> list[Varbind]:
    """The variables of a decoded Response, whoever read them."""
    bindings = pdu.getComponentByPosition(3)
    if isinstance(bindings, _List) and bindings.rows is not None:
        return bindings.rows
    return [(plain_oid(name), plain(value)) for name, value in v2c.apiPDU.get_varbinds(pdu)]
