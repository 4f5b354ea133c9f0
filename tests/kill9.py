"""`python -m tests.kill9 --kills 200 --seed 1`: is an answer that the screen shows as saved really never lost?

The real application walks and signs rounds in a child process over one store, with a live watch beside it. It is
killed with SIGKILL at moments a seeded generator chooses, many of them inside a commit. After each kill every answer
and signature the child told of must be in the store, the ledger must verify without a fault, the file must be whole,
and the next child goes on with the same round. Exit code 1 when something was lost or damaged.

`--early` is the control: the children tell of answers before they are saved. It has to lose some.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import select
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from dutyroom import clock
from dutyroom.model.rounds import Entry, RoundState
from dutyroom.store import ledger, rounds
from dutyroom.store.database import Store, connect
from dutyroom.store.verify import verify
from tests.desks import opened_desk
from tests.kill9_child import Orders, live, site_of

DEADLINE_S = 60.0
ENOUGH_FAULTS = 5
Line = dict[str, Any]


@dataclass(slots=True)
class Toll:
    """What a run found.

    `told`: the rows (or keys) of the answers that were shown as saved; `lost` and `faults`: a sentence for each;
    `in_commit`: kills between the begin and the end of a commit; `in_act`: those of an answer or signature.
    """

    kills: int = 0
    told: set[str] = field(default_factory=set)
    signatures: int = 0
    in_commit: int = 0
    in_act: int = 0
    open_rounds: int = 0
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"kills {self.kills}, inside a commit {self.in_commit} ({self.in_act} of an answer or signature), "
            f"in an open round {self.open_rounds}, answers told {len(self.told)}, signatures told {self.signatures}, "
            f"lost {len(self.lost)}, faults {len(self.faults)}"
        )


class Life:
    """One child: what it says is read until the moment to kill it comes."""

    def __init__(self, orders: Orders) -> None:
        self.lines: list[Line] = []
        self._rest = b""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.kill9_child", "argon2", "textual.drivers.headless_driver"])
        self._pipe, childs_end = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(target=live, args=(orders, childs_end), daemon=True)
        self._process.start()
        childs_end.close()
        self._born = clock.monotonic()

    def count(self, what: str) -> int:
        """How many lines of a kind were said."""
        return sum(line["what"] == what for line in self.lines)

    def is_over(self) -> bool:
        """True when the round is shown as signed or the child has ended by itself."""
        return self.count("signed") + self.count("ended") > 0

    def until(self, is_so: Callable[[], bool], within_s: float) -> bool:
        """Reads until something is so; False when the time is over or the child has ended."""
        end = clock.monotonic() + within_s
        while not is_so():
            left = end - clock.monotonic()
            if left <= 0 or not self._read(left):
                return False
        return True

    def kill(self) -> list[Line]:
        """Ends the child as a power switch would; gives all it said, up to the last whole line."""
        self._process.kill()
        while self._read(5.0):
            continue
        self._process.join(10)
        self._process.close()
        self._pipe.close()
        return self.lines

    def _read(self, within_s: float) -> bool:
        if not select.select([self._pipe], [], [], within_s)[0]:
            return True
        part = os.read(self._pipe.fileno(), 65536)
        *whole, self._rest = (self._rest + part).split(b"\n")
        self.lines += [json.loads(line) for line in whole]
        return bool(part)


def let_live(life: Life, rng: random.Random) -> bool:
    """Waits for the moment of the kill: while it starts, at some commit of an answer, or any time while it walks.

    False when the child came to nothing before the deadline.
    """
    way = rng.random()
    if way < 0.08:
        life.until(lambda: False, rng.uniform(0.0, 1.0))
        return True
    goes = life.until(lambda: life.is_over() or life.count("walking") > 0, DEADLINE_S)
    if goes and way < 0.3:
        life.until(life.is_over, rng.uniform(0.0, 1.5))
    elif goes:
        wanted = len(_begun(life.lines)) + rng.randint(1, 15)
        goes = life.until(lambda: life.is_over() or len(_begun(life.lines)) >= wanted, DEADLINE_S)
        time.sleep(rng.uniform(0.0, 0.004))
    if life.is_over():
        life.until(lambda: False, rng.uniform(0.0, 0.1))
    return goes


def _begun(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line["what"] == "begin" and _is_writer(line)]


def _is_writer(line: Line) -> bool:
    return str(line["thread"]).startswith("writer")


def count_commits(lines: list[Line], toll: Toll) -> None:
    """Counts the kill as one inside a commit when a thread began one and never said its end."""
    last = {line["thread"]: line for line in lines if line["what"] in ("begin", "end")}
    cut = [line for line in last.values() if line["what"] == "begin"]
    toll.in_commit += bool(cut)
    toll.in_act += any(_is_writer(line) for line in cut)


def check(store: Store, day: int, lines: list[Line], toll: Toll) -> int:
    """Compares what one child told of with the store; what is missing or damaged goes into the toll.

    Gives the day of the next round. There is one round a day, so the round of day 0 has the number 1.
    """
    round_id = day + 1
    with store.read() as session:
        rows = {line.row_sha256 for line in ledger.lines(session)}
        entries = {entry.key: entry for entry in rounds.entries(session, round_id)}
        walked = rounds.get(session, round_id)
        signed = {line["round"] for line in lines if line["what"] == "signed"}
        for number in signed:
            found = rounds.get(session, number)
            if found is None or found.state is not RoundState.SIGNED:
                toll.lost.append(f"kill {toll.kills}: the signature of round {number}")
        faults = verify(session).faults
    for line in lines:
        if line["what"] == "saved" and not _is_kept(line, rows, entries):
            toll.lost.append(f"kill {toll.kills}: {line['key']} = {line['answer']!r} of round {round_id}")
    toll.told |= {line["row"] or f"{round_id} {line['key']}" for line in lines if line["what"] == "saved"}
    toll.signatures += len(signed)
    toll.faults += [f"kill {toll.kills}: ledger {fault}" for fault in faults]
    toll.faults += [f"kill {toll.kills}: {line['error']}" for line in lines if line["what"] == "ended"]
    connection = connect(store.path, mode="ro", query_only=True)
    try:
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
    finally:
        connection.close()
    if whole != "ok":
        toll.faults.append(f"kill {toll.kills}: integrity_check {whole}")
    toll.open_rounds += walked is not None and walked.state is RoundState.OPEN
    return day + (walked is not None and walked.state is RoundState.SIGNED)


def _is_kept(line: Line, rows: set[str], entries: dict[tuple[str, str], Entry]) -> bool:
    """True when the act is in the ledger and its line of the round still stands as told, or as given later."""
    item, device = line["key"]
    entry = entries.get((item, device))
    if not line["row"]:
        return entry is not None and entry.answer == line["answer"]
    if entry is None or line["row"] not in rows:
        return False
    return entry.answer == line["answer"] or entry.at > datetime.fromisoformat(line["at"])


def run(folder: Path, kills: int, seed: int, *, early: bool = False) -> Toll:
    """Kills that many children over one store in the folder."""
    with opened_desk(folder):
        pass
    rng, toll, day, began = random.Random(seed), Toll(), 0, clock.monotonic()
    while toll.kills < kills and len(toll.faults) < ENOUGH_FAULTS:
        life = Life(Orders(folder, day, began, rng.getrandbits(32), early))
        try:
            goes = let_live(life, rng)
        finally:
            lines = life.kill()
        toll.kills += 1
        if not goes:
            toll.faults.append(f"kill {toll.kills}: the program stood still")
        count_commits(lines, toll)
        store = Store.open(site_of(folder).store_url)
        try:
            day = check(store, day, lines, toll)
        finally:
            store.close()
    return toll


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--early", action="store_true", help="the control: it has to lose answers")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dutyroom-kill9-") as folder:
        toll = run(Path(folder), asked.kills, asked.seed, early=asked.early)
    print("\n".join([*toll.lost, *toll.faults, str(toll)]))
    return 1 if toll.lost or toll.faults else 0


if __name__ == "__main__":
    sys.exit(main())
