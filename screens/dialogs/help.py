"""Help: the question this screen answers, what its marks mean, and the keys that work on it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from dutyroom import show, words
from dutyroom.model.reading import Verdict
from dutyroom.words import N_, _
from screens import device_lines
from screens.flow import flowing
from screens.key_names import key_name
from screens.keys import EVERYWHERE_KEYS, HELP_KEYS, ROOM_KEYS
from screens.lock import SCROLLING
from screens.widgets.lines import Line, LineView, pad, role_of, width_of

if TYPE_CHECKING:
    from textual.binding import ActiveBinding

_QUESTIONS = {
    "BoardScreen": N_("Is the room all right, and what do I owe?"),
    "FillScreen": N_("What do I look at next?"),
    "RoundListScreen": N_("Which rounds are owed, and which were walked?"),
    "PowerScreen": N_("How long, and is that enough?"),
    "NetworkScreen": N_("What changed, and where?"),
    "ChartScreen": N_("How did it go, and when was nothing known?"),
    "UpsPage": N_("What does this UPS say, and what of it is believed?"),
    "AddressesScreen": N_("Who is on the network that nobody registered, and where?"),
    "DevicePage": N_("What changed here, since when, and at which port?"),
    "ServersScreen": N_("Which server is in trouble?"),
    "DoctorScreen": N_("Is this machine fit to watch the room, and what is to be done?"),
    "RecordsScreen": N_("Which rounds were walked, by whom, with what result?"),
}
_OF_PORTS = (
    ("▮", N_("up")),
    ("▯", N_("down")),
    ("·", N_("shut")),
    ("▲", N_("up, look")),
)
# What stands before a line of the screen and is no verdict.
_MARKS: dict[str, tuple[tuple[str, str], ...]] = {
    "FillScreen": (
        ("▸", N_("you are here")),
        ("·", N_("no answer yet")),
        ("…", N_("being saved")),
        ("▹", N_("several measured items in one line")),
    ),
    "RoundListScreen": (
        ("▸", N_("you are here")),
        ("·", N_("due, not begun")),
        ("…", N_("begun, not signed")),
    ),
    "PowerScreen": (("▸", N_("chosen")), ("→", N_("what to do"))),
    "NetworkScreen": (("▸", N_("chosen")), ("→", N_("what to do")), *_OF_PORTS),
    "DevicePage": (("→", N_("what to do")), *_OF_PORTS),
    "ServersScreen": (("▸", N_("chosen")), ("→", N_("what to do"))),
    "AddressesScreen": (
        ("▸", N_("you are here")),
        ("!", N_("does not agree")),
        ("·", N_("not registered, not judged")),
        ("*", N_("random MAC")),
    ),
    "ChartScreen": (
        ("✗", N_("no answer in this time")),
        ("–", N_("nobody polled")),
        ("?", N_("it answered without this value")),
        (".", N_("nothing on record")),
        ("~", N_("the clock was set over it")),
        ("◆", N_("the clock was set here")),
        ("┄", N_("border of what is normal")),
        ("░", N_("lowest to highest of the hour")),
    ),
    "UpsPage": (("→", N_("what to do")), ("=", N_("what we make of it")), ("✗", N_("not believed, and why"))),
    "RecordsScreen": (("▸", N_("you are here")), ("…", N_("begun, not signed"))),
}
# Descriptions of Textual's own keys that may appear here, marked for the catalogue.
_TEXTUALS = (N_("palette"), N_("Copy selected text"), N_("Quit"), N_("Minimize"))
# These screens have nothing to move the focus to.
_OF_NO_USE = ("app.focus_next", "app.focus_previous")
_EVERYWHERE = frozenset(key.id for key in (*ROOM_KEYS, *EVERYWHERE_KEYS))

Keys = Sequence[tuple[str, str]]


class HelpDialog(ModalScreen[None]):
    """The keys of the screen that was in front when this was made; `esc`, `?` and `q` close it."""

    CSS_PATH = "help.tcss"
    LOCKED_ACTIONS = SCROLLING | {"close", "scroll", "page"}
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in HELP_KEYS]

    def __init__(self, screen: Screen[object]) -> None:
        super().__init__()
        self._told: dict[str, tuple[str, Keys, Keys]] = {}
        # Asked now, in every language: once this dialog stands in front, only its own keys are active.
        for language in words.LANGUAGES:
            with words.speaking(language):
                self._told[language] = question_of(screen), marks_of(screen), keys_of(screen)

    def compose(self) -> ComposeResult:
        """One box with the lines and how to leave."""
        with Vertical() as box:
            box.border_title = _("Help")
            yield LineView(id="help")
            keys = {name: key_name(self.app, f"help.{name}") for name in ("close", "up", "down")}
            yield Static(_("{close} closes, {up} {down} scroll").format(**keys), id="hint", markup=False)

    def on_mount(self) -> None:
        """The lines, for the width there is."""
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """The box is never larger than the terminal."""
        self.call_after_refresh(self._show)

    def retranslate(self) -> None:
        """The same lines in the language in force."""
        self._show()

    def _show(self) -> None:
        view = self.query_one("#help", LineView)
        lines = help_lines(*self._told[words.language()], view.scrollable_content_region.width)
        height = max(1, min(len(lines), self.size.height - 4))
        if view.styles.height is None or view.size != Size(view.size.width, height):
            view.styles.height = height
        view.show(lines)

    def action_scroll(self, by: int) -> None:
        """Scrolls by a line."""
        self.query_one("#help", LineView).scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Scrolls by a page."""
        view = self.query_one("#help", LineView)
        view.scroll_relative(y=by * max(1, view.size.height - 1), animate=False)

    def action_close(self) -> None:
        """Back to where help was asked for."""
        self.dismiss(None)


