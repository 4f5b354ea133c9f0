"""`python -m tests.disk_full [FOLDER]`: is anything lost when the disk fills up, and does the same program go on after?

A desk with its watch works on a file system that is filled to the last byte during an answer, a signature, a
checkpoint of the log, an export over an older workbook, a start after a crash, and a backup. Each time the act must be
refused with one sentence, everything acknowledged before must be there, the ledger must verify, and after the space
is given back the same program must go on. Exit code 1 when something is wrong.

The file system is a small tmpfs where mounting is allowed. `--limit` uses RLIMIT_FSIZE instead, in which every write
fails as it does at a quota.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from dutyroom import clock
from dutyroom.duty import answering, rounds, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.backups import back_up
from dutyroom.duty.desk import Desk
from dutyroom.duty.records import read_room
from dutyroom.errors import DutyroomError, RoundRefused
from dutyroom.model.backup import BackupReason
from dutyroom.model.checklist import ItemKind, WalkLine
from dutyroom.model.rounds import RoundState
from dutyroom.rules.report_period import parse
from dutyroom.sending import write_period
from dutyroom.store import rounds as round_rows
from dutyroom.store.database import Store
from dutyroom.store.verify import verify
from dutyroom.watch.loop import Watch
from tests.desks import ACTOR, ADMIN, PASSWORD, opened_desk

SIZE = 96_000_000
MONTH = "2026-11"
DEADLINE_S = 20.0


class Disk(Protocol):
    """A place that can be made full and given back."""

    folder: Path

    def fill(self) -> None:
        """From now on nothing can be written that was not there."""

    def free(self) -> None:
        """There is space again."""


class SmallDisk:
    """A tmpfs with a ballast file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """To the last byte."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for block in (1 << 20, 4096, 1):
                try:
                    while True:
                        ballast.write(b"\0" * block)
                except OSError:
                    continue

    def free(self) -> None:
        """The ballast goes."""
        self._ballast.unlink(missing_ok=True)


class LimitedFiles:
    """No file of this process may be written beyond its first block."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self) -> None:
        """Python ignores SIGXFSZ, so that a write fails with EFBIG."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, self._before[1]))

    def free(self) -> None:
        """As before."""
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk | None]:
    """A tmpfs mounted on the folder and taken away afterwards, or None where mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "dutyroom-test", str(folder)]
    try:
        mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        yield None
        return
    try:
        yield SmallDisk(folder)
    finally:
        # Lazily, so that a file somebody still holds open cannot keep the mount for ever.
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


