"""The room as the screens hold it: the desk where acts happen, and the one thread that carries them out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from dutyroom.doctor.check import Check
    from dutyroom.duty.desk import Desk
    from dutyroom.model.events import Heartbeat
    from dutyroom.model.reading import Latest
    from screens.replay import Played

P = ParamSpec("P")
T = TypeVar("T")


class WatchHost(Protocol):
    """The watch as the screens see it."""

    @property
    def holds_lock(self) -> bool:
        """True while this program is the one that asks the sources."""

    @property
    def trouble(self) -> str:
        """The sentence of what keeps it from recording, or nothing."""

    @property
    def latest(self) -> Mapping[str, Latest]:
        """What the sources said last, recorded or not, by name."""

    def beat(self) -> Heartbeat:
        """Its sign of life for this moment, recorded or not."""

    def stop(self) -> None:
        """Ends it."""


class DemoControls(Protocol):
    """What only the demo offers."""

    operator: str
    password: str

    def outage(self, on: bool) -> None:
        """Plays a mains failure, or brings the mains back."""


class Writer:
    """One thread for everything that is written: acts are carried out in the order of the keys."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self.waiting = 0
        # Asked with the name of every act; while the screens are locked it answers no (see `screens.lock`).
        self.may: Callable[[str], bool] = lambda _act: True

    async def carry_out(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs an act after all earlier ones; when this returns it is on the disk. Raises what the act raises.

        Raises NotAllowed (`locked`) while the screens are locked, for all but coming in.
        """
        if not self.may(act.__name__):
            from dutyroom.errors import NotAllowed
            from dutyroom.words import _

            raise NotAllowed(_("The screens are locked: nothing was done."), code="locked")
        self.waiting += 1
        try:
            future = self._threads.submit(act, *args, **kwargs)
            # Shielded: an act given by a key is carried out even when the screen that waits for it is left.
            return await asyncio.shield(asyncio.wrap_future(future))
        finally:
            self.waiting -= 1

    def close(self) -> None:
        """Waits for the acts that were begun and ends the thread."""
        self._threads.shutdown(wait=True)


@dataclass(slots=True)
class OpenedRoom:
    """What opening the room gives: made by the composition root in a thread, after the first frame."""

    desk: Desk
    watch: WatchHost
    close: Callable[[], None]
    writer: Writer = field(default_factory=Writer)
    site_file_changed: Callable[[], bool] | None = None
    """Reads whether the site file is another one now than when the room was opened; may wait for a disk."""
    site_file_differs: bool = False
    """What that said last."""
    replay: Played | None = None
    """Set when this is no present but a recorded time."""
    examine: Callable[[], Iterable[Check]] | None = None
    """Checks this machine, the records and every source, each check as it is made; in a thread of its own."""
