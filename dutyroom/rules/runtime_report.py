"""What the UPS itself says of the time left, held against the clock.

A runtime that is true falls by one second a second while the load stays. One that stands still is frozen; one that
falls steadily but too fast is too long by as much; one that falls now fast and now slowly is the charge or the voltage
under another name. None of this shows in a single reading.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from dutyroom.rules.discharge_work import SENTINEL_S, is_number
from dutyroom.rules.steadiness import Series

# Runtimes are told in whole minutes, or follow a charge in whole percent; coarser ones are counted down between.
FROZEN_S = 120.0
_FROZEN_PART = 0.03
# A reading or two without a runtime is a hiccup.
GONE_S = 60.0
# Firmware averages the load it reckons with; what it says right after a step is neither old nor new.
SETTLES_S = 120.0
JUMP = 1.25
JUMP_KEEPS_S = 300.0
# Towards the end whole minutes are large steps.
_LEAST_JUMP_S = 150.0
# What rounding and a noisy load do to an honest number, now and when the lowest one was told.
SLACK = 1.08
_NOISE = 0.07
# So far apart may two exponents be by which firmware and we reckon with the load.
_EXPONENT_DOUBT = 0.2
_EVERY_S = 10.0
# By so much of its first value it must be off the clock, or off a straight line: a noisy load does less.
_OFF = 0.07
# A pace so far from the clock that it cannot have been noise.
_CLEARLY = 0.3
_BEND = 0.10
# What many gauges, and the runtimes that are made of them, still show when the battery is empty.
RESERVE = 0.08


class Report:
    """The reported runtime since the discharge began. `work` is full-load seconds (`discharge_work`)."""

    def __init__(self) -> None:
        self.seconds: float | None = None
        self.raw_s: float | None = None
        self.moved = False
        self.work_left: float | None = None
        self.pace = 1.0
        self.is_steady = True
        self._at_s = 0.0
        self._told_at_s = 0.0
        self._changed_at_s = 0.0
        self._jumped_at_s = float("-inf")
        self._settled_from_s: float | None = None
        self._latest: deque[tuple[float, float]] = deque(maxlen=5)
        self._all = Series(_EVERY_S)
        self._guard: float | None = None
        self._guard_at_work = 0.0
        self._guard_noise = 0.0
        self._doubt = 1.0
        self._first: float | None = None

    def add(self, at_s: float, work: float, rate: float, reported_s: float | None, wavers: bool = False) -> None:
        """Takes a reading in; `rate` is full-load seconds per second, `wavers` while that may be about to change."""
        self._at_s = at_s
        if reported_s is None:
            return
        if self._settled_from_s is None:
            # Many firmwares know only after a minute what the load does to the battery.
            self._settled_from_s = at_s + GONE_S
        if self.raw_s is None or reported_s != self.raw_s:
            self.moved = self.moved or self.raw_s is not None
            self._changed_at_s = at_s
        told_before_s, self._told_at_s, self.raw_s = self._told_at_s, at_s, reported_s
        if not is_number(reported_s):
            self.seconds = None
            return
        if self.is_settled and not wavers and self.seconds is not None:
            self._jump(at_s, reported_s, self.seconds - (at_s - told_before_s))
        self.seconds = reported_s
        if not wavers and (not self._latest or at_s - self._latest[-1][0] >= _EVERY_S):
            self._keep(at_s, work, reported_s * rate)

    def _jump(self, at_s: float, reported_s: float, expected_s: float) -> None:
        if abs(reported_s - expected_s) < _LEAST_JUMP_S:
            return
        if reported_s > JUMP * expected_s:
            self._jumped_at_s = at_s
            self._all.clear()
        elif reported_s < expected_s / JUMP:
            # It follows a gauge that falls in stairs.
            self.is_steady = False

    def stepped(self, at_s: float, by: float) -> None:
        """The load changed by a factor: the number jumps with it, and what it did before is no measure for it."""
        self._latest.clear()
        self._all.clear()
        self._settled_from_s = at_s + SETTLES_S
        self._doubt *= max(by, 1 / by) ** _EXPONENT_DOUBT if by > 0 else 1.0

    @property
    def is_settled(self) -> bool:
        """False for a while after the discharge began and after each load step."""
        return self._settled_from_s is not None and self._at_s >= self._settled_from_s

    def _keep(self, at_s: float, work: float, left: float) -> None:
        self._latest.append((at_s, left))
        self.work_left = median(one for _, one in self._latest)
        if self._first is None:
            self._first = self.work_left
        held = self.guard(work)
        if held is None or self.work_left < held or self.work_left <= held * self._doubt:
            # After a load step two ways to reckon with it may differ by that doubt.
            self._guard, self._guard_at_work = self.work_left, work
            self._guard_noise = _NOISE * self.work_left
        if not self.is_settled:
            return
        if len(self._latest) == self._latest.maxlen:
            self._doubt = 1.0
        self._all.add(at_s, work, left)
        self._judge()

    def _judge(self) -> None:
        """Its pace against the clock, once it is off by enough; what was found stays over a load step."""
        off, speed = self._all.off(1.0), self._all.speed()
        if speed is not None:
            was = self.pace
            if abs(off) > _OFF:
                self.pace = speed
            elif was != 1.0 and abs(self._all.off(was)) > _OFF:
                self.pace = 1.0
            if abs(was - 1.0) > _CLEARLY and (was > 1.0) != (self.pace > 1.0):
                self.is_steady = False
        if abs(self._all.bend()) > _BEND:
            self.is_steady = False

    @property
    def less_reserve(self) -> float | None:
        """Full-load seconds left by the report, less what may still be told of an empty battery."""
        if self.work_left is None or self._first is None:
            return None
        return max(0.0, self.work_left - RESERVE * self._first)

    def at_pace(self) -> float | None:
        """Full-load seconds left when it goes on falling as fast as it does; None while it keeps to the clock."""
        left = self.less_reserve
        return left / self.pace if left is not None and self.is_fast else None

    def guard(self, work: float) -> float | None:
        """Full-load seconds left by the lowest believed number, less what was used since; None without one."""
        if self._guard is None:
            return None
        return max(0.0, self._guard - (work - self._guard_at_work))

    @property
    def is_fast(self) -> bool:
        """True when it falls clearly faster than the clock: it promised too much."""
        return self.pace > 1.0

    def why_not(self, work: float, rate: float) -> str:
        """Why the newest number is not believed; empty when it is.

        `none`, `gone`, `zero`, `sentinel`, `frozen`, `uneven`, `fast`, `slow`, `jumped`, `above`.
        """
        if self.raw_s is None or self._at_s - self._told_at_s > GONE_S:
            return "none" if self.raw_s is None else "gone"
        if self.seconds is None:
            return "sentinel" if self.raw_s >= SENTINEL_S else "zero"
        if self._at_s - self._changed_at_s >= max(FROZEN_S, _FROZEN_PART * self.seconds):
            return "frozen"
        if not self.is_steady:
            return "uneven"
        if self.is_fast:
            return "fast"
        held = self.guard(work)
        most = float("inf") if held is None or not self.is_settled else SLACK * held + self._guard_noise
        if self.pace < 1:
            return "slow"
        if self.seconds * rate > most:
            return "jumped" if self._at_s - self._jumped_at_s < JUMP_KEEPS_S else "above"
        return ""
