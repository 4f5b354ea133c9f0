"""The roster: who is on duty when, as it was imported, and who is on duty now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dutyroom.duty.desk import Desk, require
from dutyroom.errors import DutyroomError
from dutyroom.model.handover import Handover, HandoverState
from dutyroom.model.people import Act, Actor, Operator
from dutyroom.model.roster import DutyNow, Shift
from dutyroom.model.site import Site
from dutyroom.rules.roster import RosterPlan, Slot, plan_roster
from dutyroom.rules.shifts import Around, around, needs_handover, shift_on, shift_times, staffed
from dutyroom.store import handovers, ledger, people, roster
from dutyroom.store.database import Session
from dutyroom.store.roster import RosterUse
from dutyroom.words import _

Names = Mapping[Slot, Sequence[str]]
"""The names a file gives for each shift of each day it names."""


class RosterRefused(DutyroomError):
    """The roster cannot be imported like this; `code` is `empty` or `ambiguous`."""

    code = "roster-refused"


@dataclass(frozen=True, slots=True)
class Manned:
    """The shifts around a moment with their people; since when a roster is in use (UTC), None without one."""

    around: Around
    since: datetime | None
    last_day: date | None = None


def planned(desk: Desk, given: Names, now: datetime, by: str = "") -> RosterPlan:
    """What importing these would do now; nothing is changed. Raises RosterRefused."""
    with desk.store.read() as session:
        return _plan(session, given, now, by)


def import_roster(desk: Desk, actor: Actor, given: Names, now: datetime) -> RosterPlan:
    """Imports them in one transaction, for the shifts they name; gives what that did.

    Raises RosterRefused: `empty` when nothing is named, `ambiguous` for a name that two operators have; NotAllowed,
    StoreError.
    """
    require(actor, Act.IMPORT_ROSTER)
    with desk.store.write() as session:
        plan = _plan(session, given, now, actor.name)
        added = roster.add(session, plan.added)
        roster.replace(session, plan.replaced, now, actor.name)
        ledger.append_rows(session, at=now, actor=actor, act=Act.IMPORT_ROSTER, of=(*plan.replaced, *added))
    return RosterPlan(added, plan.replaced, plan.unchanged, plan.unknown)


def shifts_between(desk: Desk, first: date, last: date) -> tuple[Shift, ...]:
    """Every shift that begins on the local days from `first` to `last`, both included, with its people."""
    site = desk.site
    with desk.store.read() as session:
        found = roster.people_between(session, first, last)
    days = [first + timedelta(days=by) for by in range((last - first).days + 1)]
    made = [staffed(shift_on(one, day, site.timezone), found) for day in days for one in shift_times(site)]
    return tuple(sorted(made, key=lambda shift: shift.begins_at))


def in_use(desk: Desk) -> RosterUse:
    """Since when there is a roster, and the last day it names."""
    with desk.store.read() as session:
        return roster.use(session)


def manned(session: Session, site: Site, at: datetime) -> Manned:
    """The shifts around `at`, with the people of the roster."""
    near = around(shift_times(site), at, site.timezone)
    used = roster.use(session)
    if used.since is None:
        return Manned(near, None)
    found = roster.people_between(session, near.previous.day, near.next.day)
    with_people = Around(
        staffed(near.previous, found),
        staffed(near.running, found) if near.running is not None else None,
        staffed(near.next, found),
    )
    return Manned(with_people, used.since, used.last_day)


def duty_now(session: Session, site: Site, now: datetime) -> DutyNow:
    """Who is on duty, who comes next, and whether the running shift has taken over.

    A shift that accepted early has the duty from then on. Nothing is said of shifts while no roster is in use.
    """
    last = handovers.last_accepted(session)
    duty = _shifts_now(session, site, now)
    if last is None:
        return duty
    return replace(duty, handed_over_by=last.given_by, handed_over_at=last.accepted_at)


def _shifts_now(session: Session, site: Site, now: datetime) -> DutyNow:
    found = manned(session, site, now)
    near = found.around
    if found.since is None:
        return DutyNow()
    until = found.last_day
    taken = handovers.given_to(session, near.next.day, near.next.code)
    if taken is not None and taken.state is HandoverState.ACCEPTED:
        after = around(shift_times(site), near.next.begins_at, site.timezone).next
        next_people = roster.people_between(session, after.day, after.day)
        return DutyNow(near.next, staffed(after, next_people), True, taken.id, until)
    if near.running is None:
        return DutyNow(None, near.next, roster_until=until)
    given = handovers.given_to(session, near.running.day, near.running.code)
    number = given.id if given is not None else None
    return DutyNow(near.running, near.next, _accepted(found, near.running, given), number, until)


def _accepted(found: Manned, running: Shift, given: Handover | None) -> bool | None:
    if given is not None and given.state is HandoverState.ACCEPTED:
        return True
    return False if needs_handover(found.around.previous, running, found.since) else None


def _plan(session: Session, given: Names, now: datetime, by: str) -> RosterPlan:
    if not given:
        raise RosterRefused(_("The file names no shift of any day: nothing to import."), code="empty")
    known = people.operators(session)
    days = [day for day, _shift in given]
    there = roster.between(session, min(days), max(days))
    resolved = {slot: tuple(dict.fromkeys(_login(name, known) for name in names)) for slot, names in given.items()}
    return plan_roster(there, resolved, now, by, [operator.name for operator in known])


def _login(name: str, known: Sequence[Operator]) -> str:
    """The login name of the operator who is called so; the name as it is written where nobody is."""
    written = name.casefold()
    for operator in known:
        if operator.name.casefold() == written:
            return operator.name
    found = [one for one in known if one.label.casefold() == written]
    in_force = [one for one in found if one.disabled_at is None] or found
    if len(in_force) > 1:
        logins = ", ".join(one.name for one in in_force)
        raise RosterRefused(
            _("{name} is the name of several operators: write the login name ({logins}).").format(
                name=name, logins=logins
            ),
            code="ambiguous",
        )
    return in_force[0].name if in_force else name
