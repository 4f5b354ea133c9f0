"""The watch backs the records up every day, and nothing a disk does holds it up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty.backups import back_up, copy_to_second, folder_of, thin
from dutyroom.duty.desk import Desk
from dutyroom.errors import StoreError
from dutyroom.model.backup import Backup, BackupReason
from dutyroom.model.site import BackupRules
from dutyroom.store import backup, backups, manifests, second
from dutyroom.store.trouble import trouble
from dutyroom.watch.backups import DailyBackup
from dutyroom.watch.loop import Watch
from tests.desks import NOW, opened_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose site has a second place."""
    (tmp_path / "second").mkdir()
    with opened_desk(tmp_path) as opened:
        site = replace(opened.site, backup=BackupRules(second=tmp_path / "second"))
        yield replace(opened, site=site)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the clock to so long after NOW."""

    def put(later: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOW + later)

    put(timedelta())
    return put


def tries(desk: Desk) -> list[Backup]:
    """Every try, oldest first."""
    with desk.store.read() as session:
        return list(reversed(backups.tries(session)))


def wait_until(is_so: Callable[[], bool]) -> None:
    """Waits for a condition; the test fails when it does not come."""
    until = clock.monotonic() + 30
    while not is_so():
        assert clock.monotonic() < until, "the condition did not come"
        time.sleep(0.01)


def test_one_backup_a_day_in_both_places_and_old_ones_are_thinned_out(
    desk: Desk, at: Callable[[timedelta], None]
) -> None:
    daily = DailyBackup(desk.site, desk.store)
    for hours in range(0, 24 * 20, 6):
        at(timedelta(hours=hours))
        daily.look()
    made = tries(desk)
    assert len(made) == 20 or len(made) == 21
    assert all(one.is_good and one.second is not None for one in made)
    here = manifests.listed(folder_of(desk.site, desk.store.path))
    there = manifests.listed(desk.site.backup.second or Path())
    assert [one.file for one in here] == [one.file for one in there]
    # 14 days, and of the 8 weeks and 24 months those that are older.
    assert 14 <= len(here) <= 17
    assert Path(made[-1].path).name == here[-1].file
    backup.check(Path(made[-1].second or ""))


def test_after_a_failure_it_waits_an_hour_and_the_code_is_kept(
    desk: Desk, at: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    daily, real = DailyBackup(desk.site, desk.store), backup.make

    def full(*_args: object, **_kwargs: object) -> None:
        raise trouble("disk-full", "/backups")

    monkeypatch.setattr(backup, "make", full)
    daily.look()
    daily.look()
    assert [one.trouble for one in tries(desk)] == ["disk-full"]
    monkeypatch.setattr(backup, "make", real)
    at(timedelta(minutes=59))
    daily.look()
    assert len(tries(desk)) == 1
    at(timedelta(minutes=61))
    daily.look()
    assert [one.is_good for one in tries(desk)] == [False, True]


def test_a_second_place_that_is_away_is_told_and_gets_its_copy_when_it_is_back(
    desk: Desk, at: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = desk.site.backup.second
    assert place is not None
    place.rmdir()
    daily = DailyBackup(desk.site, desk.store)
    daily.look()
    assert [one.second_trouble for one in tries(desk)] == ["second-missing"]
    assert not place.exists()
    place.mkdir()
    daily.look()
    assert [one.second_trouble for one in tries(desk)] == ["second-missing"], "not before an hour has gone by"
    later = clock.monotonic() + 3601
    monkeypatch.setattr(clock, "monotonic", lambda: later)
    daily.look()
    (one,) = tries(desk)
    assert (one.second_trouble, one.second) == (None, str(place / Path(one.path).name))


def test_a_second_place_that_hangs_delays_no_poll_and_is_said_as_such(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.watch.test_watch import FAST, sources

    dead, real = threading.Event(), second.copy

    def hanging(file: Path, folder: Path) -> Path:
        dead.wait(60)
        return real(file, folder)

    monkeypatch.setattr(second, "copy", hanging)
    monkeypatch.setattr("dutyroom.watch.backups.SECOND_WITHIN_S", 0.5)
    asked = sources()
    watch = Watch(replace(desk.site, poll=FAST), desk.store, lambda: list(asked.values()))
    monkeypatch.setattr(watch._backups, "_first_after_s", 0.0)
    watch.start()
    try:
        wait_until(lambda: any(one.is_good for one in tries(desk)))
        polled = asked["ups-a"].asked
        wait_until(lambda: asked["ups-a"].asked >= polled + 3)
        wait_until(lambda: any(one.second_trouble == "second-hangs" for one in tries(desk)))
        (made,) = tries(desk)
        assert copy_to_second(desk.store, desk.site, made, 0.1).second_trouble == "second-hangs"
        hung = [thread for thread in threading.enumerate() if thread.name.startswith("second place")]
        assert len(hung) == 1, "no other copy is begun while one hangs"
    finally:
        watch.stop()
        dead.set()
    # The disk came back: the copy that hung comes to its end, and that is what stands.
    wait_until(lambda: tries(desk)[0].second is not None)


def test_a_watch_makes_its_first_backup_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(desk.site, desk.store, list)
    monkeypatch.setattr(watch._backups, "_first_after_s", 0.0)
    watch.start()
    try:
        wait_until(lambda: any(one.second is not None for one in tries(desk)))
    finally:
        watch.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "backup"]


def test_a_defect_does_not_end_the_daily_backup(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    daily, looked = DailyBackup(desk.site, desk.store, first_after_s=0.0), threading.Semaphore(0)

    def broken() -> None:
        looked.release()
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(daily, "look", broken)
    monkeypatch.setattr("dutyroom.watch.backups.LOOK_EVERY_S", 0.0)
    daily.start()
    try:
        assert looked.acquire(timeout=20)
        assert looked.acquire(timeout=20)
    finally:
        daily.stop()


def test_only_files_of_this_store_with_a_manifest_are_ever_removed(
    desk: Desk, tmp_path: Path, at: Callable[[timedelta], None]
) -> None:
    folder = folder_of(desk.site, desk.store.path)
    made = [back_up(desk.store, desk.site, BackupReason.HAND, NOW - timedelta(minutes=n)) for n in (350, 300, 200, 100)]
    assert [Path(one.path).exists() for one in made] == [False, True, True, True], "of one day the newest three stay"
    with_other = tmp_path / "other"
    with_other.mkdir()
    with opened_desk(with_other, anew=True) as other:
        foreign = back_up(other.store, other.site, BackupReason.HAND, NOW - timedelta(minutes=400))
        for path in Path(foreign.path).parent.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
    strange = [
        folder / "dutyroom-20261123T000000Z-daily.db",  # no manifest
        folder / "dutyroom-20261123T000000Z-hand.db.json",  # no manifest of ours
        folder / "notes.txt",
        folder / "dutyroom-old.db",
    ]
    for path in strange:
        path.write_text("keep me")
    newest = back_up(desk.store, desk.site, BackupReason.HAND, NOW)
    left = {path.name for path in folder.glob("*.db")}
    assert {Path(newest.path).name, Path(foreign.path).name} <= left
    assert Path(made[1].path).name not in left
    assert all(path.exists() for path in strange)


def test_the_newest_stays_when_the_clock_was_set_back(desk: Desk) -> None:
    future = back_up(desk.store, desk.site, BackupReason.HAND, NOW + timedelta(days=900))
    present = back_up(desk.store, desk.site, BackupReason.HAND, NOW)
    assert Path(present.path).exists()
    assert thin(Path(future.path).parent, manifests.read(Path(present.path)), desk.site) == ()


def test_a_try_that_cannot_be_remembered_is_a_backup_all_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise StoreError("no more", code="disk-full")

    monkeypatch.setattr(backups, "add", full)
    made = back_up(desk.store, desk.site, BackupReason.HAND, NOW)
    assert backup.check(Path(made.path))
