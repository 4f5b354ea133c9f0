"""The page of a network device: what changed, its ports as faceplate and table, the filter, and the baseline."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from dutyroom import clock, words
from dutyroom.duty.baselines import accept_baseline, all_baselines, propose
from dutyroom.duty.records import read_room
from dutyroom.model.facts import Interface
from dutyroom.model.people import Actor, Role
from dutyroom.model.ports import Expected
from dutyroom.model.reading import Kind
from dutyroom.rules.port_changes import PortView
from screens import device_page_lines
from screens.app import DutyroomApp
from screens.device_page import DevicePage
from screens.dialogs.accept_ports import AcceptPortsDialog
from screens.network_faceplate import fronts, in_a_row, port_at
from screens.network_ports import Only, Ports, compared_with
from screens.network_table import rate
from screens.widgets.lines import LineView
from tests.ui.room_samples import HOSTILE, NOW, hostile_samples, network_sample, switch_ports
from tests.ui.rooms import (
    NAME,
    PASSWORD,
    Room,
    assert_fits,
    assert_golden,
    hostile_site,
    make_room,
    make_site,
    running,
    screen_text,
    sit_down,
    until,
)
from tests.ui.scenes import open_switch

SIZES = [(80, 24), (120, 40), (60, 20)]
ADMIN = Actor(NAME, Role.ADMIN, "test")


def with_baseline(room: Room, *, critical: tuple[str, ...] = (), ports: tuple[Interface, ...] = ()) -> None:
    """The ports of core-1 are accepted while 28 of them are up; then port 7 is down again, as in every test room."""
    room.put(network_sample("core-1", NOW - timedelta(seconds=8), ports or switch_ports(28)))
    proposal = propose(room.desk, "core-1", NOW, critical)
    accept_baseline(room.desk, ADMIN, proposal, PASSWORD, NOW)
    room.put(network_sample("core-1", NOW - timedelta(seconds=7), switch_ports(29, down=(7,))))


def page_rows(app: DutyroomApp) -> list[str]:
    """The lines of the page."""
    lines = app.screen.query_one("#page", LineView).lines
    return ["".join(text for text, _role in line) for line in lines]


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
async def test_the_page_is_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    room = make_room(tmp_path, language)
    with_baseline(room, critical=("*/7",))
    app = room.app()
    name = f"{size[0]}x{size[1]}-{language}"
    async with running(app, size) as pilot:
        await open_switch(app, pilot)
        assert_golden(app, f"device-page-{name}")
        await pilot.press("v")
        await pilot.pause()
        await pilot.pause()
        assert_golden(app, f"device-page-table-{name}")
        await pilot.press("slash", *"0/0/1")
        await pilot.pause()
        assert_golden(app, f"device-page-filter-{name}")


async def test_a_critical_port_is_a_fault_and_a_port_that_came_up_is_told(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    with_baseline(room, critical=("*/7",))
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        await open_switch(app, pilot)
        shown = page_rows(app)
        assert any("门诊楼 3F 楼层交换机 down (critical)" in row and "since 11-24 03:12" in row for row in shown)
        assert any("GigabitEthernet0/0/29 up, should be down" in row for row in shown)
        assert any("compared with baseline 1 of 2026-11-24 (zhang)" in row for row in shown)
        roles = {text: role for line in app.screen.query_one("#page", LineView).lines for text, role in line}
        assert roles["✗"] == "fault"
        assert roles["▲"] == "attention"
        await pilot.press("v")
        await pilot.pause()
        assert any("Ports: changed, 2 of 49" in row for row in page_rows(app))


async def test_the_filter_narrows_ports_by_name_label_and_state_as_one_types(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app, (120, 40)) as pilot:
        await open_switch(app, pilot)
        await pilot.press("slash", *"his-db")
        await pilot.pause()
        assert any("Ports: all, 1 of 49" in row for row in page_rows(app))
        await pilot.press(*["backspace"] * 6, *"门诊楼")
        await pilot.pause()
        assert [row for row in page_rows(app) if "Gi" in row] == [row for row in page_rows(app) if "0/0/7" in row]
        await pilot.press(*["backspace"] * 3, *"lower")
        await pilot.pause()
        assert any("Vlanif10" in row for row in page_rows(app))
        assert any("Ports: all, 1 of 49" in row for row in page_rows(app))
        await pilot.press(*"xx")
        await pilot.pause()
        assert any("no port with this in name, label or state" in row for row in page_rows(app))
        await pilot.press("escape")
        await pilot.pause()
        assert any(row == "Ports" for row in page_rows(app))
        assert isinstance(app.screen, DevicePage)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, DevicePage)


async def test_only_the_ports_that_changed_all_or_those_down(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app, (120, 40)) as pilot:
        page = await open_switch(app, pilot)
        told = []
        for _n in range(4):
            await pilot.press("f")
            await pilot.pause()
            told += [row for row in page_rows(app) if row.startswith("Ports: ")]
        assert told == [
            "Ports: changed, 1 of 49",
            "Ports: all, 49 of 49",
            "Ports: down, 20 of 49",
            "Ports: changed, 1 of 49",
        ]
        assert page.as_table


async def test_a_click_on_the_faceplate_tells_that_port(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app, (120, 40)) as pilot:
        page = await open_switch(app, pilot)
        view = page.query_one("#page", LineView)
        row = page_rows(app).index("Ports") + 1
        # The seventh port stands behind the gap after six.
        column = page_rows(app)[row].index("✗")
        inside = view.content_region
        await pilot.click(offset=(inside.x + column, inside.y + row - view.scroll_offset.y))
        await pilot.pause()
        assert page.picked == 12
        assert any("门诊楼 3F 楼层交换机" in text for text in page_rows(app))


async def test_a_second_click_on_a_device_opens_its_page(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("4")
        await pilot.pause()
        listed = app.screen.query_one("#list", LineView)
        rows = ["".join(text for text, _role in line) for line in listed.lines]
        row = next(n for n, text in enumerate(rows) if "Core switch" in text)
        for _n in range(2):
            await pilot.click(offset=(listed.content_region.x + 3, listed.content_region.y + row))
            await pilot.pause()
        await until(pilot, lambda: isinstance(app.screen, DevicePage))


async def test_values_of_a_lost_device_are_grey_and_none_of_its_ports_alarms(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    app.selected[Kind.NETWORK] = "fw-1"
    async with running(app, (120, 40)) as pilot:
        await pilot.press("4")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DevicePage))
        await pilot.pause()
        lines = app.screen.query_one("#page", LineView).lines
        at = next(n for n, row in enumerate(page_rows(app)) if row == "Ports")
        assert {role for line in lines[at : at + 3] for text, role in line if text.strip()} == {"unknown"}
        assert not any("eth" in row for row in page_rows(app) if "down" in row and "▯" not in row)


@pytest.mark.parametrize(("mode", "typed", "left"), [("4", "fire", "Firewall"), ("3", "feed driver", "UPS B"),
                                                     ("5", "lis", "LIS server")])  # fmt: skip
async def test_the_lists_are_narrowed_too(tmp_path: Path, mode: str, typed: str, left: str) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press(mode)
        await pilot.pause()
        await pilot.press("slash", *typed)
        await pilot.pause()
        rows = ["".join(text for text, _role in line) for line in app.screen.query_one("#list", LineView).lines]
        assert [row for row in rows if "▸" in row and left in row]
        assert sum(row[:2].strip() in ("▸✗", "▸!", "▸?", "✗", "!", "?", "✓", "▸✓") for row in rows) == 1
        await pilot.press(*"qqq")
        await pilot.pause()
        assert "nothing fits" in screen_text(app)
        assert_fits(app)
        await pilot.press("enter", "down", "enter")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert app.current_mode != "board"
        assert "nothing fits" not in screen_text(app)


async def test_a_baseline_is_edited_and_signed_from_the_page(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await open_switch(app, pilot)
        sit_down(app, ADMIN)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, AcceptPortsDialog))
        await pilot.pause()
        await pilot.press("f4", "f5")
        await pilot.pause()
        field = app.screen.query_one("#label", Input)
        field.value = "his-db-1, first card"
        await pilot.press("enter", "down", "f3", "f3", *"wrong", "enter")
        await until(pilot, lambda: "password" in screen_text(app).lower() and not app.screen.busy)  # type: ignore[attr-defined]
        await until(pilot, lambda: app.screen.query_one("#password", Input).value == "")
        assert all_baselines(room.desk, "core-1") == ()
        await pilot.press(*PASSWORD, "enter")
        await until(pilot, lambda: isinstance(app.screen, DevicePage))
        (kept,) = all_baselines(room.desk, "core-1")
        first, second, third, *_rest = kept.ports
        assert (first.label, first.critical, first.expected) == ("his-db-1, first card", True, Expected.UP)
        assert (second.expected, third.expected) == (Expected.IGNORE, Expected.UP)
        assert kept.by == NAME


async def test_who_may_not_accept_is_told_so(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await open_switch(app, pilot)
        sit_down(app, Actor(NAME, Role.TECHNICIAN, "test"))
        await pilot.press("b")
        await until(pilot, lambda: any("may not do this" in one.message for one in app._notifications))
        assert isinstance(app.screen, DevicePage)


async def test_while_locked_the_ports_can_be_read_and_not_accepted(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app, (120, 40)) as pilot:
        await open_switch(app, pilot)
        sit_down(app, ADMIN)
        await pilot.press("ctrl+l", "f", "v", "v")
        await pilot.pause()
        assert any("Ports: changed" in row for row in page_rows(app))
        await app.screen.run_action("baseline")
        await pilot.pause()
        assert not isinstance(app.screen, AcceptPortsDialog)


async def test_text_of_a_device_is_shown_as_it_is(tmp_path: Path) -> None:
    room = make_room(tmp_path, site=hostile_site(tmp_path), filled=False)
    room.put(*hostile_samples())
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        await open_switch(app, pilot)
        await pilot.press("f", "f")
        await pilot.pause()
        assert "[@click=app.quit]" in screen_text(app)
        assert "\x1b" not in screen_text(app)
        assert_fits(app)
        assert HOSTILE[:5] in screen_text(app)


async def test_three_thousand_ports_are_drawn_and_narrowed_without_holding_the_screen_up(tmp_path: Path) -> None:
    ports = tuple(
        Interface(n, f"Ethernet{n // 48}/{n % 48}", f"slot {n}", f"room {n}", 6, "up", "up" if n % 3 else "down")
        for n in range(1, 3272)
    )
    room = make_room(tmp_path, site=make_site(tmp_path))
    room.put(network_sample("core-1", NOW, ports))
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        page = await open_switch(app, pilot)
        await pilot.press("f", "f")
        await pilot.pause()
        assert any("Ports: all, 3271 of 3271" in row for row in page_rows(app))
        drawn = page._drawn[1]
        page.show_board(app.board)
        # A second later nothing is drawn anew.
        assert page._drawn[1] is drawn
        await pilot.press("slash", *"room 3271")
        await pilot.pause()
        assert any("Ports: all, 1 of 3271" in row for row in page_rows(app))


def test_rates_are_short_and_unknown_ones_are_a_dash() -> None:
    told = [rate(value) for value in (None, 0.0, 12.4, 1500.0, 94_200_000.0, 999_990_000.0, 1.234e9, 4e11)]
    assert told == ["–", "0", "12", "1.5k", "94.2M", "1G", "1.23G", "400G"]


def test_the_cell_that_was_pointed_at_is_found_in_every_width() -> None:
    ports = Ports(switch_ports(28), PortView())
    for width in (20, 40, 60, 118):
        a_row = in_a_row(width)
        lines = device_page_lines.port_section(ports, Only.ALL, None, width, as_table=False)[2:]
        for n, port in enumerate(fronts(ports)):
            row, place = divmod(n, a_row)
            column = 2 + place + place // 6
            assert "".join(text for text, _role in lines[row])[column] in "▮▯·"
            assert port_at(ports, width, row, column) is port
        assert port_at(ports, width, 0, 8) is None
        assert port_at(ports, width, 0, 1) is None


def test_counts_name_the_round_they_began_at(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    with_baseline(room)
    latest = read_room(room.desk, clock.now()).latest["core-1"]
    assert latest.ports is not None
    words.install("en")
    told = compared_with(replace(latest.ports, baseline=None), room.site.timezone, "b")
    assert told.startswith("no baseline")
