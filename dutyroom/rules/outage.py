"""When does an outage of a UPS begin, what does it come to, and when is it over?

One reading at a time, with what was known before; every moment is that of the reading that told it. Blips and
self-tests begin none: a reading on battery is confirmed by a second one where the input is measured dead, by six
seconds where nothing is known of the input, and by ten where the input is there all the same (a self-test, a blip).
A UPS that is lost while on battery is taken to run out (`upsmon.c`, `is_ups_critical`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from dutyroom.model.events import Boot
from dutyroom.model.facts import Line, UpsFacts
from dutyroom.model.outage import Phase
from dutyroom.model.reading import Sample, State
from dutyroom.model.runtime import Thresholds
from dutyroom.rules.durations import between
from dutyroom.rules.plausibility import flags
from dutyroom.rules.ups_severity import input_feeds

CONFIRMED_S = {"dead": 0.0, "unknown": 6.0, "there": 10.0}
STABLE_S = 60.0
# A driver that fell silent says so itself; a poll that failed once may have been one lost packet.
LOST_AFTER = 2
_SILENT = (State.STALE, State.NO_DRIVER, State.WAIT)
# Some models idle as OL DISCHRG for years: it is a discharge once so many points of charge are gone.
FALLEN_PERCENT = 5.0
_RESTING_S = 600.0


class Side(StrEnum):
    """What a reading says of the mains: `none` is a reading that says nothing of it, or none at all."""

    MAINS = "mains"
    BATTERY = "battery"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment on both clocks."""

    at: datetime
    boot: Boot | None

    def until(self, later: Moment) -> float:
        """Seconds from here to there."""
        return between(self.at, self.boot, later.at, later.boot).seconds


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of one UPS between two readings.

    `first` is the first reading on battery of a stretch that is not confirmed yet (`readings` many so far). `phase` is
    None while no outage runs; `mains_since` the first reading on mains since, `stable_since` the one the minute counts
    from. `battery_at` is the newest reading on battery. `resting` is since when, and from which charge, it has been
    saying OL DISCHRG.
    """

    phase: Phase | None = None
    first: Moment | None = None
    readings: int = 0
    mains_since: Moment | None = None
    stable_since: Moment | None = None
    battery_at: Moment | None = None
    failures: int = 0
    was_low: bool = False
    resting: tuple[Moment, float] | None = None

    @property
    def runs(self) -> bool:
        """True while an outage is open."""
        return self.phase is not None


@dataclass(frozen=True, slots=True)
class Change:
    """What a reading brought: the phase from `at` on; codes in `params` say why.

    `begins`: an outage opens. `ends`: it is over, since `at`. `blip_s`: a stretch on battery that was none, seconds.
    """

    at: Moment
    phase: Phase | None = None
    params: tuple[tuple[str, str], ...] = ()
    begins: bool = False
    ends: bool = False
    blip_s: float | None = None


def take(was: Course, sample: Sample, low: Thresholds, *, tested: bool = False) -> tuple[Course, tuple[Change, ...]]:
    """What is known after a reading, and what it brought. While it is `tested`, being on battery opens no outage."""
    now = Moment(sample.at, sample.boot)
    facts = sample.ups
    if not sample.state.knows or facts is None:
        return _blind(was, sample, now, tested=tested)
    was = replace(was, failures=0, resting=_resting(was.resting, facts, now))
    match _side(facts, was.resting):
        case Side.BATTERY:
            return _on_battery(was, facts, now, low, tested=tested)
        case Side.MAINS:
            return _on_mains(was, now)
        case _:
            return _seen_again(was, facts, now)


def side_of(facts: UpsFacts) -> Side:
    """Mains or battery by one reading alone. A calibration runs on battery and is no outage."""
    return _side(facts, None)


def _side(facts: UpsFacts, resting: tuple[Moment, float] | None) -> Side:
    words = flags(facts.status)
    if "CAL" in words:
        return Side.MAINS
    if facts.line is Line.BATTERY:
        return Side.BATTERY
    if resting is not None and facts.charge_percent is not None and resting[1] - facts.charge_percent >= FALLEN_PERCENT:
        return Side.BATTERY
    return Side.MAINS if facts.line is Line.MAINS else Side.NONE


def _resting(was: tuple[Moment, float] | None, facts: UpsFacts, now: Moment) -> tuple[Moment, float] | None:
    """OL DISCHRG, and a charge that falls meanwhile: on battery after all. Not where the input is measured to feed."""
    words = flags(facts.status)
    if "OL" not in words or "DISCHRG" not in words or "CAL" in words or input_feeds(facts):
        return None
    if facts.charge_percent is None:
        return was
    if was is None or facts.charge_percent > was[1]:
        return now, facts.charge_percent
    # A battery that loses a point a day at rest is not on battery.
    fallen = was[1] - facts.charge_percent >= FALLEN_PERCENT
    return was if fallen or was[0].until(now) <= _RESTING_S else (now, facts.charge_percent)


def _confirmed(first: Moment, readings: int, facts: UpsFacts, now: Moment) -> bool:
    if readings < 2:
        return False
    if facts.input_voltage_v is None:
        needed = CONFIRMED_S["unknown"]
    elif input_feeds(facts) or _tests_itself(facts):
        needed = CONFIRMED_S["there"]
    else:
        needed = CONFIRMED_S["dead"]
    return first.until(now) >= needed


def _tests_itself(facts: UpsFacts) -> bool:
    result = (facts.variable("ups.test.result") or "").casefold()
    return "TEST" in flags(facts.status) or "progress" in result


def _on_battery(
    was: Course, facts: UpsFacts, now: Moment, low: Thresholds, *, tested: bool
) -> tuple[Course, tuple[Change, ...]]:
    if not was.runs:
        if tested:
            return replace(was, first=None, readings=0, battery_at=now), ()
        first, readings = was.first or now, was.readings + 1
        seen = replace(was, first=first, readings=readings, battery_at=now)
        if not _confirmed(first, readings, facts, now):
            return seen, ()
        changes = [Change(first, Phase.ON_BATTERY, begins=True)]
        seen = replace(seen, phase=Phase.ON_BATTERY, first=None, readings=0)
    else:
        changes = []
        seen = replace(was, battery_at=now, mains_since=None, stable_since=None)
        if was.phase is Phase.RESTORED:
            changes.append(Change(now, Phase.ON_BATTERY))
            seen = replace(seen, phase=Phase.ON_BATTERY, was_low=False)
        elif was.phase is Phase.LOST:
            changes.append(Change(now, Phase.FOUND, _unseen(was, now)))
            seen = replace(seen, phase=Phase.LOW if was.was_low else Phase.ON_BATTERY)
    return _worse(seen, facts, now, low, changes)


def _worse(
    seen: Course, facts: UpsFacts, now: Moment, low: Thresholds, changes: list[Change]
) -> tuple[Course, tuple[Change, ...]]:
    """Forced shutdown, or low by whichever threshold comes first."""
    words = flags(facts.status)
    if not words.isdisjoint(("FSD", "OFF")):
        if seen.phase is not Phase.SHUTDOWN:
            why = "FSD" if "FSD" in words else "OFF"
            changes.append(Change(now, Phase.SHUTDOWN, (("by", why),)))
        return replace(seen, phase=Phase.SHUTDOWN, was_low=True), tuple(changes)
    why = ""
    if "LB" in words:
        why = "LB"
    elif low.charge_percent is not None and facts.charge_percent is not None:
        why = "charge" if facts.charge_percent <= low.charge_percent else ""
    if not why and low.runtime_s is not None and facts.runtime_s is not None and facts.runtime_s <= low.runtime_s:
        why = "runtime"
    if why and not seen.was_low:
        changes.append(Change(now, Phase.LOW, (("by", why),)))
        return replace(seen, phase=Phase.LOW, was_low=True), tuple(changes)
    return seen, tuple(changes)


def _on_mains(was: Course, now: Moment) -> tuple[Course, tuple[Change, ...]]:
    if not was.runs:
        if was.first is None:
            return was, ()
        blip = Change(was.first, blip_s=was.first.until(now))
        return replace(was, first=None, readings=0), (blip,)
    if was.phase is not Phase.RESTORED:
        unseen = _unseen(was, now) if was.phase is Phase.LOST else ()
        seen = replace(was, phase=Phase.RESTORED, mains_since=now, stable_since=now)
        return seen, (Change(now, Phase.RESTORED, unseen),)
    began = was.stable_since or now
    if began.until(now) < STABLE_S:
        return replace(was, stable_since=began), ()
    return Course(resting=was.resting), (Change(was.mains_since or began, ends=True),)


def _blind(was: Course, sample: Sample, now: Moment, *, tested: bool) -> tuple[Course, tuple[Change, ...]]:
    failures = was.failures + 1
    lost = sample.state in _SILENT or failures >= LOST_AFTER
    seen = replace(was, failures=failures)
    if not lost or tested:
        return seen, ()
    why = (("state", sample.state.value),)
    if not was.runs:
        if was.first is None:
            return seen, ()
        # Seen on battery once and never again: it is taken to be running out.
        began = Change(was.first, Phase.ON_BATTERY, begins=True)
        return replace(seen, phase=Phase.LOST, first=None, readings=0), (began, Change(now, Phase.LOST, why))
    if was.phase is Phase.RESTORED:
        # Mains was back when it was last seen: no outage, but no minute of mains either.
        return replace(seen, stable_since=None), ()
    if was.phase is Phase.LOST:
        return seen, ()
    return replace(seen, phase=Phase.LOST), (Change(now, Phase.LOST, why),)


def _seen_again(was: Course, facts: UpsFacts, now: Moment) -> tuple[Course, tuple[Change, ...]]:
    """A reading that does not say which side feeds: the outage goes on, and is in sight again."""
    if was.phase is Phase.RESTORED:
        return replace(was, stable_since=None), ()
    changes: list[Change] = []
    if was.phase is Phase.LOST:
        changes.append(Change(now, Phase.FOUND, _unseen(was, now)))
        was = replace(was, phase=Phase.LOW if was.was_low else Phase.ON_BATTERY)
    if was.runs:
        return _worse(was, facts, now, Thresholds(), changes)
    return was, ()


def _unseen(was: Course, now: Moment) -> tuple[tuple[str, str], ...]:
    """For how many seconds nobody saw it."""
    return (("unseen_s", str(round(was.battery_at.until(now)))),) if was.battery_at is not None else ()


def battery_seconds(phases: tuple[tuple[Phase, datetime], ...], ended_at: datetime) -> float:
    """Seconds on battery or out of sight, from the phases of an outage in order until it ended."""
    total, since = 0.0, None
    for phase, at in phases:
        if phase is Phase.RESTORED:
            total += (at - since).total_seconds() if since is not None else 0.0
            since = None
        elif since is None:
            since = at
    return total + ((ended_at - since).total_seconds() if since is not None else 0.0)
