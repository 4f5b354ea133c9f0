"""Was there an outage while nobody watched? Asked of what it would have left behind.

A UPS leaves signs of its own: less charge than before, recharging, an uptime that began meanwhile, or it was last seen
on battery. That what it feeds restarted is one too; that something else did is none. Signs prove no time: all that is
known is that it was between the last look before and the first one after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from dutyroom.model.devices import Load
from dutyroom.model.events import Event
from dutyroom.model.facts import UpsFacts
from dutyroom.model.reading import Latest
from dutyroom.rules.outage import Side, side_of
from dutyroom.rules.plausibility import flags, number
from dutyroom.rules.restarts import restart

# A battery at rest loses less than this in weeks.
FALLEN_PERCENT = 5.0
# Where it recharges, less is enough: a full battery recharges from nothing but a discharge.
RECHARGING_PERCENT = 1.0
# So soon after the watch began, every device had time to answer.
SETTLED_S = 60.0
_UPTIMES = ("ups.uptime", "device.uptime")


def signs(
    ups: str, before: Mapping[str, Latest], after: Mapping[str, Latest], loads: Iterable[Load]
) -> tuple[str, ...]:
    """The codes of what an outage of that UPS left behind between two looks; empty when there is nothing.

    `on-battery` (was last seen so, and is on mains now), `charge-fell`, `recharging`, `ups-restarted`,
    `loads-restarted` (of what only it feeds, or at least two of what it feeds).
    """
    was, now = _good(before.get(ups)), _good(after.get(ups))
    found: list[str] = []
    if was is not None and now is not None:
        found += _of_ups(was, now, _passed_s(before[ups], after[ups]))
    fed = [load for load in loads if ups in load.fed_by]
    again = [load for load in fed if _restarted(before.get(load.name), after.get(load.name))]
    if len(again) >= 2 or any(len(load.fed_by) == 1 for load in again):
        found.append("loads-restarted")
    return tuple(found)


def _of_ups(was: UpsFacts, now: UpsFacts, passed_s: float) -> list[str]:
    found: list[str] = []
    if side_of(was) is Side.BATTERY and side_of(now) is Side.MAINS:
        found.append("on-battery")
    if was.charge_percent is not None and now.charge_percent is not None:
        fallen = was.charge_percent - now.charge_percent
        if fallen >= FALLEN_PERCENT:
            found.append("charge-fell")
        if fallen >= RECHARGING_PERCENT and "CHRG" in flags(now.status) and "CHRG" not in flags(was.status):
            found.append("recharging")
    uptime_s = _uptime_s(now)
    if uptime_s is not None and _uptime_s(was) is not None and uptime_s < passed_s:
        found.append("ups-restarted")
    return found


def _good(latest: Latest | None) -> UpsFacts | None:
    return latest.good.ups if latest is not None and latest.good is not None else None


def _passed_s(before: Latest, after: Latest) -> float:
    assert before.good is not None  # the facts came from them
    assert after.good is not None
    return (after.good.at - before.good.at).total_seconds()


def _uptime_s(facts: UpsFacts) -> float | None:
    told = next((text for name in _UPTIMES if (text := facts.variable(name))), None)
    return number(told) if told is not None else None


def _restarted(before: Latest | None, after: Latest | None) -> bool:
    if before is None or after is None or before.good is None or after.good is None:
        return False
    return restart(before.good, after.good) == "restarted"


def gap_of(event: Event) -> tuple[datetime, datetime] | None:
    """The time nobody watched (UTC), as an event `watch-gap` tells it; None for another event."""
    if event.code != "watch-gap":
        return None
    return datetime.fromisoformat(event.param("since")), event.at
