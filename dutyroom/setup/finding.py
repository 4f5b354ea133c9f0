"""What is tried live while a room is set up. The composition root gives the real one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dutyroom.model.devices import NetworkDevice, Server
from dutyroom.model.reading import Sample, State


@dataclass(frozen=True, slots=True)
class Offered:
    """A UPS that a NUT server lists: its name there, the server's description of it, and one poll."""

    name: str
    description: str
    sample: Sample


@dataclass(frozen=True, slots=True)
class NutFound:
    """What asking a NUT server brought. `state` OK: `offered` is its whole list; `detail` is English prose."""

    state: State
    detail: str = ""
    offered: tuple[Offered, ...] = ()


class Finder(Protocol):
    """Asks the outside world, within seconds, and never raises for its silence."""

    def upses(self, host: str, port: int) -> NutFound:
        """The UPSes of a NUT server, each asked once."""

    def device(self, device: NetworkDevice | Server) -> Sample:
        """One poll of a device over SNMP."""
