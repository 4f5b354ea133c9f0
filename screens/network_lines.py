"""One network device as lines of text: in the list, beside it, and what it is itself."""

from __future__ import annotations

from collections.abc import Sequence

from dutyroom import show
from dutyroom.board import SourceView
from dutyroom.model.facts import DeviceFacts, Neighbour, Part, count_ports
from dutyroom.model.reading import Verdict
from dutyroom.words import N_, _
from screens import device_lines
from screens.device_lines import NO_LINE, cut, known, section
from screens.flow import flowing
from screens.network_faceplate import faceplate
from screens.network_ports import Only, Ports, short_name
from screens.network_table import table
from screens.widgets.lines import Line, width_of

# Over which time a device averaged what it says of its CPU.
_BASIS = {
    "5m": N_("5 min"),
    "1m": N_("1 min"),
    "5s": N_("5 s"),
    "instant": N_("instant"),
}


def list_lines(view: SourceView, width: int, *, chosen: bool) -> list[Line]:
    """The device with how many ports are up; when it is not ok, the first reason below."""
    facts = view.sample.device if view.sample is not None and view.state.knows else None
    right = ""
    if facts is not None and facts.interfaces:
        counts = count_ports(facts.interfaces)
        right = f"{counts.up}/{counts.total}"
    lines = [device_lines.row(view, (right, "dim"), width, chosen=chosen)]
    return lines if view.verdict is Verdict.OK else [*lines, device_lines.why_line(view, width)]


def details(view: SourceView, changed: Sequence[Line], width: int) -> list[Line]:
    """What is wrong and what changed, and the device itself; its ports follow (`port_lines`).

    `changed` are the lines of what happened since the last signed round. Values that are not of now are grey under
    their age.
    """
    lines = [*device_lines.heading(view, width), *device_lines.why(view, width, most=5), *changed]
    shown = known(view)
    if shown is None or shown.device is None:
        return lines
    if len(lines) > 1:
        lines.append(NO_LINE)
    values = about(shown.device, width)
    return [*lines, *(values if view.state.knows else device_lines.greyed(values))]


def port_lines(ports: Ports, width: int) -> list[Line]:
    """The faceplate and the table of all ports."""
    if not ports.rows:
        return [NO_LINE, no_ports()]
    return [NO_LINE, *faceplate(ports, width), NO_LINE, *table(ports.ordered(Only.ALL), ports, width, rates=False)]


def no_ports() -> Line:
    """The device told no port."""
    return (("  " + _("no ports told"), "unknown"),)


def neighbours(facts: DeviceFacts, width: int) -> list[Line]:
    """What the device says is at the other end of its ports; nothing when it says nothing."""
    if not facts.neighbours:
        return []
    ordered = sorted(facts.neighbours, key=lambda one: (one.port, one.name))
    return [section(_("Neighbours (LLDP, CDP)"), width), *(_neighbour(one, width) for one in ordered)]


def _neighbour(one: Neighbour, width: int) -> Line:
    far = f"{one.name} {short_name(one.remote_port)}".strip() or show.NOTHING
    return cut(((f"  {short_name(one.port)} → ", "dim"), (far, ""), (f"  {one.protocol.upper()}", "dim")), width)


def about(facts: DeviceFacts, width: int, *, of_description: int = 2) -> list[Line]:
    """Who it is, how long it has been up, how busy and how warm it is, its parts, how many ports are how.

    Of what it says of itself (sysDescr) so many lines.
    """
    who = " · ".join(text for text in (facts.sys_name, facts.vendor) if text) or show.NOTHING
    up = _("up for {duration}").format(duration=show.duration(facts.uptime_s))
    lines: list[Line] = [cut(((f"  {who}", "strong"), (f"  {up}", "dim")), width)]
    if facts.sys_descr:
        lines += flowing(facts.sys_descr, width, "dim", indent=2, most=of_description)
    basis = f" ({_(_BASIS[facts.cpu_basis])})" if facts.cpu_basis in _BASIS and facts.cpu_percent is not None else ""
    figures = (
        (_("cpu"), show.percent(facts.cpu_percent) + basis),
        (_("memory"), show.percent(facts.memory_percent)),
        (_("temperature"), show.number(facts.temperature_c, "°C")),
    )
    strip: list[Line] = [((f"  {label} ", "dim"), (value, "")) for label, value in figures]
    lines += _packed([*strip, _parts(_("fans"), facts.fans), _parts(_("power supplies"), facts.power_supplies)], width)
    counts = count_ports(facts.interfaces)
    if counts.total:
        text = _("{total} ports: {up} up, {down} down, {shut} shut, {other} other").format(
            total=counts.total, up=counts.up, down=counts.down, shut=counts.admin_down, other=counts.other
        )
        lines.append(cut(((f"  {text}", ""),), width))
    return lines


def _packed(pieces: Sequence[Line], width: int) -> list[Line]:
    """The pieces beside each other, on as many lines as they need."""
    lines: list[Line] = []
    for piece in pieces:
        if lines and width_of(lines[-1]) + width_of(piece) <= width:
            lines[-1] = (*lines[-1], *piece)
        elif piece:
            lines.append(piece)
    return [cut(line, width) for line in lines]


def _parts(title: str, parts: tuple[Part, ...]) -> Line:
    """How many fans or power supplies are ok, and each that is not by its name."""
    if not parts:
        return ()
    installed = [part for part in parts if part.state != "not-installed"]
    good = sum(part.state == "ok" for part in installed)
    return (
        (f"  {title} ", "dim"),
        (_("{n} of {total} ok").format(n=good, total=len(installed)), ""),
        *((f"  {part.name} {show.part_state(part.state)}", _part_role(part)) for part in parts if part.state != "ok"),
    )


def _part_role(part: Part) -> str:
    return "fault" if part.state == "fault" else "dim" if part.state == "not-installed" else "attention"
