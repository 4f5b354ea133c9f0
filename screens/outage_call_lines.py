"""Whom to call as lines of text: pure functions of an OutageBoard, the site and a width."""

from __future__ import annotations

from dutyroom import outage_words, show
from dutyroom.inert import inert
from dutyroom.model.outage import CallResult, EventStep
from dutyroom.model.site import Contact, Site
from dutyroom.outage_board import OutageBoard
from dutyroom.rules.calls import CallLine
from dutyroom.words import _
from screens.device_lines import cut
from screens.flow import flowing
from screens.outage_lines import stopwatch
from screens.widgets.lines import Line, Run, pad

LONGEST = 40
# So many of the calls to one contact stand in its line.
TOLD = 3


def called(contact: Contact) -> str:
    """The contact's name; its role where it has none."""
    return inert(contact.name or contact.role, LONGEST)


def next_lines(board: OutageBoard, width: int) -> list[Line]:
    """The next call and when it is due; below it role and phone, or that somebody is at work."""
    head: Run = (pad(_("Call"), 6), "strong")
    due = board.next_call
    if not board.calls:
        return [cut((head, (_("no contact in the site file"), "attention")), width), ()]
    if due is None:
        answered = next((one for one in board.calls if one.answered), None)
        name = called(answered.contact) if answered is not None else show.NOTHING
        return [
            cut((head, ("✓ ", "ok"), (name, "strong"), ("  " + _("answered"), "ok")), width),
            cut(((" " * 6, ""), (_("nobody else is due"), "dim")), width),
        ]
    left_s = (due.due_at - board.at).total_seconds()
    when: Run = (_("now"), "fault")
    if left_s > 0:
        when = (_("call in {duration}").format(duration=stopwatch(left_s)), "attention")
    role = inert(due.contact.role, LONGEST) if due.contact.name else ""
    below = "  ".join(filter(None, (role, inert(due.contact.phone, LONGEST))))
    return [
        cut((head, ("▸ ", "key"), (called(due.contact), "strong"), ("  ", ""), when), width),
        cut(((" " * 8, ""), (below, "")), width),
    ]


def list_lines(board: OutageBoard, site: Site, width: int, at: int) -> tuple[list[Line], list[int]]:
    """Every contact with the calls made to it, and the row of each; the one of number `at` under the cursor."""
    if not board.calls:
        text = _("No contact: write [[contact]] into the site file, with role, name, phone and order.")
        return flowing(text, width, "attention", indent=1), []
    lines: list[Line] = []
    rows: list[int] = []
    for n, one in enumerate(board.calls):
        rows.append(len(lines))
        lines += _contact(board, site, one, width, number=n + 1, here=n == at)
    return lines, rows


def _contact(board: OutageBoard, site: Site, one: CallLine, width: int, *, number: int, here: bool) -> list[Line]:
    contact = one.contact
    marker: Run = ("▸" if here else " ", "key")
    role = f"  {inert(contact.role, LONGEST)}" if contact.name else ""
    name: Run = (f"{number} {called(contact)}", "cursor" if here else "strong")
    line: Line = (marker, name, (role, "dim"), (f"  {inert(contact.phone, LONGEST)}", ""))
    due = board.next_call
    if due is not None and due.contact == contact:
        left_s = (due.due_at - board.at).total_seconds()
        text = _("call in {duration}").format(duration=stopwatch(left_s)) if left_s > 0 else _("now")
        line = (*line, (f"  ◂ {text}", "fault" if left_s <= 0 else "attention"))
    lines = [cut(line, width)]
    if one.calls:
        told = [_call(step, site) for step in one.calls[-TOLD:]]
        earlier = len(one.calls) - TOLD
        parts = ([_("{n} before").format(n=earlier)] if earlier > 0 else []) + told
        lines.append(cut((("   ", ""), (" · ".join(parts), "ok" if one.answered else "attention")), width))
    return lines


def _call(step: EventStep, site: Site) -> str:
    result = outage_words.call_result(step.result or CallResult.NO_ANSWER)
    note = f" ({inert(step.note, LONGEST)})" if step.note else ""
    return f"{show.time_of_day(step.at, site.timezone)} {result}{note}"
