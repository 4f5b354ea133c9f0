"""pysnmp's values as plain Python, and its decoder made tolerant of integers that agents encode wrongly."""

from __future__ import annotations

from typing import Any

from pyasn1.type import constraint, univ
from pysnmp.proto import rfc1902, rfc1905

from dutyroom.sources.snmp.answers import Absent, Counter32, Counter64, Oid, Value

_ABSENT = (
    (rfc1905.NoSuchObject, Absent.NO_OBJECT),
    (rfc1905.NoSuchInstance, Absent.NO_INSTANCE),
    (rfc1905.EndOfMibView, Absent.END),
)
_UNSIGNED_32 = (rfc1902.Counter32, rfc1902.Gauge32, rfc1902.Unsigned32, rfc1902.TimeTicks)
_INTEGERS = (*_UNSIGNED_32, rfc1902.Counter64, rfc1902.Integer, rfc1902.Integer32)


def tolerate_malformed_integers() -> None:
    """Let pysnmp decode integers outside their type's range instead of dropping the whole answer.

    Agents send negative or five-byte Counter32, Gauge32 and TimeTicks; pysnmp then loses every value of the PDU.
    `plain` takes such a value modulo the size of its type, which is how net-snmp reads it. The change is to the
    process's pysnmp classes; doing it twice does nothing more.
    """
    free = constraint.ConstraintsIntersection()
    for integer in _INTEGERS:
        integer.subtypeSpec = free
    for choice in (rfc1902.SimpleSyntax, rfc1902.ApplicationSyntax):
        for named in choice.componentType.namedTypes:
            syntax: Any = named.asn1Object
            if isinstance(syntax, univ.Integer):
                # The prototypes in the choices carry their own copy of the constraint, which clone() hands on.
                syntax._readOnly["subtypeSpec"] = free
                syntax.__dict__.pop("subtypeSpec", None)


def plain(value: Any) -> Value:
    """One decoded varbind value as plain Python; NULL and what SNMP does not know are `Absent.NO_OBJECT`."""
    for absent_type, absent in _ABSENT:
        if isinstance(value, absent_type):
            return absent
    if isinstance(value, rfc1902.Counter64):
        return Counter64(int(value) % 2**64)
    if isinstance(value, rfc1902.Counter32):
        return Counter32(int(value) % 2**32)
    if isinstance(value, _UNSIGNED_32):
        return int(value) % 2**32
    if isinstance(value, univ.Integer):
        return int(value)
    if isinstance(value, univ.OctetString) and not isinstance(value, univ.Null):
        return bytes(value)
    if isinstance(value, univ.ObjectIdentifier):
        return plain_oid(value)
    return Absent.NO_OBJECT


def plain_oid(value: Any) -> Oid:
    """An object identifier as a tuple of integers."""
    return tuple(value)
