"""Signing in, signing a round, help: driven by keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input

from dutyroom.errors import SignInRefused
from dutyroom.model.people import Act
from dutyroom.model.rounds import Round, RoundState
from dutyroom.store import ledger
from screens.dialogs.help import keys_of
from screens.dialogs.sign_round import SignRoundDialog
from screens.dialogs.signin import SignInDialog
from screens.keys import LIST_KEYS, ROOM_KEYS
from screens.widgets.lines import Line, LineView
from tests.ui.room_samples import HOSTILE, NOW
from tests.ui.rooms import (
    NAME,
    PASSWORD,
    PlayedDemo,
    Room,
    assert_fits,
    assert_golden,
    make_room,
    running,
    screen_text,
    until,
)

SIGNED = Round("daily", "0123456789ab", NOW, date(2026, 11, 24), date(2026, 11, 24), RoundState.SIGNED, 43, id=7)


def acts(room: Room) -> list[str]:
    """What the ledger says was done, without the setup."""
    with room.store.read() as session:
        return [line.act for line in ledger.lines(session) if line.act != Act.ADD_OPERATOR]


async def test_name_and_password_sign_in_and_the_ledger_has_the_line(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await pilot.press("i", *NAME, "enter", *PASSWORD)
        assert PASSWORD not in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.operator is not None)
        assert app.operator is not None
        assert app.operator.name == NAME
        assert app.actor is not None
        assert app.actor.terminal
        await pilot.pause()
        assert "Zhang Wei" in screen_text(app)
        assert acts(room) == [Act.SIGN_IN]


async def test_a_wrong_password_is_refused_in_place_and_the_name_stays(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await pilot.press("i", *NAME, "enter", *"not it", "enter")
        await until(pilot, lambda: "wrong" in screen_text(app))
        assert isinstance(app.screen, SignInDialog)
        assert app.screen.query_one("#name", Input).value == NAME
        assert app.screen.query_one("#password", Input).value == ""
        assert app.operator is None
        assert acts(room) == [Act.REFUSE_SIGN_IN]
        assert_fits(app)
        await pilot.press(*PASSWORD, "enter")
        await until(pilot, lambda: app.operator is not None)
        assert acts(room) == [Act.REFUSE_SIGN_IN, Act.SIGN_IN]


async def test_esc_leaves_sign_in_and_nobody_is_signed_in(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await pilot.press("i", "x", "escape")
        await pilot.pause()
        assert not isinstance(app.screen, SignInDialog)
        assert app.operator is None
        assert acts(room) == []


async def test_in_the_demo_one_enter_signs_in(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app(PlayedDemo())
    async with running(app) as pilot:
        await pilot.press("i")
        await pilot.pause()
        assert f"Demo login: {NAME}  {PASSWORD}" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.operator is not None)


async def test_the_sign_in_dialog_is_as_kept(tmp_path: Path, language: str) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app) as pilot:
        await pilot.press("i")
        await pilot.pause()
        assert_golden(app, f"signin-{language}")


def review(count: int) -> list[Line]:
    """Lines to look at before signing."""
    return [(("✗ ", "fault"), (f"Line {n}: leak under the air conditioner", "")) for n in range(count)]


class Signing:
    """Signs with the right password and refuses any other."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.results: list[Round | None] = []

    async def sign(self, password: str, clock_reason: str = "") -> Round:
        """Like duty.rounds.sign_round."""
        self.asked.append(password)
        if password != "right":
            raise SignInRefused("The password is wrong: nothing was signed.")
        return SIGNED

    def dialog(self, lines: Sequence[Line], title: str = "Review and sign") -> SignRoundDialog:
        """The dialog over these lines."""
        return SignRoundDialog(lambda: (title, lines), self.sign)


