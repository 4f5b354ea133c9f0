"""Where messages of the program itself go: to stderr as a service, to a file beneath the screens."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LARGEST = 1_000_000


def to_stderr() -> None:
    """For a service: the journal keeps what is said."""
    _begin(logging.StreamHandler())


def to_file() -> None:
    """For the screens, which a message on stderr would tear: a file in the user's state folder, or nowhere."""
    from platformdirs import user_log_path

    handler: logging.Handler = logging.NullHandler()
    try:
        folder = user_log_path("dutyroom")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(folder / "dutyroom.log", maxBytes=LARGEST, backupCount=2, encoding="utf-8")
    except OSError:
        # A disk that takes no log must not keep the room from being watched.
        pass
    _begin(handler)


def _begin(handler: logging.Handler) -> None:
    """Warnings of the libraries; of dutyroom itself also what it does."""
    logging.basicConfig(level=logging.WARNING, format=FORMAT, handlers=[handler], force=True)
    logging.getLogger("dutyroom").setLevel(logging.INFO)
