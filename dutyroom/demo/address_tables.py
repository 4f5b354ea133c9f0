"""Who is on the simulated network: the ARP table of the core switch and the forwarding tables of both switches.

IP-MIB (RFC 1213, 4293) and BRIDGE-MIB (RFC 4188). The MACs are from the range for documentation (RFC 9542), but for one
that a telephone made up.
"""

from __future__ import annotations

from dutyroom.demo.devices import DeviceSpec

Oid = tuple[int, ...]

_IF_PHYS: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1, 6)
_ARP: Oid = (1, 3, 6, 1, 2, 1, 4, 22, 1)
_BRIDGE: Oid = (1, 3, 6, 1, 2, 1, 17)
_DYNAMIC = _LEARNED = 3
_CORE, _ACCESS = "core-1", "access-1"
_OWN = {_CORE: 0xF0, _ACCESS: 0xF1}
# Last octet of the address in 10.20.0.0/24, the switch, and the place of the port there.
_HOSTS = (
    *((21, _CORE, 1), (22, _CORE, 3), (23, _CORE, 4), (24, _CORE, 5), (25, _CORE, 6)),
    *((101, _ACCESS, 1), (102, _ACCESS, 2), (103, _ACCESS, 3), (104, _ACCESS, 4), (177, _ACCESS, 5)),
)
_MADE_UP = 177
# The place of the port on each side of the cable between the two switches.
_UPLINKS = {_CORE: 10, _ACCESS: 25}


def rows(spec: DeviceSpec) -> dict[Oid, int | bytes]:
    """Every instance of these tables that a device has; none for what is no switch."""
    if spec.name not in _OWN:
        return {}
    indexes = [port.index for port in spec.ports]
    cells: dict[Oid, int | bytes] = {(*_BRIDGE, 1, 1, 0): _mac(_OWN[spec.name])}
    for place, index in enumerate(indexes, 1):
        cells[(*_BRIDGE, 1, 4, 1, 2, place)] = index
        cells[(*_IF_PHYS, index)] = _mac(_OWN[spec.name])
    uplink = _UPLINKS[spec.name]
    seen = [(host, place if name == spec.name else uplink) for host, name, place in _HOSTS]
    seen += [(own, uplink) for name, own in _OWN.items() if name != spec.name]
    for host, place in seen:
        cells[(*_BRIDGE, 4, 3, 1, 2, *_mac(host))] = place
        cells[(*_BRIDGE, 4, 3, 1, 3, *_mac(host))] = _LEARNED
    if spec.name == _CORE:
        for host, _name, _place in _HOSTS:
            cells[(*_ARP, 2, indexes[0], 10, 20, 0, host)] = _mac(host)
            cells[(*_ARP, 4, indexes[0], 10, 20, 0, host)] = _DYNAMIC
    return cells


def _mac(host: int) -> bytes:
    return bytes((0xDA, 0xA1, 0x19, 0, 0, host)) if host == _MADE_UP else bytes((0x00, 0x00, 0x5E, 0x00, 0x53, host))
