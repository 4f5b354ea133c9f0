"""What kind of source is a device, and how often is it asked?"""

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
