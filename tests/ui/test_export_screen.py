"""A workbook made by keys: chosen, looked at before, made by a process of its own, ended, refused."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from textual.pilot import Pilot
from textual.widgets import Input

from dutyroom import clock, words
from dutyroom.model.people import Act, Actor, Role
from dutyroom.store import ledger
from screens.app import DutyroomApp
from screens.dialogs.sign_handover import SignHandoverDialog
from screens.export import ExportScreen
from screens.history import HistoryScreen
from tests.ui.kept_rounds import keep_november
from tests.ui.rooms import (
    NAME,
    Room,
    assert_fits,
    assert_golden,
    make_room,
    resized,
    running,
    screen_text,
    sit_down,
    until,
)
from tests.ui.scenes import SCENES

ZHANG = Actor(NAME, Role.ADMIN, "test")


async def opened(app: DutyroomApp, pilot: Pilot[None]) -> ExportScreen:
    """The export of the month that History shows."""
    await pilot.press("7")
    await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
    await pilot.press("e")
    await until(pilot, lambda: isinstance(app.screen, ExportScreen))
    await pilot.pause()
    assert isinstance(app.screen, ExportScreen)
    return app.screen


async def patiently(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    """Waits for another process, which has the lower priority: on a busy machine it takes its time."""
    end = clock.monotonic() + 90
    while not is_so():
        assert clock.monotonic() < end, "the condition did not come"
        await asyncio.sleep(0.05)
    await pilot.pause()


async def ended(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Waits until nothing is being made."""
    await patiently(pilot, lambda: app.export_job is not None and not app.export_job.is_running)


def exports(room: Room) -> list[str]:
    with room.store.read() as session:
        return [line.subject for line in ledger.lines(session) if line.act == Act.EXPORT]


async def test_the_key_figures_are_seen_before_anything_is_made(tmp_path: Path, language: str) -> None:
    room = make_room(tmp_path, language)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        screen = await opened(app, pilot)
        await patiently(pilot, lambda: screen.preview is not None)
        preview = screen.preview
        assert preview is not None
        told = preview.by_language[language]
        for size in ((80, 24), (120, 40)):
            await resized(pilot, *size)
            assert_fits(app)
            shown = screen_text(app)
            assert told.sentence.split()[0] in shown
            assert all(one.label in shown for one in told.figures[:2])
        assert told.figures
        # In the other language too, without another look at the records.
        other = next(one for one in words.LANGUAGES if one != language)
        await pilot.press("f2")
        await until(pilot, lambda: preview.by_language[other].figures[0].label in screen_text(app))
    assert exports(room) == []


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
async def test_the_page_is_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app, size) as pilot:
        await SCENES["export"](app, pilot)
        assert_golden(app, f"export-{size[0]}x{size[1]}-{language}")


async def test_a_key_on_the_month_makes_its_workbook_in_the_language_chosen(tmp_path: Path, language: str) -> None:
    room = make_room(tmp_path, language)
    keep_november(room.desk)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        other = next(one for one in words.LANGUAGES if one != language)
        await pilot.press("down", "right", "f10")
        job = app.export_job
        assert job is not None
        steps = set()
        while job.is_running:
            if job.step is not None:
                steps.add((job.step.done, job.step.writes))
            await asyncio.sleep(0.01)
        await pilot.pause()
        assert job.sent is not None, job.trouble
        assert len(steps) > 1
        assert_fits(app)
        shown = screen_text(app).replace("│\n│  ", "")
        assert job.sent.sha256[:16] in shown
        assert str(job.sent.line) in shown
        await pilot.press("y")
        assert app.clipboard == str(job.sent.path)
        await pilot.press("escape")
        assert not isinstance(app.screen, ExportScreen)
        assert screen.choice.language == other
    assert job.sent.path == tmp_path / "store" / "workbooks" / "dutyroom-2026-11.xlsx"
    assert [one.name for one in job.sent.path.parent.iterdir()] == [job.sent.path.name]
    assert exports(room) == ["export:period:2026-11"]
    book = load_workbook(job.sent.path)
    assert "封面" in book.sheetnames if other == "zh_CN" else "Cover" in book.sheetnames


