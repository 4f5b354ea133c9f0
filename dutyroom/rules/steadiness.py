"""Does something fall steadily? What a battery loses is steady at a steady load; what a voltage shows is not."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from dutyroom.rules.theil_sen import fall

_KEPT = 60
# As many groups, each with its median: noise wanders, so it is looked at how far a line is missed, not how steeply.
_GROUPS = 5
_LEAST_SAMPLES = 2 * _GROUPS


class Series:
    """A value against full-load seconds, since the last load step."""

    def __init__(self, every_s: float) -> None:
        self._first_every_s = self._every_s = every_s
        self._rows: list[tuple[float, float]] = []
        self._times: list[float] = []
        self._groups: list[tuple[float, float]] | None = None
        self._speed: float | None = None

    def clear(self) -> None:
        """Begins anew."""
        self._rows.clear()
        self._times.clear()
        self._every_s, self._groups, self._speed = self._first_every_s, None, None

    def add(self, at_s: float, work: float, value: float) -> None:
        """Takes a reading in; of many, evenly spaced ones are kept."""
        if self._times and at_s - self._times[-1] < self._every_s:
            return
        self._times.append(at_s)
        self._rows.append((work, value))
        self._groups = self._speed = None
        if len(self._rows) > _KEPT:
            self._rows, self._times = self._rows[::2], self._times[::2]
            self._every_s *= 2

    @property
    def lasted_s(self) -> float:
        """Seconds from the first to the last that is kept."""
        return self._times[-1] - self._times[0] if self._times else 0.0

    @property
    def fell(self) -> float:
        """By how much it fell since the first."""
        return self._rows[0][1] - self._rows[-1][1] if self._rows else 0.0

    def speed(self) -> float | None:
        """How much it falls per full-load second, over the fifths of its time; None with too few readings."""
        groups = self.groups()
        if self._speed is None and groups:
            self._speed = fall(groups)
        return self._speed

    def groups(self) -> list[tuple[float, float]]:
        """Median work and value of each fifth of the time; none with too few readings."""
        if self._groups is None:
            count = len(self._rows)
            self._groups = []
            if count >= _LEAST_SAMPLES:
                edges = [round(place * count / _GROUPS) for place in range(_GROUPS + 1)]
                for begin, end in pairwise(edges):
                    rows = self._rows[begin:end]
                    self._groups.append((median(work for work, _ in rows), median(value for _, value in rows)))
        return self._groups

    def off(self, speed: float) -> float:
        """By what part of its first value it fell more than at this speed; below 0: less."""
        groups = self.groups()
        if not groups or groups[0][1] <= 0:
            return 0.0
        (first_work, first), (last_work, last) = groups[0], groups[-1]
        return (first - last - speed * (last_work - first_work)) / first

    def bend(self) -> float:
        """How far its course lies from a straight line, as a part of its value between the first and there.

        Below 0 it fell faster at first, as a voltage does when the load comes; above 0 it falls faster and faster.
        """
        groups = self.groups()
        if not groups or groups[-1][0] <= groups[0][0]:
            return 0.0
        (first_work, first), (last_work, last) = groups[0], groups[-1]
        most = 0.0
        for work, value in groups[1:-1]:
            line = first + (last - first) * (work - first_work) / (last_work - first_work)
            level = (first + line) / 2
            if level > 0 and abs(value - line) / level > abs(most):
                most = (value - line) / level
        return most
