"""The keeper of outages: takes each UPS sample inside the recorder's transaction, so that no outage waits for anything.

Everything it remembers can be read back from the store: a watch that was killed goes on with the same outage.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dutyroom import clock
from dutyroom.duty import outages as acts
from dutyroom.model.devices import Ups
from dutyroom.model.events import Event
from dutyroom.model.facts import UpsFacts
from dutyroom.model.outage import Outage, Phase, PhaseChange
from dutyroom.model.people import Actor, watch_actor
from dutyroom.model.reading import Kind, Sample
from dutyroom.model.runtime import Discharge, DischargeEnd, DischargePoint, Thresholds
from dutyroom.model.site import Site
from dutyroom.rules.low_battery import low_of
from dutyroom.rules.outage import Change, Course, Moment, Side, side_of, take
from dutyroom.rules.runtime import Estimator
from dutyroom.store import discharge_tests, discharges, outages
from dutyroom.store.database import Session

# So far apart readings are kept, closer only where the charge changed so much.
POINT_EVERY_S = 10.0
POINT_EVERY_PERCENT = 0.5

Reading = tuple[Moment, UpsFacts]


@dataclass(slots=True)
class Stretch:
    """One stretch on battery: its discharge, since when, and the estimate that follows it.

    `tail` is the newest reading stored, `kept` the newest that stays.
    """

    discharge: Discharge
    since: Moment
    estimator: Estimator
    kept: DischargePoint | None = None
    tail: DischargePoint | None = None

    def read(self, session: Session, now: Moment, facts: UpsFacts, low: Thresholds) -> None:
        """Takes a reading on battery in."""
        point = _point(self.since.until(now), facts)
        if self.tail is not None and point.at_s <= self.tail.at_s:
            return
        self.estimator.low = low
        left = self.estimator.add(point)
        if self.tail is not None and not self._stays(self.tail):
            discharges.drop_point(session, self.discharge.id, self.tail.at_s)
        else:
            self.kept = self.tail
        discharges.add_points(session, [(self.discharge.id, now.at, point, left)])
        self.tail = point

    def _stays(self, point: DischargePoint) -> bool:
        """True for a reading that is kept when the next one comes."""
        if self.kept is None or point.at_s - self.kept.at_s >= POINT_EVERY_S:
            return True
        was, is_now = self.kept.charge_percent, point.charge_percent
        return (was is None) is not (is_now is None) or (
            was is not None and is_now is not None and abs(was - is_now) >= POINT_EVERY_PERCENT
        )


@dataclass(slots=True)
class Running:
    """An outage that runs, and the stretch on battery it is in (None between two)."""

    outage: Outage
    stretch: Stretch | None = None

    def read(self, session: Session, now: Moment, facts: UpsFacts, low: Thresholds) -> None:
        """Takes a reading on battery in; the first of a stretch begins its discharge."""
        if self.stretch is None:
            self.stretch = _stretch(session, acts.begin_discharge(session, self.outage, now.at), now)
        self.stretch.read(session, now, facts, low)

    def stop(self, session: Session, at: datetime, *, low: bool) -> None:
        """The stretch on battery is over."""
        if self.stretch is not None:
            acts.end_discharge(session, self.stretch.discharge.id, at, low=low)
        self.stretch = None


def _stretch(
    session: Session, discharge: Discharge, since: Moment, earlier: Sequence[Discharge] | None = None
) -> Stretch:
    """Follows a discharge from the readings it has; `earlier` are those of its battery where they are known already."""
    if earlier is None:
        earlier = discharges.of_battery(session, discharge.ups, discharge.battery_installed)
    tail = discharge.points[-1] if discharge.points else None
    return Stretch(discharge, since, Estimator(discharge, earlier), tail, tail)


@dataclass(slots=True)
class Memory:
    """What is known between two batches. `waiting` are the readings of stretches that are not confirmed yet."""

    courses: dict[str, Course] = field(default_factory=dict)
    running: dict[str, Running] = field(default_factory=dict)
    waiting: dict[str, list[Reading]] = field(default_factory=dict)


class OutageKeeper:
    """Opens, follows and closes the outages of a site. `site` may be replaced while it runs."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._memory: Memory | None = None

    def forget(self) -> None:
        """What was taken in last was not stored: everything is read back before the next batch."""
        self._memory = None

    def take(self, session: Session, samples: Sequence[Sample]) -> tuple[Event, ...]:
        """Takes a batch in, in the order it was asked; gives the events to be recorded with it."""
        devices = {ups.name: ups for ups in self.site.ups}
        mine = [sample for sample in samples if sample.kind is Kind.UPS and sample.source in devices]
        if not mine:
            return ()
        memory = self._memory
        if memory is None or not memory.running.keys() <= devices.keys():
            # Read back also when the site file has lost a UPS that is on battery.
            memory = self._memory = _read_back(session, devices)
        on_battery = any(one.ups is not None and side_of(one.ups) is Side.BATTERY for one in mine)
        # Once the mains fail for another one, a test is no explanation any more.
        is_dark = bool(memory.running)
        tested = {one.ups for one in discharge_tests.running(session)} if on_battery and not is_dark else set()
        events: list[Event] = []
        for sample in mine:
            events += _take(session, memory, devices[sample.source], sample, tested=sample.source in tested)
        return tuple(events)


