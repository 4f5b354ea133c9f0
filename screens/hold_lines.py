"""How long a UPS lasts against what is required, and on what that stands: both numbers, and the date of the proof."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.renderables.digits import Digits

from dutyroom import show
from dutyroom.board import SourceView
from dutyroom.clock import local_date
from dutyroom.model.facts import Line as PowerLine
from dutyroom.model.facts import RuntimeBasis, UpsFacts
from dutyroom.model.hold import HoldBasis, HoldEvidence, HoldUnknown, Proof
from dutyroom.model.reading import HoldVerdict
from dutyroom.words import N_, _
from screens.device_lines import cut, label_width
from screens.flow import flowing
from screens.widgets.lines import Line, pad

HOLD_ROLES = {HoldVerdict.MET: "ok", HoldVerdict.SHORT: "attention"}
# On battery the time left is the one that is believed, wherever that comes from.
_ESTIMATES = {
    RuntimeBasis.SLOPE: N_("from how fast the charge falls"),
    RuntimeBasis.HISTORY: N_("from earlier outages"),
    RuntimeBasis.COUNTDOWN: N_("counted down from the last known"),
}
_WHY_NOT = {
    HoldUnknown.NO_RECORD: N_("no outage or discharge test of this battery is on record"),
    HoldUnknown.OTHER_BATTERY: N_("what is on record was another battery"),
    HoldUnknown.LOAD_THEN: N_("on record without a load: it cannot be compared"),
    HoldUnknown.LOAD_NOW: N_("on record, but the load of today is not known"),
    HoldUnknown.LOAD_DIFFERS: N_("on record with a load too far from that of today"),
    HoldUnknown.NO_CONTACT: N_("these values are not of now"),
    HoldUnknown.NO_RUNTIME: N_("it reports no runtime"),
    HoldUnknown.IMPLAUSIBLE: N_("its runtime is implausible"),
    HoldUnknown.LINE: N_("not known whether mains or battery feeds it"),
    HoldUnknown.SINCE: N_("not known since when it is on battery"),
    HoldUnknown.CHARGE: N_("the charge is not known"),
    HoldUnknown.NOT_CARRYING: N_("bypass, or output off: the battery carries nothing"),
}


def time_shown(view: SourceView, facts: UpsFacts) -> float | None:
    """The time shown for a UPS, in seconds: on battery what is left, on mains never more than what is proven."""
    hold, on_battery = view.hold, facts.line is PowerLine.BATTERY
    decides = hold.seconds if hold is not None and hold.verdict in HOLD_ROLES and not on_battery else None
    known = [seconds for seconds in (facts.runtime_s, decides) if seconds is not None]
    return min(known, default=None)


def held_words(view: SourceView) -> str:
    """Met or short, and by how much."""
    hold = view.hold
    if hold is None or hold.seconds is None or hold.verdict not in HOLD_ROLES:
        return show.hold(view.hold_verdict)
    if hold.is_short_when_full:
        return standing_warning(view)
    if hold.short_by_s is not None:
        return _("short by {duration}").format(duration=show.duration(hold.short_by_s))
    return _("met, {duration} to spare").format(duration=show.duration(hold.seconds - hold.required_s))


def standing_warning(view: SourceView) -> str:
    """That it is not enough even with the battery full, before anything happens; an empty text where it is enough."""
    hold = view.hold
    if hold is None or not hold.is_short_when_full:
        return ""
    return _("full battery: short by {duration}").format(duration=show.duration(hold.short_by_s))


def big(seconds: float) -> tuple[str, ...]:
    """`H:MM` in large digits, three rows; rounded down."""
    minutes = max(0, int(seconds)) // 60
    return drawn(f"{minutes // 60}:{minutes % 60:02d}")


def drawn(text: str) -> tuple[str, ...]:
    """Figures and a colon in large digits, three rows; empty rows for no text."""
    made = "".join(part.text for part in Digits(text).render(Style(bold=True)) if isinstance(part, Segment))
    return tuple(made.split("\n")[:3])


def hold_lines(view: SourceView, facts: UpsFacts, zone: ZoneInfo, width: int) -> list[Line]:
    """Large runtime on the left; required time and verdict beside it; below the numbers they rest on."""
    role = HOLD_ROLES.get(view.hold_verdict, "unknown") if view.hold_verdict is not None else "unknown"
    beside: list[Line] = [
        ((_("of {required} required").format(required=show.hours(view.hold_time_s)), ""),),
        ((held_words(view), role),),
    ]
    seconds = time_shown(view, facts)
    if seconds is None:
        digits: tuple[str, ...] = ("",) * 3
        beside.insert(0, ((_("runtime not known"), "strong"),))
        left = 0
    else:
        digits = big(seconds)
        beside.insert(0, ((_("{duration} left").format(duration=show.duration(seconds)), "strong"),))
        left = max(cell_len(digit) for digit in digits) + 2
    rows = [
        cut((("  ", ""), (pad(digit, left), role), *text), width) for digit, text in zip(digits, beside, strict=True)
    ]
    return [*rows, *evidence_lines(view, facts, zone, width)]


def evidence_lines(view: SourceView, facts: UpsFacts, zone: ZoneInfo, width: int) -> list[Line]:
    """The number that was proven and the one that is reported, each with what it rests on; the deciding one strong."""
    hold = view.hold
    if hold is None or not view.state.knows:
        return flowing(_("no evidence: these values are not of now"), width, "dim", indent=2)
    own = (HoldBasis.TEST, HoldBasis.OUTAGE)
    believed = _("estimated") if facts.runtime_basis in _ESTIMATES else _("UPS says")
    rows = [
        (_("proven"), hold.proven_s, _proven(hold, zone), hold.basis in own),
        (believed, hold.reported_s, _reported(hold, facts), hold.basis is HoldBasis.REPORTED),
    ]
    column = label_width(label for label, *_rest in rows) + 2
    numbers = label_width(show.duration(seconds) for _label, seconds, *_rest in rows) + 2
    lines: list[Line] = []
    for label, seconds, text, decides in rows:
        figure = pad(show.duration(seconds), numbers)
        first, *rest = flowing(text, max(8, width - 2 - column - numbers), "dim") or [()]
        lines.append((("  ", ""), (pad(label, column), "dim"), (figure, "strong" if decides else "dim"), *first))
        lines += [((" " * (2 + column + numbers), ""), *line) for line in rest]
    return [cut(line, width) for line in lines]


def _proven(hold: HoldEvidence, zone: ZoneInfo) -> str:
    """Which discharge it was and what it held, and why it does not decide."""
    proof, why = hold.proof, hold.proof_why_not
    if proof is None:
        return _(_WHY_NOT[why]) if why in _WHY_NOT else ""
    parts = [_record(proof, zone)]
    if why is HoldUnknown.OLD:
        parts.append(_("too long ago to count"))
    elif why in (HoldUnknown.LOAD_DIFFERS, HoldUnknown.SINCE, HoldUnknown.CHARGE):
        parts.append(_(_WHY_NOT[why]))
    elif not proof.is_complete:
        parts.append(_stopped(proof, hold))
    return ", ".join(parts)


def _record(proof: Proof, zone: ZoneInfo) -> str:
    text = _("test of {date}: {held} at load {load}") if proof.basis is HoldBasis.TEST else _(
        "outage of {date}: {held} at load {load}"
    )  # fmt: skip
    return text.format(
        date=local_date(proof.at, zone).isoformat(),
        held=show.duration(proof.held_s),
        load=show.percent(proof.load_then_percent),
    )


def _stopped(proof: Proof, hold: HoldEvidence) -> str:
    """That a discharge did not go to the end; what its charge promised, where that makes it short."""
    if hold.verdict is HoldVerdict.SHORT and proof.high_s is not None and proof.high_s < hold.required_s:
        return _("to {charge}: {whole} in all at that rate").format(
            charge=show.percent(proof.ended_at_percent), whole=show.duration(proof.high_s)
        )
    return _("to {charge}: at least that").format(charge=show.percent(proof.ended_at_percent))


def _reported(hold: HoldEvidence, facts: UpsFacts) -> str:
    """Where the number of the UPS comes from, or why it does not count."""
    why = hold.reported_why_not
    if why is HoldUnknown.NOT_FULL:
        return _("battery at {charge}, a runtime counts when it is full").format(
            charge=show.percent(facts.charge_percent)
        )
    if why is not None:
        return _(_WHY_NOT[why])
    if facts.line is PowerLine.BATTERY:
        held = _("{held} on battery and {left} left").format(
            held=show.duration(hold.held_s), left=show.duration(facts.runtime_s)
        )
        basis = _ESTIMATES.get(facts.runtime_basis) if facts.runtime_basis is not None else None
        return f"{_(basis)}, {held}" if basis is not None else held
    return _("battery full")
