"""dutyroom's own themes. Every status colour stands at least 4.5:1 on its background (a test measures it)."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="dutyroom-dark",
    primary="#5fb3d9",
    secondary="#8aa4b8",
    accent="#7cc7e8",
    foreground="#d7dee4",
    background="#10161b",
    surface="#151d24",
    panel="#1d2831",
    success="#6fd08c",
    warning="#f0c05a",
    error="#ff8a80",
    dark=True,
    variables={"footer-key-foreground": "#7cc7e8", "unknown": "#a3b1bc", "border": "#33485a"},
)

LIGHT = Theme(
    name="dutyroom-light",
    primary="#0b5a80",
    secondary="#3f5566",
    accent="#0b5a80",
    foreground="#1b2730",
    background="#f7f9fa",
    surface="#ffffff",
    panel="#e6ecf0",
    success="#14682f",
    warning="#7a4d00",
    error="#a31515",
    dark=False,
    variables={"footer-key-foreground": "#0b5a80", "unknown": "#566570", "border": "#9fb2c0"},
)

CONTRAST = Theme(
    name="dutyroom-contrast",
    primary="#ffffff",
    secondary="#ffffff",
    accent="#00e5ff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1a1a1a",
    success="#5dff7f",
    warning="#ffe14d",
    error="#ff9b91",
    dark=True,
    variables={"footer-key-foreground": "#00e5ff", "unknown": "#d0d0d0", "border": "#ffffff"},
)

# The terminal's own sixteen colours on its own background. What a colour cannot be relied on for, the weight says:
# see `:ansi` in app.tcss. Magenta and red are the two that stand out on a black and on a white terminal alike.
TERMINAL = Theme(
    name="dutyroom-terminal",
    ansi=True,
    primary="ansi_default",
    secondary="ansi_default",
    accent="ansi_default",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_magenta",
    error="ansi_red",
    dark=True,
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "footer-key-foreground": "ansi_default",
        "unknown": "ansi_default",
        "border": "ansi_default",
        "border-blurred": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "bold reverse",
        "block-hover-background": "ansi_default",
        "text-muted": "ansi_default",
        "text-disabled": "ansi_default",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_cyan",
        "screen-selection-foreground": "ansi_black",
        "scrollbar": "ansi_bright_black",
        "scrollbar-hover": "ansi_bright_black",
        "scrollbar-active": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
    },
)

SHORT_NAMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST, "terminal": TERMINAL}
THEMES = tuple(SHORT_NAMES.values())


def theme_named(short: str) -> Theme:
    """The theme of a short name (`[screen] theme`); the dark one for a name there is not."""
    return SHORT_NAMES.get(short, DARK)
