"""What a sweep of the address tables asks: every switch and router of the site that may be asked for them."""

from __future__ import annotations

from collections.abc import Sequence

from dutyroom.model.site import Site
from dutyroom.sources.snmp.addresses import AddressSource
from dutyroom.sources.snmp.thread import SnmpThread
from dutyroom.watch.sweep import TablesSource


class AddressAskers:
    """The devices of a site on an SNMP thread of their own: a core switch's tables hold up no poll."""

    def __init__(self, site: Site) -> None:
        self._thread = SnmpThread(timeout_s=3.0)
        self.sources: Sequence[TablesSource] = [
            AddressSource(device, self._thread) for device in site.network if device.arp or device.fdb
        ]

    def close(self) -> None:
        """Ends the thread."""
        self._thread.close()


def address_askers(site: Site) -> AddressAskers:
    """The askers of a site; nothing is sent yet."""
    return AddressAskers(site)
