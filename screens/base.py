"""What every full screen has: the header line, the translated footer, and the board as it is now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer

from dutyroom.words import _
from screens.key_names import NO_KEY, key_name
from screens.keys import ROOM_KEYS, SHORTER
from screens.lock import SCROLLING
from screens.widgets.lines import Line, LineView, Run, spread

NARROW = 76
"""Below so many cells the words of a round's keys do not stand in the footer in full."""

if TYPE_CHECKING:
    from dutyroom.board import Board
    from screens.app import DutyroomApp
    from screens.replay import Played


class TranslatedScreen(Screen[None]):
    """A screen whose key descriptions are shown in the language in force."""

    _is_narrow = False

    @property
    def room(self) -> DutyroomApp:
        """The application, with its own type."""
        return cast("DutyroomApp", self.app)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """Textual's bindings with translated descriptions; footer and help read them from here.

        While the screens are locked only those that still work.
        """
        shorter = SHORTER if self._is_narrow else {}
        return {
            key: active._replace(
                binding=replace(
                    active.binding, description=_(shorter.get(active.binding.description, active.binding.description))
                ),
                tooltip=_(active.tooltip),
            )
            for key, active in super().active_bindings.items()
            if key != NO_KEY and self.room.lets(active.binding.action, active.node)
        }

    @on(events.Resize)
    def take_width(self) -> None:
        """In a narrow terminal the footer's words are shorter."""
        was, self._is_narrow = self._is_narrow, self.app.size.width < NARROW
        if was != self._is_narrow:
            self.refresh_bindings()


class RoomScreen(TranslatedScreen):
    """One of the modes: header, body, footer."""

    BINDINGS = [key.binding() for key in ROOM_KEYS]
    LOCKED_ACTIONS = SCROLLING | {"mode"}

    def __init__(self) -> None:
        super().__init__()
        self.header = LineView(id="header")

    def compose(self) -> ComposeResult:
        """Header, the screen's own body, footer."""
        yield self.header
        yield from self.body()
        yield self.footer()

    def footer(self) -> Widget:
        """The keys that matter here."""
        return Footer(show_command_palette=False)

    def body(self) -> ComposeResult:
        """The screen's own widgets."""
        yield from ()

    def show_board(self, board: Board | None) -> None:
        """Shows the room as it is now; None while it is being opened."""
        width = self.header.size.width
        show_header(self.room, board, self.header, header_line(self.room, board, width), "outage")
        if board is not None:
            self.show_body(board)

    def show_body(self, board: Board) -> None:
        """What the screen itself shows of the board."""

    def on_mount(self) -> None:
        """Something is on the screen from the first frame."""
        self.call_after_refresh(self.show_board, self.room.board)

    def on_screen_resume(self) -> None:
        """A mode that was left shows the present when it comes back."""
        self.call_after_refresh(self.show_board, self.room.board)

    def on_resize(self) -> None:
        """Lines are cut to the width there is."""
        self.call_after_refresh(self.show_board, self.room.board)

    def action_mode(self, mode: str) -> None:
        """Goes to a mode."""
        self.app.switch_mode(mode)


def header_line(app: DutyroomApp, board: Board | None, width: int) -> Line:
    """Site and room, the person on duty, the clock, and how the watch is."""
    name: Run = (" dutyroom ", "key")
    if board is None:
        waiting = (f"✗ {app.trouble} ", "fault") if app.trouble else (_("opening the records …") + " ", "dim")
        return spread((name,), (waiting,), width)
    from dutyroom import show

    site = app.site
    left: Line = (name, (f" {site.name} · {site.room}", "strong"))
    clock = f"{show.day(board.at.astimezone(site.timezone).date())} {show.time_of_day(board.at, site.timezone)}"
    replay = app.opened.replay if app.opened is not None else None
    if replay is not None:
        return spread(left, _replay_runs(app, board, replay, clock), width)
    right: tuple[Run, ...] = (
        *person_runs(app),
        ("   ", ""),
        (f"{clock}   ", ""),
        *watch_runs(app, board),
        (" ", ""),
    )
    return spread(left, right, width)


def show_header(app: DutyroomApp, board: Board | None, header: LineView, first: Line, key_id: str) -> None:
    """The header's own line; below it, while there is an outage, that there is one and the key of its screen."""
    lines = [first]
    if board is not None and board.outage is not None:
        from screens.outage_lines import banner

        lines.append(banner(board.outage, app.site, header.size.width, key_name(app, key_id)))
    if len(lines) != len(header.lines):
        header.styles.height = len(lines)
    header.show(lines)


def _replay_runs(app: DutyroomApp, board: Board, replay: Played, clock: str) -> Line:
    from screens.replay import header_runs

    trouble = watch_runs(app, board) if app.trouble or not board.watch.running else ()
    return (
        *header_runs(replay, app.site.timezone),
        ("   ", ""),
        (f"{clock} ", ""),
        *(("  ", ""), *trouble, (" ", "")) * bool(trouble),
    )


def person_runs(app: DutyroomApp) -> Line:
    """Who is signed in, and whether the screens are locked."""
    if app.operator is None:
        return ((_("nobody signed in"), "unknown"),)
    if app.session.locked is not None:
        return ((_("locked: {person}").format(person=app.operator.label), "attention"),)
    return ((app.operator.label, ""),)


def has_no_space(board: Board) -> bool:
    """True while the disk of the records is so full that no round may begin."""
    from dutyroom.model.reading import Verdict
    from dutyroom.rules.space import verdict_of_space

    return board.space is not None and verdict_of_space(board.space) is Verdict.FAULT


def watch_runs(app: DutyroomApp, board: Board) -> tuple[Run, ...]:
    """Whether anybody asks the sources; a silent watch or another site file is red."""
    if app.trouble:
        return ((_("✗ records cannot be read"), "fault"),)
    if app.opened is not None and app.opened.watch.trouble:
        return ((_("✗ nothing is recorded"), "fault"),)
    if has_no_space(board):
        return ((_("✗ disk full"), "fault"),)
    watch = board.watch
    if not watch.running:
        return ((_("✗ nobody watches"), "fault"),)
    if watch.refused is not None:
        return ((_("✗ new site file is wrong"), "fault"),)
    if not watch.site_file_current:
        return ((_("✗ watch has another site file"), "fault"),)
    return ((_("watching ✓"), "ok"),)
