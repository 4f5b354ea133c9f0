"""Findings by keyboard: listed by deadline, opened, worked on, verified by somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from dutyroom import words
from dutyroom.duty.finding_lists import history
from dutyroom.model.finding import FindingState, FindingStep, Severity
from dutyroom.model.people import Actor
from dutyroom.rules.session import LockReason
from screens.app import DutyroomApp
from screens.dialogs.finding_acts import FindingActsDialog
from screens.dialogs.finding_form import FindingFormDialog
from screens.finding_page import FindingPage
from screens.findings import FindingsScreen
from tests.ui.found_things import LI, ZHANG, find_some
from tests.ui.rooms import Room, assert_fits, assert_golden, make_room, running, screen_text, sit_down, until


def room_with_findings(folder: Path, language: str = "en") -> Room:
    """The room of the tests with findings in every state."""
    room = make_room(folder, language)
    find_some(room.desk, zh=language == "zh_CN")
    return room


async def listed(app: DutyroomApp, pilot: Pilot[None]) -> FindingsScreen:
    """The list, read."""
    await pilot.press("6")
    await until(pilot, lambda: isinstance(app.screen, FindingsScreen) and bool(app.screen.shown))
    await pilot.pause()
    assert isinstance(app.screen, FindingsScreen)
    return app.screen


async def opened(app: DutyroomApp, pilot: Pilot[None], number: int, actor: Actor) -> FindingPage:
    """The page of a finding, with somebody signed in."""
    sit_down(app, actor)
    await app.run_action(f"app.go_to_finding({number})")
    await until(pilot, lambda: isinstance(app.screen, FindingPage) and app.screen.of is not None)
    await pilot.pause()
    assert isinstance(app.screen, FindingPage)
    return app.screen


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_list_and_a_page_look_like_this(tmp_path: Path, size: tuple[int, int], language: str) -> None:
    words.install(language)
    app = DutyroomApp(room_with_findings(tmp_path, language).open)
    async with running(app, size) as pilot:
        await listed(app, pilot)
        assert_fits(app)
        assert_golden(app, f"findings-{size[0]}x{size[1]}-{language}")
        await opened(app, pilot, 2, ZHANG)
        assert_fits(app)
        assert_golden(app, f"finding-{size[0]}x{size[1]}-{language}")


async def test_what_is_overdue_comes_first_and_what_is_over_only_when_asked_for(tmp_path: Path) -> None:
    app = DutyroomApp(room_with_findings(tmp_path).open)
    async with running(app) as pilot:
        screen = await listed(app, pilot)
        assert [one.id for one in screen.shown] == [1, 2, 6, 3, 4]
        assert "overdue 2 d" in screen_text(app)
        await pilot.press("a")
        await until(pilot, lambda: len(screen.shown) == 6)
        assert screen.shown[-1].state is FindingState.VERIFIED
        await pilot.press("escape")
        await until(pilot, lambda: len(screen.shown) == 5)


async def test_a_filter_and_another_order_keep_the_finding_under_the_cursor(tmp_path: Path) -> None:
    app = DutyroomApp(room_with_findings(tmp_path).open)
    async with running(app) as pilot:
        screen = await listed(app, pilot)
        await pilot.press("down", "o")
        assert [one.id for one in screen.shown] == [6, 4, 3, 2, 1]
        assert screen.shown[screen.at].id == 2
        await pilot.press("slash", *"battery")
        await pilot.pause()
        assert [one.id for one in screen.shown] == [2]
        await pilot.press("escape")
        assert len(screen.shown) == 5
        assert screen.shown[screen.at].id == 2


async def test_who_did_it_cannot_verify_it_and_another_can(tmp_path: Path) -> None:
    room = room_with_findings(tmp_path)
    app = DutyroomApp(room.open)
    async with running(app) as pilot:
        await opened(app, pilot, 4, LI)
        await pilot.press("v", *"looks fine", "enter")
        await until(pilot, lambda: "somebody else must verify it" in screen_text(app))
        await pilot.press("escape")
        sit_down(app, ZHANG)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, FindingFormDialog))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FindingPage))
        assert history(room.desk, 4).finding.state is FindingState.VERIFIED


async def test_every_act_is_reached_with_arrows_and_enter(tmp_path: Path) -> None:
    room = room_with_findings(tmp_path)
    app = DutyroomApp(room.open)
    async with running(app) as pilot:
        await opened(app, pilot, 2, ZHANG)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FindingActsDialog))
        dialog = app.screen
        assert isinstance(dialog, FindingActsDialog)
        steps = [step for step, _words in dialog.steps]
        # It is contained already, and no major event.
        assert FindingStep.CONTAINED not in steps
        assert FindingStep.AUTHORITY not in steps
        await pilot.press(*["down"] * steps.index(FindingStep.SEVERITY), "enter")
        await until(pilot, lambda: isinstance(app.screen, FindingFormDialog))
        await pilot.press("left", "down", *"smoke", "enter")
        await until(pilot, lambda: isinstance(app.screen, FindingPage))
        assert history(room.desk, 2).finding.severity is Severity.MAJOR


async def test_a_known_fault_of_more_than_31_days_is_refused_in_place_and_nothing_typed_is_lost(tmp_path: Path) -> None:
    room = room_with_findings(tmp_path)
    app = DutyroomApp(room.open)
    async with running(app) as pilot:
        await opened(app, pilot, 6, ZHANG)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, FindingFormDialog))
        await pilot.press("down", *"wait for filter", "down", "backspace", "backspace", *"32", "enter")
        await until(pilot, lambda: "at most 31 days" in str(app.screen.query_one("#refusal", Static).content))
        await pilot.press("backspace", *"1", "enter")
        await until(pilot, lambda: isinstance(app.screen, FindingPage))
        found = history(room.desk, 6).finding
        assert found.known_reason == "wait for filter"
        assert found.known_owner == ZHANG.name


async def test_what_somebody_saw_becomes_a_finding_whose_page_opens(tmp_path: Path) -> None:
    room = room_with_findings(tmp_path)
    app = DutyroomApp(room.open)
    async with running(app) as pilot:
        sit_down(app, LI)
        await listed(app, pilot)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, FindingFormDialog))
        await pilot.press("enter")
        assert isinstance(app.screen, FindingFormDialog), "a finding without words was taken"
        await pilot.press(*"door open", "enter")
        await until(pilot, lambda: isinstance(app.screen, FindingPage) and app.screen.number == 7)
        assert history(room.desk, 7).finding.text == "door open"


async def test_behind_the_lock_findings_are_read_and_nothing_is_done(tmp_path: Path) -> None:
    room = room_with_findings(tmp_path)
    app = DutyroomApp(room.open)
    async with running(app) as pilot:
        screen = await listed(app, pilot)
        sit_down(app, ZHANG)
        app.lock(LockReason.KEY)
        await pilot.press("down")
        assert screen.at == 1
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FindingPage))
        before = history(room.desk, 2)
        await pilot.press("t")
        await pilot.pause()
        assert not isinstance(app.screen, FindingFormDialog)
        assert history(room.desk, 2) == before
