"""What a UPS showed before: a charge that falls although it says mains, and a runtime that stands still on battery.

One reading cannot tell either. nutdrv_qx may keep an old runtime while it marks its data good (its manual page), and
some models say OL DISCHRG both when they idle and when the mains are gone.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from dutyroom.model.facts import Implausible, Line, UpsFacts
from dutyroom.rules.plausibility import contradicts_itself, flags

# A hold time of 8 h loses 3 percent in this time; a battery that floats loses none.
FALL_WITHIN_S = 900.0
FALL_PERCENT = 2.0
# The coarsest runtimes seen are told in steps of a few minutes.
STILL_S = 600.0
_READINGS = 3


class UpsMemory:
    """The recent charges and the last change of the runtime of one UPS; lives as long as its source."""

    def __init__(self) -> None:
        self._charges: deque[tuple[float, float]] = deque()
        self._runtime: float | None = None
        self._since_s = 0.0
        self._times = 0

    def seen(self, facts: UpsFacts, at_s: float) -> UpsFacts:
        """The facts with what the readings before them tell; `at_s` is a monotonic moment in seconds.

        A contradictory status (`contradicts_itself`) with a falling charge is battery. A runtime that did not change
        for STILL_S on battery is marked `unchanged` and not believed.
        """
        return self._still(self._falling(facts, at_s), at_s)

    def _falling(self, facts: UpsFacts, at_s: float) -> UpsFacts:
        if facts.charge_percent is None or not contradicts_itself(facts.status):
            self._charges.clear()
            return facts
        self._charges.append((at_s, facts.charge_percent))
        while self._charges[0][0] < at_s - FALL_WITHIN_S:
            self._charges.popleft()
        fell = max(charge for _, charge in self._charges) - facts.charge_percent
        return replace(facts, line=Line.BATTERY) if fell >= FALL_PERCENT else facts

    def _still(self, facts: UpsFacts, at_s: float) -> UpsFacts:
        if facts.line is not Line.BATTERY or "CAL" in flags(facts.status) or facts.runtime_s != self._runtime:
            self._runtime, self._since_s, self._times = facts.runtime_s, at_s, 0
        self._times += 1
        # Zero seconds left cannot fall any further.
        if not facts.runtime_s or self._times < _READINGS or at_s - self._since_s < STILL_S:
            return facts
        raw = facts.variable("battery.runtime") or f"{facts.runtime_s:g}"
        mark = Implausible("battery.runtime", raw, "unchanged")
        return replace(facts, runtime_s=None, runtime_basis=None, implausible=(*facts.implausible, mark))
