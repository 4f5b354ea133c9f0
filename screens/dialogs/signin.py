"""Who is on duty? Name and password, checked where everything is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from dutyroom import clock
from dutyroom.duty.signin import PasswordChangeNeeded, SignedIn, sign_in
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.words import _
from screens.dialogs.fields import FieldsDialog
from screens.empty import no_operator
from screens.key_names import key_name
from screens.keys import SIGN_IN_KEYS

if TYPE_CHECKING:
    from screens.app import DutyroomApp
    from screens.desk import OpenedRoom


def terminal_name() -> str:
    """The terminal somebody signs in at, for the ledger: `pts/3`, or `tty?` when there is none."""
    try:
        return os.ttyname(0).removeprefix("/dev/")
    except OSError:
        return "tty?"


class SignInDialog(FieldsDialog[SignedIn | None]):
    """Gives who came in; None when it was left with `esc`.

    A refusal is shown in place: the name stays, the password goes.
    """

    CSS_PATH = "signin.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in SIGN_IN_KEYS]

    def __init__(self, opened: OpenedRoom) -> None:
        super().__init__()
        self.opened = opened

    @property
    def busy(self) -> bool:
        """True while name and password are on their way."""
        return self.query_one("#password", Input).disabled

    def title_text(self) -> str:
        """What stands in the frame."""
        return _("Sign in")

    def first_values(self) -> tuple[str, str]:
        """Name and password to begin with: the demo's own, else empty."""
        demo = cast("DutyroomApp", self.app).demo
        return (demo.operator, demo.password) if demo is not None else ("", "")

    def compose(self) -> ComposeResult:
        """Two fields and one line for what is wrong."""
        name, password = self.first_values()
        with Vertical() as box:
            box.border_title = Content(self.title_text())
            yield Static(_("Name"), markup=False)
            yield Input(name, id="name", max_length=32, compact=True)
            yield Static(_("Password"), markup=False)
            yield Input(password, id="password", password=True, max_length=256, compact=True)
            yield Static("", id="refusal", markup=False)
            yield Static(self.hint(), id="hint", markup=False)

    def on_mount(self) -> None:
        """The cursor stands where something is to be typed; with the demo's login, enter is enough."""
        self.query_one("#password" if self.query_one("#name", Input).value else "#name", Input).focus()

    @on(Input.Submitted, "#password")
    def check(self) -> None:
        """Enter in the password checks; while that runs nothing can be typed."""
        name, password = self.query_one("#name", Input), self.query_one("#password", Input)
        if not name.value:
            name.focus()
            return
        name.disabled = password.disabled = True
        self._say(_("checking …"))
        self._check(name.value, password.value)

    @work(exclusive=True)
    async def _check(self, name: str, password: str) -> None:
        try:
            came = await self.come_in(name, password)
        except PasswordChangeNeeded as needed:
            self._choose_own(name, password, str(needed))
        except DutyroomError as error:
            self._refuse(str(error))
        else:
            self.dismiss(came)

    async def come_in(self, name: str, secret: str) -> SignedIn:
        """Signs in. Raises DutyroomError."""
        opened = self.opened
        return await opened.writer.carry_out(
            sign_in, opened.desk.store, name, secret, terminal_name(), clock.now(), opened.desk.site.passwords
        )

    def _choose_own(self, name: str, password: str, why: str) -> None:
        """A one-time secret or a password that is too old: an own one is chosen, and that signs in."""
        from screens.sign_ins import own_password

        def chosen(came: SignedIn | None) -> None:
            if came is None:
                self._refuse(why)
            else:
                self.dismiss(came)

        dialog = own_password(self.opened, name, password, why)
        dialog.LOCKED_ACTIONS = getattr(self, "LOCKED_ACTIONS", frozenset())
        self.app.push_screen(dialog, chosen)

    def _refuse(self, sentence: str) -> None:
        name, password = self.query_one("#name", Input), self.query_one("#password", Input)
        name.disabled = password.disabled = False
        password.value = ""
        password.focus()
        self._say(sentence, refused=True)

    def _say(self, sentence: str, *, refused: bool = False) -> None:
        line = self.query_one("#refusal", Static)
        line.update(inert(sentence))
        line.set_class(refused, "refused")

    def hint(self) -> str:
        """What the keys do; in the demo also its login."""
        keys = _("enter goes on, {leave} goes back").format(leave=key_name(self.app, "sign-in.leave"))
        records = cast("DutyroomApp", self.app).records
        if records is not None and not records.people:
            return f"{no_operator()}\n{keys}"
        return "\n".join(filter(None, (self.demo_login(), keys)))

    def demo_login(self) -> str:
        """The demo's name and password; nothing elsewhere."""
        demo = cast("DutyroomApp", self.app).demo
        if demo is None:
            return ""
        return _("Demo login: {name}  {password}").format(name=demo.operator, password=demo.password)

    def action_leave(self) -> None:
        """Back without signing in; once the password is on its way the answer is waited for."""
        if not self.query_one("#password", Input).disabled:
            self.dismiss(None)
