"""Whether anybody watches: the watcher's lock, its sign of life, the site file it runs with, and its service."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

from dutyroom.board import HEARTBEAT_SILENT_S
from dutyroom.doctor.check import Check, Group, make
from dutyroom.doctor.records import opened
from dutyroom.model.reading import Verdict
from dutyroom.model.site import Site
from dutyroom.store import events
from dutyroom.store.places import path_of
from dutyroom.watch.lock import WatchLock

UNIT = "dutyroom-collect.service"
SYSTEMCTL_S = 5.0


def is_held(database: Path) -> bool:
    """True while a watcher holds its lock. Nothing is made; the look itself holds it, shared, for an instant."""
    try:
        file = os.open(WatchLock(database).path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def watcher(site: Site, now: datetime) -> list[Check]:
    """Who watches, when they last gave a sign of life, and whether with this site file."""
    held = is_held(path_of(site.store_url))
    with opened(site) as store, store.read() as session:
        beat = events.heartbeat(session)
    if not held:
        told = "watch-none" if beat is None else "watch-ended"
        age = {} if beat is None else {"age_s": f"{max(0.0, (now - beat.last_cycle_at).total_seconds()):.0f}"}
        return [make(Group.WATCH, "watch", Verdict.ATTENTION, told, "watch", **age)]
    if beat is None:
        return [make(Group.WATCH, "watch", Verdict.ATTENTION, "watch-begins", "watch-begins")]
    age_s = (now - beat.last_cycle_at).total_seconds()
    who = {"holder": f"{beat.host}:{beat.pid}", "age_s": f"{max(0.0, age_s):.0f}"}
    if age_s > HEARTBEAT_SILENT_S:
        return [make(Group.WATCH, "watch", Verdict.FAULT, "watch-silent", "watch-silent", **who)]
    found = [make(Group.WATCH, "watch", Verdict.OK, "watch", **who)]
    if beat.fingerprint != site.fingerprint:
        found.append(make(Group.WATCH, "watch-site", Verdict.FAULT, "watch-other-site", "watch-restart", **who))
    return found


def service() -> list[Check]:
    """The systemd unit; without systemd that does not apply."""
    program = shutil.which("systemctl")
    if program is None:
        return [make(Group.WATCH, "unit", Verdict.NOT_INSTALLED, "no-systemd")]
    try:
        done = subprocess.run(
            [program, "show", UNIT, "--property=LoadState,UnitFileState,ActiveState"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=SYSTEMCTL_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return [make(Group.WATCH, "unit", Verdict.UNKNOWN, "systemd-silent", "systemd-silent")]
    if done.returncode != 0:
        # In a container systemctl is there, but no systemd runs.
        return [make(Group.WATCH, "unit", Verdict.NOT_INSTALLED, "no-systemd")]
    told = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    return unit(told.get("LoadState", ""), told.get("UnitFileState", ""), told.get("ActiveState", ""))


def unit(load: str, enabled: str, active: str) -> list[Check]:
    """What systemd's words for the unit mean (systemctl(1), org.freedesktop.systemd1(5))."""
    if load != "loaded":
        return [make(Group.WATCH, "unit", Verdict.ATTENTION, "unit-none", "unit", unit=UNIT)]
    if active not in ("active", "activating", "reloading"):
        return [make(Group.WATCH, "unit", Verdict.FAULT, "unit-down", "unit-start", unit=UNIT, state=active)]
    if not enabled.startswith("enabled"):
        return [make(Group.WATCH, "unit", Verdict.ATTENTION, "unit-not-enabled", "unit-enable", unit=UNIT)]
    return [make(Group.WATCH, "unit", Verdict.OK, "unit", unit=UNIT)]
