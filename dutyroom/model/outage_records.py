"""What the store holds about the power event that is not over: everything the outage screen is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dutyroom.model.outage import EventStep, Outage, PhaseChange, PowerEvent
from dutyroom.model.runtime import DischargePoint, RuntimeEstimate


@dataclass(frozen=True, slots=True)
class Told:
    """The newest reading of an outage on battery (`at`, UTC), and the time left as it was told with it."""

    at: datetime
    point: DischargePoint
    left: RuntimeEstimate


@dataclass(frozen=True, slots=True)
class EventRecords:
    """One power event with its outages and what people did. Keys of the mappings are numbers of outages.

    `temperatures` are the room's of the last half hour, oldest first: when (UTC) and degrees Celsius.
    """

    event: PowerEvent
    outages: tuple[Outage, ...] = ()
    phases: Mapping[int, tuple[PhaseChange, ...]] = field(default_factory=dict)
    told: Mapping[int, Told] = field(default_factory=dict)
    lowest: Mapping[int, float | None] = field(default_factory=dict)
    steps: tuple[EventStep, ...] = ()
    temperatures: tuple[tuple[datetime, float], ...] = ()
