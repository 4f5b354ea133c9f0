"""The power event as it stands at one moment: a pure function of the site, what the store holds, and now.

The outage screen, the board and `outages show` all show this same value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from dutyroom.model.devices import Ups
from dutyroom.model.events import Boot
from dutyroom.model.facts import Line
from dutyroom.model.loads import LoadNow, RestartStep, ShedStep, UpsNow
from dutyroom.model.outage import EventAct, EventState, EventStep, Outage, OutageState, Phase, PhaseChange, PowerEvent
from dutyroom.model.outage_records import EventRecords, Told
from dutyroom.model.reading import HoldVerdict, Latest
from dutyroom.model.room import RoomRecords
from dutyroom.model.runtime import RuntimeEstimate
from dutyroom.model.site import Site
from dutyroom.rules.calls import CallLine, NextCall, call_lines, next_call
from dutyroom.rules.durations import between
from dutyroom.rules.event_clocks import EventClock, event_clocks
from dutyroom.rules.heat import Heat, heat
from dutyroom.rules.loads import loads_now, restart_steps, shed_steps
from dutyroom.rules.plausibility import flags
from dutyroom.rules.shedding import shed_now


class Standing(StrEnum):
    """How one UPS of the event stands now."""

    BATTERY = "battery"
    LOW = "low"
    LOST = "lost"
    SHUTDOWN = "shutdown"
    RESTORED = "restored"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class UpsLine:
    """One UPS of the event. Seconds, percent; None is not known.

    `on_battery_s` is since its mains failed; `left` the time left from now (counted down since its last reading, which
    is `age_s` old); `short_by_s` how much it misses of what is required of it, negative for what is to spare.
    """

    outage: Outage
    label: str
    standing: Standing
    on_battery_s: float
    age_s: float | None
    left: RuntimeEstimate
    charge_percent: float | None
    load_percent: float | None
    lowest_charge_percent: float | None
    required_s: float
    verdict: HoldVerdict
    short_by_s: float | None

    @property
    def is_critical(self) -> bool:
        """True while it is low, shut down or out of sight on battery."""
        return self.standing in (Standing.LOW, Standing.LOST, Standing.SHUTDOWN)


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of what happened: a phase of a UPS (`ups` is its label) or what somebody did."""

    at: datetime
    phase: PhaseChange | None = None
    ups: str = ""
    step: EventStep | None = None


@dataclass(frozen=True, slots=True)
class OutageBoard:
    """Everything the outage screen says. `upses` by the least time left, those that are over last.

    `of_total` is how many UPSes the site has, `on_battery` how many of them are without mains now. `elapsed_s` is
    since the event began. `cooling_ok` is False when mains is lost: air conditioners usually hang on mains.
    """

    at: datetime
    event: PowerEvent
    elapsed_s: float
    on_battery: int
    of_total: int
    upses: tuple[UpsLine, ...]
    clocks: tuple[EventClock, ...]
    calls: tuple[CallLine, ...]
    next_call: NextCall | None
    loads: tuple[LoadNow, ...]
    shedding: tuple[ShedStep, ...]
    heat: Heat | None
    timeline: tuple[TimelineLine, ...]
    restart: tuple[tuple[RestartStep, bool], ...]

    @property
    def worst(self) -> UpsLine | None:
        """The UPS with the least time, of those still without mains."""
        return next((one for one in self.upses if one.standing not in (Standing.RESTORED, Standing.OVER)), None)

    @property
    def is_over(self) -> bool:
        """True when mains is back everywhere and the closing text is owed."""
        return self.event.state is not EventState.RUNNING


def make_outage_board(site: Site, records: RoomRecords, now: datetime, boot: Boot | None = None) -> OutageBoard | None:
    """The power event at `now` (UTC); None when there is none that is not closed."""
    power = records.power
    if power is None:
        return None
    event = power.event
    devices = {ups.name: ups for ups in site.ups}
    lines = [_ups_line(devices.get(one.ups), one, power, now, boot) for one in power.outages]
    lines.sort(key=_place)
    shed = shed_now(power.steps)
    upses = {ups.name: _ups_now(ups, records.latest.get(ups.name), lines) for ups in site.ups}
    end = event.restored_at or now
    elapsed = between(event.began_at, event.began_boot, now, boot).seconds
    return OutageBoard(
        at=now,
        event=event,
        elapsed_s=elapsed if event.restored_at is None else (end - event.began_at).total_seconds(),
        on_battery=sum(one.standing not in (Standing.RESTORED, Standing.OVER) for one in lines),
        of_total=len(site.ups),
        upses=tuple(lines),
        clocks=event_clocks(event, elapsed),
        calls=call_lines(site.contacts, power.steps),
        next_call=next_call(site.contacts, power.steps, event.began_at, now),
        loads=loads_now(site.loads, upses, shed),
        shedding=shed_steps(site, upses, shed),
        heat=heat(power.temperatures, now),
        timeline=_timeline(power, devices),
        restart=_restart(site, power),
    )


def with_time_left(records: RoomRecords) -> RoomRecords:
    """The records with the time left that is believed in the place of what a UPS on battery reports.

    Everything that shows a runtime then shows the same one; where there is no basis there is no number, and none where
    there is a lower bound only: whatever takes it for a time would call too short what is only not known.
    """
    power = records.power
    if power is None or power.event.state is not EventState.RUNNING:
        return records
    latest = dict(records.latest)
    for outage in power.outages:
        told, known = power.told.get(outage.id), latest.get(outage.ups)
        facts = known.sample.ups if known is not None else None
        if outage.state is not OutageState.OPEN or told is None or known is None or facts is None:
            continue
        if facts.line is not Line.BATTERY:
            continue
        left = counted_down(told, (known.sample.at - told.at).total_seconds())
        known_s, basis = (None, None) if left.at_least else (left.seconds, left.basis)
        believed = replace(facts, runtime_s=known_s, runtime_basis=basis)
        sample = replace(known.sample, ups=believed)
        latest[outage.ups] = replace(known, sample=sample, good=sample)
    return replace(records, latest=latest)


