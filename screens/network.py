"""Network: what changed, and where?"""

from __future__ import annotations

from dutyroom.board import Board, SourceView
from dutyroom.model.reading import Kind
from dutyroom.rules.ports import is_watched
from dutyroom.words import _
from screens import device_lines, network_lines
from screens.devices import DeviceScreen
from screens.keys import NETWORK_KEYS
from screens.widgets.lines import Line


class NetworkScreen(DeviceScreen):
    """Switches, routers and firewalls, worst first; their ports as a faceplate and as a table."""

    KIND = Kind.NETWORK
    BINDINGS = [key.binding() for key in NETWORK_KEYS]

    def list_title(self) -> str:
        """What stands above the list."""
        return _("Network")

    def row_lines(self, view: SourceView, width: int, *, chosen: bool) -> list[Line]:
        """A network device in the list."""
        return network_lines.list_lines(view, width, chosen=chosen)

    def detail_lines(self, view: SourceView, board: Board, width: int) -> list[Line]:
        """The device, what changed, its ports."""
        changed = device_lines.happened(view, board.events, self.room.site.timezone, width)
        return network_lines.details(view, self._watched(view), changed, width)

    def _watched(self, view: SourceView) -> frozenset[int]:
        """The ifIndex of the ports that must be up: named in the site file, or once seen up."""
        records, shown = self.room.records, device_lines.known(view)
        device = next((one for one in self.room.site.network if one.name == view.name), None)
        if records is None or shown is None or shown.device is None or device is None:
            return frozenset()
        ever_up = records.latest[view.name].ever_up
        return frozenset(port.index for port in shown.device.interfaces if is_watched(port, device, ever_up))
