"""The ports of a network device as the screens know them: which must be up, what is wrong at each, how it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from dutyroom import show
from dutyroom.board import SourceView
from dutyroom.model.devices import NetworkDevice
from dutyroom.model.facts import Interface
from dutyroom.model.ports import Expected, PortsKnown
from dutyroom.model.reading import Latest, Verdict
from dutyroom.rules.port_changes import PortView, port_view
from dutyroom.rules.ports import is_watched
from dutyroom.words import N_, _
from screens.device_lines import known
from screens.widgets.lines import Run, role_of

STATUS = {
    "up": N_("up"),
    "down": N_("down"),
    "testing": N_("testing"),
    "unknown": N_("unknown"),
    "dormant": N_("dormant"),
    "notPresent": N_("not present"),
    "lowerLayerDown": N_("lower down"),
    "missing": N_("not told"),
}
_LONG_NAMES = (
    ("XGigabitEthernet", "XGi"),
    ("TenGigabitEthernet", "Te"),
    ("TenGigE", "Te"),
    ("FortyGigabitEthernet", "Fo"),
    ("HundredGigE", "Hu"),
    ("GigabitEthernet", "Gi"),
    ("FastEthernet", "Fa"),
    ("Ethernet", "Eth"),
)


class Only(StrEnum):
    """Which ports a table has."""

    CHANGED = "changed"
    ALL = "all"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Ports:
    """The rows of a device beside what they were compared with. `watched` holds the ifIndex of those to be up."""

    rows: tuple[Interface, ...] = ()
    compared: PortView = field(default_factory=PortView)
    watched: frozenset[int] = frozenset()
    worst: dict[int, Verdict] = field(default_factory=dict)

    def label(self, port: Interface) -> str:
        """What people call the port: the label of the baseline, else the alias, else a description unlike the name."""
        accepted = self.compared.expected.get(port.index)
        told = port.descr if port.descr != port.name else ""
        return (accepted.label if accepted is not None else "") or port.alias or told

    def ordered(self, only: Only, fits: Callable[..., bool] | None = None) -> list[Interface]:
        """The rows of a table, what is wrong first. `fits` is what was typed: it gets all that is shown of a port.

        Among the ports that changed it would find next to nothing, so there it looks through all.
        """
        rows = [row for row in self.rows if (fits is not None and only is Only.CHANGED) or self._is_among(row, only)]
        if fits is not None:
            rows = [row for row in rows if fits(*self._texts(row))]
        rank = {Verdict.FAULT: 0, Verdict.ATTENTION: 1}
        return sorted(rows, key=lambda row: (rank.get(self.worst.get(row.index, Verdict.OK), 2), row.index))

    def _is_among(self, row: Interface, only: Only) -> bool:
        match only:
            case Only.CHANGED:
                return row.index in self.worst
            case Only.DOWN:
                return row.is_down or (row.index in self.watched and not row.is_up)
        return True

    def _texts(self, row: Interface) -> tuple[str, ...]:
        states = (status(row.admin), status(row.oper), row.admin, row.oper)
        return (row.name, short_name(row.name), row.alias, row.descr, self.label(row), "/".join(states[:2]), *states)


def ports_of(view: SourceView, device: NetworkDevice, latest: Latest) -> Ports:
    """The ports as they were told last, compared as the verdict compares them."""
    shown = known(view)
    if shown is None or shown.device is None:
        return Ports()
    rows = shown.device.interfaces
    compared = port_view(shown.device, device, latest.ever_up, latest.ports, shown.at)
    if latest.ports is not None and latest.ports.baseline is not None:
        watched = frozenset(index for index, one in compared.expected.items() if one.expected is Expected.UP)
    else:
        seen = frozenset(latest.ever_up)
        watched = frozenset(row.index for row in rows if is_watched(row, device, seen))
    worst: dict[int, Verdict] = {}
    for change in compared.changes:
        if change.port is not None:
            worst.setdefault(change.port.index, change.verdict)
    return Ports(rows, compared, watched, worst)


class PortMemory:
    """Compares anew only when the device told something else: a chassis has thousands of ports."""

    def __init__(self) -> None:
        self._key: tuple[object, NetworkDevice, tuple[str, ...]] | None = None
        self._known: PortsKnown | None = None
        self._ports = Ports()

    def ports(self, view: SourceView, device: NetworkDevice, latest: Latest) -> Ports:
        """What `ports_of` gives; the same object while nothing changed."""
        shown = known(view)
        facts = shown.device if shown is not None else None
        before = self._key
        same = (
            before is not None
            and before[0] is facts
            and before[1] is device
            and before[2] == latest.ever_up
            and self._known == latest.ports
        )
        if not same:
            self._key, self._known = (facts, device, latest.ever_up), latest.ports
            self._ports = ports_of(view, device, latest)
        return self._ports


def cell(port: Interface, ports: Ports) -> Run:
    """One port on the faceplate: a symbol that says its state without colour, and its role."""
    wrong = ports.worst.get(port.index)
    if port.is_up:
        return ("▮", "ok") if wrong is None else ("▲", role_of(wrong))
    if port.index in ports.watched:
        return ("✗", "fault" if wrong is None else role_of(wrong))
    if port.admin == "down":
        return ("·", "dim")
    return ("▯", "dim") if port.is_down else ("?", "unknown")


def status(word: str) -> str:
    """A word of ifAdminStatus or ifOperStatus in the language in force."""
    return _(STATUS[word]) if word in STATUS else word


def short_name(name: str) -> str:
    """The name with the usual abbreviation of its kind: `Gi0/0/7` for `GigabitEthernet0/0/7`."""
    for long, short in _LONG_NAMES:
        if name.startswith(long):
            return short + name.removeprefix(long)
    return name


def compared_with(known_ports: PortsKnown | None, zone: ZoneInfo, key: str) -> str:
    """With which records the ports are compared, in words; `key` is the one that accepts a baseline."""
    parts = []
    if known_ports is not None and known_ports.baseline is not None:
        one = known_ports.baseline
        day = show.moment(one.at, zone)[:10]
        parts.append(_("compared with baseline {n} of {day} ({who})").format(n=one.version, day=day, who=one.by))
    else:
        parts.append(_("no baseline: ports once seen up are to be up ({key} accepts one)").format(key=key))
    if known_ports is not None and known_ports.marks is not None:
        parts.append(_("counts since the signed round of {at}").format(at=show.moment(known_ports.marks.at, zone)[5:]))
    return " · ".join(parts)
