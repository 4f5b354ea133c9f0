"""The checks in their order, each in a thread of its own with a deadline: one that hangs holds nothing up.

Nothing is written and no store is made. Without a site file the machine and the terminal are still looked at.
"""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dutyroom import clock
from dutyroom.doctor import machine, terminal
from dutyroom.doctor.check import Check, Group, Probe, make
from dutyroom.doctor.targets import Ask
from dutyroom.doctor.terminal import Terminal
from dutyroom.errors import DutyroomError
from dutyroom.model.reading import Verdict

# A poll over SNMP ends by its own deadline after some ten seconds; so does a ledger of years.
SOURCES_S, LEDGER_S = 40.0, 120.0


@dataclass(frozen=True, slots=True)
class Around:
    """What is looked at. `site_file` None: there is none. `terminal` None: this is a script."""

    site_file: Path | None
    environment: Mapping[str, str]
    terminal: Terminal | None
    ask: Ask


def examine(around: Around) -> Iterator[Check]:
    """Every check, as it is made."""
    for probe in probes(around):
        yield from answers(probe)


def probes(around: Around) -> Iterator[Probe]:
    """The checks still to be made; the later ones depend on what the site file says, so take one after the other."""
    # Imported here: SQLAlchemy is loaded by the thread that looks, not before the first line is told.
    yield Probe(Group.MACHINE, "python", machine.python)
    yield Probe(Group.MACHINE, "encoding", partial(machine.encoding, around.environment))
    yield Probe(Group.MACHINE, "snmpv3", machine.encryption)
    yield Probe(Group.MACHINE, "sqlite", _sqlite)
    yield Probe(Group.TERMINAL, "terminal", partial(terminal.checks, around.terminal, around.environment))
    if around.site_file is None:
        yield Probe(Group.SITE, "site-file", _no_site_file)
        return
    yield from _of_site(around.site_file, around.ask)


def _of_site(path: Path, ask: Ask) -> Iterator[Probe]:
    from dutyroom.doctor import files, records, targets, watching
    from dutyroom.doctor.site import read, secret_files

    found = read(path)
    yield Probe(Group.SITE, "site-file", lambda: found.checks)
    yield Probe(Group.SITE, "secrets", partial(secret_files, path))
    site = found.site
    if site is None:
        return
    opens = False

    def database() -> Sequence[Check]:
        nonlocal opens
        checks = records.database(site)
        opens = checks[0].verdict is Verdict.OK
        return checks

    yield Probe(Group.RECORDS, "store", database)
    yield Probe(Group.RECORDS, "space", partial(records.space, site))
    # Whoever takes the probes has made the one before: what cannot be opened is told once.
    if opens:
        yield Probe(Group.RECORDS, "store-mode", partial(files.store_files, found.database))
        yield Probe(Group.RECORDS, "ledger", partial(records.whole, site), LEDGER_S)
        yield Probe(Group.RECORDS, "clock", lambda: records.clock_of(site, clock.now()))
        yield Probe(Group.RECORDS, "backup", lambda: records.backed_up(site, clock.now()))
        yield Probe(Group.WATCH, "watch", lambda: watching.watcher(site, clock.now()))
    yield Probe(Group.WATCH, "unit", watching.service)
    yield Probe(Group.SOURCES, "source", partial(targets.targets, site, ask), SOURCES_S)


def answers(probe: Probe) -> Sequence[Check]:
    """What the probe found; that it could not be made, or took too long, is a check too."""
    found: queue.Queue[Sequence[Check] | BaseException] = queue.Queue()

    def look() -> None:
        try:
            found.put(probe.run())
        except (DutyroomError, OSError, ValueError, ArithmeticError, LookupError, subprocess.SubprocessError) as error:
            found.put(error)

    # A daemon: a disk or a name server that never answers must not keep the program from ending.
    threading.Thread(target=look, name=f"doctor-{probe.code}", daemon=True).start()
    try:
        told = found.get(timeout=probe.within_s)
    except queue.Empty:
        seconds = f"{probe.within_s:.0f}"
        return [make(probe.group, probe.code, Verdict.UNKNOWN, "too-slow", "too-slow", seconds=seconds)]
    if isinstance(told, BaseException):
        sentence = str(told) or type(told).__name__
        return [make(probe.group, probe.code, Verdict.FAULT, "failed", "failed", sentence=sentence)]
    return told


def _sqlite() -> Sequence[Check]:
    from dutyroom.doctor.records import sqlite

    return sqlite()


def _no_site_file() -> list[Check]:
    return [make(Group.SITE, "site-file", Verdict.FAULT, "site-none", "site-none")]
