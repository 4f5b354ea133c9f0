"""A guided discharge test as a state machine: when it begins, which readings are kept, when to stop, when it ends.

A person discharges the battery at the UPS and switches it back; here is only what follows from the readings. The
bounds are dutyroom's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dutyroom.model.devices import Ups
from dutyroom.model.discharge_test import CONTACT, MAINS, NOT_BEGUN, StopSign
from dutyroom.model.events import Boot, Event
from dutyroom.model.facts import Line, UpsFacts
from dutyroom.model.reading import Sample
from dutyroom.model.runtime import Discharge, DischargeEnd, DischargePoint, DischargeTest, TestState
from dutyroom.rules.discharge_signs import stop_signs
from dutyroom.rules.durations import between
from dutyroom.rules.plausibility import flags
from dutyroom.rules.ups_severity import input_feeds

LOST_S = 60.0
# A test out of sight for so long is over: whatever the battery does now is no longer watched.
GIVE_UP_S = 15 * 60.0
# A test that nobody begins must not hide an outage of the next night.
WAIT_S = 30 * 60.0
POINT_EVERY_S, POINT_EVERY_PERCENT = 10.0, 0.5
# Some models idle in OL DISCHRG for years: only a charge that falls tells that they discharge, one that rises not.
FALLEN_PERCENT = RISEN_PERCENT = 1.0

BEGAN, STOP, INPUT_DEAD = "discharge-began", "discharge-stop", "discharge-input-dead"
LOST, FOUND, ENDED, DROPPED = "discharge-lost", "discharge-found", "discharge-ended", "discharge-dropped"
CODES = (BEGAN, STOP, INPUT_DEAD, LOST, FOUND, ENDED, DROPPED)


class How(StrEnum):
    """By what a reading told that the battery carries the load."""

    LINE = "line"
    CALIBRATION = "calibration"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was read: UTC, and the same on the clock that never steps where it is known."""

    at: datetime
    boot: Boot | None = None

    def until(self, sample: Sample) -> float:
        """Seconds from here to a sample, never less than none."""
        return max(0.0, between(self.at, self.boot, sample.at, sample.boot).seconds)


