"""A backup holds what the store held, is whole before it counts, and is refused once it is not."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.errors import StoreError
from dutyroom.model.backup import BackupReason, Manifest
from dutyroom.store import backup, backups, gate, manifests, second
from dutyroom.store.connection import connect, session_on_copy
from dutyroom.store.database import Store, default_folder
from dutyroom.store.migrate import SCRIPTS
from dutyroom.store.tables import METADATA
from dutyroom.store.verify import verify
from tests import stepwise
from tests.damage import WAYS, Damage, copied
from tests.stepwise import KILLED, ended
from tests.store.records import ACTOR, AT, one_of_everything, round_due

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with one of everything."""
    with store.write() as s:
        one_of_everything(s)
    return store


def made(store: Store, minutes: int = 0, reason: BackupReason = BackupReason.DAILY) -> tuple[Path, Manifest]:
    """A backup in the default folder."""
    at = AT + timedelta(minutes=minutes)
    target = default_folder(store.path) / manifests.name_of(at, reason)
    return target, backup.make(store.path, target, reason, at)


def refused(file: Path) -> str:
    """The code with which a backup is refused."""
    with pytest.raises(StoreError) as caught:
        backup.check(file)
    assert str(file.parent) in str(caught.value), "the sentence names the file"
    return caught.value.code


def test_a_backup_is_checked_and_holds_the_records_and_the_ledger(filled: Store) -> None:
    file, manifest = made(filled)
    assert backup.check(file) == manifest
    assert dict(manifest.counts) == {"rounds": 1, "entries": 3, "operators": 1, "readings": 0, "ledger": 9}
    assert (manifest.faults, manifest.newest_at, manifest.seq) == (0, AT, 9)
    with filled.read() as live, session_on_copy(file) as copy:
        assert verify(copy) == verify(live)


def test_a_backup_is_the_owners_alone_and_nothing_else_lies_beside_it(filled: Store) -> None:
    file, _ = made(filled)
    assert {path.name for path in file.parent.iterdir()} == {file.name, manifests.beside(file).name}
    assert {path.stat().st_mode & 0o777 for path in file.parent.iterdir()} == {0o600}
    assert file.parent.stat().st_mode & 0o777 == 0o700
    backup.check(file)
    assert len(list(file.parent.iterdir())) == 2


