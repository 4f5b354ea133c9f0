"""Export: the workbook of a week, month, quarter, year or range: chosen, looked at, and made while work goes on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from dutyroom import clock, show, words
from dutyroom.board import Board
from dutyroom.duty.desk import require
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.making import read_preview
from dutyroom.model.people import Act
from dutyroom.report.files import file_name, written_at
from dutyroom.rules.report_period import PeriodKind
from dutyroom.sending import before_use, makes_folder, require_begun, still_open, workbook_folder
from dutyroom.words import N_, _
from screens import export_lines
from screens.base import RoomScreen
from screens.copying import copy
from screens.desk import OpenedRoom
from screens.dialogs.sign_handover import Asked, SignHandoverDialog
from screens.duty_keys import EXPORT_KEYS
from screens.export_choice import Choice, Row, folder_of
from screens.export_job import ExportJob, Wanted
from screens.key_names import key_name
from screens.keys import ROOM_KEYS
from screens.widgets.lines import LineView

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from dutyroom.report.order import Preview
    from dutyroom.rules.report_period import ReportPeriod

# Whoever holds an arrow down starts no process for every period that flies past.
SETTLED_S = 0.4


class ExportScreen(RoomScreen):
    """Chooses and makes a workbook; what is being made is the application's and goes on when the page is left."""

    CSS_PATH = "export.tcss"
    # The footer has room for the keys of this page; those of the modes stand in it everywhere else.
    BINDINGS = [
        *(replace(key, footer=False).binding() for key in ROOM_KEYS if key.footer and key.id != "help"),
        *(key.binding() for key in EXPORT_KEYS),
    ]
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"scroll", "back"}

    def __init__(self, opened: OpenedRoom, period: ReportPeriod) -> None:
        super().__init__()
        self._opened = opened
        self.choice = Choice(period)
        self.preview: Preview | None = None
        self.trouble = ""
        self._is_refused = False
        self._read_for: ReportPeriod | None = None
        self._older: datetime | None = None
        self._looked_for: tuple[Path, bool] | None = None
        self._choice, self._preview, self._job = LineView(id="choice"), LineView(id="preview"), LineView(id="job")
        self._path = Static("", id="path", markup=False)

    def body(self) -> ComposeResult:
        """What is chosen, what the workbook will say, and below how the making goes."""
        yield self._choice
        yield self._preview
        with Vertical(id="making"):
            yield self._job
            yield self._path

    def show_body(self, board: Board) -> None:  # noqa: ARG002
        """All three parts as they are now; the key figures are read when another period was chosen."""
        if self._read_for != self.choice.period:
            self._read_for, self.preview, self.trouble, self._is_refused = self.choice.period, None, "", False
            self._read(self.choice.period)
        job = self.room.export_job
        looked_for = (self._target, job is not None and job.is_running)
        if self._looked_for != looked_for:
            self._looked_for, self._older = looked_for, None
            self._look(self._target)
        self._show_choice()
        self._show_preview()
        self._show_job()

    @property
    def _target(self) -> Path:
        folder = self.choice.folder or workbook_folder(self._opened.desk)
        return folder / file_name(self.choice.period)

    def _show_choice(self) -> None:
        view, width = self._choice, self._choice.scrollable_content_region.width
        view.border_title = Content(_("Export a workbook"))
        view.border_subtitle = Content(_("{make} makes it").format(make=key_name(self.app, "export.make")))
        keys = {"type": key_name(self.app, "export.type")}
        job, older = self.room.export_job, ""
        is_just_made = job is not None and job.sent is not None and job.sent.path.name == self._target.name
        if self._older is not None and not is_just_made:
            older = show.moment(self._older, self.room.site.timezone)
        lines = export_lines.choice_lines(self.choice, self._target.name, older, keys, width)
        view.styles.height = len(lines) + 2
        view.show(lines)

    def _show_preview(self) -> None:
        view, width = self._preview, self._preview.scrollable_content_region.width
        view.border_title = Content(
            _("What it will say: {period}").format(period=export_lines.title(self.choice.period))
        )
        told = self.preview.by_language.get(words.language()) if self.preview is not None else None
        if width > 0:
            view.show(export_lines.preview_lines(told, self._trouble(), width, is_refused=self._is_refused))

    def _trouble(self) -> str:
        """Why there is no preview, in the language in force."""
        if self._is_refused:
            try:
                require_begun(self._opened.desk, self.choice.period, clock.now())
            except DutyroomError as error:
                return str(error)
        return words.again(self.trouble)

    def _show_job(self) -> None:
        job, box = self.room.export_job, self.query_one("#making", Vertical)
        box.display = job is not None
        if job is None:
            return
        width = max(1, self.size.width - 4)
        told = (export_lines.title(job.wanted.period), export_lines.LANGUAGES[job.wanted.language])
        box.border_title = Content(_("Workbook: {period}, {language}").format(period=told[0], language=told[1]))
        keys = {"back": key_name(self.app, "export.back"), "copy": key_name(self.app, "copy")}
        if job.is_running:
            lines = export_lines.running_lines(job.step, job.seconds, keys, width)
        elif job.sent is not None:
            notes = (
                before_use(self._opened.desk, job.wanted.period, job.sent.used_from),
                still_open(job.sent.path, job.sent.open_by),
            )
            lines = export_lines.made_lines(job.sent, notes, keys, width)
        else:
            lines = export_lines.refused_lines(job.told(), width)
        self._job.styles.height = len(lines)
        self._job.show(lines)
        path = inert(str(job.sent.path)) if job.sent is not None else ""
        self._path.display = bool(path)
        self._path.update(path)

    @work(exclusive=True, group="preview")
    async def _read(self, period: ReportPeriod) -> None:
        await asyncio.sleep(SETTLED_S)
        preview, trouble, is_refused = None, "", False
        try:
            preview = await read_preview(self._opened.desk, period, clock.now())
        except DutyroomError as error:
            trouble, is_refused = str(error), error.code == "future"
        if period == self.choice.period:
            self.preview, self.trouble, self._is_refused = preview, trouble, is_refused
            self._preview.scroll_home(animate=False)
            self._show_preview()

    @work(exclusive=True, group="older")
    async def _look(self, target: Path) -> None:
        older = await asyncio.to_thread(written_at, target)
        if target == self._target:
            self._older = older
            self._show_choice()

    def action_move(self, by: int) -> None:
        """The next line to choose on, or one before."""
        self.choice.move(by)
        self.show_board(self.room.board)

    def action_change(self, by: int) -> None:
        """The next value of the line, or the one before; where there is none to step to it is typed."""
        if self.choice.row is Row.FOLDER:
            self.action_type()
            return
        self.choice.change(by)
        self.show_board(self.room.board)

    def action_type(self) -> None:
        """Types the days of a range, or the folder; on other lines it goes on to the next value."""
        choice = self.choice
        if choice.row is Row.FOLDER:
            folder = str(choice.folder or workbook_folder(self._opened.desk))
            asked = (Asked("folder", N_("Folder to write into"), value=folder, optional=True),)

            async def take_folder(typed: str) -> bool:
                typed_folder, is_made = folder_of(typed), False
                if typed_folder == workbook_folder(self._opened.desk):
                    typed_folder = None
                if typed_folder is not None:
                    # A share that hangs holds up this dialog and nothing else.
                    is_made = await asyncio.to_thread(makes_folder, typed_folder)
                choice.folder, choice.is_folder_made = typed_folder, is_made
                return True

            self.app.push_screen(SignHandoverDialog(N_("Where to"), asked, take_folder), self._typed)
        elif choice.row is Row.WHICH and choice.period.kind is PeriodKind.RANGE:
            days = (
                Asked("first", N_("First day"), value=choice.period.first.isoformat()),
                Asked("last", N_("Last day"), value=choice.period.last.isoformat()),
            )

            async def take_days(first: str, last: str) -> bool:
                choice.take_days(first, last)
                return True

            self.app.push_screen(SignHandoverDialog(N_("Which days"), days, take_days), self._typed)
        else:
            self.action_change(1)

    def _typed(self, _taken: bool | None) -> None:
        self.show_board(self.room.board)

    def action_make(self) -> None:
        """Makes the workbook that is chosen. Who is not signed in does that first."""
        actor, job = self.room.actor, self.room.export_job
        if job is not None and job.is_running:
            self.notify(_("A workbook is being made; this one can be made after it."), markup=False)
            return
        if actor is None:
            self.room.sign_in(self.action_make)
            return
        try:
            require(actor, Act.EXPORT)
        except DutyroomError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        wanted = Wanted(self.choice.period, self.choice.language, self._target.parent, actor)
        self.choice.is_folder_made = False
        self.room.export_job = ExportJob(self.room, self._opened, wanted)
        self.room.export_job.begin()
        self.show_board(self.room.board)

    def action_scroll(self, by: int) -> None:
        """Scrolls the key figures."""
        self._preview.scroll_relative(y=by, animate=False)

    def action_copy_row(self) -> None:
        """Copies where the workbook is, else what it would say."""
        job = self.room.export_job
        told = self.preview.by_language.get(words.language()) if self.preview is not None else None
        if job is not None and job.sent is not None:
            copy(self.app, str(job.sent.path))
        else:
            copy(self.app, told.sentence if told is not None else "")

    def action_back(self) -> None:
        """Ends what is being made, unless the screens are locked; with nothing being made one step back."""
        job = self.room.export_job
        if job is not None and job.is_running and self.room.session.locked is None:
            job.cancel()
            return
        if job is not None and not job.is_running:
            # What came of it was seen here; the next time the page begins anew.
            self.room.export_job = None
        self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this page is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)
