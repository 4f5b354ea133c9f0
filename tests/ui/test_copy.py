"""`y` copies the row somebody stands on as plain text, and the screen says what was copied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from screens.fill import FillScreen
from tests.ui.room_samples import HOSTILE
from tests.ui.rooms import hostile_site, make_room, make_site, running, until
from tests.ui.scenes import begin, records
from tests.ui.test_round_screen import room_with_probe


async def test_a_device_is_copied_with_its_reason_and_next_step(tmp_path: Path, language: str) -> None:
    app = make_room(tmp_path, language).app()
    async with running(app) as pilot:
        await pilot.press("5", "y")
        await until(pilot, lambda: bool(app.clipboard))
        label, verdict, reason, step, at = app.clipboard.split(" | ")
        assert label == ("PACS server (pacs-1)" if language == "en" else "PACS 影像服务器 (pacs-1)")
        assert verdict.startswith("✗ ")
        assert reason.startswith("/data 91.0 %")
        assert step.startswith("→ ")
        assert at.startswith("2026-11-24 08:41")
        told = [note.message for note in app._notifications]
        assert any("PACS" in one for one in told)


async def test_in_a_round_y_copies_and_types_nothing(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("space")
        await until(pilot, lambda: not screen.state.saving)
        await pilot.press("up", "y")
        await until(pilot, lambda: bool(app.clipboard))
        assert "Daily round 2026-11-24 | " in app.clipboard
        assert ": Normal ✓" in app.clipboard
        assert screen.state.typed == ""
        assert not screen.note.asking


async def test_in_a_note_y_is_a_letter(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("slash", "y", "e", "s")
        await pilot.pause()
        assert screen.note.value == "yes"
        assert app.clipboard == ""


async def test_a_round_that_is_only_read_and_a_record_can_be_copied(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        await records(app, pilot)
        await pilot.press("y")
        await until(pilot, lambda: "open" in app.clipboard)
        assert app.clipboard.startswith("2026-11-24 08:30 | Daily round | open | Zhang Wei")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        await pilot.pause()
        await pilot.press("y")
        await until(pilot, lambda: app.clipboard.startswith("Daily round 2026-11-24"))


@pytest.mark.parametrize("key", ["3", "4", "5"])
async def test_what_is_copied_is_inert(tmp_path: Path, key: str) -> None:
    app = make_room(tmp_path, site=hostile_site(tmp_path)).app()
    assert "\x1b" in HOSTILE
    async with running(app) as pilot:
        await pilot.press(key, "y")
        await until(pilot, lambda: bool(app.clipboard))
        assert all(character.isprintable() for character in app.clipboard)


async def test_the_key_is_remapped_on_every_page_at_once(tmp_path: Path) -> None:
    app = make_room(tmp_path, site=replace(make_site(tmp_path), keys=(("copy", "f9"),))).app()
    async with running(app) as pilot:
        await pilot.press("4", "y")
        await pilot.pause()
        assert app.clipboard == ""
        await pilot.press("f9")
        await until(pilot, lambda: "Firewall" in app.clipboard)
        await begin(app, pilot)
        await pilot.press("f9")
        await until(pilot, lambda: "Daily round" in app.clipboard)
