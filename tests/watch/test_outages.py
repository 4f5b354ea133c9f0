"""Outages as the watch keeps them: one record an outage, whatever dies meanwhile, every change in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dutyroom.duty.desk import Desk
from dutyroom.duty.outage_records import power_now
from dutyroom.duty.records import read_room
from dutyroom.model.events import Boot, Event, Heartbeat
from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.outage import EventState, Outage, OutageState, Phase
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.runtime import DischargeEnd, DischargeTest
from dutyroom.outage_board import Standing, make_outage_board
from dutyroom.rules.outage_proof import proof_of
from dutyroom.rules.plausibility import ups_facts
from dutyroom.store import discharge_tests, discharges, outages, power_events, readings
from dutyroom.store import events as event_rows
from dutyroom.store.verify import verify
from dutyroom.watch.outages import POINT_EVERY_S, OutageKeeper
from dutyroom.watch.poller import Found
from dutyroom.watch.recorder import Cycle, Recorder
from tests.desks import NOW, opened_desk, ups_sample


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield opened


def reading(at_s: float, status: str, charge: float = 100.0, runtime_s: float = 3600.0, ups: str = "ups-a") -> Sample:
    """A UPS with a dead input while on battery, `at_s` seconds after NOW; a state's name gives a failed poll."""
    at, boot = NOW + timedelta(seconds=at_s), Boot("one", 5000.0 + at_s)
    if status in set(State):
        return Sample(ups, Kind.UPS, at, State(status), boot=boot)
    told = {
        "ups.status": status,
        "battery.charge": str(charge),
        "battery.runtime": str(runtime_s),
        "ups.load": "30",
        "input.voltage": "0.0" if "OB" in status else "229.0",
    }
    return Sample(ups, Kind.UPS, at, State.OK, ups=ups_facts(told), boot=boot)


def take(desk: Desk, keeper: OutageKeeper, *samples: Sample) -> list[Event]:
    """Each sample in a transaction of its own."""
    events: list[Event] = []
    for sample in samples:
        with desk.store.write() as session:
            events += keeper.take(session, [sample])
    return events


def kept(desk: Desk) -> tuple[Outage, ...]:
    with desk.store.read() as session:
        return outages.every(session)


def phases(desk: Desk, number: int = 1) -> list[tuple[str, float]]:
    with desk.store.read() as session:
        return [(one.phase.value, (one.at - NOW).total_seconds()) for one in outages.phases(session, (number,))[number]]


def falling(since_s: int, until_s: int, every_s: int = 2) -> list[Sample]:
    """A battery that loses a percent in ten seconds, told true by its UPS."""
    return [reading(at_s, "OB DISCHRG", 100 - at_s / 10, 1000 - at_s) for at_s in range(since_s, until_s, every_s)]


def test_an_outage_is_one_record_with_all_that_happened(desk: Desk) -> None:
    keeper = OutageKeeper(desk.site)
    take(desk, keeper, reading(-5, "OL"), *falling(0, 100), reading(100, "OB DISCHRG LB", 15, 120))
    take(desk, keeper, *(reading(at_s, "OL CHRG", 16) for at_s in (110, 140, 171)))
    [outage] = kept(desk)
    assert outage.state is OutageState.CLOSED
    assert (outage.began_at, outage.ended_at) == (NOW, NOW + timedelta(seconds=110))
    assert (outage.estimate_at_start_s, outage.estimate_basis) == (1000.0, RuntimeBasis.REPORTED)
    assert (outage.charge_at_start_percent, outage.lowest_charge_percent, outage.load_percent) == (100.0, 15.0, 30.0)
    assert (outage.on_battery_s, outage.transfers) == (110.0, 1)
    assert outage.critical_at == NOW + timedelta(seconds=100)
    assert phases(desk) == [("on battery", 0), ("low", 100), ("restored", 110)]
    with desk.store.read() as session:
        event = power_events.get(session, outage.event_id)
        assert verify(session).faults == ()
    assert event is not None
    assert (event.state, event.restored_at) == (EventState.RESTORED, outage.ended_at)


