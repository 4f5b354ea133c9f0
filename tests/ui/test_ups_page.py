"""The page of one UPS, and the filter over its variables."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from dutyroom.model.devices import Load
from dutyroom.model.people import Actor, Role
from dutyroom.model.reading import Kind, Sample, State
from screens.app import DutyroomApp
from screens.chart import ChartScreen
from screens.ups_page import UpsPage
from screens.widgets.lines import LineView
from tests.ui.histories import fill
from tests.ui.room_samples import HOSTILE, NOW, ups_sample
from tests.ui.rooms import (
    NAME,
    Room,
    assert_fits,
    assert_golden,
    make_room,
    make_site,
    running,
    screen_text,
    sit_down,
    until,
)

SIZES = [(60, 20), (80, 24), (120, 40)]
LOADS = (
    Load("his-db-1", "HIS database", ("ups-a", "ups-b"), 1, 450.0, 3, 2, "DBA", "0000-0000", "stop it"),
    Load("pacs", "PACS archive", ("ups-a",), 1, 650.0, 2, 4),
    Load("test", "Test host", ("ups-b",)),
)


def room_of(tmp_path: Path, language: str = "en", variables: dict[str, str] | None = None) -> Room:
    """A room whose UPS A has a history and loads; with the variables given its newest answer."""
    site = replace(make_site(tmp_path, language), loads=LOADS)
    room = make_room(tmp_path, language, site=site)
    fill(room)
    told = {"battery.runtime": "65535", "ups.timer.shutdown": "-1", "ambient.temperature": "23.4", "ups.firmware": ""}
    room.put(ups_sample("ups-a", NOW - timedelta(seconds=2), told | (variables or {})))
    return room


async def opened(app: DutyroomApp, pilot: Pilot[None], name: str = "ups-a", *, strips: bool = True) -> UpsPage:
    """The page, by enter on the power screen, with its strips read where it has some."""
    app.selected[Kind.UPS] = name
    await pilot.press("3")
    await pilot.pause()
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, UpsPage))
    screen = app.screen
    assert isinstance(screen, UpsPage)
    await until(pilot, lambda: not strips or screen._strips_of == name)
    await pilot.pause()
    return screen


def lines_of(app: DutyroomApp) -> list[str]:
    """Every line of the page as text, those that are scrolled away too."""
    return ["".join(text for text, _role in line) for line in app.screen.query_one("#page", LineView).lines]


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
async def test_the_page_and_its_end_are_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = room_of(tmp_path, language).app()
    async with running(app, size) as pilot:
        await opened(app, pilot)
        assert_golden(app, f"ups-page-{size[0]}x{size[1]}-{language}")
        await pilot.press("end")
        await pilot.pause()
        assert_golden(app, f"ups-page-end-{size[0]}x{size[1]}-{language}")
        await pilot.press("slash", *"bat")
        await pilot.pause()
        assert_golden(app, f"ups-page-filter-{size[0]}x{size[1]}-{language}")


async def test_it_tells_status_in_words_implausible_values_with_why_and_what_hangs_on_it(tmp_path: Path) -> None:
    app = room_of(tmp_path).app()
    async with running(app, (120, 40)) as pilot:
        await opened(app, pilot)
        shown = "\n".join(lines_of(app))
        assert "OL        mains feed it" in shown
        assert "CHRG      the battery is charging" in shown
        (runtime,) = [row for row in lines_of(app) if row.strip().startswith("battery.runtime ")]
        assert "65535" in runtime
        assert "✗ a placeholder of the firmware, no time" in runtime
        assert "= not counting" in shown
        (database,) = [row for row in lines_of(app) if "HIS database" in row]
        # Half of its 450 W; UPS B does not answer.
        assert "225 W  fed by 1 of 2  group 3  DBA 0000-0000  also UPS B second feed, needs 1" in database
        (archive,) = [row for row in lines_of(app) if "PACS archive" in row]
        assert "650 W  fed by 1 of 1  group 2" in archive
        assert "Test host" not in shown
        assert "since 2024-05-01, 2 y 6 m" in shown
        assert "28.7 % – 48.8 %" in shown


async def test_the_filter_shrinks_the_list_with_every_letter_and_esc_takes_it_away(tmp_path: Path) -> None:
    app = room_of(tmp_path).app()
    async with running(app) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("slash", *"BATTERY volt")
        await pilot.pause()
        names = [row.split()[0] for row in lines_of(app) if row.startswith("    ") and "." in row.split()[0]]
        assert names == ["battery.voltage"]
        assert "1 of " in screen_text(app)
        await pilot.press("enter", "pagedown", "4")
        await pilot.pause()
        assert app.current_mode == "network"
        await pilot.press("3", "enter")
        await until(pilot, lambda: isinstance(app.screen, UpsPage))
        await pilot.press("slash", *"zzz")
        await pilot.pause()
        assert "None of them fits the filter." in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, UpsPage)
        screen = app.screen
        assert screen.filter.value == "zzz"
        await pilot.press("escape")
        await pilot.pause()
        assert screen.filter.value == ""
        assert app.screen is screen
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, UpsPage)


async def test_letters_that_are_keys_elsewhere_are_typed_into_the_filter(tmp_path: Path) -> None:
    app = room_of(tmp_path).app()
    async with running(app) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("slash", *"q1gjk", "space", *"２")
        await pilot.pause()
        assert app.screen is screen
        assert screen.filter.value == "q1gjk ２"
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is screen


async def test_a_hundred_and_seventy_one_variables_are_scrolled_through_to_the_last(tmp_path: Path) -> None:
    many = {f"outlet.{n}.current": f"{n / 10}" for n in range(1, 161)}
    app = room_of(tmp_path, variables=many).app()
    async with running(app, (60, 20)) as pilot:
        await opened(app, pilot)
        assert len([row for row in lines_of(app) if "outlet." in row]) >= 160
        await pilot.press("end")
        await pilot.pause()
        assert "ups.timer.shutdown" in screen_text(app)
        assert_fits(app)
        await pilot.press("home")
        await pilot.pause()
        assert "UPS A main feed" in screen_text(app)


async def test_a_lost_ups_is_grey_with_the_age_of_every_variable_and_one_never_asked_shows_none(tmp_path: Path) -> None:
    app = room_of(tmp_path).app()
    async with running(app, (120, 40)) as pilot:
        await opened(app, pilot, "ups-b")
        view = app.screen.query_one("#page", LineView)
        rows = lines_of(app)
        start = next(n for n, row in enumerate(rows) if row.startswith("All "))
        assert "4 m ago" in rows[start]
        assert {role for line in view.lines[start:] for text, role in line if text.strip()} == {"unknown"}
    (tmp_path / "other").mkdir()
    app = make_room(tmp_path / "other", filled=False).app()
    async with running(app) as pilot:
        await opened(app, pilot, strips=False)
        assert "it has not answered yet" in screen_text(app)


async def test_a_failed_poll_while_the_page_is_open_turns_it_grey(tmp_path: Path) -> None:
    from dutyroom.duty.records import read_room

    room = room_of(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await opened(app, pilot)
        room.put(Sample("ups-a", Kind.UPS, NOW, State.TIMEOUT, "no answer"))
        app.records = read_room(room.desk, NOW)
        app.show_now()
        await pilot.pause()
        assert "last known values" in screen_text(app)


async def test_while_locked_it_is_read_and_nothing_is_typed(tmp_path: Path) -> None:
    app = room_of(tmp_path).app()
    async with running(app) as pilot:
        sit_down(app, Actor(NAME, Role.ADMIN, "test"))
        await pilot.press("ctrl+l")
        screen = await opened(app, pilot)
        await pilot.press("pagedown", "end")
        await pilot.pause()
        assert "ups.timer.shutdown" in screen_text(app)
        assert app.screen is screen
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, ChartScreen) and not app.screen.reading)
        await pilot.press("W", "escape", "escape")
        await pilot.pause()
        assert app.current_mode == "power"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, UpsPage))
        await pilot.press("slash")
        await pilot.pause()
        assert not isinstance(app.screen, UpsPage)  # the lock asks for the password


async def test_hostile_texts_of_a_ups_are_inert(tmp_path: Path) -> None:
    app = room_of(tmp_path, variables={"ups.alarm": HOSTILE, HOSTILE: HOSTILE, "ups.mfr": HOSTILE}).app()
    async with running(app, (120, 40)) as pilot:
        await opened(app, pilot)
        for _n in range(4):
            assert_fits(app)
            shown = screen_text(app)
            assert not any(ord(character) < 32 and character != "\n" for character in shown)
            styles = [segment.style for strip in app.screen._compositor.render_strips() for segment in strip]
            assert not any(style is not None and style.link for style in styles)
            await pilot.press("pagedown")
            await pilot.pause()
