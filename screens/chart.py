"""History: how did one quantity of one device go over an hour, a day, a week or a month?"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message

from dutyroom import clock, gap_words, quantity_words, words
from dutyroom.board import Board
from dutyroom.duty import history
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.history import Series, Span
from dutyroom.rules.chart_time import moved, window
from dutyroom.words import _
from screens.base import RoomScreen
from screens.chart_lines import chart_lines, first_line
from screens.copying import copy
from screens.desk import OpenedRoom
from screens.flow import flowing
from screens.keys import CHART_KEYS, ROOM_KEYS
from screens.widgets.chart import BRAILLE, PLAIN, Signs, signs_for
from screens.widgets.lines import Line, LineView

# Readings come once a minute.
READ_EVERY = timedelta(seconds=60)
_SPANS = tuple(Span)


class SeriesRead(Message):
    """A series was read, or could not be (then with the sentence of the trouble). `number` is that of the wish."""

    def __init__(self, number: int, series: Series | None, quantities: tuple[str, ...], trouble: str = "") -> None:
        super().__init__()
        self.number, self.series, self.quantities, self.trouble = number, series, quantities, trouble


class ChartScreen(RoomScreen):
    """One quantity as a chart. What is shown stays until what was asked for has been read by a thread."""

    CSS_PATH = "chart.tcss"
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"span", "zoom", "shift", "to_now", "quantity", "signs", "back"}
    # The pages have their keys in the footer everywhere else; here the spans need the room.
    BINDINGS = [
        *(replace(key, footer=False).binding() for key in ROOM_KEYS if key.footer and key.id != "help"),
        *(key.binding() for key in CHART_KEYS),
    ]

    def __init__(self, opened: OpenedRoom, source: str, quantity: str = "", span: Span = Span.DAY) -> None:
        super().__init__()
        self._opened, self.source, self.span = opened, source, span
        kind = history.kind_of(opened.desk.site, source)
        self._quantities = history.usual_quantities(kind) if kind is not None else ()
        self.wanted = quantity or (history.main_quantity(kind) if kind is not None else "")
        self.until: datetime | None = None
        """Up to when (UTC); None follows the present."""
        self.series: Series | None = None
        self._number = 0
        self.reading = False
        self._trouble = ""
        self._signs = signs_for(os.environ)
        self._drawn: tuple[tuple[Series, Size, Signs, str], list[Line]] | None = None
        self._chart = LineView(id="chart")

    def body(self) -> ComposeResult:
        """One chart."""
        yield self._chart

    def on_mount(self) -> None:
        """The first series is asked for at once."""
        super().on_mount()
        self._ask()

    def _ask(self) -> None:
        self._number += 1
        self.reading = True
        self._read(self._number, self.wanted, self.span, self.until)
        self.show_board(self.room.board)

    @work(thread=True, group="chart")
    def _read(self, number: int, quantity: str, span: Span, until: datetime | None) -> None:
        desk = self._opened.desk
        try:
            names = tuple(one.quantity for one in history.quantities(desk, self.source))
            series = history.read_series(desk, self.source, quantity, span, clock.now(), until)
        except DutyroomError as error:
            self.post_message(SeriesRead(number, None, self._quantities, str(error)))
        else:
            self.post_message(SeriesRead(number, series, names))

    def on_series_read(self, message: SeriesRead) -> None:
        """What was asked for last is shown; what was asked for before that is of no use any more."""
        if message.number != self._number:
            return
        self.reading, self._trouble = False, message.trouble
        if message.series is not None:
            self.series, self._quantities = message.series, message.quantities
        self.show_board(self.room.board)

    def show_body(self, board: Board) -> None:
        """The chart as it was read; the age of the newest reading is of now."""
        view, series = self._chart, self.series
        view.border_title = Content(inert(self._title(), 200))
        view.border_subtitle = Content(self._doing())
        size = view.scrollable_content_region.size
        if self._trouble:
            view.show(flowing(self._trouble, size.width, "fault"))
        elif series is None:
            view.show([((self._doing(), "dim"),)])
        else:
            first = first_line(series, self.room.site.timezone, board.at, size.width)
            view.show([first, *self._below_first(series, size)])
            if self.until is None and not self.reading and board.at - series.read_at >= READ_EVERY:
                self._ask()

    def _below_first(self, series: Series, size: Size) -> list[Line]:
        """Drawn anew only when something of it is another one: a large chart takes ten milliseconds."""
        key = (series, size, self._signs, words.language())
        if self._drawn is None or self._drawn[0][0] is not series or self._drawn[0] != key:
            zone = self.room.site.timezone
            self._drawn = (key, chart_lines(series, zone, size.width, size.height - 1, self._signs))
        return self._drawn[1]

    def _title(self) -> str:
        at = self._quantities.index(self.wanted) + 1 if self.wanted in self._quantities else 0
        place = f" {at}/{len(self._quantities)}" if at else ""
        return f"{self.room.site.label_of(self.source)} · {quantity_words.name(self.wanted)}{place}"

    def _doing(self) -> str:
        if not self.reading:
            return "" if self.until is None else _("earlier: end goes to now")
        return _("reading {span}: {quantity} …").format(
            span=_(gap_words.SPANS[self.span]), quantity=quantity_words.name(self.wanted)
        )

    def action_span(self, span: str) -> None:
        """Shows that much time; its end stays where it is."""
        self.span = Span(span)
        self._ask()

    def action_zoom(self, by: int) -> None:
        """The next longer or shorter span."""
        at = _SPANS.index(self.span) + by
        if 0 <= at < len(_SPANS):
            self.action_span(_SPANS[at])

    def action_shift(self, halves: int) -> None:
        """Half a span earlier or later, to the present at most."""
        _since, newest = window(self.span, self.room.site.timezone, clock.now())
        self.until = moved(self.until or newest, self.span, halves, newest)
        self._ask()

    def action_to_now(self) -> None:
        """Follows the present again."""
        self.until = None
        self._ask()

    def action_quantity(self, by: int) -> None:
        """The next or the previous quantity of the device."""
        if not self._quantities:
            return
        at = self._quantities.index(self.wanted) if self.wanted in self._quantities else -by
        self.wanted = self._quantities[(at + by) % len(self._quantities)]
        self._ask()

    def action_signs(self) -> None:
        """Draws with plain characters, or with dots again."""
        self._signs = BRAILLE if self._signs is PLAIN else PLAIN
        self.show_board(self.room.board)

    def action_copy_row(self) -> None:
        """Copies what the chart comes to."""
        series = self.series
        if series is None:
            copy(self.app, "")
            return
        told = gap_words.summary(series, self.room.site.timezone)
        span = _(gap_words.SPANS[series.span])
        copy(
            self.app, f"{self.room.site.label_of(series.source)} {quantity_words.name(series.quantity)} {span}: {told}"
        )

    def action_back(self) -> None:
        """One step back."""
        self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this chart is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)
