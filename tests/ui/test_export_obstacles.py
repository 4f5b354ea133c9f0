"""What stands in the way of a workbook on its page: told in place, in the language in force, with what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from textual.pilot import Pilot
from textual.widgets import Input

from dutyroom import words
from dutyroom.rules.report_period import PeriodKind, holding
from screens.app import DutyroomApp
from screens.dialogs.sign_handover import SignHandoverDialog
from screens.export_choice import Choice, Row, WrongEntry
from tests.ui.rooms import assert_fits, make_room, resized, running, screen_text, sit_down, until
from tests.ui.test_export_screen import ZHANG, ended, exports, opened

FILE = "dutyroom-2026-11.xlsx"


async def type_folder(app: DutyroomApp, pilot: Pilot[None], folder: Path) -> SignHandoverDialog[bool]:
    """Types a folder on the line under the language; gives the dialog."""
    await pilot.press("down", "down", "enter")
    await until(pilot, lambda: isinstance(app.screen, SignHandoverDialog))
    assert isinstance(app.screen, SignHandoverDialog)
    dialog = app.screen
    dialog.query_one("#folder", Input).value = str(folder)
    await pilot.press("enter")
    return dialog


def said(app: DutyroomApp) -> str:
    """The screen as running text: a long path is broken where the line ends."""
    return "".join(screen_text(app).replace("│", "").split())


async def test_a_write_protected_file_is_told_on_every_size_and_in_the_language_one_changes_to(
    tmp_path: Path, language: str
) -> None:
    room = make_room(tmp_path, language)
    folder = tmp_path / "store" / "workbooks"
    folder.mkdir()
    (folder / FILE).write_bytes(b"signed")
    (folder / FILE).chmod(0o444)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await opened(app, pilot)
        await pilot.press("f10")
        await ended(app, pilot)
        for size in ((60, 20), (80, 24), (120, 40)):
            await resized(pilot, *size)
            assert_fits(app)
            for wanted in ("write-protected", "choose another folder above.", "有写保护", "也可在上方另选文件夹。"):
                is_there = wanted.replace(" ", "") in said(app)
                assert is_there is (wanted.isascii() == (words.language() == "en")), (wanted, size)
        await pilot.press("f2")
        other = "有写保护" if language == "en" else "write-protected"
        await until(pilot, lambda: other in said(app))
    assert (folder / FILE).read_bytes() == b"signed"
    assert [one.name for one in folder.iterdir()] == [FILE]
    assert exports(room) == []


async def test_a_folder_is_refused_while_it_is_typed_and_a_new_one_is_told(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await opened(app, pilot)
        dialog = await type_folder(app, pilot, tmp_path / "gone" / "reports")
        await until(pilot, lambda: f"Thereisnofolder{tmp_path}/gone." in said(app))
        assert_fits(app)
        dialog.query_one("#folder", Input).value = str(tmp_path / "reports")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert f"new:{tmp_path}/reports"[:40] in said(app)
    assert not (tmp_path / "reports").exists()


async def test_who_has_the_older_workbook_open_is_told_and_which_one_is_replaced(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    folder = tmp_path / "store" / "workbooks"
    folder.mkdir()
    (folder / FILE).write_bytes(b"old")
    (folder / f".~lock.{FILE}#").write_text(",lina,duty-pc,27.11.2026 15:20,file:///x;")
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await opened(app, pilot)
        await until(pilot, lambda: "replaces the one of 20" in screen_text(app))
        await pilot.press("f10")
        await ended(app, pilot)
        assert "lina(duty-pc)seemstohavetheolder" in said(app)
        assert "Closeittherewithoutsaving." in said(app)
        assert "replaces the one of" not in screen_text(app)
        assert_fits(app)
    assert load_workbook(folder / FILE).sheetnames


@pytest.mark.parametrize("kind", PeriodKind)
def test_going_through_all_kinds_comes_back_to_the_same_period(kind: PeriodKind) -> None:
    choice = Choice(holding(PeriodKind.MONTH, date(2026, 11, 3)), Row.KIND)
    while choice.period.kind is not kind:
        choice.change(1)
    begun = choice.period
    for _number in range(2 * len(PeriodKind)):
        choice.change(-1)
    assert choice.period == begun
    choice.row = Row.WHICH
    choice.change(-1)
    earlier = choice.period
    choice.row = Row.KIND
    for _number in range(len(PeriodKind)):
        choice.change(1)
    assert choice.period == earlier != begun


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-02-31", "2026-03-01", "There is no day 2026-02-31."),
        ("today", "2026-03-01", "Write the days as 2026-10-05."),
        ("1850-01-01", "2026-03-01", "Write the days as 2026-10-05."),
        ("2026-03-02", "2026-03-01", "The last day is before the first."),
        ("2001-01-01", "2026-03-01", "A workbook holds ten years at most."),
    ],
)
def test_days_that_cannot_be_taken_are_told_and_change_nothing(first: str, last: str, sentence: str) -> None:
    choice = Choice(holding(PeriodKind.MONTH, date(2026, 11, 3)))
    before = choice.period
    with pytest.raises(WrongEntry) as caught:
        choice.take_days(first, last)
    assert (str(caught.value), choice.period) == (sentence, before)
