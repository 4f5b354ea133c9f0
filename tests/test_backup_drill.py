"""Backups under two writers restore and verify, damaged ones are refused; `python -m tests.backup_drill` does more."""

from __future__ import annotations

from pathlib import Path

from tests import backup_drill
from tests.damage import WAYS


def test_every_backup_under_two_writers_restores_and_every_damaged_one_is_refused(tmp_path: Path) -> None:
    toll = backup_drill.run(tmp_path, backups=6, damaged=2 * len(WAYS), seed=1)
    assert toll.faults == []
    assert (toll.backups, toll.restored) == (6, 6)
    assert (toll.damaged, toll.refused) == (2 * len(WAYS), 2 * len(WAYS))
    assert toll.told > 6, "a round was filled meanwhile"
    assert toll.samples > 0, "the watch wrote meanwhile"
