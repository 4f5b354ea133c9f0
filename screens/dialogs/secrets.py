"""Asks for passwords or a PIN, the last one twice, and carries out what they are for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.words import _
from screens.dialogs.fields import FieldsDialog
from screens.key_names import key_name
from screens.keys import SECRETS_KEYS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field:
    """One hidden input: its id, and what stands above it as an English source string."""

    id: str
    label: str


class SecretsDialog(FieldsDialog[T | None], Generic[T]):
    """Gives what `act` gave for what was typed; None when it was left with `esc`. A refusal is shown in place.

    `title` and the labels are English source strings; `act` gets the fields in their order. `why` stands above them.
    """

    CSS_PATH = "secrets.tcss"
    LOCKED_ACTIONS: frozenset[str] = frozenset()
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in SECRETS_KEYS]

    def __init__(self, title: str, fields: tuple[Field, ...], act: Callable[..., Awaitable[T]], why: str = "") -> None:
        super().__init__()
        self._title, self._fields, self._act, self._why = title, fields, act, why

    @property
    def busy(self) -> bool:
        """True while what was typed is on its way."""
        return any(one.disabled for one in self._inputs())

    def compose(self) -> ComposeResult:
        """The fields, one line for what is wrong, and what the keys do."""
        with Vertical() as box:
            box.border_title = Content(_(self._title))
            for field in self._fields:
                yield Static(_(field.label), markup=False)
                yield Input(id=field.id, password=True, max_length=256, compact=True)
            yield Static(inert(self._why), id="refusal", markup=False)
            leave = key_name(self.app, "secrets.leave")
            yield Static(_("enter goes on, {leave} goes back").format(leave=leave), id="hint", markup=False)

    def on_mount(self) -> None:
        """The first field can be typed at once."""
        self._inputs()[0].focus()

    @on(Input.Submitted)
    def check(self, event: Input.Submitted) -> None:
        """Enter in the last field acts, or goes back to what is still empty."""
        event.stop()
        inputs = self._inputs()
        empty = next((one for one in inputs if not one.value), None)
        if empty is not None:
            self.set_focus(empty)
        elif inputs[-1].value != inputs[-2].value:
            self._refuse(_("The two were not the same: nothing was changed."), inputs[-2:])
        else:
            for one in inputs:
                one.disabled = True
            self._say(_("checking …"))
            self._carry_out(tuple(one.value for one in inputs))

    @work(exclusive=True)
    async def _carry_out(self, values: tuple[str, ...]) -> None:
        try:
            result = await self._act(*values)
        except DutyroomError as error:
            self._refuse(str(error), self._inputs())
        else:
            self.dismiss(result)

    def _refuse(self, sentence: str, again: list[Input]) -> None:
        for one in self._inputs():
            one.disabled = False
        for one in again:
            one.value = ""
        again[0].focus()
        self._say(sentence, refused=True)

    def _say(self, sentence: str, *, refused: bool = False) -> None:
        line = self.query_one("#refusal", Static)
        line.update(inert(sentence))
        line.set_class(refused, "refused")

    def _inputs(self) -> list[Input]:
        return [self.query_one(f"#{field.id}", Input) for field in self._fields]

    def action_leave(self) -> None:
        """Back; once the secrets are on their way the answer is waited for."""
        if not self.busy:
            self.dismiss(None)
