"""Disk and clock troubles are one line on the board; the live state goes on, and nothing typed is lost."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.config.site_file import differs
from dutyroom.duty import walks
from dutyroom.model.events import CLOCK, Event
from dutyroom.model.reading import Latest
from dutyroom.model.rounds import RoundState
from dutyroom.store import events, ledger, space
from dutyroom.store.database import Store
from screens.app import DutyroomApp
from screens.desk import OpenedRoom
from screens.dialogs.sign_round import SignRoundDialog
from screens.fill import FillScreen
from tests import disk_full
from tests.ui.room_samples import ups_sample
from tests.ui.rooms import NOW, PASSWORD, IdleWatch, Room, assert_golden, make_room, running, screen_text, until
from tests.ui.test_round_screen import answer_all, begin, room_with_probe, saved, stored

SIZES = [(80, 24), (120, 40)]
STEP = Event(
    NOW - timedelta(minutes=7),
    CLOCK,
    "clock-step",
    (("by", "28800.0"), ("was", "2026-11-23T16:34:00+00:00"), ("now", "2026-11-24T00:34:00+00:00")),
)


def with_space(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """The disk of the records has so much left."""
    monkeypatch.setattr(space, "free_bytes", lambda _folder: free)
    monkeypatch.setattr("dutyroom.store.places.path_of", lambda _url: Path("/var/lib/dutyroom/dutyroom.db"))


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize(("name", "free"), [("low", 430_000_000), ("none", 12_000_000)])
async def test_little_space_is_one_line(
    tmp_path: Path, language: str, size: tuple[int, int], name: str, free: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room(tmp_path, language)
    with_space(monkeypatch, free)
    app = room.app()
    async with running(app, size) as pilot:
        await pilot.pause()
        assert_golden(app, f"board-space-{name}-{size[0]}x{size[1]}-{language}")


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
async def test_a_clock_that_was_set_is_one_line(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    room = make_room(tmp_path, language)
    with room.store.write() as session:
        events.add(session, [STEP])
    app = room.app()
    async with running(app, size) as pilot:
        await pilot.pause()
        assert_golden(app, f"board-clock-step-{size[0]}x{size[1]}-{language}")


async def test_the_live_state_goes_on_while_nothing_can_be_recorded(tmp_path: Path, language: str) -> None:
    room, watch = make_room(tmp_path, language), IdleWatch()
    live = ups_sample("ups-a", NOW, {"ups.status": "OB DISCHRG", "battery.charge": "42", "battery.runtime": "4980"})
    watch.latest = {"ups-a": Latest(live, live)}
    app = room.app()
    app._open_room = lambda: OpenedRoom(room.desk, watch, room.store.close)
    async with running(app) as pilot:
        watch.trouble = "The disk of /var/lib/dutyroom/dutyroom.db is full; nothing was saved."
        await until(pilot, lambda: "42 %" in screen_text(app))
        assert "/var/lib/dutyroom/dutyroom.db" in screen_text(app)
        assert app.board is not None
        assert app.board.watch.running
        watch.trouble = ""
        await until(pilot, lambda: "/var/lib/dutyroom/dutyroom.db" not in screen_text(app))


async def test_an_answer_on_a_full_disk_is_told_and_given_again_when_there_is_space(tmp_path: Path) -> None:
    with disk_full.small_disk(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("needs leave to mount a small file system")
        room = make_room(disk.folder)
        app = room.app()
        async with running(app, (120, 40)) as pilot:
            screen = await begin(app, pilot)
            await pilot.press("space")
            await saved(pilot, screen)
            first, here = next(iter(screen.state.walk.entries)), screen.state.cursor
            disk.fill()
            await pilot.press("space")
            await until(pilot, lambda: "is full" in screen_text(app))
            await saved(pilot, screen)
            assert screen.state.cursor == here
            assert stored(room, *first) is not None
            disk.free()
            await pilot.press("space")
            await until(pilot, lambda: here in screen.state.walk.entries)
            assert stored(room, *here) is not None


async def test_a_round_is_signed_against_the_clock_only_with_a_reason(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        answer_all(room, screen)
        screen.state.walk = walks.load_walk(room.desk, 1)
        later(room)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, SignRoundDialog))
        await pilot.press(*[key if key != "-" else "minus" for key in PASSWORD], "enter")
        await until(pilot, lambda: "timedatectl" in screen_text(app))
        assert_golden(app, "sign-against-clock-80x24-en")
        await pilot.press("enter")
        assert isinstance(app.screen, SignRoundDialog)
        await pilot.press(*"no time server", "enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        await until(pilot, lambda: "no time server" in screen_text(app))
    store = Store.open(room.site.store_url)
    try:
        from dutyroom.store import rounds as rows

        with store.read() as session:
            found = rows.get(session, 1)
        assert found is not None
        assert (found.state, found.clock_reason) == (RoundState.SIGNED, "no time server")
    finally:
        store.close()


def later(room: Room) -> None:
    """A record of an hour after what the clock shows now."""
    from dutyroom.model.people import Act, Actor, Role

    with room.store.write() as session:
        ledger.append(
            session,
            at=clock.now() + timedelta(hours=1),
            actor=Actor("zhang", Role.ADMIN, "test"),
            act=Act.SIGN_IN,
            subject="operator:zhang",
            row=None,
        )


def shows(app: DutyroomApp, text: str) -> bool:
    """Draws this second and looks."""
    app.show_now()
    return text in screen_text(app)


async def test_a_site_file_that_was_changed_is_one_line_that_says_what_to_do(tmp_path: Path, language: str) -> None:
    room, site_file = make_room(tmp_path, language), tmp_path / "site.toml"
    site_file.write_text("as it was\n")
    opened_with = hashlib.sha256(site_file.read_bytes()).hexdigest()
    app = room.app()
    app._open_room = lambda: OpenedRoom(
        room.desk, IdleWatch(), room.store.close, site_file_changed=lambda: differs(site_file, opened_with)
    )
    said = {"en": "The site file was changed", "zh_CN": "配置文件已改动"}[language]
    async with running(app) as pilot:
        await pilot.pause()
        assert said not in screen_text(app)
        site_file.write_text("another one, wrong or right\n")
        await until(pilot, lambda: shows(app, said))
        site_file.write_text("as it was\n")
        await until(pilot, lambda: not shows(app, said))
