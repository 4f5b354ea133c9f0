"""The composition root: the only place that names concrete sources, opens the store and starts the watch."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom.model.devices import BackupJob, Device, NetworkDevice, OutsideLine, Server, System, Ups
from dutyroom.model.reading import Kind, Sample
from dutyroom.model.site import Site
from dutyroom.sources.base import Source

if TYPE_CHECKING:
    from dutyroom.doctor.check import Check
    from dutyroom.duty.desk import Desk
    from dutyroom.sources.nut_server import NutServer
    from dutyroom.sources.snmp.thread import SnmpThread
    from dutyroom.store.database import Store
    from dutyroom.watch.loop import Watch
    from dutyroom.watch.recording import Recording
    from screens.desk import OpenedRoom


class _Snmp:
    """The SNMP thread of all sources that live at a time, made for the first of them and closed after the last."""

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
            thread, self._thread = self._thread, None
            await asyncio.to_thread(thread.close)


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


class Shared:
    """What sources of one watch share, also those made later: the SNMP thread, and a connection to each NUT server."""

    def __init__(self) -> None:
        self.snmp = _Snmp()
        self._nut: dict[tuple[str, int], NutServer] = {}

    def nut(self, place: tuple[str, int]) -> NutServer:
        """The NUT server at that host and port; a new one after the last of its sources was closed."""
        from dutyroom.sources.nut_server import NutServer

        if place not in self._nut or self._nut[place].closed:
            self._nut[place] = NutServer(*place)
        return self._nut[place]


def build_sources(site: Site, names: Collection[str] | None = None, shared: Shared | None = None) -> list[Source]:
    """A source for every device of the site that can be asked (or those of `names`), in its order.

    UPSes of one NUT server share its connection, all SNMP sources one thread; the last `aclose` closes what is shared.
    Raises SourceError when a device cannot be asked as it is configured.
    """
    shared = shared or Shared()
    return [_source(device, shared) for device in site.devices() if names is None or device.name in names]


def build_watch(site: Site, store: Store, recording: Recording | None = None) -> tuple[Watch, Callable[[Site], None]]:
    """The watch of a site, not yet started, and what makes it go on with another site over the same store."""
    from dutyroom.cli.address_askers import address_askers
    from dutyroom.watch.asking import Change
    from dutyroom.watch.loop import Watch

    shared = Shared()
    watch = Watch(site, store, lambda: build_sources(site, shared=shared), address_askers, recording, desk_over)

    def change(other: Site) -> None:
        watch.change_site(Change(other, lambda names: build_sources(other, names, shared)))

    return watch, change


def _source(device: Device, shared: Shared) -> Source:
    match device:
        case Ups():
            return _ups(device, shared)
        case Server(source="local"):
            from dutyroom.sources.host import HostSource

            return HostSource(device.name)
        case System() | OutsideLine():
            from dutyroom.sources.ping import CheckSource

            kind = Kind.SYSTEM if isinstance(device, System) else Kind.LINE
            return CheckSource(device.name, kind, device.check or "")
        case BackupJob():
            from dutyroom.sources.backup_files import BackupSource

            return BackupSource(device.name, device.path or "")
        case _:
            return _SharingSnmp(snmp_source(device, shared.snmp.enlist()), shared.snmp)


def snmp_source(device: Ups | NetworkDevice | Server, thread: SnmpThread) -> Source:
    """A device asked over SNMP on that thread, which the caller closes."""
    if isinstance(device, Ups):
        from dutyroom.sources.snmp.ups import SnmpUpsSource

        return SnmpUpsSource(device, thread)
    if isinstance(device, NetworkDevice):
        from dutyroom.sources.snmp.device import NetworkSource

        return NetworkSource(device, thread)
    from dutyroom.sources.snmp.server import SnmpServerSource

    return SnmpServerSource(device, thread)


def _ups(device: Ups, shared: Shared) -> Source:
    from dutyroom.sources.nut import NutSource

    if device.server_host is None:
        return _SharingSnmp(snmp_source(device, shared.snmp.enlist()), shared.snmp)
    return NutSource(device.name, device.ups or device.name, shared.nut((device.server_host, device.server_port)))


def open_desk(site: Site, *, read_only: bool = False) -> Desk:
    """The desk over the site's store, which is made when missing unless `read_only`. The caller closes `desk.store`.

    Raises StoreError, ChecklistError.
    """
    # Imported here: SQLAlchemy costs more than the first frame, and only a thread of the screens needs it.
    from dutyroom.checklists_in_force import in_force
    from dutyroom.duty.desk import Desk
    from dutyroom.store.database import Store

    checklists = in_force(site)
    return Desk.over(Store.open(site.store_url, read_only=read_only, backups=site.backup.folder), site, checklists)


def desk_over(site: Site, store: Store) -> Desk:
    """The desk of a site over an open store, with the checklists in force. Raises ChecklistError."""
    from dutyroom.checklists_in_force import in_force
    from dutyroom.duty.desk import Desk

    return Desk.over(store, site, in_force(site))


def open_room(site: Site, site_file: Path, recording: Recording | None = None) -> OpenedRoom:
    """The desk with a watch beside it, for the screens; `close()` ends the watch, then the store. Raises StoreError.

    `recording` is closed then too.
    """
    from dutyroom.config.site_file import differs
    from screens.desk import OpenedRoom

    desk = open_desk(site)
    watch, _change = build_watch(site, desk.store, recording)

    def close() -> None:
        watch.stop()
        if recording is not None:
            recording.close()
        desk.store.close()

    watch.start()
    return OpenedRoom(
        desk,
        watch,
        close,
        site_file_changed=lambda: differs(site_file, site.fingerprint),
        examine=lambda: _examined(site_file),
    )


def _examined(site_file: Path) -> Iterator[Check]:
    """The checks of `dutyroom doctor`, made while the screens are open: the terminal itself cannot be asked then."""
    from dutyroom.cli.doctor import around_of
    from dutyroom.doctor.run import examine
    from dutyroom.doctor.terminal import Terminal

    size = shutil.get_terminal_size()
    return examine(around_of(site_file, Terminal(size.columns, size.lines, measured=False)))
