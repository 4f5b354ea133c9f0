"""The application: modes, themes, who is signed in, and the board as it is now."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.screen import Screen

from dutyroom import clock
from dutyroom.errors import DutyroomError
from screens.board import BoardScreen
from screens.choices import Choices
from screens.desk import DemoControls, OpenedRoom
from screens.feed import Feed
from screens.going import Going
from screens.key_names import spelled
from screens.keys import EVERYWHERE_KEYS
from screens.lock import LockingApp
from screens.look import tell_trouble
from screens.messages import FeedBroken, RecordsChanged, RoomOpened, RoomRefused
from screens.outage_alarm import OutageAlarm
from screens.theme import THEMES, theme_named
from screens.widgets.too_small import mind_the_size

if TYPE_CHECKING:
    from dutyroom.board import Board
    from dutyroom.model.checklist import Checklist
    from dutyroom.model.reading import Kind
    from dutyroom.model.room import RoomRecords
    from dutyroom.model.site import Site
    from screens.export_job import ExportJob
    from screens.handover_lines import Typed

# Before the first frame only the first screen is imported, and none of the room's own values.


# The libraries of the room are loaded by a thread that would compete with the first frame for the interpreter.
AFTER_FIRST_FRAME_S = 0.15


def _palette() -> type[Provider]:
    from screens.palette import RoomCommands

    return RoomCommands


def _finds() -> type[Provider]:
    from screens.palette_finds import RoomFinds

    return RoomFinds


def _power() -> Screen[None]:
    from screens.power import PowerScreen

    return PowerScreen()


def _network() -> Screen[None]:
    from screens.network import NetworkScreen

    return NetworkScreen()


def _servers() -> Screen[None]:
    from screens.servers import ServersScreen

    return ServersScreen()


def _rounds() -> Screen[None]:
    from screens.round_list import RoundListScreen

    return RoundListScreen()


def _findings() -> Screen[None]:
    from screens.findings import FindingsScreen

    return FindingsScreen()


def _history() -> Screen[None]:
    from screens.history import HistoryScreen

    return HistoryScreen()


class DutyroomApp(Going, LockingApp):
    """dutyroom in a terminal. `open_room` opens the store and starts the watch; it runs in a thread, after a frame."""

    TITLE = "dutyroom"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {_palette, _finds}
    MODES = {
        "board": BoardScreen,
        "rounds": _rounds,
        "power": _power,
        "network": _network,
        "servers": _servers,
        "findings": _findings,
        "history": _history,
    }
    DEFAULT_MODE = "board"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(key.binding() for key in EVERYWHERE_KEYS),
    ]
    site: Site
    """The room's site; known when the room was opened."""
    checklist: Checklist
    """The checklist of its rounds; known when the room was opened."""

    def __init__(
        self,
        open_room: Callable[[], OpenedRoom],
        demo: DemoControls | None = None,
        choices: Choices | None = None,
        site_theme: str = "dark",
    ) -> None:
        # Without colours the filter takes the terminal's own away too; weight and line stay.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.demo, self.choices = demo, choices or Choices()
        self.opened: OpenedRoom | None = None
        self.records: RoomRecords | None = None
        self.board: Board | None = None
        self.trouble = ""
        self.selected: dict[Kind, str] = {}
        self.typed_handover: Typed | None = None
        self.export_job: ExportJob | None = None
        self._open_room = open_room
        # Without choices of its own nothing knows the account: it is shown nothing for the first time.
        self._tour_due = choices is not None and not choices.tour_seen
        self.keymap_in_force: dict[str, str] = {}
        self.alarm = OutageAlarm()
        self._feed: Feed | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_named("terminal" if self.no_color else self.choices.theme or site_theme).name

    def on_mount(self) -> None:
        """The room is opened after the first frame."""
        self.set_interval(1.0, self.show_now)
        self.set_interval(1.0, self.look_at_clock)
        self.set_timer(AFTER_FIRST_FRAME_S, self._open)
        tell_trouble(self)

    @work(thread=True, exclusive=True, group="open")
    def _open(self) -> None:
        try:
            opened = self._open_room()
        except DutyroomError as error:
            self.post_message(RoomRefused(str(error), error.exit_code))
        else:
            self.post_message(RoomOpened(opened))
            # So that nothing has to be loaded when the mains fail.
            import screens.outage  # noqa: F401

    def on_room_opened(self, message: RoomOpened) -> None:
        """Keys as the site wants them; starts listening to the store."""
        self.site, self.checklist = message.room.desk.site, message.room.desk.checklist
        from screens.key_clashes import checked

        keymap, trouble = checked(dict(self.site.keys))
        self.keymap_in_force = keymap
        self.set_keymap(keymap)
        for clash in trouble:
            self.notify(clash, severity="warning", markup=False, timeout=20)
        self.opened = message.room
        self.opened.writer.may = self.session.may
        self._feed = Feed(self, message.room)
        self._feed.start()

    def get_key_display(self, binding: Binding) -> str:
        """How footer, help and hints call a key."""
        return spelled(super().get_key_display(binding))

    def on_room_refused(self, message: RoomRefused) -> None:
        """A room that cannot be opened ends the program with its sentence and exit code."""
        # As plain text: rich would take [site] for markup.
        self.exit(return_code=message.exit_code, message=Text(message.sentence))

    def on_records_changed(self, message: RecordsChanged) -> None:
        """The store has news."""
        self.records, self.trouble = message.records, message.trouble
        self.mind_handover(message.records.on_duty.handed_over_by, message.records.on_duty.handed_over_at)
        self.show_now()
        if self._tour_due:
            self._tour_due = False
            self.call_after_refresh(self.begin_tour)

    def on_feed_broken(self, message: FeedBroken) -> None:
        """The store cannot be read: said in the header, while what is known grows old in sight."""
        self.trouble = message.sentence
        self.show_now()

    def show_now(self) -> None:
        """Makes the board for this second and gives it to the screen on top."""
        if not self.is_running:
            # The program is being left: the widgets go one by one while news still comes in.
            return
        if self.records is not None:
            from dutyroom.board import make_board

            self.board = make_board(self.site, self.checklist, self.records, clock.now(), clock.boot())
            self.alarm.mind(self)
        mind_the_size(self)
        # Behind a dialog the room goes on: every screen that shows the board gets it. Behind an outage nothing is seen.
        for screen in reversed(self.screen_stack):
            shown = getattr(screen, "show_board", None)
            if shown is not None:
                shown(self.board)
            if getattr(screen, "IS_OUTAGE", False):
                break

    def on_resize(self) -> None:
        """Below 60x20 a screen says so."""
        self.call_after_refresh(mind_the_size, self)

    def action_refresh_room(self) -> None:
        """Has every source asked now."""
        if self.opened is not None:
            self._request_poll(self.opened)

    @work
    async def _request_poll(self, opened: OpenedRoom) -> None:
        from dutyroom.duty.refresh import request_poll

        await opened.writer.carry_out(request_poll, opened.desk, clock.now())

    async def action_quit(self) -> None:
        """Ends the program; what was begun to be written is written first."""
        self.exit()

    def on_unmount(self) -> None:
        """Gives everything back."""
        if self._feed is not None:
            self._feed.stop()
        if self.opened is not None:
            self.opened.writer.close()
            self.opened.close()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette's commands, in the language in force."""
        from screens.palette import commands

        yield from commands(self, screen)
