"""What a device says is at the other ends of its cables: LLDP-MIB (IEEE 802.1AB) and CISCO-CDP-MIB."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dutyroom.model.facts import Interface, Neighbour
from dutyroom.sources.snmp import mib
from dutyroom.sources.snmp.answers import Oid, Value, number, text

LLDP = (
    mib.LLDP_REM_CHASSIS_SUBTYPE,
    mib.LLDP_REM_CHASSIS_ID,
    mib.LLDP_REM_PORT_SUBTYPE,
    mib.LLDP_REM_PORT_ID,
    mib.LLDP_REM_PORT_DESCR,
    mib.LLDP_REM_SYS_NAME,
)
LLDP_LOCAL = (mib.LLDP_LOC_PORT_ID, mib.LLDP_LOC_PORT_DESCR)
CDP = (mib.CDP_DEVICE_ID, mib.CDP_DEVICE_PORT)
# LldpChassisIdSubtype and LldpPortIdSubtype.
_CHASSIS_MAC, _PORT_MAC, _PORT_INTERFACE_NAME = 4, 3, 5
_MOST_BRIDGE_PORTS = 4096
_PLACE = re.compile(r"\d+(?:[/.:]\d+)+$")

Cells = Mapping[Oid, Mapping[Oid, Value]]


def of_lldp(cells: Cells, ports: Iterable[Interface]) -> tuple[Neighbour, ...]:
    """The rows of lldpRemTable, the local port by the name the device's interface has, in the order of the ports."""
    by_name = {name: port.name for port in ports for name in (port.alias, port.descr, port.name) if name}
    by_index = {port.index: port.name for port in ports}
    found: dict[Neighbour, None] = {}
    for index in sorted(_indexes(cells, LLDP), key=lambda index: index[1:]):
        if len(index) == 3:
            neighbour = _lldp_row(cells, index, _local_port(cells, index[1], by_name, by_index))
            if neighbour.name or neighbour.remote_port:
                found.setdefault(neighbour)
    return tuple(found)


def _lldp_row(cells: Cells, index: Oid, port: str) -> Neighbour:
    def at(column: Oid) -> Value | None:
        return cells.get(column, {}).get(index)

    chassis = _identifier(at(mib.LLDP_REM_CHASSIS_ID), number(at(mib.LLDP_REM_CHASSIS_SUBTYPE)) == _CHASSIS_MAC)
    subtype = number(at(mib.LLDP_REM_PORT_SUBTYPE))
    port_id = _identifier(at(mib.LLDP_REM_PORT_ID), subtype == _PORT_MAC)
    described = text(at(mib.LLDP_REM_PORT_DESCR))
    # Only an interfaceName is meant to be read; the other kinds are numbers of the neighbour's own.
    remote = port_id if subtype == _PORT_INTERFACE_NAME else described or port_id
    return Neighbour(port, text(at(mib.LLDP_REM_SYS_NAME)) or chassis, remote or "", "lldp")


def _local_port(cells: Cells, number_: int, by_name: Mapping[str, str], by_index: Mapping[int, str]) -> str:
    named = [_identifier(cells.get(column, {}).get((number_,)), False) for column in LLDP_LOCAL]
    for name in named:
        if name and name in by_name:
            return by_name[name]
    # lldpLocPortNum is a number of its own, often dot1dBasePort: an ifIndex only where the names end alike (Gi1/1/2,
    # GigabitEthernet 1/1/2), or where no bridge has so many ports.
    row, identifier = by_index.get(number_), named[0]
    if row and (number_ > _MOST_BRIDGE_PORTS or (_place(row) and _place(row) == _place(identifier))):
        return row
    return identifier or named[1] or str(number_)


def _place(name: str) -> str:
    found = _PLACE.search(name)
    return found.group() if found else ""


def of_cdp(cells: Cells, ports: Iterable[Interface]) -> tuple[Neighbour, ...]:
    """The rows of cdpCacheTable, in the order of the ports."""
    by_index = {port.index: port.name for port in ports}
    found: dict[Neighbour, None] = {}
    for index in sorted(_indexes(cells, CDP)):
        name = _identifier(cells.get(mib.CDP_DEVICE_ID, {}).get(index), False)
        remote = _identifier(cells.get(mib.CDP_DEVICE_PORT, {}).get(index), False)
        if len(index) == 2 and (name or remote):
            found.setdefault(Neighbour(by_index.get(index[0]) or str(index[0]), name, remote, "cdp"))
    return tuple(found)


def merged(lldp: tuple[Neighbour, ...], cdp: tuple[Neighbour, ...]) -> tuple[Neighbour, ...]:
    """All of LLDP, and of CDP what LLDP did not tell of the same port: most switches hear a neighbour by both."""
    told = {(neighbour.port, _host(neighbour.name)) for neighbour in lldp}
    more = [neighbour for neighbour in cdp if (neighbour.port, _host(neighbour.name)) not in told]
    once = {(neighbour.port, _host(neighbour.name), neighbour.remote_port): neighbour for neighbour in (*more, *lldp)}
    return tuple(neighbour for neighbour in (*lldp, *more) if neighbour in once.values())


def _host(name: str) -> str:
    # CDP adds the domain or, in brackets, the serial number.
    return name.partition("(")[0].partition(".")[0].casefold()


def _indexes(cells: Cells, columns: Iterable[Oid]) -> set[Oid]:
    return {index for column in columns for index in cells.get(column, {})}


def _identifier(value: Value | None, is_mac: bool) -> str:
    """An identifier as text; a MAC address in hexadecimal, also one that is not said to be one."""
    if isinstance(value, bytes) and len(value) == 6 and (is_mac or not all(32 <= octet < 127 for octet in value)):
        return ":".join(f"{octet:02x}" for octet in value)
    return text(value) or ""
