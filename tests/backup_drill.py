"""`python -m tests.backup_drill --backups 200 --damaged 100`: does every backup restore, and is every bad one refused?

One process writes as the watch does (samples, events, its heartbeat) all the time, another walks and signs rounds
through the duty functions and tells of each answer once it is on the disk. Meanwhile backups are taken. Each one is
checked, restored into a fresh place through `dutyroom.duty.restore`, and verified there; every answer that was told of
before the backup began must be in it. Then copies of the backups are damaged in every way there is
(`tests.damage`), and each must be refused. Exit code 1 when one backup was not whole or one damaged copy passed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from dutyroom import clock
from dutyroom.checklists import shipped, text_of
from dutyroom.duty import answering, restore, rounds, signing
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.errors import StoreError
from dutyroom.model.backup import BackupReason
from dutyroom.model.checklist import ItemKind, WalkLine
from dutyroom.model.events import Event, Heartbeat
from dutyroom.store import backup, events, ledger, manifests, readings
from dutyroom.store import rounds as round_rows
from dutyroom.store.database import Store
from dutyroom.store.verify import verify
from tests.damage import WAYS, copied
from tests.desks import ACTOR, ADMIN, PASSWORD, all_samples, make_site, opened_desk

# Later than every record of the desk: no round is signed with a clock before the newest record.
BEGAN = datetime(2027, 1, 6, 0, 40, tzinfo=UTC)


@dataclass(slots=True)
class Toll:
    """What a drill found: sentences for what went wrong, counts for the rest."""

    backups: int = 0
    restored: int = 0
    damaged: int = 0
    refused: int = 0
    told: int = 0
    lines: int = 0
    samples: int = 0
    longest_s: float = 0.0
    slowest_write_s: float = 0.0
    ways: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"backups {self.backups}, restored and verified {self.restored}, damaged copies {self.damaged}, refused "
            f"{self.refused} ({len(self.ways)} ways), ledger lines told of {self.told}, ledger lines in the last "
            f"backup {self.lines}, samples written meanwhile {self.samples}, longest backup {self.longest_s:.2f} s, "
            f"slowest write meanwhile {self.slowest_write_s:.2f} s, faults {len(self.faults)}"
        )


def given_for(line: WalkLine) -> Given:
    """An answer of any kind of line."""
    if line.item.choices:
        return Given(line.item.choices[0].value, note="seen")
    if line.item.kind in (ItemKind.NUMBER, ItemKind.COMPUTED):
        bounds = line.item.limit.normal or line.item.limit.physical
        return Given("1" if bounds is None else f"{(bounds.low + bounds.high) / 2:g}", note="seen")
    return Given("normal")


def _desk(folder: Path) -> Desk:
    site = make_site(folder / "dutyroom.db")
    return Desk(Store.open(site.store_url), site, shipped("daily", site.limit_profile), text_of("daily"))


def watch_on(folder: Path, voice: Connection) -> None:
    """Writes as a watch does until the pipe is closed; tells how many samples, and how long the slowest write took."""
    desk, slowest, count = _desk(folder), 0.0, 0
    with suppress(EOFError, BrokenPipeError, OSError):
        # A pause as short as this still writes a hundred times as often as a watch does. With none at all the other
        # writer would starve: SQLite wakes nobody who waits for its lock.
        while not voice.poll(0.005):
            now, began = clock.now(), clock.monotonic()
            with desk.store.write() as session:
                readings.put_samples(session, all_samples(now), {})
                events.add(session, [Event(now, "core-1", "port-down", (("port", "Gi0/0/1"),))])
                events.beat(session, Heartbeat("drill", 1, now, now, desk.site.fingerprint))
            slowest, count = max(slowest, clock.monotonic() - began), count + 4
            voice.send((count, slowest))
    desk.store.close()


def fill_on(folder: Path, voice: Connection) -> None:
    """Walks and signs one round after the other, each of a later day; tells the newest ledger line after each act."""
    desk, day = _desk(folder), 0
    with suppress(EOFError, BrokenPipeError, OSError):
        while True:
            at = BEGAN + timedelta(days=day)
            walk = rounds.start_round(desk, ACTOR, at)
            for line in walk.lines:
                answering.record_answer(desk, ACTOR, walk.round.id, line, given_for(line), at)
                _tell(desk, voice)
            signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, at)
            _tell(desk, voice)
            day += 1


def _tell(desk: Desk, voice: Connection) -> None:
    with desk.store.read() as session:
        (newest,) = ledger.lines(session, limit=1)
    voice.send((newest.seq, newest.hash))
    if voice.poll():
        raise EOFError


class Teller:
    """A process that writes and says what it wrote."""

    def __init__(self, what: object, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, childs_end = context.Pipe()
        self.process = context.Process(target=what, args=(folder, childs_end), daemon=True)  # type: ignore[arg-type]
        self.process.start()
        childs_end.close()
        self.said: list[tuple[object, object]] = []

    def listen(self) -> None:
        """Takes in what was said so far."""
        while self.pipe.poll():
            self.said.append(self.pipe.recv())

    def wait(self, more: int) -> None:
        """Waits until so much more was said."""
        until, wanted = clock.monotonic() + 60, len(self.said) + more
        while len(self.said) < wanted:
            assert clock.monotonic() < until, "the writer stands still"
            if self.pipe.poll(1.0):
                self.said.append(self.pipe.recv())

    def end(self) -> None:
        """Ends it."""
        with suppress(OSError):
            self.pipe.send("end")
        until = clock.monotonic() + 20
        while self.process.is_alive() and clock.monotonic() < until:
            with suppress(EOFError, OSError):
                self.listen()
            self.process.join(0.05)
        self.process.kill()
        self.process.join(10)
        self.pipe.close()


def take(folder: Path, number: int, filler: Teller, toll: Toll) -> Path:
    """One backup; what was told of before it began must be in it."""
    filler.wait(1)
    filler.listen()
    seq, digest = filler.said[-1]
    at = clock.now() + timedelta(seconds=number)
    file = folder / "backups" / manifests.name_of(at, BackupReason.HAND)
    began = clock.monotonic()
    manifest = backup.make(folder / "dutyroom.db", file, BackupReason.HAND, at)
    toll.longest_s = max(toll.longest_s, clock.monotonic() - began)
    toll.backups += 1
    toll.told, toll.lines = len(filler.said), manifest.counts["ledger"]
    if manifest.seq < int(str(seq)):
        toll.faults.append(f"backup {number}: line {seq} was acknowledged before it began, it ends at {manifest.seq}")
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        restored(file, Path(fresh), (int(str(seq)), str(digest)), number, toll)
    return file


def restored(file: Path, fresh: Path, told: tuple[int, str], number: int, toll: Toll) -> None:
    """Restores a backup into a fresh place and verifies it there."""
    url, manifest = f"sqlite:///{fresh / 'dutyroom.db'}", backup.check(file)
    done = restore.restore(file, url, fresh / "backups", lambda store: ADMIN, clock.now())
    store = Store.open(url)
    try:
        with store.read() as session:
            found, lines = verify(session), {line.seq: line.hash for line in ledger.lines(session)}
            kept = round_rows.rounds(session)
    finally:
        store.close()
    if found.faults or found.lines != manifest.seq + 1 or found.head != done.line.hash:
        toll.faults.append(f"backup {number}: the restored store does not verify: {found.faults[:3]}")
    elif lines.get(told[0]) != told[1]:
        toll.faults.append(f"backup {number}: line {told[0]} is not the one that was acknowledged")
    elif len(kept) != manifest.counts["rounds"]:
        toll.faults.append(f"backup {number}: {len(kept)} rounds, {manifest.counts['rounds']} were backed up")
    else:
        toll.restored += 1


def damage(files: list[Path], folder: Path, count: int, rng: random.Random, toll: Toll) -> None:
    """Damages copies of the backups, every way in turn, and sees whether each is refused."""
    for number in range(count):
        way = WAYS[number % len(WAYS)]
        at = rng.randrange(1, len(files))
        file = copied(files[at], folder / f"damaged-{number}")
        way(file, files[rng.randrange(at)], rng)
        toll.damaged += 1
        toll.ways[way.__name__] += 1
        try:
            backup.check(file)
        except StoreError:
            toll.refused += 1
        else:
            toll.faults.append(f"copy {number}: {way.__name__} was not refused")
        for left in file.parent.iterdir():
            left.unlink()
        file.parent.rmdir()


def run(folder: Path, backups: int, damaged: int, seed: int) -> Toll:
    """The whole drill in a folder."""
    with opened_desk(folder):
        pass
    toll, rng, files = Toll(), random.Random(seed), list[Path]()
    watcher, filler = Teller(watch_on, folder), Teller(fill_on, folder)
    try:
        watcher.wait(1)
        for number in range(backups):
            files.append(take(folder, number, filler, toll))
            watcher.listen()
    finally:
        filler.end()
        watcher.end()
    count, slowest = watcher.said[-1]
    toll.samples, toll.slowest_write_s = int(str(count)), float(str(slowest))
    damage(files, folder, damaged, rng, toll)
    return toll


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.backup_drill")
    parser.add_argument("--backups", type=int, default=200)
    parser.add_argument("--damaged", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        toll = run(Path(folder), asked.backups, asked.damaged, asked.seed)
    print(f"{toll}, seed {asked.seed}, {time.monotonic() - began:.0f} s")
    for fault in toll.faults:
        print(fault)
    good = toll.restored == asked.backups and toll.refused == asked.damaged and not toll.faults
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
