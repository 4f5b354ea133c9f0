"""What is not as it should be at the ports of a device: against its baseline, and since the last signed round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from dutyroom.model.devices import NetworkDevice
from dutyroom.model.facts import DeviceFacts, Interface
from dutyroom.model.ports import BaselinePort, Expected, MarkedPort, PortMarks, PortsKnown
from dutyroom.model.reading import Reason, Verdict
from dutyroom.rules.port_match import matched
from dutyroom.rules.ports import ETHERNET, watched_down

# The codes of ports that should be up and are not.
DOWN = frozenset({"port-changed", "port-down", "port-gone"})
# Dutyroom's own: a port that came and went twice is worth a look; a few errors in a day are on every long cable.
FLAPS = 4
ERRORS = 10
DISCARDS = 1000
# Clocks of devices drift, and a start is told to the second at best.
RESTART_SLACK_S = 90.0


@dataclass(frozen=True, slots=True)
class Since:
    """What a port counted since the last signed round, or since the device's start (`restarted`). None: not known."""

    errors: int | None = None
    discards: int | None = None
    restarted: bool = False


@dataclass(frozen=True, slots=True)
class PortChange:
    """One port that is not as it was or as it should be; `port` is its row now, None when the device has it no more."""

    reason: Reason
    verdict: Verdict
    port: Interface | None = None
    expected: BaselinePort | None = None


@dataclass(frozen=True, slots=True)
class PortView:
    """The ports of one device against the records: every change worst first, and the counts since the last round."""

    changes: tuple[PortChange, ...] = ()
    since: dict[int, Since] = field(default_factory=dict)
    expected: dict[int, BaselinePort] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Compared:
    """A comparison and all it was made from."""

    facts: DeviceFacts
    device: NetworkDevice
    ever_up: tuple[str, ...]
    known: PortsKnown | None
    at: datetime
    view: PortView


# The board is judged every second and a chassis has thousands of ports: the newest comparison of each device is kept.
_newest: dict[str, _Compared] = {}


def port_view(
    facts: DeviceFacts, device: NetworkDevice, ever_up: Iterable[str], known: PortsKnown | None, at: datetime
) -> PortView:
    """The comparison; `at` is the time of the sample. Rows whose state was not told make no change."""
    seen, kept = tuple(ever_up), _newest.get(device.name)
    if (
        kept is not None
        and kept.facts is facts
        and kept.device is device
        and kept.at == at
        and kept.ever_up == seen
        and kept.known == known
    ):
        return kept.view
    view = _compare(facts, device, seen, known, at)
    _newest[device.name] = _Compared(facts, device, seen, known, at, view)
    return view


def _compare(
    facts: DeviceFacts, device: NetworkDevice, ever_up: Iterable[str], known: PortsKnown | None, at: datetime
) -> PortView:
    told = tuple(row for row in facts.interfaces if "missing" not in (row.admin, row.oper))
    known = known or PortsKnown()
    expected: dict[int, BaselinePort] = {}
    changes: list[PortChange] = []
    if known.baseline is not None:
        pairs = matched(known.baseline.ports, facts.interfaces)
        expected = {row.index: port for port, row in pairs if row is not None}
        for port, row in pairs:
            changes += _against(port, row, whole=bool(told))
        changes += [_new(row) for row in told if row.is_up and row.type in ETHERNET and row.index not in expected]
    else:
        changes += [
            PortChange(Reason("port-changed", "port", row.name, "up"), Verdict.ATTENTION, row)
            for row in watched_down(facts, device, ever_up)
        ]
    marked, since = _since(facts, known.marks, at)
    ignored = {index for index, port in expected.items() if port.expected is Expected.IGNORE}
    for row in told:
        if row.index not in ignored:
            changes += _grown(row, since.get(row.index)) + _slower(row, expected.get(row.index), marked.get(row.index))
            changes += _flapped(row, known.flaps.get(row.name, 0))
    order = {Verdict.FAULT: 0, Verdict.ATTENTION: 1}
    changes.sort(key=lambda change: order[change.verdict])
    return PortView(tuple(changes), since, expected)


