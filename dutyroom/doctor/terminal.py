"""The terminal the screens are drawn on: size, colours, tmux, and how wide it draws ambiguous characters."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from dutyroom.doctor.check import Check, Group, make
from dutyroom.model.reading import Verdict

WIDE, TALL = 80, 24
NARROW, LOW = 60, 20
TMUX_S = 3.0
# Terminals of the kernel and of bare lines: no font for Chinese, or no cursor to move.
_CONSOLE, _BARE = "linux", ("", "dumb", "unknown")
# XTerm's control sequences and terminfo name these.
_MANY_COLOURS = ("truecolor", "24bit")


@dataclass(frozen=True, slots=True)
class Terminal:
    """What was asked of the terminal. `ambiguous` is how many cells one ambiguous character takes; None: no answer.

    `measured` is False where it could not be asked, because a screen was open on it.
    """

    columns: int
    rows: int
    ambiguous: int | None = None
    measured: bool = True


def checks(terminal: Terminal | None, environment: Mapping[str, str]) -> list[Check]:
    """Every check of the terminal; one that says there is none, in a script."""
    if terminal is None:
        return [make(Group.TERMINAL, "terminal", Verdict.NOT_INSTALLED, "no-terminal")]
    return [
        *size(terminal),
        *kind(environment),
        *colours(environment),
        *ambiguous(terminal),
        *tmux(environment),
    ]


def size(terminal: Terminal) -> list[Check]:
    """Whether the screens fit: made for 80x24, usable down to 60x20."""
    at = {"columns": terminal.columns, "rows": terminal.rows}
    if terminal.columns >= WIDE and terminal.rows >= TALL:
        return [make(Group.TERMINAL, "size", Verdict.OK, "size", **at)]
    fits = terminal.columns >= NARROW and terminal.rows >= LOW
    verdict, told = (Verdict.ATTENTION, "size-small") if fits else (Verdict.FAULT, "size-too-small")
    return [make(Group.TERMINAL, "size", verdict, told, "size", **at)]


def kind(environment: Mapping[str, str]) -> list[Check]:
    """What TERM says it is."""
    name = environment.get("TERM", "")
    if name in _BARE:
        return [make(Group.TERMINAL, "term", Verdict.FAULT, "term-bare", "term", term=name or "–")]
    if name == _CONSOLE:
        return [make(Group.TERMINAL, "term", Verdict.ATTENTION, "term-console", "console", term=name)]
    return [make(Group.TERMINAL, "term", Verdict.OK, "term", term=name)]


def colours(environment: Mapping[str, str]) -> list[Check]:
    """How many colours; every state has a sign and a word too, so few are no fault."""
    if environment.get("NO_COLOR"):
        return [make(Group.TERMINAL, "colours", Verdict.OK, "no-colour")]
    name = environment.get("TERM", "")
    if environment.get("COLORTERM", "") in _MANY_COLOURS or name.endswith("-direct"):
        return [make(Group.TERMINAL, "colours", Verdict.OK, "colours-all")]
    return [make(Group.TERMINAL, "colours", Verdict.OK, "colours-256" if "256" in name else "colours-few")]


def ambiguous(terminal: Terminal) -> list[Check]:
    """Whether borders hold: Unicode Annex 11 leaves the width of ℃ ● and box lines to the terminal."""
    if not terminal.measured:
        return [make(Group.TERMINAL, "width", Verdict.NOT_INSTALLED, "width-outside")]
    if terminal.ambiguous is None:
        return [make(Group.TERMINAL, "width", Verdict.UNKNOWN, "width-unknown", "width-unknown")]
    if terminal.ambiguous == 1:
        return [make(Group.TERMINAL, "width", Verdict.OK, "width-narrow")]
    return [make(Group.TERMINAL, "width", Verdict.FAULT, "width-wide", "width", cells=terminal.ambiguous)]


def tmux(environment: Mapping[str, str]) -> list[Check]:
    """Whether the tmux client around it passes UTF-8 on; without it every Chinese character is an underscore."""
    if not environment.get("TMUX"):
        return []
    try:
        done = subprocess.run(
            ["tmux", "display-message", "-p", "#{client_utf8} #{version}"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=TMUX_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return [make(Group.TERMINAL, "tmux", Verdict.UNKNOWN, "tmux-silent", "tmux-silent")]
    utf8, _blank, version = done.stdout.strip().partition(" ")
    match utf8:
        case "1":
            return [make(Group.TERMINAL, "tmux", Verdict.OK, "tmux", version=version)]
        case "0":
            return [make(Group.TERMINAL, "tmux", Verdict.FAULT, "tmux-no-utf8", "tmux", version=version)]
        case _:
            # No client is attached: nobody looks at it through tmux now.
            return [make(Group.TERMINAL, "tmux", Verdict.UNKNOWN, "tmux-silent", "tmux-silent")]
