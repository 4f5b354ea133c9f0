"""Every status colour can be read on every background it stands on."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from screens.theme import THEMES


def luminance(color: Color) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    parts = [channel / 255 for channel in color.rgb]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Color, other: Color) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [theme for theme in THEMES if not theme.ansi], ids=lambda theme: theme.name)
def test_status_colours_stand_out_at_least_4_5_to_1(theme: Theme) -> None:
    colours = [theme.success, theme.warning, theme.error, theme.accent, theme.foreground, theme.variables["unknown"]]
    for ground in (theme.background, theme.panel):
        for colour in colours:
            assert colour is not None
            assert ground is not None
            assert contrast(Color.parse(colour), Color.parse(ground)) >= 4.5, (colour, ground)
