"""Findings as lines of text: pure functions of a finding, what is known around it, and a width."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dutyroom import finding_words, show
from dutyroom.duty.finding_lists import FindingHistory
from dutyroom.model.checklist import Item
from dutyroom.model.finding import Finding, FindingOrigin, FindingState, FindingStep, Severity
from dutyroom.model.site import Site
from dutyroom.rules.deadlines import Countdown, countdowns
from dutyroom.words import N_, _
from screens.device_lines import cut, facts, section
from screens.flow import flowing
from screens.widgets.lines import Line, Run, pad

WIDE = 110
"""From so many cells on a finding stands on one line, below on two."""

_CLOCKS = {
    FindingStep.CONTAINED: N_("Contained"),
    FindingStep.REPORTED: N_("Reported"),
    FindingStep.AUTHORITY: N_("Authority"),
}


@dataclass(frozen=True, slots=True)
class Around:
    """What the words of a finding need: the site, the items of its checklists by id, people's names, the time."""

    site: Site
    items: Mapping[str, Item]
    person: Callable[[str | None], str]
    now: datetime


def rows_of_one(width: int) -> int:
    """How many lines a finding takes in a list of that width."""
    return 1 if width >= WIDE else 2


def row_lines(one: Finding, around: Around, width: int, *, chosen: bool) -> list[Line]:
    """A finding in the list: class, deadline, what is wrong; where it stands and with whom."""
    role = role_of(one, around.now)
    mark: Run = ("▸" if chosen else " ", "key")
    what, style = headline(one, around), "cursor" if chosen else ""
    head: Line = (mark, (sign(one, around.now), role), (pad(finding_words.severity(one.severity), 9), role))
    due: Run = (pad(due_text(one, around.now), 18), role)
    if rows_of_one(width) == 1:
        cells = (
            pad(str(one.id), 5),
            pad(finding_words.standing(one, around.now), 24),
            pad(around.person(whose(one)), 14),
        )
        return [cut((*head, due, (" ".join(cells) + " ", "dim"), (what, style)), width)]
    below = (
        f"{one.id}",
        finding_words.standing(one, around.now),
        around.person(whose(one)) or _("nobody has it"),
        _("found {at}").format(at=show.moment(one.found_at, around.site.timezone)[5:]),
    )
    return [cut((*head, due, (what, style)), width), cut((("   " + " · ".join(below), "dim"),), width)]


def cells(one: Finding, around: Around) -> tuple[str, ...]:
    """Everything a list says of a finding, for the filter and to be copied."""
    return (
        str(one.id),
        finding_words.severity(one.severity),
        due_text(one, around.now),
        headline(one, around),
        finding_words.standing(one, around.now),
        around.person(whose(one)),
        show.moment(one.deadline, around.site.timezone),
        finding_words.origin(one.origin),
    )


def headline(one: Finding, around: Around) -> str:
    """The device and what is wrong with it."""
    what = finding_words.what(one, around.items)
    if not one.device:
        return what
    return _("{what}: {detail}").format(what=around.site.label_of(one.device), detail=what)


def whose(one: Finding) -> str | None:
    """Who answers for it: the owner of a known fault, else whoever has it."""
    return one.known_owner or one.assignee


def sign(one: Finding, now: datetime) -> str:
    """How it stands, without colour."""
    if one.state is FindingState.VERIFIED:
        return "✓ "
    if one.state is FindingState.WITHDRAWN:
        return "– "
    if one.state is FindingState.DONE:
        return "… "
    return "✗ " if one.is_overdue(now) or one.severity is Severity.MAJOR else "! "


def role_of(one: Finding, now: datetime) -> str:
    """The colour of its class and deadline; quiet for what is over, known or silenced."""
    if one.is_over:
        return "ok" if one.state is FindingState.VERIFIED else "dim"
    if one.silenced_by is not None:
        return "dim"
    if one.state is FindingState.DONE:
        return "key"
    if one.is_overdue(now) or one.severity is Severity.MAJOR:
        return "fault"
    return "dim" if one.is_known(now) else "attention"


