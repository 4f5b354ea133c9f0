"""Servers: which is in trouble?"""

from __future__ import annotations

from dutyroom.board import Board, SourceView
from dutyroom.model.reading import Kind
from dutyroom.words import _
from screens import device_lines, server_lines
from screens.devices import DeviceScreen
from screens.widgets.lines import Line


class ServersScreen(DeviceScreen):
    """The servers, worst first."""

    KIND = Kind.SERVER

    def list_title(self) -> str:
        """What stands above the list."""
        return _("Servers")

    def row_lines(self, view: SourceView, width: int, *, chosen: bool) -> list[Line]:
        """A server in the list."""
        return server_lines.list_lines(view, width, chosen=chosen)

    def detail_lines(self, view: SourceView, board: Board, width: int) -> list[Line]:
        """Everything about a server."""
        zone = self.room.site.timezone
        return [
            *server_lines.details(view, zone, width),
            *device_lines.happened(view, board.events, zone, width),
        ]