def test_a_blip_opens_none_and_is_an_event(desk: Desk) -> None:
    events = take(desk, OutageKeeper(desk.site), reading(0, "OL"), reading(5, "OB"), reading(6, "OL"))
    assert kept(desk) == ()
    assert [(one.code, one.params) for one in events] == [("battery-blip", (("seconds", "1"),))]


def test_a_watch_that_was_killed_goes_on_with_the_same_outage(desk: Desk) -> None:
    take(desk, OutageKeeper(desk.site), reading(-5, "OL"), *falling(0, 60))
    take(desk, OutageKeeper(desk.site), *falling(200, 300))
    take(desk, OutageKeeper(desk.site), *(reading(at_s, "OL", 70) for at_s in (320, 350)))
    take(desk, OutageKeeper(desk.site), *(reading(at_s, "OL", 70) for at_s in (360, 400, 421)))
    [outage] = kept(desk)
    assert (outage.state, outage.transfers) == (OutageState.CLOSED, 1)
    assert outage.ended_at == NOW + timedelta(seconds=320)
    assert phases(desk) == [("on battery", 0), ("restored", 320)]
    with desk.store.read() as session:
        [stretch] = discharges.of_outage(session, outage.id)
    assert stretch.points[0].at_s == 0
    assert stretch.points[-1].at_s == pytest.approx(298)
    assert stretch.ended_at == outage.ended_at


def test_contact_lost_on_battery_is_critical_and_counts_down(desk: Desk) -> None:
    keeper = OutageKeeper(desk.site)
    take(desk, keeper, reading(-5, "OL"), *falling(0, 60), reading(60, "no-driver"), reading(65, "no-driver"))
    now = NOW + timedelta(seconds=180)
    board = make_outage_board(desk.site, read_room(desk, now), now, Boot("one", 5180.0))
    assert board is not None
    [line] = board.upses
    assert line.standing is Standing.LOST
    assert line.is_critical
    assert line.on_battery_s == 180
    assert line.age_s == 122
    assert line.left.seconds is not None
    assert 800 < line.left.seconds <= 1000 - 180
    assert phases(desk)[-1] == ("lost contact", 60)
    assert kept(desk)[0].critical_at == NOW + timedelta(seconds=60)


def test_overlapping_outages_share_an_event_and_later_ones_do_not(desk: Desk) -> None:
    keeper = OutageKeeper(desk.site)
    pairs = [(reading(at_s, "OB"), reading(at_s + 0.5, "OB", ups="ups-b")) for at_s in (0, 2)]
    take(desk, keeper, *(one for pair in pairs for one in pair))
    take(desk, keeper, *(reading(at_s, "OL") for at_s in (10, 71)))
    take(desk, keeper, *(reading(at_s, "OL", ups="ups-b") for at_s in (40, 101)))
    take(desk, keeper, *(reading(at_s, "OB") for at_s in (500, 502)))
    found = kept(desk)
    assert [(one.ups, one.event_id, one.state.value) for one in found] == [
        ("ups-a", 1, "closed"), ("ups-b", 1, "closed"), ("ups-a", 2, "open"),
    ]  # fmt: skip
    with desk.store.read() as session:
        first = power_events.get(session, 1)
    assert first is not None
    assert first.restored_at == NOW + timedelta(seconds=40)


def test_what_is_not_stored_is_taken_in_again(desk: Desk) -> None:
    keeper = OutageKeeper(desk.site)
    samples = [reading(at_s, "OB") for at_s in (0, 2, 4)]
    take(desk, keeper, reading(-5, "OL"), samples[0])
    with pytest.raises(ZeroDivisionError):
        _fail_after(desk, keeper, samples[1:])
    keeper.forget()
    assert kept(desk) == ()
    take(desk, keeper, *samples[1:])
    assert [one.state.value for one in kept(desk)] == ["open"]


