"""Keys that come faster than the screen follows: in every dialog each lands in the field it was meant for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input

from dutyroom.duty import operators
from dutyroom.errors import DutyroomError, RoundRefused
from dutyroom.model.people import Actor, Role
from dutyroom.model.ports import BaselinePort, Expected
from screens import sign_ins
from screens.app import DutyroomApp
from screens.dialogs.accept_ports import AcceptPortsDialog
from screens.dialogs.finding_form import Field, FindingFormDialog
from screens.dialogs.paper_times import PaperTimesDialog
from screens.dialogs.sign_handover import LEAD, PASSWORD, SignHandoverDialog
from screens.dialogs.sign_round import SignRoundDialog
from tests.ui.rooms import NAME, NOW, make_room, running, sit_down, until
from tests.ui.rooms import PASSWORD as SECRET
from tests.ui.test_sign_in_in_haste import all_at_once

ZHANG = Actor(NAME, Role.ADMIN, "test")
OWN = "my own pass 9"


class Asked:
    """Takes what a dialog hands over, and refuses it so that the dialog stays."""

    def __init__(self) -> None:
        self.got: list[tuple[Any, ...]] = []

    async def act(self, *values: Any) -> Any:
        """Keeps the values."""
        self.got.append(values)
        raise DutyroomError("seen")


async def shown(app: DutyroomApp, pilot: Pilot[None], dialog: ModalScreen[Any]) -> None:
    app.push_screen(dialog)
    await until(pilot, lambda: app.screen is dialog and isinstance(app.focused, Input))


def focused_id(app: DutyroomApp) -> str | None:
    return None if app.focused is None else app.focused.id


@pytest.mark.parametrize("between", ["tab", "enter"])
async def test_the_old_password_and_the_new_one_twice_are_three_fields(tmp_path: Path, between: str) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        sign_ins.change_password(app)
        await until(pilot, lambda: app.screen.is_modal and focused_id(app) == "password")
        all_at_once(app, *SECRET, between, *OWN, between, *OWN, "enter")
        await until(pilot, lambda: not app.screen.is_modal)
        assert any(note.message == "Your password is changed." for note in app._notifications)


async def test_the_last_enter_of_the_secrets_goes_back_to_the_first_empty_one(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        sign_ins.change_password(app)
        await until(pilot, lambda: app.screen.is_modal and focused_id(app) == "password")
        second = app.screen.query(Input)[1]
        all_at_once(app, *SECRET, "enter", "enter", *OWN, "enter")
        await until(pilot, lambda: app.focused is second)
        assert [one.value for one in app.screen.query(Input)] == [SECRET, "", OWN]


@pytest.mark.parametrize("between", ["tab", "enter"])
async def test_both_passwords_of_a_handover_stay_hidden(tmp_path: Path, between: str) -> None:
    app, asked = make_room(tmp_path).app(), Asked()
    async with running(app) as pilot:
        await shown(app, pilot, SignHandoverDialog("Hand over", (PASSWORD, *LEAD), asked.act))
        all_at_once(app, *SECRET, between, *"chen", between, *OWN, between, *"both stay", "enter")
        await until(pilot, lambda: bool(asked.got))
        assert asked.got == [(SECRET, "chen", OWN, "both stay")]


async def test_the_last_enter_of_a_handover_goes_back_to_what_is_empty(tmp_path: Path) -> None:
    app, asked = make_room(tmp_path).app(), Asked()
    async with running(app) as pilot:
        await shown(app, pilot, SignHandoverDialog("Hand over", (PASSWORD, *LEAD), asked.act))
        all_at_once(app, *SECRET, "enter", *"chen", "enter", "enter", *"both stay", "enter")
        await until(pilot, lambda: focused_id(app) == "lead-password")
        assert asked.got == []


@pytest.mark.parametrize(("back", "forth"), [("shift+tab", "tab"), ("shift+tab", "enter")])
async def test_the_password_of_a_round_is_not_written_into_the_reason(tmp_path: Path, back: str, forth: str) -> None:
    app = make_room(tmp_path).app()
    got: list[tuple[str, str]] = []

    async def sign(password: str, reason: str) -> Any:
        got.append((password, reason))
        raise RoundRefused("the clock", code="clock" if not reason else "seen")

    async with running(app) as pilot:
        await shown(app, pilot, SignRoundDialog(lambda: ("Round", ()), sign))
        all_at_once(app, *"wrong", "enter")
        await until(pilot, lambda: focused_id(app) == "reason")
        # What stands in a field that is come to is selected: what is typed takes its place.
        all_at_once(app, *"summer", back, *SECRET, forth, *"summer time ends", "enter")
        await until(pilot, lambda: len(got) > 1)
        assert got == [("wrong", ""), (SECRET, "summer time ends")]


async def test_both_times_of_a_round_from_paper(tmp_path: Path) -> None:
    room, asked = make_room(tmp_path), Asked()
    app = room.app()
    async with running(app) as pilot:
        await shown(app, pilot, PaperTimesDialog(lambda: "Round", NOW, room.site.timezone, asked.act))
        all_at_once(app, *"2026-11-22 08:40", "enter", *"2026-11-22 09:05", "enter")
        await until(pilot, lambda: bool(asked.got))
        assert asked.got == [(datetime(2026, 11, 22, 0, 40, tzinfo=UTC), datetime(2026, 11, 22, 1, 5, tzinfo=UTC))]


@pytest.mark.parametrize("between", ["tab", "down"])
async def test_lines_and_choices_of_a_finding(tmp_path: Path, between: str) -> None:
    app = make_room(tmp_path).app()
    got: list[Mapping[str, str]] = []

    async def send(values: Mapping[str, str]) -> Any:
        got.append(values)
        raise DutyroomError("seen")

    words = tuple((code, str) for code in ("minor", "major", "critical"))
    fields = (Field("text", "What"), Field("severity", "Class", options=words), Field("who", "Who"))
    async with running(app) as pilot:
        await shown(app, pilot, FindingFormDialog(lambda: "A finding", fields, send))
        all_at_once(app, *"door open", between, "right", between, *"li", "enter")
        await until(pilot, lambda: bool(got))
        assert got == [{"text": "door open", "severity": "major", "who": "li"}]


@pytest.mark.parametrize("out", ["enter", "escape"])
async def test_the_password_of_a_baseline_is_not_written_into_a_label(tmp_path: Path, out: str) -> None:
    app, asked = make_room(tmp_path).app(), Asked()
    ports = tuple(BaselinePort(n, f"port {n}", "", "", Expected.UP) for n in (1, 2))
    async with running(app) as pilot:
        await shown(app, pilot, AcceptPortsDialog("core-1", ports, asked.act))
        first = ("f5", *"his-db", "enter", "f4", "down")
        all_at_once(app, *first, "f5", *"pacs", out, *SECRET, "enter")
        await until(pilot, lambda: bool(asked.got))
        ((kept, password),) = asked.got
        assert password == SECRET
        assert [(one.label, one.critical) for one in kept] == [("his-db", True), ("pacs" * (out == "enter"), False)]


async def test_another_name_at_the_lock(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    operators.add_operator(room.store, ZHANG, "li", "Li", Role.TECHNICIAN, OWN, NOW)
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await pilot.press("ctrl+l", "x")
        await until(pilot, lambda: app.screen.is_modal and focused_id(app) == "password")
        all_at_once(app, "shift+tab", *"li", "enter", *OWN, "enter")
        await until(pilot, lambda: app.actor is not None and app.actor.name == "li")
