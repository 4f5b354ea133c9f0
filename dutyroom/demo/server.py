"""How the simulated database server behaves: busy by day, and a data volume that fills up slowly."""

from __future__ import annotations

from dutyroom.demo.devices import ServerSpec
from dutyroom.demo.network import Ports
from dutyroom.demo.noise import DAY_S, day_curve, stream, unit, wander
from dutyroom.model.facts import Link, ServerFacts, Volume

DATA_PERCENT_PER_DAY = 0.35
ROOT_PERCENT = 41.0


class ServerModel:
    """One server at any moment."""

    def __init__(self, spec: ServerSpec, seed: int, day_s: float) -> None:
        self.spec = spec
        self._day_s = day_s
        self._cpu = stream(seed, f"{spec.name} cpu")
        self._memory = stream(seed, f"{spec.name} memory")
        self._load = stream(seed, f"{spec.name} load")
        self.ports = Ports(spec.name, spec.ports, spec.uptime_s, seed, day_s)

    def uptime_s(self, t: float) -> float:
        """Seconds since the server started."""
        return self.spec.uptime_s + t

    def core_percents(self, t: float) -> tuple[int, ...]:
        """Whole percent of each core (hrProcessorLoad)."""
        mean = 21.0 + 11.0 * day_curve(self._day_s + t) + 7.0 * wander(self._cpu, t, 40)
        return tuple(
            round(max(1.0, mean * (0.8 + 0.4 * unit(self._cpu, -1 - core)))) for core in range(self.spec.cores)
        )

    def volumes(self, t: float) -> tuple[tuple[str, int, int], ...]:
        """(mount, size in bytes, used bytes) of each file system."""
        data = min(99.0, max(5.0, self.spec.data_percent + DATA_PERCENT_PER_DAY * t / DAY_S))
        return (
            ("/", self.spec.root_bytes, int(self.spec.root_bytes * ROOT_PERCENT / 100)),
            ("/data", self.spec.data_bytes, int(self.spec.data_bytes * data / 100)),
        )

    def reading(self, quantity: str, t: float) -> float | None:
        """One headline quantity, None for one a server does not have."""
        if quantity == "cpu_percent":
            cores = self.core_percents(t)
            return round(sum(cores) / len(cores), 1)
        if quantity == "memory_percent":
            by_day = 3.0 * day_curve(self._day_s + t)
            return round(63.0 + by_day + 1.5 * wander(self._memory, t, 900), 1)
        if quantity == "load_1m":
            busy = 0.21 + 0.11 * day_curve(self._day_s + t) + 0.08 * wander(self._load, t, 60)
            return round(self.spec.cores * max(0.01, busy), 2)
        if quantity == "fullest_volume_percent":
            return round(max(100 * used / size for _, size, used in self.volumes(t)), 1)
        return None

    def facts(self, t: float) -> ServerFacts:
        """What an SNMP client would learn of the server. `boot_time` is left out: the room knows no calendar."""
        return ServerFacts(
            cpu_percent=self.reading("cpu_percent", t),
            memory_percent=self.reading("memory_percent", t),
            load_1m=self.reading("load_1m", t),
            uptime_s=self.uptime_s(t),
            network=tuple(
                Link(row.name, row.is_up, (row.in_errors or 0) + (row.out_errors or 0)) for row in self.ports.rows(t)
            ),
            volumes=tuple(Volume(mount, round(100 * used / size, 1)) for mount, size, used in self.volumes(t)),
        )
