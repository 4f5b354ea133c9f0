"""Addresses: who is on the network that nobody registered, and where?"""

from __future__ import annotations

from textual import events, on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from dutyroom import clock
from dutyroom.board import Board
from dutyroom.duty.address_book import AddressBook, address_book
from dutyroom.errors import DutyroomError
from dutyroom.model.addresses import AddressesNow, Host
from dutyroom.words import _
from screens import address_lines
from screens.base import RoomScreen
from screens.copying import copy
from screens.desk import OpenedRoom
from screens.flow import flowing
from screens.keys import ADDRESS_KEYS
from screens.widgets.lines import Line, LineView

# So many rows are drawn; who looks for others types a part of them.
MOST = 400


class AddressesScreen(RoomScreen):
    """Every address that was seen, what is wrong first; enter shows all that is known about one."""

    CSS_PATH = "addresses.tcss"
    # Keys go to the rows until somebody opens the filter.
    AUTO_FOCUS = ""
    BINDINGS = [key.binding() for key in ADDRESS_KEYS]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"move", "back", "open"}

    def __init__(self, opened: OpenedRoom) -> None:
        super().__init__()
        self._opened = opened
        self.book: AddressBook | None = None
        self.shown: tuple[Host, ...] = ()
        self.at = 0
        self.is_open = False
        self._read_for: AddressesNow | None = None
        self._texts: dict[int, str] = {}
        self._trouble = ""
        self._drawn: tuple[object, ...] = ()
        self._head, self._list = LineView(id="summary"), LineView(id="addresses")
        self.filter = Input(id="filter", max_length=60)
        self.filter.display = False

    def body(self) -> ComposeResult:
        """Counts, the list, and the filter while one is typed."""
        yield self._head
        yield self._list
        yield self.filter

    def on_mount(self) -> None:
        """Read in a thread: a core switch tells of tens of thousands."""
        super().on_mount()
        self._read()

    @work(thread=True, exclusive=True, group="addresses")
    def _read(self) -> None:
        try:
            book: AddressBook | None = address_book(self._opened.desk, clock.now())
            trouble = ""
        except DutyroomError as error:
            book, trouble = None, str(error)
        self.app.call_from_thread(self._take, book, trouble)

    def _take(self, book: AddressBook | None, trouble: str) -> None:
        """What was read; the row somebody stands on stays under the cursor."""
        self._trouble = trouble
        if book is not None:
            here = self.shown[self.at] if self.shown else None
            self.book, self._texts = book, {}
            self._pick(here)
        self.show_board(self.room.board)

    def _pick(self, here: Host | None) -> None:
        """The rows that the filter lets through."""
        assert self.book is not None
        wanted = self.filter.value.casefold().split()
        self.shown = tuple(
            host for n, host in enumerate(self.book.hosts) if not wanted or self._has(n, host, wanted)
        )  # fmt: skip
        same = (n for n, one in enumerate(self.shown) if here is not None and (one.ip, one.mac) == (here.ip, here.mac))
        self.at = next(same, min(self.at, max(0, len(self.shown) - 1)) if here is None else 0)

    def _has(self, number: int, host: Host, wanted: list[str]) -> bool:
        text = self._texts.get(number)
        if text is None:
            text = self._texts[number] = address_lines.searched(host)
        return all(part in text for part in wanted)

    def retranslate(self) -> None:
        """The same rows in the language in force; what is typed stays, and finds by the new words."""
        self.filter.placeholder = self._placeholder()
        self._texts, self._drawn = {}, ()

    def _placeholder(self) -> str:
        return _("part of an address, MAC, port, name or finding")

    def show_body(self, board: Board) -> None:
        """Draws what changed; reads again after a sweep or a change of the register."""
        if self._read_for is None:
            self._read_for = board.addresses.now
        elif self._read_for != board.addresses.now:
            self._read_for = board.addresses.now
            self._read()
        head, width = self._head, self._head.size.width
        if self.book is None:
            text = self._trouble or _("reading the records …")
            head.show(flowing(text, width, "fault" if self._trouble else "dim"))
            return
        lines = address_lines.head_lines(self.book, self.room.site, board.at, width)
        head.styles.height = max(1, len(lines))
        head.show(lines)
        self._list.border_title = Content(self._title())
        self._draw(self._list.scrollable_content_region.width)

    def _title(self) -> str:
        if self.is_open:
            return _("Address")
        title = _("Addresses")
        return f"{title} · {len(self.shown)}" if self.shown else title

    def _draw(self, width: int) -> None:
        """The list is made anew only when something in it changed: many rows take their time."""
        state = (id(self.book), self.shown, self.at, self.is_open, width)
        if state == self._drawn or self.book is None:
            return
        self._drawn = state
        if self.is_open and self.shown:
            self._list.show(address_lines.detail_lines(self.shown[self.at], self.book, self.room.site, width))
            return
        first = max(0, min(self.at - MOST // 2, len(self.shown) - MOST))
        lines: list[Line] = []
        place = (0, 1)
        for n, host in enumerate(self.shown[first : first + MOST], first):
            drawn = self._row(host, width, chosen=n == self.at)
            if n == self.at:
                place = (len(lines), len(drawn))
            lines += drawn
        rest = len(self.shown) - first - MOST
        if rest > 0:
            lines.append(((_("  and {n} more").format(n=rest), "dim"),))
        self._list.show(lines or self._nothing(width))
        self._list.reveal(*place)

    def _row(self, host: Host, width: int, *, chosen: bool) -> list[Line]:
        quiet = self.book is not None and self.book.is_learning
        return address_lines.row_lines(host, self.room.site.timezone, width, quiet=quiet, chosen=chosen)

    def _nothing(self, width: int) -> list[Line]:
        if self.filter.value:
            return flowing(_("Nothing matches; esc takes the filter away."), width, "unknown")
        text = _("No address was seen yet. The tables are read every few minutes while somebody watches; a gateway or "
                 "core switch needs arp = true in its [[network]].")  # fmt: skip
        return flowing(text, width, "unknown")

    @on(Input.Changed, "#filter")
    def take_filter(self) -> None:
        """What is typed filters at once."""
        if self.book is not None:
            self._pick(self.shown[self.at] if self.shown else None)
            self.show_board(self.room.board)

    @on(Input.Submitted, "#filter")
    def leave_filter(self) -> None:
        """Enter keeps the filter and goes to the rows."""
        self.set_focus(None)
        if not self.filter.value:
            self.filter.display = False

    def action_filter(self) -> None:
        """Opens the filter."""
        self.is_open = False
        self.filter.placeholder = self._placeholder()
        self.filter.display = True
        self.filter.focus()
        self.show_board(self.room.board)

    def action_move(self, by: int) -> None:
        """The next or an earlier row; in an opened one it scrolls."""
        if self.is_open:
            self._list.scroll_relative(y=by, animate=False)
        elif self.shown:
            self.at = max(0, min(len(self.shown) - 1, self.at + by))
            self.show_board(self.room.board)

    def action_open(self) -> None:
        """All that is known about the address under the cursor."""
        if self.shown and not self.is_open:
            self.is_open = True
            self._list.scroll_home(animate=False)
            self.show_board(self.room.board)

    def action_back(self) -> None:
        """One step back: from one address to the list, then the filter away, then the page before."""
        if self.is_open:
            self.is_open = False
        elif self.filter.display:
            self.filter.value = ""
            self.filter.display = False
            self.set_focus(None)
        else:
            self.app.pop_screen()
            return
        self.show_board(self.room.board)

    def action_copy_row(self) -> None:
        """Copies the address under the cursor."""
        text = address_lines.plain_text(self.shown[self.at], self.room.site.timezone) if self.shown else ""
        copy(self.app, text)

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this page is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)

    def on_click(self, event: events.Click) -> None:
        """The address of the row that was clicked; a second click opens it."""
        inside = self._list.content_region
        width = self._list.scrollable_content_region.width
        row = event.screen_offset.y - inside.y + self._list.scroll_offset.y
        if self.is_open or not inside.contains_point(event.screen_offset) or not self.shown:
            return
        first = max(0, min(self.at - MOST // 2, len(self.shown) - MOST))
        wanted = first + row // (1 if width >= address_lines.WIDE else 2)
        if wanted == self.at:
            self.action_open()
        elif wanted < len(self.shown):
            self.action_move(wanted - self.at)
