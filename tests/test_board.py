"""The board is a pure function: the same records and the same moment give the same board, and unknown stays unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dutyroom.board import DutyState, make_board
from dutyroom.checklists import shipped
from dutyroom.model.events import Event, Heartbeat
from dutyroom.model.facts import Line
from dutyroom.model.notification import NotificationsNow, NotifyRules, Recipient
from dutyroom.model.reading import Latest, Sample, StaleBy, State, Verdict
from dutyroom.model.room import RoomRecords
from dutyroom.model.rounds import Round, RoundState
from tests.desks import NOW, all_samples, failed, make_site, switch_sample, ups_sample

SITE = make_site()
DAILY = shipped("daily", SITE.limit_profile)


def records(samples: list[Sample] | None = None, **more: object) -> RoomRecords:
    taken = all_samples() if samples is None else samples
    latest = {sample.source: Latest(sample, sample if sample.state.knows else None) for sample in taken}
    return RoomRecords(latest=latest, **more)  # type: ignore[arg-type]


def beat(seconds_ago: float = 1, fingerprint: str = SITE.fingerprint) -> Heartbeat:
    return Heartbeat("duty-pc", 4711, NOW, NOW - timedelta(seconds=seconds_ago), fingerprint)


def test_a_quiet_room_is_ok() -> None:
    board = make_board(SITE, DAILY, records(heartbeat=beat()), NOW)
    assert board.verdict is Verdict.OK
    assert board.watch.running
    assert board.watch.site_file_current


def test_an_empty_store_is_a_room_of_unknowns() -> None:
    board = make_board(SITE, DAILY, RoomRecords(), NOW)
    assert {view.state for view in board.sources} == {State.NEVER}
    assert board.verdict is Verdict.UNKNOWN
    assert not board.watch.running


def test_the_worst_of_a_kind_comes_first_and_equally_bad_upses_by_least_time() -> None:
    samples = [
        ups_sample("ups-a", line=Line.BATTERY, status=("OB",), runtime_s=9000.0),
        ups_sample("ups-b", line=Line.BATTERY, status=("OB",), runtime_s=600.0),
        switch_sample(),
    ]
    board = make_board(SITE, DAILY, records(samples), NOW)
    assert [view.name for view in board.sources] == ["ups-b", "ups-a", "core-1", "duty-pc"]


@pytest.mark.parametrize(("seconds_ago", "running"), [(1, True), (14, True), (16, False)])
def test_a_silent_heartbeat_is_no_watch(seconds_ago: float, running: bool) -> None:
    assert make_board(SITE, DAILY, records(heartbeat=beat(seconds_ago)), NOW).watch.running is running


@pytest.mark.parametrize(("seconds_ago", "verdict"), [(16, Verdict.OK), (299, Verdict.OK), (301, Verdict.FAULT)])
def test_a_watch_that_was_silent_for_minutes_makes_the_board_red(seconds_ago: float, verdict: Verdict) -> None:
    board = make_board(SITE, DAILY, records(heartbeat=beat(seconds_ago)), NOW)
    assert (board.verdict, board.watch.blind_s) == (verdict, None)
    assert board.watch.silent_s == (seconds_ago if verdict is Verdict.FAULT else None)


def test_a_watch_that_no_device_answers_makes_the_board_red_although_this_machine_answers() -> None:
    lost = [failed(one) for one in all_samples() if one.source != "duty-pc"]
    then = RoomRecords(
        latest={one.source: Latest(one) for one in lost}
        | {one.source: Latest(one, one) for one in all_samples() if one.source == "duty-pc"},
        heartbeat=replace(beat(), started_at=NOW - timedelta(minutes=6)),
    )
    board = make_board(SITE, DAILY, then, NOW)
    assert (board.verdict, board.watch.blind_s, board.watch.silent_s) == (Verdict.FAULT, 360.0, None)
    patient = replace(SITE, notify=NotifyRules(blind_after_s=600))
    assert make_board(patient, DAILY, then, NOW).watch.blind_s is None


def test_only_recipients_of_the_site_file_are_told_as_not_reached() -> None:
    known = records(notifications=NotificationsNow(2, NOW - timedelta(minutes=12), ("desk", "left")))
    assert make_board(SITE, DAILY, known, NOW).notifications == NotificationsNow()
    told = replace(SITE, recipients=(Recipient("desk", command=("tell",)),))
    shown = make_board(told, DAILY, known, NOW).notifications
    assert (shown.unacknowledged, shown.failing) == (2, ("desk",))


def test_a_watch_with_another_site_file_is_told() -> None:
    board = make_board(SITE, DAILY, records(heartbeat=beat(fingerprint="0" * 64)), NOW)
    assert not board.watch.site_file_current


def test_what_nobody_asked_for_long_is_stale_by_the_watcher() -> None:
    board = make_board(SITE, DAILY, records(), NOW + timedelta(minutes=10))
    assert {(view.state, view.stale_by) for view in board.sources} == {(State.STALE, StaleBy.WATCHER)}
    assert board.verdict is Verdict.UNKNOWN


def test_time_on_battery_counts_from_the_event_the_watch_saw() -> None:
    began = Event(NOW - timedelta(minutes=7), "ups-a", "on-battery")
    samples = [ups_sample("ups-a", line=Line.BATTERY, status=("OB",))]
    board = make_board(SITE, DAILY, records(samples, on_battery_since={"ups-a": began}), NOW)
    assert board.sources[0].on_battery_s == 420.0


def test_a_failed_source_has_no_current_sample_values_but_its_last_good_ones_with_their_age() -> None:
    lost = failed(ups_sample(), later_s=0)
    board = make_board(SITE, DAILY, RoomRecords(latest={"ups-a": Latest(lost, ups_sample())}), NOW)
    view = next(view for view in board.sources if view.name == "ups-a")
    assert view.sample is not None
    assert (view.sample.ups, view.is_fresh) == (None, False)
    assert view.good is not None


@pytest.mark.parametrize(
    ("hour_later", "state", "expected"),
    [
        (0, None, DutyState.DUE),
        (3, None, DutyState.LATE),
        (0, RoundState.OPEN, DutyState.OPEN),
        (0, RoundState.SIGNED, DutyState.DONE),
    ],
)
def test_the_round_of_the_slot_is_due_late_open_or_done(
    hour_later: int, state: RoundState | None, expected: DutyState
) -> None:
    now = NOW + timedelta(hours=hour_later)
    found = None
    if state is not None:
        found = Round("daily", DAILY.version, NOW, NOW.date(), NOW.date(), state, 43, id=1)
    assert make_board(SITE, DAILY, records(round=found), now).duty.state is expected
