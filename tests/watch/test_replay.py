"""A recording is played with true ages and events, moved about, and leaves nothing behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.board import Board, make_board
from dutyroom.cli.replay import BadMoment, moment_of, replayed_room
from dutyroom.duty.records import read_room
from dutyroom.errors import StoreError
from dutyroom.model.reading import Verdict
from dutyroom.store import events
from dutyroom.watch.recording import Recording, read_header
from dutyroom.watch.replay_clock import ReplayClock
from screens.desk import OpenedRoom
from tests.desks import NOW, ZONE, make_site
from tests.watch.recordings import BATTERY_FROM, ENDED, GAP_FROM, GAP_UNTIL, recorded
from tests.watch.test_watch import wait_until


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Its private folder is made here, so that what is left of it is seen.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return recorded(tmp_path / "morning.jsonl.gz", monkeypatch)


@contextmanager
def playing(path: Path, at: datetime = NOW, speed: float = 1.0) -> Iterator[OpenedRoom]:
    room = replayed_room(path, read_header(path), at, speed)
    try:
        yield room
    finally:
        room.close()


def come_to(room: OpenedRoom, at: datetime) -> None:
    """Waits until the replay shows a moment, and stops it there."""
    wait_until(lambda: clock.now() >= at)
    if room.replay is not None and not room.replay.clock.is_paused:
        room.replay.pause()


def board(room: OpenedRoom) -> Board:
    """What the screens would show."""
    now = clock.now()
    return make_board(room.desk.site, room.desk.checklist, read_room(room.desk, now), now, clock.boot())


def test_ages_and_since_are_those_of_the_recording(path: Path) -> None:
    with playing(path, BATTERY_FROM + timedelta(minutes=4)) as room:
        come_to(room, BATTERY_FROM + timedelta(minutes=4))
        shown = board(room)
        ups = next(view for view in shown.sources if view.name == "ups-a")
        assert ups.verdict is Verdict.FAULT
        assert ups.on_battery_s == pytest.approx(240, abs=10)
        assert all(view.is_fresh and view.age_s is not None and view.age_s < 40 for view in shown.sources)
        assert shown.watch.running
        told = [(event.source, event.code, event.at) for event in shown.events if event.code == "on-battery"]
        assert told == [("ups-a", "on-battery", BATTERY_FROM)]


def test_a_time_nobody_watched_is_shown_as_one(path: Path) -> None:
    with playing(path, GAP_FROM + timedelta(minutes=5)) as room:
        come_to(room, GAP_FROM + timedelta(minutes=5))
        assert not board(room).watch.running
        assert {view.state.value for view in board(room).sources} == {"stale"}
    with playing(path, GAP_UNTIL + timedelta(minutes=2)) as room:
        come_to(room, GAP_UNTIL + timedelta(minutes=2))
        assert board(room).watch.running


def test_it_goes_forward_and_back_and_forgets_what_comes_later(path: Path) -> None:
    with playing(path) as room:
        assert room.replay is not None
        for _n in range(4):
            room.replay.jump(600)
        wait_until(lambda: clock.now() >= NOW + timedelta(minutes=40))
        room.replay.pause()
        reached = clock.now()
        assert {"on-battery", "on-mains"} <= {event.code for event in board(room).events}
        room.replay.jump(-1200)
        wait_until(lambda: clock.now() == reached - timedelta(minutes=20))
        shown = board(room)
        assert not shown.events
        ups = next(view for view in shown.sources if view.name == "ups-a")
        assert ups.age_s is not None
        assert 0 <= ups.age_s < 30
        assert ups.sample is not None
        assert ups.sample.ups is not None
        assert ups.sample.ups.load_percent == pytest.approx(31 + 2, abs=0.1)


def test_it_stands_still_while_paused_and_runs_at_its_speed(path: Path) -> None:
    with playing(path, speed=120.0) as room:
        assert room.replay is not None
        wait_until(lambda: clock.now() > NOW + timedelta(minutes=1))
        room.replay.pause()
        stood = clock.now()
        assert room.replay.clock.is_paused
        wait_until(lambda: clock.now() == stood)
        room.replay.pause()
        wait_until(lambda: clock.now() > stood + timedelta(minutes=2))
        shown = board(room)
        assert all(view.age_s is not None and 0 <= view.age_s < 45 for view in shown.sources)


def test_at_its_end_it_stands_at_the_last_sample(path: Path) -> None:
    with playing(path, ENDED - timedelta(seconds=20), speed=60.0) as room:
        assert room.replay is not None
        replay = room.replay
        wait_until(lambda: replay.is_over)
        assert clock.now() == ENDED
        assert board(room).watch.running
        replay.jump(600)
        wait_until(lambda: clock.now() == ENDED)
        replay.jump(-600)
        wait_until(lambda: clock.now() < ENDED and not replay.is_over)


def test_nothing_can_be_written_and_nothing_is_left_behind(path: Path) -> None:
    before = set(path.parent.iterdir())
    with playing(path) as room:
        (folder,) = set(path.parent.iterdir()) - before
        assert folder.stat().st_mode & 0o077 == 0
        with pytest.raises(StoreError), room.desk.store.write() as session:
            events.request_poll(session, clock.now())
    assert set(path.parent.iterdir()) == before
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5


def test_a_damaged_recording_plays_as_far_as_it_is_whole(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with playing(path, ENDED) as room:
        assert room.replay is not None
        replay = room.replay
        wait_until(lambda: replay.is_over)
        assert NOW < clock.now() < ENDED


def test_an_empty_recording_is_over_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    Recording(tmp_path / "x", make_site()).close()
    with playing(tmp_path / "x", NOW) as room:
        assert room.replay is not None
        replay = room.replay
        wait_until(lambda: replay.is_over)
        assert {view.state.value for view in board(room).sources} == {"never"}


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("08:41", 0),
        ("08:50", 9),
        ("9:00:30", 19.5),
        ("08:40", 24 * 60 - 1),
        ("2026-11-24T10:00", 79),
        ("2020-01-01", 0),
    ],
)
def test_a_time_of_day_is_the_first_one_in_the_recording(text: str, minutes: float) -> None:
    assert moment_of(text, NOW, ZONE) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "25:00", "noon", "99999-01-01"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadMoment):
        moment_of(text, NOW, ZONE)


def test_the_clock_never_shows_a_moment_that_was_not_reached() -> None:
    seconds = [0.0]
    shown = ReplayClock(NOW, 10.0, lambda: seconds[0])
    seconds[0] = 3.0
    assert (shown.now(), shown.wished()) == (NOW, NOW + timedelta(seconds=30))
    shown.reach(NOW + timedelta(seconds=25), is_all=False)
    assert shown.now() == NOW + timedelta(seconds=25)
    seconds[0] = 100.0
    # Far behind: it goes on from where everything is there instead of catching up.
    shown.reach(NOW + timedelta(seconds=40), is_all=True)
    assert shown.wished() == NOW + timedelta(seconds=40)
