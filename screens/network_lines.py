"""One network device as lines of text: what changed, and at which port."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich.cells import cell_len

from dutyroom import show
from dutyroom.board import SourceView
from dutyroom.model.facts import DeviceFacts, Interface, Part, count_ports
from dutyroom.model.reading import Verdict
from dutyroom.rules.ports import ETHERNET
from dutyroom.words import N_, _
from screens import device_lines
from screens.device_lines import NO_LINE, cut, known, wrapped
from screens.widgets.lines import Line, Run, pad, pad_left

# IANAifType 161 (ieee8023adLag) is a bundle of ports and has no place on the front of the device.
_ON_THE_FRONT = ETHERNET - {161}
_GROUP = 6
_STATUS = {
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


def list_lines(view: SourceView, width: int, *, chosen: bool) -> list[Line]:
    """The device with how many ports are up; when it is not ok, the first reason below."""
    facts = view.sample.device if view.sample is not None and view.state.knows else None
    right = ""
    if facts is not None and facts.interfaces:
        counts = count_ports(facts.interfaces)
        right = f"{counts.up}/{counts.total}"
    lines = [device_lines.row(view, (right, "dim"), width, chosen=chosen)]
    return lines if view.verdict is Verdict.OK else [*lines, device_lines.why_line(view, width)]


def details(view: SourceView, watched: Collection[int], changed: Sequence[Line], width: int) -> list[Line]:
    """What is wrong and what changed, the device itself, its faceplate, its ports.

    `watched` holds the ifIndex of the ports that must be up, `changed` are the lines of what happened since the last
    signed round. Values that are not of now are grey under their age.
    """
    lines = [*device_lines.heading(view, width), *device_lines.why(view, width, most=5), *changed]
    shown = known(view)
    if shown is None or shown.device is None:
        return lines
    if len(lines) > 1:
        lines.append(NO_LINE)
    values = [*_about(shown.device, width), *_ports(shown.device.interfaces, watched, width)]
    return [*lines, *(values if view.state.knows else device_lines.greyed(values))]


def cell(port: Interface, watched: Collection[int]) -> Run:
    """One port on the faceplate: a symbol that says its state without colour, and its role."""
    if port.is_up:
        return ("▮", "ok")
    if port.index in watched:
        return ("✗", "fault")
    if port.admin == "down":
        return ("·", "dim")
    return ("▯", "dim") if port.is_down else ("?", "unknown")


def faceplate(interfaces: Iterable[Interface], watched: Collection[int], width: int) -> list[Line]:
    """One cell for each Ethernet port in ifIndex order, in groups of six, in as many rows as the width needs."""
    fronts = [port for port in interfaces if port.type is None or port.type in _ON_THE_FRONT]
    if not fronts:
        return []
    groups = max(1, (width - 2) // (_GROUP + 1))
    for whole in (8, 4, 2):  # 48, 24 or 12 in a row, as on the front of a switch
        if groups >= whole:
            groups = whole
            break
    a_row = groups * _GROUP
    lines: list[Line] = []
    for start in range(0, len(fronts), a_row):
        runs: list[Run] = [("  ", "")]
        for n, port in enumerate(fronts[start : start + a_row]):
            if n and n % _GROUP == 0:
                runs.append((" ", ""))
            runs.append(cell(port, watched))
        lines.append(tuple(runs))
    legend = (("▮", _("up")), ("▯", _("down")), ("·", _("shut")), ("✗", _("watched, not up")))
    text = "  " + "  ".join(f"{symbol} {word}" for symbol, word in legend)
    return [*lines, cut(((text, "dim"),), width)]


def table(interfaces: Iterable[Interface], watched: Collection[int], width: int) -> list[Line]:
    """A header and one row a port: watched ports that are not up first, then the others in ifIndex order."""
    rows = sorted(interfaces, key=lambda port: (port.is_up or port.index not in watched, port.index))
    columns = _Columns(rows, width)
    return [columns.header(), *(columns.row(port, watched) for port in rows)]


def short_name(name: str) -> str:
    """The name with the usual abbreviation of its kind: `Gi0/0/7` for `GigabitEthernet0/0/7`."""
    for long, short in _LONG_NAMES:
        if name.startswith(long):
            return short + name.removeprefix(long)
    return name


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


class _Columns:
    """The table's columns and their widths; name and alias share what the others leave."""

    def __init__(self, rows: Iterable[Interface], width: int) -> None:
        names = [port.name for port in rows]
        self.width, self.is_wide = width, width >= 70
        self.state, self.speed = (13, 5) if self.is_wide else (11, 5)
        self.errors, self.discards = (6, 8) if self.is_wide else (5, 5)
        # Where the name of a port would not fit, what is least asked for goes: first discards, then errors.
        if width < 44:
            self.state, self.discards = 9, 0
        if width < 36:
            self.errors = 0
        taken = (self.state, self.speed, self.errors, self.discards)
        rest = width - 2 - sum(cells + 1 for cells in taken if cells)
        longest = max((cell_len(name) for name in names), default=0)
        self.shortened = longest > rest - 12
        if self.shortened:
            longest = max((cell_len(short_name(name)) for name in names), default=0)
        self.name = max(4, min(longest, rest - 8))
        self.alias = max(0, rest - self.name - 1)

    def header(self) -> Line:
        """The words above the columns."""
        words = (_("port"), _("alias"), _("admin/oper"), _("speed"))
        counts = (_("errors"), _("discards")) if self.is_wide else (_("err."), _("disc."))
        return cut((("  " + self._joined(*words, *counts), "key"),), self.width)

    def row(self, port: Interface, watched: Collection[int]) -> Line:
        """One port."""
        symbol, role = cell(port, watched)
        text = self._joined(
            _ending(short_name(port.name) if self.shortened else port.name, self.name),
            port.alias,
            f"{_status(port.admin)}/{_status(port.oper)}",
            speed(port.speed_bps),
            both_ways(port.in_errors, port.out_errors),
            both_ways(port.in_discards, port.out_discards),
        )
        painted = role if role == "fault" else "" if port.is_up else "dim"
        return cut(((f"{symbol} ", role), (text, painted)), self.width)

    def _joined(self, name: str, alias: str, state: str, rate: str, errors: str, discards: str) -> str:
        columns = [
            pad(name, self.name),
            pad(alias, self.alias) if self.alias else "",
            pad(state, self.state),
            pad_left(rate, self.speed),
            pad_left(errors, self.errors) if self.errors else "",
            pad_left(discards, self.discards) if self.discards else "",
        ]
        return " ".join(column for column in columns if column)


