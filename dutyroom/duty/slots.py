"""Which slot of which checklist somebody means, and the round of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutyroom import clock, show
from dutyroom.checklists import expand
from dutyroom.duty.desk import Desk, Published
from dutyroom.errors import RoundRefused
from dutyroom.inert import inert
from dutyroom.model.people import Act, Actor
from dutyroom.model.periods import CriticalPeriod
from dutyroom.model.rounds import Round, RoundState
from dutyroom.rules.occurrences import occurrence
from dutyroom.rules.schedule import Slot, latest_slot, slot_at
from dutyroom.store import checklists as kept_checklists
from dutyroom.store import ledger, periods, rounds
from dutyroom.store.database import Session
from dutyroom.words import _


@dataclass(frozen=True, slots=True)
class Asked:
    """One slot of one checklist in force, and its round where there is one."""

    published: Published
    slot: Slot
    round: Round | None


def asked(session: Session, desk: Desk, checklist: str, due_at: datetime | None, now: datetime) -> Asked:
    """The slot due at `due_at`, or, when that is None, the newest that may start; `checklist` empty: the daily one.

    Raises RoundRefused: `no-checklist`, `no-slot`.
    """
    name = checklist or desk.checklist.name
    published = desk.named(name)
    if published is None:
        known = ", ".join(one.checklist.name for one in desk.published())
        sentence = _("There is no checklist {name}; there are {known}.")
        raise RoundRefused(sentence.format(name=inert(name, 60), known=known), code="no-checklist")
    found = by_due(session, published.checklist.name, due_at)
    slot = _slot(desk, published, due_at, now, periods.periods(session))
    if slot is None and (found is None or due_at is None):
        raise RoundRefused(_no_slot(desk, published, due_at), code="no-slot")
    if slot is None:
        assert found is not None  # else it was refused above
        # Begun under another schedule: its own times stand.
        slot = Slot(found.due_at, found.due_on, found.due_at, found.due_at, found.due_at, period_id=found.period_id)
    return Asked(published, slot, found if found is not None else rounds.of_slot(session, name, slot))


def by_due(session: Session, checklist: str, due_at: datetime | None) -> Round | None:
    """The round due at exactly that moment, or None."""
    return rounds.by_slot(session, checklist, due_at) if due_at is not None else None


def round_in(desk: Desk, published: Published, slot: Slot, state: RoundState) -> Round:
    """A round of that slot, not stored yet, with nobody's name on it."""
    return Round(
        checklist=published.checklist.name,
        version=published.checklist.version,
        due_at=slot.due_at,
        due_on=slot.due_on,
        duty_day=clock.duty_day(slot.due_at, desk.site.zero_report_at, desk.site.timezone),
        state=state,
        items=lines_of(desk, published, slot)[0],
        period_id=slot.period_id,
    )


def lines_of(desk: Desk, published: Published, slot: Slot) -> tuple[int, int]:
    """How many items are asked at this slot, and how many lines they make over the site's devices."""
    checklist = published.checklist
    lines = expand(checklist, desk.site, occurrence(checklist.schedule.cadence, slot.due_on))
    return len({line.item.id for line in lines}), len(lines)


def publish(session: Session, actor: Actor, published: Published, now: datetime) -> None:
    """Keeps the text of the checklist with the rounds, with a line in the ledger when it is not there yet."""
    checklist = published.checklist
    if kept_checklists.publish(session, checklist.version, checklist.name, published.text, now):
        ledger.append_row(session, at=now, actor=actor, act=Act.PUBLISH_CHECKLIST, of=checklist)


def is_there(found: Round) -> RoundRefused:
    """The refusal of a second round in a slot, which points to the first."""
    match found.state:
        case RoundState.MISSED:
            sentence = _("This round was missed, on record as number {id}: back-fill it if it was walked on paper.")
        case RoundState.SKIPPED:
            sentence = _("This round is skipped, on record as number {id}, by {who}.")
        case RoundState.OPEN:
            sentence = _("This round is open already: number {id}, begun by {who}.")
        case _:
            sentence = _("This round is done already: number {id}, signed by {who}.")
    who = found.signed_by or found.closed_by or found.started_by or "?"
    code = found.state.value if found.state in (RoundState.MISSED, RoundState.SKIPPED) else "exists"
    return RoundRefused(sentence.format(id=found.id, who=who), code=code, round_id=found.id)


def _slot(
    desk: Desk, published: Published, due_at: datetime | None, now: datetime, known: tuple[CriticalPeriod, ...]
) -> Slot | None:
    if due_at is not None:
        return slot_at(published.checklist, due_at, desk.site.timezone, known)
    return latest_slot(published.checklist, now, desk.site.timezone, known)


def _no_slot(desk: Desk, published: Published, due_at: datetime | None) -> str:
    name = published.checklist.name
    if due_at is None:
        return _("No critical period runs: a lead opens one first ({name}).").format(name=name)
    at = show.moment(due_at, desk.site.timezone)
    return _("{name} is not due at {at}; the list of rounds says when it is.").format(name=name, at=at)
