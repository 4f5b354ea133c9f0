"""A round that was walked on paper is typed in with the times on the paper."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from dutyroom.model.people import Actor, Role
from dutyroom.model.rounds import Mark, RoundState
from screens.fill import FillScreen
from tests.ui.rooms import NAME, make_room, running, screen_text, sit_down, until
from tests.ui.test_round_list import keep_the_last_days, open_list


async def test_a_missed_round_is_typed_in_from_paper_with_its_times(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    keep_the_last_days(room)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, Actor(NAME, Role.ADMIN, "test"))
        screen = await open_list(app, pilot, 4)
        missed = next(slot for slot in screen.over if slot.round is not None and slot.round.state is RoundState.MISSED)
        screen.at = missed.key
        await pilot.press("plus")
        await until(pilot, lambda: type(app.screen).__name__ == "PaperTimesDialog")
        await pilot.press("end", *["backspace"] * 5, *"25:00", "enter", "enter")
        await until(pilot, lambda: "Write day and time as" in screen_text(app))
        await pilot.press("end", *["backspace"] * 5, *"08:40", "enter", "end", *["backspace"] * 5, *"09:05", "enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        assert isinstance(app.screen, FillScreen)
        walked = app.screen.state.walk.round
        assert walked.marks == (Mark.BACK_FILLED,)
        assert walked.paper_from == datetime(2026, 11, 22, 0, 40, tzinfo=UTC)
        assert walked.paper_to == datetime(2026, 11, 22, 1, 5, tzinfo=UTC)
        assert app.screen.acts is not None
