"""What a NUT session raises, and the nut2 classes that session and errors extend where nut2 can be imported.

NutError                      also a nut2.PyNUTError where nut2 exists
├── NutConnect                no connection within the deadline
├── NutTimeout                no complete answer within the deadline
├── NutClosed                 the server closed the connection
├── NutProtocol               an answer that breaks the grammar, a limit, or does not match the question
├── NutServerError            a well-formed `ERR <code>`; the connection stays usable
└── NutRefused                asked for something this session does not do; nothing was sent
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING


def _client_classes() -> tuple[type, type[Exception]]:
    """nut2's client and error, imported without its side effects; plain bases where nut2 cannot be imported.

    Importing nut2 2.1.1 runs `logging.basicConfig`, whose handler would write over the screen, and imports telnetlib,
    which warns of its end.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            import nut2
    except ImportError:
        return object, Exception
    finally:
        for handler in [handler for handler in root.handlers if handler not in handlers]:
            root.removeHandler(handler)
        root.setLevel(level)
    return nut2.PyNUTClient, nut2.PyNUTError


if TYPE_CHECKING:

    class ClientBase:
        """nut2.PyNUTClient, or nothing."""

    class ErrorBase(Exception):
        """nut2.PyNUTError, or any exception."""
else:
    ClientBase, ErrorBase = _client_classes()


class NutError(ErrorBase):
    """Base of everything a session raises."""


class NutConnect(NutError):
    """No connection to the server within the deadline."""


class NutTimeout(NutError):
    """No complete answer within the deadline."""


class NutClosed(NutError):
    """The server closed the connection before the answer was complete."""


class NutProtocol(NutError):
    """The answer breaks the grammar, a limit, or does not match the question."""


class NutServerError(NutError):
    """The server answered `ERR`; `code` is its word, such as `DATA-STALE` (docs/net-protocol.txt)."""

    def __init__(self, code: str) -> None:
        super().__init__(f"ERR {code}")
        self.code = code


class NutRefused(NutError):
    """The session does not do this; nothing was sent."""