@dataclass(frozen=True, slots=True)
class Course:
    """A running test with all that the next reading is held against.

    `contact` is the last reading that told its line (the start of the test before the first), `newest` the last one on
    battery and `kept` the last one that was stored; `resting_percent` is the charge before the discharge. `device` is
    the UPS as configured, where it is known.
    """

    test: DischargeTest
    contact: Moment
    discharge: Discharge | None = None
    how: How = How.LINE
    input_fed: bool = False
    input_dead: bool = False
    resting_percent: float | None = None
    newest: DischargePoint | None = None
    kept: DischargePoint | None = None
    met: tuple[StopSign, ...] = ()
    lost: bool = False
    device: Ups | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a test ended: `at` is UTC, `why` a code as in `DischargeTest.stopped_why`."""

    at: datetime
    why: str
    state: TestState = TestState.ENDED


@dataclass(frozen=True, slots=True)
class Step:
    """What one sample led to: the course after it, whether the discharge began, what is to be stored and told."""

    course: Course
    begun: bool = False
    points: tuple[tuple[datetime, DischargePoint], ...] = ()
    events: tuple[Event, ...] = ()
    ending: Ending | None = None


def started(test: DischargeTest) -> Course:
    """The course of a test nothing was read of yet."""
    return Course(test, Moment(test.started_at))


def resumed(test: DischargeTest, discharge: Discharge | None, told: Iterable[Event]) -> Course:
    """The course of a test as the records tell it: its discharge with every point, and the events of its UPS."""
    course = replace(started(test), discharge=discharge)
    if discharge is not None:
        newest = discharge.points[-1] if discharge.points else None
        at = discharge.began_at + timedelta(seconds=discharge.held_s)
        course = replace(course, contact=Moment(at), newest=newest, kept=newest)
    for event in told:
        if event.code == BEGAN:
            course = replace(course, how=How(event.param("by")), input_fed=event.param("input") == "fed")
        elif event.code == STOP:
            course = replace(course, met=(*course.met, StopSign(event.param("sign"))))
        elif event.code == INPUT_DEAD:
            course = replace(course, input_dead=True)
        elif event.code in (LOST, FOUND):
            course = replace(course, lost=event.code == LOST)
    return course


def step(course: Course, sample: Sample) -> Step:
    """What one sample of the UPS under test means."""
    facts = sample.ups if sample.state.knows else None
    if facts is None or (facts.line is Line.UNKNOWN and "CAL" not in flags(facts.status)):
        return _unseen(course, sample)
    return _waiting(course, sample, facts) if course.discharge is None else _discharging(course, sample, facts)


def how_discharging(facts: UpsFacts, resting_percent: float | None) -> How | None:
    """By what a reading tells that the battery carries the load; None when it does not."""
    words = flags(facts.status)
    if facts.line is Line.BATTERY:
        return How.LINE
    if "CAL" in words:
        return How.CALIBRATION
    charge = facts.charge_percent
    if "DISCHRG" not in words or "CHRG" in words or charge is None or resting_percent is None:
        return None
    return How.FLAG if charge <= resting_percent - FALLEN_PERCENT else None


def point_of(facts: UpsFacts, at_s: float) -> DischargePoint:
    """One reading of a discharge."""
    return DischargePoint(at_s, facts.charge_percent, facts.load_percent, facts.runtime_s, facts.battery_voltage_v)


def ended(test: DischargeTest, discharge: Discharge | None, ending: Ending) -> DischargeTest:
    """The test with its result: held to the last reading on battery, charge from and to, mean load."""
    over = replace(test, state=ending.state, ended_at=ending.at, stopped_why=ending.why)
    if discharge is None or not discharge.points:
        return over
    charges = [point.charge_percent for point in discharge.points if point.charge_percent is not None]
    return replace(
        over,
        began_at=discharge.began_at,
        held_s=discharge.held_s,
        charge_from_percent=charges[0] if charges else None,
        charge_to_percent=charges[-1] if charges else None,
        load_percent=mean_load(discharge.points),
    )


def discharge_end(why: str) -> DischargeEnd:
    """How the discharge of a test ended, told by why the test did."""
    return DischargeEnd.LOW if why == StopSign.LOW.value else DischargeEnd.STOPPED


def mean_load(points: Sequence[DischargePoint]) -> float | None:
    """The mean load in percent, each reading for as long as it was the newest; None when none was told."""
    known = [(point.at_s, point.load_percent) for point in points if point.load_percent is not None]
    if not known:
        return None
    ends = [at_s for at_s, _load in known[1:]] + [points[-1].at_s]
    spans = [end - at_s for (at_s, _load), end in zip(known, ends, strict=True)]
    if sum(spans) <= 0:
        return sum(load for _at_s, load in known) / len(known)
    return sum(load * span for (_at_s, load), span in zip(known, spans, strict=True)) / sum(spans)


def _waiting(course: Course, sample: Sample, facts: UpsFacts) -> Step:
    how = how_discharging(facts, course.resting_percent)
    if how is None:
        if Moment(course.test.started_at).until(sample) > WAIT_S:
            return _dropped(course, sample)
        known = [one for one in (course.resting_percent, facts.charge_percent) if one is not None]
        resting = max(known, default=None)
        return Step(replace(course, contact=Moment(sample.at, sample.boot), resting_percent=resting, lost=False))
    test, fed = course.test, input_feeds(facts)
    discharge = Discharge(test.ups, sample.at, test_id=test.id, battery_installed=test.battery_installed)
    begun = replace(
        course, discharge=discharge, how=how, input_fed=fed, contact=Moment(sample.at, sample.boot), lost=False
    )
    told = _event(sample, BEGAN, by=how.value, input="fed" if fed else "dead")
    stepped = _read(begun, sample, facts, 0.0)
    return replace(stepped, begun=True, events=(told, *stepped.events))


def _discharging(course: Course, sample: Sample, facts: UpsFacts) -> Step:
    away_s = course.contact.until(sample)
    newest = course.newest
    before = newest.charge_percent if newest is not None else None
    now = facts.charge_percent
    rose = before is not None and now is not None and now > before + RISEN_PERCENT
    if _carries(course.how, facts, rose=rose) and not (rose and away_s > LOST_S):
        return _read(course, sample, facts, (newest.at_s if newest is not None else 0.0) + away_s)
    if away_s > LOST_S:
        # When it was switched back nobody saw: only what was read on battery counts.
        return _over(course, sample, _last_read(course), CONTACT)
    return _over(course, sample, sample.at, MAINS)


def _carries(how: How, facts: UpsFacts, *, rose: bool) -> bool:
    words = flags(facts.status)
    if facts.line is Line.BATTERY or "CAL" in words:
        return True
    return how is How.FLAG and "DISCHRG" in words and "CHRG" not in words and not rose


def _read(course: Course, sample: Sample, facts: UpsFacts, at_s: float) -> Step:
    """One reading on battery: kept when it says something new, and held against the stop criteria."""
    point, events = point_of(facts, at_s), []
    keep = _is_news(course.kept, point)
    fresh = [sign for sign in stop_signs(course.test, facts, at_s, course.device) if sign not in course.met]
    if course.lost:
        events.append(_event(sample, FOUND))
    events += [_event(sample, STOP, sign=sign.value) for sign in fresh]
    dead = course.input_dead
    if course.input_fed and not dead and facts.input_voltage_v is not None and not input_feeds(facts):
        dead = True
        events.append(_event(sample, INPUT_DEAD))
    after = replace(
        course,
        contact=Moment(sample.at, sample.boot),
        newest=point,
        kept=point if keep else course.kept,
        met=(*course.met, *fresh),
        lost=False,
        input_dead=dead,
    )
    return Step(after, points=((sample.at, point),) if keep else (), events=tuple(events))


def _is_news(kept: DischargePoint | None, point: DischargePoint) -> bool:
    if kept is None or point.at_s - kept.at_s >= POINT_EVERY_S:
        return True
    if point.at_s <= kept.at_s or kept.charge_percent is None or point.charge_percent is None:
        return False
    return abs(kept.charge_percent - point.charge_percent) >= POINT_EVERY_PERCENT


def _unseen(course: Course, sample: Sample) -> Step:
    if course.discharge is None:
        too_long = Moment(course.test.started_at).until(sample) > WAIT_S
        return _dropped(course, sample) if too_long else Step(course)
    away_s = course.contact.until(sample)
    if away_s > GIVE_UP_S:
        return _over(course, sample, _last_read(course), CONTACT)
    if away_s > LOST_S and not course.lost:
        return Step(replace(course, lost=True), events=(_event(sample, LOST),))
    return Step(course)


def _last_read(course: Course) -> datetime:
    assert course.discharge is not None  # only a discharge can be lost
    return course.discharge.began_at + timedelta(seconds=course.newest.at_s if course.newest is not None else 0.0)


def _dropped(course: Course, sample: Sample) -> Step:
    ending = Ending(sample.at, NOT_BEGUN, TestState.ABANDONED)
    return Step(course, events=(_event(sample, DROPPED, why=NOT_BEGUN),), ending=ending)


def _over(course: Course, sample: Sample, at: datetime, why: str) -> Step:
    """The end: the last reading on battery is kept, and what was met first tells why where anything was."""
    why = course.met[0].value if course.met and why == MAINS else why
    last = course.newest
    left = last is not None and last != course.kept
    points = ((course.contact.at, last),) if left and last is not None else ()
    return Step(course, points=points, events=(_event(sample, ENDED, why=why),), ending=Ending(at, why))


def _event(sample: Sample, code: str, **params: str) -> Event:
    return Event(sample.at, sample.source, code, tuple(params.items()), sample.boot)
