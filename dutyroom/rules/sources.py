"""What kind of source is a device, how often is it asked, and what of it is history that no other one has?"""

from __future__ import annotations

from dutyroom.model.devices import BackupJob, Device, NetworkDevice, OutsideLine, Server, System, Ups
from dutyroom.model.reading import Kind
from dutyroom.model.site import Site

_KINDS: dict[type[Device], Kind] = {
    Ups: Kind.UPS,
    NetworkDevice: Kind.NETWORK,
    Server: Kind.SERVER,
    System: Kind.SYSTEM,
    OutsideLine: Kind.LINE,
    BackupJob: Kind.BACKUP,
}

ROOM = "env."
"""How the ids of items about the room's air begin."""


def kind_of(device: Device) -> Kind:
    """The kind its samples have."""
    return _KINDS[type(device)]


def interval_of(site: Site, source: str) -> float:
    """The poll interval of a source in seconds; that of a server for a name nobody knows."""
    poll = site.poll
    intervals = {
        Kind.UPS: poll.ups_s,
        Kind.NETWORK: poll.network_s,
        Kind.SERVER: poll.server_s,
        Kind.SYSTEM: poll.check_s,
        Kind.LINE: poll.check_s,
        Kind.BACKUP: poll.backup_s,
    }
    device = next((one for one in site.devices() if one.name == source), None)
    return intervals[kind_of(device)] if device is not None else poll.server_s


def told_of_room(site: Site) -> dict[str, tuple[str, ...]]:
    """By source, the variables that `[live]` gives to items about the room's air: they are kept as history."""
    found: dict[str, tuple[str, ...]] = {}
    for item_id, (source, variable) in site.live:
        if item_id.startswith(ROOM):
            found[source] = (*found.get(source, ()), variable)
    return found
