"""Where `dutyroom` begins: the screens at once, every other command through typer.

A person waits for the first frame, and typer with what it loads would be a third of that wait.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from dutyroom import words
from dutyroom.cli.asked import Asked, first_language, options_alone, use_utf8
from dutyroom.errors import DutyroomError

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line (`sys.argv` when None is given) and gives its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    alone = options_alone(given)
    if alone is None:
        from dutyroom.cli.main import main as command

        return command(given)
    use_utf8()
    words.install(first_language(given, os.environ))
    return _screens(alone)


def _screens(asked: Asked) -> int:
    from dutyroom.cli.screen import open_screens

    try:
        return open_screens(asked)
    except DutyroomError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
