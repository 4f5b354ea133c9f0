"""One server as lines of text: which of its resources is in trouble."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dutyroom import show
from dutyroom.board import SourceView
from dutyroom.model.facts import ServerFacts
from dutyroom.model.reading import Verdict
from dutyroom.words import _
from screens import device_lines
from screens.device_lines import NO_LINE, cut, known, section
from screens.widgets.lines import Line, Run, pad, role_of


def list_lines(view: SourceView, width: int, *, chosen: bool) -> list[Line]:
    """The server with its fullest resource; when it is not ok, the first reason below."""
    facts = view.sample.server if view.sample is not None and view.state.knows else None
    highest = _highest(facts) if facts is not None else None
    right = show.percent(highest) if highest is not None else ""
    lines = [device_lines.row(view, (right, "dim"), width, chosen=chosen)]
    return lines if view.verdict is Verdict.OK else [*lines, device_lines.why_line(view, width)]


def details(view: SourceView, zone: ZoneInfo, width: int) -> list[Line]:
    """Everything about one server. Values that are not of now are grey under their age."""
    lines = [*device_lines.heading(view, width), *device_lines.why(view, width)]
    shown = known(view)
    if shown is None or shown.server is None:
        return lines
    over = {reason.quantity for reason in view.reasons if reason.code == "over-limit"}
    values = _values(shown.server, over, role_of(view.verdict), zone, width)
    return [*lines, NO_LINE, *(values if view.state.knows else device_lines.greyed(values))]


def _highest(facts: ServerFacts) -> float | None:
    volume = facts.fullest_volume
    percents = (facts.cpu_percent, facts.memory_percent, volume.used_percent if volume is not None else None)
    return max((percent for percent in percents if percent is not None), default=None)


def _values(facts: ServerFacts, over: set[str], role: str, zone: ZoneInfo, width: int) -> list[Line]:
    cells = max(6, min(40, width - 32))
    since = ""
    if facts.boot_time is not None:
        since = "  " + _("since {moment}").format(moment=show.moment(facts.boot_time, zone))
    rows: list[tuple[str, Line]] = [
        (_("cpu"), device_lines.meter(facts.cpu_percent, cells, role if "cpu_percent" in over else "")),
        (_("memory"), device_lines.meter(facts.memory_percent, cells, role if "memory_percent" in over else "")),
        (_("load, 1 min"), ((show.number(facts.load_1m), ""),)),
        (_("uptime"), ((show.duration(facts.uptime_s), ""), (since, "dim"))),
    ]
    return [
        *device_lines.facts(rows, width),
        *_volumes(facts, over, role, width),
        *_temperatures(facts, width),
        *_links(facts, width),
    ]


def _volumes(facts: ServerFacts, over: set[str], role: str, width: int) -> list[Line]:
    if not facts.volumes:
        return [section(_("Volumes: none reported"), width)]
    ordered = sorted(facts.volumes, key=lambda volume: -volume.used_percent)
    column = min(device_lines.label_width(volume.mount for volume in ordered), max(8, width // 3))
    cells = max(6, min(40, width - column - 12))
    lines = [section(_("Volumes"), width)]
    for volume in ordered:
        painted = role if f"volume {volume.mount}" in over else ""
        bar = device_lines.meter(volume.used_percent, cells, painted)
        lines.append(cut(((f"  {pad(volume.mount, column)}  ", painted or "dim"), *bar), width))
    return lines


def _temperatures(facts: ServerFacts, width: int) -> list[Line]:
    if not facts.temperatures:
        return []
    rows: list[tuple[str, Line]] = [(one.name, ((show.number(one.celsius, "°C"), ""),)) for one in facts.temperatures]
    return [section(_("Temperatures"), width), *device_lines.facts(rows, width)]


def _links(facts: ServerFacts, width: int) -> list[Line]:
    if not facts.network:
        return []
    rows: list[tuple[str, Line]] = []
    # Those with errors first, then those that are up: a virtual machine host has dozens.
    for link in sorted(facts.network, key=lambda one: (not one.errors, not one.up)):
        errors = show.NOTHING if link.errors is None else str(link.errors)
        word: Run = (_("up"), "") if link.up else (_("down"), "dim")
        told: Run = ("  " + _("errors {n}").format(n=errors), "attention" if link.errors else "dim")
        rows.append((link.name, (word, told)))
    return [section(_("Network links"), width), *device_lines.facts(rows, width)]
