"""Handover: the sheet is assembled from the records, given with a password, and accepted by somebody else with theirs.

A round of the new shift waits for that, where a roster says who comes after whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dutyroom.duty.desk import Desk, require
from dutyroom.duty.handover_sheet import open_findings, prepared
from dutyroom.duty.roster import manned
from dutyroom.duty.signin import confirm
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.finding import Severity
from dutyroom.model.handover import (
    Handover,
    HandoverCount,
    HandoverState,
)
from dutyroom.model.people import Act, Actor, Role
from dutyroom.model.site import Site
from dutyroom.rules.shifts import needs_handover, shift_on, shift_times
from dutyroom.store import handovers, ledger, people
from dutyroom.store.database import Session
from dutyroom.words import _

LONGEST_REMARKS = 2000


class HandoverRefused(DutyroomError):
    """The shift cannot be handed over like this.

    `code`: `counts`, `remarks`, `major`, `no-reason`, `not-found`, `accepted`, `superseded`, `same-person`, `over`.
    """

    code = "handover-refused"


@dataclass(frozen=True, slots=True)
class Draft:
    """What only the outgoing person can say: how many of each thing are there, by name, and remarks."""

    counts: Mapping[str, int]
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """A lead who lets the handover happen although a major finding is open: login name, own password, and why."""

    name: str
    password: str
    reason: str


def give_handover(
    desk: Desk, actor: Actor, password: str, draft: Draft, now: datetime, override: Override | None = None
) -> Handover:
    """Gives the sheet as it stands now, signed by the outgoing person; an earlier one nobody accepted is void by it.

    Raises SignInRefused for a wrong password, HandoverRefused: `counts` when something was not counted, `remarks` when
    something is missing and nothing is said of it, `major` while a finding of the highest class is open and no lead
    overrides, `no-reason` for an override without one, `accepted` when the shift took over already; NotAllowed.
    """
    require(actor, Act.GIVE_HANDOVER)
    confirm(desk.store, actor, password, now)
    remarks = inert(draft.remarks, LONGEST_REMARKS).strip()
    counts = _counted(desk.site, draft.counts, remarks)
    lead = _lead(desk, override, actor.terminal, now)
    with desk.store.write() as session:
        found = prepared(session, desk.site, now)
        if found.given is not None and found.given.state is HandoverState.ACCEPTED:
            raise HandoverRefused(_already(found.given), code="accepted")
        if found.sheet.major and lead is None:
            raise HandoverRefused(_major(found.sheet.major), code="major")
        is_overridden = lead is not None and bool(found.sheet.major)
        given = handovers.add(
            session,
            Handover(
                from_day=found.before.day,
                from_shift=found.before.code,
                to_day=found.after.day,
                to_shift=found.after.code,
                given_at=now,
                given_by=actor.name,
                sheet=replace(found.sheet, counts=counts, remarks=remarks),
                override_by=lead.name if lead is not None and is_overridden else None,
                override_reason=_reason(override) if is_overridden else None,
            ),
        )
        if lead is not None and is_overridden:
            ledger.append_row(session, at=now, actor=lead, act=Act.OVERRIDE_HANDOVER, of=given)
        ledger.append_row(session, at=now, actor=actor, act=Act.GIVE_HANDOVER, of=given)
    return given


def accept_handover(desk: Desk, actor: Actor, number: int, password: str, note: str, now: datetime) -> Handover:
    """Takes over: the incoming person signs what the outgoing one gave; from then on the shift is theirs.

    Raises SignInRefused for a wrong password, HandoverRefused: `same-person` for who gave it, `superseded` when a newer
    sheet was given, `major` when a finding of the highest class came up since, `over` when that shift has ended,
    `accepted`, `not-found`; NotAllowed.
    """
    require(actor, Act.ACCEPT_HANDOVER)
    confirm(desk.store, actor, password, now)
    with desk.store.write() as session:
        found = handovers.handover(session, number)
        if found is None:
            raise HandoverRefused(_("There is no handover of number {id}.").format(id=number), code="not-found")
        _refuse_acceptance(session, desk.site, actor, found, now)
        accepted = replace(
            found,
            state=HandoverState.ACCEPTED,
            accepted_at=now,
            accepted_by=actor.name,
            accept_note=inert(note, LONGEST_REMARKS).strip(),
        )
        handovers.accept(session, accepted)
        ledger.append_row(session, at=now, actor=actor, act=Act.ACCEPT_HANDOVER, of=accepted)
    return accepted


def listed(desk: Desk, limit: int | None = None) -> tuple[Handover, ...]:
    """The newest handovers first."""
    with desk.store.read() as session:
        return handovers.newest(session, limit)


def one(desk: Desk, number: int) -> Handover | None:
    """The handover of that number, or None."""
    with desk.store.read() as session:
        return handovers.handover(session, number)


def why_not_yet(session: Session, site: Site, due_at: datetime, now: datetime) -> str | None:
    """The sentence why a round due at `due_at` may not begin at `now`: its shift has not taken over. None: it may.

    A round left over from an earlier shift waits for no later handover. Without a roster nothing waits.
    """
    at = min(due_at, now)
    found = manned(session, site, at)
    near = found.around
    running = near.running
    if running is None or not needs_handover(near.previous, running, found.since):
        return None
    last = handovers.last_accepted(session)
    if last is not None and last.accepted_at is not None and last.accepted_at >= running.begins_at:
        return None
    given = handovers.given_to(session, running.day, running.code)
    if given is not None and given.state is HandoverState.ACCEPTED:
        return None
    if given is None:
        return _("The shift was not handed over yet: the last one gives the sheet, then the new one accepts it.")
    return _("The handover was given but not accepted yet: read it and sign, then the round can begin.")


def _counted(site: Site, counts: Mapping[str, int], remarks: str) -> tuple[HandoverCount, ...]:
    missing = [tool.name for tool in site.tools if counts.get(tool.name, -1) < 0]
    if missing:
        raise HandoverRefused(
            _("Not counted yet: {names}. Count them, then sign.").format(names=", ".join(missing)), code="counts"
        )
    made = tuple(HandoverCount(tool.name, tool.count, counts[tool.name]) for tool in site.tools)
    differ = [one.name for one in made if one.expected is not None and one.counted != one.expected]
    if differ and not remarks:
        raise HandoverRefused(
            _("The count is not as it should be: {names}. Say in the remarks why.").format(names=", ".join(differ)),
            code="remarks",
        )
    return made


def _lead(desk: Desk, override: Override | None, terminal: str, now: datetime) -> Actor | None:
    """The lead who overrides, with their own password. Raises HandoverRefused, SignInRefused, NotAllowed."""
    if override is None:
        return None
    if not _reason(override):
        raise HandoverRefused(_("Say why it is handed over all the same."), code="no-reason")
    with desk.store.read() as session:
        known = people.operator(session, override.name)
    lead = Actor(override.name, known.role if known is not None else Role.AUDITOR, terminal)
    confirm(desk.store, lead, override.password, now)
    require(lead, Act.OVERRIDE_HANDOVER)
    return lead


def _reason(override: Override | None) -> str:
    return inert(override.reason, 500).strip() if override is not None else ""


def _refuse_acceptance(session: Session, site: Site, actor: Actor, found: Handover, now: datetime) -> None:
    if found.state is HandoverState.ACCEPTED:
        raise HandoverRefused(_already(found), code="accepted")
    newest = handovers.given_to(session, found.to_day, found.to_shift)
    if newest is not None and newest.id != found.id:
        raise HandoverRefused(
            _("A newer sheet was given since: number {id}. Read and accept that one.").format(id=newest.id),
            code="superseded",
        )
    if actor.name == found.given_by:
        raise HandoverRefused(
            _("Who gives a shift cannot take it over: the incoming person signs with their own name."),
            code="same-person",
        )
    shift = next((one for one in shift_times(site) if one.code == found.to_shift), None)
    if shift is not None and now >= shift_on(shift, found.to_day, site.timezone).ends_at:
        raise HandoverRefused(_("That shift has ended: give a new sheet to the one that runs."), code="over")
    major = [one.id for one in open_findings(session, now) if one.severity is Severity.MAJOR]
    fresh = [number for number in major if found.override_by is None or number not in found.sheet.major]
    if fresh:
        raise HandoverRefused(
            _("A major finding came up since it was given: {ids}. Give a new sheet; a lead may override.").format(
                ids=_numbers(fresh)
            ),
            code="major",
        )


def _major(ids: tuple[int, ...]) -> str:
    return _("A major finding is open: {ids}. Close it first, or a lead overrides with a reason.").format(
        ids=_numbers(ids)
    )


def _already(found: Handover) -> str:
    return _("This shift was taken over already: number {id}, by {who}.").format(
        id=found.id, who=found.accepted_by or "?"
    )


def _numbers(ids: tuple[int, ...] | list[int]) -> str:
    return ", ".join(str(one) for one in ids)
