"""Discharge tests while they run: their readings are taken by themselves, and they end by themselves.

Everything is written within the recorder's transaction. What is kept in memory follows from the store: after a restart,
and after a transaction that failed, it is read from there again. While no test runs, the store is asked once a second.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dutyroom import clock
from dutyroom.duty.discharge_tests import end, told_of
from dutyroom.model.events import Event
from dutyroom.model.people import Act, watch_actor
from dutyroom.model.reading import Kind, Sample
from dutyroom.model.runtime import Discharge, Thresholds
from dutyroom.model.site import Site
from dutyroom.rules.discharge_test import Course, Step, resumed, step
from dutyroom.rules.low_battery import low_of
from dutyroom.rules.runtime import Estimator
from dutyroom.store import discharge_tests, discharges, ledger
from dutyroom.store.database import Session

ASK_EVERY_S = 1.0


class TestKeeper:
    """Takes every sample in, from the recorder's thread. `site` may be replaced while it runs."""

    __test__ = False

    def __init__(self, site: Site) -> None:
        self.site = site
        self._courses: dict[str, Course] | None = None
        self._estimators: dict[int, Estimator] = {}
        self._asked_s = 0.0

    def forget(self) -> None:
        """What was taken in last was not stored: everything is read back before the next batch."""
        self._courses = None
        self._estimators = {}

    def take(self, session: Session, samples: Sequence[Sample]) -> tuple[Event, ...]:
        """Takes a batch in, in the order it was asked; gives the events to be recorded with it."""
        asked_s = clock.monotonic()
        if self._courses is None or asked_s - self._asked_s >= ASK_EVERY_S:
            self._courses = self._asked(session, self._courses or {})
            self._asked_s = asked_s
        told: list[Event] = []
        for sample in samples if self._courses else ():
            if sample.kind is Kind.UPS and (course := self._courses.get(sample.source)) is not None:
                done = step(course, sample)
                told += done.events
                after = self._carried_out(session, done, sample)
                if after is None:
                    del self._courses[sample.source]
                else:
                    self._courses[sample.source] = after
        return tuple(told)

    def _asked(self, session: Session, known: Mapping[str, Course]) -> dict[str, Course]:
        """The course of every test that runs: the one in memory, or read back where there is none."""
        courses, devices = {}, {ups.name: ups for ups in self.site.ups}
        for test in discharge_tests.running(session):
            course = known.get(test.ups)
            if course is None or course.test != test:
                course = resumed(test, discharges.of_test(session, test.id), told_of(session, test))
            courses[test.ups] = replace(course, device=devices.get(test.ups))
        return courses

    def _carried_out(self, session: Session, done: Step, sample: Sample) -> Course | None:
        """Stores what a step led to; None when the test is over by it."""
        course = done.course
        if done.begun and course.discharge is not None:
            course = replace(course, discharge=discharges.add(session, course.discharge))
        if course.discharge is not None:
            low, number = low_of(sample.ups, course.device), course.discharge.id
            follows = self._follows(session, course.discharge, low)
            discharges.add_points(session, [(number, at, point, follows.add(point)) for at, point in done.points])
        if done.ending is None:
            return course
        self._estimators.clear()
        over = end(session, course.test, done.ending)
        discharge_tests.update(session, over)
        actor = watch_actor(socket.gethostname())
        ledger.append_row(session, at=sample.at, actor=actor, act=Act.END_TEST, of=over)
        return None

    def _follows(self, session: Session, discharge: Discharge, low: Thresholds) -> Estimator:
        """What tells the time left in this discharge, with the low thresholds of the newest reading."""
        known = self._estimators.get(discharge.id)
        if known is None:
            earlier = discharges.of_battery(session, discharge.ups, discharge.battery_installed)
            known = self._estimators[discharge.id] = Estimator(discharge, earlier)
        known.low = low
        return known
