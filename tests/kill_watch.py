"""`python -m tests.kill_watch --kills 20 --seed 1`: is a killed watcher replaced at once, and is nothing half kept?

A real `dutyroom collect` watches the demo's room (its NUT server and SNMP agents, asked every second) and is killed
with SIGKILL at moments a seeded generator chooses, in the middle of whatever it does. After each kill the lock must be
free at once; every newest sample in the store must be one the watcher saw, whole (as a poll of the same device without
a kill tells it); the polls that are counted must be the samples that were stored, no more and no fewer; the next
watcher must record the time between as polls that nobody made and as an event; ledger and file must be sound. Exit
code 1 otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from dutyroom import clock
from dutyroom.cli.collect import ask_once
from dutyroom.config import load_site
from dutyroom.demo.process import DemoRoom
from dutyroom.demo.site import write_site
from dutyroom.model.reading import Latest, Sample
from dutyroom.model.site import Site
from dutyroom.rules.sources import interval_of
from dutyroom.store import events, readings
from dutyroom.store.database import Store, connect
from dutyroom.store.verify import verify
from dutyroom.watch.lock import WatchLock
from dutyroom.watch.recording import read
from tests.cli.services import Served

# Longer than two polls: shorter is delay and no gap.
AWAY_S = 2.2
LONGEST_LIFE_S = 2.5
SHARE_IN_COMMIT = 0.7
# How long after a sample was seen its transaction may be under way.
IN_COMMIT_S = 0.008


@dataclass(slots=True)
class Toll:
    """What a run found; `faults` holds a sentence for each. `cut`: kills that caught a sample not yet stored."""

    kills: int = 0
    samples: int = 0
    cut: int = 0
    gaps: int = 0
    taken_s: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def fault(self, text: str) -> None:
        """Notes what must not be."""
        self.faults.append(f"kill {self.kills}: {text}")

    def __str__(self) -> str:
        return (
            f"kills {self.kills}, samples seen {self.samples}, kills with a sample under way {self.cut}, gaps recorded "
            f"{self.gaps}, the next watcher was ready after {max(self.taken_s, default=0):.1f} s at most, "
            f"faults {len(self.faults)}"
        )


@contextmanager
def watched_room(folder: Path, seed: int) -> Iterator[tuple[Path, Site]]:
    """The demo's room, everything asked once a second, and its site file."""
    with DemoRoom.start(seed) as room:
        path = write_site(folder, room.ports, "en")
        text = path.read_text("utf-8").replace('ups = "2s"', 'ups = "1s"\nups_on_battery = "1s"')
        path.write_text(
            text.replace('network = "10s"', 'network = "1s"').replace('server = "5s"', 'server = "1s"'), "utf-8"
        )
        yield path, load_site(path)


def shape(sample: Sample) -> tuple[object, ...]:
    """What is the same in every whole sample of a device: the names of all that it tells."""
    ups, device, server = sample.ups, sample.device, sample.server
    return (
        sample.state,
        tuple(name for name, _value in ups.variables) if ups is not None else (),
        tuple(row.index for row in device.interfaces) if device is not None else (),
        len(device.fans) if device is not None else 0,
        tuple(volume.mount for volume in server.volumes) if server is not None else (),
        tuple(link.name for link in server.network) if server is not None else (),
    )


