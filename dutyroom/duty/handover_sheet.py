"""The handover that is next: from which shift to which, and the sheet assembled from the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dutyroom.duty.desk import Desk
from dutyroom.duty.roster import Manned, manned
from dutyroom.model.finding import Finding, Severity
from dutyroom.model.handover import (
    Handover,
    HandoverEvent,
    HandoverFinding,
    HandoverOutage,
    HandoverSheet,
    HandoverState,
)
from dutyroom.model.outage import EventState
from dutyroom.model.roster import Shift
from dutyroom.model.site import Site
from dutyroom.rules.shifts import needs_handover
from dutyroom.store import events, findings, handovers, outages, power_events, rounds
from dutyroom.store.database import Session


@dataclass(frozen=True, slots=True)
class Prepared:
    """The handover that is next: from which shift to which, and what the sheet says now.

    `sheet` has no counts yet. `given` is what `after` was given last, accepted or not. `needed`: the rounds of `after`
    wait for it. `last` is the handover accepted last, `known` the findings that any of the sheets names, by number.
    """

    before: Shift
    after: Shift
    sheet: HandoverSheet
    given: Handover | None = None
    needed: bool = False
    last: Handover | None = None
    known: Mapping[int, Finding] = field(default_factory=dict)


def prepare_handover(desk: Desk, now: datetime) -> Prepared:
    """What is to be handed over at `now`, assembled from the records; nothing is written."""
    with desk.store.read() as session:
        return prepared(session, desk.site, now)


def prepared(session: Session, site: Site, now: datetime) -> Prepared:
    """What is to be handed over at `now`, assembled from the records."""
    found = manned(session, site, now)
    before, after, needed = _pair(session, found, now)
    given = handovers.given_to(session, after.day, after.code)
    sheet = HandoverSheet(
        findings=open_findings(session, now),
        on_battery=_on_battery(session, site),
        power_events=tuple(
            HandoverEvent(one.id, one.began_at, one.restored_at)
            for one in power_events.not_closed(session)
            if one.state is EventState.RESTORED
        ),
        open_rounds=tuple(one.id for one in rounds.open_rounds(session)),
        people=after.people,
    )
    named = {one.id for each in (sheet, given.sheet if given is not None else sheet) for one in each.findings}
    return Prepared(
        before=before,
        after=after,
        sheet=sheet,
        given=given,
        needed=needed,
        last=handovers.last_accepted(session),
        known=findings.by_numbers(session, named),
    )


def findings_in(desk: Desk, found: Handover) -> Mapping[int, Finding]:
    """The findings that a sheet names, as they are now, by number."""
    with desk.store.read() as session:
        return findings.by_numbers(session, [one.id for one in found.sheet.findings])


def _pair(session: Session, found: Manned, now: datetime) -> tuple[Shift, Shift, bool]:
    """From whom to whom: into the shift that runs while that is owed, and in its first half; else out of it."""
    near = found.around
    if near.running is None:
        return near.previous, near.next, needs_handover(near.previous, near.next, found.since)
    given = handovers.given_to(session, near.running.day, near.running.code)
    is_taken = given is not None and given.state is HandoverState.ACCEPTED
    is_owed = needs_handover(near.previous, near.running, found.since)
    half = near.running.begins_at + (near.running.ends_at - near.running.begins_at) / 2
    if not is_taken and (is_owed or now < half):
        return near.previous, near.running, is_owed
    return near.running, near.next, needs_handover(near.running, near.next, found.since)


def open_findings(session: Session, now: datetime) -> tuple[HandoverFinding, ...]:
    """The findings that are not over: the worst first, then by deadline."""
    order = list(Severity)
    found = sorted(findings.not_over(session), key=lambda one: (order.index(one.severity), one.deadline, one.id))
    return tuple(HandoverFinding(one.id, one.severity, one.state, one.deadline, one.is_known(now)) for one in found)


def _on_battery(session: Session, site: Site) -> tuple[HandoverOutage, ...]:
    """The outages that run, and what was just seen on battery and is none (yet), such as a discharge test."""
    running = outages.still_open(session)
    told = {one.ups for one in running}
    known = {ups.name for ups in site.ups}
    changes = events.newest(session, ("on-battery", "on-mains"))
    return (
        *(HandoverOutage(one.ups, one.began_at, one.id, one.event_id) for one in running),
        *(
            HandoverOutage(change.source, change.at)
            for change in changes
            if change.code == "on-battery" and change.source in known - told
        ),
    )
