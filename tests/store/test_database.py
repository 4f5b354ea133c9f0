"""Opening, settings, sessions, and every way a file can refuse."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session

from dutyroom.errors import StoreError
from dutyroom.store import checklists, events, people, places
from dutyroom.store.database import Store, connect
from dutyroom.store.library import is_safe, library, pick
from dutyroom.store.trouble import of_sqlite, of_system
from tests.store.records import AT, LI

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[StoreError]]:
    """The block ends with a StoreError of that code and one sentence or two for people."""
    with pytest.raises(StoreError) as caught:
        yield caught
    assert caught.value.code == code
    assert "{" not in str(caught.value)


def scalar(s: Session, sql: str) -> Any:
    """The one value of a query."""
    return s.connection().exec_driver_sql(sql).scalar_one()


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A process of its own running that code with the checkout on its path."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[str]) -> str:
    """What the process printed; it must have ended well."""
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip()


def test_every_session_has_the_settings_that_keep_records(store: Store) -> None:
    for session in (store.write, store.read):
        with session() as s:
            assert scalar(s, "PRAGMA journal_mode") == "wal"
            assert scalar(s, "PRAGMA synchronous") == 2
            assert scalar(s, "PRAGMA foreign_keys") == 1
            assert scalar(s, "PRAGMA busy_timeout") == 5000
            assert scalar(s, "PRAGMA recursive_triggers") == 1
    with store.read() as s:
        assert scalar(s, "PRAGMA query_only") == 1


def test_the_settings_are_read_back_and_a_store_without_wal_is_refused(store: Store, url: str) -> None:
    store.close()
    plain = library().connect(str(store.path), isolation_level=None)
    plain.execute("PRAGMA journal_mode=DELETE")
    plain.close()
    with refused("no-wal"):
        connect(store.path, mode="ro")


def test_a_new_store_belongs_to_its_owner_alone(store: Store) -> None:
    assert store.path.parent.stat().st_mode & 0o777 == 0o700
    with store.write() as s:
        people.add_operator(s, LI, "hash")
        for name in ("duty.db", "duty.db-wal", "duty.db-shm"):
            assert store.path.with_name(name).stat().st_mode & 0o777 == 0o600


def test_a_write_session_holds_the_lock_from_its_first_line(store: Store) -> None:
    with store.write(), refused("locked") as caught:
        other = connect(store.path)
        try:
            other.execute("PRAGMA busy_timeout=1")
            other.execute("BEGIN IMMEDIATE")
        except library().OperationalError as error:
            raise of_sqlite(error, store.path) from error
        finally:
            other.close()
    assert "in use" in str(caught.value)


def test_an_error_in_the_block_takes_everything_back(store: Store) -> None:
    def slip() -> None:
        with store.write() as s:
            people.add_operator(s, LI, "hash")
            raise KeyError("a slip")

    with pytest.raises(KeyError):
        slip()
    with store.read() as s:
        assert people.operators(s) == ()


def test_a_taken_name_is_told_and_nothing_is_stored(store: Store) -> None:
    with store.write() as s:
        people.add_operator(s, LI, "hash")
    with refused("exists"), store.write() as s:
        events.request_poll(s, AT)
        people.add_operator(s, LI, "hash")
    with store.read() as s:
        assert events.poll_requested(s) is None


def test_a_read_session_cannot_write(store: Store) -> None:
    with refused("read-only"), store.read() as s:
        events.request_poll(s, AT)


def test_a_datetime_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="timezone"), store.write() as s:
        events.request_poll(s, AT.replace(tzinfo=None))


def test_times_come_back_in_utc_to_the_microsecond(store: Store) -> None:
    with store.write() as s:
        events.request_poll(s, AT)
    with store.read() as s:
        found = events.poll_requested(s)
    assert found == AT
    assert found is not None
    assert found.utcoffset() == AT.utcoffset()


def test_the_data_version_changes_when_anybody_commits(store: Store, url: str) -> None:
    other = Store.open(url)
    before = store.data_version()
    assert store.data_version() == before
    with other.write() as s:
        events.request_poll(s, AT)
    after_other = store.data_version()
    with store.write() as s:
        events.request_poll(s, AT + timedelta(seconds=1))
    other.close()
    assert len({before, after_other, store.data_version()}) == 3


def test_a_read_only_store_reads_and_makes_nothing(store: Store, url: str, tmp_path: Path) -> None:
    with store.write() as s:
        people.add_operator(s, LI, "hash")
    reader = Store.open(url, read_only=True)
    with reader.read() as s:
        assert people.operators(s) == (LI,)
    with refused("read-only"), reader.write():
        pass
    assert reader.data_version() > 0
    reader.close()
    missing = tmp_path / "none.db"
    with refused("missing"):
        Store.open(f"sqlite:///{missing}", read_only=True)
    assert not missing.exists()


def test_two_processes_write_without_a_lock_error(store: Store, url: str) -> None:
    code = """
        import sys
        from datetime import UTC, datetime
        from dutyroom.model.events import Event
        from dutyroom.store import events
        from dutyroom.store.database import Store
        store = Store.open(sys.argv[1])
        for n in range(150):
            with store.write() as s:
                seen = len(events.since(s, datetime(2026, 1, 1, tzinfo=UTC), limit=10000))
                events.add(s, [Event(datetime(2026, 1, 2, tzinfo=UTC), sys.argv[2], "n", (("n", str(seen)),))])
        store.close()
    """
    writers = [python(code, url, name) for name in ("a", "b")]
    for writer in writers:
        finish(writer)
    with store.read() as s:
        found = events.since(s, AT.replace(year=2025), limit=10000)
    # Each saw what the other had stored before: no transaction read old rows and wrote upon them.
    assert [event.param("n") for event in found] == [str(n) for n in range(300)]


def test_processes_that_open_a_new_store_at_once_all_succeed(url: str) -> None:
    code = """
        import sys
        from dutyroom.store.database import Store
        print(sys.stdin.readline().strip(), flush=True)
        store = Store.open(sys.argv[1])
        with store.write() as s:
            pass
        store.close()
    """
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), url],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    results = [(process, *process.communicate("go\n", timeout=60)) for process in processes]
    assert [(process.returncode, err) for process, _, err in results] == [(0, "")] * 3


def test_a_newer_schema_is_refused(store: Store, url: str) -> None:
    with store.write() as s:
        s.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with refused("newer-schema") as caught:
        Store.open(url)
    assert "newer dutyroom" in str(caught.value)


def test_an_empty_file_is_only_filled_by_an_owner(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with refused("older-schema"):
        Store.open(f"sqlite:///{path}", migrate=False)


def test_other_files_are_refused_and_left_alone(tmp_path: Path) -> None:
    text_file = tmp_path / "notes.txt"
    text_file.write_text("巡检 notes\n" * 500, "utf-8")
    before = text_file.read_bytes()
    with refused("not-a-database"):
        Store.open(f"sqlite:///{text_file}")
    assert text_file.read_bytes() == before
    foreign = tmp_path / "music.db"
    other = library().connect(str(foreign), isolation_level=None)
    other.execute("CREATE TABLE songs (title)")
    other.close()
    with refused("not-ours"):
        Store.open(f"sqlite:///{foreign}")


def test_a_damaged_file_is_told_as_damaged(store: Store, url: str) -> None:
    with store.write() as s:
        people.add_operator(s, LI, "hash")
    store.close()
    raw = bytearray(store.path.read_bytes())
    raw[4096:] = b"\xa5" * (len(raw) - 4096)
    store.path.write_bytes(raw)
    with refused("corrupt"):
        Store.open(url)


@pytest.mark.parametrize("url", ["postgresql://x/y", "sqlite://", "sqlite:///:memory:", "duty.db", "sqlite:///a?b=1"])
def test_only_a_sqlite_file_is_a_store(url: str) -> None:
    with refused("url"):
        Store.open(url)


def mounts(tmp_path: Path, *rows: tuple[str, str]) -> Path:
    """A mount table with those (mount point, type) rows."""
    table = tmp_path / "mountinfo"
    lines = [
        f"{n} 1 0:{n} / {point.replace(' ', chr(92) + '040')} rw,relatime shared:1 - {kind} server:/x rw"
        for n, (point, kind) in enumerate(rows, 20)
    ]
    table.write_text("\n".join(lines), "utf-8")
    return table


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p"])
def test_a_network_file_system_is_refused(tmp_path: Path, kind: str) -> None:
    share = tmp_path / "my share"
    table = mounts(tmp_path, ("/", "ext4"), (str(share), kind))
    with refused("network-file-system") as caught:
        Store.open(f"sqlite:///{share}/duty.db", mountinfo=table)
    assert kind in str(caught.value)
    assert not share.exists()


def test_a_link_to_a_network_file_system_is_refused(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "share")
    table = mounts(tmp_path, ("/", "ext4"), (f"{tmp_path}/share", "cifs"))
    with refused("network-file-system"):
        Store.open(f"sqlite:///{tmp_path}/link/duty.db", mountinfo=table)


def test_the_longest_and_the_last_mount_decides(tmp_path: Path) -> None:
    table = mounts(tmp_path, ("/", "nfs"), ("/data", "nfs"), ("/data/local", "ext4"), ("/data", "xfs")).read_text()
    assert places.file_system_of(Path("/data/local/duty.db"), table) == "ext4"
    assert places.file_system_of(Path("/data/duty.db"), table) == "xfs"
    assert places.file_system_of(Path("/datafile"), table) == "nfs"
    assert places.file_system_of(Path("/x"), "") == ""


def test_without_a_mount_table_the_store_opens(url: str, tmp_path: Path) -> None:
    Store.open(url, mountinfo=tmp_path / "none").close()


def test_a_write_that_hits_the_size_limit_is_told_and_nothing_is_lost(store: Store, url: str) -> None:
    with store.write() as s:
        people.add_operator(s, LI, "hash")
    code = """
        import resource, signal, sys
        from dutyroom.errors import StoreError
        from dutyroom.store import checklists
        from dutyroom.store.database import Store
        from datetime import UTC, datetime
        at = datetime(2026, 1, 1, tzinfo=UTC)
        store = Store.open(sys.argv[1])
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
        try:
            with store.write() as s:
                checklists.publish(s, "big", "big", "x" * 3_000_000, at)
        except StoreError as error:
            print(error.code, error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        with store.write() as s:
            checklists.publish(s, "small", "small", "x", at)
        store.close()
    """
    out = finish(python(code, url))
    assert out.startswith("disk-error")
    with store.read() as s:
        assert people.operators(s) == (LI,)
        assert scalar(s, "SELECT group_concat(version) FROM checklists") == "small"
        assert scalar(s, "PRAGMA integrity_check") == "ok"


def test_a_full_database_is_told_as_a_full_disk(store: Store) -> None:
    # SQLite gives the same result code for its own page limit as for a full disk.
    with refused("disk-full") as caught, store.write() as s:
        s.connection().exec_driver_sql("PRAGMA max_page_count=1")
        checklists.publish(s, "v", "n", "x" * 10**6, AT)
    assert "Free some space" in str(caught.value)


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk-full"), (errno.EDQUOT, "disk-full"), (errno.EIO, "disk-error"), (errno.EROFS, "read-only")],
)
def test_errors_of_the_system_are_told_alike(number: int, code: str) -> None:
    with refused(code):
        raise of_system(OSError(number, os.strerror(number)), Path("/x/duty.db"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_without_permission_is_told(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    with refused("read-only"):
        Store.open(f"sqlite:///{tmp_path}/shut/duty.db")


def test_a_file_where_a_directory_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with refused("cannot-open"):
        Store.open(f"sqlite:///{tmp_path}/file/duty.db")
    with refused("cannot-open"):
        Store.open(f"sqlite:///{tmp_path}", mountinfo=tmp_path / "none")


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_a_library_with_the_wal_reset_bug_is_known(version: tuple[int, int, int], safe: bool) -> None:
    assert is_safe(version) is safe


def test_the_safe_library_is_picked_and_two_unsafe_ones_are_refused() -> None:
    old: Any = SimpleNamespace(sqlite_version_info=(3, 40, 1), sqlite_version="3.40.1")
    new: Any = SimpleNamespace(sqlite_version_info=(3, 53, 4), sqlite_version="3.53.4")
    assert pick(old, new) is new
    assert pick(new, old) is new
    for other in (None, old):
        with refused("unsafe-sqlite") as caught:
            pick(old, other)
        assert "pip install" in str(caught.value)
    assert is_safe(library().sqlite_version_info)
