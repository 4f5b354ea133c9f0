"""Outages, power events and discharge tests of a period, and whether every UPS lasts as long as is required."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dutyroom.model.outage import CallResult, EventAct, EventStep, Outage, OutageState, PhaseChange, PowerEvent
from dutyroom.model.reading import HoldVerdict
from dutyroom.model.runtime import DischargeTest, RuntimeEstimate, TestState
from dutyroom.report.facts import hold, ups_days
from dutyroom.report.facts.hold import HoldFact
from dutyroom.report.facts.outage_standing import (
    discharge_test_as_of,
    event_as_of,
    outage_as_of,
    stretches,
    within,
)
from dutyroom.report.facts.ups_days import UpsDay
from dutyroom.report.figure import Figure, Shown, ids
from dutyroom.report.frame import Frame
from dutyroom.rules.event_clocks import EventClock, event_clocks
from dutyroom.rules.outage_proof import Proof, proof_of
from dutyroom.store import discharge_tests, discharges, ledger, outages, power_events
from dutyroom.store.database import Session
from dutyroom.words import _


@dataclass(frozen=True, slots=True)
class OutageFact:
    """One outage as it stood at the cut-off. Seconds and percent; None is not known.

    `in_period_s` is the time on battery or out of sight inside the period, None of one that nobody watched. `to_low_s`
    is the time until the battery was low as it was told with the first reading. `duration_s` runs to the end or to the
    cut-off.
    """

    outage: Outage
    phases: tuple[PhaseChange, ...]
    proof: Proof
    in_period_s: float | None = None
    duration_s: float | None = None
    lowest_percent: float | None = None
    load_percent: float | None = None
    to_low_s: float | None = None

    @property
    def is_gap(self) -> bool:
        """True for one that nobody watched."""
        return self.outage.state is OutageState.GAP

    @property
    def held_s(self) -> float | None:
        """What it really held: until the battery was low, else at least the time on battery."""
        return self.proof.to_low_s if self.proof.to_low_s is not None else self.proof.on_battery_s

    @property
    def is_held_known(self) -> bool:
        """True when the battery was low, so that `held_s` is no lower bound."""
        return self.proof.to_low_s is not None

    @property
    def difference_s(self) -> float | None:
        """What it held less what was told at the start: until low where that was told, else until empty."""
        told_s = self.to_low_s if self.to_low_s is not None else self.outage.estimate_at_start_s
        if self.proof.to_low_s is None or told_s is None:
            return None
        return self.proof.to_low_s - told_s


@dataclass(frozen=True, slots=True)
class EventFact:
    """One power event as it stood at the cut-off; without clocks where nobody watched: its beginning is not known."""

    event: PowerEvent
    steps: tuple[EventStep, ...]
    clocks: tuple[EventClock, ...]
    ups: tuple[str, ...]

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return sum(step.act is EventAct.CALLED for step in self.steps)

    @property
    def answered(self) -> int:
        """How many of them were answered."""
        return sum(step.act is EventAct.CALLED and step.result is CallResult.ANSWERED for step in self.steps)

    @property
    def shed(self) -> tuple[str, ...]:
        """The loads that were switched off, each once, in order."""
        return tuple(dict.fromkeys(step.subject for step in self.steps if step.act is EventAct.SHED))

    @property
    def notes(self) -> int:
        """How many lines of the history have a text of their own."""
        return sum(bool(step.note) and step.act is not EventAct.CLOSED for step in self.steps)


@dataclass(frozen=True, slots=True)
class OutageFacts:
    """All about the UPSes and their batteries: `tests` ran or were signed in the period, `days` are by UPS and day."""

    outages: tuple[OutageFact, ...] = ()
    events: tuple[EventFact, ...] = ()
    tests: tuple[DischargeTest, ...] = ()
    hold: tuple[HoldFact, ...] = ()
    days: tuple[UpsDay, ...] = ()

    @property
    def signed_tests(self) -> tuple[DischargeTest, ...]:
        """Those that were signed by the cut-off."""
        return tuple(one for one in self.tests if one.state is TestState.SIGNED)

    def held(self, *verdicts: HoldVerdict) -> tuple[HoldFact, ...]:
        """The UPSes with one of these verdicts."""
        return tuple(one for one in self.hold if one.verdict in verdicts)

    def figures(self) -> tuple[Figure, ...]:
        """The key figures, in the language in force."""
        known = [(one, one.in_period_s) for one in self.outages if one.in_period_s is not None]
        every = ids("outage", (one.outage.id for one in self.outages))
        longest = max(known, key=lambda one: one[1], default=None)
        late = [one for one in self.events if any(clock.is_late for clock in one.clocks)]
        breaches = sum(clock.is_late for one in self.events for clock in one.clocks)
        return (
            Figure("outages.count", _("Outages"), len(self.outages), records=every),
            Figure(
                "outages.on_battery_minutes",
                _("On battery"),
                minutes(sum(seconds for _one, seconds in known)) if known or not self.outages else None,
                Shown.MINUTES,
                ids("outage", (one.outage.id for one, _seconds in known)),
            ),
            Figure(
                "outages.longest_minutes",
                _("Longest outage on battery"),
                minutes(longest[1]) if longest is not None else None,
                Shown.MINUTES,
                ids("outage", [longest[0].outage.id]) if longest is not None else (),
            ),
            Figure(
                "outages.clock_breaches",
                _("Clocks of power events not met"),
                breaches,
                records=ids("power-event", (one.event.id for one in late)),
                is_bad=breaches > 0,
            ),
            self._hold_figure("hold.met", _("UPSes that hold long enough"), HoldVerdict.MET),
            self._hold_figure("hold.short", _("UPSes that do not hold long enough"), HoldVerdict.SHORT),
            self._hold_figure(
                "hold.unknown",
                _("UPSes whose hold time is not proven"),
                HoldVerdict.NO_EVIDENCE,
                HoldVerdict.EVIDENCE_OLD,
            ),
            Figure(
                "outages.tests",
                _("Signed discharge tests"),
                len(self.signed_tests),
                records=ids("discharge-test", (one.id for one in self.signed_tests)),
            ),
        )

    def _hold_figure(self, name: str, label: str, *verdicts: HoldVerdict) -> Figure:
        found = self.held(*verdicts)
        is_bad = bool(found) and HoldVerdict.MET not in verdicts
        records = tuple(record for one in found for record in one.records)
        return Figure(name, label, len(found), records=records, is_bad=is_bad)


def minutes(seconds: float | None) -> float | None:
    """Minutes with one decimal; None is not known."""
    return round(seconds / 60, 1) if seconds is not None else None


def gather(session: Session, frame: Frame) -> OutageFacts:
    """Everything that overlaps the period, as it stood at the cut-off. Raises StoreError."""
    found = _outages(session, frame)
    return OutageFacts(
        outages=found,
        events=_events(session, frame, found),
        tests=_tests(session, frame),
        hold=hold.gather(session, frame),
        days=ups_days.gather(session, frame),
    )


def _outages(session: Session, frame: Frame) -> tuple[OutageFact, ...]:
    every = [one for one in outages.between(session, frame.begins_at, frame.cutoff) if one.began_at < frame.cutoff]
    # What is recorded about the time before only afterwards was not on record when the report was made.
    recorded = ledger.first_at(session, [f"outage:{one.id}" for one in every])
    known = [one for one in every if recorded.get(f"outage:{one.id}", frame.made_at) <= frame.made_at]
    phases = outages.phases(session, [one.id for one in known])
    told = discharges.told_first(session, [one.id for one in known])
    found = (_outage(session, frame, one, phases[one.id], told.get(one.id)) for one in known)
    # The watch closes one a minute after mains came back: on record it may run into a period it was over before.
    return tuple(one for one in found if one.outage.ended_at is None or one.outage.ended_at >= frame.begins_at)


def _outage(
    session: Session, frame: Frame, one: Outage, phases: Sequence[PhaseChange], told: RuntimeEstimate | None
) -> OutageFact:
    stood, so_far = outage_as_of(one, phases, frame.cutoff)
    required_s = next((ups.hold_time_s for ups in frame.site.ups if ups.name == one.ups), None)
    lowest, load = stood.lowest_charge_percent, stood.load_percent
    if stood.state is not OutageState.GAP and stood.on_battery_s is None:
        lowest, load = discharges.extremes(session, one.id, frame.cutoff)
        lowest = lowest if lowest is not None else one.charge_at_start_percent
        load = load if load is not None else one.load_at_start_percent
    is_gap = stood.state is OutageState.GAP
    spans = stretches(stood, so_far, frame.cutoff)
    ended_at = stood.ended_at or frame.cutoff
    return OutageFact(
        outage=stood,
        phases=so_far,
        proof=proof_of(stood, so_far, required_s, frame.cutoff),
        in_period_s=None if is_gap else within(spans, frame.begins_at, frame.cutoff),
        duration_s=None if is_gap else max(0.0, (ended_at - stood.began_at).total_seconds()),
        lowest_percent=lowest,
        load_percent=load,
        to_low_s=told.to_low_s if told is not None else None,
    )


def _events(session: Session, frame: Frame, found: Sequence[OutageFact]) -> tuple[EventFact, ...]:
    numbers = {one.outage.event_id for one in found}
    steps = power_events.steps_of(session, numbers)
    return tuple(
        _event(frame, one, steps[one.id], [out for out in found if out.outage.event_id == one.id])
        for one in power_events.several(session, numbers)
    )


def _event(frame: Frame, one: PowerEvent, steps: Sequence[EventStep], found: Sequence[OutageFact]) -> EventFact:
    stood, so_far = event_as_of(one, steps, frame.cutoff)
    watched = any(not out.is_gap for out in found)
    elapsed_s = max(0.0, (frame.cutoff - stood.began_at).total_seconds())
    return EventFact(
        event=stood,
        steps=so_far,
        clocks=event_clocks(stood, elapsed_s) if watched else (),
        ups=tuple(dict.fromkeys(out.outage.ups for out in found)),
    )


def _tests(session: Session, frame: Frame) -> tuple[DischargeTest, ...]:
    return tuple(
        discharge_test_as_of(one, frame.cutoff)
        for one in discharge_tests.every(session)
        if one.started_at < frame.cutoff
        and (one.ended_at is None or max(one.ended_at, one.signed_at or one.ended_at) >= frame.begins_at)
    )