async def test_a_round_is_signed_with_the_password_and_a_wrong_one_stays_in_the_dialog(tmp_path: Path) -> None:
    app, signing = make_room(tmp_path).app(), Signing()
    async with running(app) as pilot:
        app.push_screen(signing.dialog(review(3)), signing.results.append)
        await pilot.pause()
        await pilot.press("enter", *"wrong", "enter")
        await until(pilot, lambda: "nothing was signed" in screen_text(app))
        assert signing.results == []
        await pilot.press(*"right", "enter")
        await until(pilot, lambda: bool(signing.results))
        assert signing.results == [SIGNED]
        assert signing.asked == ["wrong", "right"]


async def test_esc_goes_back_to_the_round_unsigned(tmp_path: Path) -> None:
    app, signing = make_room(tmp_path).app(), Signing()
    async with running(app) as pilot:
        app.push_screen(signing.dialog(review(3)), signing.results.append)
        await pilot.pause()
        await pilot.press("x", "escape")
        await until(pilot, lambda: bool(signing.results))
        assert signing.results == [None]
        assert signing.asked == []


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids="{0[0]}x{0[1]}".format)
async def test_a_long_review_scrolls_beside_the_password(tmp_path: Path, size: tuple[int, int]) -> None:
    app, signing = make_room(tmp_path).app(), Signing()
    async with running(app, size) as pilot:
        app.push_screen(signing.dialog(review(60)))
        await pilot.pause()
        assert "Line 0:" in screen_text(app)
        assert "Password" in screen_text(app)
        assert_fits(app)
        await pilot.press("pagedown", "pagedown", "down")
        await pilot.pause()
        assert app.screen.query_one("#review", LineView).scroll_offset.y == 21
        assert "Line 21:" in screen_text(app)


async def test_the_review_is_as_kept(tmp_path: Path, language: str) -> None:
    app, signing = make_room(tmp_path, language).app(), Signing()
    title = "Review and sign" if language == "en" else "复核并签字"
    async with running(app) as pilot:
        app.push_screen(signing.dialog([*review(4), (("– 精密空调 1：不适用", "dim"),)], title))
        await pilot.pause()
        assert_golden(app, f"sign-round-{language}")


async def test_a_hostile_title_and_refusal_are_inert(tmp_path: Path) -> None:
    app, signing = make_room(tmp_path).app(), Signing()
    async with running(app) as pilot:
        dialog = signing.dialog([((HOSTILE, ""),)], HOSTILE)
        app.push_screen(dialog)
        await pilot.pause()
        dialog.refused(HOSTILE)
        await pilot.pause()
        shown = screen_text(app)
        assert shown.count("[@click=app.quit]x[/]") == 3
        assert "\x1b" not in shown
        assert "\x07" not in shown


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids="{0[0]}x{0[1]}".format)
async def test_help_is_as_kept_and_scrolls_to_its_end(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app, size) as pilot:
        await pilot.press("4", "question_mark")
        await pilot.pause()
        await pilot.pause()
        assert_golden(app, f"help-{size[0]}x{size[1]}-{language}")
        assert "ctrl+p" not in screen_text(app)
        await pilot.press(*["pagedown"] * 4)
        await pilot.pause()
        assert_fits(app)
        assert "ctrl+p" in screen_text(app)


async def test_help_knows_every_key_of_the_screen(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await pilot.press("4")
        await pilot.pause()
        told = [text for _keys, text in keys_of(app.screen)]
        for key in (*LIST_KEYS, *ROOM_KEYS):
            assert key.text in told
        assert told[: len(LIST_KEYS)] == [key.text for key in LIST_KEYS]


async def test_help_is_left_by_esc_question_mark_and_q(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()

    def in_front() -> str:
        return type(app.screen).__name__

    async with running(app) as pilot:
        for key in ("escape", "question_mark", "q"):
            await pilot.press("question_mark")
            await pilot.pause()
            assert in_front() == "HelpDialog"
            assert "Is the room all right" in screen_text(app)
            await pilot.press(key)
            await pilot.pause()
            assert in_front() == "BoardScreen"
            assert app.is_running
