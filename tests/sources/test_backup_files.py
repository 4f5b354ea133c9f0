"""Backup jobs by their files: real folders with real files, each trouble told apart."""

from __future__ import annotations

import asyncio
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.model.facts import BackupFacts
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.sources import backup_files
from dutyroom.sources.backup_files import BackupSource

DAY_S = 86400.0


def put(folder: Path, name: str, size: int, age_s: float) -> Path:
    """A file of that size, last written so long ago."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)
    at = clock.now().timestamp() - age_s
    os.utime(path, (at, at))
    return path


def looked(pattern: Path | str) -> Sample:
    """One look."""
    return asyncio.run(BackupSource("his-full", str(pattern)).sample(clock.now()))


def facts_of(pattern: Path | str) -> BackupFacts:
    """What a look found; a look that found nothing fails the test."""
    sample = looked(pattern)
    assert sample.backup is not None, sample.detail
    assert (sample.state, sample.kind) == (State.OK, Kind.BACKUP)
    return sample.backup


def test_the_newest_file_counts_with_its_time_and_size(tmp_path: Path) -> None:
    put(tmp_path, "his-1.dmp", 100, 2 * DAY_S)
    put(tmp_path, "his-2.dmp", 110, 3 * 3600)
    put(tmp_path, "other.log", 5, 2 * 3600)
    (tmp_path / "his-folder.dmp").mkdir()
    (tmp_path / "his-gone.dmp").symlink_to(tmp_path / "nowhere")
    facts = facts_of(tmp_path / "his-*.dmp")
    assert facts.newest is not None
    assert (facts.newest.path, facts.newest.size, facts.count) == (str(tmp_path / "his-2.dmp"), 110, 2)
    age_s = (clock.now() - facts.newest.at).total_seconds()
    assert abs(age_s - 3 * 3600) < 60
    assert (facts.writing, [size for _at, size in facts.recent]) == (None, [100])


def test_of_each_day_of_the_week_before_the_last_file_is_kept(tmp_path: Path) -> None:
    newest = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    for days in range(11):
        for hour, size in ((0, 1), (1, 1000 + days)):
            path = put(tmp_path, f"{days}-{hour}.dmp", size, 0)
            at = (newest - timedelta(days=days, hours=1 - hour)).timestamp()
            os.utime(path, (at, at))
    facts = facts_of(tmp_path / "*.dmp")
    assert facts.newest is not None
    assert (facts.newest.size, facts.count) == (1000, 22)
    # The day of the newest file itself does not count.
    assert [size for _at, size in facts.recent] == [1007, 1006, 1005, 1004, 1003, 1002, 1001]


def test_a_file_still_being_written_is_told_and_the_one_before_counts(tmp_path: Path) -> None:
    put(tmp_path, "1.dmp", 100, DAY_S)
    put(tmp_path, "2.dmp", 40, 5)
    facts = facts_of(tmp_path / "*.dmp")
    assert facts.newest is not None
    assert facts.writing is not None
    assert (Path(facts.newest.path).name, Path(facts.writing.path).name, facts.writing.size) == ("1.dmp", "2.dmp", 40)
    (tmp_path / "1.dmp").unlink()
    first = facts_of(tmp_path / "*.dmp")
    assert (first.newest, first.writing is not None, first.count) == (None, True, 1)


def test_a_file_that_grows_is_being_written_whatever_its_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "1.dmp", 100, 600)

    def grow(_seconds: float) -> None:
        put(tmp_path, "1.dmp", 150, 600)

    monkeypatch.setattr("dutyroom.sources.backup_files.time.sleep", grow)
    facts = facts_of(tmp_path / "*.dmp")
    assert facts.newest is None
    assert facts.writing is not None
    assert facts.writing.path == str(path)


def test_an_empty_file_stays_the_newest_and_says_its_size(tmp_path: Path) -> None:
    put(tmp_path, "1.dmp", 100, 2 * DAY_S)
    put(tmp_path, "2.dmp", 0, DAY_S)
    facts = facts_of(tmp_path / "*.dmp")
    assert facts.newest is not None
    assert facts.newest.size == 0


def test_no_match_is_something_else_than_a_folder_that_is_not_there(tmp_path: Path) -> None:
    facts = facts_of(tmp_path / "*.dmp")
    assert (facts.count, facts.newest, facts.writing) == (0, None, None)
    gone = looked(tmp_path / "mnt" / "*.dmp")
    assert (gone.state, gone.backup) == (State.UNREACHABLE, None)
    assert str(tmp_path / "mnt") in gone.detail
    assert "mounted" in gone.detail


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_denied(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o000)
    assert looked(locked / "*.dmp").state is State.DENIED


def test_a_refusal_of_the_system_is_denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: str) -> None:
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr("dutyroom.sources.backup_files.os.scandir", refuse)
    sample = looked(tmp_path / "*.dmp")
    assert (sample.state, sample.backup) == (State.DENIED, None)


async def test_a_mount_that_hangs_blocks_nothing_and_is_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, looks = threading.Event(), []

    def hang(folder: str) -> None:
        looks.append(folder)
        gate.wait(20)
        raise OSError(116, "Stale file handle", folder)

    monkeypatch.setattr("dutyroom.sources.backup_files.os.scandir", hang)
    monkeypatch.setattr(backup_files, "DEADLINE_S", 0.2)
    source, began = BackupSource("his-full", str(tmp_path / "*.dmp")), clock.monotonic()
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            before = clock.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, clock.monotonic() - before)

    ticking = asyncio.ensure_future(tick())
    first, second = await source.sample(clock.now()), await source.sample(clock.now())
    assert {first.state, second.state} == {State.TIMEOUT}
    assert clock.monotonic() - began < 2
    assert len(looks) == 1
    monkeypatch.setattr(backup_files, "DEADLINE_S", 5.0)
    gate.set()
    after = await source.sample(clock.now())
    ticking.cancel()
    assert after.state is State.UNREACHABLE
    assert longest < 0.15


def test_stars_in_folders_are_followed_and_brackets_are_names(tmp_path: Path) -> None:
    put(tmp_path, "mon/[his].dmp", 1, DAY_S)
    put(tmp_path, "tue/[his].dmp", 2, DAY_S / 2)
    put(tmp_path, "tue/h.dmp", 3, DAY_S / 4)
    put(tmp_path, "tue/.[his].dmp", 4, DAY_S / 8)
    facts = facts_of(tmp_path / "*" / "[his].dmp")
    assert facts.newest is not None
    assert (facts.count, facts.newest.size) == (2, 2)


def test_a_name_made_to_look_like_something_else_is_inert(tmp_path: Path) -> None:
    put(tmp_path, "x\x1b]0;owned\x07.dmp", 1, DAY_S)
    facts = facts_of(tmp_path / "*.dmp")
    assert facts.newest is not None
    assert "\x1b" not in facts.newest.path