def _take(session: Session, memory: Memory, device: Ups, sample: Sample, *, tested: bool) -> list[Event]:
    facts, now, name = sample.ups, Moment(sample.at, sample.boot), device.name
    was = memory.courses.get(name, Course())
    seen, changes = take(was, sample, low_of(facts, device), tested=tested)
    memory.courses[name] = seen
    reading = (now, facts) if facts is not None and seen.battery_at == now else None
    if reading is not None and not was.runs:
        memory.waiting.setdefault(name, []).append(reading)
    events: list[Event] = []
    for change in changes:
        if change.blip_s is None:
            _keep(session, memory, device, change, seen)
        elif not tested:
            params = (("seconds", f"{change.blip_s:.0f}"),)
            events.append(Event(sample.at, name, "battery-blip", params, sample.boot))
    if seen.first is None:
        memory.waiting.pop(name, None)
    if reading is not None and was.runs:
        memory.running[name].read(session, *reading, low_of(facts, device))
    return events


def _keep(session: Session, memory: Memory, device: Ups, change: Change, seen: Course) -> None:
    actor, now = watch_actor(socket.gethostname()), clock.now()
    if change.begins:
        event_id = next((one.outage.event_id for one in memory.running.values()), None)
        waiting = memory.waiting.get(device.name, [])
        memory.running[device.name] = _begin(session, actor, device, waiting, now, event_id)
        return
    running = memory.running[device.name]
    if change.ends:
        acts.end(session, actor, running.outage, change.at.at, now)
        del memory.running[device.name]
        return
    assert change.phase is not None  # every other change is a phase
    came = PhaseChange(running.outage.id, change.at.at, change.phase, change.params)
    running.outage = acts.change(session, actor, running.outage, came, now)
    if change.phase is Phase.RESTORED:
        running.stop(session, change.at.at, low=seen.was_low)


def _begin(
    session: Session, actor: Actor, device: Ups, readings: list[Reading], now: datetime, event_id: int | None
) -> Running:
    """Opens the outage with the readings since its first one, which were not confirmed until now."""
    first, facts = readings[0]
    earlier = discharges.of_battery(session, device.name, device.battery_installed)
    fresh = Discharge(device.name, first.at, battery_installed=device.battery_installed)
    at_start = Estimator(fresh, earlier, low_of(facts, device)).add(_point(0.0, facts))
    running = Running(acts.begin(session, actor, acts.Begun(device, first, facts, at_start, event_id), now))
    running.stretch = _stretch(session, acts.begin_discharge(session, running.outage, first.at), first, earlier)
    for moment, told in readings:
        running.read(session, moment, told, low_of(told, device))
    return running


def _point(at_s: float, facts: UpsFacts) -> DischargePoint:
    return DischargePoint(at_s, facts.charge_percent, facts.load_percent, facts.runtime_s, facts.battery_voltage_v)


def _read_back(session: Session, devices: Mapping[str, Ups]) -> Memory:
    """What the store holds of the outages that run."""
    memory = Memory()
    open_ones = outages.still_open(session)
    phases = outages.phases(session, [one.id for one in open_ones])
    told = discharges.told_last(session, open_ones)
    for outage in open_ones:
        seen_at = told[outage.id][0] if outage.id in told else None
        if outage.ups not in devices:
            _give_up(session, outage, phases[outage.id][-1], seen_at or outage.began_at)
            continue
        memory.courses[outage.ups] = _course(phases[outage.id], seen_at)
        running = memory.running[outage.ups] = Running(outage)
        begun = next((one for one in discharges.of_outage(session, outage.id) if one.ended_at is None), None)
        if begun is not None:
            running.stretch = _stretch(session, begun, Moment(begun.began_at, None))
    return memory


def _give_up(session: Session, outage: Outage, newest: PhaseChange, seen_at: datetime) -> None:
    """A UPS that is configured no more: its outage ends where it was last seen, and is not said to be restored."""
    actor, now = watch_actor(socket.gethostname()), clock.now()
    if newest.phase is Phase.RESTORED:
        acts.end(session, actor, outage, newest.at, now)
        return
    for begun in discharges.of_outage(session, outage.id):
        if begun.ended_at is None:
            discharges.end(session, begun.id, seen_at, DischargeEnd.STOPPED)
    if newest.phase is not Phase.LOST:
        lost = PhaseChange(outage.id, seen_at, Phase.LOST, (("state", "not-configured"),))
        outage = acts.change(session, actor, outage, lost, now)
    acts.end(session, actor, outage, max(seen_at, newest.at), now)


def _course(phases: Sequence[PhaseChange], battery_at: datetime | None) -> Course:
    newest, low = phases[-1], False
    for one in phases:
        low = one.phase in (Phase.LOW, Phase.SHUTDOWN) or (low and one.phase is not Phase.ON_BATTERY)
    phase = newest.phase
    if phase is Phase.FOUND:
        phase = Phase.LOW if low else Phase.ON_BATTERY
    mains = Moment(newest.at, None) if phase is Phase.RESTORED else None
    battery = Moment(battery_at, None) if battery_at is not None else None
    return Course(phase=phase, mains_since=mains, battery_at=battery, was_low=low)
