"""Servers, and what runs on them: systems, outside lines, backups. Which is in trouble?"""

from __future__ import annotations

from collections.abc import Sequence

from dutyroom.board import Board, SourceView
from dutyroom.model.reading import Kind
from dutyroom.words import N_, _
from screens import check_lines, device_lines, server_lines
from screens.board_lines import SERVERS_PAGE
from screens.devices import DeviceScreen
from screens.widgets.lines import Line

_TITLES = {
    Kind.SERVER: N_("Servers"),
    Kind.SYSTEM: N_("Systems"),
    Kind.LINE: N_("Lines"),
    Kind.BACKUP: N_("Backups"),
}


class ServersScreen(DeviceScreen):
    """The servers, worst first, below them the systems, lines and backups."""

    KIND = Kind.SERVER

    def views_of(self, board: Board) -> Sequence[SourceView]:
        """All four kinds, one after the other."""
        return [view for kind in SERVERS_PAGE for view in board.of_kind(kind)]

    def list_title(self) -> str:
        """What stands above the list."""
        return _("Servers")

    def group_of(self, view: SourceView) -> str:
        """The kind, above its first device; the list itself is called after the servers."""
        return "" if view.kind is Kind.SERVER else _(_TITLES[view.kind])

    def row_lines(self, view: SourceView, width: int, *, chosen: bool) -> list[Line]:
        """A device in the list."""
        if view.kind is Kind.SERVER:
            return server_lines.list_lines(view, width, chosen=chosen)
        return check_lines.list_lines(view, width, chosen=chosen)

    def detail_lines(self, view: SourceView, board: Board, width: int) -> list[Line]:
        """Everything about a device."""
        zone = self.room.site.timezone
        details = server_lines.details if view.kind is Kind.SERVER else check_lines.details
        return [
            *details(view, zone, width),
            *device_lines.happened(view, board.events, zone, width),
        ]
