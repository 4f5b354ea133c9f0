"""Zero report: did anything happen in this duty day, and was it said? Previewed, signed, and ready to be sent."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.content import Content

from dutyroom import clock, show, words, zero_words
from dutyroom.board import Board
from dutyroom.duty.desk import require
from dutyroom.duty.zero_reports import amend, page_of, sign
from dutyroom.errors import DutyroomError, RoundRefused
from dutyroom.model.people import Act, Actor
from dutyroom.sending import write_zero_report, zero_files, zero_folder, zero_names
from dutyroom.words import N_, _
from screens import zero_report_lines
from screens.base import RoomScreen
from screens.copying import copy
from screens.desk import OpenedRoom
from screens.dialogs.sign_handover import Asked, SignHandoverDialog
from screens.duty_keys import ZERO_KEYS
from screens.flow import flowing
from screens.key_names import key_name
from screens.widgets.lines import LineView

if TYPE_CHECKING:
    from dutyroom.model.room import RoomRecords
    from dutyroom.model.zero_page import ZeroPage
    from dutyroom.model.zero_report import ZeroReport

DAY = timedelta(days=1)
_PASSWORD = Asked("password", N_("Password"), hidden=True)
_REMARK = Asked("remark", N_("Remark (may stay empty)"), optional=True)
_REASON = Asked("why", N_("Why is it amended?"))
_CLOCK = Asked("clock", N_("Why is it signed with this clock?"))


class ZeroReportScreen(RoomScreen):
    """One duty day; the arrows go to other days."""

    CSS_PATH = "zero_report.tcss"
    BINDINGS = [key.binding() for key in ZERO_KEYS]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"scroll", "back"}

    def __init__(self, opened: OpenedRoom, day: date | None = None) -> None:
        super().__init__()
        self._opened, self._day = opened, day
        self.page: ZeroPage | None = None
        self.files: tuple[Path, ...] = ()
        self._trouble = ""
        self._read_for: RoomRecords | None = None
        self._against_clock = False
        self._view = LineView(id="zero")

    def body(self) -> ComposeResult:
        """The report."""
        yield self._view

    @property
    def day(self) -> date | None:
        """The duty day that is shown; before one was chosen the one that is due."""
        if self._day is None and self.room.records is not None:
            self._day = self.room.records.zero.duty_day
        return self._day

    def show_body(self, board: Board) -> None:  # noqa: ARG002
        """The report as it is known; read again when the records have news."""
        if self._read_for is not self.room.records and self.room.session.locked is None:
            self._read_for = self.room.records
            self._read()
        view, width = self._view, self._view.scrollable_content_region.width
        view.border_title = Content(self.title_line())
        if self.page is None:
            text = self._trouble or _("reading the records …")
            view.show(flowing(text, width, "fault" if self._trouble else "dim"))
            return
        names = zero_names(self._opened.desk, self.page)
        missing = self.room.records.zero.missing if self.room.records is not None else ()
        keys = {name: key_name(self.app, f"zero.{name}") for name in ("sign", "amend", "write", "missing")}
        view.show(zero_report_lines.lines(self.page, names, self.files, missing, keys, width))

    def title_line(self) -> str:
        """Which day, and how it stands."""
        if self.day is None:
            return _("Zero report")
        told = f"{self.day} ({show.day(self.day)})"
        stands = f" · {zero_words.state(self.page.day)}" if self.page is not None else ""
        return _("Zero report {day}").format(day=told) + stands

    @work(exclusive=True, group="zero")
    async def _read(self) -> None:
        day = self.day
        if day is None:
            self._trouble = _("Nobody is on record yet: no report is due. dutyroom init enters the first operator.")
            self.show_board(self.room.board)
            return
        try:
            page = await self._opened.writer.carry_out(page_of, self._opened.desk, day, clock.now())
            files = await self._opened.writer.carry_out(zero_files, self._opened.desk, page)
        except DutyroomError as error:
            page, files, self._trouble = None, (), str(error)
        if day == self.day:
            self.page, self.files = page, files
            self._trouble = "" if page is not None else self._trouble
            self.show_board(self.room.board)

    def action_day(self, by: int) -> None:
        """Another duty day; none after the one that runs."""
        if self.day is None:
            return
        site = self.room.site
        last = clock.duty_day(clock.now(), site.zero_report_at, site.timezone)
        self._go(min(last, self.day + by * DAY))

    def action_missing(self) -> None:
        """The newest day without a report before this one; from the oldest the newest again."""
        missing = self.room.records.zero.missing if self.room.records is not None else ()
        if not missing or self.day is None:
            self.notify(_("No zero report of the last month is missing."), markup=False)
            return
        before = [day for day in missing if day < self.day]
        self._go(before[-1] if before else missing[-1])

    def _go(self, day: date) -> None:
        if day != self._day:
            self._day, self.page, self.files, self._trouble = day, None, (), ""
            self._view.scroll_home(animate=False)
            self._read()

    def action_sign(self) -> None:
        """Signs the report of this day."""
        page = self.page
        if page is None or self.day is None:
            return
        if page.day.report is not None:
            told = _("This report is signed. {key} amends it, with a reason.")
            self.notify(told.format(key=key_name(self.app, "zero.amend")), markup=False)
        elif page.may_sign_at is not None:
            told = _("It can be signed from {at} on; until then it is a preview.")
            self.notify(told.format(at=show.moment(page.may_sign_at, self.room.site.timezone)), markup=False)
        else:
            self._ask(Act.SIGN_ZERO_REPORT, self.day)

    def action_amend(self) -> None:
        """Signs a later version, with a reason."""
        if self.page is not None and self.day is not None:
            if self.page.day.report is None:
                self.notify(_("This report is not signed yet: there is nothing to amend."), markup=False)
            else:
                self._ask(Act.AMEND_ZERO_REPORT, self.day)

    def _ask(self, act: Act, day: date) -> None:
        actor = self.room.actor
        if actor is None:
            self.room.sign_in(lambda: self._ask(act, day))
            return
        try:
            require(actor, act)
        except DutyroomError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        # The time of the key, also where the password takes a while.
        at, carry_out, desk = clock.now(), self._opened.writer.carry_out, self._opened.desk
        amends = act is Act.AMEND_ZERO_REPORT
        asked = (*((_REASON,) if amends else ()), *((_CLOCK,) if self._against_clock else ()), _PASSWORD, _REMARK)

        async def carry(*typed: str) -> ZeroReport:
            given = {one.id: text for one, text in zip(asked, typed, strict=True)}
            more = {"remark": given["remark"], "clock_reason": given.get("clock", "")}
            try:
                if amends:
                    return await carry_out(amend, desk, actor, day, given["password"], given["why"], at, **more)
                return await carry_out(sign, desk, actor, day, given["password"], at, **more)
            except RoundRefused as error:
                self._against_clock = error.code == "clock"
                raise

        def signed(report: ZeroReport | None) -> None:
            if report is not None:
                self._against_clock = False
                self._write(actor, report.duty_day)

        title = N_("Amend the zero report") if amends else N_("Sign the zero report")
        self.app.push_screen(SignHandoverDialog(title, asked, carry), signed)

    def action_write(self) -> None:
        """Writes the files to send once more."""
        if self.page is None or self.day is None or self.page.day.report is None:
            self.notify(_("This report is not signed yet: there is nothing to send."), markup=False)
        elif self.room.actor is None:
            self.room.sign_in(self.action_write)
        else:
            self._write(self.room.actor, self.day)

    @work(group="zero-files")
    async def _write(self, actor: Actor, day: date) -> None:
        desk, language = self._opened.desk, words.language()
        folder = zero_folder(desk)
        try:
            await self._opened.writer.carry_out(write_zero_report, desk, actor, day, folder, language, clock.now)
        except DutyroomError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self.notify(_("Files to send are in {folder}").format(folder=folder), markup=False)
        self._read()

    def action_scroll(self, by: int) -> None:
        """Scrolls the report."""
        self._view.scroll_relative(y=by, animate=False)

    def action_copy_row(self) -> None:
        """Copies what the report says in a line."""
        if self.page is not None:
            copy(self.app, f"{self.title_line()}: {zero_words.headline(self.page.content)}")

    def action_back(self) -> None:
        """One step back."""
        self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this page is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)