def _fail_after(desk: Desk, keeper: OutageKeeper, samples: Sequence[Sample]) -> None:
    with desk.store.write() as session:
        keeper.take(session, samples)
        raise ZeroDivisionError


def test_readings_close_together_are_thinned_and_the_lowest_charge_stays(desk: Desk) -> None:
    still = [reading(at_s, "OB", 90 if at_s != 33 else 80) for at_s in range(100)]
    take(desk, OutageKeeper(desk.site), *still)
    with desk.store.read() as session:
        [stretch] = discharges.of_outage(session, 1)
        assert discharges.extremes(session, 1) == (80.0, 30.0)
    assert len(stretch.points) < 20
    gaps = [b.at_s - a.at_s for a, b in zip(stretch.points, stretch.points[1:], strict=False)]
    assert max(gaps) <= POINT_EVERY_S + 1


def test_an_earlier_discharge_of_the_same_battery_feeds_the_estimate_and_one_of_another_does_not(desk: Desk) -> None:
    site = replace(desk.site, ups=tuple(replace(ups, battery_installed=date(2024, 5, 1)) for ups in desk.site.ups))
    keeper = OutageKeeper(site)
    lying = [reading(at_s, "OB DISCHRG", 100 - at_s / 10, 30000) for at_s in range(0, 900, 2)]
    take(desk, keeper, *lying, reading(900, "OB DISCHRG LB", 10, 30000))
    take(desk, keeper, *(reading(at_s, "OL", 10) for at_s in (902, 963)))
    again = [reading(90_000 + at_s, "OB DISCHRG", 100 - at_s / 10, 30000) for at_s in range(0, 60, 2)]
    take(desk, keeper, *again)
    with desk.store.read() as session:
        known = power_now(session, site, NOW)
        assert known is not None
        told = discharges.told_last(session, outages.still_open(session))[2][2]
    assert told.basis is RuntimeBasis.HISTORY
    assert told.seconds is not None
    assert told.seconds < 1200
    newer = replace(site, ups=tuple(replace(ups, battery_installed=date(2026, 5, 1)) for ups in site.ups))
    take(desk, keeper, *(reading(90_100 + at_s, "OL") for at_s in (0, 61)))
    other = OutageKeeper(newer)
    take(desk, other, *(replace(one, at=one.at + timedelta(hours=9), boot=None) for one in again))
    with desk.store.read() as session:
        assert discharges.told_last(session, outages.still_open(session))[3][2].basis is not RuntimeBasis.HISTORY


def test_a_discharge_test_that_runs_opens_no_outage(desk: Desk) -> None:
    with desk.store.write() as session:
        discharge_tests.add(session, DischargeTest("ups-a", NOW, "zhang", 40.0))
    take(desk, OutageKeeper(desk.site), *falling(0, 60), *(reading(at_s, "OB", ups="ups-b") for at_s in (0, 2)))
    assert [one.ups for one in kept(desk)] == ["ups-b"]


def test_mains_that_fail_for_another_ups_during_a_test_are_an_outage_of_both(desk: Desk) -> None:
    with desk.store.write() as session:
        discharge_tests.add(session, DischargeTest("ups-a", NOW, "zhang", 40.0))
    keeper = OutageKeeper(desk.site)
    take(desk, keeper, *falling(0, 60))
    take(desk, keeper, *(reading(at_s, "OB", ups="ups-b") for at_s in (60, 62)))
    take(desk, keeper, *falling(64, 70))
    assert [(one.ups, one.event_id, (one.began_at - NOW).total_seconds()) for one in kept(desk)] == [
        ("ups-b", 1, 60), ("ups-a", 1, 64),
    ]  # fmt: skip


