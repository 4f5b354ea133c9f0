"""Every check: what it finds, and what it says is to be done."""

from __future__ import annotations

import ast
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from dutyroom import words
from dutyroom.board import HEARTBEAT_SILENT_S
from dutyroom.doctor import machine, records, run, targets, terminal, watching
from dutyroom.doctor import words as doctor_words
from dutyroom.doctor.check import Check, Group, Probe, make
from dutyroom.doctor.files import store_files
from dutyroom.doctor.run import Around, answers, examine
from dutyroom.doctor.terminal import Terminal
from dutyroom.errors import SourceError
from dutyroom.model.backup import Backup, BackupReason
from dutyroom.model.events import Heartbeat
from dutyroom.model.reading import Kind, Sample, State, Verdict
from dutyroom.model.site import BackupRules, Site
from dutyroom.store import backups, events, readings
from dutyroom.store.database import Store
from dutyroom.store.library import library
from dutyroom.watch.lock import WatchLock
from tests.ui.rooms import NOW, Room, make_room

DOCTOR = Path(doctor_words.__file__).parent
WIDE = Terminal(120, 40, 1)
XTERM = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}


class Found(NamedTuple):
    """A check in brief."""

    verdict: str
    told: str
    fix: str


def brief(checks: list[Check]) -> list[Found]:
    """The checks in brief; every one has words in both languages."""
    for language in ("en", "zh_CN"):
        with words.speaking(language):
            for check in checks:
                assert doctor_words.told(check)
                assert doctor_words.title(check)
                assert bool(doctor_words.advice(check)) == bool(check.fix)
    return [Found(check.verdict.value, check.told, check.fix) for check in checks]


