"""ifTable and ifXTable columns as `Interface` rows, with the quirks real devices have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dutyroom.model.facts import Interface
from dutyroom.sources.snmp import mib
from dutyroom.sources.snmp.answers import Oid, Value, number, text

FIXED = (mib.IF_DESCR, mib.IF_TYPE, mib.IF_SPEED, mib.IF_NAME, mib.IF_HIGH_SPEED, mib.IF_ALIAS)
CHANGING = (
    mib.IF_ADMIN,
    mib.IF_OPER,
    mib.IF_IN_ERRORS,
    mib.IF_OUT_ERRORS,
    mib.IF_IN_DISCARDS,
    mib.IF_OUT_DISCARDS,
)
HIGH_OCTETS = (mib.IF_HC_IN_OCTETS, mib.IF_HC_OUT_OCTETS)
LOW_OCTETS = (mib.IF_IN_OCTETS, mib.IF_OUT_OCTETS)
ADMIN_WORDS = {1: "up", 2: "down", 3: "testing"}
OPER_WORDS = ADMIN_WORDS | {4: "unknown", 5: "dormant", 6: "notPresent", 7: "lowerLayerDown"}
# ifSpeed says this when the speed does not fit (RFC 2863), and ifHighSpeed then tells it in Mb/s.
_SPEED_TOO_HIGH = 2**32 - 1

Cells = Mapping[Oid, Mapping[Oid, Value]]


def indexes(cells: Cells) -> set[Oid]:
    """The row indexes: those of ifTable, or of ifXTable where a device has only that."""
    own = _indexes_of(cells, mib.IF_TABLE)
    return own or _indexes_of(cells, mib.IF_X_TABLE)


def _indexes_of(cells: Cells, table: Oid) -> set[Oid]:
    return {index for column, rows in cells.items() if column[: len(table)] == table for index in rows}


def rows(cells: Cells, of: Iterable[Oid]) -> tuple[Interface, ...]:
    """One `Interface` per index, in order. A value that was not answered stays None, "" or `missing`, never 0.

    The key is the row's index: some agents put another number into the ifIndex column.
    """
    return tuple(_row(cells, index) for index in sorted(of) if len(index) == 1)


def _row(cells: Cells, index: Oid) -> Interface:
    def at(column: Oid) -> Value | None:
        return cells.get(column, {}).get(index)

    descr = text(at(mib.IF_DESCR)) or ""
    return Interface(
        index=index[0],
        name=text(at(mib.IF_NAME)) or descr or f"if{index[0]}",
        descr=descr,
        alias=text(at(mib.IF_ALIAS)) or "",
        type=number(at(mib.IF_TYPE)),
        admin=_word(at(mib.IF_ADMIN), ADMIN_WORDS),
        oper=_word(at(mib.IF_OPER), OPER_WORDS),
        speed_bps=speed_bps(number(at(mib.IF_SPEED)), number(at(mib.IF_HIGH_SPEED))),
        in_octets=_first(at(mib.IF_HC_IN_OCTETS), at(mib.IF_IN_OCTETS)),
        out_octets=_first(at(mib.IF_HC_OUT_OCTETS), at(mib.IF_OUT_OCTETS)),
        in_errors=_count(at(mib.IF_IN_ERRORS)),
        out_errors=_count(at(mib.IF_OUT_ERRORS)),
        in_discards=_count(at(mib.IF_IN_DISCARDS)),
        out_discards=_count(at(mib.IF_OUT_DISCARDS)),
    )


def _word(value: Value | None, words: Mapping[int, str]) -> str:
    code = number(value)
    return "missing" if code is None else words.get(code, "unknown")


def _first(high: Value | None, low: Value | None) -> int | None:
    counter = _count(high)
    return counter if counter is not None else _count(low)


def _count(value: Value | None) -> int | None:
    # A fact is a bare number: how it was encoded on the wire ends here.
    return int(value) if isinstance(value, int) else None


def speed_bps(speed: int | None, high_mbps: int | None) -> int | None:
    """Bits per second from ifSpeed and ifHighSpeed (RFC 2863), or None.

    ifSpeed counts where it can: some agents tell a wrong ifHighSpeed, in bit/s or 0 for a port that is down. It cannot
    when it is at its maximum, 0, or has overflowed.
    """
    high = None
    if high_mbps:
        # No port runs at a terabit: such a number is in bit/s already.
        high = high_mbps if high_mbps >= 10**6 else high_mbps * 10**6
    if speed is None or speed == _SPEED_TOO_HIGH:
        return high
    overflowed = high is not None and high > _SPEED_TOO_HIGH and high % 2**32 == speed
    return high if high is not None and (speed == 0 or overflowed) else speed