def _against(port: BaselinePort, row: Interface | None, *, whole: bool) -> list[PortChange]:
    """A port against what was accepted. `whole`: the table was read, so that a row that is not there is not there."""
    name = port.label or port.name
    down = Verdict.FAULT if port.critical else Verdict.ATTENTION
    if port.expected is Expected.IGNORE:
        return []
    if row is None:
        if port.expected is not Expected.UP or not whole:
            return []
        return [PortChange(Reason("port-gone", "port", name, "up"), down, None, port)]
    if "missing" in (row.admin, row.oper):
        return []
    if port.expected is Expected.UP and not row.is_up:
        code = "port-down" if port.critical else "port-changed"
        return [PortChange(Reason(code, "port", name, "up"), down, row, port)]
    if port.expected is Expected.DOWN and row.is_up:
        return [PortChange(Reason("port-unexpected-up", "port", name, "down"), Verdict.ATTENTION, row, port)]
    return []


def _new(row: Interface) -> PortChange:
    return PortChange(Reason("port-unexpected-up", "port", row.name), Verdict.ATTENTION, row)


def _since(facts: DeviceFacts, marks: PortMarks | None, at: datetime) -> tuple[dict[int, MarkedPort], dict[int, Since]]:
    """The marked port and the counts since, by ifIndex."""
    if marks is None:
        return {}, {}
    elapsed_s = (at - marks.at).total_seconds()
    restarted = facts.uptime_s is not None and facts.uptime_s < elapsed_s - RESTART_SLACK_S
    pairs = [(mark, row) for mark, row in matched(marks.ports, facts.interfaces) if row is not None]
    counts = {
        row.index: Since(
            _both(
                _grew(mark.in_errors, row.in_errors, restarted=restarted),
                _grew(mark.out_errors, row.out_errors, restarted=restarted),
            ),
            _both(
                _grew(mark.in_discards, row.in_discards, restarted=restarted),
                _grew(mark.out_discards, row.out_discards, restarted=restarted),
            ),
            restarted,
        )
        for mark, row in pairs
    }
    return {row.index: mark for mark, row in pairs}, counts


def _grew(before: int | None, now: int | None, *, restarted: bool) -> int | None:
    """What a counter counted since, never more than it can have.

    One that fell began again at 0 when the device restarted; without a restart it tells nothing. An agent that
    restarted alone keeps its counters, so that one that did not fall gives the difference also then.
    """
    if now is None or before is None:
        return None
    if now >= before:
        return now - before
    return now if restarted else None


def _both(received: int | None, sent: int | None) -> int | None:
    told = [count for count in (received, sent) if count is not None]
    return sum(told) if told else None


def _grown(row: Interface, since: Since | None) -> list[PortChange]:
    if since is None:
        return []
    found: list[PortChange] = []
    for code, count, limit in (("port-errors", since.errors, ERRORS), ("port-discards", since.discards, DISCARDS)):
        if count is not None and count >= limit:
            found.append(PortChange(Reason(code, f"port {row.name}", count, limit), Verdict.ATTENTION, row))
    return found


def _slower(row: Interface, port: BaselinePort | None, mark: MarkedPort | None) -> list[PortChange]:
    """A port that came up slower than it ran: a bad cable or a bad negotiation."""
    before = port.speed_bps if port is not None else mark.speed_bps if mark is not None and mark.up else None
    if not row.is_up or not before or not row.speed_bps or row.speed_bps >= before:
        return []
    return [PortChange(Reason("port-speed", f"port {row.name}", row.speed_bps, before), Verdict.ATTENTION, row, port)]


def _flapped(row: Interface, count: int) -> list[PortChange]:
    if count < FLAPS:
        return []
    return [PortChange(Reason("port-flaps", f"port {row.name}", count, FLAPS), Verdict.ATTENTION, row)]
