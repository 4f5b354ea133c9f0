"""The watch takes the readings of a discharge test by itself: killed, or with a full disk, it goes on with the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty.desk import Desk
from dutyroom.duty.discharge_tests import listed
from dutyroom.model.reading import Sample
from dutyroom.model.runtime import TestState
from dutyroom.rules.discharge_test import ENDED, STOP, Course
from dutyroom.store import discharges, events
from dutyroom.store.database import Session
from dutyroom.store.verify import verify
from dutyroom.watch.discharge_tests import TestKeeper
from tests.desks import NOW, opened_desk
from tests.discharges import asked_at_once, begun, on_battery, on_mains, record


def test_without_a_test_the_store_is_asked_at_most_once_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [100.0]
    monkeypatch.setattr(clock, "monotonic", lambda: seconds[0])
    asked: list[float] = []
    with opened_desk(tmp_path) as desk:
        keeper = TestKeeper(desk.site)
        really = keeper._asked

        def counted(session: Session, known: Mapping[str, Course]) -> dict[str, Course]:
            asked.append(seconds[0])
            return really(session, known)

        monkeypatch.setattr(keeper, "_asked", counted)
        for later in (0.0, 0.5, 0.9, 1.0, 1.5, 2.1):
            seconds[0] = 100.0 + later
            record(desk, on_mains(later), keeper=keeper)
    assert asked == [100.0, 101.0, 102.1]


def test_a_watch_that_was_killed_goes_on_with_the_same_test(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        test = begun(desk)
        for n in range(62):
            # A new one each time: all that it knows is in the store.
            record(desk, on_battery(10.0 * (n + 1), 100.0 - n), keeper=TestKeeper(desk.site))
        record(desk, on_mains(630, 39), keeper=TestKeeper(desk.site))
        (over,) = listed(desk)
        with desk.store.read() as session:
            discharge = discharges.of_test(session, test.id)
            told = events.between(session, (STOP, ENDED), NOW, NOW + timedelta(hours=1))
            assert verify(session).faults == ()
    assert discharge is not None
    assert [point.at_s for point in discharge.points] == [10.0 * n for n in range(62)]
    assert [(event.code, event.param("sign")) for event in told] == [(STOP, "charge"), (ENDED, "")]
    assert (over.state, over.held_s, over.stopped_why) == (TestState.ENDED, 610.0, "charge")
    assert (over.charge_from_percent, over.charge_to_percent, over.load_percent) == (100.0, 39.0, 31.0)
    assert (discharge.ended_at, discharge.began_at) == (NOW + timedelta(seconds=630), NOW + timedelta(seconds=10))


class DiskFull(Exception):
    """The disk is full."""


def write_and_fail(desk: Desk, keeper: TestKeeper, batch: list[Sample]) -> None:
    """A transaction of the recorder that does not come through."""
    try:
        with desk.store.write() as session:
            events.add(session, asked_at_once(keeper).take(session, batch))
            raise DiskFull
    finally:
        keeper.forget()


def test_a_transaction_that_fails_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        test, keeper = begun(desk), TestKeeper(desk.site)
        for batch in ([on_battery(10, 100)], [on_battery(20, 90)], [on_battery(30, 39)], [on_mains(40, 40)]):
            for _try in range(2):
                with pytest.raises(DiskFull):
                    write_and_fail(desk, keeper, batch)
            record(desk, *batch, keeper=keeper)
        with desk.store.read() as session:
            discharge = discharges.of_test(session, test.id)
            told = events.between(session, (STOP, ENDED), NOW, NOW + timedelta(hours=1))
        assert discharge is not None
        assert [point.at_s for point in discharge.points] == [0.0, 10.0, 20.0]
        assert [event.code for event in told] == [STOP, ENDED]
        assert [one.state for one in listed(desk)] == [TestState.ENDED]
