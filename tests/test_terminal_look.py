"""What the screens ask of a real terminal: the mouse only where the site wants it, no colour under NO_COLOR."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.terminal import ALTERNATE_SCREEN, Terminal
from tests.test_import_hygiene import SITE
from tests.test_terminal_start import command, environment

MOUSE_ON = b"\x1b[?1000h"
STYLE = re.compile(rb"\x1b\[([\d;]*)m")
# 39 and 49 give the terminal's own colours back.
COLOUR = re.compile(r"^(3[0-8]|4[0-8]|9\d|10\d)$")


def site_of(folder: Path, more: str = "") -> Path:
    """A site file with something more in it."""
    path = folder / "site.toml"
    path.write_text(SITE.format(folder=folder) + more, encoding="utf-8")
    return path


@pytest.mark.parametrize("wanted", [True, False])
def test_the_mouse_is_asked_for_only_where_the_site_wants_it(tmp_path: Path, wanted: bool) -> None:
    site = site_of(tmp_path, f"[screen]\nmouse = {str(wanted).lower()}\n")
    with Terminal(command(site), environment(), tmp_path) as terminal:
        terminal.until("watching")
        assert terminal.leave() == 0
    assert (MOUSE_ON in terminal.written) is wanted


def test_no_color_sends_no_colour_and_keeps_the_words(tmp_path: Path) -> None:
    with Terminal(command(site_of(tmp_path)), {**environment(), "NO_COLOR": "1"}, tmp_path) as terminal:
        terminal.until("watching ✓")
        drawn = terminal.written.partition(ALTERNATE_SCREEN)[2]
        assert terminal.leave() == 0
    codes = {code for style in STYLE.findall(drawn) for code in style.decode().split(";")}
    assert {code for code in codes if COLOUR.match(code)} == set()


def test_the_sites_theme_and_language_are_those_of_the_first_frame(tmp_path: Path) -> None:
    site = site_of(tmp_path, '[screen]\ntheme = "light"\n')
    site.write_text(site.read_text("utf-8").replace('language = "en"', 'language = "zh-CN"'), "utf-8")
    with Terminal(command(site), environment(), tmp_path) as terminal:
        terminal.until("监测中")
        assert b"48;2;247;249;250" in terminal.written
        assert terminal.leave() == 0
