"""The composition root: the only place that names concrete sources, opens the store and starts the watch."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom.model.devices import NetworkDevice, Server, Ups
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.site import Site
from dutyroom.sources.base import Source

if TYPE_CHECKING:
    from dutyroom.doctor.check import Check
    from dutyroom.duty.desk import Desk
    from dutyroom.sources.nut import NutServer
    from dutyroom.sources.snmp.thread import SnmpThread
    from screens.desk import OpenedRoom

CHECKLIST = "daily"


class _Snmp:
    """The SNMP thread of one set of sources, made for the first of them and closed after the last."""

    def __init__(self) -> None:
        self._thread: SnmpThread | None = None
        self._users = 0

    def enlist(self) -> SnmpThread:
        """The thread, for one source more."""
        from dutyroom.sources.snmp.thread import SnmpThread

        if self._thread is None:
            self._thread = SnmpThread()
        self._users += 1
        return self._thread

    async def release(self) -> None:
        """One source less."""
        self._users -= 1
        if self._users == 0 and self._thread is not None:
            await asyncio.to_thread(self._thread.close)


class _SharingSnmp(Source):
    """A source on the shared SNMP thread, which it lets go of when it is closed."""

    def __init__(self, source: Source, snmp: _Snmp) -> None:
        self.name, self.kind = source.name, source.kind
        self._source, self._snmp = source, snmp

    async def sample(self, now: datetime) -> Sample:
        """The source's own poll."""
        return await self._source.sample(now)

    async def aclose(self) -> None:
        """Gives the socket back, and with the last source the thread."""
        try:
            await self._source.aclose()
        finally:
            await self._snmp.release()


class _NeverAsked(Source):
    """A device this version has no protocol for: said as what it is, so that nobody waits for values."""

    def __init__(self, name: str, kind: Kind, why: str) -> None:
        self.name, self.kind, self._why = name, kind, why

    async def sample(self, now: datetime) -> Sample:
        """Never a value."""
        return Sample(self.name, self.kind, now, State.NEVER, self._why)

    async def aclose(self) -> None:
        """Nothing was opened."""


def build_sources(site: Site) -> list[Source]:
    """A source for every UPS, network device and server of the site, in its order.

    UPSes of one NUT server share its connection, all SNMP sources one thread; the last `aclose` closes what is shared.
    Raises SourceError when a device cannot be asked as it is configured.
    """
    servers: dict[tuple[str, int], NutServer] = {}
    snmp = _Snmp()
    made: list[Source] = []
    for device in site.devices():
        match device:
            case Ups():
                made.append(_ups(device, servers))
            case NetworkDevice():
                made.append(_SharingSnmp(snmp_source(device, snmp.enlist()), snmp))
            case Server(source="local"):
                from dutyroom.sources.host import HostSource

                made.append(HostSource(device.name))
            case Server():
                made.append(_SharingSnmp(snmp_source(device, snmp.enlist()), snmp))
    return made


def snmp_source(device: NetworkDevice | Server, thread: SnmpThread) -> Source:
    """A device asked over SNMP on that thread, which the caller closes."""
    if isinstance(device, NetworkDevice):
        from dutyroom.sources.snmp.device import NetworkSource

        return NetworkSource(device, thread)
    from dutyroom.sources.snmp.server import SnmpServerSource

    return SnmpServerSource(device, thread)


def _ups(device: Ups, servers: dict[tuple[str, int], NutServer]) -> Source:
    from dutyroom.sources.nut import NutServer, NutSource

    if device.server_host is None:
        return _NeverAsked(device.name, Kind.UPS, "this version asks UPSes through a NUT server only, not over SNMP")
    place = (device.server_host, device.server_port)
    if place not in servers:
        servers[place] = NutServer(*place)
    return NutSource(device.name, device.ups or device.name, servers[place])


def open_desk(site: Site, *, read_only: bool = False) -> Desk:
    """The desk over the site's store, which is made when missing unless `read_only`. The caller closes `desk.store`.

    Raises StoreError, ChecklistError.
    """
    # Imported here: SQLAlchemy costs more than the first frame, and only a thread of the screens needs it.
    from dutyroom.checklists import shipped, text_of
    from dutyroom.duty.desk import Desk
    from dutyroom.store.database import Store

    text, checklist = text_of(CHECKLIST), shipped(CHECKLIST, site.limit_profile)
    return Desk(Store.open(site.store_url, read_only=read_only, backups=site.backup.folder), site, checklist, text)


def open_room(site: Site, site_file: Path) -> OpenedRoom:
    """The desk with a watch beside it, for the screens; `close()` ends the watch, then the store. Raises StoreError."""
    from dutyroom.watch.loop import Watch
    from screens.desk import OpenedRoom

    desk = open_desk(site)
    watch = Watch(site, desk.store, lambda: build_sources(site))

    def close() -> None:
        watch.stop()
        desk.store.close()

    watch.start()
    return OpenedRoom(desk, watch, close, examine=lambda: _examined(site_file))


def _examined(site_file: Path) -> Iterator[Check]:
    """The checks of `dutyroom doctor`, made while the screens are open: the terminal itself cannot be asked then."""
    from dutyroom.cli.doctor import around_of
    from dutyroom.doctor.run import examine
    from dutyroom.doctor.terminal import Terminal

    size = shutil.get_terminal_size()
    return examine(around_of(site_file, Terminal(size.columns, size.lines, measured=False)))
