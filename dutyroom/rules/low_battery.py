"""Where a UPS counts as low: its own thresholds where they can be true, else ours.

The LB flag is not dependable: some units never raise it, some raise it at 90 percent because the battery is worn
(NUT issues 2619 and 1942). So charge and runtime are compared here, beside it.
"""

from __future__ import annotations

from dutyroom.model.devices import Ups
from dutyroom.model.facts import UpsFacts
from dutyroom.model.runtime import Thresholds
from dutyroom.rules.plausibility import number

# Own proposal, for a UPS that names no charge at which it is low; NUT has none.
LOW_CHARGE_PERCENT = 20.0
# A threshold above this would call a full battery low.
HIGHEST_CHARGE_PERCENT = 80.0
HIGHEST_RUNTIME_S = 4 * 3600.0


def low_of(facts: UpsFacts | None, device: Ups | None = None) -> Thresholds:
    """The thresholds of a UPS: the higher of what it says and what the site file asks for; charge 20 with neither.

    From `battery.charge.low` (percent) and `battery.runtime.low` (seconds), each only where it is plausible.
    """
    charge = _said(facts, "battery.charge.low", HIGHEST_CHARGE_PERCENT)
    runtime = _said(facts, "battery.runtime.low", HIGHEST_RUNTIME_S)
    charges = [
        value for value in (charge, device.low_charge_percent if device is not None else None) if value is not None
    ]
    runtimes = [value for value in (runtime, device.low_runtime_s if device is not None else None) if value is not None]
    return Thresholds(max(charges, default=LOW_CHARGE_PERCENT), max(runtimes, default=None))


def _said(facts: UpsFacts | None, name: str, highest: float) -> float | None:
    raw = facts.variable(name) if facts is not None else None
    value = number(raw) if raw is not None else None
    return value if value is not None and 0 < value <= highest else None
