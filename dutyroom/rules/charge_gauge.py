"""What the charge of a battery tells while it falls, and whether the gauge behind it can be believed.

Many gauges show the battery's voltage in disguise: they fall fast at first, stand for long, and plunge at the end.
Others stand at 100, or fall in three steps. A slope of such a gauge is a number without meaning.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from dutyroom.rules.steadiness import Series
from dutyroom.rules.theil_sen import fall

WINDOW_S = 600.0
LEAST_S = 120.0
LEAST_FALL_PERCENT = 2.0
STUCK_S = 600.0
FULL_PERCENT = 99.5
# More than this between two readings close to each other is no battery.
JUMP_PERCENT = 8.0
JUMP_WITHIN_S = 60.0
# Until then many gauges show the voltage of rest.
SETTLES_S = 60.0
# Enough to see whether it falls steadily.
JUDGED_FALL_PERCENT = 8.0
# What many gauges still show when the battery is empty.
RESERVE_PERCENT = 8.0
_EVERY_S = 10.0
# A charge told in whole percent lies this far from a straight line without meaning anything.
_BEND = 0.04


class ChargeGauge:
    """The charge since the last load step, against full-load seconds (`discharge_work`)."""

    def __init__(self, at_start: float | None = None) -> None:
        self.percent: float | None = None
        self.at_start = at_start
        self.level_since_work = 0.0
        self._window: deque[tuple[float, float, float]] = deque()
        self._all = Series(_EVERY_S)
        self._latest: deque[tuple[float, float]] = deque(maxlen=3)
        self._began_s = 0.0
        self._jumps = 0
        self._uneven = False

    def add(self, at_s: float, work: float, percent: float | None) -> None:
        """Takes a reading in; None is one without a charge."""
        if percent is None:
            return
        if self.at_start is None:
            self.at_start = percent
        if self.percent is None:
            self._began_s = at_s
        elif self._latest and self._jumped(at_s, percent):
            self._jumps += 1
        if self.percent is None or percent < self.percent:
            self.level_since_work = work
        self._latest.append((at_s, percent))
        self.percent = percent
        if at_s - self._began_s >= SETTLES_S:
            self._all.add(at_s, work, percent)
        if not self._window or at_s - self._window[-1][0] >= _EVERY_S:
            self._window.append((at_s, work, percent))
            while self._window[0][0] < at_s - WINDOW_S:
                self._window.popleft()

    def stepped(self) -> None:
        """The load changed: a voltage-shaped charge jumps with it, so what was seen before tells nothing now."""
        self._window.clear()
        self._all.clear()
        self._latest.clear()

    def _jumped(self, at_s: float, percent: float) -> bool:
        before_s, before = self._latest[-1]
        settled = before_s - self._began_s > SETTLES_S
        return settled and at_s - before_s <= JUMP_WITHIN_S and abs(before - percent) > JUMP_PERCENT

    @property
    def is_stuck(self) -> bool:
        """True while it stands at 100 although the battery has carried the load for long."""
        lasted_s = self._latest[-1][0] - self._began_s if self._latest else 0.0
        return self.percent is not None and self.percent >= FULL_PERCENT and lasted_s >= STUCK_S

    @property
    def why_not(self) -> str:
        """Why no slope can be told: `none`, `stuck`, `jumps`, `early`, `uneven`; empty when it can."""
        if self.percent is None:
            return "none"
        if self._jumps:
            return "jumps"
        if self.is_stuck:
            return "stuck"
        if self._all.lasted_s < LEAST_S or self._all.fell < LEAST_FALL_PERCENT:
            return "uneven" if self._uneven else "early"
        self._uneven = self._uneven or self._all.bend() < -_BEND
        return "uneven" if self._uneven else ""

    @property
    def is_judged(self) -> bool:
        """True when enough was seen to tell a steady gauge from the first sag of a voltage."""
        return self._all.fell >= JUDGED_FALL_PERCENT

    def work_left(self, until_percent: float = 0.0) -> float | None:
        """Full-load seconds until the charge is so low, as fast as it fell of late; None where it does not fall.

        Ten minutes of a battery that lasts all day are too short to see a slope: then all since the last load step.
        """
        if self.percent is None:
            return None
        recent = [(work, percent) for _, work, percent in self._window]
        speed = self._all.speed()
        if len(recent) >= 3 and recent[0][1] - recent[-1][1] >= 2 * LEAST_FALL_PERCENT:
            speed = fall(recent)
        if speed is None or speed <= 0:
            return None
        level = median(percent for _, percent in self._latest) if self._latest else self.percent
        return max(0.0, level - until_percent) / speed
