"""May this battery be discharged on purpose now? What data confirm, what only a person can, what they contradict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dutyroom.model.devices import Load, Ups
from dutyroom.model.discharge_test import CheckState, StartCheck, StartItem
from dutyroom.model.facts import Line, UpsFacts
from dutyroom.model.loads import SupplyState, UpsNow
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.reading import Latest
from dutyroom.model.site import Site
from dutyroom.rules.freshness import is_fresh
from dutyroom.rules.loads import supply_state
from dutyroom.rules.low_battery import low_of
from dutyroom.rules.maintenance import running as window_of
from dutyroom.rules.plausibility import flags
from dutyroom.rules.sources import interval_of

FULL_PERCENT = 95.0
# Below this the rest is a reserve nobody should plan with.
LEAST_STOP_PERCENT, MOST_STOP_PERCENT = 10.0, 95.0
LONGEST_S = 24 * 3600.0
_UNWELL = ("FSD", "OFF", "BYPASS", "OVER", "ALARM", "LB", "HB", "CAL")


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the UPS itself: is it watched, which outages and tests run, what maintenance is planned."""

    watched: bool
    outages: Collection[str] = ()
    tests: Collection[str] = ()
    windows: Sequence[MaintenanceWindow] = ()


def start_checks(
    site: Site, ups: str, latest: Mapping[str, Latest], around: Around, now: datetime
) -> tuple[StartCheck, ...]:
    """The checklist of a discharge test, in the order it is read."""
    facts = facts_now(site, ups, latest, now)
    lines = [_flag(StartItem.WATCH, confirmed=around.watched), _flag(StartItem.READING, confirmed=facts is not None)]
    if facts is not None:
        lines += [_mains(facts), _full(facts), _well(facts)]
    names = ", ".join(site.label_of(name) for name in around.outages)
    lines.append(_flag(StartItem.OUTAGE, confirmed=not around.outages, value=names))
    names = ", ".join(site.label_of(name) for name in around.tests)
    lines.append(_flag(StartItem.TEST, confirmed=not around.tests, value=names))
    lines.append(_feeds(site, ups, latest, now))
    lines.append(StartCheck(StartItem.PERSON, CheckState.ASKED))
    window = window_of(around.windows, ups, now)
    if window is not None:
        lines.append(StartCheck(StartItem.AGREED, CheckState.CONFIRMED, "planned", window.reason))
    else:
        lines.append(StartCheck(StartItem.AGREED, CheckState.ASKED))
    return tuple(lines)


def why_not_stop_at(facts: UpsFacts | None, device: Ups, stop_charge_percent: float, stop_after_s: float | None) -> str:
    """Empty, or a code why these stop criteria are none: `charge-range`, `charge-low`, `charge-now`, `time-range`."""
    if not LEAST_STOP_PERCENT <= stop_charge_percent <= MOST_STOP_PERCENT:
        return "charge-range"
    if stop_after_s is not None and not 60.0 <= stop_after_s <= LONGEST_S:
        return "time-range"
    if facts is None:
        return ""
    low = low_of(facts, device).charge_percent
    if low is not None and stop_charge_percent <= low:
        return "charge-low"
    if facts.charge_percent is not None and facts.charge_percent <= stop_charge_percent:
        return "charge-now"
    return ""


def facts_now(site: Site, ups: str, latest: Mapping[str, Latest], now: datetime) -> UpsFacts | None:
    """What a UPS says now; None when it does not, or when what it said is too old."""
    found = latest.get(ups)
    if found is None or not found.sample.state.knows or found.sample.ups is None:
        return None
    age_s = (now - found.sample.at).total_seconds()
    return found.sample.ups if is_fresh(age_s, interval_of(site, ups)) else None


def upses_now(site: Site, latest: Mapping[str, Latest], now: datetime) -> dict[str, UpsNow]:
    """Every UPS as far as its loads are concerned."""
    made = {}
    for ups in site.ups:
        facts = facts_now(site, ups.name, latest, now)
        last = latest.get(ups.name)
        good = last.good if last is not None else None
        if facts is not None:
            off = "OFF" in flags(facts.status)
            made[ups.name] = UpsNow(facts.line, facts.runtime_s, load_percent=facts.load_percent, off=off)
        elif good is not None and good.ups is not None:
            made[ups.name] = UpsNow(good.ups.line, known=False)
    return made


def _flag(item: StartItem, *, confirmed: bool, value: str = "") -> StartCheck:
    return StartCheck(item, CheckState.CONFIRMED if confirmed else CheckState.REFUSED, value=value)


def _mains(facts: UpsFacts) -> StartCheck:
    state = CheckState.CONFIRMED if facts.line is Line.MAINS else CheckState.REFUSED
    return StartCheck(StartItem.MAINS, state, value=facts.line.value)


def _full(facts: UpsFacts) -> StartCheck:
    if facts.charge_percent is None:
        return StartCheck(StartItem.FULL, CheckState.ASKED, "unknown")
    return _flag(StartItem.FULL, confirmed=facts.charge_percent >= FULL_PERCENT, value=f"{int(facts.charge_percent)} %")


def _well(facts: UpsFacts) -> StartCheck:
    words = [word for word in _UNWELL if word in flags(facts.status)]
    if words or facts.alarm:
        told = " ".join([*words, facts.alarm or ""]).strip()
        return StartCheck(StartItem.WELL, CheckState.REFUSED, value=told)
    if "RB" in flags(facts.status):
        return StartCheck(StartItem.WELL, CheckState.ASKED, "replace", "RB")
    return StartCheck(StartItem.WELL, CheckState.CONFIRMED)


def _feeds(site: Site, ups: str, latest: Mapping[str, Latest], now: datetime) -> StartCheck:
    """Every load of this UPS is to stand without it: enough of its other feeds are on mains."""
    upses = upses_now(site, latest, now)
    hang = [load for load in site.loads if ups in load.fed_by]
    if not hang:
        return StartCheck(StartItem.FEEDS, CheckState.ASKED, "none-named")
    others = {load.name: [supply_state(upses.get(name)) for name in load.fed_by if name != ups] for load in hang}
    failing = [load for load in hang if {SupplyState.BATTERY, SupplyState.GONE} & set(others[load.name])]
    if failing:
        return StartCheck(StartItem.FEEDS, CheckState.REFUSED, "failing", _labels(failing))
    alone = [load for load in hang if len(others[load.name]) < load.needs]
    if alone:
        return StartCheck(StartItem.FEEDS, CheckState.ASKED, "alone", _labels(alone))
    unknown = [load for load in hang if others[load.name].count(SupplyState.MAINS) < load.needs]
    if unknown:
        return StartCheck(StartItem.FEEDS, CheckState.ASKED, "unknown", _labels(unknown))
    return StartCheck(StartItem.FEEDS, CheckState.CONFIRMED, value=_labels(hang))


def _labels(loads: Sequence[Load]) -> str:
    return ", ".join(load.label for load in loads)
