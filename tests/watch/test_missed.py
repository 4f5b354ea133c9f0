"""The watch records missed rounds by itself, and waits while the clock was just set forward."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty.desk import Desk
from dutyroom.model.rounds import RoundState
from dutyroom.store import rounds
from dutyroom.watch.missed import WAIT_AFTER_STEP_S, MissedRounds
from tests.desks import NOW, opened_desk


def missed(desk: Desk) -> int:
    """How many missed rounds are on record."""
    with desk.store.read() as session:
        return sum(one.state is RoundState.MISSED for one in rounds.rounds(session))


class Clocks:
    """A wall clock and one that never steps, set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.seconds = NOW, 1000.0
        monkeypatch.setattr(clock, "now", lambda: self.wall)
        monkeypatch.setattr(clock, "monotonic", lambda: self.seconds)

    def pass_by(self, by: timedelta) -> None:
        """Time goes by on both."""
        self.wall += by
        self.seconds += by.total_seconds()


def test_a_day_that_goes_by_leaves_its_missed_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks(monkeypatch)
    with opened_desk(tmp_path) as desk:
        looking = MissedRounds(desk.site, desk.store, lambda _site, _store: desk)
        looking.look()
        clocks.pass_by(timedelta(days=2))
        looking.look()
        assert missed(desk) == 1


def test_a_clock_set_forward_misses_nothing_until_it_stood_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = Clocks(monkeypatch)
    with opened_desk(tmp_path) as desk:
        looking = MissedRounds(desk.site, desk.store, lambda _site, _store: desk)
        looking.look()
        clocks.wall += timedelta(days=30)
        looking.look()
        clocks.pass_by(timedelta(seconds=60))
        looking.look()
        assert missed(desk) == 0
        clocks.wall -= timedelta(days=30)
        clocks.pass_by(timedelta(seconds=WAIT_AFTER_STEP_S))
        looking.look()
        assert missed(desk) == 0, "it was put right: nothing was missed"
        clocks.wall += timedelta(days=3)
        looking.look()
        clocks.pass_by(timedelta(seconds=WAIT_AFTER_STEP_S + 1))
        looking.look()
        assert missed(desk) == 2, "it stayed: the days did go by"


def test_it_looks_in_a_thread_of_its_own_and_ends(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        looking = MissedRounds(desk.site, desk.store, lambda _site, _store: desk, first_after_s=0.01)
        looking.start()
        end = clock.monotonic() + 20
        while clock.monotonic() < end:
            with desk.store.read() as session:
                from dutyroom.store.checklists import in_force_since

                if in_force_since(session, "daily") is not None:
                    break
        looking.stop()
        with desk.store.read() as session:
            assert in_force_since(session, "daily") is not None
