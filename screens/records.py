"""Records: which rounds were walked? Those of one month or of one person, to be read."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events, work
from textual.app import ComposeResult
from textual.content import Content

from dutyroom import show, words
from dutyroom.board import Board
from dutyroom.duty.round_lists import rounds_of_month, rounds_of_person
from dutyroom.errors import DutyroomError
from dutyroom.model.rounds import Round, RoundState
from dutyroom.words import _
from screens import device_lines, months
from screens.base import RoomScreen
from screens.copying import copy
from screens.desk import OpenedRoom
from screens.flow import flowing
from screens.key_names import key_name
from screens.keys import RECORD_KEYS
from screens.walking import read_round
from screens.widgets.lines import Line, LineView, Run, pad

_WALKED = (RoundState.SIGNED, RoundState.APPROVED)


@dataclass(frozen=True, slots=True)
class Month:
    """The rounds of a calendar month."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class Person:
    """The rounds an operator (login name) started or signed."""

    name: str


class RecordsScreen(RoomScreen):
    """Rounds on record, newest first; enter opens one to read."""

    CSS_PATH = "records.tcss"
    BINDINGS = [key.binding() for key in RECORD_KEYS]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"move", "back"}

    def __init__(self, opened: OpenedRoom, subject: Month | Person) -> None:
        super().__init__()
        self._opened, self.subject = opened, subject
        self.found: tuple[Round, ...] | None = None
        self.at = 0
        self._trouble = ""
        self._list = LineView(id="records")

    def body(self) -> ComposeResult:
        """One list."""
        yield self._list

    def on_mount(self) -> None:
        """Read once, in the writer's thread: what is signed does not change."""
        super().on_mount()
        self._read()

    @work(exclusive=True)
    async def _read(self) -> None:
        carry_out, desk, subject = self._opened.writer.carry_out, self._opened.desk, self.subject
        try:
            if isinstance(subject, Month):
                self.found = await carry_out(rounds_of_month, desk, subject.year, subject.month)
            else:
                self.found = await carry_out(rounds_of_person, desk, subject.name)
        except DutyroomError as error:
            self._trouble = str(error)
        self.show_board(self.room.board)

    def show_body(self, board: Board) -> None:  # noqa: ARG002
        """The list as it is known."""
        view = self._list
        view.border_title = Content(self.title_line())
        width = view.scrollable_content_region.width
        if self._trouble:
            view.show(flowing(self._trouble, width, "fault"))
        elif self.found is None:
            view.show([((_("reading the records …"), "dim"),)])
        elif not self.found:
            view.show(self._nothing(width))
        else:
            view.show(self.rows(self.found, width))
            view.reveal(self.at)

    def title_line(self) -> str:
        """Whose rounds these are, and how many."""
        subject = self.subject
        if isinstance(subject, Month):
            whose = months.title(subject.year, subject.month)
        else:
            records = self.room.records
            whose = records.person(subject.name) if records is not None else subject.name
        count = f" · {len(self.found)}" if self.found else ""
        return _("Rounds: {whose}").format(whose=whose) + count

    def rows(self, found: tuple[Round, ...], width: int) -> list[Line]:
        """One line a round."""
        told = [self._told(one) for one in found]
        columns = [min(24, device_lines.label_width(cells)) for cells in zip(*told, strict=True)]
        lines: list[Line] = []
        for n, (one, cells) in enumerate(zip(found, told, strict=True)):
            here = n == self.at
            text = "  ".join(pad(cell, column) for cell, column in zip(cells, columns, strict=True))
            runs: tuple[Run, ...] = (("▸" if here else " ", "key"), symbol(one), (text, "cursor" if here else ""))
            lines.append(device_lines.cut(runs, width))
        return lines

    def _told(self, one: Round) -> tuple[str, ...]:
        """When due, which checklist, state, who, how many answers not normal, marks."""
        records, checklist = self.room.records, self.room.checklist
        named = words.choose(checklist.words.en, checklist.words.zh)
        who = one.signed_by or one.started_by
        return (
            show.moment(one.due_at, self.room.site.timezone),
            named if one.checklist == checklist.name else one.checklist,
            show.round_state(one.state),
            records.person(who) if records is not None and who else show.NOTHING,
            _("{n} abnormal").format(n=one.abnormal) if one.abnormal else "",
            ", ".join(show.mark(mark) for mark in one.marks),
        )

    def _nothing(self, width: int) -> list[Line]:
        if isinstance(self.subject, Month):
            text = _("No round was due in this month. {palette} finds another month: type 2026-10 or October.")
        else:
            text = _("No round was started or signed by this person. {palette} finds other people and months.")
        return flowing(text.format(palette=key_name(self.app, "palette")), width, "unknown")

    def action_move(self, by: int) -> None:
        """Moves the cursor, to the first or last round at most."""
        if self.found:
            self.at = max(0, min(len(self.found) - 1, self.at + by))
            self.show_board(self.room.board)

    def action_copy_row(self) -> None:
        """Copies the round under the cursor."""
        row = self._told(self.found[self.at]) if self.found else ()
        copy(self.app, " | ".join(cell for cell in row if cell))

    def action_open(self) -> None:
        """Opens the round to read it."""
        if self.found:
            read_round(self.room, self.found[self.at].id)

    def on_click(self, event: events.Click) -> None:
        """The round of the row that was clicked; a second click opens it."""
        inside = self._list.content_region
        row = event.screen_offset.y - inside.y + self._list.scroll_offset.y
        if self.found and inside.contains_point(event.screen_offset) and 0 <= row < len(self.found):
            if row == self.at:
                self.action_open()
            self.action_move(row - self.at)

    def action_back(self) -> None:
        """One step back."""
        self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this list is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)


def symbol(one: Round) -> Run:
    """How the round ended, without colour."""
    if one.state in _WALKED:
        return ("! ", "attention") if one.abnormal else ("✓ ", "ok")
    if one.state is RoundState.OPEN:
        return ("… ", "key")
    return ("✗ ", "fault") if one.state is RoundState.MISSED else ("  ", "")
