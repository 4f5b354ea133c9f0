"""The second place: a plain copy of a finished backup on another disk or machine, read back before it counts.

No database is opened there, so a network file system is fine. The folder must be there already: made by us, it would
lie on the first disk whenever the second one is not mounted.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from dutyroom.store import manifests
from dutyroom.store.backup import BLOCK, digest, discard, place
from dutyroom.store.durable import create_private, sync_file, write_private
from dutyroom.store.trouble import of_system, trouble

# Parts older than this were left by a copy that was killed; the clock of another machine may differ by less.
STALE_S = 86400.0


def copy(backup: Path, folder: Path) -> Path:
    """Copies a backup and its manifest; gives the copy. What is there under that name already and whole is kept.

    Raises:
        StoreError: nothing was left there; `second-missing`, `second-differs`, or why the copy failed.
    """
    manifest = manifests.read(backup)
    target = folder / backup.name
    part = target.with_name(f".{target.name}.part")
    try:
        if not folder.is_dir():
            raise trouble("second-missing", folder)
        if manifests.beside(target).exists() and target.exists() and digest(target) == manifest.sha256:
            return target
        _clear_stale(folder)
        try:
            create_private(part)
            with backup.open("rb") as source, part.open("r+b") as sink:
                shutil.copyfileobj(source, sink, BLOCK)
            sync_file(part)
            if digest(part) != manifest.sha256:
                raise trouble("second-differs", folder)
            write_private(manifests.beside(part), manifests.beside(backup).read_bytes())
            place(part, target)
        finally:
            discard(part)
    except OSError as error:
        raise of_system(error, folder) from error
    return target


def _clear_stale(folder: Path) -> None:
    parts = list(folder.glob(".dutyroom-*.part*"))
    if parts:
        here = folder / ".dutyroom-clock.part"
        # The folder's own machine says what time it is.
        create_private(here)
        now = here.stat().st_mtime
        for part in (*parts, here):
            if part == here or now - part.stat().st_mtime > STALE_S:
                part.unlink(missing_ok=True)
