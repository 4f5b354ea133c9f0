"""Something done in a process of its own that ends, as by kill -9, before the step of a given number."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dutyroom.duty import restore as restoring
from dutyroom.model.backup import BackupReason
from dutyroom.store import backup, replace
from tests.desks import ADMIN

KILLED = 9
AT = datetime(2026, 11, 24, tzinfo=UTC)


def _die_at(at: int, steps: tuple[tuple[Any, tuple[str, ...]], ...]) -> None:
    """From now on the call of the functions named that has this number does not return."""
    count = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **kwargs: object) -> object:
            nonlocal count
            if count == at:
                os._exit(KILLED)
            count += 1
            return real(*args, **kwargs)

        return step

    for place, names in steps:
        for name in names:
            setattr(place, name, counted(getattr(place, name)))


def back_up(at: int, database: Path, target: Path) -> None:
    """Backs up and dies at that step."""
    names = ("_copy", "_inspect", "sync_file", "sync_folder", "write_private", "create_private", "digest")
    _die_at(at, ((backup, names), (os, ("rename",))))
    backup.make(database, target, BackupReason.HAND, AT)


def restore(at: int, file: Path, url: str, folder: Path) -> None:
    """Restores and dies at that step."""
    parts = ("fold", "copied", "kept", "put_in_place", "sync_file", "sync_folder", "digest", "create_private")
    own = ("_saved", "_lost", "_made_ready", "verify")
    _die_at(at, ((restoring, own), (replace, parts), (os, ("replace",))))
    restoring.restore(file, url, folder, lambda store: ADMIN, AT)


def ended(what: Callable[..., None], *args: object) -> int:
    """How a process that does it ends: 0 when it came to its end, KILLED when it did not."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.stepwise"])
    process = context.Process(target=what, args=args)
    process.start()
    process.join(60)
    code = process.exitcode
    process.close()
    assert code is not None
    return code
