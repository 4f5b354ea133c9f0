"""A backup job by the files it leaves, as `BackupFacts`: names, times and sizes only; no file is opened.

The folder may be a network mount that hangs, so that it is looked at by a thread that may be left behind.
States: ok (the folder was read, whatever is in it), unreachable (no such folder, or it cannot be read), denied (this
account may not), timeout (it hangs).
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

from dutyroom.clock import monotonic
from dutyroom.inert import inert
from dutyroom.model.facts import BackupFacts, BackupFile
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.sources.aside import Aside
from dutyroom.sources.base import Source

DEADLINE_S = 10.0
# A file written to in the last minute is still being written, or was finished just now: the next look tells.
SETTLED_S = 60.0
# The clock of a file server may be behind ours: the newest file, when it is not much older, is looked at twice.
TWICE_S, APART_S = 3600.0, 0.5
WEEK = timedelta(days=7)
# More files than this are no backup job but a pattern that is wrong.
MOST_FILES = 100_000
_MAGIC = re.compile(r"[*?]")


class TooMany(ValueError):
    """The pattern matches more files than a backup job leaves."""


@dataclass(frozen=True, slots=True)
class _Seen:
    path: str
    at_s: float
    size: int


class BackupSource(Source):
    """Looks at the files that match `pattern` (an absolute path; `*` and `?` stand for others)."""

    kind = Kind.BACKUP

    def __init__(self, name: str, pattern: str) -> None:
        self.name, self.pattern = name, pattern
        self._folder: Aside[BackupFacts] = Aside(f"backup-{name}")

    async def sample(self, now: datetime) -> Sample:
        """One look. While one hangs, no other is begun."""
        started = monotonic()
        try:
            facts = await self._folder.ask(lambda: look(self.pattern, now.timestamp()), DEADLINE_S)
        except TimeoutError:
            return self._sample(now, started, State.TIMEOUT, f"the folder does not answer within {DEADLINE_S:g} s")
        except PermissionError as error:
            return self._sample(now, started, State.DENIED, _said(error))
        except OSError as error:
            return self._sample(now, started, State.UNREACHABLE, _said(error))
        except TooMany:
            return self._sample(now, started, State.PROTOCOL, f"more than {MOST_FILES} files match the pattern")
        return self._sample(now, started, State.OK, "", facts)

    async def aclose(self) -> None:
        """Nothing stays open between two looks."""

    def _sample(
        self, now: datetime, started: float, state: State, detail: str, facts: BackupFacts | None = None
    ) -> Sample:
        took_s = monotonic() - started
        at = now + timedelta(seconds=took_s)
        return Sample(self.name, self.kind, at, state, detail, took_s=took_s, backup=facts)


def look(pattern: str, now_s: float) -> BackupFacts:
    """What lies there now; it takes as long as the disk takes.

    Raises OSError when the folder, or one the pattern goes through, cannot be read; TooMany.
    """
    order = sorted(_files_of(pattern), key=lambda one: (one.at_s, one.path), reverse=True)
    busy = {one.path for one in order if 0 <= now_s - one.at_s < SETTLED_S}
    if order and order[0].path not in busy and now_s - order[0].at_s < TWICE_S and _grows(order[0]):
        busy.add(order[0].path)
    return _facts(pattern, order, busy)


def _grows(one: _Seen) -> bool:
    time.sleep(APART_S)
    facts = os.stat(one.path)
    return (facts.st_mtime, facts.st_size) != (one.at_s, one.size)


def _files_of(pattern: str) -> list[_Seen]:
    found: list[_Seen] = []
    for path in _matching(pattern):
        try:
            facts = os.stat(path)
        except FileNotFoundError:
            continue  # gone since it was listed, or a link to nothing
        if stat.S_ISREG(facts.st_mode):
            found.append(_Seen(path, facts.st_mtime, facts.st_size))
        if len(found) > MOST_FILES:
            raise TooMany(pattern)
    return found


def _matching(pattern: str) -> Iterator[str]:
    *parents, last = pattern.split("/")
    plain: list[str] = []
    for part in parents:
        if _MAGIC.search(part):
            break
        plain.append(part)
    base = "/".join(plain) or "/"
    folders = [base]
    for part in parents[len(plain) :]:
        folders = [path for folder in folders for path in _inside(folder, part) if os.path.isdir(path)]
    for folder in folders:
        yield from _inside(folder, last)


def _inside(folder: str, part: str) -> Iterator[str]:
    # As a shell does it: a hidden file is meant only when the pattern says so.
    hidden = part.startswith(".")
    # Brackets are part of the name: only * and ? stand for others.
    escaped = part.replace("[", "[[]")
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") is hidden and fnmatchcase(entry.name, escaped):
                yield entry.path


def _facts(pattern: str, order: list[_Seen], busy: set[str]) -> BackupFacts:
    newest = next((one for one in order if one.path not in busy), None)
    writing = next((one for one in order if one.path in busy), None)
    days: dict[str, tuple[datetime, int]] = {}
    if newest is not None:
        since_s = newest.at_s - WEEK.total_seconds()
        for one in reversed(order):
            if one is not newest and one.path not in busy and one.size and since_s <= one.at_s <= newest.at_s:
                at = _moment(one.at_s)
                days[at.date().isoformat()] = (at, one.size)
        days.pop(_moment(newest.at_s).date().isoformat(), None)
    return BackupFacts(
        pattern=inert(pattern),
        count=len(order),
        newest=_file(newest) if newest is not None else None,
        writing=_file(writing) if writing is not None else None,
        recent=tuple(sorted(days.values())),
    )


def _file(one: _Seen) -> BackupFile:
    return BackupFile(inert(one.path), _moment(one.at_s), one.size)


def _moment(at_s: float) -> datetime:
    # A disk may tell any number; the calendar ends at the year 9999.
    return datetime.fromtimestamp(min(max(at_s, 0.0), 253_402_300_000.0), UTC)


def _said(error: OSError) -> str:
    what = os.strerror(error.errno) if error.errno is not None else str(error)
    hint = " (is the disk mounted?)" if error.errno in (errno.ENOENT, errno.ESTALE, errno.EHOSTDOWN) else ""
    return f"{inert(str(error.filename or ''), 120)}: {what}{hint}"
