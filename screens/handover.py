"""Handover: what do I leave, and what do I take over? The sheet, to be filled in, given and accepted."""

from __future__ import annotations

from datetime import datetime

from textual import events, on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from dutyroom import clock, handover_words
from dutyroom.board import Board
from dutyroom.duty.finding_lists import items_of
from dutyroom.duty.handover import Draft, Override, accept_handover, give_handover
from dutyroom.duty.handover_sheet import Prepared, prepare_handover
from dutyroom.duty.signin import SignedIn, sign_in
from dutyroom.errors import DutyroomError
from dutyroom.model.handover import Handover, HandoverState
from dutyroom.model.room import RoomRecords
from dutyroom.rules.session import LockReason
from dutyroom.words import N_, _
from screens import handover_lines
from screens.base import RoomScreen
from screens.copying import copy
from screens.desk import OpenedRoom
from screens.dialogs.sign_handover import LEAD, PASSWORD, Asked, SignHandoverDialog
from screens.dialogs.signin import terminal_name
from screens.duty_keys import HANDOVER_KEYS
from screens.flow import flowing
from screens.handover_lines import Drawn, Stop, Typed
from screens.key_names import key_name
from screens.widgets.lines import LineView


class HandoverScreen(RoomScreen):
    """The handover that is next. What is typed is kept by the application until the sheet is given."""

    CSS_PATH = "handover.tcss"
    # Keys go to the rows until something is typed.
    AUTO_FOCUS = ""
    BINDINGS = [key.binding() for key in HANDOVER_KEYS]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"move", "back"}

    def __init__(self, opened: OpenedRoom, typed: Typed) -> None:
        super().__init__()
        self._opened, self.typed = opened, typed
        self.prepared: Prepared | None = None
        self.is_new = False
        self.at = 0
        self._drawn = Drawn()
        self._trouble = ""
        self._read_for: RoomRecords | None = None
        self._list, self.told = LineView(id="handover"), Input(id="told", max_length=500)
        self.told.display = False

    def body(self) -> ComposeResult:
        """The sheet, and the line in which something is typed."""
        yield self._list
        yield self.told

    @work(exclusive=True, group="handover")
    async def _read(self) -> None:
        try:
            self.prepared = await self._opened.writer.carry_out(prepare_handover, self._opened.desk, clock.now())
            self._trouble = ""
        except DutyroomError as error:
            self._trouble = str(error)
        self.show_board(self.room.board)
        self.refresh_bindings()

    @property
    def waiting(self) -> Handover | None:
        """The sheet that stands: given and not accepted, or accepted; None while one is filled in."""
        return None if self.prepared is None or self.is_new else self.prepared.given

    def show_body(self, board: Board) -> None:  # noqa: ARG002
        """The sheet as it is known; read again when the records have news."""
        if self._read_for is not self.room.records:
            self._read_for = self.room.records
            self._read()
        view, width = self._list, self._list.scrollable_content_region.width
        view.border_title = Content(self._title())
        if self.prepared is None:
            text = self._trouble or _("reading the records …")
            view.show(flowing(text, width, "fault" if self._trouble else "dim"))
            return
        site, records = self.room.site, self.room.records

        def person(name: str) -> str:
            return records.person(name) if records is not None else name

        what = handover_words.teller(self.prepared.known, items_of(self._opened.desk), site)
        if self.waiting is not None:
            self._drawn = handover_lines.given(self.prepared, self.waiting, site, person, what, width)
            view.show(self._drawn.lines)
            return
        self.at = min(self.at, len(self.stops()) - 1)
        self._drawn = handover_lines.draft(self.prepared, self.typed, self.at, site, person, what, width)
        view.show(self._drawn.lines)
        view.reveal(self._drawn.rows[self.at])

    def _title(self) -> str:
        sign = key_name(self.app, "handover.sign")
        if self.waiting is None:
            return _("Handover: fill in, then {key} gives it").format(key=sign)
        if self.waiting.state is HandoverState.ACCEPTED:
            return _("Handover: accepted")
        return _("Handover: {key} accepts it").format(key=sign)

    def stops(self) -> list[Stop]:
        """The rows that can be filled in."""
        return handover_lines.stops(self.room.site, self.typed)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While something is typed only going back works; a sheet that stands takes nothing."""
        if self.told.display:
            return action == "back"
        if action in ("fill_in", "as_wanted"):
            return self.waiting is None and self.prepared is not None
        if action == "anew":
            return self.waiting is not None and self.waiting.state is HandoverState.GIVEN
        return True

    def action_move(self, by: int) -> None:
        """The next or an earlier row; a sheet that stands is scrolled."""
        if self.waiting is not None:
            self._list.scroll_relative(y=by, animate=False)
        else:
            self.at = max(0, min(len(self.stops()) - 1, self.at + by))
        self.show_board(self.room.board)

    def action_fill_in(self) -> None:
        """Opens the line for a count or a remark."""
        stop = self.stops()[self.at]
        if stop.tool is not None:
            counted = self.typed.counts.get(stop.tool.name)
            value, hint = "" if counted is None else str(counted), _("How many are there?")
        else:
            value = self.typed.remarks[stop.remark] if stop.remark < len(self.typed.remarks) else ""
            hint = _("What does the next shift have to know?")
        self.told.value, self.told.placeholder = value, hint
        self.told.display = True
        self.told.focus()

    @on(Input.Submitted, "#told")
    def take(self, event: Input.Submitted) -> None:
        """Enter keeps what was typed and goes on to the next row."""
        event.stop()
        stop, text = self.stops()[self.at], event.value.strip()
        if stop.tool is not None:
            if text and not (text.isdecimal() and len(text) <= 4):
                self.notify(_("A number of pieces is wanted."), severity="warning", markup=False)
                return
            self.typed.counts.pop(stop.tool.name, None)
            if text:
                self.typed.counts[stop.tool.name] = int(text)
        else:
            self.typed.remarks[stop.remark : stop.remark + 1] = [text] if text else []
        self._close()
        self.action_move(1 if text else 0)

    def action_as_wanted(self) -> None:
        """The thing under the cursor was counted and is all there."""
        stop = self.stops()[self.at]
        if stop.tool is None or stop.tool.count is None:
            self.action_fill_in()
        else:
            self.typed.counts[stop.tool.name] = stop.tool.count
            self.action_move(1)

    def action_anew(self) -> None:
        """A new sheet in the place of one that nobody accepted."""
        self.is_new = True
        self._renew()

    def action_sign(self) -> None:
        """Gives the sheet, or accepts the one that stands."""
        if self.prepared is None:
            return
        if self.waiting is None:
            if self.room.actor is None:
                self.room.sign_in(self.action_sign)
                return
            self._give(self.prepared)
        elif self.waiting.state is HandoverState.GIVEN:
            self._accept(self.prepared, self.waiting)
        else:
            self.notify(_("This shift has taken over already."), markup=False)

    def _give(self, prepared: Prepared) -> None:
        opened, actor = self._opened, self.room.actor
        assert actor is not None
        draft = Draft(dict(self.typed.counts), "\n".join(self.typed.remarks))

        async def act(password: str, lead: str = "", lead_password: str = "", reason: str = "") -> Handover:
            override = Override(lead.strip(), lead_password, reason) if lead else None
            return await opened.writer.carry_out(
                give_handover, opened.desk, actor, password, draft, clock.now(), override
            )

        asked = (PASSWORD, *LEAD) if prepared.sheet.major else (PASSWORD,)
        self.app.push_screen(SignHandoverDialog(N_("Give the shift"), asked, act), self._given)

    def _given(self, given: Handover | None) -> None:
        if given is not None:
            self.is_new = False
            self.typed.counts.clear()
            self.typed.remarks.clear()
        self._renew()

    def _accept(self, prepared: Prepared, given: Handover) -> None:
        opened = self._opened

        async def act(name: str, password: str, note: str) -> tuple[SignedIn, datetime]:
            store, rules = opened.desk.store, opened.desk.site.passwords
            came = await opened.writer.carry_out(
                sign_in, store, name.strip(), password, terminal_name(), clock.now(), rules
            )
            await opened.writer.carry_out(
                accept_handover, opened.desk, came.actor, given.id, password, note, clock.now()
            )
            return came, prepared.after.ends_at

        asked = (
            Asked("name", N_("Login name of who takes over"), value=self._incoming(prepared, given)),
            Asked("password", N_("Password of who takes over"), hidden=True),
            Asked("note", N_("Anything to say about it (may stay empty)"), optional=True),
        )
        self.app.push_screen(SignHandoverDialog(N_("Take the shift over"), asked, act), self._accepted)

    def _incoming(self, prepared: Prepared, given: Handover) -> str:
        """Who most likely takes over: who is signed in, unless it is the one who gave it; else who is on the roster."""
        operator, records = self.room.operator, self.room.records
        known = records.people if records is not None else {}
        if operator is not None and operator.name != given.given_by:
            return operator.name
        wanted = [name for name in prepared.after.people if name in known and name != given.given_by]
        return wanted[0] if len(wanted) == 1 else ""

    def _accepted(self, taken: tuple[SignedIn, datetime] | None) -> None:
        """The incoming person sits here from then on, behind a lock: nothing more is done under the other's name."""
        if taken is not None:
            came, ends_at = taken
            self.room.came_in(came)
            self.room.session.shift_ends_at = ends_at
            self.room.lock(LockReason.HANDOVER)
        self._renew()

    def _renew(self) -> None:
        self._list.scroll_home(animate=False)
        self._read()
        self.refresh_bindings()

    def _close(self) -> None:
        self.told.value, self.told.display = "", False
        self.set_focus(None)
        self.refresh_bindings()

    def action_copy_row(self) -> None:
        """Copies the sheet."""
        texts = ("".join(text for text, _role in line).strip() for line in self._drawn.lines)
        copy(self.app, "\n".join(texts))

    def on_click(self, event: events.Click) -> None:
        """The row that was clicked; a second click opens it."""
        inside = self._list.content_region
        row = event.screen_offset.y - inside.y + self._list.scroll_offset.y
        if self.told.display or not inside.contains_point(event.screen_offset) or row not in self._drawn.rows:
            return
        wanted = self._drawn.rows.index(row)
        if wanted == self.at:
            self.action_fill_in()
        else:
            self.action_move(wanted - self.at)

    def action_back(self) -> None:
        """One step back: from a typed line, from a new sheet to the one that stands, then to the page before."""
        if self.told.display:
            self._close()
        elif self.is_new:
            self.is_new = False
            self.show_board(self.room.board)
            self.refresh_bindings()
        else:
            self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this page is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)

    def retranslate(self) -> None:
        """What is asked in the language in force."""
        if self.told.display:
            is_tool = self.stops()[self.at].tool is not None
            self.told.placeholder = _("How many are there?") if is_tool else _("What does the next shift have to know?")