def test_a_backup_never_takes_the_last_space_of_the_records_own_disk(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = sum(path.stat().st_size for path in filled.path.parent.glob("duty.db*") if not path.name.endswith("-shm"))
    monkeypatch.setattr(backup, "free_bytes", lambda folder: needed + 49_999_999)
    with pytest.raises(StoreError) as caught:
        made(filled)
    assert caught.value.code == "backup-space"
    assert list(default_folder(filled.path).iterdir()) == []
    monkeypatch.setattr(backup, "free_bytes", lambda folder: needed + 50_000_000)
    made(filled)


def test_what_is_only_in_the_log_is_in_the_backup(filled: Store) -> None:
    wal = filled.path.with_name(filled.path.name + "-wal")
    assert wal.stat().st_size > 0
    file, manifest = made(filled)
    assert manifest.counts["rounds"] == 1
    assert backup.check(file)


def test_writers_go_on_while_a_backup_is_made_and_it_is_of_one_moment(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = backup._facts

    def and_then_somebody_writes(ask: object) -> object:
        facts = real(ask)  # type: ignore[arg-type]
        if wrote == []:
            wrote.append(True)
            from dutyroom.model.people import Act
            from dutyroom.store import ledger

            with filled.write() as s:
                ledger.append(s, at=AT, actor=ACTOR, act=Act.EXPORT, subject="export:x", row=None)
        return facts

    wrote: list[bool] = []
    monkeypatch.setattr(backup, "_facts", and_then_somebody_writes)
    file, manifest = made(filled)
    assert wrote
    assert manifest.counts["ledger"] == 9
    with session_on_copy(file) as copy, filled.read() as live:
        assert (verify(copy).lines, verify(live).lines) == (9, 10)


def test_an_empty_new_store_can_be_backed_up(store: Store) -> None:
    file, manifest = made(store)
    assert (manifest.seq, manifest.first) == (0, "")
    assert backup.check(file) == manifest


def test_records_that_disagree_with_the_ledger_are_copied_as_they_are_and_it_is_said(filled: Store) -> None:
    raw = connect(filled.path)
    for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {trigger}")
    raw.execute("UPDATE rounds SET abnormal = 0")
    raw.close()
    file, manifest = made(filled)
    assert manifest.faults == 1
    assert backup.check(file).faults == 1
    assert backups.made(manifest, file).trouble == "ledger-faults"


@pytest.mark.parametrize("damage", WAYS, ids=lambda way: way.__name__)
def test_a_damaged_backup_is_refused(filled: Store, tmp_path: Path, damage: Damage) -> None:
    older, _ = made(filled)
    with filled.write() as s:
        from dutyroom.store import rounds

        rounds.add(s, round_due(24))
    newer, _ = made(filled, minutes=1)
    for seed in range(3):
        file = copied(newer, tmp_path / f"{seed}")
        damage(file, older, random.Random(seed))
        assert refused(file) in (
            *("no-backup", "no-manifest", "manifest", "backup-size", "backup-changed", "cannot-open"),
        ), f"seed {seed}"


def with_true_manifest(file: Path, **changes: object) -> None:
    """Seals a manifest again that fits the file's bytes, as somebody might who knows the program."""
    manifest = replace(
        manifests.read(file),
        size=file.stat().st_size,
        sha256=backup.digest(file),
        **changes,  # type: ignore[arg-type]
    )
    manifests.beside(file).write_bytes(manifests.written(manifest))


def edited(file: Path, *statements: str) -> Path:
    """The backup after somebody wrote into it."""
    raw = connect(file)
    for statement in statements:
        raw.execute(statement)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return file


def test_a_manifest_that_fits_the_bytes_does_not_save_a_changed_record(filled: Store) -> None:
    file, _ = made(filled)
    edited(file, "DROP TRIGGER rounds_sealed", "UPDATE rounds SET abnormal = 0")
    with_true_manifest(file)
    assert refused(file) == "backup-counts"


def test_a_manifest_that_fits_the_bytes_does_not_save_a_lost_record(filled: Store) -> None:
    file, _ = made(filled)
    edited(file, "DROP TRIGGER entries_no_delete", "DELETE FROM entries")
    with_true_manifest(file)
    assert refused(file) == "backup-counts"


def test_a_manifest_that_fits_the_bytes_does_not_save_another_programs_database(filled: Store) -> None:
    file, _ = made(filled)
    edited(file, "PRAGMA application_id = 7")
    with_true_manifest(file)
    assert refused(file) == "not-ours"


def test_a_backup_of_a_newer_version_is_refused(filled: Store) -> None:
    file, _ = made(filled)
    edited(file, "UPDATE alembic_version SET version_num = '9999'")
    with_true_manifest(file, database_schema="9999")
    assert refused(file) == "newer-schema"


def test_an_intact_database_that_is_empty_is_no_backup(filled: Store) -> None:
    file, _ = made(filled)
    file.write_bytes(b"")
    with_true_manifest(file)
    assert refused(file) in ("not-ours", "backup-counts")


def test_a_damaged_store_gives_no_backup_and_leaves_nothing(filled: Store) -> None:
    filled.close()
    content = bytearray(filled.path.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\xa5" * 4096
    filled.path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        made(filled)
    assert caught.value.code == "corrupt"
    assert list(default_folder(filled.path).iterdir()) == []


def test_a_name_that_is_taken_is_left_alone(filled: Store) -> None:
    file, manifest = made(filled)
    with pytest.raises(StoreError) as caught:
        made(filled)
    assert caught.value.code == "file-exists"
    assert backup.check(file) == manifest


def test_ended_at_any_step_there_is_a_whole_backup_or_none(filled: Store, tmp_path: Path) -> None:
    for at in range(40):
        target = tmp_path / f"{at}" / "dutyroom-20261124T000000Z-hand.db"
        code = ended(stepwise.back_up, at, filled.path, target)
        found = manifests.listed(target.parent) if target.parent.exists() else ()
        if code == 0:
            assert at >= 9, "every step is tried"
            assert len(found) == 1
            break
        assert code == KILLED
        if found:
            backup.check(target)
        elif target.exists():
            assert refused(target) == "no-manifest"
    else:
        raise AssertionError("the backup never came to its end")


def test_what_a_killed_backup_left_is_cleared_away(filled: Store) -> None:
    file, _ = made(filled)
    part = file.with_name(".dutyroom-20261124T000000Z-hand.db.part")
    part.write_bytes(b"half")
    manifests.beside(part).write_bytes(b"half")
    backup.clear_parts(file.parent, filled.path)
    assert len(list(file.parent.iterdir())) == 2


FULL = """
import resource, sys
from pathlib import Path
from datetime import datetime, UTC
from dutyroom.errors import StoreError
from dutyroom.model.backup import BackupReason
from dutyroom.store import backup
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    backup.make(Path(sys.argv[1]), Path(sys.argv[2]), BackupReason.HAND, datetime(2026, 11, 24, tzinfo=UTC))
except StoreError as error:
    print(error.code)
"""


@pytest.mark.parametrize("limit", [0, 100, 20_000, 90_000])
def test_a_disk_that_takes_no_more_leaves_nothing_half_made(filled: Store, tmp_path: Path, limit: int) -> None:
    target = tmp_path / "there" / "dutyroom-20261124T000000Z-hand.db"
    command = [sys.executable, "-c", FULL, str(filled.path), str(target), str(limit)]
    ended = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert ended.stdout.strip() in ("disk-full", "disk-error")
    assert list(target.parent.iterdir()) == []
    with filled.read() as s:
        assert verify(s).faults == ()


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB."""
    place = tmp_path / "tiny"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_nothing_half_made(filled: Store, tiny_disk: Path) -> None:
    with pytest.raises(StoreError) as caught:
        backup.make(filled.path, tiny_disk / "dutyroom-20261124T000000Z-hand.db", BackupReason.HAND, AT)
    assert caught.value.code == "disk-full"
    assert list(tiny_disk.iterdir()) == []


def test_a_full_second_place_leaves_nothing_half_made(filled: Store, tiny_disk: Path) -> None:
    file, _ = made(filled)
    with pytest.raises(StoreError) as caught:
        second.copy(file, tiny_disk)
    assert caught.value.code == "disk-full"
    assert list(tiny_disk.iterdir()) == []


def test_the_copy_in_the_second_place_is_a_whole_backup(filled: Store, tmp_path: Path) -> None:
    place = tmp_path / "second"
    place.mkdir()
    file, manifest = made(filled)
    assert backup.check(second.copy(file, place)) == manifest
    assert second.copy(file, place).stat().st_ino == (place / file.name).stat().st_ino
    assert len(list(place.iterdir())) == 2


def test_a_second_place_that_is_not_mounted_is_not_made(filled: Store, tmp_path: Path) -> None:
    file, _ = made(filled)
    with pytest.raises(StoreError) as caught:
        second.copy(file, tmp_path / "second" / "here")
    assert caught.value.code == "second-missing"
    assert not (tmp_path / "second").exists()


def test_a_second_place_that_reads_back_wrong_is_told(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "second"
    place.mkdir()
    file, _ = made(filled)
    monkeypatch.setattr(second, "digest", lambda path: "0" * 64)
    with pytest.raises(StoreError) as caught:
        second.copy(file, place)
    assert caught.value.code == "second-differs"
    assert list(place.iterdir()) == []


FIRST_TABLES = set(re.findall(r"CREATE TABLE (\w+)", (SCRIPTS / "versions" / "0001_first.py").read_text("utf-8")))


def old_store(path: Path) -> None:
    """A store of the first schema with records and their ledger."""
    store = Store.open(f"sqlite:///{path}")
    with store.write() as s:
        one_of_everything(s)
    store.close()
    raw = connect(path)
    for column in ("password_set_at", "one_time_until", "pin_hash"):
        raw.execute(f"ALTER TABLE operators DROP COLUMN {column}")
    for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {trigger}")
    raw.execute("DROP INDEX ix_rounds_signed_at")
    raw.execute("DROP INDEX ix_ledger_at")
    added = (
        "clock_reason revision approved_at approved_by skip_reason skip_note closed_at closed_by paper_from paper_to"
    )
    for column in (*added.split(), "period_id"):
        raw.execute(f"ALTER TABLE rounds DROP COLUMN {column}")
    raw.execute("ALTER TABLE entries DROP COLUMN finding_id")
    for table in ("events", "heartbeat"):
        raw.execute(f"ALTER TABLE {table} DROP COLUMN boot_id")
        raw.execute(f"ALTER TABLE {table} DROP COLUMN boot_s")
    for name in METADATA.tables.keys() - FIRST_TABLES:
        raw.execute(f"DROP TABLE {name}")
    raw.execute("UPDATE alembic_version SET version_num = '0001'")
    raw.close()


def test_records_are_backed_up_before_their_schema_changes(tmp_path: Path) -> None:
    path = tmp_path / "room" / "duty.db"
    old_store(path)
    store = Store.open(f"sqlite:///{path}", backups=tmp_path / "elsewhere")
    with store.read() as s:
        (kept,) = backups.tries(s)
        assert verify(s).faults == ()
    store.close()
    manifest = backup.check(Path(kept.path))
    assert (manifest.reason, manifest.database_schema, manifest.faults) == (BackupReason.UPGRADE, "0001", 0)
    assert Path(kept.path).parent == tmp_path / "elsewhere"


def test_a_store_that_cannot_be_backed_up_is_not_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "room" / "duty.db"
    old_store(path)
    default_folder(path).write_text("in the way")
    with pytest.raises(StoreError):
        Store.open(f"sqlite:///{path}")
    raw = connect(path)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    raw.close()


def test_a_store_without_records_is_upgraded_without_a_backup(tmp_path: Path, store: Store) -> None:
    assert not default_folder(store.path).exists()


def test_nobody_is_alone_with_a_store_that_is_open_and_nobody_opens_one_that_is_replaced(
    store: Store, url: str
) -> None:
    with pytest.raises(StoreError) as caught, gate.alone(store.path):
        pass
    assert caught.value.code == "in-use"
    store.close()
    with gate.alone(store.path), pytest.raises(StoreError) as caught:
        Store.open(url)
    assert caught.value.code == "restoring"
    Store.open(url).close()


def test_another_program_that_has_the_file_open_is_seen(store: Store) -> None:
    store.close()
    code = (
        "import sys; from pathlib import Path; from dutyroom.store.connection import connect\n"
        "c = connect(Path(sys.argv[1])); c.execute('SELECT count(*) FROM rounds').fetchone()\n"
        "print('open', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(store.path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdin is not None
    try:
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreError) as caught, gate.alone(store.path):
            pass
        assert caught.value.code == "in-use"
    finally:
        other.stdin.close()
        other.wait()
        other.stdout.close()
    with gate.alone(store.path):
        pass


def test_the_newest_try_is_the_one_written_last_whatever_the_clock_said(store: Store) -> None:
    from dutyroom.model.backup import Backup

    with store.write() as s:
        for at, good, reason in (
            (AT + timedelta(days=2000), True, BackupReason.DAILY),
            (AT, True, BackupReason.HAND),
            (AT, False, BackupReason.DAILY),
            (AT, True, BackupReason.AWAY),
        ):
            backups.add(
                s, Backup(at, reason, "/x", sha256="a" if good else None, trouble=None if good else "disk-full")
            )
    with store.read() as s:
        good_one, tried = backups.newest_good(s), backups.newest(s)
    assert good_one is not None
    assert (good_one.at, good_one.reason) == (AT, BackupReason.HAND)
    assert tried is not None
    assert tried.trouble == "disk-full"


def test_what_a_manifest_says_is_plain_json(filled: Store) -> None:
    file, manifest = made(filled)
    told = json.loads(manifests.beside(file).read_text("utf-8"))
    assert told["schema"] == 1
    assert told["ledger"]["head"] == manifest.head
    assert told["made_at"].endswith("Z")
