"""How slots stand on paper: their sign, its look, and the words of states and reasons, in the language in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dutyroom.model.checklist import Checklist
from dutyroom.model.rounds import SkipReason
from dutyroom.report.chart import Pattern
from dutyroom.report.facts.standing import SlotFact, SlotState
from dutyroom.report.frame import Frame
from dutyroom.words import N_, _, choose

WEEKDAYS = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
SATURDAY = 6
STATE_WORDS = {
    SlotState.ON_TIME: N_("on time"),
    SlotState.LATE: N_("late"),
    SlotState.BACK_FILLED: N_("back-filled"),
    SlotState.SKIPPED: N_("skipped"),
    SlotState.MISSED: N_("missed"),
    SlotState.PENDING: N_("may still be signed"),
    SlotState.FUTURE: N_("to come"),
}
STATE_COLOURS = {
    SlotState.ON_TIME: "8CBFA6",
    SlotState.LATE: "C98A00",
    SlotState.BACK_FILLED: "4F74A6",
    SlotState.SKIPPED: "7C8896",
    SlotState.MISSED: "8E1B16",
}
"""Of the chart: what is well is light and what is missed is dark, in grey too."""
STATE_PATTERNS: dict[SlotState, Pattern] = {
    SlotState.LATE: "wdUpDiag",
    SlotState.BACK_FILLED: "narHorz",
    SlotState.SKIPPED: "pct10",
}
REASONS = {
    SkipReason.ROOM_CLOSED: N_("room closed"),
    SkipReason.MAINTENANCE: N_("works in the room"),
    SkipReason.EMERGENCY: N_("emergency"),
    SkipReason.ACCESS: N_("no access"),
    SkipReason.HOLIDAY: N_("holiday"),
    SkipReason.OTHER: N_("other reason"),
}


def is_weekend(day: date) -> bool:
    """Saturday or Sunday."""
    return day.isoweekday() >= SATURDAY


def mark_of(slot: SlotFact) -> str:
    """One character, and a star for a round amended after it was signed."""
    # One message, because a single letter means another thing elsewhere; the legend names the four.
    late, back_filled, missed, skipped = _("L B M S").split()
    signs = {
        SlotState.ON_TIME: "✓",
        SlotState.LATE: late,
        SlotState.BACK_FILLED: back_filled,
        SlotState.MISSED: missed,
        SlotState.SKIPPED: skipped,
        SlotState.PENDING: "…",
        SlotState.FUTURE: "○",
    }
    return signs[slot.state] + ("*" if slot.is_amended else "")


def mark_look(day: date, slot: SlotFact | None) -> str:
    """The look of a slot's cell, or of a day without one."""
    if slot is not None and slot.state is SlotState.MISSED:
        return "mark fault"
    if slot is not None and slot.state in (SlotState.LATE, SlotState.BACK_FILLED, SlotState.SKIPPED):
        return "mark attention"
    return "mark weekend" if is_weekend(day) else "mark"


def state_look(state: SlotState) -> str:
    """The look of a state as a word."""
    if state is SlotState.MISSED:
        return "verdict fault"
    return "centre" if state is SlotState.ON_TIME else "verdict attention"


def legend() -> str:
    """What the signs of rounds mean."""
    return _(
        "Rounds: ✓ on time  L late  B back-filled  M missed  S skipped  … may still be signed  ○ to come  "
        "* amended after signing"
    )


def checklist_name(frame: Frame, name: str, versions: Iterable[str] = ()) -> str:
    """What people call a checklist: as it is in force, else as the newest of `versions` calls it, else its name."""
    found = frame.checklists.get(name)
    for version in versions:
        found = found or frame.versions.get(version)
    return name_of(found) if found is not None else name


def name_of(checklist: Checklist) -> str:
    """The checklist's name for people."""
    return choose(checklist.words.en, checklist.words.zh)


def checklist_order(frame: Frame, names: Iterable[str]) -> list[str]:
    """Names as people have them in mind: those in force, the daily one first, then others by the alphabet."""
    known = [*frame.checklists]
    return sorted({*names}, key=lambda name: (known.index(name) if name in frame.checklists else len(known), name))
