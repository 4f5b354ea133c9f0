"""The recorder never ends by itself: what it cannot write waits, is told, and is written when it can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dutyroom import clock
from dutyroom.duty.desk import Desk
from dutyroom.duty.records import read_room
from dutyroom.model.reading import Sample
from dutyroom.store import readings
from dutyroom.watch.poller import Poller
from tests.desks import opened_desk, ups_sample
from tests.watch.test_watch import FAST, run, sources, wait_until


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield replace(opened, site=replace(opened.site, poll=FAST))


def test_an_unforeseen_error_of_the_recorder_is_told_and_it_begins_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = run(desk, sources())
    try:
        wait_until(lambda: watch.cycle.recorded_at is not None)
        with monkeypatch.context() as broken:
            broken.setattr(readings, "put_samples", _fails)
            wait_until(lambda: "ZeroDivisionError" in watch.trouble)
        wait_until(lambda: not watch.trouble)
        newest = watch.latest["ups-a"].sample.at
        wait_until(lambda: read_room(desk, clock.now()).latest["ups-a"].sample.at >= newest)
    finally:
        watch.stop()


def test_a_sample_that_cannot_be_recorded_holds_up_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put = readings.put_samples

    def fails_for_one(session: Any, samples: Sequence[Sample], *more: Any) -> None:
        if any(sample.source == "ups-b" for sample in samples):
            raise ZeroDivisionError("a defect")
        put(session, samples, *more)

    monkeypatch.setattr(readings, "put_samples", fails_for_one)
    watch = run(desk, sources())
    try:
        wait_until(lambda: {"ups-a", "core-1", "duty-pc"} <= set(read_room(desk, clock.now()).latest))
    finally:
        watch.stop()
    assert "ups-b" not in read_room(desk, clock.now()).latest


def test_an_unforeseen_error_of_a_poll_does_not_end_the_watch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    take = Poller.take
    monkeypatch.setattr(Poller, "take", _fails)
    watch = run(desk, sources())
    try:
        wait_until(lambda: "begins anew" in watch.trouble)
        monkeypatch.setattr(Poller, "take", take)
        wait_until(lambda: "ups-a" in read_room(desk, clock.now()).latest and not watch.trouble)
    finally:
        watch.stop()
    assert read_room(desk, clock.now()).latest["ups-a"].sample.ups == ups_sample("ups-a").ups


def _fails(*_given: object) -> None:
    raise ZeroDivisionError("a defect")
