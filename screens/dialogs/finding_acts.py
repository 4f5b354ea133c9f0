"""What may be done to a finding now: arrows choose, enter does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from dutyroom.inert import inert
from dutyroom.model.finding import FindingStep
from dutyroom.words import _
from screens.device_lines import cut
from screens.finding_keys import FINDING_ACT_KEYS
from screens.key_names import key_name
from screens.widgets.lines import Line, LineView


class FindingActsDialog(ModalScreen[FindingStep | None]):
    """Gives the step that was chosen, or None. `steps` are steps with their English words."""

    CSS_PATH = "finding_acts.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in FINDING_ACT_KEYS]

    def __init__(self, title: Callable[[], str], steps: Sequence[tuple[FindingStep, str]]) -> None:
        super().__init__()
        self._title, self.steps = title, tuple(steps)
        self.at = 0
        self._list = LineView(id="acts")

    def compose(self) -> ComposeResult:
        """The acts, and what the keys do."""
        with Vertical():
            yield self._list
            yield Static("", id="hint", markup=False)

    def on_mount(self) -> None:
        """Something is there from the first frame."""
        self.call_after_refresh(self.retranslate)

    def on_resize(self) -> None:
        """Never larger than the terminal."""
        self.call_after_refresh(self.retranslate)

    def retranslate(self) -> None:
        """The acts in the language in force and in the height there is."""
        self.query_one(Vertical).border_title = Content(inert(self._title(), 200))
        self._list.styles.height = max(1, min(len(self.steps), self.app.size.height - 4))
        keys = {name: key_name(self.app, f"finding-act.{name}") for name in ("up", "down", "take", "leave")}
        self.query_one("#hint", Static).update(
            _("{up} {down} choose, {take} does it, {leave} goes back").format(**keys)
        )
        self._draw()

    def _draw(self) -> None:
        width = self._list.scrollable_content_region.width
        lines: list[Line] = []
        for n, (_step, text) in enumerate(self.steps):
            here = n == self.at
            lines.append(cut((("▸ " if here else "  ", "key"), (_(text), "cursor" if here else "")), max(0, width)))
        self._list.show(lines)
        self._list.reveal(self.at)

    def action_move(self, by: int) -> None:
        """Another act; after the last comes the first."""
        self.at = (self.at + by) % len(self.steps)
        self._draw()

    def action_take(self) -> None:
        """This one."""
        self.dismiss(self.steps[self.at][0])

    def action_leave(self) -> None:
        """Back, nothing is done."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """The act that was clicked."""
        row = event.screen_offset.y - self._list.content_region.y + self._list.scroll_offset.y
        if self._list.content_region.contains_point(event.screen_offset) and row < len(self.steps):
            self.dismiss(self.steps[row][0])
