"""The variables read by hand are those pysnmp would read, or are left to pysnmp."""

from __future__ import annotations

import random

import pytest
from pyasn1.codec.ber import decoder
from pyasn1.error import PyAsn1Error
from pysnmp.proto import rfc1905
from pysnmp.proto.error import ProtocolError

from dutyroom.sources.snmp.answers import Absent, Counter32, Counter64, Value, Varbind
from dutyroom.sources.snmp.values import plain, plain_oid, tolerate_malformed_integers
from dutyroom.sources.snmp.varbinds import Unexpected, decode
from tests.snmp_fakes import integer, octets, oid_value, tlv

NAME = (1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 4294967295)
VALUES: list[tuple[bytes, Value]] = [
    (integer(0), 0),
    (integer(-5), -5),
    (integer(2**31), 2**31),
    (integer(77, 0x41), Counter32(77)),
    (integer(-1, 0x41), Counter32(2**32 - 1)),
    (integer(2**32 + 5, 0x41), Counter32(5)),
    (integer(2**64 - 1, 0x46), Counter64(2**64 - 1)),
    (integer(-1, 0x46), Counter64(2**64 - 1)),
    (integer(-1, 0x42), 2**32 - 1),
    (integer(2**32 + 9, 0x43), 9),
    (octets("核心"), "核心".encode()),
    (octets(b""), b""),
    (octets(b"x" * 300), b"x" * 300),
    (tlv(0x44, b"\x9f\x78\x04"), b"\x9f\x78\x04"),
    (tlv(0x40, b"\x7f\x00\x00\x01"), b"\x7f\x00\x00\x01"),
    (oid_value((1, 3, 6, 1, 4, 1, 25506, 1)), (1, 3, 6, 1, 4, 1, 25506, 1)),
    (oid_value((2, 5)), (2, 5)),
    (b"\x05\x00", Absent.NO_OBJECT),
    (b"\x80\x00", Absent.NO_OBJECT),
    (b"\x81\x00", Absent.NO_INSTANCE),
    (b"\x82\x00", Absent.END),
]
WHOLE = b"".join(tlv(0x30, oid_value((*NAME, place)) + raw) for place, (raw, _) in enumerate(VALUES))


def by_pysnmp(data: bytes) -> list[Varbind]:
    """What pysnmp's own decoder makes of the content of a list; raises what it raises."""
    tolerate_malformed_integers()
    found, rest = decoder.decode(tlv(0x30, data), asn1Spec=rfc1905.VarBindList())
    assert not rest
    rows = []
    for binding in found:
        value = binding.getComponentByPosition(1)
        while hasattr(value, "getComponent"):
            value = value.getComponent()
        rows.append((plain_oid(binding.getComponentByPosition(0)), plain(value)))
    return rows


def test_every_type_is_read_as_pysnmp_reads_it() -> None:
    rows = decode(WHOLE)
    assert rows == [((*NAME, place), value) for place, (_, value) in enumerate(VALUES)]
    assert [type(value) for _, value in rows] == [type(value) for _, value in VALUES]
    assert rows == by_pysnmp(WHOLE)
    assert decode(b"") == []


@pytest.mark.parametrize(
    "data",
    [
        tlv(0x30, oid_value(NAME)),
        tlv(0x30, oid_value(NAME) + tlv(0x4F, b"\x01")),
        tlv(0x30, oid_value(NAME) + tlv(0x40, b"")),
        tlv(0x30, oid_value(NAME) + tlv(0x02, b"")),
        tlv(0x30, oid_value(NAME) + integer(1 << 320)),
        tlv(0x30, oid_value(NAME) + b"\x05\x01\x00"),
        tlv(0x30, oid_value(NAME) + integer(1) + integer(2)),
        tlv(0x30, octets("name") + integer(1)),
        tlv(0x30, tlv(0x06, b"\x2b\x80\x01") + integer(1)),
        tlv(0x30, tlv(0x06, b"\x2b\x86") + integer(1)),
        tlv(0x30, tlv(0x06, b"") + integer(1)),
        tlv(0x30, tlv(0x06, b"\x2b\xff\xff\xff\xff\x7f") + integer(1)),
        b"\x30\x80" + oid_value(NAME) + integer(1) + b"\x00\x00",
        b"\x30\x84\xff\xff\xff\xff" + oid_value(NAME),
        b"\x30",
        WHOLE[:-1],
    ],
)
def test_what_is_not_plain_is_left_to_pysnmp(data: bytes) -> None:
    with pytest.raises(Unexpected):
        decode(data)


def test_damaged_lists_never_give_a_value_that_pysnmp_would_not_give() -> None:
    draw = random.Random(11)
    read = 0
    for _ in range(1500):
        start = draw.randrange(len(VALUES) - 1)
        raw = b"".join(tlv(0x30, oid_value((*NAME, 1)) + value) for value, _ in VALUES[start : start + 2])
        damaged = bytearray(raw)
        for _ in range(draw.randint(1, 3)):
            damaged[draw.randrange(len(damaged))] = draw.choice(
                (0, 1, 2, 5, 0x30, 0x80, 0x81, 0xFF, draw.randrange(256))
            )
        try:
            rows = decode(bytes(damaged))
        except Unexpected:
            continue
        read += 1
        try:
            assert rows == by_pysnmp(bytes(damaged)), damaged.hex()
        except (PyAsn1Error, ProtocolError) as trouble:
            pytest.fail(f"{damaged.hex()} is {rows}, and pysnmp says {trouble}")
    assert read > 200
