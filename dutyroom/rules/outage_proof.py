"""What an outage proves of its UPS: how long the battery carried the load, and whether that is what is required."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dutyroom.model.outage import Outage, OutageState, Phase, PhaseChange
from dutyroom.model.reading import HoldVerdict
from dutyroom.model.runtime import RuntimeEstimate
from dutyroom.rules.outage import battery_seconds

_SPENT = (Phase.LOW, Phase.SHUTDOWN)


class EndedBy(StrEnum):
    """Mains came back in time, or the battery was low (or a shutdown ordered) by then."""

    MAINS = "mains"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proven. Seconds; None is not known.

    `on_battery_s` counts only the stretches on battery, `to_low_s` those until the battery was low first. `ended_by` is
    None while it runs and for one whose end nobody saw. `verdict` is against `required_s`; an outage that mains ended
    early proves nothing.
    """

    on_battery_s: float | None = None
    to_low_s: float | None = None
    ended_by: EndedBy | None = None
    required_s: float | None = None
    verdict: HoldVerdict = HoldVerdict.NO_EVIDENCE


def proof_of(
    outage: Outage,
    phases: Sequence[PhaseChange],
    required_s: float | None,
    now: datetime,
    left: RuntimeEstimate | None = None,
) -> Proof:
    """What the outage proves at `now` (UTC); `left` is the time left from then on while it runs."""
    if outage.state is OutageState.GAP:
        return Proof(required_s=required_s)
    course = tuple((one.phase, one.at) for one in phases)
    held_s = outage.on_battery_s
    if held_s is None:
        held_s = battery_seconds(course, outage.ended_at or max(now, outage.began_at))
    low_at = next((one.at for one in phases if one.phase in _SPENT), None)
    to_low_s = battery_seconds(tuple(one for one in course if one[1] <= low_at), low_at) if low_at else None
    ended_by = None
    if outage.state is OutageState.CLOSED and phases and phases[-1].phase is Phase.RESTORED:
        ended_by = EndedBy.LOW if _was_low(phases) else EndedBy.MAINS
    return Proof(held_s, to_low_s, ended_by, required_s, _verdict(held_s, required_s, ended_by, left))


def _was_low(phases: Sequence[PhaseChange]) -> bool:
    """True when the last stretch on battery ended with the battery low."""
    low = False
    for one in phases:
        low = one.phase in _SPENT or (low and one.phase is not Phase.ON_BATTERY)
    return low


def _verdict(
    held_s: float, required_s: float | None, ended_by: EndedBy | None, left: RuntimeEstimate | None
) -> HoldVerdict:
    if required_s is None:
        return HoldVerdict.NO_EVIDENCE
    if held_s >= required_s:
        return HoldVerdict.MET
    if ended_by is EndedBy.LOW:
        return HoldVerdict.SHORT
    if ended_by is None and left is not None and left.seconds is not None:
        if held_s + left.seconds >= required_s:
            return HoldVerdict.MET
        return HoldVerdict.NO_EVIDENCE if left.at_least else HoldVerdict.SHORT
    return HoldVerdict.NO_EVIDENCE
