"""`?`: where somebody is, what its marks mean, which keys work now; and the next step for every reason."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from dutyroom import next_steps, reason_words, show, words
from dutyroom.model.reading import Reason, State, Verdict
from dutyroom.rules import severity, ups_severity
from screens.dialogs.help import keys_of, marks_of, question_of
from screens.fill import FillScreen
from tests.ui.rooms import assert_fits, make_room, make_site, running, screen_text, until
from tests.ui.scenes import begin

MODES = {"1": "BoardScreen", "3": "PowerScreen", "4": "NetworkScreen", "5": "ServersScreen"}


def codes_given() -> set[str]:
    """Every reason code the rules can give: the texts in their `Reason(...)` calls and their table of UPS words."""
    trees = [ast.parse(Path(module.__file__ or "").read_text("utf-8")) for module in (severity, ups_severity)]
    calls = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason"
    ]
    firsts = [call.args[0] for call in calls]
    written = {str(first.value) for first in firsts if isinstance(first, ast.Constant)}
    return written | {code for _verdict, code in ups_severity._WORDS.values()}


def test_every_reason_and_every_state_has_a_next_step_in_both_languages() -> None:
    codes = codes_given() | set(reason_words.REASONS)
    assert len(codes) > 20
    for code in sorted({*codes, *(state.value for state in State)}):
        told = set()
        for language in words.LANGUAGES:
            with words.speaking(language):
                step = next_steps.next_step(Reason(code, "status"))
                assert step.endswith((".", "。")), code
                told.add(step)
        assert len(told) == 2, code


def test_a_reason_nobody_knows_has_no_step_and_a_step_is_told_once() -> None:
    assert next_steps.next_step(Reason("of-tomorrow", "state")) == ""
    ports = [Reason("port-changed", "port", f"Gi0/0/{n}", "up") for n in range(3)]
    assert len(next_steps.next_steps(ports)) == 1


def test_a_full_volume_has_another_step_than_a_busy_processor() -> None:
    volume = next_steps.next_step(Reason("over-limit", "volume /data", 91.0, 90))
    assert volume.startswith("Make room")
    assert volume != next_steps.next_step(Reason("over-limit", "cpu_percent", 97.0, 95))


@pytest.mark.parametrize("key", ["3", "4", "5"])
async def test_the_device_pages_say_what_to_do(tmp_path: Path, language: str, key: str) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app) as pilot:
        await pilot.press(key)
        await pilot.pause()
        await pilot.pause()
        board = app.board
        assert board is not None
        kind = app.screen.KIND  # type: ignore[attr-defined]
        chosen = next(view for view in board.of_kind(kind) if view.name == app.selected[kind])
        assert chosen.verdict is not Verdict.OK
        step = next_steps.next_step(chosen.reasons[0])
        assert f"→ {step[:12]}" in screen_text(app)
        assert_fits(app)


async def test_help_says_the_question_and_the_marks_of_the_page(tmp_path: Path, language: str) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app) as pilot:
        for key, name in MODES.items():
            await pilot.press(key)
            await pilot.pause()
            screen = app.screen
            assert type(screen).__name__ == name
            assert question_of(screen).endswith(("?", "？"))
            marks = [mark for mark, _text in marks_of(screen)]
            assert len(set(marks)) == len(marks)
            await pilot.press("f1")
            await pilot.pause()
            await pilot.pause()
            shown = screen_text(app)
            assert question_of(screen) in shown
            assert f"✗ {show.verdict(Verdict.FAULT)}" in shown
            await pilot.press("escape")
            await pilot.pause()


async def test_help_shows_only_what_works_now(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        told = dict(keys_of(app.screen))
        assert {"normal", "abnormal", "review, sign"} <= set(told.values())
        reading = FillScreen(app.opened, screen.state.walk, None)  # type: ignore[arg-type]
        await app.push_screen(reading)
        await pilot.pause()
        told = dict(keys_of(app.screen))
        assert "review, sign" not in told.values()
        assert "Next line" in told.values()


async def test_help_names_the_twin_of_every_key(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await begin(app, pilot)
        told = {text: keys for keys, text in keys_of(app.screen)}
        assert told["normal"] == "space o"
        assert told["review, sign"] == "F10 s"
        assert told["Help"] == "? F1"


async def test_help_and_footer_show_the_keys_of_the_site_file(tmp_path: Path) -> None:
    site = replace(make_site(tmp_path), keys=(("list.down", "n"), ("help", "f8")))
    app = make_room(tmp_path, site=site).app()
    async with running(app) as pilot:
        await pilot.press("4")
        await pilot.pause()
        told = {text: keys for keys, text in keys_of(app.screen)}
        assert told["Next device"] == "n"
        assert told["Help"] == "F8"
        assert "F8 Help" in screen_text(app)
        await pilot.press("f8")
        await until(pilot, lambda: type(app.screen).__name__ == "HelpDialog")