def counted_down(told: Told, passed_s: float) -> RuntimeEstimate:
    """The time left `passed_s` seconds after it was told: never below zero, and never more than was told."""
    left = told.left
    passed_s = max(0.0, passed_s)
    return replace(
        left,
        seconds=None if left.seconds is None else max(0.0, left.seconds - passed_s),
        to_low_s=None if left.to_low_s is None else max(0.0, left.to_low_s - passed_s),
    )


def standing_of(outage: Outage, phases: tuple[PhaseChange, ...]) -> Standing:
    """How an outage stands after its phases."""
    if outage.state is not OutageState.OPEN:
        return Standing.OVER
    standing = Standing.BATTERY
    before_lost = standing
    for change in phases:
        if change.phase is Phase.LOST:
            before_lost, standing = standing, Standing.LOST
        elif change.phase is Phase.FOUND:
            standing = before_lost
        else:
            standing = _STANDINGS[change.phase]
    return standing


_STANDINGS = {
    Phase.ON_BATTERY: Standing.BATTERY,
    Phase.LOW: Standing.LOW,
    Phase.SHUTDOWN: Standing.SHUTDOWN,
    Phase.RESTORED: Standing.RESTORED,
}


def _ups_line(device: Ups | None, outage: Outage, power: EventRecords, now: datetime, boot: Boot | None) -> UpsLine:
    told = power.told.get(outage.id)
    standing = standing_of(outage, power.phases.get(outage.id, ()))
    age_s = (now - told.at).total_seconds() if told is not None else None
    end = outage.ended_at
    if standing is Standing.RESTORED:
        end = next((one.at for one in reversed(power.phases[outage.id]) if one.phase is Phase.RESTORED), None)
    held_s = (
        (end - outage.began_at).total_seconds()
        if end is not None
        else between(outage.began_at, outage.began_boot, now, boot).seconds
    )
    required_s = device.hold_time_s if device is not None else 0.0
    is_running = standing not in (Standing.RESTORED, Standing.OVER)
    left = counted_down(told, age_s or 0.0) if told is not None and is_running else RuntimeEstimate()
    verdict, short_by_s = HoldVerdict.NO_EVIDENCE, None
    if is_running and left.seconds is not None:
        short_by_s = required_s - (held_s + left.seconds)
        if short_by_s <= 0:
            verdict = HoldVerdict.MET
        elif not left.at_least:
            verdict = HoldVerdict.SHORT
    elif held_s >= required_s:
        verdict, short_by_s = HoldVerdict.MET, required_s - held_s
    return UpsLine(
        outage=outage,
        label=device.label if device is not None else outage.ups,
        standing=standing,
        on_battery_s=held_s,
        age_s=age_s,
        left=left,
        charge_percent=told.point.charge_percent if told is not None else outage.charge_at_start_percent,
        load_percent=told.point.load_percent if told is not None else outage.load_at_start_percent,
        lowest_charge_percent=power.lowest.get(outage.id, outage.lowest_charge_percent),
        required_s=required_s,
        verdict=verdict,
        short_by_s=short_by_s,
    )


def _place(line: UpsLine) -> tuple[bool, float, float]:
    """Those without mains first; the one whose end nobody knows before any with a number; then the least time."""
    left = line.left.seconds
    return (line.standing in (Standing.RESTORED, Standing.OVER), -1.0 if left is None else left, line.outage.id)


def _ups_now(ups: Ups, latest: Latest | None, lines: list[UpsLine]) -> UpsNow:
    line = next((one for one in lines if one.outage.ups == ups.name and one.standing is not Standing.OVER), None)
    facts = latest.sample.ups if latest is not None and latest.sample.state.knows else None
    known = facts is not None
    if facts is None and latest is not None and latest.good is not None:
        facts = latest.good.ups
    side = facts.line if facts is not None else Line.UNKNOWN
    if line is not None and line.standing is not Standing.RESTORED:
        side = Line.BATTERY
    load = facts.load_percent if facts is not None else None
    return UpsNow(
        line=side,
        runtime_s=line.left.seconds if line is not None else None,
        at_least=line.left.at_least if line is not None else False,
        load_percent=load if load is not None or line is None else line.load_percent,
        known=known,
        off=facts is not None and "OFF" in flags(facts.status),
    )


def _timeline(power: EventRecords, devices: dict[str, Ups]) -> tuple[TimelineLine, ...]:
    labels = {one.id: devices[one.ups].label if one.ups in devices else one.ups for one in power.outages}
    lines = [
        TimelineLine(change.at, phase=change, ups=labels.get(number, ""))
        for number, changes in power.phases.items()
        for change in changes
    ]
    lines += [TimelineLine(step.at, step=step) for step in power.steps]
    return tuple(sorted(lines, key=lambda line: line.at))


def _restart(site: Site, power: EventRecords) -> tuple[tuple[RestartStep, bool], ...]:
    done = {step.subject for step in power.steps if step.act is EventAct.RESTARTED}
    return tuple((step, step.name in done) for step in restart_steps(site))
