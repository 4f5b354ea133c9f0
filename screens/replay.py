"""The same screens over a recorded time: said in every header, moved by keys, and nothing can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from textual.actions import ActionParseResult
from textual.dom import DOMNode

from dutyroom.words import _
from screens.app import DutyroomApp
from screens.desk import OpenedRoom, Writer
from screens.keys import REPLAY_KEYS

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from screens.choices import Choices
    from screens.widgets.lines import Line

P = ParamSpec("P")
T = TypeVar("T")

# What is carried out in a replay: reading. Every other act, also one that will be added, is not.
READING = frozenset(
    ("load_walk", "trends", "read_room", "rounds_of_month", "rounds_of_person", "rounds_lately", "has_pin")
)
_OPENING = ("open_round", "open_owed", "from_paper", "go_to_doctor")
DENIED = frozenset((*_OPENING, "sign_in", "refresh_room", "refresh_and_sort", "lock", "unlock"))
MOVING = frozenset(("replay_pause", "replay_jump"))


class ReplayClockShown(Protocol):
    """What the header says of the clock."""

    speed: float

    @property
    def is_paused(self) -> bool:
        """True while it stands still."""


class Played(Protocol):
    """The replay as the screens see it."""

    path: Path
    began: datetime
    is_over: bool

    @property
    def clock(self) -> ReplayClockShown:
        """Its clock."""

    def pause(self) -> None:
        """Stands still, or goes on."""

    def jump(self, seconds: float) -> None:
        """Goes forward or back."""


class ReadOnlyWriter(Writer):
    """Carries out what only reads; everything else is refused with a sentence."""

    async def carry_out(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if act.__name__ not in READING:
            from dutyroom.errors import NotAllowed

            raise NotAllowed(nothing_is_done(), code="replay")
        return await super().carry_out(act, *args, **kwargs)


def nothing_is_done() -> str:
    """Why an act does nothing here."""
    return _("This is a replay of a recording: it can be read, nothing can be done in it.")


class ReplayApp(DutyroomApp):
    """The application over a recording."""

    BINDINGS = [key.binding() for key in REPLAY_KEYS]

    def __init__(self, open_room: Callable[[], OpenedRoom], choices: Choices, site_theme: str) -> None:
        super().__init__(open_room, choices=choices, site_theme=site_theme)
        # The first look explains what a person does here; there is nothing to do.
        self._tour_due = False

    def lets(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """False for everything that would do something, and for the keys of the replay where they are not meant."""
        _target, name, _parameters = self._parse_action(action, default_namespace or self, namespaces)
        if name in DENIED or (name in MOVING and not self._moves()):
            return False
        return super().lets(action, default_namespace, namespaces)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Says why nothing happens."""
        if self._parse_action(action, default_namespace or self, namespaces)[1] in DENIED:
            self.notify(nothing_is_done(), markup=False)
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def action_replay_pause(self) -> None:
        """Stands still, or goes on."""
        if (replay := self.opened.replay if self.opened is not None else None) is not None:
            replay.pause()
            self.show_now()

    def action_replay_jump(self, minutes: int) -> None:
        """Goes to another moment."""
        if (replay := self.opened.replay if self.opened is not None else None) is not None:
            if minutes < 0:
                # What is known is of a later moment.
                self.records = self.board = None
            replay.jump(minutes * 60.0)
            self.show_now()

    def _moves(self) -> bool:
        from screens.base import RoomScreen

        return isinstance(self.screen, RoomScreen)


def header_runs(replay: Played, zone: ZoneInfo) -> Line:
    """That this is no present, and how it runs."""
    from dutyroom import show

    text = _("replay of {day}").format(day=show.day(replay.began.astimezone(zone).date()))
    if replay.is_over:
        return ((text, "attention"), (" " + _("end"), "attention"))
    pace = _("paused") if replay.clock.is_paused else f"×{replay.clock.speed:g}"
    return ((text, "attention"), (f" {pace}", "attention"))


def duty_lines(replay: Played, keys: tuple[str, str, str]) -> list[Line]:
    """Instead of what somebody owes: what this is, and the keys that move it."""
    from dutyroom.inert import inert

    pause, back, forward = keys
    return [
        ((_("  Rounds are no part of a recording."), "dim"),),
        ((f"  {inert(replay.path.name, 60)}", "dim"),),
        (),
        ((_("  {key} pauses and goes on").format(key=pause), "key"),),
        ((_("  {back} {forward} ten minutes back, forward").format(back=back, forward=forward), "key"),),
    ]
