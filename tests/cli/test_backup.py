"""`dutyroom backup` and `dutyroom restore`: the drill from a backup over more signed rounds to a verified restore."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty import answering, rounds, signing
from dutyroom.duty.answers import Given
from dutyroom.duty.records import read_room
from dutyroom.model.checklist import ItemKind, WalkLine
from dutyroom.model.people import Actor, Role
from dutyroom.store import backup, backups, ledger, manifests
from dutyroom.store import rounds as round_rows
from dutyroom.store.database import Store
from dutyroom.store.verify import verify
from dutyroom.watch.lock import WatchLock
from tests import stepwise
from tests.cli.rooms import HOST, PASSWORD, ROOT, UPSES, RoomFolder, program
from tests.stepwise import KILLED, ended

ZHANG = Actor("zhang", Role.TECHNICIAN, "test")


def given_for(line: WalkLine) -> Given:
    """An answer that is inside the limits."""
    if line.item.choices:
        return Given(line.item.choices[0].value, note="seen")
    if line.item.kind in (ItemKind.NUMBER, ItemKind.COMPUTED):
        bounds = line.item.limit.normal or line.item.limit.physical
        return Given("1" if bounds is None else f"{(bounds.low + bounds.high) / 2:g}", note="seen")
    return Given("normal")


def sign_a_round(room: RoomFolder, days_ago: int = 0) -> int:
    """Walks and signs the round of a day."""
    desk, now = room.desk(), clock.now() - timedelta(days=days_ago)
    try:
        walk = rounds.start_round(desk, ZHANG, now)
        for line in walk.lines:
            answering.record_answer(desk, ZHANG, walk.round.id, line, given_for(line), now)
        return signing.sign_round(desk, ZHANG, walk.round.id, PASSWORD, now).id
    finally:
        desk.store.close()


@pytest.fixture
def walked(room: RoomFolder) -> RoomFolder:
    """A room with people and one signed round."""
    room.write(UPSES, HOST)
    room.enrol()
    sign_a_round(room, days_ago=2)
    return room


def only(folder: Path) -> Path:
    """The one backup in a folder."""
    (one,) = folder.glob("*.db")
    return one


def signed_rounds(path: Path) -> list[int]:
    """The signed rounds of a store, which must agree with its ledger."""
    store = Store.open(f"sqlite:///{path}", read_only=True)
    try:
        with store.read() as session:
            assert verify(session).faults == ()
            return sorted(one.id for one in round_rows.rounds(session) if one.signed_at is not None)
    finally:
        store.close()


def test_the_restore_drill(walked: RoomFolder) -> None:
    made = walked.run("backup", "--json")
    assert made.code == 0, made.err
    file = Path(made.document["backup"]["path"])
    lines_then = made.document["backup"]["ledger_seq"]
    second_round = sign_a_round(walked, days_ago=1)
    with_more = walked.desk()
    with with_more.store.read() as session:
        answers = len(round_rows.entries(session, second_round))
        lines_now = len(ledger.lines(session))
    with_more.store.close()

    before = walked.database.read_bytes()
    planned = walked.run("restore", str(file), "--dry-run", "--json")
    assert planned.code == 0
    lost = planned.document["lost"]
    assert (lost["first_seq"], lost["last_seq"]) == (lines_then + 1, lines_now)
    assert (lost["rounds_signed"], lost["answers"]) == (1, answers)
    assert walked.database.read_bytes() == before, "a dry run changes nothing"

    done = walked.run("restore", file.name, "--as", "admin", "--password-file", walked.password_file(), "--json")
    assert done.code == 0, done.out
    # The admin's own sign-in was written into the store that was replaced.
    assert done.document["lost"]["last_seq"] == lines_now + 1
    line = done.document["ledger_line"]
    assert line["seq"] == lines_then + 1
    assert f"/lost/{lines_then + 1}-{lines_now + 1}/{done.document['lost']['head']}" in line["subject"]

    checked = walked.run("verify", "--json")
    assert (checked.code, checked.document["faults"]) == (0, [])
    assert checked.document["head"] == line["hash"]
    assert signed_rounds(walked.database) == [1]
    replaced = Path(done.document["replaced"])
    assert signed_rounds(replaced) == [1, second_round]
    assert backup.check(Path(done.document["saved"])).seq == lines_now + 1
    assert sign_a_round(walked) == 2, "the room goes on"


def test_the_drill_in_words(walked: RoomFolder) -> None:
    walked.run("backup")
    sign_a_round(walked, days_ago=1)
    file = only(walked.path / "backups")
    listed = walked.run("backup", "--list")
    assert file.name in listed.out
    assert "1 rounds" in listed.out
    planned = walked.run("restore", str(file), "--dry-run")
    assert "would lose" in planned.out
    assert "1 signed rounds" in planned.out
    done = walked.run("restore", str(file), "--as", "admin", "--password-file", walked.password_file())
    assert done.code == 0, done.err
    assert ".replaced-" in done.out


def test_a_restore_with_nothing_to_lose_says_so(walked: RoomFolder) -> None:
    walked.run("backup")
    planned = walked.run("restore", str(only(walked.path / "backups")), "--dry-run")
    assert "no ledger line" in planned.out


def test_a_changed_event_of_a_restore_is_seen_by_verify(walked: RoomFolder) -> None:
    walked.run("backup")
    file = only(walked.path / "backups")
    sign_a_round(walked, days_ago=1)
    assert walked.run("restore", str(file), "--as", "admin", "--password-file", walked.password_file()).code == 0
    from dutyroom.store.connection import connect

    raw = connect(walked.database)
    raw.execute("UPDATE events SET params = replace(params, 'lost_rounds_signed\": \"1', 'lost_rounds_signed\": \"0')")
    raw.close()
    checked = walked.run("verify", "--json")
    assert [fault["code"] for fault in checked.document["faults"]] == ["row-changed"]
    raw = connect(walked.database)
    raw.execute("DELETE FROM events WHERE code = 'restored'")
    raw.close()
    checked = walked.run("verify", "--json")
    assert [fault["code"] for fault in checked.document["faults"]] == ["row-missing"]


def test_nobody_but_an_admin_restores(walked: RoomFolder) -> None:
    walked.run("backup")
    file = str(only(walked.path / "backups"))
    assert walked.run("restore", file).code == 2
    refused = walked.run("restore", file, "--as", "zhang", "--password-file", walked.password_file(), "--json")
    assert refused.document["error"]["code"] == "not-allowed"
    wrong = walked.password_file("something else", name="wrong")
    refused = walked.run("restore", file, "--as", "admin", "--password-file", wrong, "--json")
    assert refused.document["error"]["code"] == "sign-in-refused"
    assert len(list(walked.path.glob("*.replaced-*"))) == 0
    assert signed_rounds(walked.database) == [1]


def test_a_damaged_backup_is_not_restored(walked: RoomFolder) -> None:
    walked.run("backup")
    file = only(walked.path / "backups")
    content = bytearray(file.read_bytes())
    content[5000] ^= 1
    file.write_bytes(content)
    for more in (["--dry-run"], ["--as", "admin", "--password-file", walked.password_file()]):
        refused = walked.run("restore", str(file), *more, "--json")
        assert (refused.code, refused.document["error"]["code"]) == (5, "backup-changed")
    assert signed_rounds(walked.database) == [1]


def test_a_restore_is_refused_while_the_room_is_watched(walked: RoomFolder) -> None:
    walked.run("backup")
    file, password = str(only(walked.path / "backups")), walked.password_file()
    lock = WatchLock(walked.database)
    assert lock.acquire()
    refused = walked.run("restore", file, "--as", "admin", "--password-file", password, "--json")
    assert (refused.code, refused.document["error"]["code"]) == (5, "in-use")
    lock.release()
    desk = walked.desk()
    refused = walked.run("restore", file, "--as", "admin", "--password-file", password, "--json")
    assert (refused.code, refused.document["error"]["code"]) == (5, "in-use")
    desk.store.close()
    assert walked.run("restore", file, "--as", "admin", "--password-file", password).code == 0


def test_a_restore_is_refused_while_the_real_watch_runs(walked: RoomFolder) -> None:
    walked.run("backup")
    watching = subprocess.Popen(program("collect", "--config", str(walked.config)), cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        desk, until = walked.desk(), clock.monotonic() + 60
        while read_room(desk, clock.now()).heartbeat is None:
            assert clock.monotonic() < until
            time.sleep(0.05)
        desk.store.close()
        file, password = str(only(walked.path / "backups")), walked.password_file()
        refused = walked.run("restore", file, "--as", "admin", "--password-file", password, "--json")
        assert refused.document["error"]["code"] == "in-use"
    finally:
        watching.terminate()
        watching.wait(30)


@pytest.mark.parametrize("content", [b"no database at all" * 500, None], ids=["destroyed", "gone"])
def test_a_store_that_is_destroyed_or_gone_is_restored_by_the_operators_in_the_backup(
    walked: RoomFolder, content: bytes | None
) -> None:
    walked.run("backup")
    file, password = str(only(walked.path / "backups")), walked.password_file()
    for path in walked.path.glob("dutyroom.db*"):
        path.unlink()
    if content is not None:
        walked.database.write_bytes(content)
        walked.database.with_name("dutyroom.db-wal").write_bytes(b"a log that must not be applied" * 50)
    done = walked.run("restore", file, "--as", "admin", "--password-file", password, "--json")
    assert done.code == 0, done.out
    assert signed_rounds(walked.database) == [1]
    if content is None:
        assert done.document["replaced"] is None
        assert done.document["ledger_line"]["subject"].endswith("/lost/none")
    else:
        replaced = Path(done.document["replaced"])
        assert replaced.read_bytes() == content
        assert replaced.with_name(replaced.name + "-wal").read_bytes().startswith(b"a log that must not")
        assert done.document["lost"] is None
        assert done.document["present_trouble"]
        assert done.document["ledger_line"]["subject"].endswith("/lost/unknown")


def test_what_lay_only_in_the_log_is_in_the_replaced_file_and_not_in_the_new_one(walked: RoomFolder) -> None:
    walked.run("backup")
    file = only(walked.path / "backups")
    # A watch that is killed leaves its last commits in the log.
    code = (
        "import os, sys; from dutyroom import clock; from dutyroom.store import readings\n"
        "from dutyroom.store.database import Store; from tests.desks import ups_sample\n"
        "store = Store.open(sys.argv[1])\n"
        "with store.write() as s: readings.put_samples(s, [ups_sample('ups-a', clock.now())], {})\n"
        "os._exit(9)"
    )
    url = f"sqlite:///{walked.database}"
    assert subprocess.run([sys.executable, "-c", code, url], cwd=ROOT, check=False).returncode == 9
    assert walked.database.with_name("dutyroom.db-wal").stat().st_size > 0
    done = walked.run("restore", str(file), "--as", "admin", "--password-file", walked.password_file(), "--json")
    assert done.code == 0, done.out
    assert done.document["lost"]["readings"] > 0

    def count(path: Path) -> int:
        from dutyroom.store.connection import connect

        raw = connect(path, mode="ro")
        try:
            return int(raw.execute("SELECT count(*) FROM readings").fetchone()[0])
        finally:
            raw.close()

    assert (count(walked.database), count(Path(done.document["replaced"])) > 0) == (0, True)


def test_killed_at_any_step_the_old_or_the_new_store_is_there_and_the_other_kept(walked: RoomFolder) -> None:
    walked.run("backup")
    file = only(walked.path / "backups")
    sign_a_round(walked, days_ago=1)
    old = walked.database.read_bytes()
    url, folder = f"sqlite:///{walked.database}", walked.path / "saved"
    for at in range(60):
        for path in (*walked.path.glob("dutyroom.db*"), *folder.glob("*")):
            path.unlink()
        walked.database.write_bytes(old)
        code = ended(stepwise.restore, at, file, url, folder)
        assert code in (0, KILLED)
        found, replaced = signed_rounds(walked.database), list(walked.path.glob("*.replaced-*"))
        if len(found) == 2:
            assert code == KILLED
            backup.check(file)
        else:
            assert signed_rounds(replaced[0]) == [1, 2], "the old one is kept"
        if code == 0:
            assert at > 12, "every step is tried"
            assert list(walked.path.glob(".dutyroom-restore-*")) == []
            return
    raise AssertionError("the restore never came to its end")


def test_a_full_disk_replaces_nothing(walked: RoomFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    walked.run("backup")
    file = only(walked.path / "backups")
    code = (
        "import resource, sys; from dutyroom.cli.main import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    options = ["--as", "admin", "--password-file", walked.password_file(), "--config", str(walked.config)]
    ended = subprocess.run(
        [sys.executable, "-c", code, "restore", str(file), *options], cwd=ROOT, check=False, capture_output=True
    )
    assert ended.returncode == 5, ended.stderr
    assert signed_rounds(walked.database) == [1]
    assert list(walked.path.glob("*.replaced-*")) == []
    assert list(walked.path.glob(".dutyroom-restore-*")) == []


def test_a_backup_of_the_first_schema_is_brought_up_to_date(walked: RoomFolder, tmp_path: Path) -> None:
    from tests.store.test_backup import old_store

    old = tmp_path / "old" / "duty.db"
    old_store(old)
    from dutyroom.model.backup import BackupReason

    target = tmp_path / "old" / manifests.name_of(clock.now(), BackupReason.HAND)
    assert backup.make(old, target, BackupReason.HAND, clock.now()).database_schema == "0001"
    # Another store altogether: everything in the present one is lost, from its first line on.
    done = walked.run("restore", str(target), "--as", "admin", "--password-file", walked.password_file(), "--json")
    assert done.code == 0, done.out
    assert done.document["lost"]["first_seq"] == 1
    assert walked.run("verify").code == 0


def test_after_an_upgrade_the_older_version_restores_the_backup_made_before_it(walked: RoomFolder) -> None:
    walked.run("backup")
    file = only(walked.path / "backups")
    sign_a_round(walked, days_ago=1)
    from dutyroom.store.connection import connect

    raw = connect(walked.database)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    assert walked.run("status", "--json").document["error"]["code"] == "newer-schema"
    done = walked.run("restore", str(file), "--as", "admin", "--password-file", walked.password_file(), "--json")
    assert done.code == 0, done.out
    assert done.document["lost"]["rounds_signed"] == 1
    assert "newer dutyroom" in done.document["present_trouble"]
    assert signed_rounds(walked.database) == [1]


def test_a_backup_to_a_named_file_is_not_counted_as_the_rooms_own(walked: RoomFolder, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert walked.run("backup", str(stick)).code == 0
    assert backup.check(only(stick))
    assert walked.run("backup", str(only(stick)), "--json").document["error"]["code"] == "file-exists"
    desk = walked.desk()
    with desk.store.read() as session:
        assert backups.newest_good(session) is None
        assert len(backups.tries(session)) == 2
    desk.store.close()
    assert not (walked.path / "backups").exists()


def test_there_is_no_backup_of_a_store_that_is_not_there(room: RoomFolder) -> None:
    room.write(HOST)
    refused = room.run("backup", "--json")
    assert (refused.code, refused.document["error"]["code"]) == (5, "missing")
    assert not room.database.exists()
    assert "no backup" in room.run("backup", "--list").out


def test_a_backup_goes_to_the_second_place_and_a_missing_one_is_told(walked: RoomFolder) -> None:
    text = walked.config.read_text("utf-8")
    walked.config.write_text(text.replace("[store]", f'[store]\nsecond_folder = "{walked.path}/second"'), "utf-8")
    told = walked.run("backup", "--json")
    assert (told.code, told.document["backup"]["second_trouble"]) == (1, "second-missing")
    (walked.path / "second").mkdir()
    for path in (walked.path / "backups").iterdir():
        path.unlink()
    told = walked.run("backup", "--json")
    assert told.code == 0
    file = Path(told.document["backup"]["second"])
    assert backup.check(file)
    done = walked.run("restore", str(file), "--as", "admin", "--password-file", walked.password_file(), "--json")
    assert done.code == 0, done.out
    assert backup.check(walked.path / "second" / Path(done.document["saved"]).name).reason == "restore"


def test_a_restore_of_a_file_that_is_not_there_says_where_to_look(walked: RoomFolder) -> None:
    refused = walked.run("restore", "nothing.db", "--dry-run")
    assert refused.code == 5
    assert "backup --list" in refused.err