class Witness:
    """Knows what whole samples look like, and counts what every watcher saw and stored."""

    def __init__(self, site: Site, toll: Toll) -> None:
        self.site, self.toll = site, toll
        self.counted: Counter[str] = Counter()
        self.none: Counter[str] = Counter()
        self.gap_events = 0
        found = asyncio.run(ask_once(site, {}))
        self.shapes = {asked.device.name: shape(one.sample) for asked, one in found}

    def look(self, store: Store, recording: Path) -> None:
        """Compares one life's recording with the store after its end."""
        seen: dict[str, list[Sample]] = {}
        for one in read(recording):
            if isinstance(one, Sample):
                seen.setdefault(one.source, []).append(one)
        self.toll.samples += sum(map(len, seen.values()))
        with store.read() as session:
            latest = readings.latest(session)
            polls = readings.polls(session, clock.now() - timedelta(days=1), clock.now() + timedelta(hours=1))
            faults = verify(session).faults
        for name, samples in seen.items():
            self._source(name, samples, latest)
        self.toll.cut += any(
            latest.get(name, None) is None or samples[-1] != latest[name].sample for name, samples in seen.items()
        )
        stored = Counter[str]()
        for hour in polls:
            stored[hour.source] += hour.ok + hour.failed
        if stored != self.counted:
            self.toll.fault(f"{dict(stored)} polls are counted, {dict(self.counted)} samples were stored")
        for fault in faults:
            self.toll.fault(f"ledger {fault}")
        _integrity(store.path, self.toll)

    def _source(self, name: str, samples: list[Sample], latest: Mapping[str, Latest]) -> None:
        kept = latest.get(name)
        if kept is None or kept.sample not in samples:
            if kept is not None and kept.sample.at >= samples[0].at:
                self.toll.fault(f"the newest sample of {name} is none the watcher saw")
            return
        self.counted[name] += samples.index(kept.sample) + 1
        if shape(kept.sample) != self.shapes[name]:
            self.toll.fault(f"a sample of {name} is not whole: {shape(kept.sample)} instead of {self.shapes[name]}")

    def look_at_gap(self, store: Store, since: datetime) -> None:
        """The next watcher has asked everything: the time between is on record."""
        with store.read() as session:
            polls = readings.polls(session, clock.now() - timedelta(days=1), clock.now() + timedelta(hours=1))
            told = [one for one in events.since(session, since) if one.code == "watch-gap"]
        none: Counter[str] = Counter()
        for hour in polls:
            none[hour.source] += hour.none
        # A source that is asked seldom misses no poll in so short a time.
        often = [name for name in self.shapes if 2 * interval_of(self.site, name) < AWAY_S]
        for name in often:
            if none[name] <= self.none[name]:
                self.toll.fault(f"no poll of {name} is counted as never made")
        self.none = none
        if len(told) != 1 or float(told[0].param("by") or 0) < AWAY_S:
            self.toll.fault(f"the gap is no event: {told}")
        self.toll.gaps += len(told)


def _integrity(database: Path, toll: Toll) -> None:
    connection = connect(database, mode="ro", query_only=True)
    try:
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
    finally:
        connection.close()
    if whole != "ok":
        toll.fault(f"integrity_check {whole}")


def all_asked_since(store: Store, site: Site, at: datetime) -> bool:
    """True when every source has a sample after that moment."""
    with store.read() as session:
        latest = readings.latest(session)
    return all(device.name in latest and latest[device.name].sample.at > at for device in site.devices())


def one_life(folder: Path, site_file: Path, witness: Witness, rng: random.Random, killed_at: datetime | None) -> None:
    """A watcher from its start to its kill; looks for the gap before it, and for what it left."""
    folder.mkdir()
    site, toll, recording = witness.site, witness.toll, folder / "seen.jsonl"
    # Taken before the start: what is asked every ten minutes is asked once, at once.
    began, since = time.monotonic(), killed_at or clock.now()
    with Served(site_file, folder, "--record", str(recording)) as service:
        service.until(lambda: any(line == "READY=1" for line in service.told))
        toll.taken_s.append(time.monotonic() - began)
        store = Store.open(site.store_url)
        try:
            service.until(lambda: all_asked_since(store, site, since))
            if killed_at is not None:
                witness.look_at_gap(store, killed_at)
            _until_the_moment(recording, rng)
            service.process.kill()
            service.process.wait()
            toll.kills += 1
            lock = WatchLock(store.path)
            if not lock.acquire():
                toll.fault("the lock is not free")
            lock.release()
            witness.look(store, recording)
        finally:
            store.close()


def _until_the_moment(recording: Path, rng: random.Random) -> None:
    """Any time, and more often just when something was seen and is about to be stored."""
    time.sleep(rng.uniform(0.0, LONGEST_LIFE_S))
    if rng.random() < SHARE_IN_COMMIT:
        size, end = recording.stat().st_size, time.monotonic() + LONGEST_LIFE_S
        while recording.stat().st_size == size and time.monotonic() < end:
            time.sleep(0.0005)
        time.sleep(rng.uniform(0.0, IN_COMMIT_S))


def run(folder: Path, kills: int, seed: int) -> Toll:
    """Kills that many watchers of one room."""
    toll, rng = Toll(), random.Random(seed)
    with watched_room(folder / "room", seed) as (site_file, site):
        witness = Witness(site, toll)
        killed_at: datetime | None = None
        while toll.kills < kills and not toll.faults:
            one_life(folder / f"life-{toll.kills}", site_file, witness, rng, killed_at)
            killed_at = clock.now()
            time.sleep(AWAY_S)
    return toll


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dutyroom-kill-watch-") as folder:
        toll = run(Path(folder), asked.kills, asked.seed)
    print("\n".join([*toll.faults, str(toll)]))
    return 1 if toll.faults else 0


if __name__ == "__main__":
    sys.exit(main())
