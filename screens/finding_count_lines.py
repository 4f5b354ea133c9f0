"""How many findings are open and overdue, for the duty panel of the board."""

from __future__ import annotations

from dutyroom import show
from dutyroom.board import Board
from dutyroom.model.finding import FindingsNow, Severity
from dutyroom.model.room import RoomRecords
from dutyroom.model.site import Site
from dutyroom.words import _
from screens.widgets.lines import Line, Run, spread


def lines(board: Board, records: RoomRecords, site: Site, width: int) -> list[Line]:
    """What is open with what is overdue, or the next deadline; below it what waits for somebody, where there is any."""
    counts = records.findings
    made: list[Line] = []
    if counts.open:
        mark, style = _mark(counts)
        left: Line = ((f"{mark} ", style), (_("{n} findings open").format(n=counts.open), "strong"))
        made.append(spread(left, (_pressing(counts, board, site),), width))
    others = _others(counts)
    if others:
        made.append(((f"  {others}", "dim"),))
    return made


def _mark(counts: FindingsNow) -> tuple[str, str]:
    if counts.worst is Severity.MAJOR:
        return "✗", "fault"
    return ("!", "attention") if counts.overdue or counts.worst is Severity.CRITICAL else ("▸", "key")


def _pressing(counts: FindingsNow, board: Board, site: Site) -> Run:
    if counts.overdue:
        return _("{n} overdue").format(n=counts.overdue), "attention"
    if counts.next_deadline is None:
        return "", ""
    local = counts.next_deadline.astimezone(site.timezone).date()
    if local == board.at.astimezone(site.timezone).date():
        return _("by {at}").format(at=show.time_of_day(counts.next_deadline, site.timezone)), ""
    return _("by {at}").format(at=show.day(local)), ""


def _others(counts: FindingsNow) -> str:
    told = (
        (counts.to_verify, _("{n} to verify")),
        (counts.known, _("{n} known")),
        (counts.silenced, _("{n} in planned maintenance")),
    )
    return ", ".join(text.format(n=number) for number, text in told if number)
