"""The board says how old the last good backup is, and one is made from the palette without delaying anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.model.backup import Backup, BackupReason
from dutyroom.model.people import Actor, Role
from dutyroom.model.site import BackupRules
from dutyroom.rules.backups import judge
from dutyroom.store import backup, backups
from dutyroom.store.database import default_folder
from screens.backup_lines import lines
from screens.palette import commands
from tests.ui.rooms import NOW, Room, make_room, make_site, running, screen_text, sit_down, until

ADMIN = Actor("zhang", Role.ADMIN, "test")


def good(hours: float, **more: str) -> Backup:
    """A good backup so many hours old."""
    return Backup(NOW - timedelta(hours=hours), BackupReason.DAILY, "/b", sha256="b" * 64, **more)  # type: ignore[arg-type]


def failed(code: str) -> Backup:
    """A try that came to nothing just now."""
    return Backup(NOW, BackupReason.DAILY, "/b", trouble=code)


def said(one: Backup | None, tried: Backup | None, width: int = 38, *, has_second: bool = True) -> str:
    """What stands in the panel of that width."""
    shown = lines(judge(one, tried, NOW, has_second=has_second), width)
    assert all(sum(len(text) for text, _role in line) <= width for line in shown)
    return "\n".join("".join(text for text, _role in line).rstrip() for line in shown)


def test_each_state_of_the_backups_has_its_own_line() -> None:
    fine = good(6, second="/s")
    assert said(fine, fine) == "✓ Backup 6 h 00 m ago"
    assert said(None, None, has_second=False).startswith("! No backup yet")
    old = good(50, second="/s")
    assert said(old, old).startswith("! Backup 2 d")
    assert said(fine, failed("disk-full")) == "! Backup 6 h 00 m ago\n  last try: disk full"
    hung = good(6, second_trouble="second-hangs")
    assert said(hung, hung) == "✓ Backup 6 h 00 m ago\n  second place does not answer"
    future = good(-100, second="/s")
    assert "future" in said(future, future, 60)


def test_no_second_place_is_a_standing_warning_beside_a_good_backup() -> None:
    fine = good(6)
    ((first, *_rest, last),) = lines(judge(fine, fine, NOW, has_second=False), 38)
    assert (first, last) == (("✓ ", "ok"), ("no second place", "attention"))


def press(room: Room, title: str, app: object) -> None:
    """Chooses a command of the palette."""
    (command,) = [one for one in commands(app, app.screen) if one.title == title]  # type: ignore[arg-type, attr-defined]
    command.callback()


async def test_back_up_now_makes_a_whole_backup_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    site = replace(make_site(tmp_path), backup=BackupRules(second=tmp_path / "second"))
    room = make_room(tmp_path, site=site)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ADMIN)
        press(room, "Back up now", app)
        await until(pilot, lambda: any("Copied to" in one.message for one in app._notifications))
        (made,) = default_folder(room.store.path).glob("*.db")
        assert backup.check(made)
        assert backup.check(tmp_path / "second" / made.name)
        await until(pilot, lambda: "✓ Backup 0 s ago" in screen_text(app))


async def test_who_may_only_read_is_told_so(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, Actor("lin", Role.AUDITOR, "test"))
        press(room, "Back up now", app)
        await until(pilot, lambda: any(one.severity == "error" for one in app._notifications))
        assert not default_folder(room.store.path).exists()


async def test_nobody_signed_in_is_asked_who_it_is(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        press(room, "Back up now", app)
        await until(pilot, lambda: bool(app.screen.query("#name")))
        await pilot.pause()


async def test_a_backup_that_fails_is_told_and_stands_on_the_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room(tmp_path)
    default_folder(room.store.path).write_text("in the way")
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ADMIN)
        press(room, "Back up now", app)
        await until(pilot, lambda: any(one.severity == "error" for one in app._notifications))
        with room.store.read() as session:
            tried = backups.newest(session)
        assert tried is not None
        assert tried.trouble is not None
        await until(pilot, lambda: "last try" in screen_text(app))
