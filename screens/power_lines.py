"""One UPS as lines of text: how long it lasts, whether that is enough, and everything it said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.renderables.digits import Digits

from dutyroom import show
from dutyroom.board import SourceView
from dutyroom.model import facts as facts_of
from dutyroom.model.devices import Ups
from dutyroom.model.facts import Implausible, RuntimeBasis, UpsFacts
from dutyroom.model.reading import HoldVerdict
from dutyroom.rules.hold_records import FULL_ENOUGH_PERCENT
from dutyroom.words import N_, _
from screens import device_lines
from screens.device_lines import NO_LINE, cut, known, known_age_s, section, wrapped
from screens.widgets.lines import Line, Run, pad

_HOLD_ROLES = {HoldVerdict.MET: "ok", HoldVerdict.SHORT: "attention"}
# In a list below so many cells the verdict comes first: what is cut is the least of it.
NARROW = 24
# From so many cells on charge and load stand in it too.
ROOMY = 34
_BASES = {
    RuntimeBasis.REPORTED: N_("as the UPS reports it"),
    RuntimeBasis.SLOPE: N_("from how fast the charge falls"),
    RuntimeBasis.HISTORY: N_("from earlier outages"),
    RuntimeBasis.COUNTDOWN: N_("counted down from the last known"),
}
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
    """The remaining runtime that is known now, in seconds; None when it is not known or not current."""
    ups = view.sample.ups if view.sample is not None and view.state.knows else None
    return ups.runtime_s if ups is not None else None


def list_lines(view: SourceView, width: int, *, chosen: bool) -> list[Line]:
    """The UPS and its runtime; the required time and whether it is met, or why nothing is known; charge and load."""
    facts = view.sample.ups if view.sample is not None and view.state.knows else None
    if facts is None:
        return [device_lines.row(view, ("", ""), width, chosen=chosen), device_lines.why_line(view, width)]
    first = device_lines.row(view, (show.duration(facts.runtime_s), "strong"), width, chosen=chosen)
    line: Run = (f"   {show.line(facts.line)}", "fault" if facts.line is facts_of.Line.BATTERY else "dim")
    required = _("of {required}").format(required=show.hours(view.hold_time_s))
    hold = view.hold_verdict
    held: Run = (f" {show.hold(hold)}", _HOLD_ROLES.get(hold, "unknown") if hold is not None else "unknown")
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


def details(view: SourceView, device: Ups, today: date, changed: Sequence[Line], width: int) -> list[Line]:
    """Everything about one UPS, the answer first. Values that are not of now are grey under their age.

    `changed` are the lines of what happened to it since the last signed round.
    """
    lines, why = device_lines.heading(view, width), device_lines.why(view, width)
    shown = known(view)
    if shown is None or shown.ups is None:
        return [*lines, *why, *changed]
    facts = shown.ups
    hold = [NO_LINE, *hold_lines(view, facts, width), NO_LINE]
    values = [*value_lines(facts, device, today, width), *_implausible(facts, width)]
    rest = _variables(facts, known_age_s(view), width)
    if not view.state.knows:
        return [*lines, *why, *device_lines.greyed([*hold, *values]), *changed, *device_lines.greyed(rest)]
    return [*lines, *hold, *values, *why, *changed, *rest]


def evidence(view: SourceView, facts: UpsFacts) -> str:
    """On what the answer about the hold time stands, or why there is none."""
    if not view.state.knows:
        return _("no evidence: these values are not of now")
    if facts.runtime_s is None:
        odd = any(one.variable == "battery.runtime" for one in facts.implausible)
        return _("no evidence: its runtime is implausible") if odd else _("no evidence: it reports no runtime")
    basis = _(_BASES[facts.runtime_basis]) if facts.runtime_basis is not None else ""
    if facts.line is facts_of.Line.BATTERY:
        if view.on_battery_s is None:
            return _("no evidence: not known since when it is on battery")
        return _("{basis}, after {held} on battery").format(basis=basis, held=show.duration(view.on_battery_s))
    if facts.line is facts_of.Line.UNKNOWN:
        return _("no evidence: not known whether mains or battery feeds it")
    if facts.charge_percent is None:
        return _("no evidence: the charge is not known")
    if facts.charge_percent < FULL_ENOUGH_PERCENT:
        return _("no evidence: battery at {charge}, a runtime counts when it is full").format(
            charge=show.percent(facts.charge_percent)
        )
    return _("{basis}, battery full").format(basis=basis)


def big(seconds: float) -> tuple[str, ...]:
    """`H:MM` in large digits, three rows; rounded down."""
    minutes = max(0, int(seconds)) // 60
    return drawn(f"{minutes // 60}:{minutes % 60:02d}")


def drawn(text: str) -> tuple[str, ...]:
    """Figures and a colon in large digits, three rows; empty rows for no text."""
    made = "".join(part.text for part in Digits(text).render(Style(bold=True)) if isinstance(part, Segment))
    return tuple(made.split("\n")[:3])


def hold_lines(view: SourceView, facts: UpsFacts, width: int) -> list[Line]:
    """Large runtime on the left; required time, verdict and evidence beside it."""
    role = _HOLD_ROLES.get(view.hold_verdict, "unknown") if view.hold_verdict is not None else "unknown"
    required = view.hold_time_s
    beside: list[Line] = [
        ((_("of {required} required").format(required=show.hours(required)), ""),),
        ((_verdict_words(view, facts), role),),
    ]
    if facts.runtime_s is None:
        digits: tuple[str, ...] = ("",) * 3
        beside.insert(0, ((_("runtime not known"), "strong"),))
        left = 0
    else:
        digits = big(facts.runtime_s)
        beside.insert(0, ((_("{duration} left").format(duration=show.duration(facts.runtime_s)), "strong"),))
        left = max(cell_len(digit) for digit in digits) + 2
    rows = [
        cut((("  ", ""), (pad(digit, left), role), *text), width) for digit, text in zip(digits, beside, strict=True)
    ]
    return [*rows, *wrapped(evidence(view, facts), width, "dim", indent=2)]


def _verdict_words(view: SourceView, facts: UpsFacts) -> str:
    """Met or short, and by how much: on battery the time already held counts."""
    required = view.hold_time_s
    if required is None or facts.runtime_s is None or view.hold_verdict not in _HOLD_ROLES:
        return show.hold(view.hold_verdict)
    held = facts.runtime_s + (view.on_battery_s or 0.0)
    if view.hold_verdict is HoldVerdict.SHORT:
        return _("short by {duration}").format(duration=show.duration(required - held))
    return _("met, {duration} to spare").format(duration=show.duration(held - required))


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
        lines += wrapped(f"{odd.variable} = {odd.raw}: {why_not(odd)}", width, "attention", indent=2)
    return lines


def _variables(facts: UpsFacts, age_s: float | None, width: int) -> list[Line]:
    if not facts.variables:
        return []
    title = _("All {n} variables, {ago}").format(n=len(facts.variables), ago=show.ago(age_s))
    column = min(device_lines.label_width(name for name, _value in facts.variables), max(10, width // 2))
    rows = [cut(((f"  {pad(name, column)}  ", "dim"), (value, "")), width) for name, value in sorted(facts.variables)]
    return [section(title, width), *rows]
