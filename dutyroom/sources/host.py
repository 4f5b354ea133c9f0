"""This machine itself, through psutil: a server as `ServerFacts`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import psutil

from dutyroom.clock import monotonic
from dutyroom.clock import now as wall_clock
from dutyroom.inert import inert
from dutyroom.model.facts import Link, ServerFacts, Temperature, Volume
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.sources.base import Source

T = TypeVar("T")
DEADLINE_S = 10.0
# psutil measures load between two calls; closer together than this it is noise, and the first has no other.
SHORTEST_INTERVAL_S = 0.5
FIRST_INTERVAL_S = 0.1
# Statistics of a network file system can hang for ever when its server is gone.
_NETWORK = (
    "nfs",
    "cifs",
    "smb",
    "afs",
    "ncp",
    "ceph",
    "gluster",
    "lustre",
    "9p",
    "fuse.",
    "autofs",
    "davfs",
)
# Images and memory, which are full or empty by nature.
_NOT_A_DISK = ("squashfs", "overlay", "tmpfs", "devtmpfs", "ramfs", "iso9660", "udf", "erofs", "cramfs")
# A sensor without a probe shows numbers outside of these.
_COLDEST_C, _HOTTEST_C = -40.0, 150.0


class HostSource(Source):
    """Reads this machine in a worker thread of its own; states ok, partial (detail says what is missing), timeout."""

    kind = Kind.SERVER

    def __init__(self, name: str) -> None:
        self.name = name
        self._reader = _Reader()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"host-{name}")
        self._under_way: asyncio.Future[_Read] | None = None

    async def sample(self, now: datetime) -> Sample:
        """One reading. A reading that hangs is left behind and told as a timeout until it ends."""
        started = monotonic()
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.get_running_loop().run_in_executor(self._worker, self._reader.read)
        try:
            async with asyncio.timeout(DEADLINE_S):
                read = await asyncio.shield(self._under_way)
        except TimeoutError:
            return self._sample(now, started, State.TIMEOUT, "reading this machine hangs", None)
        state = State.PARTIAL if read.troubles else State.OK
        return self._sample(now, started, state, "; ".join(read.troubles), read.facts)

    def _sample(self, now: datetime, started: float, state: State, detail: str, facts: ServerFacts | None) -> Sample:
        took_s = monotonic() - started
        at = now + timedelta(seconds=took_s)
        return Sample(self.name, self.kind, at, state, detail, took_s=took_s, server=facts)

    async def aclose(self) -> None:
        """Ends the worker thread once its reading is done."""
        self._worker.shutdown(wait=False, cancel_futures=True)


@dataclass(slots=True)
class _Read:
    facts: ServerFacts
    troubles: list[str] = field(default_factory=list)


class _Reader:
    """Lives in one thread: psutil keeps the CPU times of the last call per thread."""

    def __init__(self) -> None:
        self._last_cpu_at: float | None = None
        self._troubles: list[str] = []

    def read(self) -> _Read:
        """Everything psutil gives; what it does not give is None or empty, and named in `troubles`."""
        self._troubles = []
        booted = self._try("boot time", psutil.boot_time)
        facts = ServerFacts(
            cpu_percent=self._try("processor", self._cpu_percent),
            memory_percent=self._try("memory", lambda: float(psutil.virtual_memory().percent)),
            load_1m=self._try("load", lambda: float(psutil.getloadavg()[0])),
            uptime_s=max(0.0, wall_clock().timestamp() - booted) if booted else None,
            boot_time=datetime.fromtimestamp(booted, UTC) if booted else None,
            temperatures=self._try("temperatures", _temperatures) or (),
            network=self._try("network", _links) or (),
            volumes=self._try("disks", self._volumes) or (),
        )
        return _Read(facts, self._troubles)

    def _try(self, what: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except (
            OSError,
            psutil.Error,
            ArithmeticError,
            AttributeError,
            LookupError,
            RuntimeError,
            ValueError,
        ) as trouble:
            self._troubles.append(f"{what}: {inert(str(trouble) or type(trouble).__name__, 120)}")
            return None

    def _cpu_percent(self) -> float:
        at = monotonic()
        fresh = self._last_cpu_at is None or at - self._last_cpu_at < SHORTEST_INTERVAL_S
        self._last_cpu_at = at
        return float(psutil.cpu_percent(FIRST_INTERVAL_S if fresh else None))

    def _volumes(self) -> tuple[Volume, ...]:
        found: dict[str, Volume] = {}
        for part in _partitions():
            used = self._try(f"disk {inert(part.mountpoint, 80)}", partial(_used_percent, part.mountpoint))
            if used is not None and part.device not in found:
                found[part.device] = Volume(inert(part.mountpoint), used)
        return tuple(sorted(found.values(), key=lambda volume: volume.mount))


def _partitions() -> list[psutil._ntuples.sdiskpart]:
    """Local file systems on disks, the shortest mount of a device first; the root even when it is an overlay."""
    disks = [part for part in psutil.disk_partitions(all=False) if not part.fstype.startswith(_NETWORK + _NOT_A_DISK)]
    if not any(part.mountpoint == "/" for part in disks):
        disks += [part for part in psutil.disk_partitions(all=True) if part.mountpoint == "/"][-1:]
    local = [part for part in disks if not part.fstype.startswith(_NETWORK)]
    return sorted((part for part in local if Path(part.mountpoint).is_dir()), key=lambda part: len(part.mountpoint))


def _used_percent(mount: str) -> float:
    return float(psutil.disk_usage(mount).percent)


def _links() -> tuple[Link, ...]:
    stats = psutil.net_if_stats()
    counters = psutil.net_io_counters(pernic=True)
    links = []
    for name, stat in sorted(stats.items()):
        if name == "lo" or "loopback" in stat.flags.split(","):
            continue
        counter = counters.get(name)
        errors = counter.errin + counter.errout if counter is not None else None
        links.append(Link(inert(name), bool(stat.isup), errors))
    return tuple(links)


def _temperatures() -> tuple[Temperature, ...]:
    # Only Linux and FreeBSD have the call; elsewhere there are simply no sensors to read.
    read = getattr(psutil, "sensors_temperatures", None)
    if read is None:
        return ()
    found = []
    for chip, sensors in sorted(read().items()):
        for number, sensor in enumerate(sensors, 1):
            if sensor.current is not None and _COLDEST_C < sensor.current < _HOTTEST_C:
                found.append(Temperature(inert(f"{chip} {sensor.label or number}"), float(sensor.current)))
    return tuple(found)
