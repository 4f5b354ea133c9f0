"""One network device: what changed and since when, how it is, its ports, its neighbours."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from dutyroom import words
from dutyroom.board import Board, SourceView
from dutyroom.inert import inert
from screens import device_lines, device_page_lines, network_lines
from screens.base import RoomScreen
from screens.copying import copy, device_text
from screens.flow import flowing
from screens.key_names import key_name
from screens.keys import PAGE_KEYS, PORT_KEYS, ROOM_KEYS
from screens.network_faceplate import port_at
from screens.network_ports import Only, PortMemory, Ports, compared_with
from screens.widgets.filter import FilterLine
from screens.widgets.lines import Line, LineView


class DevicePage(RoomScreen):
    """Everything about one network device. With a filter only the ports that fit it."""

    CSS_PATH = "device_page.tcss"
    AUTO_FOCUS = ""
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"scroll", "page", "ends", "back", "chart", "view", "only"}
    # The pages have their keys in the footer everywhere else; here those of the ports need the room.
    BINDINGS = [
        *(replace(key, footer=False).binding() for key in ROOM_KEYS if key.footer and key.id != "help"),
        *(key.binding() for key in (*PORT_KEYS, *PAGE_KEYS)),
    ]

    def __init__(self, name: str) -> None:
        super().__init__()
        self.device = name
        self.only, self.as_table = Only.CHANGED, False
        self.picked: int | None = None
        self.filter = FilterLine()
        self._page = LineView(id="page")
        self._memory = PortMemory()
        self._drawn: tuple[tuple[object, ...], list[Line]] = ((), [])
        # The row of the page at which the ports begin.
        self._ports_at = 0

    def body(self) -> ComposeResult:
        """The page, and below it the filter."""
        yield self._page
        yield self.filter

    def show_body(self, board: Board) -> None:
        """The device as it is now."""
        view = next((one for one in board.sources if one.name == self.device), None)
        page = self._page
        width = page.scrollable_content_region.width
        if view is None or width <= 0:
            return
        page.border_title = Content(inert(view.label, 200))
        page.show(self._lines(view, board, width))

    def _lines(self, view: SourceView, board: Board, width: int) -> list[Line]:
        zone, shown = self.room.site.timezone, device_lines.known(view)
        facts = shown.device if shown is not None else None
        lines = device_lines.heading(view, width)
        changed = device_lines.happened(view, board.events, zone, width)
        self._ports_at = 0
        if facts is None:
            return [*lines, *device_lines.why(view, width), *changed]
        ports = self._ports(view)
        of_ports = self._port_lines(view, ports, width)
        if self.filter.words:
            return [*lines, *of_ports]
        lines += _of_now(view, network_lines.about(facts, width, of_description=1))
        lines += device_page_lines.why_lines(view, ports, board.events, zone, width)
        lines += flowing(self._compared(zone), width, "dim", indent=2, most=2)
        self._ports_at = len(lines) + 1
        neighbours = _of_now(view, network_lines.neighbours(facts, width))
        return [*lines, *of_ports, *changed, *neighbours]

    def _port_lines(self, view: SourceView, ports: Ports, width: int) -> list[Line]:
        """Drawn anew only when the ports, or what is asked of them, are others."""
        typed = self.filter.fits if self.filter.words else None
        key = (id(ports), width, words.language(), view.state.knows, self.only, self.as_table, self.filter.words,
               self.picked)  # fmt: skip
        if self._drawn[0] != key:
            lines = device_page_lines.port_section(ports, self.only, typed, width, as_table=self.as_table)
            if not self.as_table and typed is None:
                lines += device_page_lines.picked_line(ports, self.picked, width)
            self._drawn = (key, _of_now(view, lines))
        return self._drawn[1]

    def _ports(self, view: SourceView) -> Ports:
        records = self.room.records
        device = next((one for one in self.room.site.network if one.name == view.name), None)
        if records is None or device is None or view.name not in records.latest:
            return Ports()
        return self._memory.ports(view, device, records.latest[view.name])

    def _compared(self, zone: ZoneInfo) -> str:
        records = self.room.records
        latest = records.latest.get(self.device) if records is not None else None
        return compared_with(latest.ports if latest is not None else None, zone, key_name(self.app, "ports.baseline"))

    def action_view(self) -> None:
        """The faceplate, or the table."""
        self.as_table = not self.as_table
        self._to_ports()

    def action_only(self) -> None:
        """The table of the ports that changed, of all, of those that are down."""
        order = (Only.CHANGED, Only.ALL, Only.DOWN)
        if self.as_table or self.filter.words:
            self.only = order[(order.index(self.only) + 1) % len(order)]
        self.as_table = True
        self._to_ports()

    def _to_ports(self) -> None:
        """The ports as they are asked for now, in sight."""
        self.show_board(self.room.board)
        if not self.filter.words:
            self.call_after_refresh(self._page.scroll_to, y=self._ports_at, animate=False)

    def action_baseline(self) -> None:
        """Shows what would be accepted as the baseline, to be signed."""
        from screens.baselines import accept

        accept(self.room, self.device)

    def action_filter(self) -> None:
        """Opens the line of the filter."""
        self.filter.ask()

    @on(Input.Changed)
    def take_filter(self) -> None:
        """Every letter counts."""
        self._page.scroll_home(animate=False)
        self.show_board(self.room.board)

    def on_click(self, event: events.Click) -> None:
        """The port whose cell was clicked is told under the faceplate."""
        inside = self._page.content_region
        if self.as_table or self.filter.words or not inside.contains_point(event.screen_offset):
            return
        # The faceplate begins under its title.
        row = event.screen_offset.y - inside.y + self._page.scroll_offset.y - self._ports_at - 1
        board = self.room.board
        view = next((one for one in board.sources if one.name == self.device), None) if board is not None else None
        if view is not None:
            width = self._page.scrollable_content_region.width
            port = port_at(self._ports(view), width, row, event.screen_offset.x - inside.x)
            self.picked = port.index if port is not None else self.picked
            self.show_board(board)

    def action_scroll(self, by: int) -> None:
        """Scrolls by lines."""
        self._page.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Scrolls by a page."""
        self._page.scroll_relative(y=by * max(1, self._page.size.height - 2), animate=False)

    def action_ends(self, by: int) -> None:
        """To the first or to the last line."""
        if by < 0:
            self._page.scroll_home(animate=False)
        else:
            self._page.scroll_end(animate=False)

    def action_chart(self) -> None:
        """The history of this device."""
        self.room.action_go_to_chart(self.device)

    def action_copy_row(self) -> None:
        """Copies the device with its reasons and the next step."""
        board = self.room.board
        view = next((one for one in board.sources if one.name == self.device), None) if board is not None else None
        copy(self.app, device_text(view, board.at, self.room.site.timezone) if view is not None and board else "")

    def action_back(self) -> None:
        """One step back: out of the filter, out of the page."""
        if not self.filter.clear_away():
            self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this page is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)


def _of_now(view: SourceView, lines: list[Line]) -> list[Line]:
    """The lines, grey where the values are not of now."""
    return lines if view.state.knows else device_lines.greyed(lines)
