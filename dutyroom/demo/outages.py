"""The outages and discharge tests of the demo's history, as the watch of those days would have recorded them.

Readings of the simulated room go through the keepers of the real watch, each at its own moment; what people did goes
through the duty functions. Which day has what follows from how long ago it is.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.duty import discharge_tests as test_acts
from dutyroom.duty import maintenance, outages, power_events
from dutyroom.errors import DutyroomError
from dutyroom.model.events import WATCH, Event
from dutyroom.model.outage import CallResult, EventAct
from dutyroom.model.people import Act, Actor, watch_actor
from dutyroom.model.reading import Sample
from dutyroom.model.runtime import DischargeTest
from dutyroom.rules.calls import in_order, subject_of
from dutyroom.store import discharge_tests, ledger
from dutyroom.store import events as event_rows
from dutyroom.store import outages as outage_rows
from dutyroom.watch.discharge_tests import TestKeeper
from dutyroom.watch.outages import OutageKeeper
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.demo.days import DemoDay
    from dutyroom.demo.history import Simulation
    from dutyroom.demo.room import Room
    from dutyroom.store.database import Session

# So many days ago, and every so many days before that: (period, remainder).
FAILED, FLAPPED, BLIP, GAP, TESTED = (9, 3), (9, 5), (9, 7), (9, 8), (12, 6)
# When on such a day, local, and for how many seconds the mains were away; between two stretches they were there.
_AT = (11, 52)
_STRETCHES = {FAILED: ((0, 720),), FLAPPED: ((0, 45), (70, 130), (155, 260)), BLIP: ((0, 2),), GAP: ((240, 900),)}
_READ_EVERY_S = 20
_TEST_AT, _TEST_S, _STOP_PERCENT = (13, 0), 2100, 70.0
_CAUSES = {
    FAILED: N_("The utility's feeder tripped; the second feeder took over. Everything runs again."),
    FLAPPED: N_("The transfer switch went to and fro; the electrician has set it right."),
    GAP: N_("The duty computer was down with the mains; its UPS is to get a new battery."),
}


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The mains away from `began` until `ended` (UTC)."""

    began: datetime
    ended: datetime


def darken(simulation: Simulation, at: Callable[[int, int], datetime], back: int) -> None:
    """Takes the mains from the simulated room for the outages of a day that are long enough to be seen in its history.

    `at` gives the day's local times as UTC.
    """
    for kind in (FAILED, GAP):
        if back % kind[0] == kind[1]:
            _away(simulation, simulation.room, _stretches(at, kind))


def live_through(day: DemoDay) -> None:
    """What happened to the power on that day, if anything. What is on record already stays as it is."""
    if day.simulation is None:
        return
    for kind, happen in ((FAILED, _fail), (FLAPPED, _fail), (BLIP, _fail), (GAP, _gap), (TESTED, _test)):
        if day.is_one(kind):
            with suppress(DutyroomError):
                happen(day, day.simulation, kind)


def _fail(day: DemoDay, simulation: Simulation, kind: tuple[int, int]) -> None:
    stretches = _stretches(day.at, kind)
    began, ended = stretches[0].began, stretches[-1].ended
    if _is_on_record(day, began, ended):
        return
    moments = list(_moments(stretches))
    room, keeper = _dark_room(simulation, stretches), OutageKeeper(day.desk.site)
    with day.desk.store.write() as session:
        found = [
            Event(at, ups, code)
            for one in stretches
            for at, code in ((one.began, "on-battery"), (one.ended, "on-mains"))
            for ups in _upses(day, room)
        ]
        for at in moments:
            with _at(at):
                samples = [_sample(simulation, room, ups, at) for ups in _upses(day, room)]
                found += keeper.take(session, samples)
        event_rows.add(session, sorted(found, key=lambda event: event.at))
    if kind != BLIP:
        _act(day, kind, began, ended)


def _act(day: DemoDay, kind: tuple[int, int], began: datetime, ended: datetime) -> None:
    """Contained, called, reported (once too late), loads switched off and on again, and the closing text."""
    with day.desk.store.read() as session:
        number = outage_rows.between(session, began, ended)[-1].event_id
    desk, first, second = day.desk, day.actor(day.names[0]), day.actor(day.names[1])

    def after(minutes: float) -> datetime:
        return began + timedelta(minutes=minutes)

    contacts = [subject_of(one) for one in in_order(desk.site.contacts)]
    loads = [one.name for one in sorted(desk.site.loads, key=lambda load: load.shed_group or 0) if one.shed_group][:2]
    at = after(1.6)
    power_events.stamp(desk, first, number, EventAct.CONTAINED, at, at, _("On battery, both UPSes hold."))
    for minutes, contact, result in zip(
        (2.5, 4.0), contacts, (CallResult.NO_ANSWER, CallResult.ANSWERED), strict=False
    ):
        at = after(minutes)
        power_events.record_call(desk, first, number, contact, result, at, at)
    if kind == FAILED:
        for minutes, load in zip((5.0, 6.5), loads, strict=False):
            power_events.shed(desk, second, number, load, after(minutes), after(minutes))
        if day.back // kind[0] % 2:
            power_events.say_major(desk, day.actor(day.lead), number, after(9), after(9))
            power_events.stamp(desk, day.actor(day.lead), number, EventAct.AUTHORITY, after(28), after(28))
    else:
        power_events.add_note(desk, second, number, _("Mains come and go."), after(3.5), after(3.5))
    at = after(36 if kind == FLAPPED else 11)
    power_events.stamp(desk, first, number, EventAct.REPORTED, at, at)
    if kind == FAILED:
        for minutes, load in zip((31.0, 32.0), reversed(loads), strict=False):
            power_events.restarted(desk, second, number, load, after(minutes), after(minutes))
    power_events.close(desk, first, number, _(_CAUSES[kind]), after(37))


