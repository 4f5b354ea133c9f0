"""The palette finds devices, items, people and months in both languages, and goes there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.command import CommandList, Hit
from textual.pilot import Pilot

from dutyroom import clock, words
from dutyroom.model.devices import Server
from dutyroom.model.reading import Kind
from dutyroom.model.rounds import Mark, Round, RoundState
from dutyroom.rules.schedule import daily_slot
from dutyroom.store import rounds
from screens.app import DutyroomApp
from screens.doctor import DoctorScreen
from screens.fill import FillScreen
from screens.palette_finds import RoomFinds
from screens.records import RecordsScreen
from tests.ui.rooms import NAME, PASSWORD, Room, assert_golden, make_room, make_site, running, screen_text, until
from tests.ui.scenes import at, begin

# Query, the kind and title of the first find in English.
ASKED = (
    ("core", "Device: Core switch"),
    ("CORE-1", "Device: Core switch"),
    ("ｃｏｒｅ", "Device: Core switch"),
    ("fire.panel", "Item: "),
    ("zhang", "Person: Zhang Wei"),
    ("wei", "Person: Zhang Wei"),
    ("2026-10", "Month: October 2026"),
    ("october 2026", "Month: October 2026"),
    ("oct 2026", "Month: October 2026"),
    ("2026年10月", "Month: October 2026"),
    ("10月", "Month: October 2026"),
    ("２０２６－１０", "Month: October 2026"),
)


def keep_rounds(room: Room) -> None:
    """Three rounds of October: signed, signed late with something abnormal, missed."""
    checklist, zone = room.desk.checklist, room.site.timezone
    with room.store.write() as session:
        for day, state, abnormal, marks in (
            (5, RoundState.SIGNED, 0, ()),
            (6, RoundState.SIGNED, 2, (Mark.LATE,)),
            (7, RoundState.MISSED, 0, ()),
        ):
            slot = daily_slot(checklist, date(2026, 10, day), zone)
            walked = state is RoundState.SIGNED
            rounds.add(
                session,
                Round(
                    checklist=checklist.name,
                    version=checklist.version,
                    due_at=slot.due_at,
                    due_on=slot.due_on,
                    duty_day=slot.due_on,
                    state=state,
                    items=43,
                    started_at=slot.due_at if walked else None,
                    started_by=NAME if walked else None,
                    signed_at=slot.due_at + timedelta(minutes=9) if walked else None,
                    signed_by=NAME if walked else None,
                    marks=marks,
                    abnormal=abnormal,
                ),
            )


async def found(app: DutyroomApp, query: str) -> list[Hit]:
    """What the palette finds over the screen in front, best first."""
    hits = [hit async for hit in RoomFinds(app.screen).search(query)]
    assert all(isinstance(hit, Hit) for hit in hits)
    return sorted((hit for hit in hits if isinstance(hit, Hit)), key=lambda hit: -hit.score)


async def choose(app: DutyroomApp, pilot: Pilot[None], query: str) -> None:
    """Types into the palette as a person does, and takes the first row."""
    wanted = str((await found(app, query))[0].text)
    await pilot.press("ctrl+p")
    await pilot.pause()
    await pilot.press(*query)
    rows = app.screen.query_one(CommandList)
    await until(pilot, lambda: bool(rows.options) and wanted in str(rows.options[0].prompt))
    await pilot.press("enter")
    await pilot.pause()


async def test_each_find_says_its_kind_whatever_way_it_is_typed(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app):
        for query, title in ASKED:
            hits = await found(app, query)
            assert hits, query
            assert str(hits[0].text).startswith(title), (query, hits[0].text)


async def test_items_are_found_by_the_words_of_the_other_language(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app):
        for item in app.checklist.items:
            for spoken in words.LANGUAGES:
                with words.speaking(spoken):
                    for query in (item.words.en, item.words.zh, item.id):
                        hits = await found(app, query)
                        kind = {"en": "Item", "zh_CN": "巡检项"}[spoken]
                        assert any(item.id in str(hit.help) and str(hit.text).startswith(kind) for hit in hits), query


async def test_choosing_a_device_shows_its_page_with_it_chosen(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await choose(app, pilot, "access")
        await until(pilot, lambda: app.current_mode == "network")
        await pilot.pause()
        assert app.selected[Kind.NETWORK] == "access-1"
        assert "▸! Access switch" in screen_text(app)


async def test_a_device_is_shown_over_a_list_of_rounds_and_a_round_on_the_same_page(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("4")
        await pilot.pause()
        await app.run_action("app.go_to_month(2026, 11)")
        await begin(app, pilot)
        await app.run_action("app.go_to_device('access-1')")
        await until(pilot, lambda: type(app.screen).__name__ == "NetworkScreen")
        await pilot.pause()
        assert "▸! Access switch" in screen_text(app)


async def test_a_device_is_shown_over_the_doctor_on_the_same_page(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("4")
        await pilot.pause()
        app.push_screen(DoctorScreen(lambda: iter(())))
        await pilot.pause()
        await app.run_action("app.go_to_device('access-1')")
        await until(pilot, lambda: type(app.screen).__name__ == "NetworkScreen")
        assert app.selected[Kind.NETWORK] == "access-1"


async def test_a_half_typed_number_is_not_thrown_away_for_a_device(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("4")
        await pilot.pause()
        screen = await at("env.temp.room", app, pilot)
        await pilot.press("2", "4")
        assert screen.state.typed == "24"
        await app.run_action("app.go_to_device('access-1')")
        await pilot.pause()
        assert app.screen is screen
        assert screen.state.typed == "24"
        await until(pilot, lambda: any("half typed" in note.message for note in app._notifications))


async def test_an_item_puts_the_cursor_of_the_open_round_on_its_line(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        for item in app.checklist.items:
            await app.run_action(f"app.go_to_item({item.id!r})")
            here = screen.state.here()
            if any(line.item.id == item.id for line in screen.state.walk.lines):
                assert here is not None
                assert here.line is not None, item.id
                assert here.line.item.id == item.id


async def test_an_item_opens_the_round_that_is_due_and_asks_who_walks_it(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await choose(app, pilot, "fire.panel")
        await until(pilot, lambda: type(app.screen).__name__ == "SignInDialog" and app.focused is not None)
        await pilot.press(*NAME, "enter", *PASSWORD, "enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        await until(pilot, lambda: isinstance(app.screen, FillScreen) and app.screen.state.cursor[0] == "fire.panel")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
async def test_the_rounds_of_a_month_are_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    room = make_room(tmp_path, language)
    keep_rounds(room)
    app = room.app()
    async with running(app, size) as pilot:
        await choose(app, pilot, "2026-10")
        await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and bool(app.screen.found))
        await pilot.pause()
        assert_golden(app, f"records-month-{size[0]}x{size[1]}-{language}")


async def test_a_persons_rounds_open_to_be_read_and_esc_goes_back_step_by_step(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_rounds(room)
    app = room.app()
    async with running(app) as pilot:
        await choose(app, pilot, "zhang")
        await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and bool(app.screen.found))
        assert isinstance(app.screen, RecordsScreen)
        assert app.screen.found is not None
        assert [one.due_on.day for one in app.screen.found] == [6, 5]
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        assert isinstance(app.screen, FillScreen)
        assert app.screen.acts is None
        assert app.screen.state.walk.round.due_on.day == 5
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, RecordsScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert type(app.screen).__name__ == "BoardScreen"


async def test_a_mode_key_leaves_the_list_of_rounds(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        for key, name in {"1": "BoardScreen", "3": "PowerScreen"}.items():
            await app.run_action("app.go_to_month(2020, 2)")
            await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and app.screen.found == ())
            await pilot.pause()
            assert "ctrl+p finds another month" in screen_text(app)
            await pilot.press(key)
            await pilot.pause()
            assert type(app.screen).__name__ == name


async def test_nothing_is_found_over_a_dialog(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("i")
        await pilot.pause()
        assert await found(app, "core") == []


async def measured(folder: Path) -> None:
    """Prints how long a search takes with 200 devices, the longest checklist and 120 months."""
    site = make_site(folder)
    servers = tuple(Server(f"server-{n}", f"Server {n} 服务器", "snmp", "127.0.0.1") for n in range(194))
    room = make_room(folder, site=replace(site, servers=(*site.servers, *servers)), filled=False)
    app = room.app()
    async with running(app):
        items = app.checklist.items
        app.checklist = replace(app.checklist, items=(*items, *items, *items)[:91])
        worst = 0.0
        for query in ("s", "server", "2026", "10月", "温度", "zhang", "no such thing"):
            began = clock.monotonic()
            hits = await found(app, query)
            took = (clock.monotonic() - began) * 1000
            worst = max(worst, took)
            print(f"{query!r}: {len(hits)} hits in {took:.1f} ms")
        count = len(list(app.site.devices()))
        print(f"worst {worst:.1f} ms: {count} devices, {len(app.checklist.items)} items, 120 months")


if __name__ == "__main__":
    import asyncio
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as made:
        asyncio.run(measured(Path(made)))
