"""A workbook that is being made: it goes on while other pages are open, and what came of it is told wherever one is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom import clock, words
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.making import Step, made_apart
from dutyroom.report.file_trouble import NotWritten, joined
from dutyroom.report.files import file_name
from dutyroom.sending import SentWorkbook, not_begun, put_workbook_in_place, still_open
from dutyroom.words import _

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.worker import Worker

    from dutyroom.model.people import Actor
    from dutyroom.rules.report_period import ReportPeriod
    from screens.app import DutyroomApp
    from screens.desk import OpenedRoom


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which workbook, in which language, where, and who makes it."""

    period: ReportPeriod
    language: str
    folder: Path
    actor: Actor


class ExportJob:
    """One workbook; `begin` starts the process that makes it."""

    def __init__(self, app: DutyroomApp, opened: OpenedRoom, wanted: Wanted) -> None:
        self._app, self._opened, self.wanted = app, opened, wanted
        self.step: Step | None = None
        self.sent: SentWorkbook | None = None
        self.trouble = ""
        self._error: DutyroomError | None = None
        self.is_running = False
        self._began_s = 0.0
        self._is_being_placed = False
        self._worker: Worker[None] | None = None

    @property
    def seconds(self) -> float:
        """For how long it has been running."""
        return clock.monotonic() - self._began_s

    def begin(self) -> None:
        """Starts it; of the application, not of a page, so that it outlives the page."""
        self.is_running, self._began_s = True, clock.monotonic()
        self._worker = self._app.run_worker(self._make(), group="export")

    def cancel(self) -> None:
        """Ends it, unless it is on record already and about to take its place."""
        if self._worker is not None and self.is_running and not self._is_being_placed:
            self._worker.cancel()

    def told(self) -> str:
        """Why nothing was written, in the language in force."""
        if isinstance(self._error, NotWritten):
            return joined(self._error.obstacle.sentence(), _("Or choose another folder above."))
        if self._error is not None and self._error.code == "future":
            return not_begun(self.wanted.period)
        return words.again(self.trouble)

    async def _make(self) -> None:
        desk, wanted = self._opened.desk, self.wanted
        self.trouble = _("It was ended: nothing was written.")
        try:
            async with made_apart(
                desk, wanted.period, wanted.folder, wanted.language, clock.now(), self._take_step
            ) as made:
                self._is_being_placed = True
                self.sent = await self._opened.writer.carry_out(
                    put_workbook_in_place,
                    desk,
                    wanted.actor,
                    wanted.period,
                    made.path,
                    wanted.folder / file_name(wanted.period),
                    clock.now(),
                    made.preview.used_from,
                )
            self.trouble = ""
        except DutyroomError as error:
            self.trouble, self._error = str(error), error
        finally:
            self.is_running = False
            self._tell()

    def _take_step(self, step: Step) -> None:
        self.step = step
        self._show()

    def _tell(self) -> None:
        """On its own page what came of it is seen; everywhere else it is said."""
        if self._show() or not self._app.is_running:
            return
        if self.sent is not None:
            told = _("The workbook is written: {path}").format(path=inert(str(self.sent.path)))
            warning = still_open(self.sent.path, self.sent.open_by)
            severity: SeverityLevel = "warning" if warning else "information"
            self._app.notify(f"{told} {warning}".strip(), severity=severity, markup=False)
        else:
            self._app.notify(self.told(), severity="error", markup=False)

    def _show(self) -> bool:
        from screens.export import ExportScreen

        if self._app.is_running and isinstance(self._app.screen, ExportScreen):
            self._app.screen.show_board(self._app.board)
            return True
        return False
