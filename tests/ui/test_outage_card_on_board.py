"""The board says whether the outage card on the wall is still true, and the palette writes a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from dutyroom.board import make_board
from dutyroom.duty.records import read_room
from dutyroom.model.devices import Load
from dutyroom.model.events import Event
from dutyroom.model.facts import Line
from dutyroom.model.people import Actor, Role
from dutyroom.model.site import Contact, Site
from dutyroom.sending import write_outage_card
from dutyroom.store import events
from screens.card_lines import lines
from screens.palette import commands
from tests.desks import ups_sample
from tests.ui.rooms import NAME, NOW, Room, make_room, make_site, running, screen_text, sit_down, until

HOUR_S = 3600.0
ACTOR = Actor(NAME, Role.TECHNICIAN, "test")


def wanting(folder: Path, language: str = "en") -> Site:
    """A site with something to shed and somebody to call."""
    loads = (Load("his", "HIS", ("ups-a",), 1, 450, 1, 1, "DBA", "0000", "database first"),)
    return replace(make_site(folder, language), loads=loads, contacts=(Contact("commander", "Zhang", "0", 1),))


def wrote(room: Room, folder: Path) -> None:
    """A card on record."""
    write_outage_card(room.desk, ACTOR, folder / "card.xlsx", NOW)


async def test_no_card_is_asked_for_where_there_is_nothing_to_put_on_it(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app, (120, 40)):
        assert "Outage card" not in screen_text(app)


async def test_the_board_says_that_no_card_was_ever_printed(tmp_path: Path, language: str) -> None:
    said = "Outage card: never printed" if language == "en" else "停电应急卡：从未打印"
    app = make_room(tmp_path, language, site=wanting(tmp_path, language)).app()
    async with running(app) as pilot:
        await until(pilot, lambda: said in screen_text(app))


async def test_the_board_says_that_the_card_is_older_than_the_site_file(tmp_path: Path) -> None:
    room = make_room(tmp_path, site=wanting(tmp_path))
    wrote(room, tmp_path)
    changed = replace(room.site, fingerprint="0" * 64)
    room.site, room.desk = changed, replace(room.desk, site=changed)
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        await until(pilot, lambda: "Outage card old: site file changed" in screen_text(app))


def test_a_hold_time_that_is_judged_otherwise_makes_the_card_old_and_an_outage_does_not(tmp_path: Path) -> None:
    room = make_room(tmp_path, site=wanting(tmp_path), filled=False)

    def said(at: datetime) -> str:
        records = read_room(room.desk, at)
        board = make_board(room.site, room.desk.checklist, records, at)
        return "\n".join(text for line in lines(board, records, room.site, 60) for text, _role in line)

    room.put(ups_sample("ups-a", NOW))
    wrote(room, tmp_path)
    assert said(NOW) == ""
    later = NOW + timedelta(minutes=1)
    with room.store.write() as session:
        events.add(session, (Event(later, "ups-a", "on-battery"),))
    room.put(ups_sample("ups-a", later, line=Line.BATTERY, status=("OB",), runtime_s=HOUR_S))
    assert said(later) == ""
    after = later + timedelta(minutes=5)
    with room.store.write() as session:
        events.add(session, (Event(after, "ups-a", "on-mains"),))
    room.put(ups_sample("ups-a", after, runtime_s=HOUR_S))
    assert "Outage card old: hold times changed (Tue 24 Nov)" in said(after)
    room.store.close()


async def test_the_palette_writes_the_card_beside_the_records_and_the_board_is_content(tmp_path: Path) -> None:
    room = make_room(tmp_path, site=wanting(tmp_path))
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        await until(pilot, lambda: "never printed" in screen_text(app))
        sit_down(app, ACTOR)
        by_title = {command.title: command for command in commands(app, app.screen)}
        by_title["Print the outage card"].callback()
        path = room.store.path.parent / "outage-card" / "outage-card-2026-11-24.xlsx"
        await until(pilot, path.is_file)
        await until(pilot, lambda: "The outage card to print" in screen_text(app))
        await until(pilot, lambda: "never printed" not in screen_text(app))


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    room = make_room(tmp_path, site=wanting(tmp_path))
    (room.store.path.parent / "outage-card").write_text("in the way")
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        sit_down(app, ACTOR)
        by_title = {command.title: command for command in commands(app, app.screen)}
        by_title["Print the outage card"].callback()
        await until(pilot, lambda: any("is a file, no folder" in one.message for one in app._notifications))
