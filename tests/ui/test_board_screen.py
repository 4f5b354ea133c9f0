"""The board answers at once: is the room all right, and what do I owe?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty import answering, rounds
from dutyroom.errors import StoreError
from dutyroom.model.people import Actor, Role
from screens.app import DutyroomApp
from tests.ui.room_samples import hostile_samples, ups_sample
from tests.ui.rooms import (
    NOW,
    PlayedDemo,
    assert_fits,
    assert_golden,
    hostile_site,
    make_room,
    make_site,
    running,
    screen_text,
    until,
)

SIZES = [(80, 24), (120, 40)]
ACTOR = Actor("zhang", Role.ADMIN, "test")


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
async def test_the_board_is_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app, size):
        assert_golden(app, f"board-{size[0]}x{size[1]}-{language}")


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
async def test_the_board_on_battery_is_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    room = make_room(tmp_path, language)
    outage = {"ups.status": "OB DISCHRG", "input.voltage": "0", "battery.charge": "71", "battery.runtime": "4980"}
    room.put(ups_sample("ups-a", NOW, outage), ups_sample("ups-b", NOW, outage | {"battery.runtime": "900"}))
    app = room.app(PlayedDemo())
    async with running(app, size):
        assert_golden(app, f"board-outage-{size[0]}x{size[1]}-{language}")


async def test_an_empty_room_says_what_to_write_in_the_site_file(tmp_path: Path, language: str) -> None:
    site = replace(make_site(tmp_path, language), ups=(), network=(), servers=())
    app = make_room(tmp_path, language, site=site, filled=False).app()
    async with running(app):
        assert_golden(app, f"board-empty-80x24-{language}")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 50)], ids="{0[0]}x{0[1]}".format)
async def test_no_row_is_wider_than_the_terminal(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app, size):
        assert_fits(app)


async def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    room = make_room(tmp_path, site=hostile_site(tmp_path), filled=False)
    room.put(*hostile_samples())
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        assert "[@click=app.quit]" in screen_text(app)
        assert "\x1b" not in screen_text(app)
        for panel in ("#network", "#power"):
            await pilot.click(panel, offset=(6, 1))
            await pilot.pause()
            assert type(app.screen).__name__ == f"{panel[1:].title()}Screen", "a click opens the mode and runs nothing"
            await pilot.press("escape")
            await pilot.pause()
        assert app.is_running
        assert_fits(app)


async def test_ages_tick_without_a_write_and_silence_turns_to_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        assert "nobody watches" not in screen_text(app)
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=5))
        app.show_now()
        await pilot.pause()
        assert "nobody watches" in screen_text(app)
        assert "nobody asks" in screen_text(app)


async def test_w_opens_what_is_worst(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("w")
        await pilot.pause()
        assert app.current_mode == "network"
        assert "▸✗ Firewall" in screen_text(app)


async def test_r_leaves_a_request_for_the_watcher(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await pilot.press("r")
        from dutyroom.store import events

        def requested() -> bool:
            with room.store.read() as session:
                return events.poll_requested(session) == NOW

        await until(pilot, requested)


async def test_a_store_that_cannot_be_opened_ends_with_its_sentence(tmp_path: Path) -> None:
    room = make_room(tmp_path)

    def refuse() -> None:
        raise StoreError("The disk is full: make room.")

    app = DutyroomApp(refuse)  # type: ignore[arg-type]
    async with app.run_test() as pilot:
        await until(pilot, lambda: not app.is_running or app.return_code == 5)
    assert app.return_code == 5
    room.store.close()


async def test_the_open_round_is_on_the_board_with_its_progress(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    walk = rounds.start_round(room.desk, ACTOR, NOW)
    from dutyroom.duty.answers import Given

    for line in walk.lines[:3]:
        answering.record_answer(room.desk, ACTOR, walk.round.id, line, Given("normal"), NOW)
    app = room.app()
    async with running(app):
        assert f"3/{len(walk.lines)}" in screen_text(app)


async def test_a_key_clash_in_the_site_file_is_told_at_start(tmp_path: Path) -> None:
    site = replace(make_site(tmp_path), keys=(("refresh", "q"), ("nonsense", "x")))
    app = make_room(tmp_path, site=site).app()
    async with running(app) as pilot:
        await pilot.pause()
        told = [notification.message for notification in app._notifications]
        assert any("quit needs this key" in message for message in told)
        assert any("nonsense" in message for message in told)