def due_text(one: Finding, now: datetime) -> str:
    """How long there is, or by how much it is overdue; nothing where no deadline runs."""
    if one.is_over or one.state is FindingState.DONE:
        return finding_words.state(one.state) if one.is_over else _("to verify")
    left = (one.deadline - now).total_seconds()
    if left < 0:
        return _("overdue {duration}").format(duration=show.duration(-left))
    return _("in {duration}").format(duration=show.duration(left))


def page_lines(of: FindingHistory, around: Around, width: int) -> list[Line]:
    """All that is known about one finding, and everything that happened to it, oldest first."""
    one = of.finding
    role = role_of(one, around.now)
    lines = flowing(sign(one, around.now) + headline(one, around), width, role or "strong", most=4)
    lines += [(), *facts(_facts(one, around), width)]
    if one.known_until is not None:
        until = show.moment(one.known_until, around.site.timezone)
        told = _("Known fault of {owner} until {until}: {reason}")
        reason = one.known_reason or ""
        known = told.format(owner=around.person(one.known_owner), until=until, reason=reason)
        lines += flowing(known, width, "key", indent=2, most=4)
    clocks = countdowns(one)
    if clocks:
        lines += [(), section(_("Clocks"), width), *facts([_clock(clock, one, around) for clock in clocks], width)]
    lines += [(), section(_("What happened"), width)]
    return [*lines, *_steps(of, around, width)]


def _facts(one: Finding, around: Around) -> list[tuple[str, Line]]:
    zone, now = around.site.timezone, around.now
    found = finding_words.origin(one.origin) if one.found_by is None else around.person(one.found_by)
    told: list[tuple[str, str, str]] = [
        (_("Class"), finding_words.severity(one.severity), ""),
        (_("State"), finding_words.standing(one, now), role_of(one, now)),
        (_("Assignee"), around.person(one.assignee) or _("nobody has it"), ""),
        (_("Deadline"), f"{show.moment(one.deadline, zone)}   {due_text(one, now)}", ""),
        (_("Found"), f"{show.moment(one.found_at, zone)}   {found}", ""),
        (_("Answer"), _answer(one, around), ""),
        (_("Times found"), str(one.times) if one.times > 1 else "", ""),
        (_("Returned"), str(one.returned) if one.returned else "", "attention"),
        (_("Put right"), _by(one.done_at, one.done_by, around), ""),
        (_("Verified"), _by(one.verified_at, one.verified_by, around), ""),
    ]
    return [(name, ((text, role),)) for name, text, role in told if text]


def _answer(one: Finding, around: Around) -> str:
    """What the answer was when it was found."""
    told = dict(one.params)
    if "answer" not in told:
        return ""
    item = around.items.get(one.item)
    value = show.answer(item, told["answer"]) if item is not None else f"{told['answer']} {told.get('unit', '')}"
    return f"{value}   {_('round {id}').format(id=one.round_id)}" if one.round_id is not None else value


def _by(at: datetime | None, who: str | None, around: Around) -> str:
    return f"{show.moment(at, around.site.timezone)}   {around.person(who)}" if at is not None else ""


def _clock(clock: Countdown, one: Finding, around: Around) -> tuple[str, Line]:
    within = show.hours((clock.due_at - one.found_at).total_seconds())
    name, late = _(_CLOCKS[clock.step]), clock.is_late(around.now)
    spare = show.duration(abs(clock.left_s(around.now)))
    if clock.stopped_at is not None:
        took = show.duration((clock.stopped_at - one.found_at).total_seconds())
        text = _("✗ after {took}, {spare} late") if late else _("✓ after {took}")
    else:
        took, text = "", _("✗ {spare} late") if late else _("… {spare} left")
    told: Run = (text.format(took=took, spare=spare), "fault" if late else "ok" if took else "attention")
    return name, (told, ("   " + _("within {duration}").format(duration=within), "dim"))


def _steps(of: FindingHistory, around: Around, width: int) -> Sequence[Line]:
    lines: list[Line] = []
    for step in of.steps:
        at = show.moment(step.at, around.site.timezone)
        who = around.person(step.by) if step.by is not None else finding_words.origin(FindingOrigin.WATCH)
        told = finding_words.step(step, around.site.timezone, around.person)
        lines.append(cut(((f"  {at}  ", "dim"), (f"{who}  ", "strong"), (told, "")), width))
        if step.note:
            lines += flowing(step.note, width, "", indent=20, most=6)
    return lines
