"""The outages and discharge tests of the demo's history: one of every kind, all in the ledger, none still owed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.demo import outages as demo_outages
from dutyroom.demo.days import DemoDay
from dutyroom.demo.history import Simulation
from dutyroom.demo.room import Room
from dutyroom.duty.desk import Desk
from dutyroom.duty.outage_lists import OutageLine, listed, page
from dutyroom.duty.outage_records import power_now
from dutyroom.model.devices import Load
from dutyroom.model.outage import EventAct, EventState, OutageState, Phase
from dutyroom.model.runtime import DischargeTest, TestState
from dutyroom.model.site import Contact
from dutyroom.store import discharge_tests, discharges, events, ledger
from dutyroom.store.verify import verify
from tests.desks import NOW, PASSWORD, opened_desk

DAYS = (12, 8, 7, 6, 5, 3)


def lived(desk: Desk, backs: tuple[int, ...] = DAYS) -> Desk:
    """The desk after these days, each twice: what is on record stays as it is."""
    site = replace(
        desk.site,
        loads=(Load("pacs", "PACS", ("ups-b",), watts=300, shed_group=1),),
        contacts=(Contact("commander", "Example Zhang", "0000-0000", 1), Contact("electrician", "", "0000-0000", 2)),
    )
    desk = replace(desk, site=site)
    simulation = Simulation(Room(3), NOW)
    days = [
        DemoDay(desk, (NOW - timedelta(days=back)).date(), back, ("zhang", "admin"), "zhang", PASSWORD, simulation)
        for back in backs
    ]
    for day in days:
        demo_outages.darken(simulation, day.at, day.back)
    for day in days:
        demo_outages.live_through(day)
        demo_outages.live_through(day)
    return desk


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk after one of every such day; only looked at."""
    with opened_desk(tmp_path_factory.mktemp("history")) as opened:
        yield lived(opened)


def by_day(desk: Desk) -> dict[int, list[OutageLine]]:
    found: dict[int, list[OutageLine]] = {}
    for one in listed(desk, None, NOW):
        back = (NOW.date() - one.outage.began_at.astimezone(desk.site.timezone).date()).days
        found.setdefault(back, []).append(one)
    return found


def kept_tests(desk: Desk) -> tuple[DischargeTest, ...]:
    with desk.store.read() as session:
        return discharge_tests.every(session)


def test_a_history_has_every_kind_of_outage_with_what_was_done_and_nothing_is_owed(history: Desk) -> None:
    desk = history
    found = by_day(desk)
    assert sorted(found) == [3, 5, 8, 12]
    assert all(len(lines) == 2 for lines in found.values())
    whole, flapping, gap = found[3][0], found[5][0], found[8][0]
    assert [one.phase for one in whole.phases] == [Phase.ON_BATTERY, Phase.RESTORED]
    assert (whole.outage.state, whole.outage.on_battery_s) == (OutageState.CLOSED, 720)
    assert whole.outage.estimate_at_start_s is not None
    assert whole.lowest_charge_percent is not None
    assert whole.lowest_charge_percent < 100
    assert flapping.outage.transfers == 3
    assert (gap.outage.state, gap.outage.signs) == (OutageState.GAP, ("charge-fell", "recharging"))
    assert {one.is_late for one in page(desk, whole.outage.id, NOW).clocks} == {False}
    late = [one.name for one in page(desk, flapping.outage.id, NOW).clocks if one.is_late]
    assert late == ["reported"]
    done = page(desk, whole.outage.id, NOW)
    assert {EventAct.CONTAINED, EventAct.CALLED, EventAct.SHED, EventAct.RESTARTED} <= {s.act for s in done.steps}
    assert done.event.closing_text
    assert done.event.is_major is False
    assert page(desk, found[12][0].outage.id, NOW).event.is_major
    for lines in found.values():
        assert {page(desk, one.outage.id, NOW).event.state for one in lines} == {EventState.CLOSED}
    with desk.store.read() as session:
        assert power_now(session, desk.site, NOW) is None
        (stretch,) = discharges.of_outage(session, whole.outage.id)
        assert len(stretch.points) > 20
        blips = events.between(session, ("battery-blip",), NOW - timedelta(days=20), NOW)
        assert [(NOW.date() - one.at.date()).days for one in blips] == [7, 7]
        assert verify(session).faults == ()
        moments = [line.at for line in ledger.lines(session, limit=10_000)]
        assert max(moments) < NOW, "what the watch records of the past is of the past"


def test_a_discharge_test_is_watched_and_signed(history: Desk) -> None:
    desk = history
    (one,) = kept_tests(desk)
    assert (one.state, one.ups, one.signed_by) == (TestState.SIGNED, "ups-b", "zhang")
    assert one.charge_to_percent is not None
    assert one.charge_to_percent <= 70
    with desk.store.read() as session:
        discharge = discharges.of_test(session, one.id)
    assert discharge is not None
    assert len(discharge.points) > 30


def test_the_same_seed_gives_the_same_outages(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with opened_desk(tmp_path / name) as opened:
            desk = lived(opened, (6, 5))
            with desk.store.read() as session:
                lines = [(one.act, one.subject, one.at) for one in ledger.lines(session, limit=10_000)]
            told.append((listed(desk, None, NOW), kept_tests(desk), lines))
    assert told[0] == told[1]


@pytest.mark.parametrize("back", [1, 2, 4])
def test_on_other_days_nothing_happens_to_the_power(tmp_path: Path, back: int) -> None:
    with opened_desk(tmp_path) as desk:
        simulation = Simulation(Room(3), NOW)
        day = DemoDay(
            desk, (NOW - timedelta(days=back)).date(), back, ("zhang", "admin"), "zhang", PASSWORD, simulation
        )
        demo_outages.live_through(day)
        assert listed(desk, None, NOW) == ()
