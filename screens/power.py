"""Power: how long, and is that enough?"""

from __future__ import annotations

from collections.abc import Sequence

from textual.screen import Screen

from dutyroom.board import Board, SourceView
from dutyroom.model.reading import Kind
from dutyroom.words import _
from screens import power_lines
from screens.devices import DeviceScreen
from screens.widgets.lines import Line


class PowerScreen(DeviceScreen):
    """The UPSes, least time first."""

    KIND = Kind.UPS

    def list_title(self) -> str:
        """What stands above the list."""
        return _("Power")

    def sorted_views(self, views: Sequence[SourceView]) -> list[SourceView]:
        """Unknown runtime before any time, then the least time first."""

        def time_left(view: SourceView) -> float:
            runtime_s = power_lines.runtime_of(view)
            return runtime_s if runtime_s is not None else -1.0

        return sorted(views, key=time_left)

    def row_lines(self, view: SourceView, width: int, *, chosen: bool) -> list[Line]:
        """A UPS in the list."""
        return power_lines.list_lines(view, width, chosen=chosen)

    def page_of(self, name: str) -> Screen[None]:
        """Everything one UPS says."""
        from screens.ups_page import UpsPage

        return UpsPage(name)

    def detail_lines(self, view: SourceView, board: Board, width: int) -> list[Line]:
        """Everything about a UPS."""
        return power_lines.details(view, board, self.room.site, width)
