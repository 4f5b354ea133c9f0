"""Key 2: which rounds are owed, and what became of the last ones; every one of them opens from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from dutyroom.model.rounds import Mark, Round, RoundState
from dutyroom.store import rounds as rows
from screens.app import DutyroomApp
from screens.fill import FillScreen
from screens.round_list import RoundListScreen
from tests.ui.room_samples import NOW
from tests.ui.rooms import NAME, PASSWORD, Room, assert_fits, assert_golden, make_room, running, screen_text, until
from tests.ui.scenes import begin

TYPED_PASSWORD = [key if key != "-" else "minus" for key in PASSWORD]


def keep_the_last_days(room: Room) -> None:
    """A round signed late, one that was missed and one with two answers not normal."""
    with room.store.write() as session:
        for days, state, marks, abnormal in (
            (3, RoundState.SIGNED, (), 2),
            (2, RoundState.MISSED, (), 0),
            (1, RoundState.SIGNED, (Mark.LATE,), 0),
        ):
            due = datetime.combine(NOW.date() - timedelta(days=days), time(0, 30), NOW.tzinfo)
            walked = state is RoundState.SIGNED
            day, version = date(2026, 11, NOW.day - days), room.desk.checklist.version
            kept = rows.add(session, Round("daily", version, due, day, day, RoundState.OPEN, 43))
            rows.update(
                session,
                replace(
                    kept,
                    state=state,
                    marks=marks,
                    abnormal=abnormal,
                    started_at=due if walked else None,
                    started_by=NAME if walked else None,
                    signed_at=due + timedelta(hours=3) if walked else None,
                    signed_by=NAME if walked else None,
                    closed_at=None if walked else due + timedelta(hours=23),
                ),
            )


async def open_list(app: DutyroomApp, pilot: Pilot[None], rounds: int) -> RoundListScreen:
    """The list with so many rows."""
    await pilot.press("2")
    await until(pilot, lambda: isinstance(app.screen, RoundListScreen) and len(app.screen.slots()) == rounds)
    await pilot.pause()
    assert isinstance(app.screen, RoundListScreen)
    return app.screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)], ids="{0[0]}x{0[1]}".format)
async def test_the_list_is_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    room = make_room(tmp_path, language)
    keep_the_last_days(room)
    app = room.app()
    async with running(app, size) as pilot:
        await open_list(app, pilot, 4)
        name = f"{size[0]}x{size[1]}-{language}"
        assert_golden(app, f"round-list-{name}")
        await pilot.press("down", "down")
        await pilot.pause()
        assert_golden(app, f"round-list-missed-{name}")


async def test_enter_starts_the_round_that_is_owed_and_escape_comes_back_to_the_list(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await open_list(app, pilot, 1)
        assert "enter starts it" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: type(app.screen).__name__ == "SignInDialog")
        await pilot.press(*NAME, "enter", *TYPED_PASSWORD, "enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        await pilot.press("space", "escape")
        await until(pilot, lambda: app.screen is screen and f"1/{app.board.duty.lines}" in screen_text(app))  # type: ignore[union-attr]
        assert "enter goes on with it" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        assert isinstance(app.screen, FillScreen)
        assert app.screen.state.walk.round.id == 1
        assert len(app.screen.state.walk.open_lines()) == len(app.screen.state.walk.lines) - 1


async def test_a_signed_round_opens_to_be_read_by_anybody(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_the_last_days(room)
    app = room.app()
    async with running(app) as pilot:
        await open_list(app, pilot, 4)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        assert isinstance(app.screen, FillScreen)
        assert app.screen.acts is None
        assert app.screen.state.walk.round.marks == (Mark.LATE,)


async def test_a_round_signed_elsewhere_moves_down_and_the_cursor_stays_on_its_round(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_the_last_days(room)
    app = room.app()
    async with running(app) as pilot:
        screen = await open_list(app, pilot, 4)
        await pilot.press("down", "down")
        stands = screen.at
        await begin(app, pilot)
        await pilot.press("escape")
        with room.store.write() as session:
            begun = rows.by_slot(session, "daily", screen.owed[0].due_at)
            assert begun is not None
            rows.update(session, replace(begun, state=RoundState.SIGNED, signed_at=NOW, signed_by=NAME))
        # What is owed then is the round of tomorrow.
        await until(
            pilot,
            lambda: (
                len(screen.over) == 4
                and screen.owed[0].owed is not None
                and screen.owed[0].owed.due_on == begun.due_on + timedelta(days=1)
            ),
        )
        await until(pilot, lambda: "Nothing is owed now" in screen_text(app) and "To come" in screen_text(app))
        assert screen.at == stands
        assert_fits(app)


async def test_a_click_chooses_a_round_and_a_second_one_opens_it(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_the_last_days(room)
    app = room.app()
    async with running(app) as pilot:
        screen = await open_list(app, pilot, 4)
        row = next(y for y, text in enumerate(screen_text(app).splitlines()) if "missed" in text)
        await pilot.click(offset=(10, row))
        assert screen.here() is not None
        assert screen.at == screen.over[1].key
        await pilot.click(offset=(10, row))
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
