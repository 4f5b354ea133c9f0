"""The simulated room: every value is a pure function of (seed, seconds since start, injected outages)."""

from __future__ import annotations

from itertools import pairwise

from dutyroom.demo.devices import DEFAULT_SPEED, NETWORK, SERVERS, UPSES
from dutyroom.demo.network import NetworkModel
from dutyroom.demo.server import ServerModel
from dutyroom.demo.ups import Outage, UpsModel
from dutyroom.model.facts import DeviceFacts, ServerFacts, UpsFacts
from dutyroom.model.reading import Kind

UPS_QUANTITIES = (
    "charge_percent",
    "runtime_s",
    "load_percent",
    "input_voltage_v",
    "output_voltage_v",
    "battery_voltage_v",
    "temperature_c",
    "ambient_temperature_c",
    "ambient_humidity_percent",
)
NETWORK_QUANTITIES = ("cpu_percent", "memory_percent", "ports_up", "ports_down")
# Batteries are full and the room is cool again long before.
FORGOTTEN_S = 2 * 86400.0
SERVER_QUANTITIES = ("cpu_percent", "memory_percent", "load_1m", "fullest_volume_percent")


class Room:
    """A room at any moment; `t` is in seconds since its start and may be negative (the past, for history).

    The past reaches back 120 days: no device is younger.
    """

    def __init__(self, seed: int, *, speed: float = DEFAULT_SPEED, day_s: float = 9 * 3600.0) -> None:
        """`speed` is how much faster batteries run in an outage; `day_s` is the local time of day at t=0."""
        self.speed = speed
        self._ups = {spec.name: UpsModel(spec, seed, day_s) for spec in UPSES}
        self._network = {spec.name: NetworkModel(spec, seed, day_s) for spec in NETWORK}
        self._servers = {spec.name: ServerModel(spec, seed, day_s) for spec in SERVERS}
        self._outages: tuple[Outage, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of everything that can be asked, UPSes first."""
        return (*self._ups, *self._network, *self._servers)

    @property
    def upses(self) -> tuple[str, ...]:
        """Names of the UPSes."""
        return tuple(self._ups)

    @property
    def outages(self) -> tuple[Outage, ...]:
        """The outages injected so far, oldest first."""
        return self._outages

    def kind(self, source: str) -> Kind:
        """What sort of device that is; KeyError for a name that is not in `sources`."""
        if source in self._ups:
            return Kind.UPS
        if source in self._network:
            return Kind.NETWORK
        if source in self._servers:
            return Kind.SERVER
        raise KeyError(source)

    def quantities(self, source: str) -> tuple[str, ...]:
        """The headline quantities of that source; KeyError for an unknown name."""
        kind = self.kind(source)
        if kind is Kind.UPS:
            return UPS_QUANTITIES
        return NETWORK_QUANTITIES if kind is Kind.NETWORK else SERVER_QUANTITIES

    def outage(self, began_t: float, restored_t: float | None = None, *, speed: float | None = None) -> None:
        """Mains of both UPSes are lost at `began_t` and back at `restored_t` (None: not yet).

        `speed` stands in for the room's own (1 for an outage of the past). ValueError when it would overlap another
        or end before it began.
        """
        new = Outage(began_t, restored_t, self.speed if speed is None else speed)
        if restored_t is not None and restored_t < began_t:
            raise ValueError("an outage cannot end before it began")
        ordered = tuple(sorted((*self._outages, new), key=lambda outage: outage.began_t))
        for earlier, later in pairwise(ordered):
            if earlier.restored_t is None or earlier.restored_t > later.began_t:
                raise ValueError("outages of the simulated room must not overlap")
        self._outages = ordered

    def restore(self, t: float) -> None:
        """Mains are back at `t`: ends the outage that is still open, if there is one."""
        if self._outages and self._outages[-1].restored_t is None:
            last = self._outages[-1]
            self._outages = (*self._outages[:-1], Outage(last.began_t, max(t, last.began_t), last.speed))

    def is_dark(self, t: float) -> bool:
        """True while the mains are away."""
        return any(outage.is_dark(t) for outage in self._outages)

    def reading(self, source: str, quantity: str, t: float) -> float | None:
        """One headline quantity (percent, seconds, volts, degrees Celsius, counts, as its name says).

        None for a source or a quantity the room does not have.
        """
        if source in self._ups:
            return self._ups[source].reading(quantity, t, self._felt(t))
        if source in self._network:
            return self._network[source].reading(quantity, t)
        return self._servers[source].reading(quantity, t) if source in self._servers else None

    def _felt(self, t: float) -> tuple[Outage, ...]:
        """The outages that batteries and the room still feel at `t`: of a history with many most are long over."""
        return tuple(
            one
            for one in self._outages
            if one.began_t <= t and (one.restored_t is None or t - one.restored_t < FORGOTTEN_S)
        )

    def facts(self, source: str, t: float) -> UpsFacts | DeviceFacts | ServerFacts:
        """Everything a client would learn of that source at `t`; KeyError for an unknown name."""
        if source in self._ups:
            return self._ups[source].facts(t, self._felt(t))
        if source in self._network:
            return self._network[source].facts(t)
        return self._servers[source].facts(t)

    def nut_variables(self, ups: str, t: float) -> tuple[tuple[str, str], ...]:
        """All NUT variables of a UPS, sorted by name; KeyError for an unknown name."""
        return self._ups[ups].variables(t, self._outages)

    def network_model(self, device: str) -> NetworkModel:
        """The model behind a network device, for its agent; KeyError for an unknown name."""
        return self._network[device]

    def server_model(self, server: str) -> ServerModel:
        """The model behind a server, for its agent; KeyError for an unknown name."""
        return self._servers[server]
