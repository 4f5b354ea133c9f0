"""What the charge of a battery tells while it falls, and whether the gauge behind it can be believed.

Many gauges show the battery's voltage in disguise: they fall fast at first, stand for long, and plunge at the end.
Others stand at 100, or fall in three steps. A slope of such a gauge is a number without meaning.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from dutyroom.rules.theil_sen import fall

WINDOW_S = 600.0
LEAST_S = 120.0
LEAST_FALL_PERCENT = 2.0
STUCK_S = 600.0
FULL_PERCENT = 99.5
# More than this between two readings close to each other is no battery.
JUMP_PERCENT = 8.0
JUMP_WITHIN_S = 60.0
_EVERY_S = 15.0
_KEPT = 80
# Enough to see whether it falls evenly.
_JUDGED_S = 600.0
_JUDGED_FALL_PERCENT = 10.0
_EVEN = 0.75


class ChargeGauge:
    """The charge since the last load step, against full-load seconds (`discharge_work`)."""

    def __init__(self, at_start: float | None = None) -> None:
        self.percent: float | None = None
        self.at_start = at_start
        self.level_since_work = 0.0
        self._window: deque[tuple[float, float, float]] = deque()
        self._all: list[tuple[float, float]] = []
        self._every_s = _EVERY_S
        self._kept_at_s = float("-inf")
        self._all_at_s = float("-inf")
        self._latest: deque[tuple[float, float]] = deque(maxlen=3)
        self._began_s = 0.0
        self._jumps = 0
        self._reset_s: float | None = None

    def add(self, at_s: float, work: float, percent: float | None) -> None:
        """Takes a reading in; None is one without a charge."""
        if percent is None:
            return
        if self.at_start is None:
            self.at_start = percent
        if self.percent is None:
            self._began_s, self._reset_s = at_s, at_s
        elif self._latest and self._jumped(at_s, percent):
            self._jumps += 1
        if self.percent is None or percent < self.percent:
            self.level_since_work = work
        self._latest.append((at_s, percent))
        self.percent = percent
        if at_s - self._kept_at_s >= _EVERY_S:
            self._keep(at_s, work, percent)

    def stepped(self, at_s: float) -> None:
        """The load changed: a voltage-shaped charge jumps with it, so what was seen before tells nothing now."""
        self._window.clear()
        self._all.clear()
        self._latest.clear()
        self._every_s, self._kept_at_s, self._reset_s = _EVERY_S, float("-inf"), at_s

    def _jumped(self, at_s: float, percent: float) -> bool:
        before_s, before = self._latest[-1]
        # The first minute settles: many gauges show the voltage of rest until then.
        settled = before_s - self._began_s > JUMP_WITHIN_S
        return settled and at_s - before_s <= JUMP_WITHIN_S and abs(before - percent) > JUMP_PERCENT

    def _keep(self, at_s: float, work: float, percent: float) -> None:
        self._kept_at_s = at_s
        self._window.append((at_s, work, percent))
        while self._window[0][0] < at_s - WINDOW_S:
            self._window.popleft()
        if not self._all or at_s - self._all_at_s >= self._every_s:
            self._all_at_s = at_s
            self._all.append((work, percent))
        if len(self._all) > _KEPT:
            self._all = self._all[::2]
            self._every_s *= 2

    @property
    def why_not(self) -> str:
        """Why no slope can be told: `none`, `stuck`, `jumps`, `early`, `uneven`; empty when it can."""
        if self.percent is None or self.at_start is None:
            return "none"
        if self._jumps:
            return "jumps"
        lasted = self._latest[-1][0] - self._began_s if self._latest else 0.0
        if self.percent >= FULL_PERCENT and lasted >= STUCK_S:
            return "stuck"
        if self._since_reset_s < LEAST_S or self._fell < LEAST_FALL_PERCENT:
            return "early"
        return "" if self._is_even() else "uneven"

    @property
    def is_judged(self) -> bool:
        """True when enough was seen to tell an even gauge from the first sag of a voltage."""
        return self._since_reset_s >= _JUDGED_S or self._fell >= _JUDGED_FALL_PERCENT

    @property
    def _since_reset_s(self) -> float:
        if self._reset_s is None or not self._latest:
            return 0.0
        return self._latest[-1][0] - self._reset_s

    @property
    def _fell(self) -> float:
        return self._all[0][1] - self.percent if self._all and self.percent is not None else 0.0

    def _recent(self) -> list[tuple[float, float]]:
        return [(work, percent) for _, work, percent in self._window]

    def _is_even(self) -> bool:
        """False while the fall slows down: the sag after the mains went, not the emptying of a battery."""
        if len(self._all) < 4:
            return True
        half = len(self._all) // 2
        early, late = fall(self._all[: half + 1]), fall(self._all[half:])
        return early is None or late is None or early <= 0 or late >= _EVEN * early

    def work_left(self) -> float | None:
        """Full-load seconds until the charge is 0, as fast as it fell of late; None where it does not fall.

        Ten minutes of a battery that lasts all day are too short to see a slope: then all since the last load step.
        """
        if self.percent is None:
            return None
        recent = self._recent()
        is_short = len(recent) < 3 or recent[0][1] - recent[-1][1] < 2 * LEAST_FALL_PERCENT
        speed = fall(self._all if is_short and len(self._all) >= 3 else recent)
        if speed is None or speed <= 0:
            return None
        level = median(percent for _, percent in self._latest) if self._latest else self.percent
        return max(0.0, level) / speed
