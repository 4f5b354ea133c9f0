"""`dutyroom` without a command: the screens."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom import words
from dutyroom.cli.asked import Asked, language_named, site_asked, site_file
from dutyroom.errors import DutyroomError
from dutyroom.words import _

if TYPE_CHECKING:
    from screens.desk import OpenedRoom


class NoTerminal(DutyroomError):
    """The screens need a terminal on stdin, stdout and stderr (Textual draws on stderr)."""

    code = "no-terminal"
    exit_code = 2


def open_screens(asked: Asked) -> int:
    """Opens the screens of the site and gives the exit code when they are left.

    The site file is read after the first frame; a bad one ends the screens with its sentence and exit code.
    Raises SiteFileError without a site file, NoTerminal when there is nothing to draw on.
    """
    path = site_file(asked)
    if not on_terminal():
        site_asked(asked)
        raise NoTerminal(_("This is no terminal: use `dutyroom status`, or see `dutyroom --help`."))
    from dutyroom.cli import logs
    from screens.app import DutyroomApp

    def opened() -> OpenedRoom:
        from dutyroom.cli.compose import open_room

        return open_room(site_asked(asked))

    if asked.lang is None:
        _speak_early(path)
    logs.to_file()
    follow_the_window()
    app = DutyroomApp(opened)
    app.run()
    return app.return_code or 0


def _speak_early(path: Path) -> None:
    """The first frame speaks the site's language already; what is wrong with the file is told when it is read."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8")).get("language")
    except (OSError, ValueError):
        return
    language = language_named(told) if isinstance(told, str) else None
    if language is not None:
        words.install(language)


def follow_the_window() -> None:
    """Exported COLUMNS and LINES would freeze the size Textual draws in; the window itself knows better."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)


def on_terminal() -> bool:
    """True when a person sits at this process."""
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()
