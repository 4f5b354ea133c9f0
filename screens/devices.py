"""What the power, network and server screens have in common: a list of devices, worst first, and the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from dutyroom import reason_words, show
from dutyroom.board import Board, SourceView
from dutyroom.model.reading import Kind, Verdict
from dutyroom.words import _
from screens.base import RoomScreen
from screens.copying import copy, device_text
from screens.device_lines import maintenance_lines, section
from screens.empty import no_device
from screens.keys import LIST_KEYS, ROOM_KEYS
from screens.widgets.filter import FilterLine
from screens.widgets.lines import Line, LineView


class DeviceScreen(RoomScreen):
    """Devices of one kind. Rows keep their place until a verdict changes or somebody presses `r`."""

    KIND: ClassVar[Kind]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"move", "page", "open", "chart", "back"}
    CSS_PATH = "devices.tcss"
    # The filter is typed in only when somebody asks for it.
    AUTO_FOCUS = ""
    # `r` means more here: the same key, remapped by the same id.
    BINDINGS = [
        *(key.binding() for key in LIST_KEYS),
        *(replace(key, action="refresh_and_sort").binding() for key in ROOM_KEYS if key.id == "refresh"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._order: tuple[str, ...] = ()
        self._verdicts: dict[str, Verdict] = {}
        self._rows: tuple[str, ...] = ()
        self._shown = ""
        # Made here, not in compose: news of the room may come before the screen has been composed.
        self._list, self._details = LineView(id="list"), LineView(id="details")
        self.filter = FilterLine()

    def body(self) -> ComposeResult:
        """The list on the left, the details on the right, below them the filter."""
        with Horizontal(id="devices"):
            yield self._list
            yield self._details
        yield self.filter

    def show_body(self, board: Board) -> None:
        """Shows list and details as they are now; only lines that changed are painted."""
        views = self._ordered(self.views_of(board))
        details = self._details
        self._list.border_title = Content(self.list_title())
        if not views:
            self._rows = ()
            details.show(no_device(self.KIND, details.scrollable_content_region.width))
            return
        views = [view for view in views if self.filter.fits(*self._texts(view))]
        if not views:
            self._rows, self._shown = (), ""
            self._list.show([((_("nothing fits"), "dim"),)])
            details.show([((_("No device with this in its name, label, address or reasons."), "dim"),)])
            return
        chosen = self._chosen(views)
        self._show_list(views, chosen)
        width = details.scrollable_content_region.width
        planned = maintenance_lines(chosen, self.room.site.timezone, width)
        details.show([*planned, *self.detail_lines(chosen, board, width)])
        if chosen.name != self._shown and width > 0:  # before the first layout there is nothing to scroll
            self._shown = chosen.name
            details.scroll_home(animate=False)

    def views_of(self, board: Board) -> Sequence[SourceView]:
        """The devices of this page."""
        return board.of_kind(self.KIND)

    def group_of(self, _view: SourceView) -> str:
        """What stands above the first device of a group; nothing when there are no groups."""
        return ""

    def list_title(self) -> str:
        """What stands above the list."""
        raise NotImplementedError

    def sorted_views(self, views: Sequence[SourceView]) -> list[SourceView]:
        """The views in the order they are to stand in; the board has them worst first."""
        return list(views)

    def row_lines(self, view: SourceView, width: int, *, chosen: bool) -> list[Line]:
        """The lines of one device in the list."""
        raise NotImplementedError

    def detail_lines(self, view: SourceView, board: Board, width: int) -> list[Line]:
        """The details of one device."""
        raise NotImplementedError

    def _texts(self, view: SourceView) -> list[str]:
        """In what the filter looks: name, label, address, and why the device is not ok."""
        device = next((one for one in self.room.site.devices() if one.name == view.name), None)
        places = [getattr(device, name, None) or "" for name in ("address", "server_host", "check", "path")]
        told = [reason_words.reason(reason) for reason in view.reasons]
        return [view.name, view.label, *places, show.state(view.state), show.verdict(view.verdict), *told]

    def action_filter(self) -> None:
        """Opens the line of the filter."""
        self.filter.ask()

    @on(Input.Changed)
    def take_filter(self) -> None:
        """Every letter counts."""
        if self.room.board is not None:
            self.show_body(self.room.board)

    def action_back(self) -> None:
        """One step back: out of the filter, to the board."""
        if not self.filter.clear_away():
            self.action_mode("board")

    def action_move(self, by: int) -> None:
        """Chooses the next or the previous device."""
        names = [name for name in dict.fromkeys(self._rows) if name]
        if self.room.board is None or not names:
            return
        at = names.index(self._shown) if self._shown in names else 0
        self._choose(names[max(0, min(len(names) - 1, at + by))])

    def page_of(self, name: str) -> Screen[None] | None:  # noqa: ARG002
        """The page of one device of this kind, or None where there is none."""
        return None

    def action_open(self) -> None:
        """Opens the page of the chosen device; where it has none, its chart."""
        if not self._shown:
            return
        page = self.page_of(self._shown)
        if page is not None:
            self.app.push_screen(page)
        else:
            self.action_chart()

    def action_chart(self) -> None:
        """Opens the chart of the chosen device's main quantity."""
        if self._shown:
            self.room.action_go_to_chart(self._shown)

    def action_copy_row(self) -> None:
        """Copies the chosen device with its reasons and the next step."""
        board = self.room.board
        view = next((one for one in board.sources if one.name == self._shown), None) if board is not None else None
        text = device_text(view, board.at, self.room.site.timezone) if board is not None and view is not None else ""
        copy(self.app, text)

    def action_page(self, by: int) -> None:
        """Scrolls the details by a page."""
        self._details.scroll_relative(y=by * max(1, self._details.size.height - 1), animate=False)

    def action_refresh_and_sort(self) -> None:
        """Has every source asked now, and puts the rows in order again."""
        self._order = ()
        self.room.action_refresh_room()
        self.show_board(self.room.board)

    def on_click(self, event: events.Click) -> None:
        """The device of the row that was clicked; a click on the chosen one opens its page."""
        view = self._list
        inside = view.content_region
        row = event.screen_offset.y - inside.y + view.scroll_offset.y
        if inside.contains_point(event.screen_offset) and 0 <= row < len(self._rows):
            name = self._rows[row]
            page = self.page_of(name) if name and name == self._shown else None
            if page is not None:
                self.app.push_screen(page)
            elif name:  # the title of a group is no device
                self._choose(name)

    def _choose(self, name: str) -> None:
        self.room.selected[self.KIND] = name
        if self.room.board is not None:
            self.show_body(self.room.board)

    def _ordered(self, views: Sequence[SourceView]) -> list[SourceView]:
        verdicts = {view.name: view.verdict for view in views}
        if not self._order or verdicts != self._verdicts:
            self._order = tuple(view.name for view in self.sorted_views(views))
            self._verdicts = verdicts
        by_name = {view.name: view for view in views}
        return [by_name[name] for name in self._order]

    def _chosen(self, views: Sequence[SourceView]) -> SourceView:
        """The device somebody chose, here or on the board; else the first. It stays chosen when the order changes."""
        wanted = self.room.selected.get(self.KIND)
        chosen = next((view for view in views if view.name == wanted), views[0])
        self.room.selected[self.KIND] = chosen.name
        return chosen

    def _show_list(self, views: Sequence[SourceView], chosen: SourceView) -> None:
        view = self._list
        width = view.scrollable_content_region.width
        lines: list[Line] = []
        rows: list[str] = []
        place, group = (0, 1), ""
        for device in views:
            if self.group_of(device) != group:
                group = self.group_of(device)
                lines.append(section(group, width))
                rows.append("")
            drawn = self.row_lines(device, width, chosen=device is chosen)
            if device is chosen:
                place = (len(lines), len(drawn))
            lines += drawn
            rows += [device.name] * len(drawn)
        self._rows = tuple(rows)
        view.show(lines)
        if chosen.name != self._shown:
            self.call_after_refresh(view.reveal, *place)
