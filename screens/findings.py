"""Findings: what is promised to whom by when? Those that are not over, or every one there ever was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual import events, on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from dutyroom import clock
from dutyroom.board import Board
from dutyroom.duty.finding_lists import listed
from dutyroom.errors import DutyroomError
from dutyroom.model.finding import Finding, Severity
from dutyroom.words import N_, _
from screens import finding_lines
from screens.base import RoomScreen
from screens.copying import copy
from screens.finding_keys import FINDINGS_KEYS
from screens.finding_lines import Around
from screens.finding_page import FindingPage, around
from screens.flow import flowing
from screens.key_names import key_name
from screens.widgets.filter import FilterLine
from screens.widgets.lines import Line, LineView

if TYPE_CHECKING:
    from screens.app import DutyroomApp

# So many rows are drawn; who looks for others types a part of them.
MOST = 400
_CLASSES = tuple(Severity)
# By what the list is sorted, after what is asked first; the order of the store is by deadline, overdue first.
SORTS: tuple[tuple[str, Callable[[Finding], Any] | None], ...] = (
    (N_("by deadline"), None),
    (N_("newest first"), lambda one: -one.id),
    (N_("by class"), lambda one: _CLASSES.index(one.severity)),
    (N_("by person"), lambda one: (finding_lines.whose(one) is None, finding_lines.whose(one) or "")),
    (N_("by device"), lambda one: (not one.device, one.device)),
)


class FindingsScreen(RoomScreen):
    """One list. The row somebody stands on stays under the cursor when the store has news."""

    CSS_PATH = "findings.tcss"
    # Keys go to the rows until somebody opens the filter.
    AUTO_FOCUS = ""
    BINDINGS = [key.binding() for key in FINDINGS_KEYS]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"move", "open", "back", "sort", "every"}

    def __init__(self) -> None:
        super().__init__()
        self.found: Sequence[Finding] | None = None
        self.shown: tuple[Finding, ...] = ()
        self.at = 0
        self.every = False
        self.sort = 0
        self._read_for: object = None
        self._trouble = ""
        self._list = LineView(id="findings")
        self.filter = FilterLine()

    def body(self) -> ComposeResult:
        """The list, and the filter while one is typed."""
        yield self._list
        yield self.filter

    def on_screen_resume(self) -> None:
        """What was done on a page of a finding shows here."""
        self._read_for = None
        super().on_screen_resume()

    @work(thread=True, exclusive=True, group="findings")
    def _read(self, now: datetime, *, every: bool) -> None:
        opened = self.room.opened
        if opened is None:
            return
        found: Sequence[Finding] = ()
        try:
            found, trouble = listed(opened.desk, now, every=every), ""
        except DutyroomError as error:
            trouble = str(error)
        self.app.call_from_thread(self._take, found, trouble, every)

    def _take(self, found: Sequence[Finding], trouble: str, every: bool) -> None:
        """What was read, when that is still wanted."""
        if every == self.every:
            self.found, self._trouble = found, trouble
            self._pick()
            self.show_board(self.room.board)

    def _pick(self) -> None:
        """The rows that the filter lets through, in the order wanted."""
        here = self.shown[self.at].id if self.shown else 0
        told = around(self.room, clock.now())
        words = self.filter.words
        kept = [one for one in self.found or () if not words or self.filter.fits(*finding_lines.cells(one, told))]
        by = SORTS[self.sort][1]
        self.shown = tuple(kept if by is None else sorted(kept, key=by))
        same = (n for n, one in enumerate(self.shown) if one.id == here)
        self.at = next(same, max(0, min(self.at, len(self.shown) - 1)))

    def retranslate(self) -> None:
        """The same rows in the language in force; what is typed finds by the new words."""
        self.filter.retranslate()
        self._pick()

    def show_body(self, board: Board) -> None:
        """Draws the list, and reads it anew when the store had news of findings."""
        records = self.room.records
        # The counts do not tell of another assignee: what is open is read with every change, the whole with counts.
        news = (
            self.every,
            id(records) if not self.every and records is not None else None,
            records and records.findings,
        )
        if news != self._read_for:
            self._read_for = news
            self._read(board.at, every=self.every)
        view = self._list
        view.border_title = Content(self._title())
        view.border_subtitle = Content(self._hint())
        width = view.scrollable_content_region.width
        if self._trouble or self.found is None:
            text = self._trouble or _("reading the records …")
            view.show(flowing(text, width, "fault" if self._trouble else "dim"))
            return
        self._draw(around(self.room, board.at), width)

    def _draw(self, told: Around, width: int) -> None:
        first = self._first()
        lines: list[Line] = []
        place = (0, 1)
        for n, one in enumerate(self.shown[first : first + MOST], first):
            drawn = finding_lines.row_lines(one, told, width, chosen=n == self.at)
            if n == self.at:
                place = (len(lines), len(drawn))
            lines += drawn
        rest = len(self.shown) - first - MOST
        if rest > 0:
            lines.append(((_("  and {n} more").format(n=rest), "dim"),))
        self._list.show(lines or self._nothing(width))
        self._list.reveal(*place)

    def _first(self) -> int:
        return max(0, min(self.at - MOST // 2, len(self.shown) - MOST))

    def _title(self) -> str:
        title = _("Every finding") if self.every else _("Findings")
        return f"{title} · {len(self.shown)}" if self.shown else title

    def _hint(self) -> str:
        """The order, and the keys the footer of a narrow terminal has no room for."""
        keys = {name: key_name(self.app, f"findings.{name}") for name in ("sort", "filter", "find", "every")}
        order = _(SORTS[self.sort][0])
        return _("{order} · {sort} order · {filter} filter · {find} enter one · {every} over too").format(
            order=order, **keys
        )

    def _nothing(self, width: int) -> list[Line]:
        if self.filter.words:
            return flowing(_("Nothing matches; esc takes the filter away."), width, "unknown")
        keys = {name: key_name(self.app, f"findings.{name}") for name in ("every", "find")}
        text = _("No finding is open. {find} enters what somebody saw; {every} shows those that are over.")
        if self.every:
            text = _("Nothing was ever found. {find} enters what somebody saw.")
        return flowing(text.format(**keys), width, "unknown")

    @on(Input.Changed)
    def take_filter(self) -> None:
        """Every letter counts."""
        self._pick()
        self.show_board(self.room.board)

    def action_filter(self) -> None:
        """Opens the line of the filter."""
        self.filter.ask()

    def action_sort(self) -> None:
        """Another order; the finding under the cursor stays there."""
        self.sort = (self.sort + 1) % len(SORTS)
        self._pick()
        self.show_board(self.room.board)

    def action_every(self) -> None:
        """Those that are over too, or only the open ones again."""
        self.every = not self.every
        self.show_board(self.room.board)

    def action_move(self, by: int) -> None:
        """The next or an earlier finding."""
        if self.shown:
            self.at = max(0, min(len(self.shown) - 1, self.at + by))
            self.show_board(self.room.board)

    def action_open(self) -> None:
        """The page of the finding under the cursor."""
        if self.shown:
            open_page(self.room, self.shown[self.at].id)

    def action_find(self) -> None:
        """Enters what somebody saw outside a round."""
        from screens.finding_acting import find_new

        find_new(self.room)

    def action_copy_row(self) -> None:
        """Copies the finding under the cursor."""
        row = finding_lines.cells(self.shown[self.at], around(self.room, clock.now())) if self.shown else ()
        copy(self.app, " | ".join(cell for cell in row if cell))

    def action_back(self) -> None:
        """One step back: the filter away, then every finding, then the board."""
        if self.filter.clear_away():
            return
        if self.every:
            self.action_every()
        else:
            self.action_mode("board")

    def on_click(self, event: events.Click) -> None:
        """The finding of the row that was clicked; a second click opens it."""
        inside = self._list.content_region
        row = event.screen_offset.y - inside.y + self._list.scroll_offset.y
        wanted = self._first() + row // finding_lines.rows_of_one(self._list.scrollable_content_region.width)
        if not inside.contains_point(event.screen_offset) or not 0 <= wanted < len(self.shown):
            return
        if wanted == self.at:
            self.action_open()
        else:
            self.action_move(wanted - self.at)


def open_page(app: DutyroomApp, number: int) -> None:
    """Opens the page of a finding over whatever is shown."""
    if isinstance(app.screen, FindingPage):
        app.pop_screen()
    app.push_screen(FindingPage(number))
