"""One UPS: everything it says, what of it is believed, and what hangs on it."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from dutyroom.board import Board, SourceView
from dutyroom.clock import local_date
from dutyroom.inert import inert
from dutyroom.words import _
from screens import device_lines, power_lines, ups_lines
from screens.base import RoomScreen
from screens.copying import copy, device_text
from screens.device_lines import NO_LINE, section
from screens.discharge_keys import UPS_KEYS
from screens.hold_lines import hold_lines
from screens.keys import PAGE_KEYS, ROOM_KEYS
from screens.load_lines import load_lines
from screens.strips import StripScreen, strip_lines
from screens.widgets.filter import FilterLine
from screens.widgets.lines import Line, LineView

STRIPS = ("load_percent", "charge_percent")


class UpsPage(StripScreen):
    """Everything about one UPS. With a filter only the variables that fit it."""

    CSS_PATH = "ups_page.tcss"
    # The filter is typed in when it is asked for, not before.
    AUTO_FOCUS = ""
    # The footer has room for the keys of this page; those of the modes stand in it everywhere else.
    BINDINGS = [
        *(replace(key, footer=False).binding() for key in ROOM_KEYS if key.footer and key.id != "help"),
        *(key.binding() for key in (*PAGE_KEYS, *UPS_KEYS)),
    ]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"scroll", "page", "ends", "back", "chart"}

    def __init__(self, name: str) -> None:
        super().__init__()
        self.ups = name
        self._page, self.filter = LineView(id="page"), FilterLine()

    def body(self) -> ComposeResult:
        """The page, and below it the filter."""
        yield self._page
        yield self.filter

    def show_body(self, board: Board) -> None:
        """The UPS as it is now."""
        view = next((one for one in board.sources if one.name == self.ups), None)
        page = self._page
        width = page.scrollable_content_region.width
        if view is None or width <= 0:
            return
        page.border_title = Content(inert(view.label, 200))
        page.show(self._lines(view, board, width))

    def _lines(self, view: SourceView, board: Board, width: int) -> list[Line]:
        site, shown = self.room.site, device_lines.known(view)
        zone = site.timezone
        device = next(ups for ups in site.ups if ups.name == view.name)
        facts = shown.ups if shown is not None else None
        heading = device_lines.heading(view, width)
        if facts is None:
            return [*heading, *device_lines.why(view, width), *ups_lines.age_line(view, width)]
        variables = ups_lines.variable_lines(facts, device_lines.known_age_s(view), width, self.filter.fits)
        if self.filter.words:
            return [*heading, *_of_now(view, variables)]
        strips = strip_lines(self.want_strips(view.name, STRIPS), width)
        values = [
            NO_LINE,
            *hold_lines(view, facts, zone, width),
            NO_LINE,
            *power_lines.value_lines(facts, device, local_date(board.at, zone), width),
        ]
        return [
            *heading,
            *_of_now(view, values),
            *device_lines.why(view, width),
            *_of_now(view, ups_lines.status_lines(facts, width)),
            *([section(_("The last 24 hours"), width), *strips] if strips else []),
            *_of_now(view, load_lines(view, board, site, width)),
            *device_lines.happened(view, board.events, zone, width),
            *_of_now(view, variables),
        ]

    def action_filter(self) -> None:
        """Opens the line of the filter."""
        self.filter.ask()

    @on(Input.Changed)
    def take_filter(self) -> None:
        """Every letter counts."""
        self._page.scroll_home(animate=False)
        self.show_board(self.room.board)

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
        """The history of this UPS."""
        self.room.action_go_to_chart(self.ups)

    def action_test(self) -> None:
        """The discharge tests of this UPS."""
        self.room.action_go_to_discharge_tests(self.ups)

    def action_copy_row(self) -> None:
        """Copies the UPS with its reasons and the next step."""
        board = self.room.board
        view = next((one for one in board.sources if one.name == self.ups), None) if board is not None else None
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
