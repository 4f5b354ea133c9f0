"""A file that is sent away comes whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from dutyroom.errors import ExportError
from dutyroom.inert import inert
from dutyroom.words import _


def put_in_place(content: bytes, path: Path, check: Callable[[Path, Path], None]) -> Path:
    """Write beside the target, then put in its place; return the path.

    `check` gets the file that was made and the target before it takes its place: what it raises leaves all as it was.

    Raises ExportError with a sentence; then an older file at `path` is as it was and nothing is left beside it.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".dutyroom-{secrets.token_hex(6)}.tmp")
    try:
        _write_through(temporary, content)
        check(temporary, target)
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        sentence = _("The file {path} could not be written: {why}.")
        raise ExportError(
            sentence.format(path=inert(str(target), 300), why=error.strerror or type(error).__name__)
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return target


def _write_through(path: Path, content: bytes) -> None:
    # Exclusive, so that nothing planted under that name is followed; the umask decides who may read.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
