"""A discharge test by keyboard: confirmed, started, watched with a bell when it is to be stopped, and signed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from dutyroom import clock
from dutyroom.duty.discharge_tests import listed
from dutyroom.model.facts import Line
from dutyroom.model.people import Actor, Role
from dutyroom.model.reading import Sample
from dutyroom.model.runtime import TestState
from dutyroom.store import events
from dutyroom.watch.discharge_tests import TestKeeper
from screens.app import DutyroomApp
from screens.dialogs.sign_handover import SignHandoverDialog
from screens.discharge_test import DischargeTestScreen
from screens.ups_page import UpsPage
from tests.desks import ups_sample
from tests.ui.rooms import NAME, NOW, PASSWORD, Room, assert_fits, make_room, running, screen_text, sit_down, until

ZHANG = Actor(NAME, Role.ADMIN, "test")


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds since NOW, to be moved on."""
    passed = [0.0]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=passed[0]))
    return passed


def watch(room: Room, *samples: Sample) -> None:
    """What the watch does with these samples."""
    room.put(*samples)
    with room.store.write() as session:
        events.add(session, TestKeeper(room.site).take(session, samples))


def on_battery(later_s: float, charge: float) -> Sample:
    at, line = NOW + timedelta(seconds=later_s), Line.BATTERY
    return ups_sample("ups-a", at, status=("OB", "DISCHRG"), line=line, charge_percent=charge, runtime_s=3000.0)


async def opened(app: DutyroomApp, pilot: Pilot[None]) -> DischargeTestScreen:
    """The tests of UPS A, from its page."""
    await pilot.press("3", "enter")
    await until(pilot, lambda: isinstance(app.screen, UpsPage))
    await pilot.press("t")
    await until(pilot, lambda: isinstance(app.screen, DischargeTestScreen) and app.screen.page is not None)
    await pilot.pause()
    assert isinstance(app.screen, DischargeTestScreen)
    return app.screen


async def typed(app: DutyroomApp, pilot: Pilot[None], **fields: str) -> None:
    """Fills the dialog in and goes on from its last field."""
    await until(pilot, lambda: isinstance(app.screen, SignHandoverDialog))
    await pilot.pause()
    for name, text in fields.items():
        app.screen.query_one(f"#{name}", Input).value = text
    list(app.screen.query(Input))[-1].focus()
    await pilot.press("enter")
    await pilot.pause()


def full_room(folder: Path, language: str = "en") -> Room:
    """A room whose UPSes are full and on mains."""
    room = make_room(folder, language)
    room.put(ups_sample("ups-a", NOW), ups_sample("ups-b", NOW))
    return room


async def test_a_test_is_confirmed_started_watched_and_signed(
    tmp_path: Path, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = full_room(tmp_path)
    app = room.app()
    rung: list[float] = []
    monkeypatch.setattr(DutyroomApp, "bell", lambda _app: rung.append(seconds[0]))
    async with running(app, (120, 40)) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        assert "? The time is agreed" in screen_text(app)
        await pilot.press("f10")
        await pilot.pause()
        assert not isinstance(app.screen, SignHandoverDialog)
        await pilot.press("space", "space", "space", "f10")
        await typed(app, pilot, charge="5", after="")
        await until(pilot, lambda: "from 10 to 95" in str(app.screen.query_one("#refusal", Static).content))
        await typed(app, pilot, charge="40", after="2h")
        await until(pilot, lambda: "waiting for the first reading" in screen_text(app))
        seconds[0] = 300.0
        watch(room, *(on_battery(10.0 * n, 100.0 - n) for n in range(31)))
        await until(pilot, lambda: "held 5 m" in screen_text(app))
        assert "at 40 % or after 2 h 00 m" in screen_text(app)
        assert rung == []
        seconds[0] = 340.0
        watch(room, *(on_battery(300 + 10.0 * n, 70.0 - 10 * n) for n in range(1, 5)))
        await until(pilot, lambda: "Stop now: switch the UPS back to mains" in screen_text(app))
        assert screen.has_class("stop")
        assert rung == [340.0]
        assert_fits(app)
        seconds[0] = 345.0
        watch(room, ups_sample("ups-a", NOW + timedelta(seconds=345), charge_percent=31.0))
        await until(pilot, lambda: "F10 signs the result" in screen_text(app))
        await pilot.press("f10")
        await typed(app, pilot, note="well", password=PASSWORD)
        await until(pilot, lambda: "5 m held, 100 % → 30 %" in screen_text(app))
    (test,) = listed(room.desk)
    assert (test.state, test.held_s, test.stopped_why, test.note) == (TestState.SIGNED, 340.0, "charge", "well")


async def test_what_the_readings_contradict_is_said_and_nothing_starts(tmp_path: Path, seconds: list[float]) -> None:
    room = full_room(tmp_path)
    room.put(ups_sample("ups-a", NOW + timedelta(seconds=1), charge_percent=80.0))
    seconds[0] = 2.0
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await opened(app, pilot)
        assert "✗ The battery is not full: 80 %" in screen_text(app)
        await pilot.press("space", "space", "space", "f10")
        await pilot.pause()
        assert isinstance(app.screen, DischargeTestScreen)
        await pilot.press("right")
        await until(pilot, lambda: "The battery is full: 100 %" in screen_text(app))
    assert listed(room.desk) == ()


async def test_a_running_test_is_given_up_with_a_reason(tmp_path: Path, seconds: list[float], language: str) -> None:
    room = full_room(tmp_path, language)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        await pilot.press("space", "space", "space", "f10")
        await typed(app, pilot)
        await until(pilot, lambda: screen.page is not None and screen.page.now is not None)
        seconds[0] = 10.0
        watch(room, on_battery(10, 100))
        await until(
            pilot, lambda: screen.page is not None and screen.page.now is not None and screen.page.now.held_s == 0
        )
        assert_fits(app)
        await pilot.press("minus")
        await typed(app, pilot, reason="smoke")
        await until(pilot, lambda: screen.page is not None and screen.page.now is None)
    (test,) = listed(room.desk)
    assert (test.state, test.note) == (TestState.ABANDONED, "smoke")
