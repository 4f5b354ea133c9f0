"""A plan becomes files: secrets of their own beside the site file, everything whole or not at all.

A file that was there before is kept as `NAME.bak-DATE`. The site file is checked where it will lie before it takes its
place, so that one which does not load never becomes the room's.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dutyroom.config import load_site
from dutyroom.config.written import text_of
from dutyroom.errors import DutyroomError
from dutyroom.model.site import Site
from dutyroom.setup.plan import Plan
from dutyroom.words import _

OWNER_ONLY, FOLDER_MODE = 0o600, 0o700


class NotWritten(DutyroomError):
    """A file of the new room could not be written."""

    code = "not-written"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the site as the file now says, the files, and the copies kept of what was there before."""

    site: Site
    files: tuple[Path, ...]
    kept: tuple[Path, ...]


def write(plan: Plan, now: datetime) -> Written:
    """Writes secrets (0600, their folder 0700) and the site file. `now` (UTC) dates the copies of older files.

    Raises NotWritten, and SiteFileError when the file would not load; the site file is as it was then.
    """
    folder = plan.path.parent
    files: list[Path] = []
    kept: list[Path] = []
    with _told(plan.path):
        folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        for name, secret in plan.secrets:
            path = folder / name
            path.parent.mkdir(exist_ok=True, mode=FOLDER_MODE)
            kept += _keep(path, now)
            replace(path, secret.reveal() + "\n")
            files.append(path)
        beside = plan.path.with_name(f".{plan.path.name}.new")
        try:
            _write(beside, text_of(plan.form))
            load_site(beside)
            kept += _keep(plan.path, now)
            os.replace(beside, plan.path)
        finally:
            beside.unlink(missing_ok=True)
        _sync(folder)
    return Written(load_site(plan.path), (plan.path, *files), tuple(kept))


def replace(path: Path, text: str) -> None:
    """Puts a file that only its owner reads in the place of whatever is there, whole or not at all. Raises OSError."""
    beside = path.with_name(f".{path.name}.new")
    try:
        _write(beside, text)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    _sync(path.parent)


def write_secret(path: Path, text: str) -> None:
    """A one-time secret for a script. Raises NotWritten."""
    with _told(path):
        replace(path, text + "\n")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or path
        sentence = _("{path} cannot be written ({reason}); check the folder's owner and mode, or name another place")
        raise NotWritten(sentence.format(path=where, reason=error.strerror or str(error))) from error


def _write(path: Path, text: str) -> None:
    """A new file, owner's only from the first byte on, and on the disk when this returns."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _keep(path: Path, now: datetime) -> list[Path]:
    """A dated copy of what is there; nothing when nothing is there."""
    if not path.is_file():
        return []
    dated = path.with_name(f"{path.name}.bak-{now:%Y%m%d-%H%M%S}")
    number = 1
    while dated.exists():
        number += 1
        dated = path.with_name(f"{path.name}.bak-{now:%Y%m%d-%H%M%S}-{number}")
    shutil.copy2(path, dated)
    return [dated]


def _sync(folder: Path) -> None:
    """The new name is on the disk too (open(2), O_DIRECTORY)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
