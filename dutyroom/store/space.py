"""How much this account may still write to the file systems of the store and of its backups."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from dutyroom.model.room import FreeSpace
from dutyroom.model.site import Site
from dutyroom.store import places

# A folder on another machine that does not answer must not hold up the room.
ANSWERS_WITHIN_S = 1.0

_asked: dict[Path, threading.Thread] = {}
_answers: dict[Path, int | None] = {}


def free_bytes(folder: Path) -> int | None:
    """Bytes an ordinary account may still write (`f_bavail`) in a folder or the nearest one above; None: unknown."""
    for place in (folder, *folder.parents):
        try:
            found = os.statvfs(place)
        except FileNotFoundError:
            continue
        except OSError:
            return None
        return found.f_bavail * found.f_frsize
    return None


def space_of(site: Site) -> tuple[FreeSpace, ...]:
    """The folder of the records, and those of the backups where the site names them. What is not known is left out.

    Up to a second for each backup folder that does not answer: never call it on an event loop.
    """
    store = places.path_of(site.store_url).parent
    found = [("store", store, free_bytes(store))]
    for use, folder in (("backup", site.backup.folder), ("second", site.backup.second)):
        if folder is not None and folder.is_absolute():
            found.append((use, folder, _free_where_it_may_hang(folder)))
    return tuple(FreeSpace(use, str(folder), free) for use, folder, free in found if free is not None)


def _free_where_it_may_hang(folder: Path) -> int | None:
    """Asked by a thread that is left behind when it hangs; until it comes back nobody asks again."""
    asking = _asked.get(folder)
    if asking is None or not asking.is_alive():
        asking = threading.Thread(target=_ask, args=(folder,), name="free space", daemon=True)
        _asked[folder] = asking
        _answers[folder] = None
        asking.start()
        asking.join(ANSWERS_WITHIN_S)
    return None if asking.is_alive() else _answers[folder]


def _ask(folder: Path) -> None:
    _answers[folder] = free_bytes(folder)
