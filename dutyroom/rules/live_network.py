"""What a network device says to the lines of a round."""

from __future__ import annotations

from dutyroom.model.devices import NetworkDevice
from dutyroom.model.facts import Interface
from dutyroom.model.reading import Latest, Sample, State
from dutyroom.rules.port_changes import DOWN, PortView, port_view
from dutyroom.rules.ports import is_watched


def ports_down(sample: Sample, device: NetworkDevice, known: Latest) -> float | None:
    """How many watched ports are down; None unless the device told all of them."""
    view = _view(sample, device, known)
    return float(sum(change.reason.code in DOWN for change in view.changes)) if view is not None else None


def new_errors(sample: Sample, device: NetworkDevice, known: Latest) -> float | None:
    """Errors of all ports since the last signed round; None while no port can be compared with it."""
    view = _view(sample, device, known)
    counts = [since.errors for since in view.since.values() if since.errors is not None] if view is not None else []
    return float(sum(counts)) if counts else None


def busiest(sample: Sample, device: NetworkDevice, known: Latest) -> float | None:
    """The load of the busiest watched port, in percent of its speed; None while none is told."""
    if sample.device is None or sample.state is not State.OK:
        return None
    ever_up = frozenset(known.ever_up)
    rows = [one for one in sample.device.interfaces if is_watched(one, device, ever_up)]
    loads = [load for one in rows if (load := _load(one)) is not None]
    return max(loads, default=None)


def _load(row: Interface) -> float | None:
    rates = [rate for rate in (row.in_bps, row.out_bps) if rate is not None]
    return min(100.0, 100.0 * max(rates) / row.speed_bps) if row.is_up and row.speed_bps and rates else None


def _view(sample: Sample, device: NetworkDevice, known: Latest) -> PortView | None:
    if sample.device is None or sample.state is not State.OK:
        return None
    return port_view(sample.device, device, known.ever_up, known.ports, sample.at)