def ask_nobody(_site: Site) -> list[Sample]:
    """No source."""
    return []


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A room with records, seen a moment after its heartbeat."""
    made = make_room(tmp_path)
    yield made
    made.store.close()


def test_python_and_the_locale_are_told() -> None:
    assert brief(machine.python()) == [("ok", "python", "")]
    assert brief(machine.python((3, 10, 4))) == [("fault", "python-old", "python")]
    assert brief(machine.encoding(XTERM, "UTF-8")) == [("ok", "utf8", "")]
    assert brief(machine.encoding({"LC_ALL": "zh_CN.GB18030"}, "GB18030")) == [("attention", "not-utf8", "utf8")]
    assert brief(machine.encryption()) == [("ok", "snmpv3", "")]


def test_the_sqlite_library_is_told_with_its_version() -> None:
    (check,) = records.sqlite()
    assert dict(check.params)["version"] == library().sqlite_version
    assert brief([check]) == [("ok", "sqlite", "")]


@pytest.mark.parametrize(
    ("size", "verdict"),
    [((120, 40), "ok"), ((80, 24), "ok"), ((79, 24), "attention"), ((60, 20), "attention"), ((59, 20), "fault")],
)
def test_the_screens_fit_or_it_is_said(size: tuple[int, int], verdict: str) -> None:
    (found,) = brief(terminal.size(Terminal(*size)))
    assert found.verdict == verdict


def test_the_kind_of_terminal_and_its_colours() -> None:
    assert brief(terminal.kind({"TERM": "linux"})) == [("attention", "term-console", "console")]
    assert brief(terminal.kind({})) == [("fault", "term-bare", "term")]
    assert brief(terminal.kind(XTERM)) == [("ok", "term", "")]
    told = [terminal.colours({**XTERM, **more})[0].told for more in ({}, {"COLORTERM": "truecolor"}, {"NO_COLOR": "1"})]
    assert told == ["colours-256", "colours-all", "no-colour"]


def test_ambiguous_characters_are_one_cell_two_or_unknown() -> None:
    assert brief(terminal.ambiguous(WIDE)) == [("ok", "width-narrow", "")]
    assert brief(terminal.ambiguous(replace(WIDE, ambiguous=2))) == [("fault", "width-wide", "width")]
    assert brief(terminal.ambiguous(replace(WIDE, ambiguous=None))) == [("unknown", "width-unknown", "width-unknown")]
    assert brief(terminal.ambiguous(Terminal(80, 24, measured=False))) == [("not-installed", "width-outside", "")]


def test_a_script_has_no_terminal_to_look_at() -> None:
    assert brief(terminal.checks(None, XTERM)) == [("not-installed", "no-terminal", "")]


def test_tmux_that_does_not_answer_is_unknown(tmp_path: Path) -> None:
    environment = {**XTERM, "TMUX": f"{tmp_path}/nobody,1,0", "PATH": str(tmp_path)}
    assert brief(terminal.tmux(environment)) == [("unknown", "tmux-silent", "tmux-silent")]
    assert terminal.tmux(XTERM) == []


def test_records_in_order_are_told_so(room: Room) -> None:
    assert brief(records.database(room.site)) == [("ok", "store", "")]
    assert brief(records.whole(room.site)) == [("ok", "ledger", "")]
    assert brief(records.clock_of(room.site, NOW + timedelta(seconds=1))) == [("ok", "clock", "")]
    assert brief(store_files(room.store.path)) == [("ok", "owner-only", "")]


def test_a_clock_before_the_newest_record_is_a_fault(room: Room) -> None:
    (check,) = records.clock_of(room.site, NOW - timedelta(hours=8))
    assert brief([check]) == [("fault", "clock-behind", "clock")]
    assert "8 h" in doctor_words.told(check)


def test_a_changed_record_is_found(room: Room) -> None:
    connection = library().connect(room.store.path)
    connection.execute("UPDATE operators SET label = 'Somebody else'")
    connection.commit()
    connection.close()
    assert brief(records.whole(room.site)) == [("fault", "ledger-broken", "ledger")]


def test_a_room_without_records_yet_and_a_file_that_is_none(tmp_path: Path, room: Room) -> None:
    missing = replace(room.site, store_url=f"sqlite:///{tmp_path}/elsewhere/duty.db")
    assert brief(records.database(missing)) == [("attention", "store-none", "store-none")]
    assert not (tmp_path / "elsewhere").exists()
    (tmp_path / "text.db").write_text("no database at all, but long enough to be read as one" * 20)
    other = replace(room.site, store_url=f"sqlite:///{tmp_path}/text.db")
    assert brief(records.database(other)) == [("fault", "store-broken", "store")]


@pytest.mark.parametrize(("free", "verdict"), [(600_000_000, "ok"), (400_000_000, "attention"), (40_000_000, "fault")])
def test_free_space_is_judged_where_records_and_backups_lie(
    room: Room, free: int, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "free_bytes", lambda _folder: free)
    store, kept = brief(records.space(room.site))
    assert (store.verdict, store.told) == (verdict, "space-store")
    assert kept.verdict == ("ok" if verdict == "ok" else "attention"), "no record is lost by a missing backup"


def test_a_second_place_that_is_not_mounted_is_told(room: Room, tmp_path: Path) -> None:
    site = replace(room.site, backup=BackupRules(second=tmp_path / "not" / "mounted"))
    assert ("attention", "place-missing", "place") in brief(records.space(site))


def test_backups_none_old_failed_and_good(room: Room, tmp_path: Path) -> None:
    own = replace(room.site, store_url=f"sqlite:///{tmp_path}/own/duty.db")
    store = Store.open(own.store_url)
    assert brief(records.backed_up(own, NOW)) == [
        ("attention", "backup-none", "backup"),
        ("attention", "second-none", "second"),
    ]
    site = replace(own, backup=BackupRules(second=tmp_path))
    good = Backup(NOW, BackupReason.DAILY, "a.db", 1, "s" * 64, second="b.db")
    with store.write() as session:
        backups.add(session, good)
    assert brief(records.backed_up(site, NOW + timedelta(hours=3))) == [("ok", "backup", ""), ("ok", "second", "")]
    old = brief(records.backed_up(site, NOW + timedelta(hours=30)))
    assert old[0] == ("attention", "backup-old", "backup")
    with store.write() as session:
        backups.add(session, Backup(NOW + timedelta(hours=1), BackupReason.DAILY, "c.db", trouble="disk-full"))
    failed = brief(records.backed_up(site, NOW + timedelta(hours=3)))
    assert ("attention", "backup-failed", "backup-failed") in failed
    store.close()


def test_modes_that_let_others_in_are_told_with_the_cure(room: Room) -> None:
    room.store.path.chmod(0o644)
    room.store.path.parent.chmod(0o777)
    found = store_files(room.store.path)
    assert {(check.told, check.fix) for check in found} == {("open", "chmod"), ("writable", "chmod-write")}
    advice = [doctor_words.advice(check) for check in found]
    assert f"chmod 600 {room.store.path}" in advice


def test_who_watches(room: Room) -> None:
    assert brief(watching.watcher(room.site, NOW)) == [("attention", "watch-ended", "watch")]
    lock = WatchLock(room.store.path)
    assert not lock.path.exists(), "looking makes nothing"
    assert lock.acquire()
    try:
        assert brief(watching.watcher(room.site, NOW)) == [("ok", "watch", "")]
        silent = NOW + timedelta(seconds=HEARTBEAT_SILENT_S + 1)
        assert brief(watching.watcher(room.site, silent)) == [("fault", "watch-silent", "watch-silent")]
        other = replace(room.site, fingerprint="0" * 64)
        assert brief(watching.watcher(other, NOW))[1:] == [("fault", "watch-other-site", "watch-restart")]
    finally:
        lock.release()
    assert not watching.is_held(room.store.path)


def test_looking_at_the_lock_keeps_nobody_from_taking_it(room: Room) -> None:
    lock = WatchLock(room.store.path)
    assert lock.acquire()
    lock.release()
    assert not watching.is_held(room.store.path)
    assert lock.acquire()
    lock.release()


@pytest.mark.parametrize(
    ("words_of_systemd", "found"),
    [
        (("loaded", "enabled", "active"), ("ok", "unit", "")),
        (("loaded", "disabled", "active"), ("attention", "unit-not-enabled", "unit-enable")),
        (("loaded", "enabled", "failed"), ("fault", "unit-down", "unit-start")),
        (("not-found", "", "inactive"), ("attention", "unit-none", "unit")),
    ],
)
def test_what_systemd_says_of_the_unit(words_of_systemd: tuple[str, str, str], found: tuple[str, str, str]) -> None:
    assert brief(watching.unit(*words_of_systemd)) == [found]


def test_without_systemd_there_is_no_unit_to_miss(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert brief(watching.service()) == [("not-installed", "no-systemd", "")]
    systemctl = tmp_path / "systemctl"
    systemctl.write_text("#!/bin/sh\nexit 1\n")
    systemctl.chmod(0o755)
    assert brief(watching.service()) == [("not-installed", "no-systemd", "")]
    systemctl.write_text("#!/bin/sh\necho LoadState=loaded; echo UnitFileState=enabled; echo ActiveState=active\n")
    assert brief(watching.service()) == [("ok", "unit", "")]


def test_every_source_is_told_with_its_time_or_its_trouble(room: Room) -> None:
    def ask(_site: Site) -> list[Sample]:
        return [Sample("x", Kind.UPS, NOW, state, "some detail", took_s=0.25) for state in State]

    found = dict(zip(State, brief(targets.targets(room.site, ask)), strict=True))
    assert found[State.OK] == ("ok", "source", "")
    assert found[State.NEVER].verdict == "unknown"
    troubled = [one for state, one in found.items() if state not in (State.OK, State.PARTIAL, State.NEVER)]
    assert {one.verdict for one in troubled} == {"fault"}
    assert all(one.fix for one in troubled)


def test_a_site_without_devices_and_one_that_cannot_be_asked(room: Room) -> None:
    bare = replace(room.site, ups=(), network=(), servers=())
    assert brief(targets.targets(bare, ask_nobody)) == [("attention", "sources-none", "sources-none")]

    def broken(_site: Site) -> list[Sample]:
        raise SourceError("a library is missing")

    assert brief(targets.targets(room.site, broken)) == [("fault", "sources-broken", "site-file")]


def test_a_check_that_hangs_holds_nothing_up() -> None:
    let_go = threading.Event()

    def hangs() -> list[Check]:
        let_go.wait(60)
        return []

    began = time.monotonic()
    found = brief(list(answers(Probe(Group.RECORDS, "space", hangs, within_s=0.05))))
    let_go.set()
    assert found == [("unknown", "too-slow", "too-slow")]
    assert time.monotonic() - began < 30


def test_a_check_that_fails_is_told_and_the_others_go_on() -> None:
    def fails() -> list[Check]:
        raise PermissionError(13, "Permission denied", "/somewhere")

    (found,) = answers(Probe(Group.RECORDS, "space", fails))
    assert brief([found]) == [("fault", "failed", "failed")]
    assert "/somewhere" in doctor_words.told(found)


def test_what_a_device_says_cannot_reach_the_terminal() -> None:
    check = make(
        Group.SOURCES, "source", Verdict.FAULT, "source-fails", "", "a\x1b[2J", state="auth", detail="\x1b]0;x"
    )
    assert "\x1b" not in doctor_words.title(check) + doctor_words.told(check)


def test_without_a_site_file_the_machine_is_still_looked_at() -> None:
    found = list(examine(Around(None, XTERM, WIDE, ask_nobody)))
    assert [check.group for check in found if check.group is Group.MACHINE]
    assert [check.told for check in found if check.needs_doing] == ["site-none"]


def site_in(folder: Path, more: str = "") -> Path:
    """A site file with records beside it."""
    path = folder / "site.toml"
    text = f'timezone = "Asia/Shanghai"\n[site]\nname = "H"\n[store]\nurl = "sqlite:///{folder}/store/duty.db"\n{more}'
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


def test_nothing_is_written_and_no_store_is_made(tmp_path: Path) -> None:
    path = site_in(tmp_path)
    found = list(examine(Around(path, XTERM, WIDE, ask_nobody)))
    assert "store-none" in {check.told for check in found}
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["site.toml"]


def test_looking_changes_no_byte_of_the_records(room: Room, tmp_path: Path) -> None:
    path = site_in(tmp_path)
    room.store.close()
    before = {file: file.read_bytes() for file in room.store.path.parent.iterdir() if not file.name.endswith("-shm")}
    codes = [check.code for check in examine(Around(path, XTERM, WIDE, ask_nobody))]
    assert {"store", "ledger", "clock", "backup", "watch", "space"} <= set(codes)
    assert {file: file.read_bytes() for file in before} == before


def test_a_broken_site_file_is_one_fault_with_its_sentence(tmp_path: Path) -> None:
    found = [c for c in examine(Around(site_in(tmp_path, "[[upss]]\n"), XTERM, WIDE, ask_nobody)) if c.needs_doing]
    assert brief(found) == [("fault", "site-broken", "site-file")]
    assert "did you mean ups" in doctor_words.told(found[0])


@pytest.mark.parametrize(("mode", "told"), [(0o600, "secrets"), (0o640, "secret-open"), (None, "secret-missing")])
def test_the_files_of_secrets_are_for_their_owner_alone(tmp_path: Path, mode: int | None, told: str) -> None:
    device = (
        '[[network]]\nname = "a"\naddress = "10.0.0.1"\nsnmp = { version = "2c", community_file = "a.community" }\n'
    )
    path = site_in(tmp_path, device)
    if mode is not None:
        (tmp_path / "a.community").write_text("hidden\n")
        (tmp_path / "a.community").chmod(mode)
    found = [check for check in examine(Around(path, XTERM, WIDE, ask_nobody)) if check.code == "secrets"]
    assert [check.told for check in found] == [told]
    assert all("hidden" not in value for check in found for _key, value in check.params)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_secret_of_another_account_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dutyroom.doctor import files

    (tmp_path / "a").write_text("x")
    os.chown(tmp_path / "a", 65534, 65534)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    (check,) = files._owner(Group.SITE, "secrets", tmp_path / "a", 65534)
    assert brief([check]) == [("attention", "other-owner", "owner")]


def test_every_code_in_the_checks_has_its_words_and_no_words_are_left_over() -> None:
    used: dict[str, set[str]] = {"titles": set(), "told": set(), "fixes": set()}
    for path in DOCTOR.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and path.name != "words.py":
                for kind, known in doctor_words.CODES.items():
                    used[kind] |= {node.value} & known.keys()
    used["told"] |= {f"space-{use}" for use in ("store", "backup", "second")}
    used["fixes"] |= {f"source-{state.value}" for state in State if not state.knows and state is not State.NEVER}
    assert {kind: sorted(known.keys() - used[kind]) for kind, known in doctor_words.CODES.items()} == {
        "titles": [],
        "told": [],
        "fixes": [],
    }


def test_the_order_of_the_groups_is_that_of_the_list(tmp_path: Path) -> None:
    groups = [check.group for check in examine(Around(site_in(tmp_path), XTERM, WIDE, ask_nobody))]
    order = list(Group)
    assert [order.index(group) for group in groups] == sorted(order.index(group) for group in groups)


def test_a_heartbeat_from_the_future_is_no_negative_age(room: Room) -> None:
    with room.store.write() as session:
        ahead = Heartbeat("duty-pc", 1, NOW, NOW + timedelta(hours=1), room.site.fingerprint)
        events.beat(session, ahead)
        readings.prune(session, NOW - timedelta(days=365))
    (check,) = watching.watcher(room.site, NOW)
    assert dict(check.params)["age_s"] == "0"
    assert run.SOURCES_S > 0
