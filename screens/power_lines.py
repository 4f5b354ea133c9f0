"""One UPS as lines of text: its row in the list, how long it lasts, what hangs on it, and everything it said."""

from __future__ import annotations

from datetime import date

from dutyroom import show
from dutyroom.board import Board, SourceView
from dutyroom.clock import local_date
from dutyroom.model import facts as facts_of
from dutyroom.model.devices import Ups
from dutyroom.model.facts import Implausible, UpsFacts
from dutyroom.model.site import Site
from dutyroom.words import N_, _
from screens import device_lines
from screens.device_lines import NO_LINE, cut, known, known_age_s, section
from screens.flow import flowing
from screens.hold_lines import HOLD_ROLES, hold_lines, time_shown
from screens.load_lines import load_lines
from screens.widgets.lines import Line, Run, pad

# In a list below so many cells the verdict comes first: what is cut is the least of it.
NARROW = 24
# From so many cells on charge and load stand in it too.
ROOMY = 34
_IMPLAUSIBLE = {
    "sentinel": N_("a placeholder of the firmware, no time"),
    "not-a-number": N_("not a number"),
    "out-of-range": N_("outside what is possible"),
    "unit-unclear": N_("its unit is not clear"),
    "negative": N_("negative"),
    "too-long": N_("a day or more"),
    "zero-on-mains": N_("zero while on mains"),
    "all-ones": N_("every value reads 1"),
    "no-value": N_("says that it has no value"),
    "unchanged": N_("did not change for ten minutes on battery"),
}


def runtime_of(view: SourceView) -> float | None:
    """The time that is shown for it now, in seconds; None when it is not known or not current."""
    ups = view.sample.ups if view.sample is not None and view.state.knows else None
    return time_shown(view, ups) if ups is not None else None


def list_lines(view: SourceView, width: int, *, chosen: bool) -> list[Line]:
    """The UPS and its runtime; the required time and whether it is met, or why nothing is known; charge and load."""
    facts = view.sample.ups if view.sample is not None and view.state.knows else None
    if facts is None:
        return [device_lines.row(view, ("", ""), width, chosen=chosen), device_lines.why_line(view, width)]
    first = device_lines.row(view, (show.duration(time_shown(view, facts)), "strong"), width, chosen=chosen)
    line: Run = (f"   {show.line(facts.line)}", "fault" if facts.line is facts_of.Line.BATTERY else "dim")
    required = _("of {required}").format(required=show.hours(view.hold_time_s))
    hold = view.hold_verdict
    held: Run = (f" {show.hold(hold)}", HOLD_ROLES.get(hold, "unknown") if hold is not None else "unknown")
    if width < NARROW:
        beside: Run = line if facts.line is facts_of.Line.BATTERY else (f" {required}", "dim")
        return [first, cut((("  ", ""), held, beside), width)]
    second = cut((line, (f"  {required}", "dim"), held), width)
    return [first, second] if width < ROOMY else [first, second, _charge_and_load(facts, width)]


def _charge_and_load(facts: UpsFacts, width: int) -> Line:
    charge: Line = (
        (f"   {_('charge')} ", "dim"),
        (show.percent(facts.charge_percent), _charge_role(facts.charge_percent)),
    )
    load: Line = ((f"  {_('load')} ", "dim"), (show.percent(facts.load_percent), ""))
    return cut((*charge, *load), width)


def details(view: SourceView, board: Board, site: Site, width: int) -> list[Line]:
    """Everything about one UPS, the answer first. Values that are not of now are grey under their age."""
    lines, why = device_lines.heading(view, width), device_lines.why(view, width)
    changed = device_lines.happened(view, board.events, site.timezone, width)
    loads = load_lines(view, board, site, width)
    shown = known(view)
    if shown is None or shown.ups is None:
        return [*lines, *why, *loads, *changed]
    facts, device = shown.ups, next(ups for ups in site.ups if ups.name == view.name)
    hold = [NO_LINE, *hold_lines(view, facts, site.timezone, width), NO_LINE]
    values = [
        *value_lines(facts, device, local_date(board.at, site.timezone), width),
        *_implausible(facts, width),
    ]
    rest = _variables(facts, known_age_s(view), width)
    if not view.state.knows:
        grey = device_lines.greyed
        return [*lines, *why, *grey([*hold, *values, *loads]), *changed, *grey(rest)]
    return [*lines, *hold, *values, *why, *loads, *changed, *rest]


def value_lines(facts: UpsFacts, device: Ups, today: date, width: int) -> list[Line]:
    """The measured values, each on its line."""
    cells = max(6, min(30, width - 34))
    battery = facts.line is facts_of.Line.BATTERY
    rows: list[tuple[str, Line]] = [
        (
            _("line"),
            ((show.line(facts.line), "fault" if battery else ""), ("  " + " ".join(facts.status), "dim")),
        ),
        (_("charge"), device_lines.meter(facts.charge_percent, cells, _charge_role(facts.charge_percent))),
        (_("load"), (*device_lines.meter(facts.load_percent, cells), (_watts(facts, device), "dim"))),
        (_("input"), ((show.number(facts.input_voltage_v, "V"), ""),)),
        (_("output"), ((show.number(facts.output_voltage_v, "V"), ""),)),
        (_("battery"), ((show.number(facts.battery_voltage_v, "V"), ""), (_installed(device, today), "dim"))),
        (_("temperature"), ((show.number(facts.temperature_c, "°C"), ""),)),
        (_("alarm"), ((facts.alarm, "fault") if facts.alarm else (_("none"), "dim"),)),
        (_("model"), ((facts.model or show.NOTHING, ""),)),
    ]
    return device_lines.facts(rows, width)


def _charge_role(percent: float | None) -> str:
    if percent is None:
        return "unknown"
    return "ok" if percent >= 50 else "fault"


def _watts(facts: UpsFacts, device: Ups) -> str:
    if device.rated_w is None or facts.load_percent is None:
        return ""
    watts = show.number(round(device.rated_w * facts.load_percent / 100), "W")
    return "  " + _("about {watts}").format(watts=watts)


def _installed(device: Ups, today: date) -> str:
    if device.battery_installed is None:
        return ""
    months = (today.year - device.battery_installed.year) * 12 + today.month - device.battery_installed.month
    months -= today.day < device.battery_installed.day
    return "  " + _("since {date}, {y} y {m} m").format(
        date=device.battery_installed.isoformat(), y=max(0, months) // 12, m=max(0, months) % 12
    )


def why_not(odd: Implausible) -> str:
    """Why a value is not believed."""
    return _(_IMPLAUSIBLE[odd.why]) if odd.why in _IMPLAUSIBLE else odd.why


def _implausible(facts: UpsFacts, width: int) -> list[Line]:
    """Raw texts that cannot be true, and why; they are used for nothing."""
    if not facts.implausible:
        return []
    lines = [section(_("Not believed"), width)]
    for odd in facts.implausible:
        lines += flowing(f"{odd.variable} = {odd.raw}: {why_not(odd)}", width, "attention", indent=2)
    return lines


def _variables(facts: UpsFacts, age_s: float | None, width: int) -> list[Line]:
    if not facts.variables:
        return []
    title = _("All {n} variables, {ago}").format(n=len(facts.variables), ago=show.ago(age_s))
    column = min(device_lines.label_width(name for name, _value in facts.variables), max(10, width // 2))
    rows = [cut(((f"  {pad(name, column)}  ", "dim"), (value, "")), width) for name, value in sorted(facts.variables)]
    return [section(title, width), *rows]
