"""`dutyroom` without a command: the screens."""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom import words
from dutyroom.cli.asked import Asked, language_named, site_asked, site_file
from dutyroom.errors import DutyroomError, SiteFileError
from dutyroom.words import _

if TYPE_CHECKING:
    from screens.desk import OpenedRoom


class NoTerminal(DutyroomError):
    """The screens need a terminal on stdin, stdout and stderr (Textual draws on stderr)."""

    code = "no-terminal"
    exit_code = 2


def open_screens(asked: Asked) -> int:
    """Opens the screens of the site and gives the exit code when they are left.

    The site file is read after the first frame; a bad one ends the screens with its sentence and exit code. Without
    one, a terminal is offered to set the room up. Raises SiteFileError when there is neither, NoTerminal when there is
    nothing to draw on.
    """
    try:
        path = site_file(asked)
    except SiteFileError as error:
        if error.code != "no-site-file" or not on_terminal():
            raise
        from dutyroom.cli.first_start import offer

        return offer(asked)
    if not on_terminal():
        site_asked(asked)
        raise NoTerminal(_("This is no terminal: use `dutyroom status`, or see `dutyroom --help`."))
    from dutyroom.cli import logs, settling
    from screens.app import DutyroomApp
    from screens.choices import Choices

    def opened() -> OpenedRoom:
        from dutyroom.cli.compose import open_room
        from dutyroom.config import load_site

        # No language is installed here: the screens speak already, and somebody may have switched meanwhile.
        return open_room(load_site(path), path)

    look, choices = first_look(path), Choices()
    words.install(asked.lang or choices.language or look.language or words.language())
    logs.to_file()
    settling.begin()
    follow_the_window()
    app = DutyroomApp(opened, choices=choices, site_theme=look.theme)
    app.run(mouse=look.mouse)
    return app.return_code or 0


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What the first frame needs of the site file; `language` is empty when the file names none."""

    language: str = ""
    theme: str = "dark"
    mouse: bool = True


def first_look(path: Path) -> FirstLook:
    """Language, theme and mouse of a site file that is read in full later; its faults are told then."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return FirstLook()
    language, screen = told.get("language"), told.get("screen")
    screen = screen if isinstance(screen, dict) else {}
    theme = screen.get("theme")
    return FirstLook(
        (language_named(language) if isinstance(language, str) else None) or "",
        theme if isinstance(theme, str) else "dark",
        screen.get("mouse") is not False,
    )


def follow_the_window() -> None:
    """Exported COLUMNS and LINES would freeze the size Textual draws in; the window itself knows better."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)


def on_terminal() -> bool:
    """True when a person sits at this process."""
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()
