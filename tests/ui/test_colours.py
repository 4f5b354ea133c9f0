"""Every word on every screen can be read in every theme: measured on what is really drawn, not on the palette."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.pilot import Pilot
from textual.theme import Theme

from screens.app import DutyroomApp
from screens.theme import CONTRAST, DARK, LIGHT, TERMINAL
from tests.ui.rooms import PlayedDemo, make_room, running, screen_text, until
from tests.ui.scenes import SCENES
from tests.ui.test_round_screen import room_with_probe
from tests.ui.test_themes import contrast

# Letters, figures, Chinese, and the symbols of the verdicts; frames, bars and scroll bars are no text.
TEXT = re.compile(r"[\w!?✓✗–▸▹·]")
LEAST = 4.5


def drawn(app: DutyroomApp) -> Iterator[Segment]:
    """What stands in the terminal, with its colours after every filter."""
    for strip in app.screen._compositor.render_strips():
        yield from strip


def colours(style: Style) -> tuple[RichColor, RichColor]:
    """Colour of the text and of the ground below it."""
    assert style.color is not None
    assert style.bgcolor is not None
    return (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)


@asynccontextmanager
async def in_theme(folder: Path, scene: str, theme: Theme) -> AsyncIterator[DutyroomApp]:
    """A scene played in a theme; the theme comes first, because an open palette keeps its colours."""
    folder.mkdir()
    app = room_with_probe(folder).app(PlayedDemo(password=""))
    app.theme = theme.name
    async with running(app) as pilot:
        await SCENES[scene](app, pilot)
        await pilot.pause()
        yield app


def ground(app: DutyroomApp) -> set[str]:
    """Every colour that something is drawn on."""
    return {style.bgcolor.name for _text, style, _control in drawn(app) if style is not None and style.bgcolor}


def weak_words(app: DutyroomApp) -> set[tuple[str, str, str, float]]:
    """Words that stand out too little, with their colours and the contrast."""
    weak = set()
    for text, style, _control in drawn(app):
        if style is not None and TEXT.search(text):
            over, ground = (Color.from_rich_color(one) for one in colours(style))
            if contrast(over, ground) < LEAST or style.dim:
                weak.add((text.strip(), over.hex, ground.hex, round(contrast(over, ground), 2)))
    return weak


@pytest.mark.parametrize("scene", SCENES)
async def test_every_word_drawn_stands_out_at_least_4_5_to_1(tmp_path: Path, scene: str) -> None:
    if scene.startswith("palette"):
        for theme in (DARK, LIGHT, CONTRAST):
            async with in_theme(tmp_path / theme.name, scene, theme) as app:
                assert weak_words(app) == set(), theme.name
        return
    async with in_theme(tmp_path / "dark", scene, DARK) as app:
        assert weak_words(app) == set(), DARK.name
        for theme in (LIGHT, CONTRAST):
            before = ground(app)
            app.theme = theme.name
            await until(Pilot(app), lambda before=before: ground(app) != before)  # type: ignore[misc]
            assert weak_words(app) == set(), theme.name


@pytest.mark.parametrize("scene", SCENES)
async def test_the_terminals_own_theme_uses_no_colour_but_the_terminals(tmp_path: Path, scene: str) -> None:
    async with in_theme(tmp_path / "terminal", scene, TERMINAL) as app:
        foreign = set()
        for text, style, _control in drawn(app):
            for colour in (style.color, style.bgcolor) if style is not None else ():
                if colour is not None and colour.type not in (ColorType.DEFAULT, ColorType.STANDARD):
                    foreign.add((text, colour.name))
        assert foreign == set()


async def test_a_toast_can_be_read_in_every_theme(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        for theme in (DARK, LIGHT, CONTRAST):
            app.theme = theme.name
            for severity in ("information", "warning", "error"):
                app.notify("Saved: somewhere", severity=severity, markup=False)
            await until(pilot, lambda: screen_text(app).count("Saved: somewhere") == 3)
            assert weak_words(app) == set(), theme.name
            app.clear_notifications()
            await until(pilot, lambda: "Saved: somewhere" not in screen_text(app))


async def test_without_colours_every_verdict_has_its_symbol_and_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_room(tmp_path).app()
    async with running(app, (120, 40)) as pilot:
        for key, told in {
            "1": (
                "✗ Firewall",
                "no answer for 4 m",
                "! Core switch",
                "? LIS server",
                "not asked yet",
                "✓ Duty computer",
            ),
            "3": ("? UPS B", "! UPS A", "short"),
            "4": ("✗ Firewall", "Why fault", "! Core switch"),
            "5": ("✗ PACS server", "91.0 % over", "? LIS server", "✓ Duty computer"),
        }.items():
            await pilot.press(key)
            await pilot.pause()
            for text in told:
                assert text in screen_text(app), (key, text)
            foreign = {colour for _text, style, _control in drawn(app) for colour in coloured(style)}
            assert foreign == set()


def coloured(style: Style | None) -> list[str]:
    """The colours of a style, but for the terminal's own ground and text."""
    both = (style.color, style.bgcolor) if style is not None else ()
    return [one.name for one in both if one is not None and one.type is not ColorType.DEFAULT]
