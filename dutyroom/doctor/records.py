"""The records: the SQLite library, the database, its ledger, the clock against them, free space, backups."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from dutyroom.doctor.check import Check, Group, make
from dutyroom.duty.backups import folder_of
from dutyroom.errors import StoreError
from dutyroom.model.reading import Verdict
from dutyroom.model.room import FreeSpace
from dutyroom.model.site import Site
from dutyroom.rules import backups as backup_rules
from dutyroom.rules.space import verdict_of_space
from dutyroom.store import backups, events, ledger, readings
from dutyroom.store.database import Store
from dutyroom.store.library import library
from dutyroom.store.places import path_of
from dutyroom.store.space import free_bytes
from dutyroom.store.verify import verify

# SQLite starts the log anew every 1000 pages (4 MB) when no reader holds it (sqlite.org/wal.html).
LARGE_LOG_BYTES = 64_000_000
# Clocks of two programs on one machine agree; this much is the time a record takes to be written.
AHEAD_S = 5.0


@contextmanager
def opened(site: Site) -> Iterator[Store]:
    """The store, read only: nothing is made or changed. Raises StoreError."""
    store = Store.open(site.store_url, read_only=True)
    try:
        yield store
    finally:
        store.close()


def sqlite() -> list[Check]:
    """Which SQLite this is, and whether it has the WAL-reset bug."""
    try:
        module = library()
    except StoreError as error:
        return [make(Group.MACHINE, "sqlite", Verdict.FAULT, "sqlite-unsafe", "sqlite", sentence=error)]
    told = {"version": module.sqlite_version, "package": module.__name__.partition(".")[0]}
    return [make(Group.MACHINE, "sqlite", Verdict.OK, "sqlite", **told)]


def database(site: Site) -> list[Check]:
    """Whether the records can be opened; opening reads the log mode and the durability back."""
    path = path_of(site.store_url)
    try:
        with opened(site):
            log = path.with_name(path.name + "-wal")
            size = log.stat().st_size if log.exists() else 0
    except StoreError as error:
        if error.code == "missing":
            return [make(Group.RECORDS, "store", Verdict.ATTENTION, "store-none", "store-none", path=path)]
        return [make(Group.RECORDS, "store", Verdict.FAULT, "store-broken", "store", sentence=error)]
    found = [make(Group.RECORDS, "store", Verdict.OK, "store", path=path)]
    if size > LARGE_LOG_BYTES:
        found.append(make(Group.RECORDS, "log", Verdict.ATTENTION, "log-large", "log-large", bytes=size))
    return found


def whole(site: Site) -> list[Check]:
    """Every record held against the ledger."""
    with opened(site) as store, store.read() as session:
        found = verify(session)
    if found.faults:
        faults = len(found.faults)
        return [make(Group.RECORDS, "ledger", Verdict.FAULT, "ledger-broken", "ledger", faults=faults)]
    return [make(Group.RECORDS, "ledger", Verdict.OK, "ledger", lines=found.lines, rows=found.rows)]


def clock_of(site: Site, now: datetime) -> list[Check]:
    """The clock against the newest record: one that stands before it was set back, or was ahead."""
    with opened(site) as store, store.read() as session:
        line = ledger.lines(session, limit=1)
        beat = events.heartbeat(session)
        moments = [one.at for one in line]
        moments += [beat.last_cycle_at] if beat is not None else []
        moments += [latest.sample.at for latest in readings.latest(session).values()]
    newest = max(moments, default=None)
    if newest is None:
        return [make(Group.RECORDS, "clock", Verdict.OK, "clock-free", at=now.isoformat())]
    behind_s = (newest - now).total_seconds()
    if behind_s > AHEAD_S:
        told = {"newest": newest.isoformat(), "at": now.isoformat(), "behind_s": f"{behind_s:.0f}"}
        return [make(Group.RECORDS, "clock", Verdict.FAULT, "clock-behind", "clock", **told)]
    return [make(Group.RECORDS, "clock", Verdict.OK, "clock", at=now.isoformat(), age_s=f"{max(0.0, -behind_s):.0f}")]


def space(site: Site) -> list[Check]:
    """Free bytes where records and backups are written; only the records' own disk can lose any."""
    database = path_of(site.store_url)
    places = [("store", database.parent), ("backup", folder_of(site, database))]
    if site.backup.second is not None:
        places.append(("second", site.backup.second))
    found: list[Check] = []
    for use, folder in places:
        if use == "second" and not folder.exists():
            found.append(make(Group.RECORDS, "space", Verdict.ATTENTION, "place-missing", "place", use, path=folder))
            continue
        free = free_bytes(folder)
        if free is None:
            found.append(make(Group.RECORDS, "space", Verdict.UNKNOWN, "space-unknown", "place", use, path=folder))
            continue
        verdict = verdict_of_space(FreeSpace(use, str(folder), free))
        fix = "" if verdict is Verdict.OK else "space"
        found.append(make(Group.RECORDS, "space", verdict, f"space-{use}", fix, use, path=folder, bytes=free))
    return found


def backed_up(site: Site, now: datetime) -> list[Check]:
    """How old the newest good backup is, and whether a second place has it."""
    with opened(site) as store, store.read() as session:
        good, tried = backups.newest_good(session), backups.newest(session)
    judged = backup_rules.judge(good, tried, now, has_second=site.backup.second is not None)
    old = judged.age_s is None or judged.age_s > backup_rules.TOO_OLD.total_seconds()
    found = [_age(judged, old)]
    if judged.trouble is not None and tried is not None:
        told = {"trouble": judged.trouble, "path": tried.path}
        found.append(make(Group.RECORDS, "backup", Verdict.ATTENTION, "backup-failed", "backup-failed", **told))
    if site.backup.second is None:
        found.append(make(Group.RECORDS, "second", Verdict.ATTENTION, "second-none", "second"))
    elif judged.second is backup_rules.SecondPlace.OK:
        found.append(make(Group.RECORDS, "second", Verdict.OK, "second", path=site.backup.second))
    elif good is not None:
        behind = make(Group.RECORDS, "second", Verdict.ATTENTION, "second-behind", "place", path=site.backup.second)
        found.append(behind)
    return found


def _age(judged: backup_rules.Judged, old: bool) -> Check:
    if judged.age_s is None:
        return make(Group.RECORDS, "backup", Verdict.ATTENTION, "backup-none", "backup")
    told = {"age_s": f"{judged.age_s:.0f}"}
    if old:
        return make(Group.RECORDS, "backup", Verdict.ATTENTION, "backup-old", "backup", **told)
    return make(Group.RECORDS, "backup", Verdict.OK, "backup", **told)
