"""A day of a quantity on one line, for pages that show a device: read by a thread, once a minute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from rich.cells import cell_len
from textual import work
from textual.message import Message

from dutyroom import clock, quantity_words
from dutyroom.duty import history
from dutyroom.errors import DutyroomError
from dutyroom.model.history import GapReason, Series, Span
from dutyroom.rules.chart import columns, summary
from dutyroom.words import _
from screens import device_lines
from screens.base import RoomScreen
from screens.widgets.lines import Line, pad

READ_EVERY = timedelta(seconds=60)
_LEVELS = "▁▂▃▄▅▆▇█"
_MOST_CELLS = 48


class StripsRead(Message):
    """The last day of some quantities of a source, by quantity; empty when nothing could be read."""

    def __init__(self, source: str, strips: Mapping[str, Series]) -> None:
        super().__init__()
        self.source, self.strips = source, strips


class StripScreen(RoomScreen):
    """A screen with strips. `want_strips` may be called every second; it reads when there is something to read."""

    def __init__(self) -> None:
        super().__init__()
        self._strips: Mapping[str, Series] = {}
        self._strips_of = ""
        self._asked: tuple[str, datetime] | None = None

    def want_strips(self, source: str, quantities: tuple[str, ...]) -> Mapping[str, Series]:
        """The strips of a source as far as they are read; what is missing or a minute old is read beside the loop."""
        now, asked = clock.now(), self._asked
        if asked is None or asked[0] != source or not timedelta(0) <= now - asked[1] < READ_EVERY:
            self._asked = (source, now)
            self._read_strips(source, quantities, now)
        return self._strips if self._strips_of == source else {}

    @work(thread=True, group="strips")
    def _read_strips(self, source: str, quantities: tuple[str, ...], now: datetime) -> None:
        opened = self.room.opened
        if opened is None:
            return
        try:
            found = {one: history.read_series(opened.desk, source, one, Span.DAY, now, now) for one in quantities}
        except DutyroomError:
            # That the records cannot be read is said in the header; here there is then no strip.
            found = {}
        self.post_message(StripsRead(source, found))

    def on_strips_read(self, message: StripsRead) -> None:
        """Shows them, unless another device was chosen meanwhile."""
        if self._asked is not None and message.source == self._asked[0]:
            self._strips_of, self._strips = message.source, message.strips
            self.show_board(self.room.board)


def strip_lines(strips: Mapping[str, Series], width: int) -> list[Line]:
    """A line for each quantity: its name, the day from left to right, lowest and highest. Gaps are blank."""
    names = [quantity_words.name(one) for one in strips]
    column = device_lines.label_width(names)
    lines: list[Line] = []
    for name, series in zip(names, strips.values(), strict=True):
        told = summary(series.points, series.since, series.until)
        low = quantity_words.value(series.quantity, told.low) if told is not None else ""
        high = quantity_words.value(series.quantity, told.high) if told is not None else ""
        note = f"{low} – {high}" if told is not None else _("no value in this time")
        cells = max(8, min(_MOST_CELLS, width - column - cell_len(note) - 8))
        gaps = any(gap.reason is not GapReason.NO_RECORD for gap in series.gaps)
        lines.append(
            device_lines.cut(
                (
                    (f"  {pad(name, column)}  ", "dim"),
                    (_levels(series, cells), "key"),
                    (f"  {note}", "" if told is not None else "unknown"),
                    (" …" if gaps else "", "attention"),
                ),
                width,
            )
        )
    return lines


def _levels(series: Series, cells: int) -> str:
    """Eight heights from 0 to 100 percent."""
    text = ""
    for column in columns(series, cells):
        if column.mean is None:
            text += " "
        else:
            text += _LEVELS[min(7, max(0, int(column.mean / 100 * 8)))]
    return text
