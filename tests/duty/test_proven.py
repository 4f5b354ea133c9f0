"""The recorded discharges that the hold times of the board rest on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from dutyroom.board import make_board
from dutyroom.duty.desk import Desk
from dutyroom.duty.proven import read_proven
from dutyroom.duty.records import read_room
from dutyroom.model.hold import HoldBasis
from dutyroom.model.runtime import Discharge, DischargeEnd, TestState
from dutyroom.store import discharge_tests, discharges, readings
from tests.desks import NOW, opened_desk, ups_sample
from tests.recorded_discharges import keep, sign

DAY = timedelta(days=1)


def proven(desk: Desk) -> dict[str, tuple[Discharge, ...]]:
    with desk.store.read() as session:
        return dict(read_proven(session, desk.store, desk.site))


def at_moment(desk: Desk, moment: datetime) -> tuple[Discharge, ...]:
    """What the report takes for proven at that moment."""
    with desk.store.read() as session:
        return discharges.proving(session, "ups-a", None, moment)


def of_battery(desk: Desk) -> list[int]:
    """What the next estimate of the time left rests on."""
    with desk.store.read() as session:
        return [one.id for one in discharges.of_battery(session, "ups-a", None)]


def test_a_discharge_test_in_the_store_decides_on_the_board(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        keep(desk.store, "ups-a", NOW, hours=4.5, load=31.0, test=True, signed=True)
        with desk.store.write() as session:
            readings.put_samples(session, [ups_sample()], {})
        board = make_board(desk.site, desk.checklist, read_room(desk, NOW), NOW)
        hold = next(view.hold for view in board.sources if view.name == "ups-a")
        assert hold is not None
        assert (hold.basis, round(hold.seconds or 0), hold.reported_s) == (HoldBasis.TEST, 16200, 25200)


def test_a_night_of_short_failures_hides_neither_the_test_nor_the_long_outage(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        test = keep(desk.store, "ups-a", NOW - 40 * DAY, hours=4.0, load=31.0, test=True, signed=True)
        long = keep(desk.store, "ups-a", NOW - 30 * DAY, hours=3.0, load=31.0, to=40.0, end=DischargeEnd.MAINS)
        for n in range(12):
            keep(desk.store, "ups-a", NOW - 20 * DAY + n * timedelta(minutes=9), hours=0.05, load=31.0, to=99.0,
                 end=DischargeEnd.MAINS)  # fmt: skip
        kept = [one.id for one in proven(desk)["ups-a"]]
        assert kept[:2] == [test.id, long.id]
        assert len(kept) <= 3 * discharges.PROVING
        assert kept == sorted(kept)


def test_they_are_read_again_only_when_another_one_is_over_or_the_battery_is_another(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        with desk.store.write() as session:
            running = discharges.add(session, Discharge("ups-b", NOW - DAY))
        keep(desk.store, "ups-a", NOW, hours=4.0, load=31.0)
        first = proven(desk)
        assert [len(first[name]) for name in ("ups-a", "ups-b")] == [1, 0]
        assert proven(desk)["ups-a"] is first["ups-a"]
        with desk.store.write() as session:
            discharges.end(session, running.id, NOW, DischargeEnd.MAINS)
        assert len(proven(desk)["ups-b"]) == 1
        ups_a = replace(desk.site.ups[0], battery_installed=date(2026, 11, 1))
        changed = replace(desk, site=replace(desk.site, ups=(ups_a, *desk.site.ups[1:])))
        assert proven(changed)["ups-a"] == ()


def test_a_discharge_test_that_was_given_up_proves_nothing_from_then_on(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        kept = keep(desk.store, "ups-a", NOW, hours=4.0, load=31.0, test=True)
        assert kept.test_id is not None
        with desk.store.write() as session:
            test = discharge_tests.get(session, kept.test_id)
            assert test is not None
            discharge_tests.update(session, replace(test, state=TestState.ABANDONED, ended_at=NOW))
        assert proven(desk)["ups-a"] == ()


def test_a_discharge_test_proves_from_its_signature_on_and_not_before(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        kept = keep(desk.store, "ups-a", NOW, hours=4.0, load=31.0, test=True)
        assert kept.test_id is not None
        assert proven(desk)["ups-a"] == ()
        sign(desk.store, kept.test_id, NOW + DAY)
        # The board reads it again although no other discharge is over.
        assert [one.id for one in proven(desk)["ups-a"]] == [kept.id]
        assert [one.id for one in at_moment(desk, NOW + 2 * DAY)] == [kept.id]


def test_what_is_proven_at_a_moment_is_what_was_over_and_signed_by_then(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        outage = keep(desk.store, "ups-a", NOW - 3 * DAY, hours=1.0, load=31.0)
        test = keep(desk.store, "ups-a", NOW - 2 * DAY, hours=4.0, load=31.0, test=True)
        assert test.test_id is not None
        sign(desk.store, test.test_id, NOW - DAY)
        found = [[one.id for one in at_moment(desk, NOW - days * DAY)] for days in (3, 1, 0)]
        assert found == [[], [outage.id], [outage.id, test.id]]


def test_the_next_estimate_rests_on_a_discharge_test_from_its_signature_on(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        kept = keep(desk.store, "ups-a", NOW, hours=4.0, load=31.0, test=True)
        assert kept.test_id is not None
        assert of_battery(desk) == []
        sign(desk.store, kept.test_id, NOW)
        assert of_battery(desk) == [kept.id]
