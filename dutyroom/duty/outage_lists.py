"""Outages as people look them up: the list, and one with its power event and everything done in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dutyroom.duty.desk import Desk
from dutyroom.errors import EventRefused
from dutyroom.model.events import Boot
from dutyroom.model.outage import EventStep, Outage, OutageState, PhaseChange, PowerEvent
from dutyroom.model.outage_records import Told
from dutyroom.model.runtime import RuntimeEstimate
from dutyroom.outage_board import counted_down
from dutyroom.rules.durations import between
from dutyroom.rules.event_clocks import EventClock, event_clocks
from dutyroom.rules.outage_proof import Proof, proof_of
from dutyroom.rules.shedding import shed_now
from dutyroom.store import discharges, outages, power_events
from dutyroom.store.database import Session
from dutyroom.words import _

# A reading is dated by the watch, which may be a moment ahead of who looks.
_AHEAD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OutageLine:
    """One outage with its phases. Percent; while it is open they come from its discharge, None is not known."""

    outage: Outage
    phases: tuple[PhaseChange, ...] = ()
    lowest_charge_percent: float | None = None
    load_percent: float | None = None


@dataclass(frozen=True, slots=True)
class OutagePage:
    """One outage, what it proves, and its power event.

    `left` is the time left from now on, told at `told_at` (UTC); None when it is over or was never told. `others` are
    the other outages of the event, `off` the names of the loads that are off.
    """

    line: OutageLine
    proof: Proof
    event: PowerEvent
    clocks: tuple[EventClock, ...]
    steps: tuple[EventStep, ...] = ()
    others: tuple[OutageLine, ...] = ()
    off: frozenset[str] = field(default=frozenset())
    left: RuntimeEstimate | None = None
    told_at: datetime | None = None


def listed(desk: Desk, since: datetime | None, now: datetime) -> tuple[OutageLine, ...]:
    """Every outage, or those that were not over at `since` (UTC), by number."""
    with desk.store.read() as session:
        found = outages.every(session) if since is None else outages.between(session, since, now + _AHEAD)
        return outage_lines(session, found)


def event_of(desk: Desk, number: int) -> int:
    """The number of the power event of an outage. Raises EventRefused `not-found`."""
    with desk.store.read() as session:
        return _existing(session, number).event_id


def page(desk: Desk, number: int, now: datetime, boot: Boot | None = None) -> OutagePage:
    """One outage as it stands at `now` (UTC). Raises EventRefused `not-found`."""
    with desk.store.read() as session:
        outage = _existing(session, number)
        event = power_events.get(session, outage.event_id)
        assert event is not None  # a foreign key
        lines = outage_lines(session, outages.of_event(session, event.id))
        steps = power_events.steps(session, event.id)
        told = discharges.told_last(session, [outage]).get(number) if outage.state is OutageState.OPEN else None
    line = next(one for one in lines if one.outage.id == number)
    left = counted_down(Told(*told), (now - told[0]).total_seconds()) if told is not None else None
    required_s = next((ups.hold_time_s for ups in desk.site.ups if ups.name == outage.ups), None)
    return OutagePage(
        line=line,
        proof=proof_of(outage, line.phases, required_s, now, left),
        event=event,
        clocks=event_clocks(event, between(event.began_at, event.began_boot, now, boot).seconds),
        steps=steps,
        others=tuple(one for one in lines if one.outage.id != number),
        off=shed_now(steps),
        left=left,
        told_at=told[0] if told is not None else None,
    )


def outage_lines(session: Session, found: tuple[Outage, ...]) -> tuple[OutageLine, ...]:
    """The outages with their phases, lowest charge and load, as far as they are known."""
    phases = outages.phases(session, [one.id for one in found])
    return tuple(_line(session, one, phases) for one in found)


def _line(session: Session, one: Outage, phases: Mapping[int, tuple[PhaseChange, ...]]) -> OutageLine:
    lowest, load = one.lowest_charge_percent, one.load_percent
    if one.state is OutageState.OPEN:
        lowest, load = discharges.extremes(session, one.id)
    return OutageLine(one, phases[one.id], lowest, load)


def _existing(session: Session, number: int) -> Outage:
    outage = outages.get(session, number)
    if outage is None:
        raise EventRefused(_("There is no outage {number}.").format(number=number), code="not-found")
    return outage