@pytest.mark.parametrize("restarted", [False, True])
def test_a_ups_the_site_file_lost_keeps_no_power_event_running(desk: Desk, restarted: bool) -> None:
    keeper = OutageKeeper(desk.site)
    take(desk, keeper, reading(-5, "OL"), *falling(0, 60))
    rest = replace(desk.site, ups=desk.site.ups[1:])
    if restarted:
        keeper = OutageKeeper(rest)
    keeper.site = rest
    take(desk, keeper, reading(70, "OL", ups="ups-b"), reading(72, "OL", ups="ups-b"))
    [outage] = kept(desk)
    assert (outage.state, outage.on_battery_s) == (OutageState.CLOSED, 58.0)
    assert outage.ended_at == NOW + timedelta(seconds=58)
    assert phases(desk) == [("on battery", 0), ("lost contact", 58)]
    with desk.store.read() as session:
        event = power_events.get(session, outage.event_id)
        [stretch] = discharges.of_outage(session, outage.id)
        changes = outages.phases(session, (1,))[1]
        assert verify(session).faults == ()
    assert event is not None
    assert event.state is EventState.RESTORED
    assert stretch.end is DischargeEnd.STOPPED
    assert proof_of(outage, changes, 10800.0, NOW).ended_by is None


def test_a_hundred_upses_at_once_are_a_hundred_outages_of_one_event(desk: Desk) -> None:
    names = [f"ups-{n}" for n in range(100)]
    site = replace(desk.site, ups=tuple(replace(desk.site.ups[0], name=name) for name in names))
    keeper = OutageKeeper(site)
    for at_s in (0, 2):
        with desk.store.write() as session:
            keeper.take(session, [reading(at_s, "OB", ups=name) for name in names])
    found = kept(desk)
    assert len(found) == 100
    assert {one.event_id for one in found} == {1}
    with desk.store.read() as session:
        assert verify(session).faults == ()


def batches(samples: Sequence[Sample], size: int) -> Iterator[Sequence[Sample]]:
    for start in range(0, len(samples), size):
        yield samples[start : start + size]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_however_samples_are_batched_the_record_is_the_same(desk: Desk, size: int) -> None:
    keeper = OutageKeeper(desk.site)
    samples = [reading(-5, "OL"), *falling(0, 40), reading(41, "OL"), reading(45, "OB"), reading(50, "stale")]
    samples += [reading(70, "OB LB", 30, 90), reading(80, "OL"), reading(141, "OL")]
    for batch in batches(samples, size):
        with desk.store.write() as session:
            keeper.take(session, batch)
    assert phases(desk) == [
        ("on battery", 0), ("restored", 41), ("on battery", 45), ("lost contact", 50), ("contact again", 70),
        ("low", 70), ("restored", 80),
    ]  # fmt: skip
    [outage] = kept(desk)
    assert (outage.transfers, outage.on_battery_s, outage.state) == (2, 76.0, OutageState.CLOSED)
    assert Phase.RESTORED.value == "restored"


def test_an_outage_while_nobody_watched_is_recorded_as_a_gap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dutyroom.watch.unwatched.SETTLED_S", 0.0)
    began = datetime.now(UTC) - timedelta(hours=9)
    with desk.store.write() as session:
        readings.put_samples(session, [ups_sample("ups-a", began), ups_sample("ups-b", began)], {})
        event_rows.beat(session, Heartbeat("duty-pc", 1, began, began, "f" * 64, Boot("another", 1.0)))
    recorder = Recorder(desk.site, desk.store, Cycle())
    at = datetime.now(UTC)
    for sample in (ups_sample("ups-a", at, charge_percent=60.0, status=("OL", "CHRG")), ups_sample("ups-b", at)):
        recorder.found.put(Found(sample, ()))
    recorder.found.put(None)
    recorder.run()
    [outage] = kept(desk)
    assert (outage.ups, outage.state, outage.signs) == ("ups-a", OutageState.GAP, ("charge-fell", "recharging"))
    assert abs((outage.began_at - began).total_seconds()) < 1
    assert outage.ended_at is not None
    assert (outage.on_battery_s, outage.lowest_charge_percent) == (None, None)
    with desk.store.read() as session:
        event = power_events.get(session, outage.event_id)
        assert verify(session).faults == ()
    assert event is not None
    assert event.state is EventState.RESTORED
