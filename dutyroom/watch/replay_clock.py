"""The clock of a replay: it runs at a speed, stands still, and never shows a moment whose samples are not there yet."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from dutyroom import clock

# How far the wished moment may run ahead of what could be read, before it waits.
LEAD_S = 1.0


class ReplayClock:
    """Shows moments of the recording (UTC). May be used from any thread."""

    def __init__(self, began: datetime, speed: float, seconds: Callable[[], float] = clock.monotonic) -> None:
        self.speed = speed
        self._seconds = seconds
        self._lock = threading.Lock()
        self._base, self._base_s = began, seconds()
        self._reached = began
        self._held: datetime | None = None
        self._is_paused = False
        # Moves by hand, and how many there were when the moment was last asked for.
        self._moves = self._seen_moves = 0

    @property
    def is_paused(self) -> bool:
        """True while it stands still."""
        return self._is_paused

    def now(self) -> datetime:
        """The moment that is shown: as far as everything is there that happened until then."""
        with self._lock:
            return self._now()

    def wished(self) -> datetime:
        """The moment that is to be shown next."""
        with self._lock:
            self._seen_moves = self._moves
            return self._wished()

    def reach(self, at: datetime, *, is_all: bool) -> None:
        """Everything until that moment is there; `is_all` when that is all that was wished for.

        Whoever cannot follow the speed then goes on from here instead of running after it.
        """
        with self._lock:
            self._reached = at
            if (
                is_all
                and self._moves == self._seen_moves
                and (self._wished() - at).total_seconds() > LEAD_S * self.speed
            ):
                self._set(at)

    def pause(self, paused: bool) -> None:
        """Stands still, or goes on."""
        with self._lock:
            self._set(min(self._wished(), self._reached))
            self._moves += 1
            self._is_paused = paused

    def jump(self, at: datetime) -> None:
        """Goes to a moment; it is shown when everything until then is there, and nothing later any more."""
        with self._lock:
            if at < self._now():
                self._held = self._now()
            self._moves += 1
            self._set(at)

    def back_to(self, at: datetime) -> None:
        """Everything after that moment is gone."""
        with self._lock:
            self._reached, self._held = at, None

    def _now(self) -> datetime:
        return self._held if self._held is not None else min(self._wished(), self._reached)

    def _wished(self) -> datetime:
        passed_s = 0.0 if self._is_paused else (self._seconds() - self._base_s) * self.speed
        return self._base + timedelta(seconds=passed_s)

    def _set(self, at: datetime) -> None:
        self._base, self._base_s = at, self._seconds()
