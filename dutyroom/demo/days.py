"""What else happens on a day of the demo's history: outages, approvals, findings, handovers, zero reports.

Each through the duty functions and in the order of the clock. Which day has what follows from how long ago it is, so
that a short history has one of everything too.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dutyroom.clock import at_local
from dutyroom.demo import outages
from dutyroom.duty import amendments, approval, findings, handover, walks, zero_reports
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.finding_lists import listed
from dutyroom.duty.round_lists import rounds_of_month
from dutyroom.errors import DutyroomError
from dutyroom.model.finding import Finding, FindingState, Severity
from dutyroom.model.people import Actor, Role
from dutyroom.model.rounds import Round, RoundState
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.demo.history import Simulation

# So many days ago, and every so many days before that: (period, remainder).
_AMENDED, _FOUND = (8, 2), (7, 3)
_ZERO_MISSING, _ZERO_LATE, _ZERO_AMENDED = (13, 6), (10, 4), (12, 5)
# Approved a day later; of these days nobody did.
_NOT_APPROVED = (5, 0)
_AMENDED_ITEM = "env.temp.room"
_SEEN = (
    N_("Cable tray over rack 4 is loose."),
    N_("Extinguisher 3 has no label."),
    N_("Cleaning agent stood in the battery room."),
    N_("Water stain under the window."),
    N_("Door closer of the room is broken."),
)


@dataclass(frozen=True, slots=True)
class DemoDay:
    """One day of history: how many days ago it is, and the people of it with their password.

    Without a `simulation` nothing happens to its power.
    """

    desk: Desk
    day: date
    back: int
    names: tuple[str, str]
    lead: str
    password: str
    simulation: Simulation | None = None

    def at(self, hour: int, minute: int = 0) -> datetime:
        """A local time of this day, as UTC."""
        return at_local(self.day, time(hour, minute), self.desk.site.timezone)

    def actor(self, name: str) -> Actor:
        """Somebody of the day; each signature asks for the password again."""
        return Actor(name, Role.LEAD if name == self.lead else Role.TECHNICIAN, "demo")

    def is_one(self, which: tuple[int, int]) -> bool:
        """True on every so many days."""
        return self.back % which[0] == which[1]


def live_through(day: DemoDay) -> None:
    """The rest of a day, its round walked or not. What the records refuse was there already, or comes too late."""
    for happen in (outages.live_through, _approve, _amend, _work_on_findings, _find, _report, _hand_over):
        with suppress(DutyroomError):
            happen(day)


def _rounds_before(day: DemoDay, days: int) -> list[Round]:
    before = day.day - timedelta(days=days)
    found = _rounds_of_month(day.desk, before)
    return [one for one in found if one.due_on == before and one.state is RoundState.SIGNED]


def _rounds_of_month(desk: Desk, day: date) -> tuple[Round, ...]:
    return rounds_of_month(desk, day.year, day.month)


def _approve(day: DemoDay) -> None:
    """The lead approves yesterday's round, unless the lead walked it."""
    if day.is_one(_NOT_APPROVED):
        return
    at = day.at(12, 30)
    lead = day.actor(day.lead)
    for one in _rounds_before(day, 1):
        with suppress(DutyroomError):
            approval.approve_round(day.desk, lead, one.id, day.password, at, one.revision)


def _amend(day: DemoDay) -> None:
    """A number of today's round was misread."""
    if not day.is_one(_AMENDED):
        return
    at = day.at(13)
    daily = day.desk.checklist.name
    for one in _rounds_of_month(day.desk, day.day):
        if (
            one.checklist == daily
            and one.due_on == day.day
            and one.state is RoundState.SIGNED
            and one.signed_by is not None
        ):
            walk = walks.load_walk(day.desk, one.id)
            line = next(line for line in walk.lines if line.item.id == _AMENDED_ITEM)
            entry = walk.entry(line)
            value = (entry.value if entry is not None and entry.value is not None else 23.0) + 0.5
            actor = day.actor(one.signed_by)
            changes = [(line, Given(f"{value:g}"))]
            reason = _("The thermometer was read wrongly.")
            amendments.amend_round(day.desk, actor, one.id, one.revision, changes, reason, day.password, at)