def _ending(name: str, width: int) -> str:
    """A name that is too long keeps its end, where the number of the port stands."""
    if cell_len(name) <= width:
        return name
    kept = name
    while kept and cell_len(kept) > width - 1:
        kept = kept[1:]
    return "…" + kept


def _ports(interfaces: tuple[Interface, ...], watched: Collection[int], width: int) -> list[Line]:
    if not interfaces:
        return [NO_LINE, (("  " + _("no ports told"), "unknown"),)]
    return [NO_LINE, *faceplate(interfaces, watched, width), NO_LINE, *table(interfaces, watched, width)]


def _status(word: str) -> str:
    return _(_STATUS[word]) if word in _STATUS else word


def _about(facts: DeviceFacts, width: int) -> list[Line]:
    who = " · ".join(text for text in (facts.sys_name, facts.vendor) if text) or show.NOTHING
    up = _("up for {duration}").format(duration=show.duration(facts.uptime_s))
    lines: list[Line] = [cut(((f"  {who}", "strong"), (f"  {up}", "dim")), width)]
    if facts.sys_descr:
        lines += wrapped(facts.sys_descr, width, "dim", indent=2, most=2)
    figures = (
        (_("cpu"), show.percent(facts.cpu_percent)),
        (_("memory"), show.percent(facts.memory_percent)),
        (_("temperature"), show.number(facts.temperature_c, "°C")),
    )
    runs: list[Run] = []
    for label, value in figures:
        runs += [(f"  {label} ", "dim"), (value, "")]
    lines.append(cut(tuple(runs), width))
    lines += _parts(_("fans"), facts.fans, width) + _parts(_("power supplies"), facts.power_supplies, width)
    counts = count_ports(facts.interfaces)
    if counts.total:
        text = _("{total} ports: {up} up, {down} down, {shut} shut, {other} other").format(
            total=counts.total, up=counts.up, down=counts.down, shut=counts.admin_down, other=counts.other
        )
        lines.append(cut(((f"  {text}", ""),), width))
    return lines


def _parts(title: str, parts: tuple[Part, ...], width: int) -> list[Line]:
    """How many fans or power supplies are ok, and each that is not by its name."""
    if not parts:
        return []
    good = sum(part.state == "ok" for part in parts)
    runs: list[Run] = [(f"  {title} ", "dim"), (_("{n} of {total} ok").format(n=good, total=len(parts)), "")]
    runs += [(f"  {part.name} {show.part_state(part.state)}", _part_role(part)) for part in parts if part.state != "ok"]
    return [cut(tuple(runs), width)]


def _part_role(part: Part) -> str:
    return "fault" if part.state == "fault" else "dim" if part.state == "not-installed" else "attention"
