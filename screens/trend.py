"""Trend: how did the answers to one line of the rounds go over 14 or 90 days?"""

from __future__ import annotations

import os
from dataclasses import replace

from textual import events, work
from textual.app import ComposeResult
from textual.content import Content

from dutyroom import clock, show
from dutyroom.board import Board
from dutyroom.duty import trends
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.trend import Trend
from dutyroom.words import _
from screens import trend_lines
from screens.base import RoomScreen
from screens.copying import copy
from screens.desk import OpenedRoom
from screens.duty_keys import TREND_KEYS
from screens.flow import flowing
from screens.keys import ROOM_KEYS
from screens.walking import read_round
from screens.widgets.chart import signs_for
from screens.widgets.lines import LineView

LEAST_CHART = 8


class TrendScreen(RoomScreen):
    """The answers of signed rounds to one item of one device: a chart with its limits, and one row each."""

    CSS_PATH = "trend.tcss"
    AUTO_FOCUS = ""
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"move", "span", "shift", "back"}
    # The pages have their keys in the footer everywhere else; here those of the trend need the room.
    BINDINGS = [
        *(replace(key, footer=False).binding() for key in ROOM_KEYS if key.footer and key.id != "help"),
        *(key.binding() for key in TREND_KEYS),
    ]

    def __init__(self, opened: OpenedRoom, item: str, device: str) -> None:
        super().__init__()
        self._opened, self.item, self.device = opened, item, device
        self.days, self.back = trends.SPANS[0], 0
        self.trend: Trend | None = None
        self.at = 0
        self._trouble = ""
        self._read_for: object = None
        self._chart, self._rows = LineView(id="chart"), LineView(id="rows")

    def body(self) -> ComposeResult:
        """The chart, and below it one row an answer."""
        yield self._chart
        yield self._rows

    @work(thread=True, exclusive=True, group="trend")
    def _read(self, days: int, back: int) -> None:
        try:
            found, trouble = trends.read_trend(self._opened.desk, self.item, self.device, days, clock.now(), back), ""
        except DutyroomError as error:
            found, trouble = None, str(error)
        self.app.call_from_thread(self._take, (days, back), found, trouble)

    def _take(self, of: tuple[int, int], found: Trend | None, trouble: str) -> None:
        if of == (self.days, self.back):
            self._trouble = trouble
            self.trend = found or self.trend
            self.at = min(self.at, max(0, len(self.trend.points) - 1)) if self.trend is not None else 0
            self.show_board(self.room.board)

    def show_body(self, board: Board) -> None:  # noqa: ARG002
        """As it was read; read anew when a round was signed since, or another time is wanted."""
        signed = self.room.records.last_signed if self.room.records is not None else None
        wanted = (self.days, self.back, signed)
        if wanted != self._read_for:
            self._read_for = wanted
            self._read(self.days, self.back)
        self._draw()

    def _draw(self) -> None:
        chart, trend = self._chart, self.trend
        chart.border_title = Content(inert(self._title(trend), 200))
        width = chart.scrollable_content_region.width
        if self._trouble or trend is None:
            chart.show(flowing(self._trouble or _("reading the records …"), width, "fault" if self._trouble else "dim"))
            return
        zone = self.room.site.timezone
        head = trend_lines.head_lines(trend, width)
        # Half of what is there belongs to the chart, the rest to the answers themselves.
        rows = max(LEAST_CHART, (self.size.height - 6) // 2 - len(head))
        drawn = trend_lines.chart_lines(trend, zone, width, rows, signs_for(os.environ))
        lines = [*head, *drawn]
        chart.styles.height = len(lines) + 2
        chart.show(lines)
        told = trend_lines.rows(trend, self.room.records, zone)
        inside = self._rows.scrollable_content_region.width
        nothing = flowing(_("No signed round of these days answers this line."), inside, "unknown")
        self._rows.show(trend_lines.row_lines(told, self.at, inside) or nothing)
        self._rows.reveal(self.at)

    def _title(self, trend: Trend | None) -> str:
        name = show.item_name(trend.item) if trend is not None else self.item
        label = f" · {self.room.site.label_of(self.device)}" if self.device else ""
        return f"{name}{label} · " + _("{n} days").format(n=self.days)

    def action_span(self) -> None:
        """14 or 90 days."""
        at = trends.SPANS.index(self.days)
        self.days = trends.SPANS[(at + 1) % len(trends.SPANS)]
        self.at = 0
        self.show_board(self.room.board)

    def action_shift(self, by: int) -> None:
        """Half of the days earlier or later, to today at most."""
        self.back = max(0, self.back - by * self.days // 2)
        self.at = 0
        self.show_board(self.room.board)

    def action_move(self, by: int) -> None:
        """The next or an earlier answer."""
        if self.trend is not None and self.trend.points:
            self.at = max(0, min(len(self.trend.points) - 1, self.at + by))
            self.show_board(self.room.board)

    def action_open(self) -> None:
        """The round of the answer under the cursor, at its line."""
        if self.trend is not None and self.trend.points:
            read_round(self.room, self.trend.points[-1 - self.at].round_id, self.item)

    def action_copy_row(self) -> None:
        """Copies the answer under the cursor."""
        if self.trend is None or not self.trend.points:
            copy(self.app, "")
            return
        cells, _point = trend_lines.rows(self.trend, self.room.records, self.room.site.timezone)[self.at]
        copy(self.app, " | ".join((self._title(self.trend), *(cell for cell in cells if cell))))

    def action_back(self) -> None:
        """One step back."""
        self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this page is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)

    def on_click(self, event: events.Click) -> None:
        """The answer that was clicked; a second click opens its round."""
        inside = self._rows.content_region
        row = event.screen_offset.y - inside.y + self._rows.scroll_offset.y
        if self.trend is not None and inside.contains_point(event.screen_offset) and row < len(self.trend.points):
            if row == self.at:
                self.action_open()
            self.action_move(row - self.at)
