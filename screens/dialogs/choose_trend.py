"""Which line's answers over time? A list that shrinks with what is typed."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from dutyroom import show
from dutyroom.model.checklist import WalkLine
from dutyroom.model.site import Site
from dutyroom.words import _
from screens import device_lines
from screens.duty_keys import CHOOSE_KEYS
from screens.flow import flowing
from screens.widgets.filter import has, wanted
from screens.widgets.lines import Line, LineView, pad, spread


class ChooseTrendDialog(ModalScreen[WalkLine | None]):
    """Gives the line that was chosen, or None."""

    CSS_PATH = "choose_trend.tcss"
    BINDINGS = [key.binding() for key in CHOOSE_KEYS]

    def __init__(self, lines: tuple[WalkLine, ...], site: Site) -> None:
        super().__init__()
        self._lines, self._site = lines, site
        self.at = 0
        self.input, self._list = Input(id="wanted", max_length=60), LineView(id="items")

    def compose(self) -> ComposeResult:
        """What is typed, and what fits it."""
        with Vertical() as box:
            box.border_title = _("Trend of which item?")
            yield self.input
            yield self._list

    def on_mount(self) -> None:
        """Letters go to the field, arrows to the list."""
        self.input.focus()
        self.call_after_refresh(self.retranslate)

    def on_resize(self) -> None:
        """Never larger than the terminal."""
        self.call_after_refresh(self.retranslate)

    def retranslate(self) -> None:
        """The list in the language in force; what is typed stays."""
        self.query_one(Vertical).border_title = _("Trend of which item?")
        self.input.placeholder = _("part of an item or device; enter opens, esc goes back")
        self._draw()

    def fitting(self) -> list[WalkLine]:
        """The lines that what is typed lets through."""
        words = wanted(self.input.value)
        return [line for line in self._lines if has(words, *self._texts(line))]

    def _texts(self, line: WalkLine) -> tuple[str, ...]:
        item = line.item
        return (item.id, item.words.en, item.words.zh, line.device, self._site.label_of(line.device))

    def _draw(self) -> None:
        found, width = self.fitting(), self._list.scrollable_content_region.width
        self.at = min(self.at, max(0, len(found) - 1))
        lines: list[Line] = []
        for n, line in enumerate(found):
            label = self._site.label_of(line.device) if line.device else ""
            left: Line = (
                ("▸ " if n == self.at else "  ", "key"),
                (show.item_name(line.item), "cursor" * (n == self.at)),
            )
            lines.append(device_lines.cut(spread(left, ((pad(label, min(24, width // 3)), "dim"),), width), width))
        self._list.show(lines or flowing(_("Nothing matches."), width, "unknown"))
        self._list.reveal(self.at)

    def on_input_changed(self) -> None:
        """The first that fits is chosen."""
        self.at = 0
        self._draw()

    def on_input_submitted(self) -> None:
        """Takes the line under the cursor."""
        found = self.fitting()
        if found:
            self.dismiss(found[self.at])

    def action_move(self, by: int) -> None:
        """The next or an earlier line."""
        self.at = max(0, min(len(self.fitting()) - 1, self.at + by))
        self._draw()

    def action_leave(self) -> None:
        """Back, nothing chosen."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """The line that was clicked is taken."""
        inside = self._list.content_region
        row = event.screen_offset.y - inside.y + self._list.scroll_offset.y
        found = self.fitting()
        if inside.contains_point(event.screen_offset) and row < len(found):
            self.dismiss(found[row])
