"""Who is on duty, and whether the shift was handed over, for the duty panel of the board."""

from __future__ import annotations

from dutyroom import shift_words, show
from dutyroom.board import Board
from dutyroom.model.room import RoomRecords
from dutyroom.model.roster import DutyNow
from dutyroom.model.site import Site
from dutyroom.words import _
from screens.widgets.lines import Line, pad, spread

# So many days before its end the next roster is asked for.
ROSTER_ENDS_SOON = 3


def lines(board: Board, records: RoomRecords, site: Site, width: int) -> list[Line]:
    """Who has the duty and until when; what of roster and handover is missing. None without a roster."""
    duty = records.on_duty
    if duty.next is None:
        return []
    made = [_running(duty, records, site, width)]
    if duty.accepted is False:
        text = _("Handover not accepted yet") if duty.handover_id else _("Shift not handed over yet")
        made.append((("! ", "attention"), (pad(text, width - 2), "attention")))
    today = board.at.astimezone(site.timezone).date()
    if duty.roster_until is None or (duty.roster_until - today).days < ROSTER_ENDS_SOON:
        ends = show.day(duty.roster_until) if duty.roster_until is not None else show.NOTHING
        text = _("The roster ends: {day}").format(day=ends)
        made.append((("! ", "attention"), (pad(text, width - 2), "attention")))
    return made


def hint(records: RoomRecords | None, width: int) -> list[Line]:
    """That no roster is in use, for the end of the panel where there is room."""
    if records is None or records.on_duty.next is not None:
        return []
    return [(("– ", "dim"), (pad(_("no roster: dutyroom roster import"), width - 2), "dim"))]


def _running(duty: DutyNow, records: RoomRecords, site: Site, width: int) -> Line:
    zone, shift = site.timezone, duty.shift
    if shift is None:
        begins = show.time_of_day(duty.next.begins_at, zone) if duty.next is not None else show.NOTHING
        return (("  ", ""), (pad(_("no shift until {time}").format(time=begins), width - 2), "dim"))
    until = _("until {time}").format(time=show.time_of_day(shift.ends_at, zone))
    name = shift_words.label(site, shift.code)
    if not shift.people:
        return spread(
            (("! ", "attention"), (_("{shift}: nobody").format(shift=name), "attention")), ((until, "dim"),), width
        )
    who = shift_words.people(shift.people, records.person)
    return spread((("  ", ""), (f"{name}: {who}", "")), ((until, "dim"),), width)
