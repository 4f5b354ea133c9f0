"""Power: the hold time with both numbers and the date of the proof, what hangs on a UPS, the standing warning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from dutyroom.model.devices import Load
from dutyroom.model.reading import Kind
from dutyroom.model.runtime import DischargeEnd
from screens.app import DutyroomApp
from screens.ups_page import UpsPage
from tests.recorded_discharges import keep
from tests.ui.room_samples import NOW, ups_sample
from tests.ui.rooms import Room, assert_golden, make_room, make_site, running, screen_text, until

LOADS = (
    Load("his-db-1", "HIS database", ("ups-a", "ups-b"), 1, 450.0, 3, 2, "DBA", "0000-0000", "stop it"),
    Load("pacs", "PACS archive", ("ups-a",), 1, 650.0, 1, 4, "Radiology", "0000-1111"),
    Load("core", "Core switch", ("ups-a", "ups-b"), 2),
    Load("test", "Test host", ("ups-b",)),
)
INSTALLED = date(2024, 5, 1)


def room_of(tmp_path: Path, language: str = "en", reported_s: str = "23400") -> Room:
    """Two UPSes with loads, both answering; UPS A has held for a while in a discharge test in spring."""
    room = make_room(tmp_path, language, site=replace(make_site(tmp_path, language), loads=LOADS))
    room.put(
        ups_sample("ups-a", NOW - timedelta(seconds=3), {"battery.runtime": reported_s}),
        ups_sample("ups-b", NOW - timedelta(seconds=2), {"battery.runtime": "13200", "ups.load": "28"}),
    )
    keep(room.store, "ups-a", NOW - timedelta(days=265), hours=5.0, load=33.0, installed=INSTALLED, test=True,
         signed=True)  # fmt: skip
    return room


async def look(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Power with UPS A chosen."""
    app.selected[Kind.UPS] = "ups-a"
    await pilot.press("3")
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
async def test_the_power_page_shows_both_numbers_and_what_hangs_on_the_ups(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    app = room_of(tmp_path, language).app()
    async with running(app, size) as pilot:
        await look(app, pilot)
        assert_golden(app, f"power-proven-{size[0]}x{size[1]}-{language}")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, UpsPage))
        await pilot.pause()
        assert_golden(app, f"ups-page-proven-{size[0]}x{size[1]}-{language}")


async def test_the_numbers_of_the_page_are_those_of_the_record(tmp_path: Path) -> None:
    app = room_of(tmp_path).app()
    async with running(app, (120, 40)) as pilot:
        await look(app, pilot)
        text = screen_text(app)
        # 5 h x (33 / 31) ^ 1.15 x (1 - 0.2 x 265 / 365) = 4 h 35 m, of six hours.
        assert "proven    4 h 35 m  test of 2026-03-04: 5 h 00 m at load 33 %" in text
        assert "UPS says  6 h 30 m  battery full" in text
        assert "full battery: short by 1 h 24 m" in text
        # Half of the 450 W, and all of the 650.
        assert "HIS database  225 W  fed by 2 of 2  group 3" in text
        assert "875 W in all, 2480 W measured; 1 without watts" in text
        await pilot.press("f2")
        await until(pilot, lambda: "实测" in screen_text(app))
        assert "proven" not in screen_text(app)


async def test_the_board_warns_before_any_outage_and_not_when_it_is_enough(tmp_path: Path) -> None:
    room = room_of(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        assert "full battery: short by 1 h 24 m" in screen_text(app)
        keep(room.store, "ups-a", NOW - timedelta(days=1), hours=7.0, load=33.0, installed=INSTALLED, to=20.0,
             end=DischargeEnd.MAINS)  # fmt: skip
        await until(pilot, lambda: "full battery" not in screen_text(app))
        assert "6 h 30 m of 6 h met" in screen_text(app)


async def test_a_load_that_nothing_feeds_is_told_as_such(tmp_path: Path) -> None:
    room = room_of(tmp_path)
    room.put(ups_sample("ups-a", NOW - timedelta(seconds=1), {"ups.status": "OL OFF"}))
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        await look(app, pilot)
        await until(pilot, lambda: "fed by 0 of 1" in screen_text(app))
        assert "fed by 1 of 2" in screen_text(app)
        assert "bypass, or output off: the battery carries nothing" in screen_text(app)
