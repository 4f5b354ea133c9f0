"""The handover as lines of text: pure functions of what is prepared, what was typed, and a width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dutyroom import handover_words, shift_words, show
from dutyroom.duty.handover_sheet import Prepared
from dutyroom.handover_words import What
from dutyroom.model.finding import Severity
from dutyroom.model.handover import Handover, HandoverSheet, HandoverState
from dutyroom.model.roster import Shift
from dutyroom.model.site import Site, Tool
from dutyroom.words import _
from screens.device_lines import cut, section
from screens.flow import flowing
from screens.widgets.lines import Line, Run, pad

Person = Callable[[str], str]


@dataclass(slots=True)
class Typed:
    """What somebody typed into the sheet: counts by name, remarks line by line."""

    counts: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stop:
    """A row that can be filled in: a thing that is counted, or a line of the remarks (one more than there are)."""

    tool: Tool | None = None
    remark: int = 0


@dataclass(slots=True)
class Drawn:
    """The lines, and the row of each stop."""

    lines: list[Line] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


def stops(site: Site, typed: Typed) -> list[Stop]:
    """What can be filled in, from top to bottom."""
    return [*(Stop(tool) for tool in site.tools), *(Stop(remark=n) for n in range(len(typed.remarks) + 1))]


def draft(prepared: Prepared, typed: Typed, at: int, site: Site, person: Person, what: What, width: int) -> Drawn:
    """The sheet that is to be given: what the records say, then what is to be filled in; `at` is the cursor."""
    drawn = Drawn(_head(prepared, site, person, width))
    drawn.lines += _records(prepared.sheet, site, what, width)
    filled = stops(site, typed)
    if site.tools:
        drawn.lines.append(section(_("Counted"), width))
    for n, stop in enumerate(filled):
        if stop.tool is None and stop.remark == 0:
            drawn.lines.append(section(_("Remarks"), width))
        drawn.rows.append(len(drawn.lines))
        drawn.lines.append(cut(_stop(stop, typed, here=n == at), width))
    return drawn


def given(prepared: Prepared, found: Handover, site: Site, person: Person, what: What, width: int) -> Drawn:
    """The sheet as it was given, and who signed it."""
    lines = _head(prepared, site, person, width)
    for said in handover_words.signed(found, site, person):
        lines += flowing(said, width, "strong", indent=2)
    lines += _records(found.sheet, site, what, width)
    if found.sheet.counts:
        lines.append(section(_("Counted"), width))
    for one in found.sheet.counts:
        is_right = one.expected in (None, one.counted)
        lines.append(
            cut(
                (("  ", ""), (f"{one.name}  ", ""), (handover_words.count(one), "" if is_right else "attention")), width
            )
        )
    lines.append(section(_("Remarks"), width))
    for text in found.sheet.remarks.splitlines() or [_("none")]:
        lines += flowing(text, width, "", indent=2)
    return Drawn(lines)


def _head(prepared: Prepared, site: Site, person: Person, width: int) -> list[Line]:
    """From which shift to which, with their people, and what stands in the way."""
    lines = [
        _shift(_("from"), prepared.before, site, person, width),
        _shift(_("to"), prepared.after, site, person, width),
    ]
    major = prepared.sheet.major
    if prepared.needed and not is_accepted(prepared):
        lines += flowing("! " + _("Rounds of the new shift wait until it has accepted this."), width, "attention")
    if major and not is_accepted(prepared):
        text = _("A major finding is open: {ids}. Only a lead may let the shift change hands, with a reason.")
        lines += flowing("✗ " + text.format(ids=", ".join(map(str, major))), width, "fault")
    return lines


def is_accepted(prepared: Prepared) -> bool:
    """True when the incoming shift has taken over."""
    return prepared.given is not None and prepared.given.state is HandoverState.ACCEPTED


def _shift(word: str, shift: Shift, site: Site, person: Person, width: int) -> Line:
    name = f"{shift_words.label(site, shift.code)}  {show.day(shift.day)} {shift_words.span(shift, site.timezone)}"
    runs: list[Run] = [(f"  {word}  ", "dim"), (name, "strong")]
    if shift.people:
        runs.append((f"  {shift_words.people(shift.people, person)}", ""))
    return cut(tuple(runs), width)


def _records(sheet: HandoverSheet, site: Site, what: What, width: int) -> list[Line]:
    """What the records say, the worst first."""
    lines = [section(_("Open findings"), width)]
    for one in sheet.findings:
        bad = one.severity is not Severity.OTHER
        mark: Run = ("✗ ", "fault") if one.severity is Severity.MAJOR else ("! ", "attention") if bad else ("  ", "")
        lines.append(cut((("  ", ""), mark, (handover_words.finding(one, site), mark[1])), width))
        lines += flowing(what(one.id), width, "", indent=6, most=2)
    lines += [] if sheet.findings else [_none()]
    lines.append(section(_("On battery"), width))
    for outage in sheet.on_battery:
        lines.append(cut((("  ✗ ", "fault"), (handover_words.outage(outage, site), "fault")), width))
    lines += [] if sheet.on_battery else [_none()]
    if sheet.power_events:
        lines.append(section(_("Power events"), width))
        for event in sheet.power_events:
            lines += flowing("! " + handover_words.power_event(event, site), width, "attention", indent=2)
    lines.append(section(_("Open rounds"), width))
    numbers = ", ".join(_("number {id}").format(id=number) for number in sheet.open_rounds)
    return [*lines, cut((("  ", ""), (numbers, "attention")), width) if numbers else _none()]


def _none() -> Line:
    return (("  " + _("none"), "dim"),)


def _stop(stop: Stop, typed: Typed, *, here: bool) -> Line:
    marker: Run = ("▸ " if here else "  ", "key")
    role = "cursor" if here else ""
    if stop.tool is None:
        if stop.remark < len(typed.remarks):
            return (marker, (typed.remarks[stop.remark], role))
        return (marker, (_("add a line"), role or "dim"))
    counted, wanted = typed.counts.get(stop.tool.name), stop.tool.count
    name: Run = (pad(stop.tool.name, 24), role)
    if counted is None:
        return (marker, name, ("  " + _("not counted yet"), "unknown"), *_wanted(wanted))
    is_right = wanted in (None, counted)
    return (marker, name, (f"  {counted}", "strong" if is_right else "attention"), *_wanted(wanted))


def _wanted(count: int | None) -> tuple[Run, ...]:
    return () if count is None else (("  " + _("of {required}").format(required=count), "dim"),)
