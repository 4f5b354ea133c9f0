"""A watcher that is killed leaves whole samples and a gap on record; `python -m tests.kill_watch` does it 20 times."""

from __future__ import annotations

from pathlib import Path

from tests import kill_watch


def test_a_killed_watcher_leaves_nothing_half_and_the_next_one_records_the_gap(tmp_path: Path) -> None:
    toll = kill_watch.run(tmp_path, kills=3, seed=1)
    assert (toll.kills, toll.gaps, toll.faults) == (3, 2, [])
    assert toll.samples > 20
