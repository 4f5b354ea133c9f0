"""What this account chose on the screens: language, theme, and that it has seen the tour.

A small JSON file in the user's state folder (XDG_STATE_HOME); records are no concern of it. It is read before the first
frame and written by a thread. A file that is broken or cannot be written never stops the program: defaults are used,
and it is said once.

Language: `--lang`, then what was chosen on the screens, then the site file, then the environment. Theme: what was
chosen, then `[screen] theme` of the site file. Who chose yesterday finds it so today; the commands keep to the site
file, and an account that never chose anything (a wall board) sees the site's own.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from pathlib import Path

from platformdirs import user_state_path

from dutyroom.errors import DutyroomError
from dutyroom.words import LANGUAGES, _

NAME = "screens.json"
# A file of three settings; what is larger was not written here.
LARGEST = 65536


class ChoiceNotKept(DutyroomError):
    """The file of choices cannot be written: they hold until the program is left."""

    code = "choice-not-kept"
    exit_code = 5


class Choices:
    """The choices of this account. Each is empty (or False) until something was chosen.

    `trouble` is why the file could not be read, as a sentence; empty when all is well.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path if path is not None else choices_path()
        self.language = ""
        self.theme = ""
        self.tour_seen = False
        self.trouble = ""
        self._writing = threading.Lock()
        self._chosen: dict[str, object] = {}
        try:
            self._take(_read(self.path))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else _("not written by dutyroom")
            self.trouble = _("{path}: {reason}. What was chosen on the screens is not known; choose again.").format(
                path=self.path, reason=reason
            )

    def choose(self, *, language: str | None = None, theme: str | None = None, tour_seen: bool | None = None) -> None:
        """Takes a choice; what is None stays. `keep` puts it on the disk."""
        given = {"language": language, "theme": theme, "tour_seen": tour_seen}
        chosen: dict[str, object] = {name: value for name, value in given.items() if value is not None}
        with self._writing:
            self._chosen.update(chosen)
        self._take(chosen)

    def keep(self) -> None:
        """Writes what was chosen; call it in a thread. Raises ChoiceNotKept.

        Read again first: another window of this account may have chosen something else meanwhile.
        """
        with self._writing:
            try:
                kept = _read(self.path)
            except (OSError, ValueError):
                kept = {}
            try:
                _write(self.path, {**kept, **self._chosen})
            except OSError as error:
                raise ChoiceNotKept(
                    _("{path}: {reason}. The choice holds until the program is left.").format(
                        path=self.path, reason=error.strerror or str(error)
                    )
                ) from error

    def _take(self, told: dict[str, object]) -> None:
        """Takes what is understood; a newer version may have written more."""
        language, theme = told.get("language"), told.get("theme")
        if isinstance(language, str) and language in LANGUAGES:
            self.language = language
        if isinstance(theme, str):
            self.theme = theme
        if isinstance(told.get("tour_seen"), bool):
            self.tour_seen = bool(told["tour_seen"])


def choices_path() -> Path:
    """Where the choices of this account are kept."""
    return user_state_path("dutyroom", appauthor=False) / NAME


def _read(path: Path) -> dict[str, object]:
    """What the file says; nothing when there is none. Raises OSError, ValueError."""
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(LARGEST))
    except FileNotFoundError:
        return {}
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told


def _write(path: Path, told: dict[str, object]) -> None:
    """The whole file or none of it: a crash leaves the old one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
