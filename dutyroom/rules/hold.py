"""Does a UPS last as long as is required of it?"""

from __future__ import annotations

from dutyroom.model.facts import Line, UpsFacts
from dutyroom.model.reading import HoldVerdict
from dutyroom.rules.plausibility import flags

# A runtime reported while the battery still recharges is not the design value.
FULL_ENOUGH_PERCENT = 95.0


def hold_verdict(facts: UpsFacts, required_s: float, on_battery_s: float | None = None) -> HoldVerdict:
    """Met or short from the reported runtime; no evidence where it cannot be trusted.

    On mains the number counts only with the battery full. On battery the time already held is added; when it is not
    known since when (`on_battery_s` is None), there is no evidence. On bypass or with the output off the battery
    carries nothing, whatever its runtime says.
    """
    if facts.runtime_s is None or not flags(facts.status).isdisjoint(("BYPASS", "OFF")):
        return HoldVerdict.NO_EVIDENCE
    if facts.line is Line.BATTERY:
        if on_battery_s is None:
            return HoldVerdict.NO_EVIDENCE
        held = facts.runtime_s + on_battery_s
    elif facts.line is Line.MAINS and facts.charge_percent is not None and facts.charge_percent >= FULL_ENOUGH_PERCENT:
        held = facts.runtime_s
    else:
        return HoldVerdict.NO_EVIDENCE
    return HoldVerdict.MET if held >= required_s else HoldVerdict.SHORT