def _gap(day: DemoDay, simulation: Simulation, kind: tuple[int, int]) -> None:
    """Nobody watched while the mains were away: what is known is what it left behind."""
    since, until = day.at(*_AT), day.at(*_AT) + timedelta(minutes=18)
    if _is_on_record(day, since, until):
        return
    now = until + timedelta(minutes=1)
    params = (("by", f"{(until - since).total_seconds():.1f}"), ("since", since.isoformat(timespec="seconds")))
    with day.desk.store.write() as session:
        event_rows.add(session, [Event(until, WATCH, "watch-gap", params)])
        told = [(ups, ("charge-fell", "recharging")) for ups in day.desk.site.ups if ups.name in simulation.room.upses]
        (one, *_others) = outages.record_gap(session, _watch(), told, (since, until), now)
    actor = day.actor(day.names[0])
    at = now + timedelta(minutes=5)
    power_events.stamp(day.desk, actor, one.event_id, EventAct.CONTAINED, at, at)
    power_events.stamp(day.desk, actor, one.event_id, EventAct.REPORTED, at, at)
    power_events.close(day.desk, actor, one.event_id, _(_CAUSES[kind]), at + timedelta(minutes=1))


def _test(day: DemoDay, simulation: Simulation, _kind: tuple[int, int]) -> None:
    """The battery of the second UPS is discharged on purpose, within planned maintenance, and the result signed."""
    desk, actor, started = day.desk, day.actor(day.names[0]), day.at(*_TEST_AT)
    device = next((ups for ups in reversed(desk.site.ups) if ups.name in simulation.room.upses), None)
    with desk.store.read() as session:
        there = any(one.started_at == started for one in discharge_tests.every(session))
    if device is None or there:
        return
    began = started + timedelta(minutes=2)
    stretches = (_Stretch(began, began + timedelta(seconds=_TEST_S)),)
    room, keeper, last = (
        _dark_room(simulation, stretches),
        TestKeeper(desk.site),
        stretches[0].ended + timedelta(minutes=2),
    )
    reason = _("Yearly discharge test.")
    maintenance.plan(desk, day.actor(day.lead), started, last, [device.name], reason, started - timedelta(minutes=9))
    with desk.store.write() as session:
        begun = DischargeTest(
            device.name, started, actor.name, _STOP_PERCENT, _TEST_S, battery_installed=device.battery_installed
        )
        begun = discharge_tests.add(session, begun)
        ledger.append_row(session, at=started, actor=actor, act=Act.START_TEST, of=begun)
        found = [Event(began, device.name, "on-battery"), Event(stretches[0].ended, device.name, "on-mains")]
        for at in _moments(stretches):
            with _at(at):
                found += keeper.take(session, [_sample(simulation, room, device.name, at)])
        event_rows.add(session, sorted(found, key=lambda event: event.at))
    test_acts.sign(desk, actor, begun.id, day.password, _("Read at the panel too: the same."), last)


def _stretches(at: Callable[[int, int], datetime], kind: tuple[int, int]) -> tuple[_Stretch, ...]:
    began = at(*_AT)
    return tuple(
        _Stretch(began + timedelta(seconds=first), began + timedelta(seconds=last)) for first, last in _STRETCHES[kind]
    )


def _dark_room(simulation: Simulation, stretches: Sequence[_Stretch]) -> Room:
    """The room with the mains away then: a copy, which takes nothing from the one whose history is read."""
    room = copy(simulation.room)
    _away(simulation, room, stretches)
    return room


def _away(simulation: Simulation, room: Room, stretches: Sequence[_Stretch]) -> None:
    for one in stretches:
        # It is dark already when the same days were lived through before.
        with suppress(ValueError):
            room.outage(simulation.seconds(one.began), simulation.seconds(one.ended), speed=1)


def _moments(stretches: Sequence[_Stretch]) -> Iterator[datetime]:
    """When the UPSes were asked: densely where something changes, and until the mains stood for a minute."""
    for number, one in enumerate(stretches):
        yield one.began
        if one.began + timedelta(seconds=2) < one.ended:
            yield one.began + timedelta(seconds=2)
        at = one.began + timedelta(seconds=_READ_EVERY_S)
        while at < one.ended:
            yield at
            at += timedelta(seconds=_READ_EVERY_S)
        back_for = (0, 2) if number + 1 < len(stretches) else (0, 2, 30, 62)
        yield from (one.ended + timedelta(seconds=later_s) for later_s in back_for)


def _sample(simulation: Simulation, room: Room, ups: str, at: datetime) -> Sample:
    return type(simulation)(room, simulation.began_at).sample(ups, at)


def _upses(day: DemoDay, room: Room) -> list[str]:
    return [ups.name for ups in day.desk.site.ups if ups.name in room.upses]


def _is_on_record(day: DemoDay, began: datetime, ended: datetime) -> bool:
    with day.desk.store.read() as session:
        return _told(session, began, ended)


def _told(session: Session, began: datetime, ended: datetime) -> bool:
    codes = ("on-battery", "watch-gap")
    return bool(outage_rows.between(session, began, ended) or event_rows.between(session, codes, began, ended))


def _watch() -> Actor:
    return watch_actor(socket.gethostname())


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """For as long as this lasts it is that moment: what the watch records of the past is of the past."""
    clock.play(lambda: moment)
    try:
        yield
    finally:
        clock.play(None)
