"""The zero report by keyboard: previewed, signed with one key and the password, amended, and ready to be sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from dutyroom import clock
from dutyroom.duty.zero_reports import page_of
from dutyroom.model.events import Event
from dutyroom.model.people import Act, Actor, Role
from dutyroom.model.zero_report import ZeroState
from dutyroom.store import events, ledger
from screens.app import DutyroomApp
from screens.dialogs.sign_handover import SignHandoverDialog
from screens.zero_report import ZeroReportScreen
from tests.ui.rooms import (
    NAME,
    PASSWORD,
    Room,
    assert_fits,
    assert_golden,
    make_room,
    running,
    screen_text,
    sit_down,
    until,
)

ZHANG = Actor(NAME, Role.ADMIN, "test")
DAY = date(2026, 11, 24)
ENDS = datetime(2026, 11, 24, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


async def opened(app: DutyroomApp, pilot: Pilot[None]) -> ZeroReportScreen:
    await pilot.press("z")
    await until(pilot, lambda: isinstance(app.screen, ZeroReportScreen) and app.screen.page is not None)
    assert isinstance(app.screen, ZeroReportScreen)
    await pilot.pause()
    return app.screen


async def typed(app: DutyroomApp, pilot: Pilot[None], **fields: str) -> None:
    """Fills the dialog in and signs from its last field."""
    await until(pilot, lambda: isinstance(app.screen, SignHandoverDialog))
    await pilot.pause()
    for name, text in fields.items():
        app.screen.query_one(f"#{name}", Input).value = text
    last = list(app.screen.query(Input))[-1]
    last.focus()
    await pilot.press("enter")
    await pilot.pause()


def report(room: Room) -> list[ZeroState]:
    return [one.state for one in page_of(room.desk, DAY, clock.now()).day.versions]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
async def test_the_preview_is_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app, size) as pilot:
        await opened(app, pilot)
        assert_golden(app, f"zero-report-{size[0]}x{size[1]}-{language}")


async def test_before_the_last_hour_it_cannot_be_signed_and_says_from_when(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        await pilot.press("f10")
        await pilot.pause()
        assert app.screen is screen
        assert "14:00" in screen_text(app)


async def test_one_key_and_the_password_sign_it_and_the_page_says_what_to_send(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room(tmp_path, language)
    app = room.app()
    at(monkeypatch, ENDS - MINUTE)
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        await pilot.press("s")
        await typed(app, pilot, password="wrong")
        await until(pilot, lambda: app.screen.query_one("#refusal", Static).has_class("refused"))
        assert report(room) == []
        await typed(app, pilot, password=PASSWORD, remark="quiet day")
        await until(pilot, lambda: len(screen.files) == 2)
        app.clear_notifications()
        await pilot.pause()
        assert report(room) == [ZeroState.ZERO]
        # Where the files are does not belong to what is kept.
        shown = screen_text(app)
        assert f"zero-report-{DAY}.txt" in shown.replace("│\n│  ", "").replace("\n", "")
        assert "quiet day" in screen.files[0].read_text("utf-8")
        assert ("无事项" if language == "zh_CN" else "Nothing to report") in screen.files[0].read_text("utf-8")
        assert_fits(app)
        with room.store.read() as session:
            acts = [(line.act, line.subject) for line in ledger.lines(session)[-3:]]
        assert [act for act, _subject in acts] == [Act.SIGN_ZERO_REPORT, Act.EXPORT, Act.EXPORT]
        await pilot.press("escape")
        await until(pilot, lambda: "14:59" in screen_text(app))


async def test_what_became_known_later_is_told_and_amended_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room(tmp_path)
    app = room.app()
    at(monkeypatch, ENDS - 20 * MINUTE)
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        await pilot.press("a")
        await pilot.pause()
        assert app.screen is screen
        await pilot.press("f10")
        await typed(app, pilot, password=PASSWORD)
        await until(pilot, lambda: len(screen.files) == 2)
        with room.store.write() as session:
            events.add(session, [Event(ENDS - 5 * MINUTE, "ups-a", "on-battery")])
        at(monkeypatch, ENDS + 5 * MINUTE)
        await until(pilot, lambda: screen.page is not None and len(screen.page.unreported) == 1)
        await until(pilot, lambda: "a amends the report" in screen_text(app))
        await pilot.press("a")
        await typed(app, pilot, why="mains failed at 14:55", password=PASSWORD)
        await until(pilot, lambda: [path.name for path in screen.files] == [
            f"zero-report-{DAY}-v2.txt", f"zero-report-{DAY}-v2.xlsx"])  # fmt: skip
        assert report(room) == [ZeroState.ZERO, ZeroState.EVENTS]
        assert "mains failed at 14:55" in screen.files[0].read_text("utf-8")


async def test_days_without_a_report_are_named_and_one_key_away_also_on_the_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room(tmp_path)
    app = room.app()
    at(monkeypatch, ENDS + timedelta(days=2, hours=1))
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        assert "Zero reports missing: 3 (11-26" in screen_text(app)
        screen = await opened(app, pilot)
        assert (screen.day, screen.page is not None) == (DAY + timedelta(days=3), True)
        assert "11-26, 11-25, 11-24" in screen_text(app)
        for day in (26, 25, 24, 26):
            await pilot.press("m")
            await until(pilot, lambda: screen.page is not None)
            assert screen.day == date(2026, 11, day)
        await pilot.press("f10")
        await typed(app, pilot, password=PASSWORD)
        await until(pilot, lambda: len(screen.files) == 2)
        await pilot.pause()
        assert "nothing to report, late" in screen_text(app)
        await pilot.press("right", "right", "right")
        await until(pilot, lambda: screen.page is not None)
        assert screen.day == date(2026, 11, 27)


async def test_who_only_reads_may_look_and_not_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = make_room(tmp_path)
    app = room.app()
    at(monkeypatch, ENDS)
    async with running(app) as pilot:
        sit_down(app, Actor("eve", Role.AUDITOR, "test"))
        screen = await opened(app, pilot)
        await pilot.press("f10")
        await pilot.pause()
        assert app.screen is screen
        assert "may not do this" in screen_text(app)


async def test_while_locked_it_is_read_and_nothing_is_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = make_room(tmp_path)
    app = room.app()
    at(monkeypatch, ENDS)
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        await pilot.press("ctrl+l")
        await pilot.pause()
        await pilot.press("down", "pagedown")
        await pilot.pause()
        assert app.screen is screen
        await app.run_action("sign", screen)
        await pilot.pause()
        assert app.screen is screen
        assert report(room) == []
