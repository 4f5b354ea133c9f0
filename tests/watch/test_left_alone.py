"""A source that fails is asked less often; refresh and an outage have it asked at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty.desk import Desk
from dutyroom.duty.refresh import request_poll
from dutyroom.model.facts import Line
from dutyroom.model.reading import Sample, State
from dutyroom.model.site import PollIntervals
from dutyroom.store import readings
from tests.desks import NOW, failed, opened_desk, ups_sample
from tests.watch.test_watch import Answering, run, sources, wait_until

FAST = PollIntervals(ups_s=0.05, ups_on_battery_s=0.02, network_s=0.05, server_s=0.05)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield replace(opened, site=replace(opened.site, poll=FAST))


def failing() -> dict[str, Answering]:
    asked = sources()
    asked["ups-b"].answer = failed(ups_sample("ups-b"))
    return asked


def test_a_source_that_fails_is_left_alone_and_the_others_are_asked_as_ever(desk: Desk) -> None:
    asked = failing()
    watch = run(desk, asked)
    try:
        wait_until(lambda: asked["ups-b"].asked == 1)
        time.sleep(2.0)
        # Pauses of one second and two, a quarter more at most.
        assert asked["ups-b"].asked == 2
        assert asked["ups-a"].asked > 10
    finally:
        watch.stop()


def test_a_refresh_asks_a_source_that_is_left_alone_and_a_good_answer_ends_that(desk: Desk) -> None:
    asked = failing()
    watch = run(desk, asked)
    try:
        wait_until(lambda: asked["ups-b"].asked == 2)
        asked["ups-b"].answer = ups_sample("ups-b")
        began = time.monotonic()
        request_poll(desk, clock.now() + timedelta(seconds=1))
        wait_until(lambda: asked["ups-b"].asked >= 10)
        assert time.monotonic() - began < 1.9
    finally:
        watch.stop()


def test_an_outage_has_a_lost_ups_asked_at_once_and_often(desk: Desk) -> None:
    asked = failing()
    watch = run(desk, asked)
    try:
        wait_until(lambda: asked["ups-b"].asked == 2)
        began = time.monotonic()
        asked["ups-a"].answer = ups_sample("ups-a", status=("OB",), line=Line.BATTERY)
        wait_until(lambda: asked["ups-b"].asked >= 10)
        assert time.monotonic() - began < 1.9
    finally:
        watch.stop()


@pytest.mark.parametrize(("state", "counted"), [(State.TIMEOUT, (1, 4, 0)), (State.STALE, (1, 1, 3))])
def test_polls_left_out_on_purpose_are_failures_of_the_source(
    desk: Desk, state: State, counted: tuple[int, int, int]
) -> None:
    def at(sample: Sample, second: float) -> Sample:
        return replace(sample, at=NOW + timedelta(seconds=second), took_s=0.0)

    samples = [at(failed(ups_sample(), state), 0), at(ups_sample(), 18)]
    with desk.store.write() as session:
        readings.put_samples(session, samples, {"ups-a": 4.5})
    with desk.store.read() as session:
        hours = readings.polls(session, NOW - timedelta(hours=1), NOW + timedelta(hours=1))
    assert [(hour.ok, hour.failed, hour.none) for hour in hours] == [counted]
