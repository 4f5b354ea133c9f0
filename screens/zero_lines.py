"""Whether the zero report was sent, and the days without one, for the duty panel of the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dutyroom import show
from dutyroom.board import Board
from dutyroom.model.room import RoomRecords
from dutyroom.model.site import Site
from dutyroom.model.zero_report import ZeroState
from dutyroom.words import _
from screens.widgets.lines import Line, Run, pad, spread

if TYPE_CHECKING:
    from dutyroom.model.zero_report import ZeroNow

_HOUR_S = 3600.0


def lines(board: Board, records: RoomRecords, site: Site, width: int) -> list[Line]:
    """The report that is due or was sent, and how many days have none; nothing before there was anybody."""
    zero = records.zero
    if zero.duty_day is None or zero.due_at is None:
        return []
    told = [_sent(zero, site, width) if zero.report is not None else _due(zero, board, width)]
    if zero.missing:
        days = ", ".join(f"{day:%m-%d}" for day in reversed(zero.missing))
        text = _("Zero reports missing: {n}").format(n=len(zero.missing))
        told.append((("! ", "attention"), (pad(f"{text} ({days})", width - 2), "attention")))
    return told


def _sent(zero: ZeroNow, site: Site, width: int) -> Line:
    assert zero.report is not None  # asked by the caller
    at = show.time_of_day(zero.report.signed_at, site.timezone)
    is_zero = zero.report.state is ZeroState.ZERO
    text = (_("sent {at}, nothing") if is_zero else _("sent {at}, with events")).format(at=at)
    return spread((("✓ ", "ok"), (_("Zero report"), "strong")), ((text, "ok"),), width)


def _due(zero: ZeroNow, board: Board, width: int) -> Line:
    assert zero.due_at is not None  # asked by the caller
    left_s = (zero.due_at - board.at).total_seconds()
    role = "" if left_s > _HOUR_S else "attention"
    mark: Run = ("! ", role) if left_s <= 0 else ("▸ " if left_s <= _HOUR_S else "  ", role)
    when = _("due in {time}") if left_s > 0 else _("due for {time}")
    text = when.format(time=show.duration(abs(left_s)))
    return spread((mark, (_("Zero report"), "strong")), ((text, role),), width)
