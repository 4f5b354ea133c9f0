"""What happened in a power event as lines of text: pure functions of an OutageBoard and a width."""

from __future__ import annotations

from dutyroom import outage_words, show
from dutyroom.inert import inert
from dutyroom.model.outage import EventAct, Phase
from dutyroom.outage_board import OutageBoard, TimelineLine
from dutyroom.words import _
from screens.flow import flowing
from screens.outage_load_lines import Around
from screens.widgets.lines import Line

_ROLES = {
    Phase.ON_BATTERY: "fault",
    Phase.LOW: "fault",
    Phase.SHUTDOWN: "fault",
    Phase.LOST: "fault",
    Phase.FOUND: "attention",
    Phase.RESTORED: "ok",
}


def lines(board: OutageBoard, around: Around, width: int) -> list[Line]:
    """Phases and acts with their times and persons, the newest first."""
    made: list[Line] = []
    for one in reversed(board.timeline):
        at = show.time_of_day(one.at, around.site.timezone, seconds=True)
        text, role = _told(one, around)
        first, *rest = flowing(text, max(1, width - len(at) - 3), role) or [((" ", ""),)]
        made.append(((f" {at}  ", "dim"), *first))
        made += [((" " * (len(at) + 3), ""), *line) for line in rest]
    return made or [((" " + _("nothing yet"), "dim"),)]


def _told(one: TimelineLine, around: Around) -> tuple[str, str]:
    if one.phase is not None:
        return f"{inert(one.ups, 60)} {outage_words.phase(one.phase.phase)}", _ROLES[one.phase.phase]
    assert one.step is not None  # a line is one of the two
    text = f"{around.person(one.step.by)}: {outage_words.act(one.step, around.label)}"
    return text, "key" if one.step.act in (EventAct.MAJOR, EventAct.CLOSED) else ""
