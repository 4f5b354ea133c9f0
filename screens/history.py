"""History: what was true then? A month as a calendar of rounds by state; from there any round, item, person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from textual import events, on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from dutyroom import clock, show, words
from dutyroom.board import Board
from dutyroom.duty.desk import Published
from dutyroom.duty.month_of_rounds import by_day
from dutyroom.duty.round_lists import rounds_of_month
from dutyroom.errors import DutyroomError
from dutyroom.model.rounds import Round
from dutyroom.words import _
from screens import calendar_lines, device_lines, months
from screens.base import RoomScreen
from screens.calendar_lines import CalendarMonth
from screens.copying import copy
from screens.duty_keys import HISTORY_KEYS
from screens.flow import flowing
from screens.key_names import key_name
from screens.walking import read_round
from screens.widgets.filter import FilterLine
from screens.widgets.lines import Line, LineView, Run, pad

# From so many lines on the weeks stand apart.
AIRY = 26


class HistoryScreen(RoomScreen):
    """One month. The arrows choose a day, enter its rounds; what is chosen stays when the store has news."""

    CSS_PATH = "history.tcss"
    AUTO_FOCUS = ""
    BINDINGS = [key.binding() for key in HISTORY_KEYS]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"day", "month", "today", "back"}

    def __init__(self) -> None:
        super().__init__()
        self.chosen: date | None = None
        self.at: int | None = None
        """The round of the day under the cursor; None while the arrows choose days."""
        self.found: Sequence[Round] | None = None
        self._of: tuple[int, int] = (0, 0)
        self._read_for: object = None
        self._trouble = ""
        self._calendar, self._day = LineView(id="calendar"), LineView(id="day")
        self.filter = FilterLine()

    def body(self) -> ComposeResult:
        """The calendar, the rounds of the chosen day, and the filter while one is typed."""
        yield self._calendar
        yield self._day
        yield self.filter

    def show_body(self, board: Board) -> None:
        """The month as it was read; it is read anew when rounds were begun, signed or missed since."""
        if self.chosen is None:
            self.chosen = clock.local_date(board.at, self.room.site.timezone)
        records = self.room.records
        news = (self._of, records.owed, records.round, records.last_signed) if records is not None else None
        wanted = (self.chosen.year, self.chosen.month)
        if self._of != wanted or news != self._read_for:
            if self._of != wanted:
                self.found, self._of = None, wanted
                news = (wanted, *news[1:]) if news is not None else None
            self._read_for = news
            self._read(*wanted)
        self._draw(self._month(board), self.chosen)

    @work(thread=True, exclusive=True, group="history")
    def _read(self, year: int, month: int) -> None:
        opened = self.room.opened
        if opened is None:
            return
        try:
            found, trouble = rounds_of_month(opened.desk, year, month), ""
        except DutyroomError as error:
            found, trouble = (), str(error)
        self.app.call_from_thread(self._take, (year, month), found, trouble)

    def _take(self, of: tuple[int, int], found: Sequence[Round], trouble: str) -> None:
        """What was read, when that month is still wanted."""
        if of == self._of:
            self.found, self._trouble = found, trouble
            self.show_board(self.room.board)

    def _month(self, board: Board) -> CalendarMonth:
        owed = self.room.records.owed if self.room.records is not None else ()
        year, month = self._of
        days = by_day(self.found or (), owed, year, month)
        kept = {day: [one for one in rounds if self._fits(one)] for day, rounds in days.items()}
        return CalendarMonth(year, month, kept, clock.local_date(board.at, self.room.site.timezone))

    def _fits(self, one: Round) -> bool:
        return not self.filter.words or self.filter.fits(*self._cells(one))

    def _draw(self, of: CalendarMonth, chosen: date) -> None:
        view, airy = self._calendar, self.size.height >= AIRY
        width = view.scrollable_content_region.width
        title = months.title(of.year, of.month)
        count = sum(map(len, of.rounds.values()))
        view.border_title = Content(_("Rounds: {whose}").format(whose=title) + (f" · {count}" if count else ""))
        view.border_subtitle = Content(self._hint())
        lines = [*calendar_lines.calendar_lines(of, chosen, width, airy=airy), *calendar_lines.legend(width)]
        view.styles.height = len(lines) + 2
        view.show(lines)
        self._draw_day(of, chosen)

    def _draw_day(self, of: CalendarMonth, chosen: date) -> None:
        view = self._day
        width = view.scrollable_content_region.width
        view.border_title = Content(show.day(chosen))
        found = self.of_day(of)
        if self._trouble:
            view.show(flowing(self._trouble, width, "fault"))
        elif self.found is None:
            view.show([((_("reading the records …"), "dim"),)])
        elif not found:
            view.show(flowing(self._nothing(of, chosen), width, "unknown"))
        else:
            if self.at is not None:
                self.at = min(self.at, len(found) - 1)
            view.show(self._rows(found, width))
            view.reveal(self.at or 0)

    def of_day(self, of: CalendarMonth) -> list[Round]:
        """The rounds of the chosen day that the filter lets through, the most pressing first."""
        return calendar_lines.pressing_first(of.rounds.get(self.chosen, ())) if self.chosen is not None else []

    def _nothing(self, of: CalendarMonth, chosen: date) -> str:
        if self.filter.words:
            return _("Nothing matches; esc takes the filter away.")
        if chosen > of.today:
            return _("Not yet: this day is to come.")
        return _("No round was due on this day.")

    def _rows(self, found: Sequence[Round], width: int) -> list[Line]:
        told = [self._cells(one) for one in found]
        columns = [min(24, device_lines.label_width(cells)) for cells in zip(*told, strict=True)]
        lines: list[Line] = []
        for n, (one, cells) in enumerate(zip(found, told, strict=True)):
            here = n == self.at
            sign, role = calendar_lines.sign_run(one)
            text = "  ".join(pad(cell, column) for cell, column in zip(cells, columns, strict=True))
            runs: tuple[Run, ...] = (("▸" if here else " ", "key"), (pad(sign, 4), role), (text, "cursor" * here))
            lines.append(device_lines.cut(runs, width))
        return lines

    def _cells(self, one: Round) -> tuple[str, ...]:
        """When due, which checklist, state with marks, who, how many answers not normal."""
        room = self.room
        named = next((p.checklist.words for p in self._published() if p.checklist.name == one.checklist), None)
        who = one.signed_by or one.closed_by or one.started_by
        state = ", ".join((show.round_state(one.state), *map(show.mark, one.marks)))
        return (
            show.time_of_day(one.due_at, room.site.timezone),
            words.choose(named.en, named.zh) if named is not None else one.checklist,
            state,
            room.records.person(who) if room.records is not None and who else show.NOTHING,
            _("{n} abnormal").format(n=one.abnormal) if one.abnormal else "",
        )

    def _published(self) -> Sequence[Published]:
        return self.room.opened.desk.published() if self.room.opened is not None else ()

    def _hint(self) -> str:
        names = ("open", "export", "trend", "filter", "earlier")
        told = _("{open} opens · {export} workbook · {trend} trend · {filter} filter · {earlier} month before")
        return told.format(**{name: key_name(self.app, f"history.{name}") for name in names})

    def retranslate(self) -> None:
        """The hint of the filter in the language in force; all else is drawn anew."""
        self.filter.retranslate()

    def action_day(self, by: int) -> None:
        """The next days; among the rounds of a day up and down choose the round."""
        if self.chosen is None:
            return
        if self.at is not None and abs(by) == calendar_lines.DAYS:
            self.at = max(0, self.at + (1 if by > 0 else -1))
        else:
            self.at = None
            self.chosen = self.chosen + timedelta(days=by)
        self.show_board(self.room.board)

    def action_month(self, by: int) -> None:
        """The month before or after; the day of the month stays where there is one."""
        if self.chosen is None:
            return
        first = self.chosen.replace(day=1)
        first = (first + timedelta(days=31)).replace(day=1) if by > 0 else (first - timedelta(days=1)).replace(day=1)
        last = CalendarMonth(first.year, first.month, {}, first).last
        self.at, self.chosen = None, min(last, first.replace(day=min(self.chosen.day, last.day)))
        self.show_board(self.room.board)

    def action_today(self) -> None:
        """The day that it is."""
        self.at = self.chosen = None
        self.show_board(self.room.board)

    def action_open(self) -> None:
        """The rounds of the day; the one under the cursor, or the only one, is opened."""
        found = self._here()
        if not found:
            return
        if self.at is None and len(found) > 1:
            self.at = 0
            self.show_board(self.room.board)
            return
        one = found[self.at or 0]
        if one.id:
            read_round(self.room, one.id)
        else:
            self.room.action_open_round()

    def _here(self) -> list[Round]:
        return self.of_day(self._month(self.room.board)) if self.room.board is not None else []

    def action_trend(self) -> None:
        """Chooses the item whose answers are shown over time."""
        self.room.action_choose_trend()

    def action_export(self) -> None:
        """The workbook of this month: looked at, and made."""
        if self.chosen is not None:
            self.room.action_go_to_export(self.chosen.year, self.chosen.month)

    def action_listed(self) -> None:
        """The whole month as a list."""
        if self.chosen is not None:
            self.room.action_go_to_month(self.chosen.year, self.chosen.month)

    def action_person(self) -> None:
        """The rounds of whoever signed or began the round under the cursor."""
        found = self._here()
        one = found[self.at or 0] if found else None
        who = (one.signed_by or one.started_by) if one is not None else None
        if who:
            self.room.action_go_to_person(who)
        else:
            self.app.notify(_("Choose a round that somebody walked: then its person is shown."), markup=False)

    def action_filter(self) -> None:
        """Only rounds with what is typed in checklist, state, mark or person."""
        self.filter.ask()

    @on(Input.Changed, "#filter")
    def take_filter(self) -> None:
        """What is typed filters at once."""
        self.at = None
        self.show_board(self.room.board)

    def action_copy_row(self) -> None:
        """Copies the round under the cursor, or all of the day."""
        found = self._here()
        rows = found if self.at is None else found[self.at : self.at + 1]
        copy(self.app, "; ".join(" | ".join(cell for cell in self._cells(one) if cell) for one in rows))

    def action_back(self) -> None:
        """One step back: from the round to the days, then the filter away, then the board."""
        if self.at is not None:
            self.at = None
        elif not self.filter.clear_away():
            self.action_mode("board")
            return
        self.show_board(self.room.board)

    def on_click(self, event: events.Click) -> None:
        """The day or the round that was clicked; a second click opens."""
        for view, take in ((self._calendar, self._click_day), (self._day, self._click_round)):
            inside = view.content_region
            if inside.contains_point(event.screen_offset):
                x, y = event.screen_offset - inside.offset
                take(y + view.scroll_offset.y, x)

    def _click_day(self, row: int, column: int) -> None:
        if self.room.board is None:
            return
        of, width = self._month(self.room.board), self._calendar.scrollable_content_region.width
        day = calendar_lines.day_at(of, row, column, width, airy=self.size.height >= AIRY)
        if day is not None and day == self.chosen:
            self.action_open()
        elif day is not None:
            self.at, self.chosen = None, day
            self.show_board(self.room.board)

    def _click_round(self, row: int, _column: int) -> None:
        if row < len(self._here()):
            again, self.at = self.at == row, row
            if again:
                self.action_open()
            self.show_board(self.room.board)
