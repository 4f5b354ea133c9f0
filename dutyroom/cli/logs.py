"""Where messages of the program itself go: to stderr or a file as a service, to a file beneath the screens.

Whatever a library says, no secret of the site file is written: it is starred in the finished line.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom.errors import DutyroomError
from dutyroom.words import _

if TYPE_CHECKING:
    from dutyroom.model.devices import Secret
    from dutyroom.model.site import Site

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LARGEST = 1_000_000
LARGEST_OF_SERVICE = 5_000_000
KEPT_OF_SERVICE = 5
STARS = "***"
# A secret as short as this is only starred where it stands alone: it may be a part of any word.
SHORT = 5


class LogRefused(DutyroomError):
    """The log cannot be written where it was asked for."""

    code = "log"
    exit_code = 2


class _Starred(logging.Formatter):
    """Lines without the secrets it was told of."""

    secrets: re.Pattern[str] | None = None

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return text if self.secrets is None else self.secrets.sub(STARS, text)


class _OwnFile(RotatingFileHandler):
    """A log that only its owner reads, small enough to keep; it can be opened anew after somebody moved it away."""

    def _open(self) -> TextIOWrapper:
        file = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return open(file, "a", encoding="utf-8", errors="backslashreplace")

    def open_anew(self) -> None:
        self.acquire()
        try:
            old = self.stream
            self.stream = self._open()
            if old is not None:
                old.close()
        finally:
            self.release()


_formatter = _Starred(FORMAT)
_handler: logging.Handler | None = None


def for_service(path: Path | None) -> None:
    """To stderr, which the journal keeps; or to a file, of which the last ones are kept.

    Raises LogRefused when the file cannot be written.
    """
    if path is None:
        _begin(logging.StreamHandler())
        return
    try:
        _begin(_OwnFile(path, maxBytes=LARGEST_OF_SERVICE, backupCount=KEPT_OF_SERVICE, encoding="utf-8"))
    except OSError as error:
        sentence = _("{path}: no log can be written there ({reason})")
        raise LogRefused(sentence.format(path=path, reason=error.strerror or error)) from None


def to_file() -> None:
    """For the screens, which a message on stderr would tear: a file in the user's state folder, or nowhere."""
    from platformdirs import user_log_path

    handler: logging.Handler = logging.NullHandler()
    try:
        folder = user_log_path("dutyroom")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = _OwnFile(folder / "dutyroom.log", maxBytes=LARGEST, backupCount=2, encoding="utf-8")
    except OSError:
        # A disk that takes no log must not keep the room from being watched.
        pass
    _begin(handler)


def hide(site: Site) -> None:
    """From now on the secrets of this site are starred."""
    _formatter.secrets = _pattern({secret.reveal() for secret in _secrets(site)})


def reopen() -> None:
    """Goes on in a new file where the old one was moved away, as logrotate(8) does."""
    if isinstance(_handler, _OwnFile):
        try:
            _handler.open_anew()
        except OSError as error:
            logging.getLogger(__name__).error("the log stays in its old file: %s", error)


def _begin(handler: logging.Handler) -> None:
    """Warnings of the libraries; of dutyroom itself also what it does."""
    global _handler
    _handler = handler
    handler.setFormatter(_formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("dutyroom").setLevel(logging.INFO)


def _pattern(secrets: set[str]) -> re.Pattern[str] | None:
    # The longest first: one may begin another.
    told = sorted((secret for secret in secrets if secret), key=len, reverse=True)
    parts = [re.escape(one) if len(one) >= SHORT else rf"(?<!\w){re.escape(one)}(?!\w)" for one in told]
    return re.compile("|".join(parts)) if parts else None


def _secrets(value: object) -> Iterator[Secret]:
    # Imported here: the logs are set up before the first frame, which waits for no values of the room.
    from dutyroom.model.devices import Secret

    if isinstance(value, Secret):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _secrets(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _secrets(getattr(value, field.name))
