"""History: the month as a calendar, any round of it, the trend of any item."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from dutyroom.model.people import Actor, Role
from screens.app import DutyroomApp
from screens.dialogs.choose_trend import ChooseTrendDialog
from screens.fill import FillScreen
from screens.history import HistoryScreen
from screens.records import Month, Person, RecordsScreen
from screens.trend import TrendScreen
from tests.ui.kept_rounds import HOT, keep_november
from tests.ui.rooms import NAME, assert_golden, make_room, running, screen_text, sit_down, until


async def look_back(app: DutyroomApp, pilot: Pilot[None]) -> HistoryScreen:
    """The page of this month, read."""
    await pilot.press("7")
    await until(pilot, lambda: isinstance(app.screen, HistoryScreen) and app.screen.found is not None)
    await pilot.pause()
    assert isinstance(app.screen, HistoryScreen)
    return app.screen


async def to_day(screen: HistoryScreen, pilot: Pilot[None], day: int) -> None:
    """The cursor on a day of this month, by the arrows."""
    assert screen.chosen is not None
    await pilot.press(*["left" if screen.chosen.day > day else "right"] * abs(screen.chosen.day - day))
    await pilot.pause()
    assert screen.chosen.day == day


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
async def test_a_month_shows_how_each_round_went(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    room = make_room(tmp_path, language)
    keep_november(room.desk)
    app = room.app()
    async with running(app, size) as pilot:
        screen = await look_back(app, pilot)
        await to_day(screen, pilot, HOT)
        assert_golden(app, f"history-{size[0]}x{size[1]}-{language}")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (5, "signed, late"),
        (8, "missed"),
        (9, "skipped"),
        (10, "signed, back-filled"),
        (HOT, "1 abnormal"),
    ],
)
async def test_a_day_tells_what_became_of_its_round(tmp_path: Path, day: int, told: str) -> None:
    room = make_room(tmp_path)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        screen = await look_back(app, pilot)
        await to_day(screen, pilot, day)
        assert told in screen_text(app)


async def test_enter_opens_the_only_round_of_a_day_to_be_read_and_esc_comes_back(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        screen = await look_back(app, pilot)
        await to_day(screen, pilot, HOT)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        assert isinstance(app.screen, FillScreen)
        assert app.screen.state.walk.round.due_on == date(2026, 11, HOT)
        assert app.screen.acts is None
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.chosen == date(2026, 11, HOT)


async def test_the_filter_keeps_only_rounds_with_what_is_typed_and_esc_takes_it_away(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        screen = await look_back(app, pilot)
        assert "20" in str(screen._calendar.border_title)
        await pilot.press("slash", *"late", "enter")
        await pilot.pause()
        assert str(screen._calendar.border_title).endswith("· 1")
        await pilot.press("escape")
        await pilot.pause()
        assert "20" in str(screen._calendar.border_title)
        await pilot.press("escape")
        await pilot.pause()
        assert type(app.screen).__name__ == "BoardScreen"


async def test_months_before_and_after_are_one_key_away(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        screen = await look_back(app, pilot)
        await pilot.press("pageup")
        await until(pilot, lambda: screen.found is not None)
        assert "October 2026" in screen_text(app)
        assert screen.found == ()
        await pilot.press("pagedown")
        await until(pilot, lambda: bool(screen.found))
        assert "November 2026" in screen_text(app)
        await pilot.press("pageup", "home")
        await until(pilot, lambda: bool(screen.found))
        assert screen.chosen == date(2026, 11, 24)


async def test_the_list_of_the_month_and_the_rounds_of_a_person_are_one_key_away(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        screen = await look_back(app, pilot)
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, RecordsScreen))
        assert subject(app) == Month(2026, 11)
        await pilot.press("escape")
        await to_day(screen, pilot, 12)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, RecordsScreen))
        assert subject(app) == Person("zhang")


def subject(app: DutyroomApp) -> object:
    """Whose rounds the list in front has."""
    assert isinstance(app.screen, RecordsScreen)
    return app.screen.subject


async def open_trend(app: DutyroomApp, pilot: Pilot[None], *typed: str) -> TrendScreen:
    """The trend of what is typed, chosen out of the list."""
    await pilot.press("t")
    await until(pilot, lambda: isinstance(app.screen, ChooseTrendDialog))
    await pilot.press(*typed, "enter")
    await until(pilot, lambda: isinstance(app.screen, TrendScreen) and app.screen.trend is not None)
    await pilot.pause()
    assert isinstance(app.screen, TrendScreen)
    return app.screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
async def test_a_trend_shows_the_answers_with_their_limits(
    tmp_path: Path, language: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    room = make_room(tmp_path, language)
    keep_november(room.desk)
    app = room.app()
    async with running(app, size) as pilot:
        await look_back(app, pilot)
        await open_trend(app, pilot, *"temp.cold")
        assert_golden(app, f"trend-{size[0]}x{size[1]}-{language}")


async def test_a_trend_goes_over_14_or_90_days_and_half_of_that_back(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        await look_back(app, pilot)
        screen = await open_trend(app, pilot, *"rack")
        assert screen.trend is not None
        assert [point.due_on.day for point in screen.trend.points] == list(range(11, 21))
        await pilot.press("s")
        await until(pilot, lambda: screen.trend is not None and len(screen.trend.points) == 18)
        assert screen.trend.missed == (date(2026, 11, 8), date(2026, 11, 9))
        await pilot.press("s", "left", "left")
        await until(pilot, lambda: screen.trend is not None and screen.trend.until == date(2026, 11, 10))
        await pilot.press("right", "right", "right")
        await until(pilot, lambda: screen.trend is not None and screen.trend.until == date(2026, 11, 24))


async def test_an_answer_of_a_trend_opens_its_round_at_its_line(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        await look_back(app, pilot)
        await open_trend(app, pilot, *"rack")
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        assert isinstance(app.screen, FillScreen)
        assert app.screen.state.walk.round.due_on == date(2026, 11, 19)
        assert app.screen.state.cursor == ("env.temp.cold", "")


async def test_an_item_nobody_answered_says_so(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await look_back(app, pilot)
        await open_trend(app, pilot, *"smell")
        assert "No signed round of these days answers this line." in screen_text(app)


async def test_a_click_chooses_a_day_and_a_second_one_opens_its_round(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        screen = await look_back(app, pilot)
        rows = screen_text(app).split("\n")
        row = next(n for n, line in enumerate(rows) if " 12 ✓!" in line)
        column = rows[row].index(" 12 ✓!") + 2
        await pilot.click(offset=(column, row))
        await pilot.pause()
        assert screen.chosen == date(2026, 11, 12)
        await pilot.click(offset=(column, row))
        await until(pilot, lambda: isinstance(app.screen, FillScreen))


async def test_looking_back_works_while_the_screens_are_locked(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, Actor(NAME, Role.ADMIN, "test"))
        screen = await look_back(app, pilot)
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert app.session.locked is not None
        await screen.run_action("day(-1)")
        assert screen.chosen == date(2026, 11, 23)
