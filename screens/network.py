"""Network: what changed, and where?"""

from __future__ import annotations

from textual.screen import Screen

from dutyroom import words
from dutyroom.board import Board, SourceView
from dutyroom.model.reading import Kind
from dutyroom.words import _
from screens import device_lines, network_lines
from screens.devices import DeviceScreen
from screens.keys import NETWORK_KEYS
from screens.network_ports import PortMemory, Ports
from screens.widgets.lines import Line


class NetworkScreen(DeviceScreen):
    """Switches, routers and firewalls, worst first; enter opens the page of one."""

    KIND = Kind.NETWORK
    BINDINGS = [key.binding() for key in NETWORK_KEYS]

    def __init__(self) -> None:
        super().__init__()
        self._memories: dict[str, PortMemory] = {}
        self._drawn: tuple[tuple[object, ...], list[Line]] = ((), [])

    def list_title(self) -> str:
        """What stands above the list."""
        return _("Network")

    def row_lines(self, view: SourceView, width: int, *, chosen: bool) -> list[Line]:
        """A network device in the list."""
        return network_lines.list_lines(view, width, chosen=chosen)

    def page_of(self, name: str) -> Screen[None]:
        """The device with its ports."""
        from screens.device_page import DevicePage

        return DevicePage(name)

    def detail_lines(self, view: SourceView, board: Board, width: int) -> list[Line]:
        """The device, what changed, its ports."""
        changed = device_lines.happened(view, board.events, self.room.site.timezone, width)
        return [
            *network_lines.details(view, changed, width),
            *self._port_lines(view, width),
        ]

    def _port_lines(self, view: SourceView, width: int) -> list[Line]:
        """Drawn anew only when the ports, the width or the language are others."""
        shown = device_lines.known(view)
        if shown is None or shown.device is None:
            return []
        ports = self._ports(view)
        key = (view.name, id(ports), width, words.language(), view.state.knows)
        if self._drawn[0] != key:
            lines = network_lines.port_lines(ports, width)
            self._drawn = (key, lines if view.state.knows else device_lines.greyed(lines))
        return self._drawn[1]

    def _ports(self, view: SourceView) -> Ports:
        records = self.room.records
        device = next((one for one in self.room.site.network if one.name == view.name), None)
        if records is None or device is None or view.name not in records.latest:
            return Ports()
        memory = self._memories.setdefault(view.name, PortMemory())
        return memory.ports(view, device, records.latest[view.name])
