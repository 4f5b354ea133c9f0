"""The conversation in the terminal: lines folded to its width, answers from stdin, secrets unseen."""

from __future__ import annotations

import shutil
import sys

from dutyroom.cli.columns import width_of

WIDEST = 96


class TerminalTalk:
    """Speaks on stdout; a terminal is asked with its own line editing, anything else line by line."""

    def __init__(self) -> None:
        self.asked = 0
        self._edits = sys.stdin.isatty() and sys.stdout.isatty()
        if self._edits:
            # Without it the terminal's own editing leaves half a character behind when a Chinese one is erased.
            import readline  # noqa: F401

    def say(self, text: str = "") -> None:
        """A line, or several."""
        width = min(WIDEST, shutil.get_terminal_size().columns) if self._edits else WIDEST
        for line in text.split("\n"):
            for part in folded(line, width):
                print(part)
        sys.stdout.flush()

    def read(self, prompt: str, *, hidden: bool = False) -> str:
        """What is typed. Raises EOFError at the end of stdin, KeyboardInterrupt at ctrl+c."""
        if hidden and self._edits:
            import getpass

            return getpass.getpass(prompt)
        if self._edits:
            return input(prompt)
        print(prompt, end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        print()
        return line.rstrip("\r\n")


def folded(line: str, width: int) -> list[str]:
    """The line in parts of that many cells: broken at blanks, and between Chinese characters, which have none."""
    indent = len(line) - len(line.lstrip())
    rows, row = [], ""
    for piece in _pieces(line):
        if row.strip() and width_of(row + piece.rstrip()) > width:
            rows.append(row.rstrip())
            row = " " * indent
            piece = piece.lstrip()
        row += piece
    return [*rows, row.rstrip()]


_CLOSING = "，。；：、？！）"


def _pieces(line: str) -> list[str]:
    """Words with the blanks after them; a wide character is a piece of its own, with a closing mark after it."""
    pieces: list[str] = []
    for character in line:
        last = pieces[-1] if pieces else ""
        if last and _goes_on(last, character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _goes_on(last: str, character: str) -> bool:
    if character == " " or character in _CLOSING:
        return True
    return not last.endswith(" ") and width_of(character) == 1 and width_of(last[-1]) == 1