@dataclass(slots=True)
class Run:
    """One desk on a disk: what was acknowledged, and everything found wrong. `sentences` are what people were told."""

    disk: Disk
    desk: Desk
    acknowledged: dict[tuple[str, str], str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    acts: int = 0

    def answer(self, round_id: int, line: WalkLine) -> None:
        """One answer; acknowledged when the act returned."""
        entry = answering.record_answer(self.desk, ACTOR, round_id, line, given(line), clock.now())
        assert entry.answer is not None
        self.acknowledged[entry.key] = entry.answer

    def while_full(self, name: str, act: Callable[[], object]) -> None:
        """The act on a full disk is refused with a sentence; nothing acknowledged is lost; then it goes through."""
        self.acts += 1
        self.disk.fill()
        try:
            act()
        except DutyroomError as error:
            self.sentences.append(f"{name}: {error}")
            if not str(error).endswith((".", "。")) or "Traceback" in str(error):
                self.wrong.append(f"{name}: not a sentence: {error}")
        except BaseException as error:
            self.wrong.append(f"{name}: {type(error).__name__}: {error}")
        else:
            self.wrong.append(f"{name}: went through on a full disk")
        finally:
            self.compare(f"{name}, full")
            self.disk.free()
        self.compare(f"{name}, freed")
        try:
            act()
        except DutyroomError as error:
            self.wrong.append(f"{name}: does not go on when there is space again: {error}")

    def compare(self, when: str) -> None:
        """Everything acknowledged is in the store, and the ledger has no fault."""
        try:
            with self.desk.store.read() as session:
                held = {entry.key: entry.answer for entry in round_rows.entries(session, 1)}
                faults = verify(session).faults
        except DutyroomError as error:
            self.wrong.append(f"{when}: the records cannot be read: {error}")
            return
        lost = [key for key, answer in self.acknowledged.items() if held.get(key) != answer]
        if lost:
            self.wrong.append(f"{when}: lost {lost}")
        if faults:
            self.wrong.append(f"{when}: {faults}")


def given(line: WalkLine) -> Given:
    """An answer that can stand for a line."""
    item = line.item
    if item.choices:
        return Given(item.choices[0].value, "seen")
    if item.kind is ItemKind.TEXT:
        return Given("nothing")
    return Given("normal" if item.kind is ItemKind.CHECK else f"{item.limit.normal.low if item.limit.normal else 1:g}")


def scenarios(disk: Disk) -> Run:
    """Everything, one after the other, in one process."""
    with opened_desk(disk.folder) as desk:
        run = Run(disk, desk)
        walk = rounds.start_round(desk, ACTOR, clock.now())
        lines = list(walk.lines)
        for line in lines[: len(lines) // 2]:
            run.answer(walk.round.id, line)
        target = lines[len(lines) // 2]
        run.while_full("answer", lambda: run.answer(walk.round.id, target))
        for line in lines[len(lines) // 2 + 1 :]:
            run.answer(walk.round.id, line)
        _checkpoint(run)
        run.while_full("sign", lambda: signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, clock.now()))
        if walks.load_walk(desk, walk.round.id).round.state is not RoundState.SIGNED:
            run.wrong.append("sign: the round is not signed after the space came back")
        _export(run)
        run.while_full("backup", lambda: back_up(desk.store, desk.site, BackupReason.HAND, clock.now()))
        _watch(run)
    _after_a_crash(run)
    return run


def _checkpoint(run: Run) -> None:
    """The log is emptied into the file while there is no space: it may fail, and loses nothing."""
    run.acts += 1
    from dutyroom.store.connection import connect

    connection = connect(run.desk.store.path)
    try:
        run.disk.fill()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except Exception as error:
            run.sentences.append(f"checkpoint: {type(error).__name__}: {error}")
        run.compare("checkpoint, full")
        run.disk.free()
        busy, _log, _done = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            run.wrong.append("checkpoint: the log is not emptied when there is space again")
    finally:
        run.disk.free()
        connection.close()
    run.compare("checkpoint, freed")


def _export(run: Run) -> None:
    """A workbook over an older one: the old file stays to the byte, and nothing is left beside it."""
    folder = run.disk.folder / "workbooks"
    folder.mkdir()
    path = folder / "month.xlsx"
    write_period(run.desk, ADMIN, parse(MONTH), path, "en", clock.now)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    seen: list[str] = []

    def export() -> None:
        try:
            write_period(run.desk, ADMIN, parse(MONTH), path, "en", clock.now)
        finally:
            seen.append(hashlib.sha256(path.read_bytes()).hexdigest())

    run.while_full("export", export)
    if seen[0] != before:
        run.wrong.append("export: the older workbook is not what it was")
    if [one.name for one in folder.iterdir()] != ["month.xlsx"]:
        run.wrong.append(f"export: left over: {sorted(one.name for one in folder.iterdir())}")


def _watch(run: Run) -> None:
    """The watch goes on asking, says in one line that nothing is recorded, and records again by itself."""
    from tests.watch.test_watch import FAST, sources

    run.acts += 1
    desk = replace(run.desk, site=replace(run.desk.site, poll=FAST))
    asked = sources()
    watch = Watch(desk.site, desk.store, lambda: list(asked.values()))
    watch.start()
    try:
        _wait(run, "watch: records", lambda: watch.cycle.recorded_at is not None)
        run.disk.fill()
        _wait(run, "watch: says that nothing is recorded", lambda: bool(watch.trouble))
        run.sentences.append(f"watch: {watch.trouble}")
        stored = read_room(desk, clock.now()).latest["ups-a"].sample
        _wait(run, "watch: goes on asking", lambda: watch.latest["ups-a"].sample.at > stored.at)
        run.compare("watch, full")
        run.disk.free()
        _wait(run, "watch: records again", lambda: not watch.trouble)
        last = watch.latest["ups-a"].sample.at
        _wait(
            run, "watch: what it saw is stored", lambda: read_room(desk, clock.now()).latest["ups-a"].sample.at >= last
        )
    finally:
        run.disk.free()
        watch.stop()


def _wait(run: Run, what: str, is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not is_so():
        if time.monotonic() > end:
            run.wrong.append(f"{what}: did not happen")
            return
        time.sleep(0.02)


def _crash(folder: str) -> None:
    """Writes an answer's worth into the log and ends as a killed program does."""
    store = Store.open(f"sqlite:///{folder}/dutyroom.db")
    with store.write() as session:
        from dutyroom.store import events

        events.request_poll(session, clock.now())
    os._exit(9)


def _after_a_crash(run: Run) -> None:
    """A program that was killed on a disk that is full now: opening says so, or works; later everything is there."""
    run.acts += 1
    child = multiprocessing.get_context("spawn").Process(target=_crash, args=(str(run.disk.folder),))
    child.start()
    child.join()
    # What is lost with the machine's memory at a power cut: opening has to make it anew.
    (run.disk.folder / "dutyroom.db-shm").unlink(missing_ok=True)
    run.disk.fill()
    url = run.desk.site.store_url
    try:
        Store.open(url).close()
    except DutyroomError as error:
        run.sentences.append(f"open: {error}")
        if error.code not in ("disk-full", "disk-error"):
            run.wrong.append(f"open: told as {error.code}: {error}")
    finally:
        run.disk.free()
    store = Store.open(url)
    try:
        again = Run(run.disk, replace(run.desk, store=store), run.acknowledged, run.wrong)
        again.compare("open, freed")
    finally:
        store.close()


def refused_below_50_mb(disk: SmallDisk) -> list[str]:
    """A round is not begun with too little space; one that is open is answered and signed all the same."""
    wrong: list[str] = []
    with opened_desk(disk.folder) as desk:
        now = clock.now()
        walk = rounds.start_round(desk, ACTOR, now)
        (disk.folder / "ballast").write_bytes(b"\0" * (SIZE - 30_000_000))
        try:
            if rounds.start_round(desk, ACTOR, now).round.id != walk.round.id:
                wrong.append("the open round is another one")
            run = Run(disk, desk)
            for line in walk.lines:
                run.answer(walk.round.id, line)
            signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, clock.now())
            later = replace(desk, checklist=replace(desk.checklist, name="weekly"))
            try:
                rounds.start_round(later, ACTOR, now)
                wrong.append("a round was begun")
            except RoundRefused as refused:
                if refused.code != "disk" or str(disk.folder) not in str(refused):
                    wrong.append(str(refused))
        finally:
            disk.free()
    return wrong


def limited(folder: str, told: str) -> None:
    """The scenarios under RLIMIT_FSIZE, in a process of their own; what was wrong goes into a file."""
    run = scenarios(LimitedFiles(Path(folder)))
    Path(told).write_text("\n".join(run.wrong), "utf-8")


def main() -> int:
    """Runs and tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", action="store_true", help="RLIMIT_FSIZE instead of a small disk")
    parser.add_argument("--count", type=int, default=1)
    chosen = parser.parse_args()
    wrong, acts, kept, began = [], 0, 0, time.monotonic()
    run: Run | None = None
    for _number in range(chosen.count):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "disk")
            if chosen.limit:
                place.mkdir(mode=0o700)
                run = scenarios(LimitedFiles(place))
            else:
                with small_disk(place) as disk:
                    if disk is None:
                        print("no file system can be mounted here: use --limit")
                        return 1
                    run = scenarios(disk)
        wrong += run.wrong
        acts, kept = acts + run.acts, kept + len(run.acknowledged)
    if run is not None:
        print("\n".join(run.sentences))
    print(
        f"{acts} acts on a full disk, {kept} answers acknowledged, {len(wrong)} wrong, {time.monotonic() - began:.1f} s"
    )
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
