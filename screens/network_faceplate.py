"""The front of a network device: one cell for each port."""

from __future__ import annotations

from dutyroom.model.facts import Interface
from dutyroom.rules.ports import ETHERNET
from dutyroom.words import _
from screens.device_lines import cut
from screens.network_ports import Ports, cell
from screens.widgets.lines import Line, Run

# IANAifType 161 (ieee8023adLag) is a bundle of ports and has no place on the front of the device.
_ON_THE_FRONT = ETHERNET - {161}
_GROUP = 6
_MARGIN = 2


def fronts(ports: Ports) -> list[Interface]:
    """The ports that stand on the front, in ifIndex order."""
    return [port for port in ports.rows if port.type is None or port.type in _ON_THE_FRONT]


def in_a_row(width: int) -> int:
    """How many ports stand in a row: 48, 24 or 12 as on the front of a switch, where the width lets them."""
    groups = max(1, (width - _MARGIN) // (_GROUP + 1))
    return _GROUP * next((whole for whole in (8, 4, 2) if groups >= whole), 1)


def faceplate(ports: Ports, width: int) -> list[Line]:
    """One cell for each Ethernet port, in groups of six, in as many rows as the width needs; what the marks mean."""
    front, a_row = fronts(ports), in_a_row(width)
    if not front:
        return []
    lines: list[Line] = []
    for start in range(0, len(front), a_row):
        runs: list[Run] = [(" " * _MARGIN, "")]
        for n, port in enumerate(front[start : start + a_row]):
            if n and n % _GROUP == 0:
                runs.append((" ", ""))
            runs.append(cell(port, ports))
        lines.append(tuple(runs))
    legend = [("▮", _("up")), ("▯", _("down")), ("·", _("shut")), ("✗", _("watched, not up"))]
    if any(cell(port, ports)[0] == "▲" for port in front):
        legend.append(("▲", _("up, look")))
    text = "  " + "  ".join(f"{symbol} {word}" for symbol, word in legend)
    return [*lines, cut(((text, "dim"),), width)]


def port_at(ports: Ports, width: int, row: int, column: int) -> Interface | None:
    """The port whose cell stands in a row of the faceplate; None where there is none."""
    front, a_row = fronts(ports), in_a_row(width)
    group, place = divmod(column - _MARGIN, _GROUP + 1)
    at = row * a_row + group * _GROUP + place
    inside = column >= _MARGIN and place < _GROUP and group * _GROUP < a_row and row >= 0
    return front[at] if inside and at < len(front) else None
