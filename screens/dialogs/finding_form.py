"""What an act on a finding or in a power event needs to know, field by field.

A refusal is shown in place, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.words import _
from screens.finding_keys import FINDING_FORM_KEYS
from screens.key_names import key_name

LONGEST = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: a line that is typed, or with `options` (codes, each with what makes its words) a choice by arrows."""

    name: str
    title: str
    value: str = ""
    needed: bool = False
    width: int = LONGEST
    options: tuple[tuple[str, Callable[[str], str]], ...] = ()


class Choice(Static):
    """One of some words; the arrows or a click change it."""

    can_focus = True

    def __init__(self, field: Field) -> None:
        super().__init__("", id=field.name, markup=False)
        codes = [code for code, _words in field.options]
        self._field, self.at = field, codes.index(field.value) if field.value in codes else 0

    @property
    def value(self) -> str:
        """The code that is chosen."""
        return self._field.options[self.at][0]

    def on_mount(self) -> None:
        """The first words."""
        self.draw()

    def draw(self) -> None:
        """What is chosen, in the language in force."""
        code, words = self._field.options[self.at]
        self.update(f"◂ {inert(words(code), 60)} ▸")

    def choose(self, by: int) -> None:
        """The next or an earlier one."""
        self.at = (self.at + by) % len(self._field.options)
        self.draw()

    def on_click(self, event: events.Click) -> None:
        """The next one."""
        event.stop()
        self.focus()
        self.choose(1)


class FindingFormDialog(ModalScreen[T | None], Generic[T]):
    """Gives what `send` gave, the record after the act; None when it was left. `send` gets the fields by name."""

    CSS_PATH = "finding_form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in FINDING_FORM_KEYS]

    def __init__(
        self,
        title: Callable[[], str],
        fields: Sequence[Field],
        send: Callable[[Mapping[str, str]], Awaitable[T]],
    ) -> None:
        super().__init__()
        self._title, self._fields, self._send = title, tuple(fields), send
        self.busy = False
        """True while the act is on its way."""

    def compose(self) -> ComposeResult:
        """A title and a field each, one line for what is wrong, and what the keys do."""
        with Vertical():
            with VerticalScroll(can_focus=False):
                for field in self._fields:
                    yield Static("", id=f"title-{field.name}", markup=False)
                    if field.options:
                        yield Choice(field)
                    else:
                        yield Input(field.value, id=field.name, max_length=field.width, compact=True)
            yield Static("", id="refusal", markup=False)
            yield Static("", id="hint", markup=False)

    def on_mount(self) -> None:
        """The first field can be typed at once."""
        self.retranslate()
        self._widget(self._fields[0]).focus()

    def retranslate(self) -> None:
        """Titles and choices in the language in force; what is typed stays."""
        self.query_one(Vertical).border_title = Content(inert(self._title(), 200))
        for field in self._fields:
            self.query_one(f"#title-{field.name}", Static).update(_(field.title) + (" *" if field.needed else ""))
        for choice in self.query(Choice):
            choice.draw()
        names = ("send", "next", "previous", "earlier", "later", "leave")
        keys = {name: key_name(self.app, f"finding-form.{name}") for name in names}
        hint = _("{send} does it, {leave} goes back")
        if len(self._fields) > 1:
            hint = _("{send} does it, {previous} {next} field, {earlier} {later} choice, {leave} goes back")
        self.query_one("#hint", Static).update(hint.format(**keys))

    def _widget(self, field: Field) -> Input | Choice:
        found: Widget = self.query_one(f"#{field.name}")
        assert isinstance(found, Input | Choice)
        return found

    @on(Input.Submitted)
    def take_enter(self) -> None:
        """Enter in a field does it."""
        self.action_send()

    def action_send(self) -> None:
        """Does it, when everything needed is there."""
        if self.busy:
            return
        values = {field.name: self._widget(field).value.strip() for field in self._fields}
        for field in self._fields:
            if field.needed and not values[field.name]:
                self.set_focus(self._widget(field))
                self._say(_("{field} cannot be empty.").format(field=_(field.title)), refused=True)
                return
        self.busy = True
        self._say(_("saving …"))
        self._carry_out(values)

    @work(exclusive=True)
    async def _carry_out(self, values: Mapping[str, str]) -> None:
        try:
            done = await self._send(values)
        except DutyroomError as error:
            self._say(str(error), refused=True)
        else:
            self.dismiss(done)
        finally:
            self.busy = False

    def action_field(self, by: int) -> None:
        """The next or an earlier field."""
        widgets = [self._widget(field) for field in self._fields]
        at = next((n for n, one in enumerate(widgets) if one is self.focused), 0)
        # At once: the next key may be there already.
        self.set_focus(widgets[(at + by) % len(widgets)])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """In a line that is typed the arrows to the side move the cursor in it."""
        return action != "choose" or isinstance(self.focused, Choice)

    def action_choose(self, by: int) -> None:
        """Another choice, where the field is one."""
        if isinstance(self.focused, Choice):
            self.focused.choose(by)

    def action_leave(self) -> None:
        """Back, nothing is done; once it is on its way there is no way back."""
        if not self.busy:
            self.dismiss(None)

    def _say(self, sentence: str, *, refused: bool = False) -> None:
        line = self.query_one("#refusal", Static)
        line.update(inert(sentence))
        line.set_class(refused, "refused")
