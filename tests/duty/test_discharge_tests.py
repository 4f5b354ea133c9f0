"""A discharge test is begun with its checklist, signed or given up, and sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dutyroom.duty.desk import Desk
from dutyroom.duty.discharge_tests import StopAt, TestRefused, abandon, checklist, listed, one, sign, start
from dutyroom.errors import NotAllowed, SignInRefused, StoreError
from dutyroom.model.devices import Load
from dutyroom.model.discharge_test import CheckState, TestPhase
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.outage import Outage, PowerEvent
from dutyroom.model.people import Actor, Role
from dutyroom.model.runtime import DischargeTest, TestState
from dutyroom.store import discharge_tests, discharges, ledger, maintenance, outages, power_events
from dutyroom.store.verify import verify
from dutyroom.watch.discharge_tests import TestKeeper
from tests.desks import ACTOR, NOW, PASSWORD, opened_desk
from tests.discharges import VOUCHED, asked_at_once, begun, on_battery, on_mains, record, silent


def states(desk: Desk, later_s: float = 0.0) -> dict[str, CheckState]:
    """The checklist of UPS A."""
    return {item.item.value: item.state for item in checklist(desk, "ups-a", NOW + timedelta(seconds=later_s))}


def test_with_a_full_battery_only_a_person_is_asked(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        record(desk, on_mains(0), on_mains(0, name="ups-b"))
        found = states(desk)
    assert [name for name, state in found.items() if state is CheckState.ASKED] == ["feeds", "person", "agreed"]
    assert CheckState.REFUSED not in found.values()


@pytest.mark.parametrize(
    ("samples", "item", "said"),
    [
        ((on_mains(0, 94),), "full", "at least 95 %"),
        ((on_battery(0, 100),), "mains", "not on mains"),
        ((silent(0),), "reading", "does not answer"),
        ((on_mains(-3600),), "reading", "does not answer"),
        ((on_mains(0, status=("OL", "BYPASS")),), "well", "BYPASS"),
        ((on_mains(0, alarm="[fan] dead"),), "well", "fan"),
    ],
)
def test_what_the_readings_contradict_nobody_can_confirm(
    tmp_path: Path, samples: tuple[object, ...], item: str, said: str
) -> None:
    with opened_desk(tmp_path) as desk:
        record(desk, *samples, at=NOW)  # type: ignore[arg-type]
        assert states(desk)[item] is CheckState.REFUSED
        with pytest.raises(TestRefused, match=said) as caught:
            start(desk, ACTOR, "ups-a", StopAt(40.0), (*VOUCHED, item), NOW)
        assert caught.value.code == "contradicted"
        assert listed(desk) == ()


def test_without_a_watch_during_an_outage_or_another_test_none_begins(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        record(desk, on_mains(0), at=NOW - timedelta(minutes=5))
        assert states(desk)["watch"] is CheckState.REFUSED
        record(desk, on_mains(0))
        with desk.store.write() as session:
            event = power_events.add(session, PowerEvent(NOW))
            outages.add(session, Outage("ups-b", event.id, NOW))
            discharge_tests.add(session, DischargeTest("ups-b", NOW, "zhang", 40.0))
        found = states(desk)
    assert (found["outage"], found["test"]) == (CheckState.REFUSED, CheckState.REFUSED)


@pytest.mark.parametrize(
    ("fed_by", "other", "state"),
    [
        (("ups-a", "ups-b"), on_mains(0, name="ups-b"), CheckState.CONFIRMED),
        (("ups-a", "ups-b"), on_battery(0, 90, name="ups-b"), CheckState.REFUSED),
        (("ups-a", "ups-b"), silent(0, "ups-b"), CheckState.ASKED),
        (("ups-a",), on_mains(0, name="ups-b"), CheckState.ASKED),
        (("ups-b",), on_mains(0, name="ups-b"), CheckState.ASKED),
    ],
)
def test_the_other_feeds_of_every_load_are_looked_at(
    tmp_path: Path, fed_by: tuple[str, ...], other: object, state: CheckState
) -> None:
    with opened_desk(tmp_path) as opened:
        desk = replace(opened, site=replace(opened.site, loads=(Load("his-db", "HIS DB", fed_by),)))
        record(desk, on_mains(0), other)  # type: ignore[arg-type]
        assert states(desk)["feeds"] is state


def test_planned_maintenance_of_this_ups_confirms_the_time(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        record(desk, on_mains(0))
        hour = timedelta(hours=1)
        with desk.store.write() as session:
            maintenance.add(session, MaintenanceWindow(NOW - hour, NOW + hour, ("ups-a",), "test", NOW - hour, "zhang"))
        assert states(desk)["agreed"] is CheckState.CONFIRMED


@pytest.mark.parametrize(
    ("stop", "code"),
    [
        (StopAt(5.0), "charge-range"),
        (StopAt(96.0), "charge-range"),
        (StopAt(40.0, 5.0), "time-range"),
        (StopAt(40.0, 90000.0), "time-range"),
        (StopAt(50.0), "charge-low"),
    ],
)
def test_a_stop_criterion_that_is_none_is_refused(tmp_path: Path, stop: StopAt, code: str) -> None:
    with opened_desk(tmp_path) as desk:
        record(desk, on_mains(0, variables=(("battery.charge.low", "50"),)))
        with pytest.raises(TestRefused) as caught:
            start(desk, ACTOR, "ups-a", stop, VOUCHED, NOW)
        assert caught.value.code == code


def test_what_nobody_vouched_for_and_who_may_not_are_refused(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        record(desk, on_mains(0))
        with pytest.raises(TestRefused, match="person: Somebody stands") as caught:
            start(desk, ACTOR, "ups-a", StopAt(40.0), ("feeds", "agreed"), NOW)
        assert caught.value.code == "unconfirmed"
        with pytest.raises(NotAllowed):
            start(desk, Actor("li", Role.AUDITOR, "test"), "ups-a", StopAt(40.0), VOUCHED, NOW)
        with pytest.raises(TestRefused) as caught:
            checklist(desk, "ups-z", NOW)
        assert caught.value.code == "unknown-ups"


def played(desk: Desk) -> DischargeTest:
    """A test from its start to the first reading back on mains."""
    test, keeper = begun(desk), TestKeeper(desk.site)
    for n in range(61):
        record(desk, on_battery(10.0 * (n + 1), 100.0 - n), keeper=asked_at_once(keeper))
    record(desk, on_mains(620, 41), keeper=asked_at_once(keeper))
    return listed(desk)[0] if test.id else test


def test_the_result_is_signed_with_the_own_password_and_sealed(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as opened:
        ups = replace(opened.site.ups[0], battery_installed=date(2024, 5, 1))
        desk = replace(opened, site=replace(opened.site, ups=(ups, opened.site.ups[1])))
        test = played(desk)
        later = NOW + timedelta(minutes=20)
        assert (test.state, test.held_s, test.stopped_why) == (TestState.ENDED, 600.0, "charge")
        with pytest.raises(SignInRefused):
            sign(desk, ACTOR, test.id, "wrong", "", later)
        signed = sign(desk, ACTOR, test.id, PASSWORD, " all\u202e well ", later)
        assert (signed.state, signed.signed_by, signed.battery_installed) == (
            TestState.SIGNED,
            "zhang",
            date(2024, 5, 1),
        )
        assert "\u202e" not in signed.note
        with desk.store.read() as session:
            acts = [(line.act, line.actor) for line in ledger.lines(session, subject=f"discharge-test:{test.id}")]
            assert verify(session).faults == ()
            (known,) = discharges.of_battery(session, "ups-a", date(2024, 5, 1))
        assert acts == [
            ("discharge-test-start", "zhang"),
            ("discharge-test-end", "watch:"),
            ("discharge-test-sign", "zhang"),
        ]
        assert (known.test_id, known.held_s) == (test.id, 600.0)
        with pytest.raises(TestRefused, match="signed before"):
            sign(desk, ACTOR, test.id, PASSWORD, "", later)
        with pytest.raises(TestRefused, match="signed before"):
            abandon(desk, ACTOR, test.id, "x", later)
        with pytest.raises(StoreError), desk.store.write() as session:
            discharge_tests.update(session, replace(signed, held_s=9000.0))


def test_a_test_given_up_proves_nothing_and_is_never_signed(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        test = played(desk)
        with pytest.raises(TestRefused) as caught:
            abandon(desk, ACTOR, test.id, "  ", NOW)
        assert caught.value.code == "no-reason"
        over = abandon(desk, ACTOR, test.id, "the load was moved", NOW + timedelta(minutes=20))
        assert (over.state, over.note, over.held_s) == (TestState.ABANDONED, "the load was moved", 600.0)
        with pytest.raises(TestRefused) as caught:
            sign(desk, ACTOR, test.id, PASSWORD, "", NOW)
        assert caught.value.code == "abandoned"
        with desk.store.read() as session:
            assert discharges.of_battery(session, "ups-a", None) == ()
            assert verify(session).faults == ()


def test_a_running_test_is_not_signed_and_can_be_given_up(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        test, keeper = begun(desk), TestKeeper(desk.site)
        assert one(desk, test.id, NOW).phase is TestPhase.WAITING
        record(desk, on_battery(10, 100), on_battery(20, 99), keeper=keeper)
        with pytest.raises(TestRefused) as caught:
            sign(desk, ACTOR, test.id, PASSWORD, "", NOW)
        assert caught.value.code == "running"
        over = abandon(desk, ACTOR, test.id, "alarm in the hall", NOW + timedelta(seconds=21))
        assert (over.state, over.held_s) == (TestState.ABANDONED, 10.0)
        record(desk, on_battery(30, 98), keeper=asked_at_once(keeper))
        assert listed(desk) == (over,)


def test_how_a_running_test_stands_is_told_from_the_newest_readings(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        test, keeper = begun(desk, StopAt(60.0)), TestKeeper(desk.site)
        record(
            desk,
            *(on_battery(10.0 * n, 101.0 - n) for n in range(1, 42)),
            on_battery(400, 80, "ups-b"),
            keeper=keeper,
        )
        now = one(desk, test.id, NOW + timedelta(seconds=412))
        assert (now.phase, now.held_s, now.charge_percent) == (TestPhase.DISCHARGING, 400.0, 60.0)
        assert [sign.value for sign in now.signs] == ["charge"]
        assert (now.to_stop_s, now.elsewhere, now.lost_s) == (0.0, ("ups-b",), None)
        later = one(desk, test.id, NOW + timedelta(seconds=500))
        assert (later.phase, later.held_s, later.lost_s) == (TestPhase.LOST, 400.0, 90.0)
        with pytest.raises(TestRefused) as caught:
            one(desk, 99, NOW)
        assert caught.value.code == "not-found"
