"""The wall clock under watch: every time it is set is one event, also when that happened between two watchers."""

from __future__ import annotations

from datetime import datetime

from dutyroom.model.events import Boot, Event, Heartbeat
from dutyroom.rules.clock import NEWS_S, Look, step_event

UNKNOWN_BOOT = Boot("", 0.0)


class Steps:
    """Compares each look at the clock with the one before. `untold` holds the steps no transaction has taken yet."""

    def __init__(self) -> None:
        self.untold: list[Event] = []
        self._last: Look | None = None
        self._stepped_s: float | None = None

    @property
    def began(self) -> bool:
        """True once there is something to compare with."""
        return self._last is not None

    def begin(self, beat: Heartbeat | None, now: datetime, boot: Boot) -> None:
        """Compares with the last sign of life of whoever watched before; with nothing when nobody did."""
        self._last = (beat.last_cycle_at, beat.boot or UNKNOWN_BOOT) if beat is not None else (now, boot)
        self.look(now, boot)

    def look(self, now: datetime, boot: Boot) -> None:
        """One look at the clock."""
        if self._last is not None and (step := step_event(self._last, (now, boot))) is not None:
            self.untold.append(step)
            self._stepped_s = boot.seconds
        self._last = (now, boot)

    def is_settled(self, boot: Boot) -> bool:
        """False for a day after a step: until then nothing may be thrown away for its age."""
        return self._stepped_s is None or boot.seconds - self._stepped_s > NEWS_S
