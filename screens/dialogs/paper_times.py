"""Asks when a round was walked on paper, before it is typed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from dutyroom import show
from dutyroom.duty.walks import Walk
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.words import _
from screens.dialogs.fields import FieldsDialog
from screens.duty_keys import PAPER_KEYS
from screens.key_names import key_name


class PaperTimesDialog(FieldsDialog[Walk | None]):
    """Gives the walk that `act` opened for the two times (UTC); None when it was left. A refusal is shown in place.

    `named` tells what the round is called in the language in force; the times are suggested on the local day of
    `due_at`.
    """

    CSS_PATH = "paper_times.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in PAPER_KEYS]

    def __init__(
        self,
        named: Callable[[], str],
        due_at: datetime,
        zone: ZoneInfo,
        act: Callable[[datetime, datetime], Awaitable[Walk]],
    ) -> None:
        super().__init__()
        self._named, self._due_at, self._zone, self._act = named, due_at, zone, act

    def compose(self) -> ComposeResult:
        """Both times, one line for what is wrong, and what the keys do."""
        day = show.moment(self._due_at, self._zone)
        with Vertical() as box:
            box.border_title = Content(inert(_("{round} from paper").format(round=self._named()), 80))
            yield Static(_("The walk began, as the paper says"), markup=False)
            yield Input(day, id="from", max_length=20, compact=True)
            yield Static(_("The walk ended"), markup=False)
            yield Input(day, id="to", max_length=20, compact=True)
            yield Static("", id="refusal", markup=False)
            leave = key_name(self.app, "paper.leave")
            yield Static(_("enter goes on, {leave} goes back").format(leave=leave), id="hint", markup=False)

    def on_mount(self) -> None:
        """The first time can be changed at once."""
        self.query_one("#from", Input).focus()

    @on(Input.Submitted)
    def check(self, event: Input.Submitted) -> None:
        """Enter in the second time opens the round, or goes back to a time that is none."""
        event.stop()
        begun, ended = self.query_one("#from", Input), self.query_one("#to", Input)
        times = [self._read(one.value) for one in (begun, ended)]
        wrong = next((one for one, at in zip((begun, ended), times, strict=True) if at is None), None)
        if wrong is not None:
            self.set_focus(wrong)
            self._refuse(_("Write day and time as 2026-11-24 08:30."))
        elif times[0] is not None and times[1] is not None:
            self._carry_out(times[0], times[1])

    def _read(self, text: str) -> datetime | None:
        try:
            at = datetime.strptime(text.strip(), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - of the site's zone, see below
        except ValueError:
            return None
        return at.replace(tzinfo=self._zone).astimezone(UTC)

    @work(exclusive=True)
    async def _carry_out(self, begun: datetime, ended: datetime) -> None:
        try:
            walk = await self._act(begun, ended)
        except DutyroomError as error:
            self._refuse(str(error))
        else:
            self.dismiss(walk)

    def _refuse(self, sentence: str) -> None:
        line = self.query_one("#refusal", Static)
        line.update(inert(sentence))
        line.set_class(True, "refused")

    def action_leave(self) -> None:
        """Back: nothing is opened."""
        self.dismiss(None)