def question_of(screen: Screen[object]) -> str:
    """The question a screen answers, in the language in force; empty for a dialog."""
    return _(_QUESTIONS.get(type(screen).__name__, ""))


def keys_of(screen: Screen[object]) -> list[tuple[str, str]]:
    """(keys, what they do) of everything that works on the screen now, the screen's own keys first.

    Keys of one action stand together.
    """
    together: dict[tuple[str, str], list[str]] = {}
    for active in sorted(screen.active_bindings.values(), key=_place):
        binding = active.binding
        if not active.enabled or not binding.description or binding.action in _OF_NO_USE:
            continue
        # The footer may show one key for several; here each is named.
        shown = screen.app.get_key_display(replace(binding, key_display=None))
        keys = together.setdefault((binding.action, _(binding.description)), [])
        if shown not in keys:
            keys.append(shown)
    return [(" ".join(keys), description) for (_action, description), keys in together.items()]


def marks_of(screen: Screen[object]) -> list[tuple[str, str]]:
    """(mark, what it means) of the verdicts and of the screen's own marks, in the language in force."""
    own = _MARKS.get(type(screen).__name__, ())
    verdicts = [(show.symbol(verdict), show.verdict(verdict)) for verdict in Verdict]
    return [*verdicts, *((mark, _(text)) for mark, text in own)]


def help_lines(question: str, marks: Keys, keys: Keys, width: int) -> list[Line]:
    """The whole text."""
    lines: list[Line] = [((question, "strong"),), ()] if question else []
    lines += _marks(marks, width)
    lines += flowing(_("A dash in place of a value: it is not known. Nothing is guessed."), width, "dim")
    lines += [(), device_lines.section(_("Keys that work here"), width)]
    column = min(device_lines.label_width(key for key, _text in keys), max(6, width // 3))
    lines += [device_lines.cut(((f"  {pad(key, column)}  ", "key"), (text, "")), width) for key, text in keys]
    return lines


def _marks(marks: Keys, width: int) -> list[Line]:
    """The marks beside each other, on as many lines as they need."""
    roles = {show.symbol(verdict): role_of(verdict) for verdict in Verdict}
    lines: list[Line] = [()]
    for mark, text in marks:
        pair: Line = ((mark, roles.get(mark, "key")), (f" {text}", ""))
        if lines[-1] and width_of((*lines[-1], *pair)) + 2 > width:
            lines.append(())
        lines[-1] = (*lines[-1], ("  ", ""), *pair) if lines[-1] else pair
    return [device_lines.cut(line, width) for line in lines]


def _place(active: ActiveBinding) -> int:
    """The screen's own keys, then those of every screen, then Textual's."""
    if active.binding.id is None:
        return 2
    return 1 if active.binding.id in _EVERYWHERE else 0
