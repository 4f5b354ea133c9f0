"""Signs a handover: a few fields, some of them hidden, and what they are for carried out in place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.words import N_, _
from screens.dialogs.fields import FieldsDialog
from screens.duty_keys import HANDOVER_SIGN_KEYS
from screens.key_names import key_name

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: its id, an English source string above it, whether it is hidden or may stay empty, its first value."""

    id: str
    label: str
    hidden: bool = False
    value: str = ""
    optional: bool = False


PASSWORD = Asked("password", N_("Your password"), hidden=True)
LEAD = (
    Asked("lead", N_("A major finding is open: login name of the lead who lets it happen")),
    Asked("lead-password", N_("Password of the lead"), hidden=True),
    Asked("reason", N_("Why it is handed over all the same")),
)


class SignHandoverDialog(FieldsDialog[T | None], Generic[T]):
    """Gives what `act` gave for what was typed, in the order of the fields; None when it was left with `esc`.

    A refusal is shown in place; what is hidden is asked again.
    """

    CSS_PATH = "sign_handover.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in HANDOVER_SIGN_KEYS]

    def __init__(self, title: str, asked: tuple[Asked, ...], act: Callable[..., Awaitable[T]]) -> None:
        super().__init__()
        self._title, self._asked, self._act = title, asked, act

    @property
    def busy(self) -> bool:
        """True while the signature is on its way."""
        return any(one.disabled for one in self._inputs())

    def compose(self) -> ComposeResult:
        """The fields, one line for what is wrong, and what the keys do."""
        with VerticalScroll(can_focus=False) as box:
            box.border_title = Content(_(self._title))
            for one in self._asked:
                yield Static(_(one.label), markup=False)
                yield Input(one.value, id=one.id, password=one.hidden, max_length=500, compact=True)
            yield Static("", id="refusal", markup=False)
            leave = key_name(self.app, "handover-sign.leave")
            yield Static(_("enter goes on, {leave} goes back").format(leave=leave), id="hint", markup=False)

    def on_mount(self) -> None:
        """The first empty field can be typed at once."""
        next((one for one in self._inputs() if not one.value), self._inputs()[0]).focus()

    @on(Input.Submitted)
    def check(self, event: Input.Submitted) -> None:
        """Enter in the last field signs, or goes back to what is still empty."""
        event.stop()
        inputs = self._inputs()
        empty = next((n for n, one in enumerate(self._asked) if not one.optional and not inputs[n].value), None)
        if empty is not None:
            self.set_focus(inputs[empty])
        else:
            for one in inputs:
                one.disabled = True
            self._say(_("signing …") if any(one.hidden for one in self._asked) else _("saving …"))
            self._carry_out(tuple(one.value for one in inputs))

    @work(exclusive=True)
    async def _carry_out(self, values: tuple[str, ...]) -> None:
        try:
            result = await self._act(*values)
        except DutyroomError as error:
            self._refuse(str(error))
        else:
            self.dismiss(result)

    def _refuse(self, sentence: str) -> None:
        for one, asked in zip(self._inputs(), self._asked, strict=True):
            one.disabled = False
            one.value = "" if asked.hidden else one.value
        next((one for one in self._inputs() if one.password), self._inputs()[0]).focus()
        self._say(sentence, refused=True)

    def _say(self, sentence: str, *, refused: bool = False) -> None:
        line = self.query_one("#refusal", Static)
        line.update(inert(sentence))
        line.set_class(refused, "refused")

    def _inputs(self) -> list[Input]:
        return [self.query_one(f"#{one.id}", Input) for one in self._asked]

    def action_leave(self) -> None:
        """Back; once the signature is on its way the answer is waited for."""
        if not self.busy:
            self.dismiss(None)
