"""What the UPS itself says of the time left, held against the clock.

A runtime that is true falls by one second a second while the load stays. One that stands still is frozen; one that
falls slower was too long; one that falls faster is too long by as much. None of this shows in a single reading.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from dutyroom.rules.discharge_work import SENTINEL_S, is_number
from dutyroom.rules.theil_sen import fall

# The coarsest runtimes seen are told in steps of a few minutes.
FROZEN_S = 300.0
# A reading or two without a runtime is a hiccup.
GONE_S = 60.0
# Firmware averages the load it reckons with; what it says right after a step is neither old nor new.
SETTLES_S = 120.0
JUMP = 1.25
JUMP_KEEPS_S = 300.0
# What rounding and a noisy load do to an honest number.
SLACK = 1.08
# So far apart may two exponents be by which firmware and we reckon with the load.
_EXPONENT_DOUBT = 0.2
_EVERY_S = 15.0
_KEPT = 80
_PACE_S = 600.0
_FAST = 1.15


class Report:
    """The reported runtime since the discharge began. `work` is full-load seconds (`discharge_work`)."""

    def __init__(self) -> None:
        self.seconds: float | None = None
        self.raw_s: float | None = None
        self.moved = False
        self.work_left: float | None = None
        self.pace = 1.0
        self._at_s = 0.0
        self._told_at_s = 0.0
        self._changed_at_s = 0.0
        self._jumped_at_s = float("-inf")
        self._settled_from_s = 0.0
        self._latest: deque[tuple[float, float]] = deque(maxlen=5)
        self._all: list[tuple[float, float, float]] = []
        self._every_s = _EVERY_S
        self._guard: float | None = None
        self._guard_at_work = 0.0
        self._doubt = 1.0

    def add(self, at_s: float, work: float, rate: float, reported_s: float | None) -> None:
        """Takes a reading in; `rate` is full-load seconds per second."""
        self._at_s = at_s
        if reported_s is None:
            return
        if self.raw_s is None or reported_s != self.raw_s:
            self.moved = self.moved or self.raw_s is not None
            self._changed_at_s = at_s
        self.raw_s, self._told_at_s = reported_s, at_s
        if not is_number(reported_s):
            self.seconds = None
            return
        before, settled = self.seconds, at_s >= self._settled_from_s
        if settled and before is not None and reported_s > JUMP * before:
            self._jumped_at_s = at_s
        self.seconds = reported_s
        if settled and self._is_due(at_s):
            self._keep(at_s, work, reported_s * rate)

    def stepped(self, at_s: float, by: float) -> None:
        """The load changed by a factor: the number jumps with it, and what it did before is no measure for it."""
        self._latest.clear()
        self._all.clear()
        self._every_s = _EVERY_S
        self._settled_from_s = at_s + SETTLES_S
        self._doubt *= max(by, 1 / by) ** _EXPONENT_DOUBT if by > 0 else 1.0

    def _is_due(self, at_s: float) -> bool:
        return not self._latest or at_s - self._latest[-1][0] >= _EVERY_S

    def _keep(self, at_s: float, work: float, left: float) -> None:
        self._latest.append((at_s, left))
        self.work_left = median(one for _, one in self._latest)
        held = self.guard(work)
        if held is None or self.work_left < held:
            self._guard, self._guard_at_work = self.work_left, work
        elif self._doubt > 1.0 and self.work_left <= held * self._doubt:
            # After a load step two ways to reckon with it may differ by this much.
            self._guard, self._guard_at_work = self.work_left, work
        if len(self._latest) == self._latest.maxlen:
            self._doubt = 1.0
        if not self._all or at_s - self._all[-1][0] >= self._every_s:
            self._all.append((at_s, work, left))
            if len(self._all) > _KEPT:
                self._all = self._all[::2]
                self._every_s *= 2
            if at_s - self._all[0][0] >= _PACE_S:
                self.pace = fall([(done, rest) for _, done, rest in self._all]) or 0.0

    def guard(self, work: float) -> float | None:
        """Full-load seconds left by the lowest believed number, less what was used since; None without one."""
        if self._guard is None:
            return None
        return max(0.0, self._guard - (work - self._guard_at_work))

    @property
    def is_fast(self) -> bool:
        """True when it falls clearly faster than the clock: it promised too much."""
        return self.pace > _FAST

    def why_not(self, work: float, rate: float) -> str:
        """Why the newest number is not believed: `none`, `zero`, `sentinel`, `frozen`, `jumped`, `slow`; else empty."""
        if self.raw_s is None or self._at_s - self._told_at_s > GONE_S:
            return "none" if self.raw_s is None else "gone"
        if self.seconds is None:
            return "sentinel" if self.raw_s >= SENTINEL_S else "zero"
        if self._at_s - self._changed_at_s >= (2 * FROZEN_S if self.moved else FROZEN_S):
            return "frozen"
        held = self.guard(work)
        if held is not None and self._at_s >= self._settled_from_s and self.seconds * rate > SLACK * held:
            return "jumped" if self._at_s - self._jumped_at_s < JUMP_KEEPS_S else "slow"
        return ""
