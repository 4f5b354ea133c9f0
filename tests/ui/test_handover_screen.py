"""The handover by keyboard: filled in, given by one, accepted by another, and the screens are locked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from dutyroom import clock, words
from dutyroom.duty.handover import Draft, accept_handover, give_handover, listed
from dutyroom.duty.operators import add_operator
from dutyroom.duty.roster import import_roster
from dutyroom.model.finding import Severity
from dutyroom.model.handover import HandoverState
from dutyroom.model.people import Actor, Role
from dutyroom.model.roster import ShiftTime
from dutyroom.model.site import Tool
from dutyroom.rules.session import LockReason
from screens.app import DutyroomApp
from screens.dialogs.sign_handover import SignHandoverDialog
from screens.fill import FillScreen
from screens.handover import HandoverScreen
from tests.duty.test_handover import finding
from tests.ui.rooms import (
    NAME,
    NOW,
    PASSWORD,
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

ZHANG = Actor(NAME, Role.ADMIN, "test")
LI = Actor("li", Role.TECHNICIAN, "test")
SHIFTS = (ShiftTime("day", "day", time(8), time(20)), ShiftTime("night", "night", time(20), time(8)))
TOOLS = (Tool("keys of the room", 3), Tool("radio", 2))


def room_of_two(folder: Path, language: str = "en", *, rostered: bool = True) -> Room:
    """The room with two shifts, Li on the night that is over and Zhang on the day that runs."""
    site = replace(make_site(folder, language), shifts=SHIFTS, tools=TOOLS)
    room = make_room(folder, language, site=site)
    add_operator(room.store, ZHANG, "li", "Li Na" if language == "en" else "李娜", Role.TECHNICIAN, PASSWORD, NOW)
    if rostered:
        today, night = NOW.date(), NOW.date() - timedelta(days=1)
        given = {(night, "night"): ("li",), (today, "day"): (NAME,), (today, "night"): ("li",)}
        import_roster(room.desk, ZHANG, given, NOW - timedelta(days=3))
    return room


async def on_the_sheet(app: DutyroomApp, pilot: Pilot[None]) -> HandoverScreen:
    """The page of the handover, read."""
    await pilot.press("h")
    await until(pilot, lambda: isinstance(app.screen, HandoverScreen) and app.screen.prepared is not None)
    await pilot.pause()
    assert isinstance(app.screen, HandoverScreen)
    return app.screen


async def typed(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*("space" if sign == " " else sign for sign in text))


def dialog_says(app: DutyroomApp) -> Callable[[], bool]:
    return lambda: app.screen.query_one("#refusal", Static).has_class("refused")


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.mark.usefixtures("frozen")
async def test_a_shift_changes_hands_by_keyboard_and_the_screens_are_locked(tmp_path: Path) -> None:
    room = room_of_two(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        assert "Shift not handed over yet" in screen_text(app)
        sit_down(app, LI)
        # The round of the new shift waits.
        await pilot.press("enter")
        await until(pilot, lambda: bool(app._notifications))
        assert any("not handed over yet" in note.message for note in app._notifications)
        # What it waits for is opened at once.
        await until(pilot, lambda: isinstance(app.screen, HandoverScreen))
        screen = await on_the_sheet(app, pilot)
        assert "Rounds of the new shift wait" in screen_text(app)
        # Three keys are there, one radio of two; why, in words.
        await pilot.press("space", "enter", "1", "enter", "enter")
        await typed(pilot, "radio in repair")
        await pilot.press("enter", "f10")
        await until(pilot, lambda: isinstance(app.screen, SignHandoverDialog))
        await typed(pilot, "wrong")
        await pilot.press("enter")
        await until(pilot, dialog_says(app))
        assert listed(room.desk) == ()
        await typed(pilot, PASSWORD)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and screen.waiting is not None)
        await pilot.pause()
        assert "Given by Li Na" in screen_text(app)
        assert "radio  1 of 2" in screen_text(app)
        # Zhang takes over at the same terminal.
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, SignHandoverDialog))
        assert app.screen.query_one("#name", Input).value == NAME
        await typed(pilot, PASSWORD)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: app.session.locked is LockReason.HANDOVER)
        assert app.operator is not None
        assert app.operator.name == NAME
        (one,) = listed(room.desk)
        assert (one.state, one.given_by, one.accepted_by) == (HandoverState.ACCEPTED, "li", NAME)
        assert [(count.name, count.counted) for count in one.sheet.counts] == [("keys of the room", 3), ("radio", 1)]
        assert one.sheet.remarks == "radio in repair"
        # Behind the lock nothing is signed; after it the round begins.
        await pilot.press("x")
        await pilot.pause()
        await typed(pilot, PASSWORD)
        await pilot.press("enter")
        await until(pilot, lambda: app.session.locked is None)
        await pilot.press("escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))


@pytest.mark.usefixtures("frozen")
async def test_a_major_finding_asks_for_a_lead(tmp_path: Path) -> None:
    room = room_of_two(tmp_path)
    add_operator(room.store, ZHANG, "chen", "Chen", Role.LEAD, PASSWORD, NOW)
    finding(room.desk, Severity.MAJOR, NOW)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, LI)
        screen = await on_the_sheet(app, pilot)
        assert "Only a lead may let the shift change hands" in " ".join(screen_text(app).split())
        await pilot.press("space", "space", "f10")
        await until(pilot, lambda: isinstance(app.screen, SignHandoverDialog))
        await typed(pilot, PASSWORD)
        await pilot.press("enter")
        await typed(pilot, "chen")
        await pilot.press("enter")
        await typed(pilot, PASSWORD)
        await pilot.press("enter")
        # Without a reason nothing is signed.
        await pilot.press("enter")
        await pilot.pause()
        assert listed(room.desk) == ()
        await typed(pilot, "both stay")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and screen.waiting is not None)
        (one,) = listed(room.desk)
        assert (one.override_by, one.override_reason) == ("chen", "both stay")


@pytest.mark.usefixtures("frozen")
async def test_who_handed_over_is_locked_out_when_it_is_accepted_at_another_terminal(tmp_path: Path) -> None:
    room = room_of_two(tmp_path, rostered=False)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, LI)
        one = give_handover(room.desk, LI, PASSWORD, Draft({"keys of the room": 3, "radio": 2}), NOW)
        accept_handover(room.desk, ZHANG, one.id, PASSWORD, "", NOW)
        await until(pilot, lambda: app.session.locked is LockReason.HANDOVER)
        # Once: what was accepted long ago locks nobody who signs in again.
        app.session.unlock()
        give_handover(room.desk, ZHANG, PASSWORD, Draft({"keys of the room": 3, "radio": 2}), NOW)
        await pilot.pause(0.6)
        assert app.session.locked is None


@pytest.mark.usefixtures("frozen")
async def test_what_was_typed_is_there_again_and_a_new_sheet_replaces_one_nobody_accepted(tmp_path: Path) -> None:
    room = room_of_two(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, LI)
        await on_the_sheet(app, pilot)
        await pilot.press("space", "escape", "4", "h")
        await until(pilot, lambda: isinstance(app.screen, HandoverScreen) and app.screen.prepared is not None)
        assert app.screen.typed.counts == {"keys of the room": 3}  # type: ignore[attr-defined]
        first = give_handover(room.desk, LI, PASSWORD, Draft({"keys of the room": 3, "radio": 2}), NOW)
        await until(pilot, lambda: "Given by Li Na" in screen_text(app))
        await pilot.press("n", "down", "space", "f10")
        await until(pilot, lambda: isinstance(app.screen, SignHandoverDialog))
        await typed(pilot, PASSWORD)
        await pilot.press("enter")
        await until(pilot, lambda: len(listed(room.desk)) == 2)
        await until(pilot, lambda: isinstance(app.screen, HandoverScreen))
        assert listed(room.desk)[1] == first


@pytest.mark.usefixtures("frozen")
async def test_something_that_is_no_number_is_not_taken_and_the_mouse_finds_its_row(tmp_path: Path) -> None:
    app = room_of_two(tmp_path).app()
    async with running(app, (60, 20)) as pilot:
        sit_down(app, LI)
        screen = await on_the_sheet(app, pilot)
        await pilot.press("enter", "x", "enter")
        await pilot.pause()
        assert screen.told.display
        assert screen.typed.counts == {}
        await pilot.press("escape")
        assert app.screen is screen
        rows = screen_text(app).splitlines()
        y = next(y for y, row in enumerate(rows) if "radio" in row)
        await pilot.click(offset=(6, y))
        await pilot.pause()
        assert screen.at == 1
        await pilot.click(offset=(6, y))
        await pilot.pause()
        assert screen.told.display
        assert_fits(app)


@pytest.mark.usefixtures("frozen")
async def test_nobody_signed_in_signs_in_first(tmp_path: Path) -> None:
    app = room_of_two(tmp_path).app()
    async with running(app) as pilot:
        await on_the_sheet(app, pilot)
        await pilot.press("space", "space", "f10")
        await pilot.pause()
        assert type(app.screen).__name__ == "SignInDialog"


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.usefixtures("frozen")
async def test_the_sheet_in_both_languages_and_sizes(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    words.install(language)
    room = room_of_two(tmp_path, language)
    finding(room.desk, Severity.CRITICAL, NOW)
    app = room.app()
    async with running(app, size) as pilot:
        sit_down(app, LI)
        await on_the_sheet(app, pilot)
        await pilot.press("space")
        await pilot.pause()
        assert_golden(app, f"handover-{language}-{size[0]}x{size[1]}")


@pytest.mark.usefixtures("frozen")
async def test_the_screens_lock_when_the_shift_ends_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = room_of_two(tmp_path, rostered=False).app()
    async with running(app) as pilot:
        await pilot.press("i")
        await pilot.pause()
        app.screen.query_one("#name", Input).value = NAME
        app.screen.query_one("#password", Input).focus()
        await typed(pilot, PASSWORD)
        await pilot.press("enter")
        await until(pilot, lambda: app.operator is not None)
        ends = app.session.shift_ends_at
        assert ends is not None
        # 20:00 in the room, whenever the duty day ends.
        assert ends.astimezone(app.site.timezone).time() == time(20)
        monkeypatch.setattr(clock, "now", lambda: ends - timedelta(seconds=1))
        app.look_at_clock()
        assert app.session.locked is None
        monkeypatch.setattr(clock, "now", lambda: ends)
        app.look_at_clock()
        assert app.session.locked is LockReason.SHIFT


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.usefixtures("frozen")
async def test_the_board_says_who_is_on_duty_and_what_is_owed(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    words.install(language)
    app = room_of_two(tmp_path, language).app()
    async with running(app, size):
        assert_golden(app, f"board-on-duty-{language}-{size[0]}x{size[1]}")
