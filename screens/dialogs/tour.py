"""The tour: one page over the board for somebody who sees it for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from dutyroom.words import _
from screens.device_lines import cut, label_width
from screens.key_names import key_name
from screens.keys import ROOM_KEYS, keys_in_force
from screens.look import remember
from screens.widgets.lines import Line, LineView, pad

if TYPE_CHECKING:
    from screens.app import DutyroomApp

# Keys that change how the page looks leave it open.
_STAY = ("language",)


class TourDialog(ModalScreen[None]):
    """Any key closes it, and a key of the pages acts too. Seen once for an account; the palette has it again."""

    CSS_PATH = "tour.tcss"
    # The palette asks this before it opens.
    ANY_KEY_CLOSES: ClassVar[bool] = True

    def compose(self) -> ComposeResult:
        """One box with a dozen lines."""
        with Vertical() as box:
            box.border_title = _("First look")
            yield LineView(id="tour")
            yield Static(_("Any key closes this; the palette has it again: “tour”."), id="hint", markup=False)

    def on_mount(self) -> None:
        """It counts as seen from now on, also when the window is closed over it."""
        remember(cast("DutyroomApp", self.app), tour_seen=True)
        self.call_after_refresh(self.retranslate)

    def on_resize(self) -> None:
        """The box is never larger than the terminal."""
        self.call_after_refresh(self.retranslate)

    def retranslate(self) -> None:
        """The lines in the language in force and for the width there is."""
        view = self.query_one("#tour", LineView)
        lines = tour_lines(cast("DutyroomApp", self.app), max(20, view.scrollable_content_region.width))
        view.styles.height = max(1, min(len(lines), self.app.size.height - 4))
        view.show(lines)

    async def on_key(self, event: events.Key) -> None:
        """Closes; a key of the pages is then carried out on the board."""
        event.stop()
        event.prevent_default()
        app = cast("DutyroomApp", self.app)
        if event.key in keys_in_force(_STAY, app.keymap_in_force):
            return
        pages = {key: one.action for one in ROOM_KEYS for key in keys_in_force((one.id,), app.keymap_in_force)}
        self.dismiss(None)
        action = pages.get(event.key, "")
        # By the application: what a dialog gives back would else come to this one, which is gone by then.
        if action.startswith("mode("):
            app.call_later(app.run_action, action.replace("mode(", "app.switch_mode("))
        elif action in ("app.open_round", "app.help", "app.sign_in"):
            app.call_later(app.run_action, action)

    def on_click(self) -> None:
        """A click closes it too."""
        self.dismiss(None)


def tour_lines(app: DutyroomApp, width: int) -> list[Line]:
    """What the four panels answer, and the keys somebody needs first; as they are remapped."""

    def key(name: str) -> str:
        return key_name(app, name)

    panels = (
        (_("Duty"), _("what you owe: the round that is due, the last one signed")),
        (_("Power"), _("how long each UPS lasts, and whether that is enough")),
        (_("Network"), _("which switch or firewall changed or does not answer")),
        (_("Servers"), _("which server is full, busy or does not answer")),
    )
    pages = " ".join(key(f"mode.{name}") for name in ("power", "network", "servers"))
    keys = (
        (key("board.round"), _("starts the round that is due, or goes on with it")),
        (pages, _("Power, Network, Servers: reason and next step; esc back")),
        (key("help"), _("what this page means, and the keys that work on it")),
        (key("palette"), _("finds a device, an item, a person, a month, a command")),
        (key("language"), "English / 中文"),
        (f"{key('sign-in')}  {key('quit')}", _("signs in; leaves the program")),
    )
    column = label_width(name for name, _text in (*panels, *keys))
    lines: list[Line] = [((_("Is the room all right, and what do I owe?"), "strong"),)]
    for rows in (panels, keys):
        lines += [cut(((f" {pad(name, column)}  ", "key"), (text, "")), width) for name, text in rows]
        lines.append(())
    return lines[:-1]
