"""Discharge tests of a UPS: the checklist before one, the readings while it runs, its result, and the earlier ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from dutyroom import clock, discharge_words
from dutyroom.board import Board
from dutyroom.duty.desk import require
from dutyroom.duty.discharge_tests import StopAt, abandon, page_of, sign, start
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.discharge_test import CheckState, StopSign, TestPage
from dutyroom.model.people import Act, Actor
from dutyroom.model.runtime import DischargeTest, TestState
from dutyroom.tomlvalues import seconds
from dutyroom.words import N_, _
from screens import discharge_test_lines
from screens.base import RoomScreen
from screens.copying import copy
from screens.desk import OpenedRoom
from screens.dialogs.sign_handover import PASSWORD, Asked, SignHandoverDialog
from screens.discharge_keys import DISCHARGE_KEYS
from screens.flow import flowing
from screens.key_names import key_name
from screens.keys import ROOM_KEYS
from screens.widgets.lines import Line, LineView

if TYPE_CHECKING:
    from dutyroom.model.room import RoomRecords

# While a test runs nothing is older than this, and a stop criterion that stands rings again.
READ_EVERY, RING_EVERY = timedelta(seconds=2), timedelta(seconds=15)
_CHARGE = Asked("charge", N_("Stop when the charge has fallen to (percent)"), value="40")
_AFTER = Asked("after", N_("Or after this time, such as 45m or 2h (may stay empty)"), optional=True)
_NOTE = Asked("note", N_("What is to be known (may stay empty)"), optional=True)
_REASON = Asked("reason", N_("Why is the test given up?"))


class PageRead(Message):
    """The tests of a UPS were read, or could not be (then with the sentence of the trouble)."""

    def __init__(self, ups: str, page: TestPage | None, trouble: str = "") -> None:
        super().__init__()
        self.ups, self.page, self.trouble = ups, page, trouble


class WrongEntry(DutyroomError):
    """A stop criterion that cannot be read."""

    code = "wrong-entry"


class DischargeTestScreen(RoomScreen):
    """The tests of one UPS; the arrows go to the other UPSes."""

    CSS_PATH = "discharge_test.tcss"
    # The footer has room for the keys of this page; those of the modes stand in it everywhere else.
    BINDINGS = [
        *(replace(key, footer=False).binding() for key in ROOM_KEYS if key.footer and key.id != "help"),
        *(key.binding() for key in DISCHARGE_KEYS),
    ]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"move", "page", "other", "back"}

    def __init__(self, opened: OpenedRoom, ups: str) -> None:
        super().__init__()
        self._opened, self.ups = opened, ups
        self.page: TestPage | None = None
        self.ticked: set[str] = set()
        self.at = 0
        self.rung: tuple[StopSign, ...] = ()
        self._rung_at = self._asked_at = clock.now() - timedelta(days=1)
        self._trouble = ""
        self._read_for: RoomRecords | None = None
        self._view = LineView(id="discharge")

    def body(self) -> ComposeResult:
        """The tests."""
        yield self._view

    def show_body(self, board: Board) -> None:  # noqa: ARG002
        """What is known; read again by a thread when the records have news, and every other second."""
        now = clock.now()
        if self._read_for is not self.room.records or abs(now - self._asked_at) >= READ_EVERY:
            self._read_for, self._asked_at = self.room.records, now
            self._read(self.ups)
        view, width = self._view, self._view.scrollable_content_region.width
        view.border_title = Content(_("Discharge tests of {ups}").format(ups=inert(self._label(), 60)))
        if width <= 0:
            return
        if self.page is None:
            text = self._trouble or _("reading the records …")
            view.show(flowing(text, width, "fault" if self._trouble else "dim"))
            return
        lines, cursor = self._lines(self.page, width)
        view.show(lines)
        if cursor >= 0:
            view.reveal(cursor)

    def _lines(self, page: TestPage, width: int) -> tuple[list[Line], int]:
        names = (("tick", "tick"), ("go_on", "go-on"), ("give_up", "give-up"))
        keys = {name: key_name(self.app, f"discharge.{id}") for name, id in names}
        zone, label = self.room.site.timezone, self._label()
        earlier = [(), *discharge_test_lines.earlier_lines(page, zone, width)]
        if page.now is None:
            made, cursor = discharge_test_lines.checklist_lines(page.checks, self.ticked, self.at, keys, width)
            return [*made, *earlier], cursor
        if page.now.test.state is TestState.RUNNING:
            return [*discharge_test_lines.running_lines(page.now, label, zone, keys, width), *earlier], -1
        return [*discharge_test_lines.ended_lines(page.now, label, zone, keys, width), *earlier], -1

    @work(thread=True, group="discharge")
    def _read(self, ups: str) -> None:
        try:
            found = PageRead(ups, page_of(self._opened.desk, ups, clock.now()))
        except DutyroomError as error:
            found = PageRead(ups, None, str(error))
        self.post_message(found)

    def on_page_read(self, message: PageRead) -> None:
        """Shows it, and rings when a stop criterion is met: also on locked screens."""
        if message.ups != self.ups:
            return
        self.page, self._trouble = message.page or self.page, message.trouble
        now = self.page.now if self.page is not None else None
        signs = now.signs if now is not None else ()
        self.set_class(bool(signs), "stop")
        if set(signs) - set(self.rung) or (signs and clock.now() - self._rung_at >= RING_EVERY):
            self._rung_at = clock.now()
            self.app.bell()
        self.rung = signs
        self.show_board(self.room.board)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Only what can be done now stands in the footer."""
        now = self.page.now if self.page is not None else None
        if action == "tick":
            return self.page is not None and now is None
        if action == "give_up":
            return now is not None
        if action == "go_on":
            return self.page is not None and (now is None or now.test.state is TestState.ENDED)
        return True

    def action_move(self, by: int) -> None:
        """The next line a person can confirm; where there is none the page is scrolled."""
        page = self.page
        count = len(discharge_test_lines.asked(page.checks)) if page is not None and page.now is None else 0
        if count:
            self.at = max(0, min(count - 1, self.at + by))
            self.show_board(self.room.board)
        else:
            self._view.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Scrolls by a page."""
        self._view.scroll_relative(y=by * max(1, self._view.size.height - 2), animate=False)

    def action_other(self, by: int) -> None:
        """Another UPS."""
        names = [one.name for one in self.room.site.ups]
        at = (names.index(self.ups) + by) % len(names) if self.ups in names else 0
        if names[at] != self.ups:
            self.ups, self.page, self.ticked, self.at, self._trouble, self.rung = names[at], None, set(), 0, "", ()
            self.set_class(False, "stop")
            self._view.scroll_home(animate=False)
            self._read_for = None
            self.show_board(self.room.board)

    def action_tick(self) -> None:
        """Vouches for the line of the cursor, or takes that back; the cursor goes to the next one that is open."""
        page = self.page
        open_items = discharge_test_lines.asked(page.checks) if page is not None and page.now is None else []
        if not open_items:
            return
        self.at = min(self.at, len(open_items) - 1)
        self.ticked ^= {open_items[self.at].item.value}
        left = [n for n, one in enumerate(open_items) if one.item.value not in self.ticked]
        if open_items[self.at].item.value in self.ticked and left:
            self.at = next((n for n in left if n > self.at), left[0])
        self.show_board(self.room.board)

    def action_go_on(self) -> None:
        """Starts a test, or signs the result of one."""
        page = self.page
        if page is None:
            return
        if page.now is not None:
            number = page.now.test.id
            self._ask(Act.SIGN_TEST, self.action_go_on, lambda actor: self._sign(actor, number))
        elif refused := [one for one in page.checks if one.state is CheckState.REFUSED]:
            self.notify(discharge_words.check_line(refused[0]), severity="error", markup=False)
        elif any(one.item.value not in self.ticked for one in discharge_test_lines.asked(page.checks)):
            told = _("Not everything is confirmed: {key} confirms a line.")
            self.notify(told.format(key=key_name(self.app, "discharge.tick")), severity="warning", markup=False)
        else:
            self._ask(Act.START_TEST, self.action_go_on, self._start)

    def action_give_up(self) -> None:
        """Gives the test up, with a reason."""
        if self.page is not None and self.page.now is not None:
            number = self.page.now.test.id
            self._ask(Act.END_TEST, self.action_give_up, lambda actor: self._give_up(actor, number))

    def _ask(self, act: Act, again: Callable[[], None], go_on: Callable[[Actor], None]) -> None:
        actor = self.room.actor
        if actor is None:
            self.room.sign_in(again)
            return
        try:
            require(actor, act)
        except DutyroomError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            go_on(actor)

    def _start(self, actor: Actor) -> None:
        carry_out, desk, ups, ticked = self._opened.writer.carry_out, self._opened.desk, self.ups, {*self.ticked}

        async def begin(charge: str, after: str) -> DischargeTest:
            return await carry_out(start, desk, actor, ups, _stop_at(charge, after), ticked, clock.now())

        self.app.push_screen(
            SignHandoverDialog(N_("Start the discharge test"), (_CHARGE, _AFTER), begin), self._after_act
        )

    def _sign(self, actor: Actor, number: int) -> None:
        carry_out, desk = self._opened.writer.carry_out, self._opened.desk

        async def signed(note: str, password: str) -> DischargeTest:
            return await carry_out(sign, desk, actor, number, password, note, clock.now())

        self.app.push_screen(
            SignHandoverDialog(N_("Sign the discharge test"), (_NOTE, PASSWORD), signed), self._after_act
        )

    def _give_up(self, actor: Actor, number: int) -> None:
        carry_out, desk = self._opened.writer.carry_out, self._opened.desk

        async def over(reason: str) -> DischargeTest:
            return await carry_out(abandon, desk, actor, number, reason, clock.now())

        self.app.push_screen(SignHandoverDialog(N_("Give the discharge test up"), (_REASON,), over), self._after_act)

    def _after_act(self, test: DischargeTest | None) -> None:
        if test is not None:
            self.ticked = set()
            self._read(self.ups)

    def _label(self) -> str:
        return self.room.site.label_of(self.ups)

    def action_copy_row(self) -> None:
        """Copies the test that is shown, else the newest one."""
        page = self.page
        test = page.now.test if page is not None and page.now is not None else None
        test = test or (page.tests[0] if page is not None and page.tests else None)
        if test is not None:
            copy(self.app, "  ".join(discharge_words.row(test, self._label(), self.room.site.timezone)))

    def action_back(self) -> None:
        """One step back."""
        self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this page is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)


def _stop_at(charge: str, after: str) -> StopAt:
    """The stop criteria as they were typed. Raises WrongEntry."""
    try:
        percent = float(charge.strip().removesuffix("%"))
    except ValueError:
        raise WrongEntry(_("The stop charge is a number from 10 to 95.")) from None
    try:
        return StopAt(percent, seconds(after) if after.strip() else None)
    except ValueError as error:
        raise WrongEntry(str(error)) from None
