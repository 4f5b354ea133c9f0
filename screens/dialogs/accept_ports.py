"""What would be accepted as the baseline of a device, port by port, to be changed and signed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.ports import Baseline, BaselinePort, Expected
from dutyroom.words import N_, _
from screens.device_lines import cut
from screens.dialogs.fields import FieldsDialog
from screens.key_names import key_name
from screens.keys import BASELINE_KEYS
from screens.network_ports import short_name
from screens.widgets.lines import Line, LineView, pad

_ORDER = (Expected.UP, Expected.DOWN, Expected.IGNORE)
WORDS = {Expected.UP: N_("to be up"), Expected.DOWN: N_("to be down"), Expected.IGNORE: N_("of no interest")}
_ROLES = {Expected.UP: "ok", Expected.DOWN: "", Expected.IGNORE: "dim"}
# The box around the ports: title, password, refusal, two lines of hints, borders.
_AROUND = 9


class AcceptPortsDialog(FieldsDialog[Baseline | None]):
    """Gives the baseline that was signed, or None when it was left with `esc`; a refusal is shown in place.

    `sign` gets the ports as they were left and the password.
    """

    CSS_PATH = "accept_ports.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in BASELINE_KEYS]

    def __init__(
        self,
        label: str,
        ports: Sequence[BaselinePort],
        sign: Callable[[tuple[BaselinePort, ...], str], Awaitable[Baseline]],
    ) -> None:
        super().__init__()
        self._label, self.ports, self._sign = label, list(ports), sign
        self.at = 0

    @property
    def busy(self) -> bool:
        """True while the signature is on its way."""
        return self.query_one("#password", Input).disabled

    def compose(self) -> ComposeResult:
        """The ports, the password, one line for what is wrong, and what the keys do."""
        with Vertical() as box:
            box.border_title = Content(inert(self._title(), 200))
            yield Static("", id="count", markup=False)
            yield LineView(id="accepted")
            yield Static(_("Label of this port"), id="label-title", markup=False)
            yield Input(id="label", max_length=64, compact=True)
            yield Static(_("Password"), markup=False)
            yield Input(id="password", password=True, max_length=256, compact=True)
            yield Static("", id="refusal", markup=False)
            names = ("expected", "critical", "label", "up", "down", "leave")
            keys = {name: key_name(self.app, f"baseline.{name}") for name in names}
            hint = _("{expected} up/down/any · {critical} critical · {label} label · {up} {down} port")
            yield Static(hint.format(**keys), classes="hint", markup=False)
            yield Static(_("enter signs, {leave} goes back").format(**keys), classes="hint", markup=False)

    def on_mount(self) -> None:
        """The password can be typed at once."""
        self._ask_label(asking=False)
        self.query_one("#password", Input).focus()
        self.call_after_refresh(self.retranslate)

    def on_resize(self) -> None:
        """The box is never larger than the terminal."""
        self.call_after_refresh(self.retranslate)

    def retranslate(self) -> None:
        """The ports, in the language in force and in the height there is."""
        view = self.query_one("#accepted", LineView)
        around = _AROUND + 2 * self.query_one("#label", Input).display
        view.styles.height = max(1, min(len(self.ports), self.app.size.height - around))
        self._show()

    def _title(self) -> str:
        return _("Baseline of {name}").format(name=self._label)

    def _show(self) -> None:
        up = sum(port.expected is Expected.UP for port in self.ports)
        critical = sum(port.critical for port in self.ports)
        told = _("{n} ports as they are now: {up} to be up, {critical} critical")
        self.query_one("#count", Static).update(told.format(n=len(self.ports), up=up, critical=critical))
        view = self.query_one("#accepted", LineView)
        width = view.scrollable_content_region.width
        view.show([self._line(n, port, width) for n, port in enumerate(self.ports)])
        view.reveal(self.at)

    def _line(self, at: int, port: BaselinePort, width: int) -> Line:
        marker = "▸ " if at == self.at else "  "
        critical = _("critical") if port.critical else ""
        return cut(
            (
                (marker, "key"),
                (pad(short_name(port.name or port.descr), 14) + " ", "cursor" if at == self.at else ""),
                (pad(_(WORDS[port.expected]), 15), _ROLES[port.expected]),
                (pad(critical, 9), "attention"),
                (port.label, "dim"),
            ),
            max(0, width),
        )

    def action_move(self, by: int) -> None:
        """Another port."""
        if self.ports and not self.busy:
            self.at = max(0, min(len(self.ports) - 1, self.at + by))
            self._ask_label(asking=False)
            self._show()

    def action_expected(self) -> None:
        """To be up, to be down, or of no interest."""
        if self.ports and not self.busy:
            port = self.ports[self.at]
            expected = _ORDER[(_ORDER.index(port.expected) + 1) % len(_ORDER)]
            self._change(replace(port, expected=expected, critical=port.critical and expected is Expected.UP))

    def action_critical(self) -> None:
        """Whether its being down is a fault; such a port is to be up."""
        if self.ports and not self.busy:
            port = self.ports[self.at]
            self._change(replace(port, critical=not port.critical, expected=Expected.UP))

    def action_label(self) -> None:
        """Opens the line of the label."""
        if self.ports and not self.busy:
            self._ask_label(asking=True)

    def action_leave(self) -> None:
        """Out of the label; else back without a baseline. Once the password is on its way there is no way back."""
        if self.query_one("#label", Input).display:
            self._ask_label(asking=False)
        elif not self.busy:
            self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """The port of the row that was clicked; a click on the chosen one changes what it is to be."""
        view = self.query_one("#accepted", LineView)
        row = event.screen_offset.y - view.content_region.y + view.scroll_offset.y
        if view.content_region.contains_point(event.screen_offset) and 0 <= row < len(self.ports):
            if row == self.at:
                self.action_expected()
            else:
                self.action_move(row - self.at)

    def action_go_on(self) -> None:
        """Enter takes the label, once all that was typed into it stands there, and goes to the password at once."""
        self.query_one("#label", Input).call_later(self._take_label, self.at)
        self._ask_label(asking=False)

    def _take_label(self, at: int) -> None:
        written = inert(self.query_one("#label", Input).value, 64).strip()
        self.ports[at] = replace(self.ports[at], label=written)
        self._show()

    @on(Input.Submitted, "#password")
    def check(self, event: Input.Submitted) -> None:
        """Enter signs; while that runs nothing can be changed."""
        event.stop()
        if event.value:
            event.input.disabled = True
            self._say(_("signing …"))
            self._carry_out(tuple(self.ports), event.value)

    @work(exclusive=True)
    async def _carry_out(self, ports: tuple[BaselinePort, ...], password: str) -> None:
        try:
            kept = await self._sign(ports, password)
        except DutyroomError as error:
            field = self.query_one("#password", Input)
            field.disabled, field.value = False, ""
            field.focus()
            self._say(str(error), refused=True)
        else:
            self.dismiss(kept)

    def _change(self, port: BaselinePort) -> None:
        self.ports[self.at] = port
        self._show()

    def _ask_label(self, *, asking: bool) -> None:
        field, title = self.query_one("#label", Input), self.query_one("#label-title", Static)
        was, field.display = field.display, asking
        title.display = asking
        if asking:
            # After what was typed ahead into it for another port, before what is typed for this one.
            field.call_later(self._show_label, self.at)
            self.set_focus(field)
        elif was:
            self.set_focus(self.query_one("#password", Input))
        if was is not asking:
            self.call_after_refresh(self.retranslate)

    def _show_label(self, at: int) -> None:
        self.query_one("#label", Input).value = self.ports[at].label

    def _say(self, sentence: str, *, refused: bool = False) -> None:
        line = self.query_one("#refusal", Static)
        line.update(inert(sentence))
        line.set_class(refused, "refused")
