"""Power, network and servers, driven by keys in a terminal of 80x24 and 120x40."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.model.reading import Kind, Sample, State
from screens.widgets.lines import LineView
from tests.ui.room_samples import HOSTILE, NOW, hostile_samples, server_sample, ups_sample
from tests.ui.rooms import Room, assert_fits, assert_golden, hostile_site, make_room, make_site, running, screen_text

SIZES = [(80, 24), (120, 40)]


MODES = {"3": "power", "4": "network", "5": "servers"}


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
async def test_each_screen_is_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app, size) as pilot:
        for key, name in MODES.items():
            await pilot.press(key)
            await pilot.pause()
            assert_golden(app, f"{name}-first-{size[0]}x{size[1]}-{language}")
            await pilot.press("down")
            await pilot.pause()
            assert_golden(app, f"{name}-second-{size[0]}x{size[1]}-{language}")


async def test_a_narrow_terminal_shows_the_same_in_fewer_cells(tmp_path: Path, language: str) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app, (60, 20)) as pilot:
        for key in MODES:
            await pilot.press(key, "down")
            await pilot.pause()
            assert_fits(app)
            assert "▸" in screen_text(app)


async def test_an_empty_screen_says_what_to_write_in_the_site_file(tmp_path: Path) -> None:
    site = replace(make_site(tmp_path), ups=(), network=(), servers=())
    app = make_room(tmp_path, site=site, filled=False).app()
    async with running(app) as pilot:
        for key, table in zip(MODES, ("[[ups]]", "[[network]]", "[[server]]"), strict=True):
            await pilot.press(key, "down", "up", "r", "pagedown")
            await pilot.pause()
            assert table in screen_text(app)


async def test_a_device_never_asked_says_so_and_shows_no_value(tmp_path: Path) -> None:
    app = make_room(tmp_path, filled=False).app()
    async with running(app) as pilot:
        for key in MODES:
            await pilot.press(key)
            await pilot.pause()
            shown = screen_text(app)
            assert "not asked yet" in shown
            assert "nothing known yet" in shown
            assert "▇" not in shown


async def test_a_lost_ups_is_grey_with_the_age_of_its_last_values(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("3")
        await pilot.pause()
        details = app.screen.query_one("#details", LineView)
        told = {text.strip(): role for line in details.lines for text, role in line}
        assert "last known values, 4 m ago" in told
        assert told["229.4 V"] == "unknown"
        assert told["3 h 40 m left"] == "unknown"
        rows = ["".join(text for text, _role in line).strip() for line in details.lines]
        below = details.lines[rows.index("driver not connected") + 1 :]
        # The next step ("key") is of now.
        assert {role for line in below for text, role in line if text.strip()} - {"key"} == {"unknown"}


async def test_an_implausible_runtime_is_shown_raw_with_its_reason_and_counts_for_nothing(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    room.put(ups_sample("ups-a", NOW - timedelta(seconds=1), {"battery.runtime": "65535"}))
    app = room.app()
    app.selected[Kind.UPS] = "ups-a"
    async with running(app, (120, 40)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        shown = screen_text(app)
        assert "battery.runtime = 65535: a placeholder of the firmware, no time" in shown
        assert "runtime not known" in shown
        assert "UPS says  –  its runtime is implausible" in shown


async def test_a_ups_on_battery_counts_what_it_held_already(tmp_path: Path) -> None:
    from dutyroom.model.events import Event
    from dutyroom.store import events

    room = make_room(tmp_path)
    with room.store.write() as session:
        events.add(session, [Event(NOW - timedelta(hours=1), "ups-a", "on-battery")])
    room.put(ups_sample("ups-a", NOW, {"ups.status": "OB DISCHRG", "battery.charge": "61", "battery.runtime": "7200"}))
    app = room.app()
    app.selected[Kind.UPS] = "ups-a"
    async with running(app, (120, 40)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        shown = screen_text(app)
        assert "2 h 00 m left" in shown
        assert "short by 3 h 00 m" in shown
        assert "UPS says  3 h 00 m  1 h 00 m on battery and 2 h 00 m left" in shown


async def test_the_list_keeps_its_order_until_a_verdict_changes_or_r(tmp_path: Path) -> None:
    room = make_room(tmp_path, filled=False)
    at = NOW - timedelta(seconds=1)
    room.put(
        ups_sample("ups-a", at, {"battery.runtime": "30000"}), ups_sample("ups-b", at, {"battery.runtime": "40000"})
    )
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert order(app.screen.query_one("#list", LineView)) == ["UPS A main feed", "UPS B second feed"]
        room.put(ups_sample("ups-b", NOW, {"battery.runtime": "25000"}))
        await read_again(room, app)
        await pilot.pause()
        assert order(app.screen.query_one("#list", LineView)) == ["UPS A main feed", "UPS B second feed"]
        await pilot.press("r")
        await pilot.pause()
        assert order(app.screen.query_one("#list", LineView)) == ["UPS B second feed", "UPS A main feed"]
        room.put(ups_sample("ups-a", NOW, {"battery.runtime": "3000"}))
        await read_again(room, app)
        await pilot.pause()
        assert order(app.screen.query_one("#list", LineView)) == ["UPS A main feed", "UPS B second feed"]


async def test_the_chosen_device_stays_chosen_when_the_rows_move_and_modes_change(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await pilot.press("5", "j", "j")
        await pilot.pause()
        assert app.selected[Kind.SERVER] == "duty-pc"
        room.put(server_sample("duty-pc", NOW, 95.0))
        await read_again(room, app)
        await pilot.press("1", "5")
        await pilot.pause()
        assert app.selected[Kind.SERVER] == "duty-pc"
        assert "▸✗ Duty computer" in screen_text(app)
        await pilot.press("j", "j", "j", "j")
        assert app.selected[Kind.SERVER] == "lis-1"
        await pilot.press("k", "k", "k", "k")
        assert app.selected[Kind.SERVER] == "duty-pc"


async def test_a_long_list_scrolls_with_the_cursor_and_the_details_by_page(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    many = tuple(replace(site.network[1], name=f"sw-{n}", label=f"Switch {n}") for n in range(60))
    app = make_room(tmp_path, site=replace(site, network=(*site.network, *many))).app()
    async with running(app) as pilot:
        app.selected[Kind.NETWORK] = "sw-50"
        await pilot.press("4")
        await pilot.pause()
        assert "▸? Switch 50" in screen_text(app)
        await pilot.press(*["up"] * 30)
        await pilot.pause()
        assert f"▸? {app.site.label_of(app.selected[Kind.NETWORK])}" in screen_text(app)
        app.selected[Kind.NETWORK] = "core-1"
        await pilot.press("1", "4")
        await pilot.pause()
        details = app.screen.query_one("#details", LineView)
        assert details.scroll_offset.y == 0
        await pilot.press("pagedown", "space")
        await pilot.pause()
        assert details.scroll_offset.y > details.size.height
        await pilot.press("pageup", "pageup", "pageup")
        await pilot.pause()
        assert details.scroll_offset.y == 0


async def test_a_click_chooses_the_device_under_it(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("4")
        await pilot.pause()
        rows = screen_text(app).splitlines()
        y = next(n for n, row in enumerate(rows) if "Access switch" in row)
        await pilot.click(offset=(6, y))
        await pilot.pause()
        assert app.selected[Kind.NETWORK] == "access-1"


async def test_a_watched_port_that_is_down_stands_first_in_the_table(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    app.selected[Kind.NETWORK] = "core-1"
    async with running(app, (120, 40)) as pilot:
        await pilot.press("4")
        await pilot.pause()
        lines = ["".join(text for text, _role in line) for line in app.screen.query_one("#details", LineView).lines]
        head = next(n for n, line in enumerate(lines) if "admin/oper" in line)
        assert lines[head + 1].startswith("✗ GigabitEthernet0/0/7 ")
        assert lines[head + 2].startswith("▮ GigabitEthernet0/0/1 ")
        plate = [line for line in lines[:head] if line.strip().startswith("▮▮▮▮▮▮ ✗▮▮▮▮▮")]
        assert len(plate) == 1


async def test_esc_goes_back_to_the_board(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("4", "escape")
        await pilot.pause()
        assert app.current_mode == "board"


async def test_hostile_names_are_inert_on_every_screen(tmp_path: Path) -> None:
    room = make_room(tmp_path, site=hostile_site(tmp_path), filled=False)
    room.put(*hostile_samples())
    app = room.app()
    async with running(app) as pilot:
        for key in ("1", "3", "4", "5"):
            await pilot.press(key)
            await pilot.pause()
            for _device in range(2):
                await pilot.press("down")
                await pilot.pause()
                assert_fits(app)
                shown = screen_text(app)
                assert not any(ord(character) < 32 and character != "\n" for character in shown)
                assert "[@cli" in shown
                styles = [segment.style for strip in app.screen._compositor.render_strips() for segment in strip]
                assert not any(style is not None and style.link for style in styles)
                assert not any("app.quit" in str(style.meta) for style in styles if style is not None)
        for x, y in ((6, 2), (40, 3), (40, 6)):
            await pilot.click(offset=(x, y))
        assert app.is_running
        assert HOSTILE.startswith("[@click=app.quit]")


async def test_values_that_are_late_say_their_age_and_the_board_stays_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await pilot.press("5", "j", "j")
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=10))
        app.show_now()
        await pilot.pause()
        shown = screen_text(app)
        assert "last known values, 10 m ago" in shown
        assert "nobody watches" in shown


async def test_a_failed_source_tells_its_detail(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    room.put(Sample("duty-pc", Kind.SERVER, NOW, State.AUTH, "wrong community"))
    app = room.app()
    app.selected[Kind.SERVER] = "duty-pc"
    async with running(app) as pilot:
        await pilot.press("5")
        await pilot.pause()
        shown = screen_text(app)
        assert "wrong community" in shown
        assert "hidden-community" not in shown


def order(view: LineView) -> list[str]:
    """The labels in the list, from top to bottom."""
    return [line[2][0].strip() for line in view.lines if len(line) > 2 and line[0][1] == "key"]


async def read_again(room: Room, app: object) -> None:
    """What the feed would bring."""
    from dutyroom.duty.records import read_room
    from screens.app import DutyroomApp

    assert isinstance(app, DutyroomApp)
    app.records = read_room(room.desk, clock.now())
    app.show_now()


async def test_news_of_the_room_before_a_screen_has_its_widgets_does_no_harm(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        for mode in ("power", "network", "servers"):
            app.switch_mode(mode)
            app.show_now()
        await pilot.pause()
        assert "▸" in screen_text(app)
