"""Backing the records up: by the watch every day, by hand, and to a second place; old ones are thinned out.

A backup makes no record, so it needs no line in the ledger; every try is a row in `backups` with the code of what went
wrong. Taking the second place's copy is a step of its own with a deadline: a dead network disk delays nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dutyroom.duty.desk import require
from dutyroom.errors import StoreError
from dutyroom.model.backup import Backup, BackupReason, Manifest
from dutyroom.model.people import Act, Actor
from dutyroom.model.site import Site
from dutyroom.rules.retention import kept
from dutyroom.store import backup as one_backup
from dutyroom.store import backups, manifests, second
from dutyroom.store.database import Store, default_folder

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.2
HANGS = "second-hangs"


def folder_of(site: Site, database: Path) -> Path:
    """Where the room's own backups are kept."""
    return site.backup.folder or default_folder(database)


def back_up(store: Store, site: Site, reason: BackupReason, now: datetime) -> Backup:
    """Makes a backup in the room's folder, remembers it, and thins out older ones; the second place is not touched.

    Raises StoreError when there is none now; the try is remembered with its code.
    """
    folder = folder_of(site, store.path)
    target = folder / manifests.name_of(now, reason)
    made = _tried(store, target, reason, now)
    try:
        one_backup.clear_parts(folder, store.path)
        thin(folder, manifests.read(target), site)
    except StoreError as error:
        # The new one is good, whatever cannot be done about the old ones.
        log.error("old backups cannot be thinned out: %s", error)
    return made


def back_up_by_hand(store: Store, site: Site, actor: Actor, now: datetime) -> Backup:
    """The same, asked for by a person at the screens. Raises NotAllowed for a role that only reads, StoreError."""
    require(actor, Act.BACK_UP)
    return back_up(store, site, BackupReason.HAND, now)


def back_up_away(store: Store, target: Path, now: datetime) -> Backup:
    """A backup in a file somebody names, to be taken away. It is none of the room's own: no thinning, no second place.

    Raises StoreError; the try is remembered with its code.
    """
    return _tried(store, target, BackupReason.AWAY, now)


def copy_to_second(
    store: Store,
    site: Site,
    backup: Backup,
    within_s: float,
    stopping: Callable[[], bool] = lambda: False,
) -> Backup:
    """Copies a backup to the second place where the site has one; gives the backup with how that went.

    When the place does not answer in time that is what is remembered, and the copy is left to end by itself; while
    one hangs no other is begun.
    """
    place = site.backup.second
    if place is None:
        return backup
    name = f"second place {place}"
    if any(thread.name == name for thread in threading.enumerate()):
        return _second_went(store, backup, None, HANGS)
    ended: list[Backup] = []
    copying = threading.Thread(target=lambda: ended.append(_copy(store, site, backup, place)), name=name, daemon=True)
    copying.start()
    waited = 0.0
    while copying.is_alive() and waited < within_s and not stopping():
        copying.join(LOOK_EVERY_S)
        waited += LOOK_EVERY_S
    if ended:
        return ended[0]
    return backup if stopping() else _second_went(store, backup, None, HANGS)


def thin(folder: Path, newest: Manifest, site: Site) -> tuple[str, ...]:
    """Removes from a folder what the rule drops of the backups of this store; gives their names.

    Only files with our kind of name and a manifest of our own that says they came from this very store are looked at.
    `newest` stays whatever the clock says. Raises StoreError.
    """
    ours = [one for one in manifests.listed(folder) if one.first == newest.first]
    stay = kept(((one.made_at, one.reason) for one in ours), site.timezone)
    dropped = [one.file for one in ours if (one.made_at, one.reason) not in stay and one.file != newest.file]
    for name in dropped:
        manifests.remove(folder / name)
    return tuple(dropped)


def _tried(store: Store, target: Path, reason: BackupReason, now: datetime) -> Backup:
    try:
        manifest = one_backup.make(store.path, target, reason, now)
    except StoreError as error:
        _remember(store, Backup(now, reason, str(target), trouble=error.code))
        raise
    made = backups.made(manifest, target)
    return _remember(store, made) or made


def _remember(store: Store, tried: Backup) -> Backup | None:
    """A store that cannot be written just now must not turn a whole backup into none, or hide what went wrong."""
    try:
        with store.write() as session:
            return backups.add(session, tried)
    except StoreError as error:
        log.error("a try to back up cannot be remembered: %s", error)
        return None


def _copy(store: Store, site: Site, backup: Backup, place: Path) -> Backup:
    try:
        copy = second.copy(Path(backup.path), place)
        thin(place, manifests.read(copy), site)
    except StoreError as error:
        log.error("no copy in the second place: %s", error)
        return _second_went(store, backup, None, error.code)
    return _second_went(store, backup, str(copy), None)


def _second_went(store: Store, backup: Backup, path: str | None, trouble: str | None) -> Backup:
    try:
        with store.write() as session:
            backups.set_second(session, backup.id, path, trouble)
    except StoreError as error:
        log.error("how the copy in the second place went cannot be remembered: %s", error)
    return replace(backup, second=path, second_trouble=trouble)
