"""Doctor: is this machine fit to watch the room, and what is to be done?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from dutyroom import show
from dutyroom.board import Board
from dutyroom.doctor import words as doctor_words
from dutyroom.doctor.check import Check
from dutyroom.words import _
from screens import device_lines
from screens.base import RoomScreen
from screens.flow import flowing
from screens.keys import DOCTOR_KEYS, ROOM_KEYS
from screens.widgets.lines import Line, LineView, role_of


class CheckMade(Message):
    """One check of a run; None: the run has ended. `run` tells an earlier run's from the present one's."""

    def __init__(self, run: int, check: Check | None) -> None:
        super().__init__()
        self.run, self.check = run, check


class DoctorScreen(RoomScreen):
    """Every check as it is made, with what to do under it; the codes stay, so the words follow the language."""

    CSS_PATH = "doctor.tcss"
    # `r` means more here: the same key, remapped by the same id.
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"scroll", "page", "back"}
    BINDINGS = [
        *(key.binding() for key in DOCTOR_KEYS),
        *(replace(key, action="repeat").binding() for key in ROOM_KEYS if key.id == "refresh"),
    ]

    def __init__(self, examine: Callable[[], Iterable[Check]]) -> None:
        super().__init__()
        self._examine = examine
        self._run = 0
        self.found: list[Check] = []
        self.is_done = False
        self._list = LineView(id="doctor")

    def body(self) -> ComposeResult:
        """One list."""
        yield self._list

    def on_mount(self) -> None:
        """The checks begin at once."""
        super().on_mount()
        self.action_repeat()

    def on_unmount(self) -> None:
        """What is still being checked is of no use to anybody."""
        self._run += 1

    def action_repeat(self) -> None:
        """Checks everything again."""
        self._run += 1
        self.found, self.is_done = [], False
        # A daemon, not a worker: a check that hangs must not keep the program from being left.
        threading.Thread(target=self._look, args=(self._run,), name="doctor", daemon=True).start()
        self.show_board(self.room.board)

    def _look(self, run: int) -> None:
        # The loop is gone when the program was left meanwhile: then there is nobody to tell.
        with suppress(RuntimeError):
            for check in self._examine():
                if run != self._run:
                    return
                self.post_message(CheckMade(run, check))
            self.post_message(CheckMade(run, None))

    def on_check_made(self, message: CheckMade) -> None:
        """The page fills as the checks come."""
        if message.run != self._run:
            return
        if message.check is None:
            self.is_done = True
        else:
            self.found.append(message.check)
        self.show_board(self.room.board)

    def show_body(self, board: Board) -> None:  # noqa: ARG002
        """What was found so far."""
        view = self._list
        view.border_title = Content(self._title())
        view.show(self._lines(view.scrollable_content_region.width))

    def _title(self) -> str:
        todo = sum(check.needs_doing for check in self.found)
        if not self.is_done:
            return _("Doctor: checking …")
        return _("Doctor: {count} to see to").format(count=todo) if todo else _("Doctor: everything is in order")

    def _lines(self, width: int) -> list[Line]:
        lines: list[Line] = []
        group = None
        for check in self.found:
            if check.group is not group:
                group = check.group
                gap: list[Line] = [()] if lines else []
                lines += [*gap, device_lines.section(doctor_words.group(group), width)]
            lines += _told(check, width)
        return lines

    def action_scroll(self, by: int) -> None:
        """Scrolls by lines."""
        self._list.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Scrolls by a page."""
        self._list.scroll_relative(y=by * max(1, self._list.size.height - 1), animate=False)

    def action_back(self) -> None:
        """One step back."""
        self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this page is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)


def _told(check: Check, width: int) -> list[Line]:
    """A check: sign, what was found, and under it what to do."""
    text = f"{doctor_words.title(check)}: {doctor_words.told(check)}"
    first, *more = flowing(text, width, "", indent=4)
    sign = (f" {show.symbol(check.verdict)} ", role_of(check.verdict))
    role = "dim" if not check.needs_doing else ""
    lines: list[Line] = [(sign, (_words(first), role)), *((("   " + _words(run), role),) for run in more)]
    if advice := doctor_words.advice(check):
        head, *rest = flowing(advice, width, "", indent=7)
        lines.append((("   → ", "key"), (_words(head), "key")))
        lines += [(("     " + _words(run), "key"),) for run in rest]
    return lines


def _words(line: Line) -> str:
    return "".join(text for text, _role in line).strip()
