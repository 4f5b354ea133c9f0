"""What the screen shows as saved outlives a kill -9; `python -m tests.kill9` does it many times more."""

from __future__ import annotations

from pathlib import Path

from tests import kill9


def test_nothing_shown_as_saved_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    toll = kill9.run(tmp_path, kills=8, seed=1)
    assert toll.kills == 8
    assert toll.told, "the children said nothing"
    assert (toll.lost, toll.faults) == ([], [])
