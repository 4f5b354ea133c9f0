"""Board: is the room all right, and what do I owe?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid
from textual.content import Content
from textual.lazy import Lazy
from textual.widget import Widget
from textual.widgets import Footer

from dutyroom.words import _
from screens.base import RoomScreen
from screens.key_names import key_name
from screens.keys import BOARD_KEYS
from screens.places import MODES, home_of
from screens.widgets.lines import Line, LineView

if TYPE_CHECKING:
    from dutyroom.board import Board
    from dutyroom.model.checklist import Words


class BoardScreen(RoomScreen):
    """The first screen."""

    CSS_PATH = "board.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]
    BINDINGS = [key.binding() for key in BOARD_KEYS]

    def __init__(self) -> None:
        super().__init__()
        names = ("duty", "power", "network", "servers")
        self.panels = {name: LineView(id=name, classes="panel") for name in names}
        self.trouble = LineView(id="trouble")
        self.since = LineView(id="since")

    def footer(self) -> Widget:
        """Made after the first frame: its many small widgets are a fifth of the wait for it."""
        return Lazy(Footer(show_command_palette=False))

    def body(self) -> ComposeResult:
        """Four panels and what happened since the last signed round."""
        with Grid(id="panels"):
            yield from self.panels.values()
        yield self.trouble
        yield self.since

    def show_body(self, board: Board) -> None:
        """Fills the panels; only what changed is painted."""
        from screens import board_lines

        site = self.room.site
        titles = {"duty": _("Duty"), "power": _("Power"), "network": _("Network"), "servers": _("Servers")}
        for name, title in titles.items():
            panel = self.panels[name]
            panel.border_title = Content(title)
            lines = self._panel(name, board, panel.size.width, panel.size.height)
            if len(lines) > panel.size.height:
                # The scrollbar takes a column.
                lines = self._panel(name, board, panel.size.width - 1, panel.size.height)
            panel.show(lines)
        self._show_trouble(board)
        since = self.since
        title = _("What happened:") if self.room.opened is not None and self.room.opened.replay is not None else ""
        since.show(board_lines.since_lines(board, site, since.size.width, since.size.height, title))

    def _show_trouble(self, board: Board) -> None:
        from screens import acknowledge_acts
        from screens.trouble_lines import trouble_lines

        opened = self.room.opened
        lines = trouble_lines(board, self.room.site, self.room.trouble, opened.watch.trouble if opened else "")
        lines += acknowledge_acts.lines(board, key_name(self.app, "board.acknowledge"))
        if opened is not None and opened.site_file_differs:
            text = _(" ! The site file was changed: leave and start dutyroom again to use it.")
            lines.append(((text, "attention"),))
        self.trouble.styles.height = len(lines)
        self.trouble.display = bool(lines)
        self.trouble.show(lines)

    def _panel(self, name: str, board: Board, width: int, height: int) -> list[Line]:
        from screens import backup_lines, board_lines, duty_lines, on_duty_lines

        replay = self.room.opened.replay if self.room.opened is not None else None
        if name == "duty" and replay is not None:
            from screens.replay import duty_lines as replay_lines

            pause, back, forward = (key_name(self.app, f"replay.{way}") for way in ("pause", "back", "forward"))
            return replay_lines(replay, (pause, back, forward))
        if name == "duty":
            owed = [
                *duty_lines.lines(
                    board, self.room.records, self.room.site, width, key_name(self.app, "board.round"), self._names()
                ),
                *backup_lines.lines(board.backup, width),
            ]
            hints = [*self._hints(board, width), *on_duty_lines.hint(self.room.records, width)]
            room = max(0, height - len(owed))
            # A hint scrolls nothing out of sight; the empty line before it goes first.
            return [*owed, *(hints if len(hints) <= room else hints[1 : room + 1])]
        if name == "power":
            return board_lines.power_lines(board, width, height)
        if name == "network":
            return board_lines.network_lines(board, width, height)
        return board_lines.server_lines(board, width, height)

    def _names(self) -> dict[str, Words]:
        """What the checklists in force are called."""
        opened = self.room.opened
        published = opened.desk.published() if opened is not None else ()
        return {one.checklist.name: one.checklist.words for one in published}

    def _hints(self, board: Board, width: int) -> list[Line]:
        """How the watch is started; the demo's login; that closing this window ends the watch, where it does."""
        demo, opened = self.room.demo, self.room.opened
        if not board.watch.running:
            from screens.empty import no_watch

            return [(), *no_watch(width)]
        if demo is not None:
            login = _("  Demo login: {name}  {password}").format(name=demo.operator, password=demo.password)
            return [
                (),
                ((login, "key"),),
                ((_("  {key} plays a mains failure").format(key=key_name(self.app, "palette")), "dim"),),
            ]
        if opened is not None and opened.watch.holds_lock:
            return [(), ((_("  The watch ends when this closes."), "dim"),)]
        return []

    def on_click(self, event: events.Click) -> None:
        """A panel opens its mode, the panel of the duty the round."""
        name = event.widget.id if event.widget is not None else None
        if name == "duty":
            self.room.action_open_round()
        elif name in self.panels:
            self.action_mode(name)

    def action_acknowledge(self) -> None:
        """Says that somebody knows of what is notified."""
        from screens import acknowledge_acts

        acknowledge_acts.acknowledge(self.room)

    def action_open_worst(self) -> None:
        """Goes to the mode of the worst source."""
        board = self.room.board
        if board is None or not board.sources:
            return

        worst = max(board.sources, key=lambda view: view.urgency)
        self.room.selected[home_of(worst.kind)] = worst.name
        self.action_mode(MODES[worst.kind])
