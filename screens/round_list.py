"""Round: which rounds are owed? Those due and open, and under them what became of the last ones; enter opens one."""

from __future__ import annotations

from datetime import timedelta

from textual import events, work
from textual.app import ComposeResult
from textual.content import Content

from dutyroom import clock
from dutyroom.board import Board
from dutyroom.duty.round_lists import rounds_lately
from dutyroom.errors import DutyroomError
from dutyroom.model.checklist import Words
from dutyroom.model.rounds import Round
from dutyroom.words import _
from screens import round_list_lines as rows
from screens.base import RoomScreen
from screens.copying import copy
from screens.duty_keys import ROUND_LIST_KEYS
from screens.flow import flowing
from screens.key_names import key_name
from screens.round_list_lines import ListSight, Slot, SlotKey
from screens.walking import open_from_paper, open_owed, read_round
from screens.widgets.lines import LineView


class RoundListScreen(RoomScreen):
    """The rounds of this room: owed ones first, then those of the last days."""

    CSS_PATH = "round_list.tcss"
    BINDINGS = [key.binding() for key in ROUND_LIST_KEYS]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"move", "back"}

    def __init__(self) -> None:
        super().__init__()
        self.at: SlotKey | None = None
        self.owed: tuple[Slot, ...] = ()
        self.over: tuple[Slot, ...] = ()
        self._lately: tuple[Round, ...] = ()
        self._read_with: object = None
        self._trouble = ""
        self._places: dict[SlotKey, int] = {}
        self._list, self._details = LineView(id="rounds"), LineView(id="round")

    def body(self) -> ComposeResult:
        """The list, and under it all about the row of the cursor: rows keep their place."""
        yield self._list
        yield self._details

    @work(exclusive=True)
    async def _read(self) -> None:
        opened = self.room.opened
        if opened is None:
            return
        since = clock.local_date(clock.now(), self.room.site.timezone) - timedelta(days=rows.DAYS)
        try:
            self._lately = await opened.writer.carry_out(rounds_lately, opened.desk, since)
            self._trouble = ""
        except DutyroomError as error:
            self._trouble = str(error)
        if self.room.board is not None:
            self.show_body(self.room.board)

    def show_body(self, board: Board) -> None:
        """The rows as they stand now; the cursor stays on its round."""
        records = self.room.records
        rounds = (records.round, records.last_signed, records.owed) if records is not None else None
        if rounds != self._read_with:
            self._read_with = rounds
            self._read()
        owed, self.over = rows.slots_of(rows.owed_now(board, records), self._lately)
        self.owed = tuple(sorted(owed, key=lambda slot: rows.is_to_come(slot, board.at)))
        every = self.slots()
        if every and all(slot.key != self.at for slot in every):
            self.at = every[0].key
        view = self._list
        view.border_title = Content(_("Rounds due and done"))
        width = view.scrollable_content_region.width
        sight, here = self.sight(width), self.here()
        lines, self._places = rows.lines_of(self.owed, self.over, self.at, sight)
        self._details.show(rows.details_of(here, sight) if here is not None else [])
        if self._trouble:
            lines += flowing(self._trouble, width, "fault")
        view.show(lines)
        view.reveal(self._places.get(self.at, 0) if self.at is not None else 0, 3)

    def sight(self, width: int) -> ListSight:
        """What the rows are made from now."""
        opened, records = self.room.opened, self.room.records
        names: dict[str, Words] = {}
        if opened is not None:
            names = {one.checklist.name: one.checklist.words for one in opened.desk.published()}
        keys = {name: key_name(self.app, f"rounds.{name}") for name in ("open", "paper")}
        person = records.person if records is not None else (lambda name: name or "")
        return ListSight(self.room.site, clock.now(), width, names, keys, person)

    def slots(self) -> tuple[Slot, ...]:
        """The rows from top to bottom."""
        return (*self.owed, *self.over)

    def here(self) -> Slot | None:
        """The row under the cursor."""
        return next((slot for slot in self.slots() if slot.key == self.at), None)

    def action_move(self, by: int) -> None:
        """Moves the cursor, to the first or last round at most."""
        every, here = self.slots(), self.here()
        if here is not None:
            self.at = every[max(0, min(len(every) - 1, every.index(here) + by))].key
            self.show_board(self.room.board)

    def action_open_owed(self) -> None:
        """Starts the round of this row, goes on with it, or opens it to be read."""
        here = self.here()
        if here is None:
            return
        if here.owed is not None:
            open_owed(self.room, here.owed)
        elif here.round is not None:
            read_round(self.room, here.round.id)

    def action_from_paper(self) -> None:
        """A round that was missed, or not walked here yet, is typed in from paper."""
        here = self.here()
        if here is None:
            return
        if not rows.may_be_typed_in(here, clock.now()):
            self.notify(
                _("Only a round that was missed, or not walked here yet, is typed in from paper."), markup=False
            )
            return
        open_from_paper(self.room, here.checklist, here.due_at, lambda: rows.name_of(here.checklist, self.sight(80)))

    def action_copy_row(self) -> None:
        """Copies the row under the cursor."""
        here = self.here()
        if here is not None:
            copy(self.app, " | ".join(cell for cell in rows.cells_of(here, self.sight(200)) if cell))

    def on_click(self, event: events.Click) -> None:
        """The round of the row that was clicked; a second click opens it."""
        inside = self._list.content_region
        row = event.screen_offset.y - inside.y + self._list.scroll_offset.y
        clicked = next((key for key, place in self._places.items() if place == row), None)
        if clicked is None or not inside.contains_point(event.screen_offset):
            return
        if clicked == self.at:
            self.action_open_owed()
        self.at = clicked
        self.show_board(self.room.board)

    def action_back(self) -> None:
        """Back to the board."""
        self.action_mode("board")
