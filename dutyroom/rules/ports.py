"""Which ports of a network device matter, and which of them are down."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase

from dutyroom.model.devices import NetworkDevice
from dutyroom.model.facts import DeviceFacts, Interface

# IANAifType: ethernetCsmacd, fastEther, fastEtherFX, gigabitEthernet, ieee8023adLag. Others (VLAN, loopback, tunnel)
# follow these and are not watched unless the site file names them.
ETHERNET = frozenset({6, 62, 69, 117, 161})


def is_watched(port: Interface, device: NetworkDevice, ever_up: AbstractSet[str]) -> bool:
    """True when the site file names the port, or, where it names none, when an Ethernet port was ever seen up."""
    if device.watch_ports:
        names = [name for name in (port.name, port.descr, port.alias) if name]
        return any(fnmatchcase(name, pattern) for name in names for pattern in device.watch_ports)
    return port.type in ETHERNET and port.name in ever_up


def watched_down(facts: DeviceFacts, device: NetworkDevice, ever_up: Iterable[str]) -> tuple[Interface, ...]:
    """The watched ports that are not up, in ifIndex order. An admin-down watched port counts: somebody shut it.

    One whose state was not told does not: nobody knows.
    """
    seen = frozenset(ever_up)
    return tuple(
        port
        for port in facts.interfaces
        if is_watched(port, device, seen) and not port.is_up and "missing" not in (port.admin, port.oper)
    )


def newly_up(facts: DeviceFacts) -> frozenset[str]:
    """Names of the ports that are up now."""
    return frozenset(port.name for port in facts.interfaces if port.is_up)
