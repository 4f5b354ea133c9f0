"""The rounds that are owed, for the duty panel of the board."""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom import show, words
from dutyroom.board import Board, DutyState
from dutyroom.model.checklist import Words
from dutyroom.model.rounds import OwedState
from dutyroom.model.site import Site
from dutyroom.words import _
from screens.widgets.lines import Line, Run, spread

_PRESSING = (OwedState.LATE, OwedState.OPEN, OwedState.DUE)


def lines(board: Board, site: Site, width: int, key: str = "enter") -> list[Line]:
    """The round of the current slot and the one signed last. `key` opens the round."""
    duty, zone = board.duty, site.timezone
    name = words.choose(duty.checklist.words.en, duty.checklist.words.zh)
    lines: list[Line] = []
    due = show.time_of_day(duty.slot.due_at, zone)
    if duty.state is DutyState.DONE and duty.round is not None:
        signed = _("signed {at}").format(at=show.time_of_day(duty.round.signed_at, zone))
        lines.append(spread((("✓ ", "ok"), (name, "strong")), ((signed, "ok"),), width))
    elif duty.state is DutyState.OPEN and duty.round is not None:
        progress = f"  {duty.answered}/{duty.lines}"
        late = duty.slot.is_late(board.at)
        since = _("late since {at}").format(at=show.time_of_day(duty.slot.late_after, zone))
        opened: Line = (("! ", "attention") if late else ("▸ ", "key"), (name, "strong"), (progress, ""))
        lines.append(spread(opened, ((since, "attention") if late else (due, ""),), width))
        lines.append((("  ", ""), (_("{key} goes on with it").format(key=key), "key")))
    elif duty.state in (DutyState.SKIPPED, DutyState.MISSED):
        # Nothing is to be begun any more: by the lead's word, or because its time is over.
        skipped = duty.state is DutyState.SKIPPED
        told: Run = (_("skipped"), "dim") if skipped else (_("missed"), "fault")
        sign: Run = ("– ", "dim") if skipped else ("✗ ", "fault")
        lines.append(spread((sign, (name, "strong")), (told,), width))
    else:
        late = duty.state is DutyState.LATE
        when = _("late since {at}") if late else _("due {at}")
        at = show.time_of_day(duty.slot.late_after if late else duty.slot.due_at, zone)
        mark: Run = ("! ", "attention") if late else ("▸ ", "key")
        lines.append(spread((mark, (name, "strong")), ((when.format(at=at), "attention" if late else ""),), width))
        lines.append((("  ", ""), (_("{key} starts it").format(key=key), "key")))
    last = duty.last_signed
    if last is not None and last.signed_at is not None and duty.state is not DutyState.DONE:
        day, at = show.day(last.signed_at.astimezone(zone).date()), show.time_of_day(last.signed_at, zone)
        lines.append(((_("  Last signed {day} {at}").format(day=day, at=at), "dim"),))
    if last is not None and last.abnormal and duty.state is DutyState.DONE:
        lines.append(((_("  {n} answers not normal").format(n=last.abnormal), "attention"),))
    return lines


def others(board: Board, site: Site, width: int, names: Mapping[str, Words]) -> list[Line]:
    """One line for each other checklist that is late, open or due now, the most pressing first."""
    lines: list[Line] = []
    for one in board.owed:
        if one.checklist == board.duty.checklist.name or one.opens_at > board.at or one.state not in _PRESSING:
            continue
        known = names.get(one.checklist)
        name = words.choose(known.en, known.zh) if known is not None else one.checklist
        late = board.at > one.late_after
        when = show.moment(one.late_after, site.timezone)[5:]
        text = (_("late since {at}") if late else _("until {at}")).format(at=when)
        progress = f"  {one.answered}/{one.lines}" if one.state is OwedState.OPEN else ""
        mark: Run = ("! ", "attention") if late else ("▸ ", "key")
        lines.append(spread((mark, (name, "strong"), (progress, "")), ((text, "attention" if late else ""),), width))
    return lines
