"""When to stop a discharge test, and how long until then? The bounds are dutyroom's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dutyroom.model.devices import Ups
from dutyroom.model.discharge_test import StopSign
from dutyroom.model.facts import UpsFacts
from dutyroom.model.runtime import DischargePoint, DischargeTest
from dutyroom.rules.low_battery import low_of
from dutyroom.rules.plausibility import flags

HOT_C = 45.0
FULL_LOAD_PERCENT = 100.0
# A rate of fall is told from no less than this, and from no more than the last minutes.
LEAST_S, LEAST_PERCENT, LATELY_S = 120.0, 2.0, 900.0
# A UPS on battery calls that an alarm; in a test it is none.
_EXPECTED = re.compile(
    r"batter(?:y|ies) in use|on battery|discharg|(?:utility|mains|input|line|ac)\b.*\b(?:fail|lost|bad|out|off)"
)


def stop_signs(test: DischargeTest, facts: UpsFacts, held_s: float, device: Ups | None = None) -> tuple[StopSign, ...]:
    """Every stop criterion one reading on battery meets, the most urgent first."""
    words, charge = flags(facts.status), facts.charge_percent
    threshold = low_of(facts, device)
    low_charge, low_runtime = threshold.charge_percent, threshold.runtime_s
    low = "LB" in words or "FSD" in words
    low = low or (charge is not None and low_charge is not None and charge <= low_charge)
    low = low or (facts.runtime_s is not None and low_runtime is not None and facts.runtime_s <= low_runtime)
    alarm = bool(facts.alarm) and not _EXPECTED.search((facts.alarm or "").casefold())
    met = {
        StopSign.LOW: low,
        StopSign.CHARGE: charge is not None and charge <= test.stop_charge_percent,
        StopSign.TIME: test.stop_after_s is not None and held_s >= test.stop_after_s,
        StopSign.LOAD: "OVER" in words or (facts.load_percent or 0.0) > FULL_LOAD_PERCENT,
        StopSign.ALARM: alarm or not words.isdisjoint(("RB", "BYPASS", "OFF")),
        StopSign.TEMPERATURE: facts.temperature_c is not None and facts.temperature_c >= HOT_C,
    }
    return tuple(sign for sign, is_met in met.items() if is_met)


def to_stop_s(test: DischargeTest, points: Sequence[DischargePoint]) -> float | None:
    """Seconds from the newest reading until the stop charge or the stop time, whichever is first; an estimate.

    The charge is taken to fall as it fell lately. None while neither can be told.
    """
    if not points:
        return None
    held_s = points[-1].at_s
    left = [] if test.stop_after_s is None else [max(0.0, test.stop_after_s - held_s)]
    lately = [(one.at_s, one.charge_percent) for one in points if one.charge_percent is not None]
    lately = [one for one in lately if held_s - one[0] <= LATELY_S]
    if lately:
        (first_s, first), (last_s, last) = lately[0], lately[-1]
        if last_s - first_s >= LEAST_S and first - last >= LEAST_PERCENT:
            rate = (first - last) / (last_s - first_s)
            left.append(max(0.0, (last - test.stop_charge_percent) / rate - (held_s - last_s)))
    return min(left, default=None)
