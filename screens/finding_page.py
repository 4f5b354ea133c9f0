"""One finding: what is wrong, who has it until when, and everything that happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.content import Content

from dutyroom.board import Board
from dutyroom.duty.finding_lists import FindingHistory, history
from dutyroom.errors import DutyroomError
from dutyroom.model.finding import FindingStep
from dutyroom.words import _
from screens import finding_lines
from screens.base import RoomScreen
from screens.copying import copy
from screens.finding_keys import FINDING_KEYS
from screens.finding_lines import Around
from screens.flow import flowing
from screens.key_names import key_name
from screens.widgets.lines import LineView

if TYPE_CHECKING:
    from screens.app import DutyroomApp


class FindingPage(RoomScreen):
    """The page of the finding of that number. Enter lists what may be done to it; the usual acts have keys."""

    CSS_PATH = "finding_page.tcss"
    BINDINGS = [key.binding() for key in FINDING_KEYS]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"scroll", "back"}

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.of: FindingHistory | None = None
        self._read_for: object = None
        self._trouble = ""
        self._view = LineView(id="finding")

    def body(self) -> ComposeResult:
        """One text."""
        yield self._view

    @work(thread=True, exclusive=True, group="finding")
    def _read(self) -> None:
        opened = self.room.opened
        if opened is None:
            return
        try:
            of, trouble = history(opened.desk, self.number), ""
        except DutyroomError as error:
            of, trouble = None, str(error)
        self.app.call_from_thread(self.take, of, trouble)

    def take(self, of: FindingHistory | None, trouble: str = "") -> None:
        """What was read."""
        self.of, self._trouble = of or self.of, trouble
        self.show_board(self.room.board)

    def read_again(self) -> None:
        """After something was done."""
        self._read()

    def show_body(self, board: Board) -> None:
        """The page for this second: its clocks run."""
        if self._read_for is not self.room.records:
            self._read_for = self.room.records
            self._read()
        view = self._view
        view.border_title = Content(_("Finding {number}").format(number=self.number))
        view.border_subtitle = Content(self._hint())
        width = view.scrollable_content_region.width
        if self.of is None:
            text = self._trouble or _("reading the records …")
            view.show(flowing(text, width, "fault" if self._trouble else "dim"))
            return
        view.show(finding_lines.page_lines(self.of, around(self.room, board.at), width))

    def _hint(self) -> str:
        """The keys the footer of a narrow terminal has no room for."""
        names = ("act", "take", "done", "verify", "note")
        keys = {name: key_name(self.app, f"finding.{name}") for name in names}
        hint = _("{act} what to do · {take} take · {done} put right · {verify} verify · {note} note")
        return hint.format(**keys)

    def action_act(self, step: str = "") -> None:
        """Does that to the finding; without a step the list of what may be done is shown first."""
        from screens.finding_acting import act_on

        if self.of is not None:
            act_on(self.room, self, FindingStep(step) if step else None)

    def action_scroll(self, by: int) -> None:
        """Scrolls the text."""
        self._view.scroll_relative(y=by, animate=False)

    def action_copy_row(self) -> None:
        """Copies the finding."""
        board = self.room.board
        cells = finding_lines.cells(self.of.finding, around(self.room, board.at)) if self.of and board else ()
        copy(self.app, " | ".join(cell for cell in cells if cell))

    def action_back(self) -> None:
        """One step back."""
        self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this page is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)


def around(app: DutyroomApp, now: datetime) -> Around:
    """What the words of findings need, as it is known to the application."""
    records, opened = app.records, app.opened
    published = [one.checklist for one in opened.desk.published()] if opened is not None else [app.checklist]
    items = {item.id: item for checklist in reversed(published) for item in checklist.items}

    def person(name: str | None) -> str:
        return records.person(name) if records is not None else name or ""

    return Around(app.site, items, person, now)
