"""`dutyroom` without a command: the screens."""

from __future__ import annotations

import sys

import typer

from dutyroom.cli.options import site_of
from dutyroom.errors import DutyroomError
from dutyroom.words import _


class NoTerminal(DutyroomError):
    """The screens need a terminal on stdin, stdout and stderr (Textual draws on stderr)."""

    code = "no-terminal"
    exit_code = 2


def open_screens(ctx: typer.Context) -> int:
    """Opens the screens of the site and gives the exit code when they are left.

    Raises SiteFileError without a good site file, NoTerminal when there is nothing to draw on.
    """
    site = site_of(ctx)
    if not on_terminal():
        raise NoTerminal(_("This is no terminal: use `dutyroom status`, or see `dutyroom --help`."))
    from dutyroom.checklists import shipped
    from dutyroom.cli import logs
    from dutyroom.cli.compose import CHECKLIST, open_room
    from screens.app import DutyroomApp

    logs.to_file()
    app = DutyroomApp(site, shipped(CHECKLIST, site.limit_profile), lambda: open_room(site))
    app.run()
    return app.return_code or 0


def on_terminal() -> bool:
    """True when a person sits at this process."""
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()
