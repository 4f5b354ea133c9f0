"""The last look at a round before it is closed: what is not normal first, then the password."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from dutyroom.errors import DutyroomError, RoundRefused
from dutyroom.inert import inert
from dutyroom.model.rounds import Round
from dutyroom.words import _
from screens.device_lines import cut
from screens.dialogs.fields import FieldsDialog
from screens.key_names import key_name
from screens.keys import REVIEW_KEYS
from screens.widgets.lines import Line, LineView


class SignRoundDialog(FieldsDialog[Round | None]):
    """Asks the password under a review; gives the signed round, or None when it was left with `esc`.

    `told` makes the title and the lines of the review. `sign` gets the password and closes the round; its
    DutyroomError is shown in place and the dialog stays. When the clock stands before the newest record it also asks
    why the round is signed all the same, and hands that over.
    """

    CSS_PATH = "sign_round.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in REVIEW_KEYS]

    def __init__(
        self, told: Callable[[], tuple[str, Sequence[Line]]], sign: Callable[[str, str], Awaitable[Round]]
    ) -> None:
        super().__init__()
        self._told, self._sign = told, sign
        self._against_clock = False

    @property
    def busy(self) -> bool:
        """True while the signature is on its way."""
        return self.query_one("#password", Input).disabled

    def compose(self) -> ComposeResult:
        """What is to be signed, the password, one line for what is wrong."""
        with Vertical() as box:
            box.border_title = Content(inert(self._told()[0], 200))
            yield LineView(id="review")
            yield Static(_("Password"), markup=False)
            yield Input(id="password", password=True, max_length=256, compact=True)
            yield Static(_("Why is it signed with this clock?"), id="why", markup=False)
            yield Input(id="reason", max_length=200, compact=True)
            yield Static("", id="refusal", markup=False)
            keys = {name: key_name(self.app, f"review.{name}") for name in ("leave", "up", "down")}
            hint = _("enter signs, {up} {down} scroll, {leave} goes back to the round").format(**keys)
            yield Static(hint, id="hint", markup=False)

    def on_mount(self) -> None:
        """The password can be typed at once; the review takes the height it needs and scrolls beyond that."""
        self.call_after_refresh(self.retranslate)
        self.retranslate()
        self._ask_why()
        self.query_one("#password", Input).focus()

    def on_resize(self) -> None:
        """The box is never larger than the terminal."""
        self.call_after_refresh(self.retranslate)

    def retranslate(self) -> None:
        """The review, in the language in force and in the height there is."""
        review, (_title, lines) = self.query_one("#review", LineView), self._told()
        review.styles.height = max(1, min(len(lines), self.app.size.height - (14 if self._against_clock else 9)))
        width = review.scrollable_content_region.width
        review.show([cut(line, width) if width > 0 else line for line in lines])

    @on(Input.Submitted)
    def check(self) -> None:
        """Enter signs; while that runs nothing can be typed."""
        password, reason = self.query_one("#password", Input), self.query_one("#reason", Input)
        if not password.value:
            self.set_focus(password)
            return
        if reason.display and not reason.value.strip():
            self.set_focus(reason)
            return
        password.disabled = reason.disabled = True
        self._say(_("signing …"))
        self._carry_out(password.value, reason.value if reason.display else "")

    @work(exclusive=True)
    async def _carry_out(self, password: str, reason: str) -> None:
        try:
            signed = await self._sign(password, reason)
        except RoundRefused as error:
            self.refused(str(error), against_clock=error.code == "clock")
        except DutyroomError as error:
            self.refused(str(error))
        else:
            self.dismiss(signed)

    def refused(self, sentence: str, *, against_clock: bool = False) -> None:
        """Shows why nothing was signed and asks again; for the clock's sake it asks why, the password was right."""
        password, reason = self.query_one("#password", Input), self.query_one("#reason", Input)
        password.disabled = reason.disabled = False
        if against_clock:
            self._against_clock = True
            self._ask_why()
            self.retranslate()
            reason.focus()
        else:
            password.value = ""
            password.focus()
        self._say(sentence, refused=True)

    def _ask_why(self) -> None:
        for widget in (self.query_one("#why", Static), self.query_one("#reason", Input)):
            widget.display = self._against_clock

    def action_scroll(self, by: int) -> None:
        """Scrolls the review."""
        self.query_one("#review", LineView).scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Back to the round; once the password is on its way there is no way back."""
        if not self.query_one("#password", Input).disabled:
            self.dismiss(None)

    def _say(self, sentence: str, *, refused: bool = False) -> None:
        line = self.query_one("#refusal", Static)
        line.update(inert(sentence))
        line.set_class(refused, "refused")
