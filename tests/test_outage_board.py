"""What stands on the outage screen, from records alone: the time left counts down and never grows by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.board import make_board
from dutyroom.checklists import shipped
from dutyroom.model.events import Boot
from dutyroom.model.facts import Line, RuntimeBasis
from dutyroom.model.outage import (
    CallResult,
    EventAct,
    EventState,
    EventStep,
    Outage,
    OutageState,
    Phase,
    PhaseChange,
    PowerEvent,
)
from dutyroom.model.outage_records import EventRecords, Told
from dutyroom.model.reading import HoldVerdict, Latest, Sample, State
from dutyroom.model.room import RoomRecords
from dutyroom.model.runtime import DischargePoint, RuntimeEstimate
from dutyroom.model.site import Contact, LimitProfile, Site
from dutyroom.outage_board import OutageBoard, Standing, make_outage_board
from dutyroom.rules.durations import records_now
from tests.desks import NOW, failed, make_site, ups_sample

BOOT = Boot("one", 1000.0)
DAILY = shipped("daily", LimitProfile.GB50174)


def later(seconds: float) -> Boot:
    return Boot("one", 1000.0 + seconds)


def told(at_s: float, left_s: float | None, **more: Any) -> Told:
    """A reading `at_s` seconds into the outage, with the time left that was believed then."""
    left = RuntimeEstimate(left_s, RuntimeBasis.SLOPE if left_s is not None else None, left_s, **more)
    return Told(NOW + timedelta(seconds=at_s), DischargePoint(at_s, 80.0, 30.0, 9000.0), left)


def records(
    upses: Mapping[str, Told], phases: Mapping[int, tuple[PhaseChange, ...]] | None = None, *, silent: bool = False
) -> RoomRecords:
    """A power event in which these UPSes are on battery since NOW."""
    outages = tuple(Outage(name, 1, NOW, BOOT, id=n) for n, name in enumerate(upses, 1))
    latest = {}
    for name, one in upses.items():
        sample = ups_sample(name, one.at, status=("OB",), line=Line.BATTERY, runtime_s=9000.0, input_voltage_v=0.0)
        sample = replace(sample, boot=later((one.at - NOW).total_seconds()))
        newest: Sample = replace(failed(sample, State.NO_DRIVER, 5.0), boot=sample.boot) if silent else sample
        latest[name] = Latest(newest, sample)
    power = EventRecords(
        PowerEvent(NOW, BOOT, id=1),
        outages,
        phases or {one.id: (PhaseChange(one.id, NOW, Phase.ON_BATTERY),) for one in outages},
        {one.id: upses[one.ups] for one in outages},
    )
    return RoomRecords(latest=latest, power=power)


def shown(known: RoomRecords, at_s: float, site: Site | None = None) -> OutageBoard:
    board = make_outage_board(site or make_site(), known, NOW + timedelta(seconds=at_s), later(at_s))
    assert board is not None
    return board


def test_the_least_time_stands_first_and_an_unknown_one_before_it() -> None:
    board = shown(records({"ups-a": told(10, 5000.0), "ups-b": told(10, 400.0)}), 20)
    assert [one.outage.ups for one in board.upses] == ["ups-b", "ups-a"]
    assert board.upses[0].left.seconds == 390.0
    board = shown(records({"ups-a": told(10, None), "ups-b": told(10, 400.0)}), 20)
    assert [one.outage.ups for one in board.upses] == ["ups-a", "ups-b"]


def test_held_and_left_together_are_held_against_what_is_required() -> None:
    [line] = shown(records({"ups-b": told(3600, 7200.0)}), 3600).upses
    assert (line.verdict, line.short_by_s) == (HoldVerdict.MET, 0.0)
    [line] = shown(records({"ups-b": told(3600, 7140.0)}), 3600).upses
    assert (line.verdict, line.short_by_s) == (HoldVerdict.SHORT, 60.0)
    [line] = shown(records({"ups-b": told(3600, None)}), 3600).upses
    assert (line.verdict, line.short_by_s) == (HoldVerdict.NO_EVIDENCE, None)
    [line] = shown(records({"ups-b": told(3600, 60.0, at_least=True)}), 3600).upses
    assert line.verdict is HoldVerdict.NO_EVIDENCE


@given(st.floats(0, 20000), st.floats(0, 5000), st.floats(0, 5000))
def test_without_news_the_time_left_falls_with_the_clock(left_s: float, first: float, more: float) -> None:
    known = records({"ups-a": told(0, left_s)}, silent=True)
    one, two = shown(known, first).upses[0].left.seconds, shown(known, first + more).upses[0].left.seconds
    assert one is not None
    assert two is not None
    assert 0 <= two <= one <= left_s
    assert two == pytest.approx(max(0.0, left_s - first - more), abs=0.01)


@pytest.mark.parametrize("step_s", [8 * 3600.0, -8 * 3600.0, 90.0])
def test_a_clock_that_is_set_changes_neither_time_left_nor_time_held(step_s: float) -> None:
    known = records({"ups-a": told(100, 5000.0)}, silent=True)
    now = NOW + timedelta(seconds=160 + step_s)
    board = make_board(make_site(), DAILY, known, now, later(160))
    outage = make_outage_board(make_site(), records_now(known, now, later(160)), now, later(160))
    assert outage is not None
    assert outage.elapsed_s == 160
    assert outage.upses[0].on_battery_s == 160
    assert outage.upses[0].left.seconds == pytest.approx(4940, abs=1)
    assert board.at == now


def test_everything_that_shows_a_runtime_shows_the_one_that_is_believed() -> None:
    board = make_board(make_site(), DAILY, records({"ups-a": told(100, 5000.0)}), NOW + timedelta(seconds=101))
    view = next(one for one in board.sources if one.name == "ups-a")
    assert view.sample is not None
    assert view.sample.ups is not None
    assert (view.sample.ups.runtime_s, view.sample.ups.runtime_basis) == (5000.0, RuntimeBasis.SLOPE)
    for unknown in (told(100, None), told(100, 5000.0, at_least=True)):
        board = make_board(make_site(), DAILY, records({"ups-a": unknown}), NOW + timedelta(seconds=101))
        view = next(one for one in board.sources if one.name == "ups-a")
        assert view.sample is not None
        assert view.sample.ups is not None
        assert view.sample.ups.runtime_s is None
        assert view.hold_verdict is HoldVerdict.NO_EVIDENCE


@pytest.mark.parametrize(
    ("phases", "standing"),
    [
        ([Phase.ON_BATTERY], Standing.BATTERY),
        ([Phase.ON_BATTERY, Phase.LOW], Standing.LOW),
        ([Phase.ON_BATTERY, Phase.LOW, Phase.LOST], Standing.LOST),
        ([Phase.ON_BATTERY, Phase.LOW, Phase.LOST, Phase.FOUND], Standing.LOW),
        ([Phase.ON_BATTERY, Phase.LOST, Phase.FOUND], Standing.BATTERY),
        ([Phase.ON_BATTERY, Phase.SHUTDOWN], Standing.SHUTDOWN),
        ([Phase.ON_BATTERY, Phase.RESTORED], Standing.RESTORED),
        ([Phase.ON_BATTERY, Phase.RESTORED, Phase.ON_BATTERY], Standing.BATTERY),
    ],
)
def test_how_it_stands_follows_from_its_phases(phases: list[Phase], standing: Standing) -> None:
    changes = tuple(PhaseChange(1, NOW + timedelta(seconds=n), phase) for n, phase in enumerate(phases))
    [line] = shown(records({"ups-a": told(10, 100.0)}, {1: changes}), 20).upses
    assert line.standing is standing
    assert (line.left.seconds is None) is (standing is Standing.RESTORED)


def test_the_ladder_of_calls_runs_from_the_step_before_and_stops_when_somebody_answers() -> None:
    people = (Contact("chief", "Li", "1", 2), Contact("commander", "Wang", "2", 1))
    site = replace(make_site(), contacts=people)
    known = records({"ups-a": told(10, 100.0)})
    assert known.power is not None
    board = shown(known, 20, site)
    assert board.next_call is not None
    assert (board.next_call.contact.name, board.next_call.due_at) == ("Wang", NOW)

    def called(name: str, at_s: float, result: CallResult) -> EventStep:
        return EventStep(1, NOW + timedelta(seconds=at_s), "zhang", EventAct.CALLED, name, result)

    busy = replace(known, power=replace(known.power, steps=(called("Wang", 30, CallResult.BUSY),)))
    board = shown(busy, 40, site)
    assert board.next_call is not None
    assert (board.next_call.contact.name, board.next_call.due_at) == ("Li", NOW + timedelta(seconds=210))
    steps = (called("Wang", 30, CallResult.BUSY), called("Li", 215, CallResult.ANSWERED))
    done = replace(known, power=replace(known.power, steps=steps))
    assert shown(done, 300, site).next_call is None
    again = shown(done, 215 + 1801, site).next_call
    assert again is not None
    assert again.contact.name == "Wang"


def test_clocks_stop_when_they_are_stamped_and_are_late_by_the_seconds() -> None:
    known = records({"ups-a": told(10, 100.0)})
    assert known.power is not None
    contained, reported, authority = shown(known, 200).clocks
    assert (contained.left_s, contained.is_late) == (-20.0, True)
    assert (reported.left_s, reported.is_late) == (1600.0, False)
    assert (authority.needed, authority.is_late) == (False, False)
    event = replace(known.power.event, contained_at=NOW + timedelta(seconds=125), contained_by="zhang", is_major=True)
    contained, _reported, authority = shown(replace(known, power=replace(known.power, event=event)), 200).clocks
    assert (contained.took_s, contained.is_late) == (125.0, False)
    assert authority.left_s == 4 * 3600 - 200


def test_an_event_that_is_over_counts_no_further() -> None:
    known = records({"ups-a": told(10, 100.0)})
    assert known.power is not None
    ended = NOW + timedelta(seconds=600)
    over = replace(known.power.outages[0], state=OutageState.CLOSED, ended_at=ended, on_battery_s=600.0)
    event = replace(known.power.event, state=EventState.RESTORED, restored_at=ended)
    board = shown(replace(known, power=replace(known.power, event=event, outages=(over,))), 9000)
    assert board.elapsed_s == 600
    assert board.is_over
    assert board.worst is None
    assert board.upses[0].on_battery_s == 600