async def test_esc_ends_what_is_being_made_and_nothing_is_written(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        await pilot.press("f10")
        assert app.export_job is not None
        assert app.export_job.is_running
        await pilot.press("escape")
        await ended(app, pilot)
        assert app.screen is screen
        assert "nothing was written" in screen_text(app)
        assert_fits(app)
        await pilot.press("escape")
        assert app.screen is not screen
    assert list((tmp_path / "store" / "workbooks").iterdir()) == []
    assert exports(room) == []


async def test_a_process_that_is_killed_is_told_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room(tmp_path)
    folder = tmp_path / "store" / "workbooks"
    folder.mkdir()
    (folder / "dutyroom-2026-11.xlsx").write_text("the old one")
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await opened(app, pilot)
        await pilot.press("f10")
        for child in await children(pilot):
            os.kill(child, 9)
        await ended(app, pilot)
        assert app.export_job is not None
        assert "(signal 9): nothing was written" in app.export_job.trouble
        assert "(signal 9)" in screen_text(app)
    assert [(one.name, one.read_text()) for one in folder.iterdir()] == [("dutyroom-2026-11.xlsx", "the old one")]
    assert exports(room) == []


async def children(pilot: Pilot[None]) -> list[int]:
    """The processes that make a workbook for this one."""
    found: list[int] = []

    def is_there() -> bool:
        told = Path(f"/proc/{os.getpid()}/task").glob("*/children")
        own = [int(one) for each in told for one in each.read_text().split()]
        found[:] = [one for one in own if b"dutyroom.report.maker" in Path(f"/proc/{one}/cmdline").read_bytes()]
        return bool(found)

    await until(pilot, is_there)
    return found


async def test_a_folder_that_cannot_be_written_to_is_told_in_place(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, SignHandoverDialog))
        app.screen.query_one("#folder", Input).value = "reports"
        await pilot.press("enter")
        await until(pilot, lambda: "/mnt/reports" in screen_text(app))
        app.screen.query_one("#folder", Input).value = "/proc/reports"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("f10")
        await ended(app, pilot)
        assert app.export_job is not None
        assert "/proc/reports" in app.export_job.trouble
        assert "/proc/reports" in screen_text(app)
        assert_fits(app)
    assert exports(room) == []


async def test_a_range_is_typed_and_what_is_to_come_is_refused_before_a_process_starts(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        await pilot.press("up", "left", "down", "left")
        assert screen.choice.period.name == "2026-W43"
        await pilot.press("up", "left", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, SignHandoverDialog))
        first, last = app.screen.query_one("#first", Input), app.screen.query_one("#last", Input)
        first.value, last.value = "2027-03-05", "2027-03-01"
        last.focus()
        await pilot.press("enter")
        await until(pilot, lambda: words._("The last day is before the first.") in screen_text(app))
        last.value = "2027-03-09"
        last.focus()
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert screen.choice.period.name == "2027-03-05..2027-03-09"
        await until(pilot, lambda: bool(screen.trouble))
        await pilot.press("f10")
        await ended(app, pilot)
        assert app.export_job is not None
        assert screen.trouble == app.export_job.trouble
        assert "2027-03-05" in screen.trouble
        assert_fits(app)
    assert not (tmp_path / "store" / "workbooks").exists()


async def test_locked_screens_open_no_export_and_begin_none(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        screen = await opened(app, pilot)
        await pilot.press("ctrl+l")
        await pilot.pause()
        await app.screen.run_action("make")
        assert app.export_job is None
        app.session.unlock()
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.press("ctrl+l")
        await app.run_action("app.go_to_export")
        assert not isinstance(app.screen, ExportScreen)


async def test_a_workbook_goes_on_while_another_page_is_open_and_is_told_there(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await opened(app, pilot)
        await pilot.press("f10", "1")
        await pilot.pause()
        assert app.export_job is not None
        assert app.export_job.is_running
        assert app.current_mode == "board"
        await ended(app, pilot)
        assert app.export_job.sent is not None
        assert any("dutyroom-2026-11.xlsx" in one.message for one in app._notifications)
