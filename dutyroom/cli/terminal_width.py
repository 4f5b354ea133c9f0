"""How many cells this terminal gives a character of ambiguous width: one is printed and the cursor asked where it is.

Unicode Annex 11 leaves the width of ℃, ● and box lines open; the screens count one cell, as nearly all terminals do.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import sys
import termios
import tty

from dutyroom import clock
from dutyroom.doctor.terminal import Terminal

PROBE = "●"
# DSR 6 (ECMA-48, 8.3.35) is answered with CPR: ESC [ row ; column R.
ASK = "\x1b[6n"
_ANSWER = re.compile(rb"\x1b\[\d+;(\d+)R")
WITHIN_S = 1.0


def this_terminal() -> Terminal | None:
    """Size and width as the terminal tells them; None when stdin or stdout is none."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    size = shutil.get_terminal_size()
    try:
        real = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        real = size
    return Terminal(real.columns, real.lines, cells_of(PROBE, sys.stdin.fileno(), sys.stdout.fileno()))


def cells_of(character: str, reading: int, writing: int, within_s: float = WITHIN_S) -> int | None:
    """The cells it takes on the terminal behind these file descriptors; None when it does not answer in time.

    The terminal's modes and the line are as before afterwards, whatever happens.
    """
    try:
        before = termios.tcgetattr(reading)
    except termios.error:
        return None
    try:
        tty.setraw(reading, termios.TCSANOW)
        os.write(writing, f"\r{character}{ASK}".encode())
        column = _column(reading, clock.monotonic() + within_s)
    finally:
        os.write(writing, b"\r\x1b[K")
        # What is still on its way must not look typed.
        termios.tcsetattr(reading, termios.TCSAFLUSH, before)
    return None if column is None else column - 1


def _column(reading: int, until: float) -> int | None:
    came = b""
    while (left := until - clock.monotonic()) > 0 and select.select([reading], [], [], left)[0]:
        part = os.read(reading, 64)
        if not part:
            return None
        came += part
        if found := _ANSWER.search(came):
            return int(found[1])
    return None
