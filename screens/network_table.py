"""Ports as a table: state, speed, rates and counters, as many columns as the width has room for."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from dutyroom import show
from dutyroom.model.facts import Interface
from dutyroom.rules.port_changes import Since
from dutyroom.words import _
from screens.device_lines import cut
from screens.network_ports import Ports, cell, short_name, status
from screens.widgets.lines import Line, pad, pad_left

_NOT_TOLD = Since()


def table(rows: Sequence[Interface], ports: Ports, width: int, *, rates: bool = True) -> list[Line]:
    """A header and one line for each of the rows; without `rates` there is more room for names."""
    columns = _Columns(rows, ports, width, rates=rates)
    return [columns.header(), *(columns.row(port) for port in rows)]


def speed(bits_per_s: int | None) -> str:
    """`10G`, `1G`, `100M`; a dash when it is not told or zero, which RFC 2863 uses for not applicable."""
    if not bits_per_s:
        return show.NOTHING
    for unit, size in (("T", 10**12), ("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if bits_per_s >= size:
            return f"{bits_per_s / size:.1f}".removesuffix(".0") + unit
    return str(bits_per_s)


def both_ways(received: int | None, sent: int | None) -> str:
    """The sum of two counters; `≥` when one of them is not told, a dash when none is."""
    told = [count for count in (received, sent) if count is not None]
    if not told:
        return show.NOTHING
    return ("" if len(told) == 2 else "≥") + _compact(sum(told))


def _compact(count: int) -> str:
    if count < 10_000:
        return str(count)
    for unit, size in (("k", 10**3), ("M", 10**6), ("G", 10**9), ("T", 10**12)):
        if count < size * 1000:
            return f"{count // size}{unit}"
    return f"{count // 10**12}T"


def rate(bits_per_s: float | None) -> str:
    """`94.2M`, `1.23G`, `0`: bits per second in five cells; a dash when it cannot be told."""
    if bits_per_s is None:
        return show.NOTHING
    for unit, size in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        # What would be rounded up to the next unit stands in that one.
        if bits_per_s >= size * 0.9995:
            return f"{bits_per_s / size:.3g}{unit}"
    return f"{bits_per_s:.0f}"


class _Columns:
    """The table's columns and their widths; name and label share what the others leave."""

    def __init__(self, rows: Sequence[Interface], ports: Ports, width: int, *, rates: bool) -> None:
        self.ports, self.width, self.is_wide = ports, width, width >= 70
        self.state, self.speed = (13, 5) if self.is_wide else (11, 5)
        self.rate = 7 if self.is_wide and rates else 0
        self.errors, self.discards = (6, 8) if self.is_wide else (5, 5)
        self.new = 10 if width >= 96 and rates else 0
        # Where the name of a port would not fit, what is least asked for goes: first discards, then errors.
        if width < 44:
            self.state, self.discards = 9, 0
        if width < 36:
            self.errors = 0
        taken = (self.state, self.speed, self.rate, self.rate, self.errors, self.discards, self.new)
        rest = width - 2 - sum(cells + 1 for cells in taken if cells)
        longest = max((cell_len(port.name) for port in rows), default=0)
        self.shortened = longest > rest - 12
        if self.shortened:
            longest = max((cell_len(short_name(port.name)) for port in rows), default=0)
        self.name = max(4, min(longest, rest - 8))
        self.label = max(0, rest - self.name - 1)

    def header(self) -> Line:
        """The words above the columns."""
        words = (_("port"), _("label"), _("admin/oper"), _("speed"), _("in b/s"), _("out b/s"))
        counts = (_("errors"), _("discards")) if self.is_wide else (_("err."), _("disc."))
        return cut((("  " + self._joined(*words, *counts, _("since round")), "key"),), self.width)

    def row(self, port: Interface) -> Line:
        """One port."""
        symbol, role = cell(port, self.ports)
        since = self.ports.compared.since.get(port.index, _NOT_TOLD)
        text = self._joined(
            _ending(short_name(port.name) if self.shortened else port.name, self.name),
            self.ports.label(port),
            f"{status(port.admin)}/{status(port.oper)}",
            speed(port.speed_bps),
            rate(port.in_bps),
            rate(port.out_bps),
            both_ways(port.in_errors, port.out_errors),
            both_ways(port.in_discards, port.out_discards),
            f"{_grown(since.errors)}/{_grown(since.discards)}",
        )
        painted = role if port.index in self.ports.worst else "" if port.is_up else "dim"
        return cut(((f"{symbol} ", role), (text, painted)), self.width)

    def _joined(self, name: str, label: str, state: str, *numbers: str) -> str:
        cells = (self.speed, self.rate, self.rate, self.errors, self.discards, self.new)
        columns = [
            pad(name, self.name),
            pad(label, self.label) if self.label else "",
            pad(state, self.state),
            *(pad_left(number, width) if width else "" for number, width in zip(numbers, cells, strict=True)),
        ]
        return " ".join(column for column in columns if column)


def _grown(count: int | None) -> str:
    return show.NOTHING if count is None else f"+{_compact(count)}"


def _ending(name: str, width: int) -> str:
    """A name that is too long keeps its end, where the number of the port stands."""
    if cell_len(name) <= width:
        return name
    kept = name
    while kept and cell_len(kept) > width - 1:
        kept = kept[1:]
    return "…" + kept
