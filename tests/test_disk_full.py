"""A full disk loses nothing that was acknowledged; `python -m tests.disk_full` does it by hand and tells the words."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from tests import disk_full


def test_nothing_acknowledged_is_lost_on_a_full_disk_and_the_program_goes_on(tmp_path: Path) -> None:
    with disk_full.small_disk(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("needs leave to mount a small file system")
        run = disk_full.scenarios(disk)
    assert run.wrong == []
    assert run.acts == 7
    assert len(run.acknowledged) > 40


def test_the_same_at_a_limit_of_the_file_size(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir(mode=0o700)
    told = tmp_path / "wrong"
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=disk_full.limited, args=(str(tmp_path / "disk"), str(told)))
    child.start()
    child.join(120)
    assert child.exitcode == 0
    assert told.read_text("utf-8") == ""


def test_no_round_begins_below_50_mb_and_an_open_one_is_finished(tmp_path: Path) -> None:
    with disk_full.small_disk(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("needs leave to mount a small file system")
        assert disk_full.refused_below_50_mb(disk) == []