def _find(day: DemoDay) -> None:
    """Somebody sees something beside the round."""
    if day.is_one(_FOUND):
        at = day.at(13, 40)
        severity = Severity.CRITICAL if day.back % 2 else Severity.OTHER
        text = _(_SEEN[day.back // _FOUND[0] % len(_SEEN)])
        found = findings.find(day.desk, day.actor(day.names[0]), severity, text, at)
        if severity is Severity.CRITICAL:
            findings.contain(day.desk, day.actor(day.names[0]), found.id, at + timedelta(minutes=2))
            findings.report(day.desk, day.actor(day.names[0]), found.id, at + timedelta(minutes=11))


def _work_on_findings(day: DemoDay) -> None:
    """Each finding goes its way, a step a day: most to the end, one returns once, one is known, some stay open."""
    at = day.at(13, 20)
    for found in listed(day.desk, at):
        step = _STEPS[found.id % len(_STEPS)]
        age = (at - found.found_at).days
        if age >= 1 and found.known_until is None:
            with suppress(DutyroomError):
                step(day, found, at)


def _to_the_end(day: DemoDay, found: Finding, at: datetime) -> None:
    first, second = day.names
    match found.state:
        case FindingState.OPEN | FindingState.RETURNED:
            findings.take(day.desk, day.actor(first), found.id, at)
        case FindingState.IN_WORK:
            findings.done(day.desk, day.actor(first), found.id, _("Put right."), at)
        case FindingState.DONE:
            verifier = second if found.done_by != second else first
            findings.verify(day.desk, day.actor(verifier), found.id, at, _("Looked at: it is right."))


def _returned_once(day: DemoDay, found: Finding, at: datetime) -> None:
    if found.state is FindingState.DONE and not found.returned:
        verifier = next(name for name in day.names if name != found.done_by)
        findings.return_to_work(day.desk, day.actor(verifier), found.id, _("Still loose on one side."), at)
    elif not found.returned:
        _to_the_end(day, found, at)


def _known(day: DemoDay, found: Finding, at: datetime) -> None:
    owner, reason = day.lead, _("Replacement is in the budget.")
    findings.know(day.desk, day.actor(day.lead), found.id, owner, reason, at + timedelta(days=30), at)


def _taken_only(day: DemoDay, found: Finding, at: datetime) -> None:
    if found.state is FindingState.OPEN:
        findings.take(day.desk, day.actor(day.names[0]), found.id, at)


def _done_only(day: DemoDay, found: Finding, at: datetime) -> None:
    if found.state in (FindingState.OPEN, FindingState.IN_WORK):
        _to_the_end(day, found, at)


def _forgotten(_day: DemoDay, _found: Finding, _at: datetime) -> None:
    """Nobody takes it: it becomes overdue and stays in sight."""


_STEPS: tuple[Callable[[DemoDay, Finding, datetime], None], ...] = (
    _forgotten,
    _known,
    _to_the_end,
    _returned_once,
    _done_only,
    _taken_only,
)


def _report(day: DemoDay) -> None:
    """The zero report of the duty day: at the hour, late, amended, or never."""
    if day.is_one(_ZERO_MISSING):
        return
    site = day.desk.site
    ends = at_local(day.day, site.zero_report_at, site.timezone)
    at = ends + timedelta(hours=1, minutes=7) if day.is_one(_ZERO_LATE) else ends - timedelta(minutes=4)
    actor = day.actor(day.names[0])
    zero_reports.sign(day.desk, actor, day.day, day.password, at)
    if day.is_one(_ZERO_AMENDED):
        reason, at = _("A remark was forgotten."), ends + timedelta(hours=2)
        told = _("The visitors of the morning were from the fire brigade.")
        zero_reports.amend(day.desk, actor, day.day, day.password, reason, at, remark=told)


def _hand_over(day: DemoDay) -> None:
    """The day's person gives, the next day's accepts."""
    site = day.desk.site
    at = at_local(day.day, site.zero_report_at, site.timezone) + timedelta(hours=2, minutes=10)
    counts = {tool.name: tool.count or 1 for tool in site.tools}
    given = handover.give_handover(day.desk, day.actor(day.names[0]), day.password, handover.Draft(counts), at)
    later = at + timedelta(minutes=6)
    handover.accept_handover(day.desk, day.actor(day.names[1]), given.id, day.password, "", later)
